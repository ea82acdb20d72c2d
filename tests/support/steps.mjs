// Runs the steps of "Check it yourself" as a reader does: one after the other, in one shell.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mark = "\u0001";

/** The output of each step: `{ about, command, prints, printed }`, the last two in lines. `programs` are shims by name. */
export async function runSteps(steps, { cwd, env = {}, programs = {} } = {}) {
  const commands = steps.filter(({ command }) => command !== undefined);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-steps-"));
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const path = `${folder}:${env.PATH ?? process.env.PATH}`;
  const script = commands.map(({ command }) => `${command}\nprintf '\\001'`).join("\n");
  const options = { cwd, env: { ...env, PATH: path, TMPDIR: folder }, maxBuffer: 64 << 20 };
  try {
    const { stdout, stderr } = await new Promise((resolve) => {
      execFile("sh", ["-c", script], options, (_, stdout, stderr) => resolve({ stdout, stderr }));
    });
    const parts = stdout.split(mark);
    if (parts.length !== commands.length + 1) throw new Error(`expected ${commands.length} steps to end, found ${parts.length - 1}: ${stderr}`);
    // sha256sum names what it read: standard input is -.
    const clean = (line) => line.replace(/^([0-9a-f]{64}|[0-9a-f]{128}) {2}\S+$/, "$1");
    return commands.map((step, i) => ({ ...step, printed: parts[i].split("\n").filter((line) => line !== "").map(clean) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
