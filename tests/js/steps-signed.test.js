// "Check it yourself" for the metadata of Docker Content Trust: every step is run as a reader runs it, with
// openssl, jq and xxd, and fails to be seen where a file was changed.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { metadataIn } from "../../dist/pkg/files/metadata.js";
import { Session } from "../../dist/pkg/node.js";
import { allLines, checks, linesOf } from "../../dist/pkg/report/checks.js";
import { notaryRepository } from "../builders/notary.mjs";
import { tools } from "../peers/tools.mjs";
import { call, document, folder } from "../support/cli.mjs";
import { runSteps } from "../support/steps.mjs";

tools(["jq", "openssl", "xxd"]);
const name = "docker.io/nicolas/webdis";
const manifest = document("mirror-relisted-amd64-manifest").bytes;
const signed = document("mirror-relisted-amd64-manifest").digest.slice(7);

/** The answer to metadata by these keys: the report, and the file that `rescue` would have written. */
function asked(files, by, pasted) {
  const saved = metadataIn(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))).saved[0].bytes;
  const session = new Session({ ask: "published", image: `${name}:1.0`, by });
  for (const piece of [manifest, ...(pasted ?? [saved])]) session.paste(piece);
  const report = session.report(new Date("2026-11-25T12:00:00Z"));
  session.free();
  return { report, saved };
}

const stepsOf = (report) => checks(report).find(({ tool }) => tool === "openssl")?.steps ?? [];
const differs = ({ prints, printed }) => JSON.stringify(prints) !== JSON.stringify(printed);
const different = (ran) => ran.filter(differs);

async function run(t, steps, saved, options) {
  const cwd = folder(t, { FILE: saved });
  return runSteps(steps, { cwd, ...options });
}

const kinds = {
  "ECDSA keys on P-256": {},
  "ECDSA keys on P-384 and P-256": { kinds: ["P-384", "P-256", "P-384"] },
  "RSA-PSS, Ed25519 and PKCS #1 keys": { kinds: ["rsa-pss", "ed25519", "rsa-pkcs1"] },
  "a root that was rotated": { rotated: true },
  "a root that was rotated, of RSA keys": { rotated: true, kinds: ["rsa-pss"] },
};
for (const [what, options] of Object.entries(kinds)) {
  test(`from the pinned key to the digest, with ${what}`, async (t) => {
    const { pin, files } = notaryRepository(name, "1.0", manifest, options);
    const { report, saved } = asked(files, { keys: [pin] });
    assert.equal(report.verdict, "proven", JSON.stringify(report.claims));
    const steps = stepsOf(report);
    const ran = await run(t, steps, saved);
    assert.deepEqual(different(ran), []);
    const sums = ran.flatMap(({ printed }) => printed);
    assert.equal(sums.filter((line) => line === "Verified OK").length, options.rotated ? 7 : 5);
    assert.ok(ran.some(({ printed }) => printed[0] === pin) && sums.includes(signed));
    assert.ok(steps.some(({ prints }) => prints[0] === `subject=CN=${name}` && prints[1] === "notAfter=Jan  1 00:00:00 2040 GMT"));
    assert.equal(sums.filter((line) => / ?: OK$/.test(line)).length, 4);
  });
}

test("from the id of a root's bare key, and from the repository's own key", async (t) => {
  const { bare, own, files } = notaryRepository(name, "1.0", manifest);
  const byBare = asked(files, { keys: [bare] });
  const ran = await run(t, stepsOf(byBare.report), byBare.saved);
  assert.deepEqual(different(ran), []);
  assert.ok(ran.some(({ printed }) => printed.length === 1 && printed[0] === bare));
  // Nothing binds the delegation to the repository then.
  assert.deepEqual(stepsOf(asked(files, { keys: [own] }).report), []);
  const admin = notaryRepository(name, "1.0", manifest, { released: false });
  // For which repository that key signs is said by a root, and no root key is given.
  const byOwn = asked(admin.files, { keys: [admin.own] });
  assert.equal(byOwn.report.verdict, "open");
  assert.deepEqual(stepsOf(byOwn.report), []);
  const byBoth = asked(admin.files, { keys: [admin.own, admin.pin] });
  const steps = await run(t, stepsOf(byBoth.report), byBoth.saved);
  assert.deepEqual(different(steps), []);
  assert.ok(steps.some(({ printed }) => printed[0] === admin.own && printed[1] === "Verified OK"));
  assert.ok(steps.some(({ printed }) => printed[0] === signed));
  // A policy's keys are pins as well as given ones.
  const policy = { pullproof: "policy", version: 1, project: "Webdis", names: [name], releases: [{ tag: "1.0" }], signers: { dct: { root: [bare] } } };
  const byPolicy = asked(files, { policy: JSON.stringify(policy) });
  assert.deepEqual(different(await run(t, stepsOf(byPolicy.report), byPolicy.saved)), []);
});

test("files that were printed anew have their hashes again", async (t) => {
  const { pin, files } = notaryRepository(name, "1.0", manifest);
  const anew = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(`${JSON.stringify(JSON.parse(bytes), null, 2)}\n`)]));
  const { report, saved } = asked(anew, { keys: [pin] }, Object.values(anew));
  assert.equal(report.verdict, "proven");
  const steps = stepsOf(report);
  assert.ok(steps.some(({ about }) => /printed anew/.test(about)));
  assert.deepEqual(different(await run(t, steps, saved)), []);
});

test("whatever is changed in a file, a step prints something else", async (t) => {
  const { pin, files } = notaryRepository(name, "1.0", manifest);
  const { report } = asked(files, { keys: [pin] });
  const steps = stepsOf(report);
  const other = notaryRepository(name, "1.0", Buffer.from("{}"));
  const swapped = (file, from, to) => ({ ...files, [file]: Buffer.from(files[file].toString().replace(from, to)) });
  const changes = [
    ...Object.keys(files).map((file) => swapped(file, "2036-01-01", "2036-01-02")),
    ...Object.keys(files).map((file) => swapped(file, /"sig":"..../, '"sig":"AAAA')),
    ...Object.keys(files).map((file) => swapped(file, /,"signatures":.*$/, ',"signatures":[]}')),
    swapped("timestamp.json", '"method":"ecdsa"', '"method":"none"'),
    { ...files, "timestamp.json": Buffer.from("") },
    { ...files, "timestamp.json": other.files["timestamp.json"] },
    swapped("root.json", /"threshold":1/g, '"threshold":2'),
    swapped("targets.json", '"paths":[""]', '"paths":["2"]'),
    other.files,
  ];
  const failed = await Promise.all(changes.map(async (changed) => different(await run(t, steps, asked(changed, { keys: [pin] }).saved, { last: differs })).length));
  assert.ok(failed.every((count) => count > 0), JSON.stringify(failed));
});

test("the command prints these steps, and none where nothing was proven", async (t) => {
  const { pin, files } = notaryRepository(name, "1.0", manifest);
  const { report, saved } = asked(files, { keys: [pin] });
  const cwd = folder(t, { FILE: saved, "manifest.json": manifest });
  const args = (key) => ["published", `${name}:1.0`, "--key", key, "--offline", "--paste", join(cwd, "manifest.json"), "--trust-data", join(cwd, "FILE"), "--steps"];
  const shown = await call(args(pin));
  for (const line of allLines(checks(report).find(({ tool }) => tool === "openssl"))) assert.ok(shown.stdout.split("\n").includes(line) || line === "", line);
  assert.doesNotMatch((await call(args("0".repeat(64)))).stdout, /# openssl/);
  writeFileSync(join(cwd, "FILE"), metadataIn(Object.entries({ ...files, "targets.json": Buffer.from("{}") }).map(([name, bytes]) => ({ name, bytes }))).saved[0].bytes);
  assert.doesNotMatch((await call(args(pin))).stdout, /# openssl/);
});

test("a name in the metadata that no command should hold leads to no commands", () => {
  const { pin, files } = notaryRepository(name, "1.0", manifest);
  const { report } = asked(files, { keys: [pin] });
  for (const spoil of [{ role: "targets/$(id)" }, { role: "../targets" }, { role: "-o" }, { tag: "1.0;id" }, { tag: "'" }, { keys: ["$(id)"] }, { before: ["`id`"] }]) {
    const claims = report.claims.map(({ statement, standing }) => ({ standing, statement: statement.tag !== undefined && statement.kind === "metadata" ? { ...statement, ...spoil } : statement }));
    assert.deepEqual(stepsOf({ ...report, claims }), [], JSON.stringify(spoil));
  }
});

test("nothing in what a step says or prints ends its comment", () => {
  const lines = linesOf([{ about: "a\nrm b", command: "true", prints: ["c\r\nrm d"] }]);
  assert.deepEqual(lines.map((line) => /[\r\n]/.test(line) || line.startsWith("rm")), [false, false, false]);
});
