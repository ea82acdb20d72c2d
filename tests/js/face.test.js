// The face between a caller and the wasm, over a wasm that is a stand-in: what it hands on, what it
// refuses, and what it does when the wasm fails.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";

/** The face over these raw exports, started unless told otherwise. */
async function face(t, raw, { started = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-face-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, "src", "js", "index.js"), join(folder, "index.js"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "pullproof.js"),
    `export let digest, recover, recognise, self_test, Session;
     export const fill = (raw) => ({ digest, recover, recognise, self_test, Session } = raw);`,
  );
  const at = (file) => pathToFileURL(join(folder, file)).href;
  const glue = await import(at("pullproof.js"));
  glue.fill({ self_test: () => true, ...raw });
  const { start, ...exports } = await import(at("index.js"));
  if (started) start(glue);
  return { ...exports, start: () => start(glue) };
}

const refuses = (code, message) => (error) => {
  assert.equal(error.name, "PullproofError");
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

test("bytes are copied before the call", async (t) => {
  let seen;
  const { recognise } = await face(t, { recognise: (bytes) => ((seen = bytes), "d") });
  const inputs = {
    "an array": new Uint8Array([1, 2, 3]),
    "a part of one": new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4),
    "a Buffer": Buffer.from([1, 2, 3]),
    "shared memory": new Uint8Array(new SharedArrayBuffer(3)).fill(1),
  };
  for (const [name, input] of Object.entries(inputs)) {
    const before = [...input];
    assert.equal(recognise(input), "d", name);
    input.fill(9);
    assert.deepEqual([...seen], before, name);
    assert.equal(seen.buffer.constructor, ArrayBuffer, name);
    assert.equal(seen.constructor, Uint8Array, name);
  }
});

test("bytes that are only hashed reach the wasm as they are, whatever their class answers", async (t) => {
  let seen;
  const { digest } = await face(t, { digest: (bytes) => ((seen = bytes), "d") });
  class Liar extends Uint8Array {
    static get [Symbol.species]() { return Liar; }
    get length() { return 1; }
    get byteLength() { return 1; }
    get byteOffset() { return 1; }
    get buffer() { return new ArrayBuffer(1); }
    at() { return 0; }
    [Symbol.iterator]() { return [][Symbol.iterator](); }
  }
  const own = new Uint8Array([0, 1, 2, 3, 4]);
  for (const input of [own.subarray(1, 4), new Liar(own.buffer, 1, 3)]) {
    assert.equal(digest(input), "d");
    assert.deepEqual([seen.constructor, seen.buffer, seen.byteOffset, seen.length], [Uint8Array, own.buffer, 1, 3]);
  }
  const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
  const cut = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  assert.throws(() => digest(cut), refuses("argument", /^expected bytes that can be copied, found /));
});

test("what is neither bytes nor text is refused", async (t) => {
  const { digest, recognise, recover } = await face(t, {});
  const detached = new Uint8Array(3);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const lookalike = { length: 1, 0: 1, [Symbol.toStringTag]: "Uint8Array" };
  for (const input of [undefined, null, 1, {}, [1], new ArrayBuffer(3), new Uint16Array(3), lookalike]) {
    assert.throws(() => digest(input), refuses("argument", /^expected a Uint8Array or a string, found /));
  }
  for (const call of [digest, recognise]) {
    assert.throws(() => call(detached), refuses("argument", /^expected bytes that can be copied, found /));
  }
  assert.throws(() => recover("x", 1), refuses("argument", /^expected a string, found number$/));
});

test("more than the wasm could hold is refused before it is copied", async (t) => {
  const { digest, recognise } = await face(t, {});
  const large = new Uint8Array(2 ** 30 + 1);
  for (const call of [() => digest(large), () => recognise(large)]) {
    assert.throws(call, refuses("limit-exceeded", /^expected at most 1073741824 bytes, found 1073741825$/));
  }
});

test("text that UTF-8 cannot carry is refused wherever it stands", async (t) => {
  const raw = { Session: class { take() {} } };
  const { digest, recover, recognise, Session } = await face(t, raw);
  const session = new Session({ ask: "what" });
  const lone = "a\ud800";
  const calls = [
    () => digest(lone),
    () => recover(lone, "x"),
    () => recover("x", lone),
    () => recognise("\udc00a"),
    () => new Session({ ask: "same", left: lone }),
    () => new Session({ ask: "what", [lone]: 1 }),
    () => session.paste(lone),
    () => session.paste("x", lone),
    () => session.supply({ hint: lone }, new Uint8Array(), { via: "given", what: "x" }),
    () => session.supply({ hint: "x" }, new Uint8Array(), { via: "given", what: [lone] }),
  ];
  for (const call of calls) {
    assert.throws(call, refuses("encoding", /^expected text, found half a surrogate pair at character \d$/));
  }
});

test("evidence crosses as text, its bytes beside it", async (t) => {
  const crossed = [];
  const raw = { Session: class { take(told, bytes) { crossed.push([told, Buffer.from(bytes).toString()]); return []; } } };
  const { Session } = await face(t, raw);
  const session = new Session({ ask: "what" });
  session.take({ paste: "a", about: "b" });
  session.paste("a");
  session.supply({ what: "words", hint: "h" }, new Uint8Array([97]), { via: "file", name: "x" });
  session.take({ note: { code: "c", text: "t" }, from: { via: "file", name: "x" } });
  assert.deepEqual(crossed, [
    ['{"paste":"","about":"b"}', "a"],
    ['{"paste":""}', "a"],
    ['{"bytes":"","want":{"what":"words","hint":"h"},"from":{"via":"file","name":"x"}}', "a"],
    ['{"note":{"code":"c","text":"t"},"from":{"via":"file","name":"x"}}', ""],
  ]);
  for (const wrong of [undefined, null, "paste", { paste: undefined }, { bytes: [97] }]) {
    assert.throws(() => session.take(wrong), refuses("argument", /^expected (evidence|a Uint8Array or a string), found /));
  }
  assert.equal(crossed.length, 4);
});

test("whole surrogate pairs are text", async (t) => {
  const { digest } = await face(t, { digest: (bytes) => Buffer.from(bytes).toString("hex") });
  assert.equal(digest("😀"), "f09f9880");
});

test("data is read once, and cycles end", async (t) => {
  let seen;
  const raw = { Session: class { constructor(question) { seen = question; } } };
  const { Session } = await face(t, raw);
  let reads = 0;
  new Session({ get ask() { return `read ${++reads}`; }, by: { digests: ["a"] } });
  assert.equal(seen, '{"ask":"read 1","by":{"digests":["a"]}}');
  const cycle = {};
  cycle.self = cycle;
  assert.throws(() => new Session(cycle), refuses("argument", /^expected at most 16 levels of data$/));
  for (const value of [1n, Symbol("a"), () => "x"]) {
    assert.throws(() => new Session({ toJSON: value }), refuses("argument", /^expected plain data, found /));
  }
});

test("what the wasm throws becomes a PullproofError", async (t) => {
  const thrown = { code: "digest-length", message: "expected 64 hex digits", offset: 7 };
  const { recover, digest } = await face(t, { recover: () => { throw thrown; }, digest: () => "d" });
  assert.throws(() => recover("x", "y"), (error) => {
    assert.equal(error.offset, 7);
    return refuses("digest-length", /^expected 64 hex digits$/)(error);
  });
  assert.equal(digest("x"), "d");
});

test("an error without a place has no offset", async (t) => {
  const { recover } = await face(t, { recover: () => { throw { code: "c", message: "m" }; } });
  assert.throws(() => recover("x", "y"), (error) => !("offset" in error));
});

for (const [name, trap] of [
  ["a trap", () => { throw new WebAssembly.RuntimeError("unreachable"); }],
  ["a stack overflow", () => { throw new RangeError("Maximum call stack size exceeded"); }],
]) {
  test(`${name} ends the module: nothing is checked from then on`, async (t) => {
    let freed = 0;
    const raw = { recover: trap, digest: () => "d", Session: class { wants() {} free() { freed += 1; } } };
    const { digest, recover, Session } = await face(t, raw);
    const session = new Session({ ask: "what" });
    assert.equal(digest("x"), "d");
    const couldNot = refuses("could-not-check", /^could not check: /);
    assert.throws(() => recover("x", "y"), couldNot);
    assert.throws(() => digest("x"), couldNot);
    assert.throws(() => session.wants(), couldNot);
    assert.throws(() => new Session({ ask: "what" }), couldNot);
    session.free();
    assert.equal(freed, 0);
  });
}

test("a module that hashes wrongly refuses everything", async (t) => {
  const { digest, Session } = await face(t, { self_test: () => false, digest: () => "d" });
  const refused = refuses("self-test", /^this machine computes wrong digests for known inputs, so nothing is checked here$/);
  assert.throws(() => digest("x"), refused);
  assert.throws(() => new Session({ ask: "what" }), refused);
});

test("a module that was not started refuses everything", async (t) => {
  const { digest } = await face(t, { digest: () => "d" }, { started: false });
  assert.throws(() => digest("x"), refuses("could-not-check", /^the module is not started yet$/));
});

test("recover gives null, not undefined, for nothing found", async (t) => {
  const { recover } = await face(t, { recover: () => undefined });
  assert.equal(recover("x", "y"), null);
});

test("report takes a valid Date and hands on milliseconds", async (t) => {
  const raw = { Session: class { report(milliseconds) { return milliseconds; } } };
  const { Session } = await face(t, raw);
  const session = new Session({ ask: "what" });
  assert.equal(session.report(new Date(1234)), 1234);
  for (const now of [undefined, 1234, "2026-01-01", new Date(Number.NaN)]) {
    assert.throws(() => session.report(now), refuses("argument", /^expected a valid Date, found /));
  }
});

test("a freed session refuses calls but not a second free", async (t) => {
  let freed = 0;
  const raw = { Session: class { wants() { return []; } free() { freed += 1; } } };
  const { Session } = await face(t, raw);
  const session = new Session({ ask: "what" });
  session.free();
  session.free();
  assert.equal(freed, 1);
  assert.throws(() => session.wants(), refuses("freed", /^the session was freed already$/));
});

const abc = new TextEncoder().encode("abc");
const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

test("the platform's hash is given only what is longer than a document", async (t) => {
  const { digest, hashLong } = await face(t, { digest: () => "wasm" });
  const given = [];
  hashLong((bytes) => (given.push(bytes.length), sha256(bytes)));
  given.length = 0;
  const long = new Uint8Array(4 * 2 ** 20 + 1).fill(7);
  assert.equal(digest(long), sha256(long));
  assert.equal(digest(long.subarray(1)), "wasm");
  assert.equal(digest(abc), "wasm");
  assert.deepEqual(given, [long.length]);
  const shared = new Uint8Array(new SharedArrayBuffer(long.length)).fill(7);
  assert.equal(digest(shared), sha256(long));
});

test("a platform's hash that fails its known answers ends the module", async (t) => {
  const { digest, hashLong } = await face(t, { digest: () => "wasm" });
  hashLong((bytes) => (bytes.length === 56 ? "sha256:0" : sha256(bytes)));
  assert.throws(() => digest(abc), refuses("self-test", /^this machine computes wrong digests for known inputs, so nothing is checked here$/));
});
