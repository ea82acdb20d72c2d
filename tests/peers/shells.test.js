// Completion in real zsh and fish, which are installed here where they are missing.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { hasPackages } from "../../scripts/debian.mjs";
import { commands } from "../../dist/pkg/cli/table.js";
import { call } from "../support/cli.mjs";

assert.ok(hasPackages("zsh", "fish"), "These tests need Debian's zsh and fish, which could not be installed here.");
const home = mkdtempSync(join(tmpdir(), "shells-"));
after(() => rmSync(home, { recursive: true }));
const env = { PATH: process.env.PATH, HOME: home, LC_ALL: "C.UTF-8", TERM: "xterm" };

async function script(shell) {
  const file = join(home, `completion.${shell}`);
  writeFileSync(file, (await call(["completion", shell])).stdout);
  return file;
}

const run = (shell, args, more) => execFileSync(shell, args, { cwd: home, env, encoding: "utf8", ...more });

test("fish completes commands, options and their values", async () => {
  const file = await script("fish");
  const of = (line) => run("fish", ["--no-config", "-c", `source ${file}; complete -C '${line}'`]).split("\n").filter(Boolean).map((one) => one.split("\t")[0]).sort();
  assert.deepEqual(of("pullproof pu"), ["publish", "published"]);
  assert.deepEqual(of("pullproof same --level "), ["config", "index", "manifest", "rootfs"]);
  assert.deepEqual(of("pullproof completion "), ["bash", "fish", "zsh"]);
  for (const [command, { options: own }] of Object.entries(commands)) {
    const found = of(`pullproof ${command} --`);
    for (const name of own) assert.ok(found.some((one) => one.split("=")[0] === `--${name}`), `${command} ${name}: ${found}`);
  }
});

test("zsh completes commands, options and their values", async () => {
  const file = await script("zsh");
  // A terminal of zsh's own, in which Tab is pressed; what it shows is read until `expected` is there.
  const shown = (line, expected) => run("zsh", ["-f", "-c", `zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PS1=; LINES=100 COLUMNS=200; autoload -U compinit; compinit -u -D; source ${file}; LISTMAX=1000; print READY\\$((1+1))"
    zpty -r shell out "*READY2*"
    zpty -n -w shell $'${line}\\t\\t'
    for try in {1..100}; do zpty -rt shell part && out+=$part || sleep 0.1; [[ $out == *"${expected}"* ]] && break; done
    print -r -- "$out"
    zpty -d shell`], { timeout: 60_000 });
  assert.match(shown("pullproof pu", "published "), /publish/);
  for (const level of ["index", "manifest"]) assert.ok(shown("pullproof same --level ", "rootfs").includes(level));
  for (const [command, { options: own }] of Object.entries(commands)) {
    if (own.length > 2) assert.match(shown(`pullproof ${command} --`, own.toSorted().at(-1)), new RegExp(`--${own[0]}`), command);
  }
});
