// The whole of a publisher's guide, live: the real notary client signs the digest of an image in a real
// registry; what `rescue` saves proves it from the pinned root key on, down to the configurations that a
// second registry has too.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { root } from "../../scripts/command.mjs";
import { image } from "../builders/images.mjs";
import { push } from "../registry/push.mjs";
import { startRegistry } from "../registry/real.mjs";
import { startNotary } from "./notary.mjs";
import { tools } from "./tools.mjs";

let notary;
let hub;
let ecr;
let repository;
let saved;
let pin;

before(async () => {
  const program = tools(["docker-registry"])["docker-registry"].path;
  [notary, hub, ecr] = await Promise.all([startNotary(), startRegistry({ program }), startRegistry({ program })]);
  const signed = image("buildx-attested");
  await push(hub.host, "nicolas/webdis", "0.1.19", signed);
  await push(hub.host, "nicolas/webdis", "moved", image("mirror-relabelled"));
  await push(ecr.host, "nicolas/webdis", "0.1.19", image("mirror-recompressed"));
  repository = `${hub.host}/nicolas/webdis`;
  const { bytes } = signed.documents.find(({ digest }) => digest === signed.root);
  notary.client("init", repository, "-p");
  notary.sign(repository, "0.1.19", bytes);
  notary.sign(repository, "moved", bytes);
  saved = join(notary.folder, "saved.json");
  command("rescue", repository, "--server", notary.address, "-o", saved);
  const files = JSON.parse(readFileSync(saved, "utf8")).files;
  [pin] = JSON.parse(Buffer.from(files["root.json"], "base64")).signed.roles.root.keyids;
});

after(() => Promise.all([notary.stop(), hub.stop(), ecr.stop()]));

test("signature, list, manifests, configurations, and the same on a second registry", () => {
  const published = command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", saved);
  assert.equal(published.status, 0, published.stdout + published.stderr);
  assert.match(flat(published), /signed|signature/);
  const same = command("same", `${repository}:0.1.19`, `${ecr.host}/nicolas/webdis:0.1.19`);
  assert.equal(same.status, 0, same.stdout);
});

test("the folder that the client keeps proves the same", () => {
  notary.client("list", repository);
  const kept = join(notary.folder, "trust", "tuf", repository);
  const published = command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", kept);
  assert.equal(published.status, 0, published.stdout + published.stderr);
});

test("a tag that names something else than what was signed is contradicted", () => {
  const { status, stdout } = command("published", `${repository}:moved`, "--key", pin, "--trust-data", saved);
  assert.equal(status, 1, stdout);
});

test("without the pinned key, or without the metadata, nothing is proven", () => {
  const other = command("published", `${repository}:0.1.19`, "--key", "0".repeat(64), "--trust-data", saved);
  assert.notEqual(other.status, 0, other.stdout);
  const without = command("published", `${repository}:0.1.19`, "--key", pin);
  assert.equal(without.status, 3, without.stdout);
});

test("as of a day after everything expired it says so, and until when it was valid", () => {
  const late = command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", saved, "--at", "2099-01-01");
  assert.match(flat(late), /expired/i);
});

const flat = ({ stdout }) => stdout.replace(/\s+/g, " ");

function command(...args) {
  const cli = join(root, "dist", "pkg", "cli.js");
  return spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 60_000 });
}
