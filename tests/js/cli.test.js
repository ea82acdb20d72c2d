// The command as a program: what needs no registry. Exit codes, streams, errors, signals.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { read as readArguments, commands } from "../../dist/pkg/cli/arguments.js";
import { Session, digest as digestOf, recognise } from "../../dist/pkg/node.js";
import { readVector } from "../builders/vector.mjs";
import { call, document, folder, program, pullproof, start } from "../support/cli.mjs";

const index = document("mirror-relisted-index");
const amd64 = document("mirror-relisted-amd64-manifest");
const arm64 = document("mirror-relisted-arm64-manifest");
const recompressed = document("mirror-recompressed-index");
const recompressedAmd64 = document("mirror-recompressed-amd64-manifest");
const recompressedArm64 = document("mirror-recompressed-arm64-manifest");

const configs = ["amd64", "arm64"].map((platform) => document(`buildx-attested-${platform}-config`));

const left = `127.0.0.1:5000/a@${index.digest}`;
const right = `127.0.0.1:5001/a@${recompressed.digest}`;
const files = {
  "index.json": index.bytes,
  "amd64.json": amd64.bytes,
  "arm64.json": arm64.bytes,
  "amd64-config.json": configs[0].bytes,
  "arm64-config.json": configs[1].bytes,
  "other-index.json": recompressed.bytes,
  "other-amd64.json": recompressedAmd64.bytes,
  "other-arm64.json": recompressedArm64.bytes,
};
const pasted = (...names) => names.flatMap((name) => ["--paste", `${name}.json`]);
const everything = pasted("index", "amd64", "arm64", "amd64-config", "arm64-config", "other-index", "other-amd64", "other-arm64");

test("digest: of a file and of standard input, as the module computes it", async (t) => {
  const cwd = folder(t, files);
  const expected = digestOf(index.bytes);
  assert.deepEqual(
    await Promise.all([pullproof(["digest", "index.json"], { cwd }), pullproof(["digest", "-"], { input: index.bytes })])
      .then((all) => all.map(({ code, stdout, stderr }) => ({ code, stdout, stderr }))),
    Array(2).fill({ code: 0, stdout: `${expected}\n`, stderr: "" }),
  );
  const { stdout } = await pullproof(["digest", "--json", "-"], { input: "" });
  assert.deepEqual(JSON.parse(stdout), { digest: digestOf(""), bytes: 0 });
});

test("recover: the exact bytes on standard output, what was changed on standard error", async () => {
  const text = `$ crane manifest x\n${JSON.stringify(JSON.parse(index.bytes), null, 2)}\n`;
  const { code, bytes, stderr } = await pullproof(["recover", index.digest], { input: text });
  assert.equal(code, 0);
  assert.deepEqual(bytes, index.bytes);
  assert.match(stderr, /^pullproof: changed: .+\n$/);
  const quiet = await pullproof(["recover", index.digest, "--json", "--quiet", "-"], { input: text });
  assert.equal(quiet.stderr, "");
  const { digest, edits, base64 } = JSON.parse(quiet.stdout);
  assert.equal(digest, index.digest);
  assert.ok(edits.length > 0);
  assert.deepEqual(Buffer.from(base64, "base64"), index.bytes);
});

test("recover: 1 and nothing on standard output when there are no such bytes", async () => {
  const { code, stdout, stderr } = await pullproof(["recover", amd64.digest], { input: index.bytes });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^pullproof: not recovered: no form of standard input that is tried has the digest sha256:/);
});

test("read: what tools state, and that it is only stated", async () => {
  const input = `docker.io/library/alpine:3: Pulling\nDigest: ${index.digest}\nStatus: Image is up to date for alpine:3\n`;
  const { code, stdout } = await pullproof(["read"], { input });
  assert.equal(code, 0);
  assert.match(stdout.replace(/\s+/g, " "), new RegExp(`docker pull docker.io/library/alpine:3 is ${index.digest}, stated by`));
});

for (const [name, args, expected] of [
  ["proven", ["same", left, right, ...everything], 0],
  ["contradicted", ["same", left, right, ...everything, "--level", "manifest"], 1],
  ["open", ["same", left, right, ...pasted("index", "other-index")], 3],
  ["proven", ["published", left, "--digest", index.digest, ...pasted("index", "amd64", "arm64")], 0],
  ["open", ["published", left, "--digest", index.digest.replace(/.$/, (d) => (d === "0" ? "1" : "0"))], 3],
  ["proven", ["same", left, right, "--platform=linux/amd64", ...everything], 0],
]) {
  test(`the verdict decides: ${name} after ${args.slice(-2).join(" ")}`, async (t) => {
    const cwd = folder(t, files);
    const { code, stdout, stderr } = await pullproof([...args, "--offline", "--json"], { cwd });
    assert.deepEqual([code, JSON.parse(stdout).verdict, stderr], [expected, name, ""]);
    const text = await pullproof([...args, "--offline"], { cwd });
    assert.equal(text.code, expected);
    assert.match(text.stdout, new RegExp(`^${name.toUpperCase()}: `, "m"));
  });
}

test("stated is 4, and 0 where that is accepted", async (t) => {
  const pull = (image) => `$ docker pull ${image}\nDigest: ${index.digest}\nStatus: Image is up to date for ${image}\n${image}\n`;
  const cwd = folder(t, { "a.txt": pull("docker.io/nicolas/webdis:0.1.18"), "b.txt": pull("public.ecr.aws/nicolas/webdis:0.1.18") });
  const args = ["same", "nicolas/webdis:0.1.18", "public.ecr.aws/nicolas/webdis:0.1.18", "--paste=a.txt", "--paste=b.txt", "--offline"];
  const codes = await Promise.all([args, [...args, "--accept", "stated"]].map((argv) => pullproof(argv, { cwd })));
  assert.deepEqual(codes.map(({ code }) => code), [4, 0]);
  assert.match(codes[1].stdout, /^STATED: /m);
});

test("what: a file, standard input, a folder, and what is not there", async (t) => {
  const cwd = folder(t, files);
  const of = (...args) => pullproof(["what", ...args], { cwd, input: index.bytes });
  const [file, path, stdin, dir, none] = await Promise.all([of("index.json"), of("./index.json"), of("-"), of("."), of("./none.json")]);
  assert.equal(file.stderr, "pullproof: the file index.json is read; for an image of that name write its registry\n");
  assert.deepEqual([path.stderr, path.code], ["", 3]);
  assert.equal(path.stdout, stdin.stdout);
  assert.match(stdin.stdout, new RegExp(`${index.digest} is\\s+here`));
  assert.deepEqual([dir.code, dir.stderr], [2, "pullproof: file: expected a file, found a folder, at .\n"]);
  assert.deepEqual([none.code, none.stderr], [2, "pullproof: file: expected a file, found none, at ./none.json\n"]);
});

for (const [args, expected] of [
  [[], /^pullproof: usage: expected a command \(.*\), found none\n$/],
  [["smae", "a", "b"], /found smae \(is same meant\?\)\n$/],
  [["constructor"], /expected a command .*, found constructor\n$/],
  [["same", "a"], /expected LEFT RIGHT after same, found a\n$/],
  [["same", "a", "b", "c"], /expected LEFT RIGHT after same, found a b c\n$/],
  [["same", "a", ""], /found one that is empty\n$/],
  [["same", "a", "b", "--jsno"], /expected an option of same .*, found --jsno \(is --json meant\?\)\n$/],
  [["same", "a", "b", "-x"], /expected an option of same .*, found -x\n$/],
  [["same", "a", "b", "--key", "k"], /found --key, which is for other commands\n$/],
  [["same", "a", "b", "--json=yes"], /expected --json alone, found --json=yes\n$/],
  [["same", "a", "b", "--level"], /expected a value after --level, found none\n$/],
  [["same", "a", "b", "--level", "--json"], /expected a value after --level .*, found --json\n$/],
  [["same", "a", "b", "--level", "index", "--level", "config"], /expected --level once, found it twice\n$/],
  [["same", "a", "b", "--accept", "open"], /expected --accept stated, found --accept open\n$/],
  [["same", "a", "b", "--level", "all"], /^pullproof: question: expected index, manifest, config or rootfs .*found all\n$/],
  [["same", "A B", "b"], /^pullproof: reference: expected .*found .*A B/],
  [["same", "a", "b", "--paste", "-", "--paste", "-"], /expected standard input \(-\) once, found it twice\n$/],
  [["what", "-", "--paste", "-"], /expected standard input \(-\) once, found it twice\n$/],
  [["published", "a"], /expected one of --digest, --key, --policy, or --identity with --issuer, found none\n$/],
  [["published", "a", "--digest", "x", "--key", "y"], /found 2 of them\n$/],
  [["published", "a", "--identity", "x"], /expected --identity with --issuer, found --identity alone\n$/],
  [["published", "a", "--digest", "sha256:ab"], /^pullproof: digest-length: expected 64 hex digits in digest, found 2/],
  [["recover", "sha256:ab"], /^pullproof: digest-length: expected 64 hex digits .*, at the digest\n$/],
  [["digest", "none"], /^pullproof: file: expected a file, found none, at none\n$/],
  [["read"], /^pullproof: empty: expected text, found none, at standard input\n$/],
  [["mirror", "a:1", "b"], /expected a repository without a tag or a digest, found a:1\n$/],
  [["mirror", "a", "b", "--concurrency", "0"], /expected 1 to 32 after --concurrency, found 0\n$/],
  [["help", "smae"], /expected a command .*found smae\n$/],
  [["serve", "99999"], /expected a port from 0 to 65535, found 99999\n$/],
]) {
  test(`2, and why in one line: ${args.join(" ") || "nothing"}`, async () => {
    const { code, stdout, stderr } = await pullproof(args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, expected);
    assert.equal(stderr.split("\n").length, 2);
  });
}

test("what a user typed may hold a password, and is not repeated", async () => {
  for (const args of [
    ["same", "https://me:hunter2@registry.example/a", "b"],
    ["same", "a", "b", "--gateway", "https://me:hunter2@gateway.example/"],
    ["same", "a", "b", "--gateway", "me:hunter2"],
    ["mirror", "https://me:hunter2@registry.example/a", "b"],
  ]) {
    const { code, stdout, stderr } = await pullproof(args);
    assert.deepEqual([code, `${stdout}${stderr}`.includes("hunter2")], [2, false], stderr);
  }
});

test("help: each command has an example that can be typed", async () => {
  for (const command of Object.keys(commands)) {
    const { code, stdout } = await call(["help", command]);
    assert.equal(code, 0);
    const [, example] = /^Example:\n {2}(.*)$/m.exec(stdout);
    const words = example.replace(/^.*\| /, "").replace(/ >.*$/, "").replaceAll("'", "").split(" ").slice(1);
    assert.equal(readArguments(words).command, command, example);
    assert.equal((await call([command, "--help"])).stdout, stdout);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80 || line.startsWith("  pullproof ")), stdout);
  }
});

test("help and --version", async () => {
  const [help, dashed, version] = await Promise.all([["help"], ["--help"], ["--version"]].map((args) => pullproof(args)));
  assert.deepEqual([help.code, help.stdout], [0, dashed.stdout]);
  for (const command of Object.keys(commands)) assert.match(help.stdout, new RegExp(`^  ${command} `, "m"));
  assert.equal(version.stdout, `${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`);
});

// ESC, OSC 52, C0 and C1 controls, marks of direction, what has no width.
const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const nasty = "\u001b]52;c;aGk=\u0007\u001b[2J\u009b31m\u202e\u200b\u2066x\u0000";

test("U10: nothing from outside reaches the terminal as it is", async (t) => {
  const manifest = JSON.parse(amd64.bytes);
  const evil = JSON.stringify({ ...manifest, mediaType: nasty, annotations: { [nasty]: nasty } });
  const cwd = folder(t, { "evil.txt": `${nasty}\n{"Digest": "${nasty}"}\n`, "evil.json": evil });
  const runs = [
    ["what", "./evil.txt"], ["what", "./evil.txt", "--json"], ["what", "./evil.json"], ["what", "./evil.json", "--json"],
    ["read", "evil.txt"], ["read", "evil.txt", "--json"], ["digest", nasty.replace("\u0000", "")],
    ["same", nasty.replace("\u0000", ""), "b"], [nasty.replace("\u0000", "")], ["same", "a", "b", `--${nasty.slice(0, -1)}`],
  ];
  for (const args of runs) {
    const { stdout, stderr } = await pullproof(args, { cwd });
    assert.doesNotMatch(stdout, forbidden, args.join(" "));
    assert.doesNotMatch(stderr, forbidden, args.join(" "));
    assert.ok(stdout.length + stderr.length > 0, args.join(" "));
  }
  const json = await pullproof(["read", "evil.txt", "--json"], { cwd });
  assert.ok(Array.isArray(JSON.parse(json.stdout)));
});

test("a reader that goes away ends it, not with 0, and without a word", async (t) => {
  const cwd = folder(t, files);
  const { child, ended } = start(["recover", index.digest], { cwd });
  child.stdout.destroy();
  child.stdin.end(index.bytes);
  const { code, stderr } = await ended;
  assert.deepEqual([code, stderr], [141, ""]);
});

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  test(`${signal} ends it with ${expected}`, async () => {
    const { child, ended } = start(["digest", "-"]);
    // More than a pipe holds: once it was taken, the program is reading.
    const taken = new Promise((resolve) => child.stdin.write(Buffer.alloc(2 ** 22), resolve));
    await taken;
    child.kill(signal);
    const { code, stdout } = await ended;
    assert.deepEqual([code, stdout], [expected, ""]);
  });
}

for (const [name, fault] of [
  ["an unhandled rejection", "Promise.reject(new Error('fault'))"],
  ["an uncaught exception", "setImmediate(() => { throw new Error('fault'); })"],
]) {
  test(`${name} ends it with 2 and one line`, async () => {
    // Happens as soon as the program listens for it, while it waits for input.
    const code = `process.on("newListener", (event) => { if (event === "unhandledRejection") setImmediate(() => ${fault}); });`;
    const { ended } = start(["digest", "-"], { node: ["--import", `data:text/javascript,${encodeURIComponent(code)}`] });
    const result = await ended;
    assert.deepEqual([result.code, result.stdout, result.stderr], [2, "", "pullproof: could-not-check: fault\n"]);
  });
}

test("an end without an answer is not 0", async () => {
  // Standard input that never ends and keeps nothing alive: the event loop runs dry.
  const code = `Object.defineProperty(process, "stdin", { value: { async *[Symbol.asyncIterator]() { await new Promise(() => {}); } } });`;
  const { child, ended } = start(["digest", "-"], { node: ["--import", `data:text/javascript,${encodeURIComponent(code)}`] });
  child.stdin.end();
  const result = await ended;
  assert.deepEqual([result.code === 0, result.stdout], [false, ""]);
});

test("A12: what and read give what the package gives, for every paste of the vectors", async () => {
  const vectors = join(root, "tests", "vectors", "paste");
  const paths = readdirSync(vectors, { recursive: true }).filter((path) => path.endsWith(".txt"));
  assert.ok(paths.length > 100);
  for (const path of paths) {
    const { bytes } = readVector(readFileSync(join(vectors, path)));
    const session = new Session({ ask: "what" });
    session.paste(bytes);
    const report = session.report(new Date());
    session.free();
    const [what, read] = [await call(["what", "-", "--json"], { input: bytes }), await call(["read", "--json"], { input: bytes })];
    assert.deepEqual([JSON.parse(what.stdout), what.code], [report, { proven: 0, contradicted: 1, open: 3, stated: 4 }[report.verdict]], path);
    assert.deepEqual(JSON.parse(read.stdout), recognise(bytes), path);
  }
});

test("a disk that is full is an error", async () => {
  const { Writable } = await import("node:stream");
  const full = new Writable({ write: (_, __, done) => done(Object.assign(new Error("no space"), { code: "ENOSPC" })) });
  full.on("error", () => {});
  await assert.rejects(call(["digest", program], { stdout: full }), { code: "ENOSPC" });
});
