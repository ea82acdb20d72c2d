// The README's JavaScript examples are run as a user would, and print what the README says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/command.mjs";
import { installPacked } from "../support/packed.mjs";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```(js|text)\n(.*?)```/gs)].map(([, kind, text]) => ({ kind, text }));
const examples = blocks.flatMap(({ kind, text }, n) => (kind === "js" ? [{ text, printed: blocks[n + 1] }] : []));
const project = installPacked();

test("the README has examples", () => assert.ok(examples.length >= 2));

for (const [n, { text, printed }] of examples.entries()) {
  test(`example ${n + 1} prints what the README says`, () => {
    assert.equal(printed?.kind, "text", "an example is followed by what it prints");
    const file = join(project, `example-${n}.js`);
    writeFileSync(file, text);
    assert.equal(execFileSync(process.execPath, [file], { encoding: "utf8" }), printed.text);
  });
}
