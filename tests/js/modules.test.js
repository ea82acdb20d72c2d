// The core and the whole module, which takes its place when it has to: what the core reads it reads as
// the whole module does, and what it does not read it refuses. Over every text among the test vectors.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import * as core from "../../dist/pkg/pullproof.js";
import * as full from "../../dist/pkg/full.js";
import { PullproofError, start } from "../../dist/pkg/index.js";
import { evidenceOf } from "../../dist/pkg/archive.js";
import { answer, connect, needsTrust } from "../../dist/pkg/run.js";
import { overFetch } from "../../dist/pkg/transport.js";
import { notaryRepository } from "../builders/notary.mjs";

const wasm = (name) => readFileSync(join(root, "dist", "pkg", name));
core.initSync({ module: wasm("pullproof_bg.wasm") });
full.initSync({ module: wasm("full_bg.wasm") });
start(core);

const refused = (error) => error.code === "trust-not-loaded";

/** The texts of all files below a folder: each file, and what follows its head. */
function textsIn(folder) {
  return readdirSync(join(root, folder)).sort().flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return textsIn(path);
    const whole = readFileSync(join(root, path));
    const end = whole.indexOf("\n\n");
    return [{ path, bytes: whole }, ...(end === -1 ? [] : [{ path, bytes: whole.subarray(end + 2) }])];
  });
}

const texts = [...textsIn("tests/vectors"), ...textsIn("tests/paste")];

function report(module, bytes) {
  const session = new module.Session('{"ask":"what"}');
  try {
    const findings = session.paste(bytes);
    return { findings, report: session.report(0) };
  } catch (error) {
    return { code: error.code };
  } finally {
    session.free();
  }
}

const reads = (bytes) => report(core, bytes).code !== "trust-not-loaded";

test("the core reads each text as the whole module does, or refuses it", () => {
  let read = 0;
  for (const { path, bytes } of texts) {
    const [found, whole] = [core, full].map((module) => report(module, bytes));
    assert.notEqual(whole.code, "trust-not-loaded", path);
    if (reads(bytes)) {
      read += 1;
      assert.deepEqual(found, whole, path);
      assert.deepEqual(core.recognise(bytes), full.recognise(bytes), path);
    } else {
      assert.throws(() => core.recognise(bytes), refused, path);
    }
  }
  assert.ok(read > 500 && texts.length - read > 50, `${read} of ${texts.length}`);
});

test("what most people paste the core reads", () => {
  for (const { path, bytes } of textsIn("tests/paste")) assert.equal(reads(bytes), !path.includes("-trust-"), path);
  const rare = new Set();
  for (const { path, bytes } of textsIn("tests/vectors/paste")) {
    const [, tool] = path.match(/paste[/\\]([a-z]+(?:-(?:buildx|images|info|manifest-inspect-v|trust))?)/);
    const common = /^(crane|docker|fragments)$/.test(tool) && !path.includes("trust-inspect");
    if (common) assert.equal(reads(bytes), true, path);
    else if (!reads(bytes)) rare.add(tool);
  }
  // Raw manifests that other tools print without a command line are manifests to the core too.
  const docker = ["docker-buildx", "docker-images", "docker-info", "docker-manifest-inspect-v", "docker-trust"];
  assert.deepEqual([...rare].sort(), ["cosign", ...docker, "fragments", "kubectl", "notation", "oras", "regctl", "skopeo"]);
});

test("questions by keys and identities are the whole module's", () => {
  for (const by of [{ keys: ["0".repeat(64)] }, { identity: "a@x.example", issuer: "https://x.example" }]) {
    const question = { ask: "published", image: "x.example/a:1", by };
    assert.throws(() => new core.Session(JSON.stringify(question)), refused);
    new full.Session(JSON.stringify(question)).free();
  }
  const question = { ask: "published", image: "x.example/a:1", by: { digests: [`sha256:${"0".repeat(64)}`] } };
  new core.Session(JSON.stringify(question)).free();
  for (const by of [{}, { issuer: "https://x.example" }]) {
    const refuses = (module) => {
      try {
        return new module.Session(JSON.stringify({ ...question, by })) && "nothing";
      } catch (error) {
        return error.message;
      }
    };
    assert.equal(refuses(core), refuses(full));
  }
});

const sha512 = (text) => createHash("sha512").update(text).digest("hex");
const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
const hex = sha512(config);
const manifestOf = (digest) => JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: config.length },
  layers: [],
});
const manifest = manifestOf(`sha512:${hex}`);

test("SHA-512 is the whole module's, however it is written", () => {
  const { files } = notaryRepository("docker.io/nicolas/webdis", "1.0", Buffer.from(manifestOf(`sha256:${"0".repeat(64)}`)));
  const saved = evidenceOf(Object.entries(files).map(([name, bytes]) => ({ name, bytes })))[0].bytes;
  for (const text of [
    manifest,
    JSON.stringify(JSON.parse(manifest), null, 3),
    manifest.replace("sha512", "\\u0073ha512"),
    manifest.replace("sha512:", "sha51\\u0032\\u003A"),
    manifest.replace("sha512", "sh\na512"),
    manifest.replace("sha512", "sha\x1b[1m512"),
    `docker pull a@sha512:${hex}`,
    `$ crane manifest a:1 | shasum -a 512\n${hex}  -`,
    `SHA512(stdin)= ${hex}`,
    // So are files of signed metadata, alone or saved together.
    ...Object.values(files),
    saved,
  ]) {
    const bytes = Buffer.from(text);
    assert.equal(reads(bytes), false, text);
    assert.notEqual(report(full, bytes).code, "trust-not-loaded", text);
  }
  assert.equal(reads(Buffer.from(manifestOf(`sha256:${"0".repeat(64)}`))), true);
  for (const [i, make] of [
    () => new core.Session(JSON.stringify({ ask: "what", image: `a.example/x@sha512:${hex}` })),
    () => new core.Session('{"ask":"what"}').paste(Buffer.from("text"), `a.example/x@sha512:${hex}`),
    () => new core.Session('{"ask":"what"}').refers(`sha512:${hex}`, "api", "[]", '{"via":"given","what":"x"}'),
    () => core.recover(Buffer.from(config), `sha512:${hex}`),
  ].entries()) assert.throws(make, refused, `${i}`);
  assert.equal(full.recover(Buffer.from(`${config}\n`), `sha512:${hex}`).digest, `sha512:${hex}`);
});

test("an answer begins anew on the whole module when a document that came takes it", async () => {
  start(core);
  const loaded = [];
  const registry = await import("../../dist/pkg/registry.js");
  registry.initSync({ module: wasm("registry_bg.wasm") });
  connect({
    page: false,
    async trust() {
      loaded.push("full");
      start(full);
    },
    transport: () => overFetch(globalThis.fetch),
    load: async () => registry,
  });
  const asked = [];
  const fetch = async (url) => {
    asked.push(new URL(url).pathname);
    const body = { 1: manifest, [`sha512:${hex}`]: config }[asked.at(-1).split("/").at(-1)];
    return new Response(body ?? "{}", { status: body ? 200 : 404 });
  };
  const now = new Date("2026-01-02T03:04:05Z");
  const question = { ask: "what", image: "a.example/x:1" };
  const pasted = ["$ crane digest a.example/y:1\nsha256:" + "0".repeat(64)];
  const report = await answer(question, { fetch, now, pasted });
  assert.deepEqual(loaded, ["full"]);
  assert.deepEqual(asked.filter((path) => /manifests.1|blobs/.test(path)), ["/v2/x/manifests/1", `/v2/x/blobs/sha512:${hex}`]);
  const found = report.claims.find(({ statement }) => statement.kind === "bytes" && statement.digest === `sha512:${hex}`);
  assert.equal(found?.standing.is, "proven");
  assert.deepEqual(await answer(question, { fetch, now, pasted }), report);
  assert.equal(needsTrust(new PullproofError("trust-not-loaded", "")), true);
  assert.equal(needsTrust(new PullproofError("argument", "")), false);
});
