// www/report.schema.json says of what `--json` prints what is in it: real reports through the command, errors, and
// reports that are spoilt.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { jsonError, schema as version } from "../../dist/pkg/cli/schema.js";
import { zipOf } from "../builders/archives.mjs";
import { notaryRepository } from "../builders/notary.mjs";
import { readVector } from "../builders/vector.mjs";
import { call, document, folder, pullproof, runOver } from "../support/cli.mjs";
import { fits } from "../support/schema.mjs";

const schema = JSON.parse(readFileSync(join(root, "www", "report.schema.json"), "utf8"));
const [hub, ecr] = ["docker.io/nicolas/webdis", "public.ecr.aws/nicolas/webdis"];
const run = runOver({ [hub]: { 1: "mirror-relisted", 2: "buildx-single", 3: 429 }, [ecr]: { 1: "mirror-recompressed", 2: "crane-docker" } });
const json = async (args, options) => JSON.parse((await call([...args, "--json"], { run, ...options })).stdout);

async function reports(t) {
  const manifest = document("mirror-relisted-amd64-manifest").bytes;
  const { pin, files } = notaryRepository(hub, "1", manifest);
  const cwd = folder(t, { "trust.zip": zipOf(files), "manifest.json": manifest });
  const trust = ["--trust-data", join(cwd, "trust.zip")];
  return Promise.all([
    json(["same", `${hub}:1`, `${ecr}:1`]),
    json(["same", `${hub}:1`, `${ecr}:2`]),
    json(["same", `${hub}:1`, `${ecr}:9`, "--platform", "linux/amd64"]),
    json(["same", `${hub}:3`, "reg.example/a:1", "--level", "index"]),
    json(["what", `${hub}:1`]),
    json(["published", `${hub}:2`, "--digest", document("buildx-single-amd64-manifest").digest]),
    json(["published", `${hub}:1`, "--key", pin, "--offline", "--paste", join(cwd, "manifest.json"), ...trust]),
    json(["published", `${hub}:1`, "--identity", "me@example.org", "--issuer", "https://example.org"]),
    json(["demo"]),
  ]);
}

test("what is printed fits the schema, and what is spoilt does not", async (t) => {
  const all = await reports(t);
  const vectors = join(root, "tests", "vectors", "paste");
  const pastes = readdirSync(vectors, { recursive: true }).filter((path) => path.endsWith(".txt"));
  for (const path of pastes) all.push(await json(["what", "-"], { input: readVector(readFileSync(join(vectors, path))).bytes }));
  for (const report of all) assert.ok(fits(report, schema), JSON.stringify(report).slice(0, 2000));
  for (const verdict of ["proven", "open", "contradicted"]) assert.ok(all.some((report) => report.verdict === verdict), verdict);
  const [same] = all;
  for (const spoilt of [
    { ...same, schema: 2 },
    { ...same, verdict: "yes" },
    { ...same, more: 1 },
    { ...same, rests: "1" },
    { ...same, sides: { left: same.sides.left } },
    { ...same, sides: { ...same.sides, right: { reference: "a", digest: "sha256:ab" } } },
    { ...same, claims: [{ ...same.claims[0], standing: { is: "proven" } }] },
    Object.fromEntries(Object.entries(same).filter(([name]) => name !== "headline")),
  ]) assert.equal(fits(spoilt, schema), false, JSON.stringify(spoilt).slice(0, 300));
});

test("the digests of both sides: of a tag what it resolved to, of a digest that, else null", async () => {
  const { digest } = document("mirror-relisted-index");
  const { sides } = await json(["same", `${hub}:1`, "reg.example/a:1"]);
  assert.deepEqual(sides, { left: { reference: `${hub}:1`, digest }, right: { reference: "reg.example/a:1", digest: null } });
  const pinned = await json(["same", `${hub}@${digest}`, `${ecr}:1`]);
  assert.equal(pinned.sides.left.digest, digest);
});

test("mirror's reports and check's fit it too, and so do errors", async (t) => {
  const { stdout } = await call(["mirror", hub, ecr, "--json", "--tags", "1"], { run });
  assert.ok(fits(JSON.parse(stdout.split("\n")[0]).report, schema));
  const file = join(folder(t), "receipt.json");
  await call(["same", `${hub}:1`, `${ecr}:1`, "--receipt", file], { run });
  const checked = await json(["check", file]);
  assert.equal(checked.schema, version);
  assert.ok(fits(checked.report, schema));
  assert.ok(fits(jsonError({ code: "usage", message: "no", offset: 3 }), schema));
  const failed = await pullproof(["same", "a", "--json"]);
  assert.ok(fits(JSON.parse(failed.stdout), schema), failed.stdout);
});
