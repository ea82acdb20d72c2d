// The GitHub Action: its scripts with a summary file, its outputs, and that nothing in an input or an answer can run.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { Run } from "../../dist/pkg/node.js";
import { root } from "../../scripts/command.mjs";
import { call, folder, program, serveRegistry } from "../support/cli.mjs";

const action = readFileSync(join(root, "action.yml"), "utf8");

/** Runs the script with these inputs, as the runner does; its code, outputs and summary. */
async function run(t, inputs) {
  const path = folder(t, { summary: "", output: "" });
  const env = {
    PATH: process.env.PATH,
    HOME: path,
    RUNNER_TEMP: path,
    EXECUTABLE: program,
    VERSION: "0.0.0",
    GITHUB_STEP_SUMMARY: join(path, "summary"),
    GITHUB_OUTPUT: join(path, "output"),
    ...inputs,
  };
  const running = promisify(execFile)(join(root, "scripts", "action.sh"), { cwd: path, env });
  const { code = 0, stdout, stderr } = await running.catch((error) => error);
  const read = (name) => readFileSync(join(path, name), "utf8");
  const outputs = Object.fromEntries(read("output").trimEnd().split("\n").map((line) => line.split(/=(.*)/).slice(0, 2)));
  return { code, stdout, stderr, path, outputs, summary: read("summary") };
}

const empty = { verdict: "none", digest: "", report: "", receipt: "" };

const tags = { 1: "mirror-relisted", 2: "buildx-single" };
const others = { 1: "mirror-recompressed", 2: "crane-docker" };

for (const [name, inputs, code, verdict, heading] of [
  ["same", { RUN: "same", LEFT: "/a:1", RIGHT: "/b:1" }, 0, "proven", /^### ✓ Same image$/m],
  ["same at a level", { RUN: "same", LEFT: "/a:1", RIGHT: "/b:1", LEVEL: "manifest" }, 1, "contradicted", /^### ✗ Different/],
  ["same, something missing", { RUN: "same", LEFT: "/a:1", RIGHT: "/b:9" }, 3, "open", /^### … Not compared yet$/m],
  ["mirror", { RUN: "mirror", LEFT: "/a", RIGHT: "/b" }, 1, "contradicted", /^### ✗ contradicted: tags of <code>/],
  ["mirror of some tags", { RUN: "mirror", LEFT: "/a", RIGHT: "/b", TAGS: "1\nnone*\n" }, 0, "proven", /^1 tag: 1 proven$/m],
  ["published", { RUN: "published", IMAGE: "/a:2", DIGESTS: `sha256:${"0".repeat(64)}` }, 1, "contradicted", /^### ✗ Not the published image$/m],
]) {
  test(`${name}: ${verdict}`, async (t) => {
    const host = await serveRegistry(t, { a: tags, b: others });
    const at = (value) => (value.startsWith("/") ? `${host}${value}` : value);
    const found = await run(t, Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, at(value)])));
    assert.deepEqual([found.code, found.outputs.verdict], [code, verdict], found.stderr);
    assert.match(found.summary, heading);
    assert.match(found.stdout, new RegExp(`^::${code === 0 ? "notice" : "error"} title=pullproof: ${verdict}::\\S`, "m"));
    const lines = readFileSync(found.outputs.report, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
    if (inputs.RUN !== "mirror") assert.deepEqual(lines.map((report) => report.verdict), [verdict]);
    assert.equal(lines.length > 0 && lines.every((line) => typeof line.verdict === "string"), true);
    assert.equal(found.outputs.receipt !== "", inputs.RUN !== "mirror");
    if (inputs.RUN === "mirror") return;
    assert.match(found.outputs.digest, inputs.RIGHT === "/b:9" ? /^$/ : /^sha256:[0-9a-f]{64}$/);
    // The receipt is the answer again.
    const again = await run(t, { RUN: "check", RECEIPT: found.outputs.receipt });
    assert.deepEqual([again.code, again.outputs.verdict, again.outputs.digest], [code, verdict, found.outputs.digest], again.stderr);
  });
}

test("published by a policy; and a receipt that was changed is contradicted", async (t) => {
  const host = await serveRegistry(t, { a: tags, b: others });
  const policy = join(folder(t), "policy.json");
  const made = await promisify(execFile)(process.execPath, [program, "publish", `${host}/a`, "--tags", "2", "-o", policy]);
  assert.equal(made.stdout, "");
  const found = await run(t, { RUN: "published", IMAGE: `${host}/a:2`, POLICY: policy });
  assert.deepEqual([found.code, found.outputs.verdict, found.outputs.digest], [0, "proven", JSON.parse(readFileSync(policy, "utf8")).releases[0].digests[0]], found.stderr);
  const receipt = JSON.parse(readFileSync(found.outputs.receipt, "utf8"));
  writeFileSync(found.outputs.receipt, JSON.stringify({ ...receipt, report: { ...receipt.report, summary: "all is well" } }));
  const changed = await run(t, { RUN: "check", RECEIPT: found.outputs.receipt });
  assert.deepEqual([changed.code, changed.outputs.verdict, changed.outputs.digest], [1, "contradicted", ""]);
  assert.match(changed.stdout, /^::error title=pullproof: contradicted::The receipt does not match/m);
});

test("a question that cannot be asked fails, and says where to look", async (t) => {
  for (const inputs of [
    { RUN: "same", LEFT: "A B", RIGHT: "b" },
    { RUN: "published", IMAGE: "a", IDENTITY: "b" },
    { RUN: "same", LEFT: "a", RIGHT: "b", LEVEL: "all" },
  ]) {
    const { code, outputs, summary, stderr } = await run(t, inputs);
    assert.deepEqual([code, outputs], [2, empty]);
    assert.match(summary, /^### pullproof gave no answer/);
    assert.match(stderr, /^pullproof: /);
  }
  assert.equal((await run(t, { RUN: "digest" })).code, 2);
  assert.equal((await run(t, { RUN: "same", EXECUTABLE: "", VERSION: "file:evil" })).code, 2);
});

/** A program that stands in for the command: what it prints, and how it ends. */
const standIn = (t, text, code) => {
  const path = join(folder(t, { program: `#!/bin/sh\nprintf '%s' '${text}'\nexit ${code}\n` }), "program");
  chmodSync(path, 0o755);
  return path;
};

const said = (verdict, more) => JSON.stringify({ question: { ask: "same", left: "a", right: "b" }, verdict, headline: "H", summary: "S.", conditions: [], claims: [], ...more });

for (const [text, code, verdict] of [
  [`${said("proven")}\n`, 0, "proven"],
  [said("stated"), 0, "stated"],
  [said("stated"), 4, "stated"],
  [said("open"), 3, "open"],
  [`${said("proven")}\n`, 2, "proven"],
  [`${said("contradicted")}\n`, 2, "contradicted"],
  // Without its answer a code is anybody's: npx ends with 1 where it cannot install.
  ["", 0, "none"],
  ["", 1, "none"],
  ["npm error network\n", 1, "none"],
  [`${said("proven")}\n`, 1, "none"],
  [`${said("contradicted")}\n`, 0, "none"],
  [`${said("perfect")}\n`, 0, "none"],
  ["PROVEN: recomputed\n", 0, "none"],
  [`${said("open")}\nexit 0\n`, 3, "open"],
  ["null\n[]\n1\n", 0, "none"],
  ["", 127, "none"],
]) {
  test(`the verdict is that of the report: ${JSON.stringify(text).slice(0, 60)} and ${code} is ${verdict}`, async (t) => {
    const { code: ended, outputs, stdout } = await run(t, { RUN: "same", LEFT: "a", RIGHT: "b", EXECUTABLE: standIn(t, text, code) });
    assert.deepEqual([ended, outputs.verdict], [verdict === "none" && code === 0 ? 2 : code, verdict]);
    assert.match(stdout, new RegExp(`^::${ended === 0 ? "notice" : "error"} title=pullproof`, "m"));
  });
}

test("no text of an answer is a command to the runner", async (t) => {
  const nasty = "a\n::add-mask::x\r::set-env name=PATH::x ##[error]x %0A::error::x \u2028::x";
  for (const text of [said("proven", { headline: nasty, summary: nasty, conditions: [nasty] }), "::add-mask::x", "  ##[set-env name=a]x"]) {
    const { stdout } = await run(t, { RUN: "same", LEFT: "a", RIGHT: "b", EXECUTABLE: standIn(t, `${text}\n`, 0) });
    const commands = stdout.split(/[\n\r\u2028]/).filter((line) => /^\s*::|##\[/.test(line));
    assert.equal(commands.length, 1);
    assert.match(commands[0], /^::(?:notice|error) title=pullproof[^:]*(?:: proven)?::[^\n]*$/);
    assert.doesNotMatch(commands[0], /%0A/);
  }
});

test("a full disk changes no verdict, and is no success", async (t) => {
  const host = await serveRegistry(t, { a: tags, b: others });
  const inputs = { RUN: "same", LEFT: `${host}/a:1`, RIGHT: `${host}/b:1` };
  const noSummary = await run(t, { ...inputs, GITHUB_STEP_SUMMARY: "/dev/full" });
  assert.deepEqual([noSummary.code, noSummary.outputs.verdict], [2, "proven"]);
  const noOutput = await run(t, { ...inputs, GITHUB_OUTPUT: "/dev/full" });
  assert.equal(noOutput.code, 2);
  assert.match(noOutput.stderr, /^pullproof: file: expected a file that can be written, found one that cannot, at \/dev\/full$/m);
  // The report and the receipt are files now: without a place for them the answer is there, and the step fails.
  const noTemporary = await run(t, { ...inputs, RUNNER_TEMP: "/nonexistent" });
  assert.deepEqual([noTemporary.code, noTemporary.outputs], [2, { ...empty, verdict: "proven", digest: noSummary.outputs.digest }]);
  assert.match(noTemporary.stderr, /^pullproof: file: no folder could be made/m);
});

/** The inputs that become options, by name, in the script's order; of those in lines each line does. */
const optionsOf = {
  same: { TAGS: "tags", LEVEL: "level", PLATFORM: "platform", GATEWAY: "gateway", ACCEPT: "accept" },
  published: { DIGESTS: "digest", KEYS: "key", TRUST_DATA: "trust-data", POLICY: "policy", AT: "at", IDENTITY: "identity", ISSUER: "issuer" },
};
const operandsOf = { same: ["LEFT", "RIGHT"], published: ["IMAGE"] };
const inLines = ["TAGS", "DIGESTS", "KEYS", "TRUST_DATA"];
const optionsFor = (RUN, inputs) =>
  Object.entries(optionsOf[RUN]).flatMap(([key, name]) => {
    const values = inputs[key] === undefined ? [] : inLines.includes(key) ? inputs[key].split("\n") : [inputs[key]];
    return values.map((value) => `--${name}=${value}`);
  });

for (const text of ["$(touch ran)", "`touch ran`", "'; touch ran; '", '"; touch ran; "', "x\ntouch ran", "--help", "-h"]) {
  test(`nothing in an input runs, or becomes an option: ${JSON.stringify(text)}`, async (t) => {
    const recorder = join(folder(t, { program: `#!/bin/sh\nprintf '%s\\0' "$@" > "$0.arguments"\n` }), "program");
    chmodSync(recorder, 0o755);
    for (const RUN of ["same", "published"]) {
      // The script, with all inputs at once: its program gets each as it is.
      const inputs = Object.fromEntries([...operandsOf[RUN], ...Object.keys(optionsOf[RUN])].map((key) => [key, text]));
      const { path, code, outputs } = await run(t, { RUN, ...inputs, EXECUTABLE: recorder });
      assert.equal(existsSync(join(path, "ran")), false);
      assert.deepEqual([code, outputs], [2, empty]);
      const own = (argument) => !/^--(?:summary|receipt)=/.test(argument);
      const found = readFileSync(`${recorder}.arguments`, "utf8").split("\0").slice(0, -1).filter(own);
      assert.deepEqual(found, [RUN, "--json", ...optionsFor(RUN, inputs), "--", ...operandsOf[RUN].map((key) => inputs[key])]);
      // The command, with one at a time.
      for (const key of Object.keys(inputs)) {
        const images = { LEFT: "127.0.0.1:1/a", RIGHT: "127.0.0.1:1/b", IMAGE: "127.0.0.1:1/a", [key]: text };
        const argv = [RUN, "--json", ...optionsFor(RUN, { [key]: text }), "--", ...operandsOf[RUN].map((name) => images[name])];
        const ended = await call(argv, { run: (options) => new Run(options) }).catch(({ code: reason }) => ({ code: 2, stdout: "", reason }));
        assert.deepEqual([ended.code, ended.stdout, typeof ended.reason], [2, "", "string"], `${key} ${text}`);
        assert.equal(existsSync("ran"), false, `${key} ${text}`);
      }
    }
  });
}

test("inputs reach the script through the environment only, each of them", () => {
  const [inputs, runs] = action.split("\nruns:\n");
  const names = [...inputs.split("\noutputs:\n")[0].matchAll(/^ {2}([a-z_]+):$/gm)].map(([, name]) => name);
  assert.ok(names.length > 10);
  for (const name of names) {
    assert.match(runs, new RegExp(`^ {8}${name.toUpperCase()}: \\$\\{\\{ inputs\\.${name} \\}\\}$`, "m"));
    assert.match(readFileSync(join(root, "scripts", "action.sh"), "utf8"), new RegExp(`\\$\\{?${name.toUpperCase()}\\b`));
  }
  const [, script] = /^ {6}run: (.*)$/m.exec(runs);
  assert.equal(script, `'"$GITHUB_ACTION_PATH/scripts/action.sh"'`);
});

test("the version that it runs is this one", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.match(action, new RegExp(`^ {4}default: "${version.replaceAll(".", "\\.")}"$`, "m"));
});
