// The GitHub Action: its script with a summary file, and that nothing in an input can run.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { root } from "../../scripts/command.mjs";
import { folder, program, serveRegistry } from "../support/cli.mjs";

const action = readFileSync(join(root, "action.yml"), "utf8");

/** Runs the script with these inputs, as the runner does; its code, outputs and summary. */
async function run(t, inputs) {
  const path = folder(t, { summary: "", output: "" });
  const env = {
    PATH: process.env.PATH,
    HOME: path,
    EXECUTABLE: program,
    VERSION: "0.0.0",
    GITHUB_STEP_SUMMARY: join(path, "summary"),
    GITHUB_OUTPUT: join(path, "output"),
    ...inputs,
  };
  const running = promisify(execFile)(join(root, "scripts", "action.sh"), { cwd: path, env });
  const { code = 0, stdout, stderr } = await running.catch((error) => error);
  const read = (name) => readFileSync(join(path, name), "utf8");
  return { code, stdout, stderr, path, output: read("output"), summary: read("summary") };
}

const tags = { 1: "mirror-relisted", 2: "buildx-single" };
const others = { 1: "mirror-recompressed", 2: "crane-docker" };

for (const [name, inputs, code, verdict, heading] of [
  ["same", { RUN: "same", LEFT: "/a:1", RIGHT: "/b:1" }, 0, "proven", /^### proven: <code>/],
  ["same at a level", { RUN: "same", LEFT: "/a:1", RIGHT: "/b:1", LEVEL: "manifest" }, 1, "contradicted", /^### contradicted: /],
  ["same, something missing", { RUN: "same", LEFT: "/a:1", RIGHT: "/b:9" }, 3, "open", /^### open: /],
  ["mirror", { RUN: "mirror", LEFT: "/a", RIGHT: "/b" }, 1, "contradicted", /^### contradicted: tags of <code>/],
  ["mirror of some tags", { RUN: "mirror", LEFT: "/a", RIGHT: "/b", TAGS: "1\nnone*\n" }, 0, "proven", /^1 tag&#58; 1 proven$/m],
  ["published", { RUN: "published", IMAGE: "/a:2", DIGESTS: `sha256:${"0".repeat(64)}` }, 1, "contradicted", /^### contradicted: /],
]) {
  test(`${name}: ${verdict}`, async (t) => {
    const host = await serveRegistry(t, { a: tags, b: others });
    const at = (value) => (value.startsWith("/") ? `${host}${value}` : value);
    const found = await run(t, Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, at(value)])));
    assert.deepEqual([found.code, found.output], [code, `verdict=${verdict}\n`], found.stderr);
    assert.match(found.summary, heading);
    assert.match(found.stdout, new RegExp(`^${verdict.toUpperCase()}: `, "m"));
  });
}

test("a question that cannot be asked fails, and says where to look", async (t) => {
  for (const inputs of [
    { RUN: "same", LEFT: "A B", RIGHT: "b" },
    { RUN: "published", IMAGE: "a" },
    { RUN: "same", LEFT: "a", RIGHT: "b", LEVEL: "all" },
  ]) {
    const { code, output, summary, stderr } = await run(t, inputs);
    assert.deepEqual([code, output], [2, "verdict=none\n"]);
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

for (const [text, code, verdict] of [
  ["PROVEN: recomputed\n", 0, "proven"],
  ["STATED: somebody\n", 0, "stated"],
  ["STATED: somebody\n", 4, "stated"],
  ["OPEN: no", 3, "open"],
  ["PROVEN: recomputed\n", 2, "proven"],
  ["CONTRADICTED: two\n", 2, "contradicted"],
  // Without its answer a code is anybody's: npx ends with 1 where it cannot install.
  ["", 0, "none"],
  ["", 1, "none"],
  ["npm error network\n", 1, "none"],
  ["PROVEN: recomputed\n", 1, "none"],
  ["", 127, "none"],
]) {
  test(`the verdict is the one that was printed: ${JSON.stringify(text)} and ${code} is ${verdict}`, async (t) => {
    const { code: ended, output, stdout } = await run(t, { RUN: "same", LEFT: "a", RIGHT: "b", EXECUTABLE: standIn(t, text, code) });
    assert.deepEqual([ended, output], [code, `verdict=${verdict}\n`]);
    assert.equal(stdout.trimEnd(), text.trimEnd());
  });
}

test("a full disk changes no verdict, and is no success", async (t) => {
  const host = await serveRegistry(t, { a: tags, b: others });
  const inputs = { RUN: "same", LEFT: `${host}/a:1`, RIGHT: `${host}/b:1` };
  const noSummary = await run(t, { ...inputs, GITHUB_STEP_SUMMARY: "/dev/full" });
  assert.deepEqual([noSummary.code, noSummary.output], [2, "verdict=proven\n"]);
  assert.match(noSummary.stdout, /^PROVEN: /m);
  const noOutput = await run(t, { ...inputs, GITHUB_OUTPUT: "/dev/full" });
  assert.equal(noOutput.code, 2);
  assert.match(noOutput.stderr, /^pullproof: file: expected a file that can be written, found one that cannot, at \/dev\/full$/m);
  // Nothing is kept in a temporary file, which could be cut off.
  const noTemporary = await run(t, { ...inputs, TMPDIR: "/nonexistent" });
  assert.deepEqual([noTemporary.code, noTemporary.output], [0, "verdict=proven\n"]);
});

test("nothing in an input runs, or becomes an option", async (t) => {
  const texts = ["$(touch ran)", "`touch ran`", "'; touch ran; '", '"; touch ran; "', "x\ntouch ran", "--help", "-h"];
  const images = { LEFT: "127.0.0.1:1/a", RIGHT: "127.0.0.1:1/b", IMAGE: "127.0.0.1:1/a" };
  const ofSame = ["LEFT", "RIGHT", "LEVEL", "PLATFORM", "TAGS", "GATEWAY", "ACCEPT"];
  const ofPublished = ["IMAGE", "DIGESTS", "KEYS", "IDENTITY", "ISSUER"];
  const one = async (RUN, key, text) => {
    const { path, code, output } = await run(t, { RUN, ...images, [key]: text });
    assert.equal(existsSync(join(path, "ran")), false, `${key} ${text}`);
    assert.deepEqual([code, output], [2, "verdict=none\n"], `${key} ${text}`);
  };
  for (const key of ofSame) await Promise.all(texts.map((text) => one("same", key, text)));
  for (const key of ofPublished) await Promise.all(texts.map((text) => one("published", key, text)));
});

test("inputs reach the script through the environment only, each of them", () => {
  const [inputs, runs] = action.split("\nruns:\n");
  const names = [...inputs.split("\noutputs:\n")[0].matchAll(/^ {2}([a-z]+):$/gm)].map(([, name]) => name);
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
