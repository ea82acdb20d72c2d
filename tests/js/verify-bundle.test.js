// `verifyBundle`: a Sigstore bundle of any artifact, by its bytes or its digest.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { PullproofError, digest, verifyBundle } from "../../dist/pkg/node.js";
import { installPacked } from "../support/packed.mjs";

// Made by the instance of Sigstore in tests/sigstore, which holds this file against what it makes.
const { bundle, root, artifact, identity, issuer } = JSON.parse(readFileSync(new URL("../sigstore/fixture.json", import.meta.url), "utf8"));
const bytes = new TextEncoder().encode(artifact);
const text = JSON.stringify(bundle);
const given = { trustedRoot: JSON.stringify(root), now: new Date("2026-01-09T03:04:05Z") };
const by = { identity, issuer };

test("an artifact is proven to be signed by whom was asked for, by its bytes as by its digest", () => {
  for (const signed of [bytes, digest(bytes)]) {
    const report = verifyBundle(text, signed, { by, ...given });
    assert.equal(report.verdict, "proven");
    assert.equal(report.headline, `Signed by ${identity}`);
    assert.deepEqual(report.claims[0].statement.by, by);
    assert.deepEqual(report.seen, [{ at: "2026-01-02T03:04:05Z", by: "log.example" }]);
    assert.equal(report.root.digest, digest(JSON.stringify(root)));
  }
});

test("without anybody named it is found who signed, and nothing is proven", () => {
  const report = verifyBundle(text, bytes, given);
  assert.equal(report.verdict, "open");
  assert.equal(report.headline, `Signed by ${identity}; nobody was asked for`);
});

test("another artifact, another identity and another root are not", () => {
  assert.equal(verifyBundle(text, new Uint8Array([1]), { by, ...given }).verdict, "contradicted");
  assert.equal(verifyBundle(text, bytes, { by: { identity: "x@example.org", issuer }, ...given }).verdict, "contradicted");
  const ours = verifyBundle(text, bytes, { by, now: given.now });
  assert.notEqual(ours.verdict, "proven");
  assert.equal(ours.root.digest, "sha256:6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66");
  assert.notEqual(verifyBundle(text, bytes, { by, ...given, now: new Date("2026-01-01T00:00:00Z") }).verdict, "proven");
});

test("a pattern, a source and several signers are compared", () => {
  const identityPattern = identity.replace(/@.*/, "@*");
  for (const [signer, verdict] of [
    [{ identityPattern, issuer }, "proven"],
    [{ identityPattern, issuer, source: "github.com/acme/beacon" }, "proven"],
    [{ identity, issuer, source: "github.com/acme/other" }, "contradicted"],
    [{ identityPattern: "https://github.com/x/*", issuer }, "contradicted"],
    [{ repository: "acme/beacon" }, "proven"],
    [{ repository: "acme/other" }, "contradicted"],
  ]) {
    assert.equal(verifyBundle(text, bytes, { by: signer, ...given }).verdict, verdict, JSON.stringify(signer));
    assert.equal(verifyBundle(text, bytes, { by: { signers: [signer] }, ...given }).verdict, verdict);
  }
});

test("what cannot be read is an error with its code", () => {
  const code = (code) => (error) => error instanceof PullproofError && error.code === code;
  assert.throws(() => verifyBundle("{", bytes), code("json-syntax"));
  assert.throws(() => verifyBundle(JSON.stringify({ ...bundle, more: 1 }), bytes, given), code("bundle"));
  assert.throws(() => verifyBundle(text, bytes, { ...given, trustedRoot: "{}" }), code("trusted-root"));
  assert.throws(() => verifyBundle(text, "sha256:12", given), code("digest-length"));
  assert.throws(() => verifyBundle(text, bytes, { by: { identity }, ...given }), code("question"));
});

test("the packed package verifies a bundle in an empty folder", () => {
  const folder = installPacked();
  writeFileSync(join(folder, "bundle.json"), text);
  writeFileSync(join(folder, "root.json"), given.trustedRoot);
  writeFileSync(join(folder, "artifact"), bytes);
  writeFileSync(
    join(folder, "verify.js"),
    `import { readFileSync } from "node:fs";
import { verifyBundle } from "pullproof";
const [bundle, trustedRoot, artifact] = ["bundle.json", "root.json", "artifact"].map((name) => readFileSync(name));
const { verdict, headline } = verifyBundle(bundle, artifact, { by: ${JSON.stringify(by)}, trustedRoot, now: new Date("2026-01-09") });
console.log(verdict, headline);
`,
  );
  assert.equal(execFileSync(process.execPath, ["verify.js"], { cwd: folder, encoding: "utf8" }), `proven Signed by ${identity}\n`);
});
