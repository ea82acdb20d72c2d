// Real cosign, of two generations, signs an image on loopback registries; pullproof proves each signature, and says of
// another key or identity that it is not theirs.

import assert from "node:assert/strict";
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { image } from "../builders/images.mjs";
import { clients } from "../registry/clients.mjs";
import { push } from "../registry/push.mjs";
import { startCraneRegistry } from "../registry/real.mjs";
import { pullproof } from "../support/cli.mjs";
import { IDENTITY, ISSUER, startServices } from "./sigstore/services.mjs";
import { tools } from "./tools.mjs";

const signed = image("buildx-attested");
let client;
let services;
let registries;
let count = 0;

before(async () => {
  const programs = tools(["cosign", "cosign2", "timestamp-server", "crane", "crane-referrers"]);
  client = clients(programs);
  const start = (name) => startCraneRegistry({ program: programs[name].path });
  const [plain, referrers] = await Promise.all([start("crane"), start("crane-referrers")]);
  registries = { plain, referrers };
  services = await startServices({ folder: client.folder, timestampServer: programs["timestamp-server"].path });
  for (const version of ["cosign", "cosign2"]) await client.output([version, "generate-key-pair", "--output-key-prefix", version]);
});

after(async () => {
  await Promise.all([services.stop(), registries.plain.stop(), registries.referrers.stop()]);
  client.remove();
});

/** An image in a repository of its own. */
async function pushed(registry) {
  const repository = `acme/beacon${(count += 1)}`;
  await push(registries[registry].host, repository, "1.0", signed);
  return `${registries[registry].host}/${repository}@${signed.root}`;
}

const file = (name) => join(client.folder, name);
const keyOf = (name) => createHash("sha256").update(createPublicKey(readFileSync(file(name))).export({ format: "der", type: "spki" })).digest("hex");

function published(reference, ...by) {
  return pullproof(["published", reference, "--verbose", "--paste", file("root.json"), ...by]);
}

const byKey = (name) => ["--key", keyOf(name), "--paste", file(name)];
const byIdentity = (identity = `uri:${IDENTITY}`) => ["--identity", identity, "--issuer", ISSUER];

/** By its digest, and by its tag, which is asked of the registry first. */
async function proven(reference, by, other) {
  const tagged = await published(reference.replace(/@.*/, ":1.0"), ...by);
  assert.equal(tagged.code, 0, tagged.stdout + tagged.stderr);
  const good = await published(reference, ...by);
  assert.equal(good.code, 0, good.stdout + good.stderr);
  const bad = await published(reference, ...other);
  assert.notEqual(bad.code, 0, bad.stdout);
  return good.stdout;
}

const QUIET = ["--allow-insecure-registry", "--allow-http-registry", "--yes"];
const OLDER = ["--tlog-upload=false"];

for (const registry of ["plain", "referrers"]) {
  test(`by key, as cosign 3 writes it, ${registry}`, async () => {
    const reference = await pushed(registry);
    await client.output(["cosign", "sign", ...QUIET, "--key", "cosign.key", "--signing-config", "nothing.json", reference]);
    const said = await proven(reference, byKey("cosign.pub"), byKey("cosign2.pub"));
    assert.match(said, /it is not in a log/);
  });

  test(`by key, as a tag, from both generations, ${registry}`, async () => {
    const reference = await pushed(registry);
    const older = ["--use-signing-config=false", "--new-bundle-format=false", ...OLDER];
    await client.output(["cosign", "sign", ...QUIET, ...older, "--key", "cosign.key", reference]);
    await proven(reference, byKey("cosign.pub"), byKey("cosign2.pub"));
    await client.output(["cosign2", "sign", ...QUIET, ...OLDER, "--key", "cosign2.key", reference]);
    // Two layers are one payload with two signatures.
    for (const name of ["cosign.pub", "cosign2.pub"]) assert.equal((await published(reference, ...byKey(name))).code, 0);
  });

  for (const version of [1, 2]) {
    test(`without a key, in version ${version} of the log, ${registry}`, async () => {
      const reference = await pushed(registry);
      const by = ["--signing-config", `rekor-${version}.json`, "--trusted-root", "root.json", "--identity-token", "token"];
      await client.output(["cosign", "sign", ...QUIET, ...by, reference]);
      const said = await proven(reference, byIdentity(), byIdentity("uri:other@example.org"));
      assert.match(said, /sigstore-log-proof/);
    });
  }

  test(`without a key, as a tag with the log's promise and a timestamp, ${registry}`, async () => {
    const reference = await pushed(registry);
    const address = `http://${services.host}`;
    const by = ["--fulcio-url", address, "--rekor-url", address, "--timestamp-server-url", `http://${services.stamps}/api/v1/timestamp`];
    const older = ["--use-signing-config=false", "--new-bundle-format=false", "--trusted-root", "root.json", "--identity-token", "token"];
    await client.output(["cosign", "sign", ...QUIET, ...older, ...by, reference]);
    await proven(reference, byIdentity(), byIdentity(`email:${IDENTITY}`));
  });

  test(`an attestation that says where it comes from, and one that does not, ${registry}`, async () => {
    writeFileSync(file("predicate.json"), JSON.stringify({ runDetails: { builder: { id: "https://builder.example" } } }));
    const attest = (reference, type) =>
      client.output(["cosign", "attest", ...QUIET, "--key", "cosign.key", "--signing-config", "nothing.json", "--predicate", "predicate.json", "--type", type, reference]);
    const reference = await pushed(registry);
    await attest(reference, "slsaprovenance1");
    await proven(reference, byKey("cosign.pub"), byKey("cosign2.pub"));
    const scanned = await pushed(registry);
    await attest(scanned, "https://example.com/scan/v1");
    assert.notEqual((await published(scanned, ...byKey("cosign.pub"))).code, 0);
  });
}

test("by keys of other kinds, which were imported", async (t) => {
  const kinds = { p384: ["ec", { namedCurve: "secp384r1" }], rsa: ["rsa", { modulusLength: 2048 }], ed25519: ["ed25519"] };
  for (const [name, [kind, options]] of Object.entries(kinds)) {
    const folder = mkdtempSync(file("keys-"));
    writeFileSync(join(folder, "key.pem"), generateKeyPairSync(kind, options).privateKey.export({ format: "pem", type: "pkcs8" }));
    await client.output(["cosign", "import-key-pair", "--key", join(folder, "key.pem"), "--output-key-prefix", name]);
    const reference = await pushed("referrers");
    await client.output(["cosign", "sign", ...QUIET, "--key", `${name}.key`, "--signing-config", "nothing.json", reference]);
    await proven(reference, byKey(`${name}.pub`), byKey("cosign.pub"));
    const tagged = await pushed("plain");
    const older = ["--use-signing-config=false", "--new-bundle-format=false", ...OLDER];
    await client.output(["cosign", "sign", ...QUIET, ...older, "--key", `${name}.key`, tagged]);
    await proven(tagged, byKey(`${name}.pub`), byKey("cosign.pub"));
    t.diagnostic(`${name}: bundle and tag`);
  }
});
