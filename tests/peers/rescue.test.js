// `rescue` against the real notary server, filled by the real notary client.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { root } from "../../scripts/command.mjs";
import { startNotary } from "./notary.mjs";

const repository = "127.0.0.1:5000/nicolas/webdis";
let notary;

before(async () => {
  notary = await startNotary();
  notary.client("init", repository, "-p");
  notary.sign(repository, "0.1.19", "what a tag names");
  notary.client("key", "rotate", repository, "snapshot", "-r");
  notary.client("list", repository);
});

after(() => notary.stop());

test("what is saved is, byte for byte, what the client has, and the root before the rotation", () => {
  const path = join(notary.folder, "saved.json");
  command("rescue", repository, "--server", notary.address, "-o", path);
  const { repository: named, server: asked, files } = JSON.parse(readFileSync(path, "utf8"));
  assert.deepEqual([named, asked], [repository, notary.address]);
  assert.deepEqual(Object.keys(files), ["1.root.json", "root.json", "snapshot.json", "targets.json", "timestamp.json"]);
  const kept = join(notary.folder, "trust", "tuf", repository, "metadata");
  assert.deepEqual(readdirSync(kept).sort(), ["root.json", "snapshot.json", "targets.json", "timestamp.json"]);
  for (const name of readdirSync(kept)) {
    assert.deepEqual(Buffer.from(files[name], "base64"), readFileSync(join(kept, name)), name);
  }
  const read = (name) => JSON.parse(Buffer.from(files[name], "base64"));
  assert.deepEqual([read("1.root.json").signed.version, read("root.json").signed.version], [1, 2]);
  const signed = createHash("sha256").update("what a tag names").digest("base64");
  assert.equal(read("targets.json").signed.targets["0.1.19"].hashes.sha256, signed);
});

test("a repository that the server does not know ends with 2 and its reason", () => {
  const missing = () => command("rescue", "127.0.0.1:5000/nobody/nothing", "--server", notary.address);
  assert.throws(missing, ({ status, stderr }) => status === 2 && /trust-data: nothing of .*not-found/.test(stderr));
});

function command(...args) {
  const cli = join(root, "dist", "pkg", "cli.js");
  return execFileSync(process.execPath, [cli, ...args], { encoding: "utf8", stdio: "pipe", timeout: 60_000 });
}
