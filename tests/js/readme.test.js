// The README's JavaScript examples are run as a user would, and print what the README says; so does the
// command on its first page, and it has every command.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/command.mjs";
import { commands } from "../../dist/pkg/cli/arguments.js";
import { call, runOver } from "../support/cli.mjs";
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

test("the command prints what the README says, but for what it leaves out", async () => {
  const [, line, printed] = /```sh\nnpx pullproof (same [^\n]*)\n```\n\n```text\n(.*?)```/s.exec(readme);
  const argv = line.split(" ");
  const images = ["buildx-attested", "mirror-recompressed"];
  const repositories = argv.slice(1).map((name, n) => [name.replace(/:[^:]*$/, ""), { "0.1.19": images[n] }]);
  const { code, stdout } = await call(argv, { run: runOver(Object.fromEntries(repositories)) });
  assert.equal(code, 0);
  let at = 0;
  for (const part of printed.split(/^ *\.\.\.\n/m)) {
    const found = stdout.indexOf(part, at);
    assert.notEqual(found, -1, `expected in order:\n${part}\nfound:\n${stdout}`);
    at = found + part.length;
  }
});

test("the README's table has every command", () => {
  const table = readme.slice(readme.indexOf("| command |"), readme.indexOf("The exit code decides"));
  const named = [...table.matchAll(/`(\w+)[^`]*`(?=[^|]*\|[^|]*\|\n)/g)].map(([, name]) => name);
  const others = ["help", "serve"];
  assert.deepEqual([...new Set(named)].sort(), Object.keys(commands).filter((name) => !others.includes(name)).sort());
});
