// "Check it yourself" with the real clients: of every image of the builders and of shapes that writers rarely make,
// each line that is printed prints what it has to where the answer is proven, and something else where it is
// contradicted.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { answer } from "../../dist/pkg/node.js";
import { checks } from "../../dist/pkg/report/checks.js";
import { sha256 } from "../builders/bytes.mjs";
import { images } from "../builders/images.mjs";
import { program } from "../support/cli.mjs";
import { shapes } from "../support/shapes.mjs";
import { runSteps } from "../support/steps.mjs";
import { serveVerbatim } from "../support/verbatim.mjs";
import { tools as get } from "./tools.mjs";

const tools = get(["buildx", "crane", "jq", "skopeo"]);
const emptySum = sha256(Buffer.alloc(0)).slice(7);
const all = [
  ...images().map(({ name, documents, root }) => ({ name, documents: documents.map(({ bytes }) => bytes), root: documents.find(({ digest }) => digest === root).bytes })),
  ...Object.entries(shapes).map(([name, shape]) => ({ name, ...shape })),
];
const programs = { docker: `shift\nexec ${tools.buildx.path} "$@"`, pullproof: `exec ${process.execPath} ${program} "$@"` };
for (const name of ["crane", "skopeo"]) programs[name] = `exec ${tools[name].path} "$@"`;

/** Two registries' worth of one image, and a home of its own. */
async function at(t, { documents, root }) {
  const host = await serveVerbatim(t, { documents, tags: { "l/image:1.0": root, "m/image:1.0": root } });
  const home = mkdtempSync(join(tmpdir(), "pullproof-steps-"));
  t.after(() => rmSync(home, { recursive: true }));
  const env = { PATH: process.env.PATH, HOME: home, NO_PROXY: "127.0.0.1" };
  return { host, home, run: (steps) => runSteps(steps, { cwd: home, env, programs }) };
}

const holds = ({ prints, printed }) =>
  !printed.includes(emptySum) && (prints.length > 0 ? JSON.stringify(prints) === JSON.stringify(printed) : printed.length === 2 && printed[0] === printed[1]);

/** Runs the lines of an answer that is proven. */
async function assertSteps(question, run, { only = () => true, ...options } = {}) {
  const report = await answer(question, { referrers: false, ...options });
  if (report.verdict !== "proven") return;
  for (const { tool, steps } of checks(report).filter(({ tool }) => only(tool))) {
    assert.deepEqual((await run(steps)).filter((step) => !holds(step)), [], `${tool}: ${JSON.stringify(question)}`);
  }
}

/** True if lines show that two images differ: a sum is not what it has to be, or two sums differ that are said to differ. */
function showsDifference(ran) {
  const twoOf = ran.filter(({ about, printed }) => /the two sums differ$/.test(about) && printed.length === 2);
  const whole = /the two sums differ$/.test(ran[1].about) ? [{ printed: [...ran[0].printed, ...ran[1].printed] }] : [];
  return ran.some(({ prints, printed }) => prints.length > 0 && JSON.stringify(prints) !== JSON.stringify(printed)) || [...twoOf, ...whole].some(({ printed: [one, other] }) => one !== other);
}

for (const image of all) {
  test(`each line that is printed holds: ${image.name}`, async (t) => {
    const { host, home, run } = await at(t, image);
    const [left, right] = ["l", "m"].map((name) => `${host}/${name}/image:1.0`);
    const offline = { fetch: () => Promise.reject(new TypeError("fetch failed")), timeout: 1000, only: (tool) => tool === "files" };
    await assertSteps({ ask: "what", image: left }, run);
    for (const level of ["index", "manifest", "config", "rootfs"]) await assertSteps({ ask: "same", left, right, level }, run);
    for (const digest of new Set(image.documents.map(sha256))) await assertSteps({ ask: "published", image: left, by: { digests: [digest] } }, run);
    for (const bytes of image.documents) {
      writeFileSync(join(home, "FILE"), bytes);
      await assertSteps({ ask: "what", image: `a.example/b@${sha256(bytes)}` }, run, { ...offline, pasted: [bytes] });
    }
  });
}

test("where the answer is contradicted, each tool's lines show it", async (t) => {
  const of = (name) => all.find((one) => one.name === name);
  const [one, other] = [of("buildx-attested"), of("mirror-relabelled")];
  const host = await serveVerbatim(t, { documents: [...one.documents, ...other.documents], tags: { "l/image:1.0": one.root, "m/image:1.0": other.root } });
  const { run } = await at(t, one);
  const [left, right] = ["l", "m"].map((name) => `${host}/${name}/image:1.0`);
  const policy = (fields) => JSON.stringify({ pullproof: "policy", version: 1, project: "Beacon", names: [`${host}/l/image`], mirrors: [`${host}/m/image`], releases: [{ tag: "1.0", ...fields }] });
  for (const question of [
    // The layers are the same, under configurations with another label.
    ...["index", "manifest", "config"].map((level) => ({ ask: "same", left, right, level })),
    { ask: "published", image: right, by: { digests: [sha256(one.root)] } },
    { ask: "published", image: right, by: { policy: policy({ digests: [sha256(one.root)] }) } },
  ]) {
    const report = await answer(question, { referrers: false });
    assert.equal(report.verdict, "contradicted", JSON.stringify(question));
    // Docker prints no configuration.
    const byConfig = question.by?.policy !== undefined || question.level === "config";
    for (const { tool, steps } of checks(report).filter(({ tool }) => tool !== "docker" || !byConfig)) {
      assert.ok(showsDifference(await run(steps)), `${tool} shows no difference: ${JSON.stringify(question)}`);
    }
  }
});
