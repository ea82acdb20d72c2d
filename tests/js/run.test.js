// A run keeps what it fetched, up to a bound, and a tag means one thing to all of its questions.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Run, Session, answer, recognise, recover } from "../../dist/pkg/node.js";

const large = (name) => JSON.stringify({ name, padding: "x".repeat(3 << 20) });

/** A `fetch` that answers by the end of the address, and notes what it was asked. */
function answering(answers) {
  const asked = [];
  const fetch = async (url) => {
    asked.push(url);
    const body = answers(new URL(url).pathname.split("/").at(-1));
    return body === undefined ? new Response("{}", { status: 404 }) : new Response(body);
  };
  return { asked, fetch };
}

test("a tag is resolved once, and its document fetched once", async () => {
  const { asked, fetch } = answering(() => '{"schemaVersion":2}');
  const run = new Run({ fetch });
  const reports = [1, 2].map(() => run.answer({ ask: "what", image: "a.example/x:1" }));
  await Promise.all(reports);
  await run.answer({ ask: "what", image: "a.example/x:1" });
  // The run asks each time for what refers to it, and for what may sign it.
  const isBeside = (url) => /\/manifests\/sha256-[0-9a-f]{64}\.(sig|att)$/.test(url);
  assert.deepEqual(asked.filter((url) => url.includes("/manifests/") && !isBeside(url)), ["https://a.example/v2/x/manifests/1"]);
});

test("M27: other bytes under the digest that a tag was resolved to do not pass for the tag", async () => {
  let moved = false;
  const { asked, fetch } = answering((name) => {
    if (["2", "3", "4"].includes(name)) return large(name);
    return moved ? '{"schemaVersion":2,"moved":true}' : '{"schemaVersion":2}';
  });
  const run = new Run({ fetch });
  await run.answer({ ask: "what", image: "a.example/x:1" });
  // More than a run keeps, so that the first document is given up.
  for (const tag of [2, 3, 4]) await run.answer({ ask: "what", image: `a.example/x:${tag}` });
  moved = true;
  const report = await run.answer({ ask: "what", image: "a.example/x:1" });
  assert.match(asked.filter((url) => url.includes("/manifests/")).at(-1), /\/manifests\/sha256:[0-9a-f]{64}$/);
  assert.equal(report.verdict, "open");
  assert.ok(report.claims.some(({ statement }) => statement.code === "other-bytes"));
});

const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
const sha512 = `sha512:${createHash("sha512").update(config).digest("hex")}`;
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha512, size: config.length },
  layers: [],
});

test("a document named by SHA-512 is fetched and held against it", async () => {
  const { asked, fetch } = answering((name) => ({ 1: manifest, [sha512]: config })[name]);
  const report = await answer({ ask: "what", image: "a.example/x:1" }, { fetch });
  assert.deepEqual(asked.filter((url) => url.includes("/blobs/")), [`https://a.example/v2/x/blobs/${sha512}`]);
  const bytes = report.claims.find(({ statement }) => statement.kind === "bytes" && statement.digest === sha512);
  assert.equal(bytes?.standing.is, "proven");
});

test("SHA-512 is read however it is written", () => {
  assert.equal(recover(`${config}\n`, sha512).digest, sha512);
  for (const text of [
    manifest,
    JSON.stringify(JSON.parse(manifest), null, 3),
    manifest.replace("sha512", "\\u0073ha512"),
    manifest.replace("sha512:", "sha51\\u0032\\u003A"),
    manifest.replace("sha512", "sha\x1b[1m512"),
  ]) {
    const session = new Session({ ask: "what" });
    session.paste(text);
    session.paste(config);
    const bytes = session.report(new Date(0)).claims.find(({ statement }) => statement.kind === "bytes" && statement.digest === sha512);
    assert.equal(bytes?.standing.is, "proven", text);
    session.free();
  }
  for (const text of [`$ docker pull a:1\nDigest: ${sha512}`, `$ crane manifest a:1 | shasum -a 512\n${sha512.slice(7)}  -`]) {
    assert.ok(JSON.stringify(recognise(text)).includes(sha512), text);
  }
});

test("referrers are asked for after all else, and an answer that is not a list is said and rejects nothing", async () => {
  const { asked, fetch: answered } = answering((name) => ({ 1: manifest, [sha512]: config })[name] ?? '{"manifests":[{"digest":"x"}]}');
  const underWay = new Set();
  let beside;
  const fetch = async (url) => {
    if (url.includes("/referrers/")) beside = [...underWay];
    underWay.add(url);
    await new Promise(setImmediate);
    underWay.delete(url);
    return answered(url);
  };
  const report = await answer({ ask: "what", image: "a.example/x:1" }, { fetch });
  assert.deepEqual(beside, []);
  const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
  // The tags under which cosign keeps signatures and attestations.
  const tags = ["sig", "att"].map((end) => `${digest.replace(":", "-")}.${end}`);
  assert.deepEqual(asked.map((url) => url.slice("https://a.example/v2/x/".length)), ["manifests/1", `blobs/${sha512}`, `referrers/${digest}`, ...tags.map((tag) => `manifests/${tag}`)]);
  assert.equal(report.verdict, "proven", report.summary);
  const [note] = report.claims.filter(({ statement }) => statement.code === "referrers");
  assert.match(note.statement.text, /^its referrers could not be listed: expected /);
});
