// The completions of shells, by running them; and the manual page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { commands, options } from "../../dist/pkg/cli/table.js";
import { call, folder } from "../support/cli.mjs";

const script = async (shell) => (await call(["completion", shell])).stdout;

/** The words that bash offers for these words, the last of which is being typed. */
function offered(text, words, cwd) {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const program = `${text}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _pullproof; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", program], { cwd, encoding: "utf8" }).split("\n").filter(Boolean).sort();
}

test("bash completes commands, options, their values, and files", async (t) => {
  const text = await script("bash");
  const cwd = folder(t, { "receipt.json": "{}" });
  const of = (...words) => offered(text, ["pullproof", ...words], cwd);
  assert.deepEqual(of(""), [...Object.keys(commands), "--help", "--version"].sort());
  assert.deepEqual(of("pu"), ["publish", "published"]);
  for (const [command, { options: own }] of Object.entries(commands)) {
    assert.deepEqual(of(command, "--"), own.map((name) => `--${name}`).sort(), command);
  }
  assert.deepEqual(of("same", "a", "b", "--level", ""), ["config", "index", "manifest", "rootfs"]);
  assert.deepEqual(of("help", "mi"), ["mirror"]);
  assert.deepEqual(of("completion", ""), ["bash", "fish", "zsh"]);
  assert.deepEqual(of("check", "rec"), ["receipt.json"]);
  assert.deepEqual(of("same", "--paste", "rec"), ["receipt.json"]);
  assert.deepEqual(of("same", "--platform", ""), []);
});

test("zsh's and fish's completion has every command and option", async () => {
  for (const shell of ["zsh", "fish"]) {
    const text = await script(shell);
    for (const command of Object.keys(commands)) assert.ok(text.includes(command), command);
    for (const name of Object.keys(options)) if (name !== "version") assert.match(text, new RegExp(`(?:--|-l )${name}\\b`), name);
  }
});

test("the manual page has every command with its options, and no line that roff takes for an instruction", () => {
  const page = readFileSync(join(root, "dist", "pkg", "pullproof.1"), "utf8");
  const plain = page.replaceAll("\\-", "-");
  for (const [command, { options: own }] of Object.entries(commands)) {
    const part = plain.slice(plain.search(new RegExp(`\n\\.SS ${command}(?: |\n)`))).slice(1).split("\n.SS ")[0];
    assert.ok(part.startsWith(`.SS ${command}`), command);
    for (const name of own) assert.match(part, new RegExp(`^\\.B (?:-\\w, )?--${name}\\b`, "m"), `${command} ${name}`);
  }
  const known = ["TH", "SH", "SS", "B", "br", "PP", "TP", "nf", "fi"];
  for (const line of page.split("\n")) if (/^[.']/.test(line)) assert.ok(known.includes(line.slice(1).split(" ")[0]), line);
});
