// www/policy.schema.json says of a policy what the module says of it, as far as a schema can: the same
// policies through both. The check knows the words that the schema uses, and refuses any other.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { Session } from "../../dist/pkg/node.js";

const read = (name) => JSON.parse(readFileSync(join(root, "www", name), "utf8"));
const schema = read("policy.schema.json");
const example = read("examples/webdis-policy.json");

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const whenObject = (check) => (value, wanted, whole) => !isObject(value) || check(value, wanted, whole);
const whenList = (check) => (value, wanted) => !Array.isArray(value) || check(value, wanted);
const whenText = (check) => (value, wanted) => typeof value !== "string" || check(value, wanted);
const types = { array: Array.isArray, object: isObject, string: (value) => typeof value === "string" };
const said = () => true;

const words = {
  $schema: said,
  $defs: said,
  title: said,
  description: said,
  then: said,
  $ref: (value, path) => fits(value, schema.$defs[path.replace("#/$defs/", "")]),
  type: (value, name) => types[name](value),
  const: (value, wanted) => same(value, wanted),
  not: (value, wanted) => !fits(value, wanted),
  anyOf: (value, all) => all.some((one) => fits(value, one)),
  if: (value, wanted, { then }) => !fits(value, wanted) || fits(value, then),
  required: whenObject((value, names) => names.every((name) => Object.hasOwn(value, name))),
  minProperties: whenObject((value, least) => Object.keys(value).length >= least),
  propertyNames: whenObject((value, wanted) => Object.keys(value).every((name) => fits(name, wanted))),
  properties: whenObject((value, all) => Object.entries(all).every(([name, one]) => !Object.hasOwn(value, name) || fits(value[name], one))),
  additionalProperties: whenObject((value, wanted, { properties = {} }) =>
    Object.keys(value).filter((name) => !Object.hasOwn(properties, name)).every((name) => wanted !== false && fits(value[name], wanted))),
  items: whenList((value, wanted) => value.every((item) => fits(item, wanted))),
  minItems: whenList((value, least) => value.length >= least),
  maxItems: whenList((value, most) => value.length <= most),
  uniqueItems: whenList((value) => new Set(value.map((item) => JSON.stringify(item))).size === value.length),
  minLength: whenText((value, least) => value.length >= least),
  pattern: whenText((value, pattern) => new RegExp(pattern, "u").test(value)),
};

function fits(value, wanted) {
  return Object.entries(wanted).every(([word, argument]) => {
    assert.ok(Object.hasOwn(words, word), `the schema uses ${word}, which is not checked here`);
    return words[word](value, argument, wanted);
  });
}

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
const digest = example.releases[0].digests[0];

for (const [name, good, policy] of [
  ["the example", true, example],
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
  ["a tag that is none", false, changed((p) => (p.releases[0].tag = "a b"))],
  ["no digests", false, changed((p) => (p.releases[0].digests = []))],
  ["a cut digest", false, changed((p) => (p.releases[0].digests = [digest.slice(0, 20)]))],
  ["a digest twice", false, changed((p) => (p.releases[0].digests = [digest, digest]))],
  ["no configurations", false, changed((p) => (p.releases[0].configs = {}))],
  ["no platform", false, changed((p) => (p.releases[0].configs = { amd64: digest }))],
  ["an empty note", false, changed((p) => (p.releases[0].note = ""))],
  ["a cut key", false, changed((p) => (p.signers.dct.root = ["dd0768b9d35d"]))],
  ["no keys", false, changed((p) => (p.signers.dct.repository = []))],
  ["a threshold", false, changed((p) => (p.signers.dct.threshold = 0))],
  ["signers without a key above them", false, changed((p) => (delete p.signers.dct.root, delete p.signers.dct.repository))],
]) {
  test(`schema and module: ${name} is ${good ? "a policy" : "none"}`, () => {
    assert.deepEqual({ schema: fits(policy, schema), module: isRead(policy) }, { schema: good, module: good });
  });
}
