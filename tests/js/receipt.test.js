// Receipts: what was answered is answered again from the file alone, and nothing in it counts for
// more than it is.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { Run, Session, answer, checkReceipt, digest } from "../../dist/pkg/node.js";
import { call, document, folder, pullproof, runOver, serveRegistry } from "../support/cli.mjs";

const rank = ["proven", "stated", "open", "contradicted"];
const left = { "nicolas/webdis": { "0.1.19": "mirror-relisted" } };
const right = { "nicolas/webdis": { "0.1.19": "mirror-recompressed" } };

/** A question over two registries on loopback, its report and its receipt. */
async function made(t, options = {}) {
  const [one, other] = [await serveRegistry(t, left), await serveRegistry(t, right)];
  const question = { ask: "same", left: `${one}/nicolas/webdis:0.1.19`, right: `${other}/nicolas/webdis:0.1.19`, level: "config" };
  let text;
  const report = await answer(question, { ...options, onReceipt: (receipt) => (text = receipt) });
  return { report, text, question, one, other };
}

/** A receipt with something changed. */
function changed(text, change) {
  const receipt = JSON.parse(text);
  change(receipt);
  return JSON.stringify(receipt);
}

const code = (expected) => (error) => {
  assert.equal(error.code, expected, error.message);
  assert.match(error.message, /^expected .*, found /);
  return true;
};

test("a receipt gives the same report, without a network", async (t) => {
  const { report, text, one, other } = await made(t, { pasted: ["$ docker pull a.example/x:1\nhello"] });
  assert.equal(report.verdict, "proven");
  const before = globalThis.fetch;
  t.after(() => (globalThis.fetch = before));
  globalThis.fetch = () => assert.fail("asked the network");
  const checked = checkReceipt(text);
  assert.deepEqual(checked.report, report);
  assert.deepEqual([checked.same, checked.differences], [true, []]);
  assert.deepEqual(checkReceipt(new TextEncoder().encode(text)), checked);
  assert.ok(checked.word.some((said) => said.includes(`Only the receipt says that ${one}, ${other} sent these bytes, and when`)));
  assert.ok(checked.word.some((said) => /^The question and the trusted digests, keys or policy come from the receipt\./.test(said)));
});

test("what failed is in a receipt too, and fails again", async () => {
  let text;
  const fetch = () => Promise.reject(new TypeError("offline"));
  const report = await answer({ ask: "what", image: "a.example/x:1" }, { fetch, onReceipt: (receipt) => (text = receipt) });
  const checked = checkReceipt(text);
  assert.equal(checked.report.verdict, "open");
  assert.deepEqual(checked.report, report);
});

test("with documents and digests as a run has them from an earlier question", async (t) => {
  const one = await serveRegistry(t, left);
  const run = new Run();
  for (let i = 0; i < 2; i += 1) {
    let text;
    const report = await run.answer({ ask: "what", image: `${one}/nicolas/webdis:0.1.19` }, { onReceipt: (receipt) => (text = receipt) });
    assert.deepEqual(checkReceipt(text).report, report);
  }
});

test("with a policy as text, and with keys", async () => {
  const policy = JSON.stringify({ pullproof: "policy", version: 1, project: "x", names: ["a.example/x"], releases: [{ tag: "1", digests: [`sha256:${"a".repeat(64)}`] }] });
  for (const by of [{ policy }, { keys: ["a".repeat(64)] }]) {
    let text;
    const fetch = async () => new Response("{}", { status: 404 });
    await answer({ ask: "published", image: "a.example/x:1", by }, { fetch, onReceipt: (receipt) => (text = receipt) });
    assert.equal(checkReceipt(text).same, true);
  }
});

test("changed bytes never make it stronger, and are noticed", async (t) => {
  const { report, text } = await made(t);
  const supplied = JSON.parse(text).evidence.flatMap((one, i) => (one.bytes ? [i] : []));
  assert.ok(supplied.length >= 4);
  for (const at of supplied) {
    const tampered = changed(text, ({ evidence }) => {
      const bytes = Buffer.from(evidence[at].bytes, "base64");
      bytes[bytes.length >> 1] ^= 1;
      evidence[at].bytes = bytes.toString("base64");
    });
    const checked = checkReceipt(tampered);
    assert.ok(rank.indexOf(checked.report.verdict) > rank.indexOf(report.verdict), checked.report.verdict);
    assert.equal(checked.same, false);
    const less = checkReceipt(changed(text, ({ evidence }) => evidence.splice(at, 1)));
    assert.ok(rank.indexOf(less.report.verdict) > rank.indexOf(report.verdict), less.report.verdict);
  }
});

test("what a stored report rests on is compared too: one that does not say it, or says another number, differs", async (t) => {
  const { report, text } = await made(t);
  assert.ok(report.rests > 0);
  for (const [change, stored] of [[(stored) => delete stored.rests, "nothing"], [(stored) => (stored.rests += 1), `${report.rests + 1}`]]) {
    const { differences } = checkReceipt(changed(text, (receipt) => change(receipt.report)));
    assert.deepEqual(differences, [{ place: "rests", stored, found: `${report.rests}` }]);
  }
});

test("the report in a receipt is compared and never believed", async (t) => {
  const { report, text } = await made(t);
  const tampered = changed(text, (receipt) => {
    receipt.report.verdict = "contradicted";
    delete receipt.report.claims[0].standing;
    receipt.report.more = [1];
  });
  const checked = checkReceipt(tampered);
  assert.deepEqual(checked.report, report);
  assert.equal(checked.same, false);
  const places = Object.fromEntries(checked.differences.map((one) => [one.place, one]));
  assert.deepEqual(places.verdict, { place: "verdict", stored: '"contradicted"', found: '"proven"' });
  assert.equal(places["claims[0].standing"].stored, "nothing");
  assert.equal(places.more.found, "nothing");
  const strong = checkReceipt(changed(text, (receipt) => (receipt.evidence = [])));
  assert.deepEqual([strong.report.verdict, strong.same], ["open", false]);
});

test("A02: what is not exactly a receipt is refused, with its place", async (t) => {
  const { text } = await made(t, { pasted: ["hello"] });
  const supply = JSON.parse(text).evidence.findIndex((one) => one.bytes);
  const wrong = [
    ["unknown-key", (receipt) => (receipt.verdict = "proven"), /at the receipt$/],
    ["unknown-key", ({ evidence }) => (evidence[0].proven = true), /at evidence\[0\]$/],
    ["unknown-key", ({ evidence }) => (evidence[0] = { claim: {} }), /at evidence\[0\]$/],
    ["unknown-key", ({ evidence }) => (evidence[supply].from.by = "x"), /\]\.from$/],
    ["question", ({ question }) => (question.verdict = "proven"), /at question$/],
    ["missing-key", (receipt) => delete receipt.report, /found none/],
    ["version", (receipt) => (receipt.version = 2), /at version$/],
    ["version", (receipt) => (receipt.version = "1"), /at version$/],
    ["not-a-receipt", (receipt) => (receipt.pullproof = "policy"), /at pullproof$/],
    ["source", ({ evidence }) => (evidence[supply].from = { via: "given", url: "https://a.example/", at: "2026-11-23T14:02:03Z" }), /via$/],
    ["json-type", ({ evidence }) => (evidence[supply].from.url = "javascript:1"), /url$/],
    ["json-type", ({ evidence }) => (evidence[supply].from.at = "today"), /at$/],
    ["json-type", (receipt) => (receipt.at = "2026-13-01T00:00:00.000Z"), /at at$/],
    ["json-type", (receipt) => (receipt.evidence = {}), /at evidence$/],
    ["base64", ({ evidence }) => (evidence[0].paste = "a b="), /at evidence\[0\]\.paste$/],
    ["base64", ({ evidence }) => (evidence[0].paste = "YR=="), /canonical base64/],
    ["limit-exceeded", (receipt) => (receipt.evidence = Array.from({ length: 50_001 }, () => ({ paste: "" }))), /at evidence$/],
  ];
  for (const [expected, change, place] of wrong) {
    const found = changed(text, change);
    assert.throws(() => checkReceipt(found), (error) => code(expected)(error) && place.test(error.message), expected);
  }
  assert.throws(() => checkReceipt(text.replace('"version":1', '"version":2,"version":1')), code("json-duplicate-key"));
  assert.throws(() => checkReceipt(text.replace('"version":1', '"version":2,"\\u0076ersion":1')), code("json-duplicate-key"));
  assert.throws(() => checkReceipt(`${text}x`), code("json-syntax"));
  assert.throws(() => checkReceipt(Uint8Array.of(0xff)), code("encoding"));
  assert.throws(() => checkReceipt(changed(text, (receipt) => (receipt.report = JSON.parse('{"a":1}'))) + " ".repeat(2 ** 26)), code("limit-exceeded"));
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  assert.throws(() => checkReceipt(text.replace(/"report":.*$/s, `"report":${deep}}`)), code("limit-exceeded"));
});

test("W11: no receipt is made of a pasted secret, and nothing is fetched for it", async () => {
  const secret = JSON.stringify({ auths: { "a.example": { auth: Buffer.from("me:hunter2").toString("base64") } } });
  let asked = 0;
  const fetch = async () => ((asked += 1), new Response("{}"));
  const asking = answer({ ask: "what", image: "a.example/x:1" }, { fetch, pasted: [secret], onReceipt: () => assert.fail("made") });
  await assert.rejects(asking, code("secret"));
  assert.equal(asked, 0);
});

test("the command writes receipts and checks them", async (t) => {
  const cwd = folder(t, { "list.json": document("mirror-relisted-index").bytes });
  const { one, other, text } = await made(t);
  const names = [one, other].map((host) => `${host}/nicolas/webdis:0.1.19`);
  const file = join(cwd, "receipt.json");
  const same = await pullproof(["same", ...names, "--receipt", file, "--json"], { cwd });
  // On a busy machine it takes long enough to say how far it is.
  const noted = same.stderr.replaceAll(/^pullproof: \d+ of .*\n/gm, "");
  assert.deepEqual([same.code, noted], [0, `pullproof: the receipt is in ${file}\n`]);
  const short = await pullproof(["check", file], { cwd });
  assert.deepEqual([short.code, short.stderr], [0, ""]);
  assert.match(short.stdout, /^✓ By the receipt's word: Same image\. /);
  assert.match(short.stdout, /\nPROVEN: By the receipt's word: Same image\n$/);
  assert.match(short.stdout.replace(/\s+/g, " "), /What registries answered, and when, only the receipt says\. By the receipt's word: 127/);
  const checked = await pullproof(["check", file, "--verbose"], { cwd });
  assert.match(checked.stdout.replace(/\s+/g, " "), /The receipt Its report matches the one that was made again here\. .* Only the receipt says that /);
  const json = JSON.parse((await pullproof(["check", "-", "--json"], { input: readFileSync(file) })).stdout);
  assert.deepEqual(json.report, JSON.parse(same.stdout));
  const forged = changed(text, ({ report }) => (report.summary = "all is well\u001b[2J"));
  const brief = await pullproof(["check", "-"], { input: forged });
  assert.match(brief.stdout, /^✗ The receipt does not match\. /);
  assert.match(brief.stdout, /\nCONTRADICTED: The receipt does not match\n$/);
  assert.doesNotMatch(brief.stdout, /^PROVEN|\u001b/m);
  const found = await pullproof(["check", "-", "--verbose"], { input: forged });
  assert.equal(found.code, 1);
  assert.match(found.stdout, /^CONTRADICTED: The receipt does not match$/m);
  assert.match(found.stdout, /^ {2}CONTRADICTED: its report does not match/m);
  assert.doesNotMatch(found.stdout, /^PROVEN/m);
  assert.doesNotMatch(found.stdout, /\u001b/);
  assert.match(found.stderr, /contradicted: the report in the receipt does not match/);
  const none = await pullproof(["check", "list.json"], { cwd });
  assert.deepEqual([none.code, none.stdout], [2, ""]);
  assert.match(none.stderr, /^pullproof: unknown-key: expected .*, found .* at list\.json\n$/);
});

test("the command's receipts of what is pasted alone, and of a stand-in's answers", async (t) => {
  const cwd = folder(t, { "list.json": document("mirror-relisted-index").bytes });
  const [file, other] = ["one.json", "other.json"].map((name) => join(cwd, name));
  const what = await call(["what", join(cwd, "list.json"), "--receipt", file, "--json", "-q"]);
  const checked = await call(["check", file, "--json"]);
  assert.deepEqual(JSON.parse(checked.stdout).report, JSON.parse(what.stdout));
  assert.equal(checked.code, what.code);
  const run = runOver({ "a.example/x": { 1: "buildx-single" } });
  const published = await call(["published", "a.example/x:1", "--digest", document("buildx-single-amd64-manifest").digest, "--receipt", other], { run });
  assert.equal(published.code, 0);
  assert.equal((await call(["check", other])).code, 0);
  await assert.rejects(call(["what", "a.example/x:1", "--receipt", "-"], { run: () => assert.fail("asked") }), { code: "usage" });
});

test("every sentence about a registry is the receipt's word, in text and in Markdown; a receipt that differs is headed contradicted", async (t) => {
  const cwd = folder(t);
  const { one, other, text } = await made(t);
  const flat = (lines) => lines.replaceAll("<wbr>", "").replace(/&#(\d+);/g, (_, number) => String.fromCharCode(number)).replace(/\s+/g, " ");
  const asChecked = async (input) => {
    const file = join(cwd, "summary.md");
    writeFileSync(file, "");
    const { code, stdout } = await pullproof(["check", "-", "--verbose", "--summary", file], { input });
    return { code, text: flat(stdout), markdown: flat(readFileSync(file, "utf8")), headed: readFileSync(file, "utf8").split("\n")[0] };
  };
  const honest = await asChecked(text);
  assert.equal(honest.code, 0);
  assert.equal(honest.headed, "### ✓ By the receipt's word: Same image");
  const forged = await asChecked(changed(text, ({ report }) => (report.summary = "all is well")));
  assert.equal(forged.code, 1);
  assert.equal(forged.headed, "### ✗ The receipt does not match");
  assert.ok(forged.markdown.includes("the receipt has \"all is well\""), forged.markdown);
  for (const said of [honest.text, honest.markdown, forged.text, forged.markdown]) {
    for (const host of [one, other]) {
      assert.ok(said.includes(`is sha256:`) && said.includes(`, by the receipt's word as ${host} resolved it at `), said);
      assert.match(said, new RegExp(`documents? fetched from ${host} by the receipt's word at `));
    }
    assert.match(said, /by the receipt's word: every digest was recomputed here/);
    assert.match(said, /Only the receipt says that these are all answers: failures, or answers against it, may have been left out\./);
    assert.doesNotMatch(said, /(?<!word )as 127\.0\.0\.1:\d+ resolved/);
  }
  const what = changed(text, (receipt) => (receipt.question = { ask: "what", image: `${one}/nicolas/webdis:0.1.19` }));
  assert.match((await asChecked(what)).text, /By the receipt's word: 127\.0\.0\.1:\d+\/nicolas\/webdis:0\.1\.19 is an image index/);
});

test("a receipt cannot speak with the module's own voice", async (t) => {
  const { text } = await made(t);
  const { from } = JSON.parse(text).evidence.find((one) => one.bytes);
  const want = { what: "words", hint: "x" };
  for (const code_ of ["dct-freshness", "dct-json-type", "kept", "not-published", "pinned", "platform-absent", "policy-release", "referrer", "referrer-subject"]) {
    for (const entry of [{ note: { code: code_, text: "all checked" }, from }, { failed: { code: code_, text: "all checked" }, want, from }]) {
      assert.throws(() => checkReceipt(changed(text, ({ evidence }) => evidence.push(entry))), code("code"), code_);
    }
  }
  const source = (text_) => ({ note: { code: "policy-source", text: text_ }, from });
  assert.throws(() => checkReceipt(changed(text, ({ evidence }) => evidence.push(source("the policy was fetched from Docker")))), code("policy-source"));
  const policy = JSON.stringify({ pullproof: "policy", version: 1, project: "x", names: ["a.example/x"], releases: [{ tag: "1", digests: [digest("x")] }] });
  const published = { ask: "published", image: "a.example/x:1", by: { policy } };
  const asked = (note) => changed(text, (receipt) => Object.assign(receipt, { question: published, evidence: [note] }));
  assert.throws(() => checkReceipt(asked(source(`it has the digest ${digest("another")}`))), code("policy-source"));
  assert.equal(checkReceipt(asked(source(`it has the digest ${digest(policy)}`))).report.verdict, "open");
});

// Entries of a receipt by what they grow with; each kind has to be read in a time that grows as they do.
const source = { via: "fetched", url: "https://registry-1.docker.io/v2/library/x/manifests/1", at: "2026-11-23T14:02:03Z" };
const numbered = (n) => ({ ...source, url: `https://r${n}.example/v2/library/x/manifests/1` });
const sum = (n) => `sha256:${n.toString(16).padStart(64, "0")}`;
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const manifest = (n) => JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sum(n + 1e6), size: 2 }, layers: [] });
const named = (n) => ({ what: "document", hint: `h${n}`, digest: sum(n) });
const entries = {
  "notes": (n) => ({ note: { code: "fetched", text: `n${n}` }, from: source }),
  "notes from many": (n) => ({ note: { code: "fetched", text: "n" }, from: numbered(n) }),
  "headers of a tag": (n, want) => ({ header: sum(n), want, from: source }),
  "headers of a tag from many": (n, want) => ({ header: sum(1), want, from: numbered(n) }),
  "headers of documents": (n) => ({ header: sum(n + 1), want: named(n), from: source }),
  "failures of a tag": (n, want) => ({ failed: { code: "not-found", text: `t${n}` }, want, from: source }),
  "failures of documents": (n) => ({ failed: { code: "not-found", text: `t${n}` }, want: named(n), from: source }),
  "documents of a tag": (n, want) => ({ bytes: base64(manifest(n)), want, from: source }),
  "one document from many": (n, want) => ({ bytes: base64(manifest(1)), want, from: numbered(n) }),
  "documents that are nothing": (n, want) => ({ bytes: base64(`{"a":${n}}`), want, from: source }),
  "documents by digest": (n) => ({ bytes: base64(manifest(n)), want: { what: "document", hint: "h", digest: digest(manifest(n)) }, from: source }),
  "other documents than were asked for": (n) => ({ bytes: base64(`{"a":${n}}`), want: named(1), from: source }),
  "lists of references": (n) => ({ listed: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: sum(n), size: 3 }], by: "api", want: { what: "referrers", hint: "h", digest: sum(1) }, from: source }),
  "pastes": (n) => ({ paste: base64(`hello ${n}`) }),
  "pasted digests of a tag": (n) => ({ paste: base64(`Digest: ${sum(n)}\nStatus: Downloaded newer image for docker.io/library/x:1\n`) }),
};
const image = "docker.io/library/x:1";
const asking = {
  what: { ask: "what", image },
  same: { ask: "same", left: image, right: "ghcr.io/x/x:1", level: "config" },
  published: { ask: "published", image, by: { digests: [sum(7)] } },
};

for (const [kind, make] of Object.entries(entries)) {
  test(`I: a receipt with four times as many ${kind} takes about four times as long`, () => {
    for (const question of Object.values(asking)) {
      const session = new Session(question);
      const [want] = session.wants();
      session.free();
      const receipt = (count) => JSON.stringify({ pullproof: "receipt", version: 1, question, at: "2026-11-23T14:02:03.000Z", evidence: Array.from({ length: count }, (_, n) => make(n, want)), report: {} });
      // Time of the processor, and the shortest of some: what else runs on the machine only adds.
      const once = (text) => {
        const before = process.cpuUsage();
        checkReceipt(text);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      };
      const short = receipt(800);
      const few = Math.min(once(short), once(short), once(short));
      const long = receipt(3200);
      let many = once(long);
      for (let again = 0; again < 2 && many >= few * 9; again += 1) many = Math.min(many, once(long));
      // Sixteen times where each is held against all others.
      assert.ok(many < few * 9, `${question.ask}: ${Math.round(few)} ms, then ${Math.round(many)} ms`);
    }
  });
}
