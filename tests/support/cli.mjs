// The command, as a program and as a function whose run is a stand-in.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { root } from "../../scripts/command.mjs";
import { main } from "../../dist/pkg/cli/main.js";
import { readVector } from "../builders/vector.mjs";

export const program = join(root, "dist", "pkg", "cli.js");

/** Starts the program; `ended` gives `{ code, stdout, stderr }`. */
export function start(args, { cwd, env = {}, node = [] } = {}) {
  // What the environment of whoever runs the tests says about colour must not reach the program.
  const child = spawn(process.execPath, [...node, program, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
  const said = { stdout: [], stderr: [] };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (bytes) => said[name].push(bytes));
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([code]) => ({
    code,
    bytes: Buffer.concat(said.stdout),
    stdout: Buffer.concat(said.stdout).toString(),
    stderr: Buffer.concat(said.stderr).toString(),
  }));
  return { child, ended };
}

/** Runs the program to its end. */
export function pullproof(args, { input = "", ...options } = {}) {
  const { child, ended } = start(args, options);
  child.stdin.end(input);
  return ended;
}

/** A stream that keeps what is written. */
export function sink(properties = {}) {
  const parts = [];
  const stream = new Writable({ write: (part, _, done) => (parts.push(Buffer.from(part)), done()) });
  return Object.assign(stream, { text: () => Buffer.concat(parts).toString(), ...properties });
}

/** Calls the command in this process; `run` is what its questions are asked of. */
export async function call(argv, { run, input = "", environment = {}, tty = false, stdout, signal } = {}) {
  const connected = [];
  const io = {
    stdin: Readable.from(input === "" ? [] : [Buffer.from(input)]),
    stdout: stdout ?? sink({ isTTY: tty }),
    stderr: sink({ isTTY: tty }),
    environment,
    signal,
    connect: (options) => (connected.push(options), run),
  };
  const code = await main(argv, io);
  return { code, stdout: io.stdout.text?.(), stderr: io.stderr.text(), options: connected[0] };
}

/** A folder for a test, removed after it, with these files in it. */
export function folder(t, files = {}) {
  const path = mkdtempSync(join(tmpdir(), "pullproof-cli-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** A document of the vectors: its bytes and digest. */
export function document(name) {
  const { keys, bytes } = readVector(readFileSync(join(root, "tests", "vectors", "documents", `${name}.txt`)));
  return { bytes, digest: keys.digest };
}
