// Runs the steps of "Check it yourself" as a reader does: one after the other, in one shell.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mark = "\u0001";

/**
 * The output of each step: `{ about, command, prints, printed }`, the last two in lines. `programs` are shims by name;
 * `last` says of a step that no other need follow it.
 */
export async function runSteps(steps, { cwd, env = {}, programs = {}, last = () => false } = {}) {
  const commands = steps.filter(({ command }) => command !== undefined);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-steps-"));
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const path = `${folder}:${env.PATH ?? process.env.PATH}`;
  // The shell is told on another descriptor whether to go on.
  const script = commands.map(({ command }) => `${command}\nprintf '\\001'; read -r _ <&3 || exit 0`).join("\n");
  try {
    const child = spawn("sh", ["-c", script], { cwd, env: { ...env, PATH: path, TMPDIR: folder }, stdio: ["pipe", "pipe", "pipe", "pipe"] });
    const [ran, errors] = [[], []];
    const ended = once(child, "close");
    child.stderr.on("data", (bytes) => errors.push(bytes));
    child.stdio[3].on("error", () => {});
    let stopped = false;
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (more) => {
      text += more;
      for (let end; (end = text.indexOf(mark)) >= 0; text = text.slice(end + 1)) {
        ran.push({ ...commands[ran.length], printed: linesOf(text.slice(0, end)) });
        stopped = last(ran.at(-1));
        if (stopped) child.stdio[3].end();
        else child.stdio[3].write("\n");
      }
    });
    await ended;
    if (!stopped && ran.length !== commands.length) throw new Error(`expected ${commands.length} steps to end, found ${ran.length}: ${Buffer.concat(errors)}`);
    return ran;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lines that are not empty. sha256sum names what it read: standard input is -. */
function linesOf(text) {
  const clean = (line) => line.replace(/^([0-9a-f]{64}|[0-9a-f]{128}) {2}\S+$/, "$1");
  return text.split("\n").filter((line) => line !== "").map(clean);
}
