// `node tests/corpus/differential.mjs`, as part of `npm run test:corpus`: every set of Sigstore's in the corpus, by
// pullproof and by @sigstore/verify. Each difference is known, with its reason.

import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { verifyBundle } from "../../dist/pkg/node.js";
import { modules } from "../peers/sigstore/services.mjs";

const corpus = process.env.PULLPROOF_CORPUS;
const suite = join(corpus, "data/signed-sigstore/conformance/bundle-verify");
const roots = new URL("../../src/sigstore/roots/", import.meta.url);
const now = new Date("2026-11-23T12:00:00Z");
const workflow = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const actions = "https://token.actions.githubusercontent.com";
const npm = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==\n-----END PUBLIC KEY-----\n";

const load = modules();
const { bundleFromJSON } = load("@sigstore/bundle");
const { TrustedRoot } = load("@sigstore/protobuf-specs");
const { Verifier, toSignedEntity, toTrustMaterial } = load("@sigstore/verify");

/** The reason that the other gives for a refusal; nothing if it accepts. */
function theirs({ bundle, root, artifact, by, keys }) {
  try {
    const read = bundleFromJSON(JSON.parse(bundle));
    const trusted = TrustedRoot.fromJSON(JSON.parse(root));
    const finder = () => ({ publicKey: createPublicKey(keys[0]), validFor: () => true });
    const material = toTrustMaterial(trusted, keys ? finder : undefined);
    const logs = trusted.tlogs.length === 0 || (keys && read.verificationMaterial.tlogEntries.length === 0) ? 0 : 1;
    const policy = by && { subjectAlternativeName: by.identity, extensions: { issuer: by.issuer } };
    const thresholds = { tlogThreshold: logs, ctlogThreshold: trusted.ctlogs.length === 0 ? 0 : 1, timestampThreshold: keys ? 0 : 1 };
    new Verifier(material, thresholds).verify(toSignedEntity(read, artifact), policy);
    return undefined;
  } catch (error) {
    return `${error.code ?? error.name}: ${error.message}`.slice(0, 120);
  }
}

/** The same of ours: the checks that do not hold, or the code of the error. */
function ours({ bundle, root, artifact, digest, by, keys }) {
  const asked = keys ? { keys } : by;
  try {
    const report = verifyBundle(bundle, artifact ?? digest, { trustedRoot: root, by: asked, now });
    if (asked ? report.verdict === "proven" : report.headline.startsWith("Signed by")) return undefined;
    const odd = report.claims.slice(report.rests).filter(({ standing }) => standing.is === "contradicted" || standing.is === "missing");
    return odd.map(({ statement }) => statement.code.replace("sigstore-", "")).join(" ") || report.headline;
  } catch (error) {
    return error.code ?? String(error);
  }
}

function* conformance() {
  for (const name of readdirSync(suite)) {
    const file = (one) => (existsSync(join(suite, name, one)) ? readFileSync(join(suite, name, one)) : undefined);
    const bundle = file("bundle.sigstore.json")?.toString();
    if (bundle === undefined) continue;
    const artifact = file("artifact") ?? readFileSync(join(suite, "a.txt"));
    const text = (one, other) => file(one)?.toString().trim() ?? other;
    const by = { identity: text("identity", workflow), issuer: text("issuer", actions) };
    const key = file("key.pub")?.toString();
    const root = file("trusted_root.json")?.toString() ?? readFileSync(new URL("public-good.json", roots), "utf8");
    yield { name, bundle, artifact, root, by: key ? undefined : by, keys: key && [key] };
  }
}

function* real() {
  const rows = readFileSync(join(corpus, "SIGSTORE.tsv"), "utf8").trimEnd().split("\n").slice(1);
  const paths = new Map(rows.map((row) => row.split("\t").slice(0, 2)));
  for (const [path, from] of paths) {
    const whole = JSON.parse(readFileSync(join(corpus, path), "utf8"));
    const all = whole.attestations?.map(({ bundle }) => bundle) ?? [whole];
    for (const [at, bundle] of all.entries()) {
      const digest = digestOf(bundle);
      const material = bundle.verificationMaterial;
      const byKey = material.publicKey !== undefined;
      const logged = (material.tlogEntries ?? []).length > 0;
      const root = readFileSync(new URL(logged || byKey ? "public-good.json" : "github.json", roots), "utf8");
      yield { name: `${basename(from)}${at === 0 ? "" : ` ${at}`}`, bundle: JSON.stringify(bundle), digest, root, keys: byKey ? [npm] : undefined };
    }
  }
}

/** What a bundle says that it is of. */
function digestOf({ dsseEnvelope, messageSignature }) {
  if (!dsseEnvelope) return `sha256:${Buffer.from(messageSignature.messageDigest.digest, "base64").toString("hex")}`;
  const { subject = [] } = JSON.parse(Buffer.from(dsseEnvelope.payload, "base64"));
  const [first] = subject.flatMap(({ digest }) => ["sha256", "sha512"].filter((name) => digest?.[name]).map((name) => `${name}:${digest[name]}`));
  return first ?? `sha256:${createHash("sha256").digest("hex")}`;
}

const found = {};
let count = 0;
for (const set of [...conformance(), ...real()]) {
  // A message of which only the digest is known is nothing that the other takes.
  if (!set.artifact && JSON.parse(set.bundle).messageSignature) continue;
  count += 1;
  const [own, other] = [ours(set), theirs(set)];
  if ((own === undefined) !== (other === undefined)) found[set.name] = `ours: ${own ?? "holds"}; theirs: ${other ?? "accepted"}`;
}
console.log(`figure: differential ${count} sets, ${Object.keys(found).length} differences`);
const known = JSON.parse(readFileSync(new URL("differential.json", import.meta.url), "utf8"));
for (const [name, said] of Object.entries(found)) console.log(`${name}: ${said}\n    ${known[name] ?? "not known"}`);
assert.deepEqual(Object.keys(found).sort(), Object.keys(known).sort());
