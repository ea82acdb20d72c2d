// www/policy.schema.json says of a policy what the module says of it, as far as a schema can: the same
// policies through both.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { Session } from "../../dist/pkg/node.js";
import { fits } from "../support/schema.mjs";

const read = (name) => JSON.parse(readFileSync(join(root, "www", name), "utf8"));
const schema = read("policy.schema.json");
const example = read("examples/webdis-policy.json");

function isRead(policy) {
  try {
    new Session({ ask: "published", image: "a/b", by: { policy: JSON.stringify(policy) } }).free();
    return true;
  } catch (error) {
    assert.match(error.code, /^policy-/, error.message);
    return false;
  }
}

const changed = (change) => {
  const copy = structuredClone(example);
  change(copy);
  return copy;
};
/** The example, signed with Sigstore. */
const signing = (signer) => changed((p) => (p.signers.sigstore = [signer]));
const digest = example.releases[0].digests[0];

for (const [name, good, policy] of [
  ["the example", true, example],
  ["a signer whose signatures are elsewhere", true, signing({ repository: "acme/beacon", signatures: "registry.example:5000/acme/signatures" })],
  ["a key whose signatures are elsewhere", true, signing({ key: "ab".repeat(32), signatures: "acme/signatures" })],
  ["signatures with a tag", false, signing({ repository: "acme/beacon", signatures: "acme/signatures:1" })],
  ["signatures by an address", false, signing({ repository: "acme/beacon", signatures: "https://registry.example/acme/signatures" })],
  ["several repositories of one signer", false, signing({ repository: "acme/beacon", signatures: ["acme/signatures"] })],
  ["the least", true, { pullproof: "policy", version: 1, project: "p", names: ["a/b"], releases: [{ tag: "1", digests: [digest] }] }],
  ["a registry with a port", true, changed((p) => (p.names = ["127.0.0.1:5000/a/b"]))],
  ["a platform with a version", true, changed((p) => (p.releases[0].configs = { "windows(10.0.1)/amd64": digest }))],
  ["a release without digests, signed", true, changed((p) => delete p.releases[1].digests)],
  ["a release without digests, unsigned", false, changed((p) => (delete p.releases[1].digests, delete p.signers))],
  ["nothing", false, {}],
  ["a list", false, []],
  ["another version", false, changed((p) => (p.version = 2))],
  ["a misspelt name", false, changed((p) => (p.signer = p.signers))],
  ["a misspelt name in a release", false, changed((p) => (p.releases[0].digest = []))],
  ["no names", false, changed((p) => (p.names = []))],
  ["a name with a tag", false, changed((p) => (p.names = ["a/b:1"]))],
  ["a name with a digest", false, changed((p) => (p.names = [`a/b@${digest}`]))],
  ["no releases", false, changed((p) => (p.releases = []))],
  ["a tag that is not valid", false, changed((p) => (p.releases[0].tag = "a b"))],
  ["no digests", false, changed((p) => (p.releases[0].digests = []))],
  ["a cut digest", false, changed((p) => (p.releases[0].digests = [digest.slice(0, 20)]))],
  ["a digest twice", false, changed((p) => (p.releases[0].digests = [digest, digest]))],
  ["no configurations", false, changed((p) => (p.releases[0].configs = {}))],
  ["no platform", false, changed((p) => (p.releases[0].configs = { amd64: digest }))],
  ["an empty note", false, changed((p) => (p.releases[0].note = ""))],
  ["a cut key", false, changed((p) => (p.signers.dct.root = ["dd0768b9d35d"]))],
  ["no keys", false, changed((p) => (p.signers.dct.repository = []))],
  ["a threshold", false, changed((p) => (p.signers.dct.threshold = 0))],
  ["an identity", true, signing({ identity: "a@b.example", issuer: "https://b.example" })],
  ["an identity with its source", true, signing({ identity: "a@b.example", issuer: "https://b.example", source: "github.com/a/b" })],
  ["an identity without an issuer", false, signing({ identity: "a@b.example" })],
  ["a pattern", true, signing({ identityPattern: "*@b.example", issuer: "https://b.example" })],
  ["a pattern that everybody is like", false, signing({ identityPattern: "**", issuer: "https://b.example" })],
  ["a pattern without a star", false, signing({ identityPattern: "a@b.example", issuer: "https://b.example" })],
  ["an identity and a pattern", false, signing({ identity: "a", identityPattern: "a*", issuer: "https://b.example" })],
  ["a repository at GitHub", true, signing({ repository: "acme/beacon" })],
  ["a workflow of it", true, signing({ repository: "acme/beacon", workflow: ".github/workflows/release.yml" })],
  ["a workflow of another", true, signing({ repository: "acme/beacon", workflow: "acme/tools/.github/workflows/release.yml" })],
  ["a workflow that is no path", false, signing({ repository: "acme/beacon", workflow: "release.yml" })],
  ["a repository by its address", false, signing({ repository: "https://github.com/acme/beacon" })],
  ["a repository and an issuer", false, signing({ repository: "acme/beacon", issuer: "https://b.example" })],
  ["signers without a key above them", false, changed((p) => (delete p.signers.dct.root, delete p.signers.dct.repository))],
]) {
  test(`schema and module: ${name} is ${good ? "a policy" : "none"}`, () => {
    assert.deepEqual({ schema: fits(policy, schema), module: isRead(policy) }, { schema: good, module: good });
  });
}
