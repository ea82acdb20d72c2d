// Running other programs, and stopping with a sentence a person can act on.

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder: every path in scripts/ starts here, whatever the current folder is. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A reason to stop that the reader can do something about: shown without a stack. */
export class Stop extends Error {}

/** Does the work of a script; a `Stop` ends it with its sentence and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}`);
    process.exit(1);
  }
}

/** Says one line about what is being done. */
export function say(line) {
  console.log(`== ${line}`);
}

/** Runs a program with its output shown; anything but exit code 0 is a `Stop`. */
export function run(program, args, { cwd = root, env = process.env } = {}) {
  const { status, signal, error } = spawnSync(program, args, { cwd, env, stdio: "inherit" });
  if (status === 0) return;
  const why = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  throw new Stop(`${[program, ...args].join(" ")}\nfailed: ${why}`);
}

/** Runs a program with its output shown; true for exit code 0. */
export function succeeds(program, args) {
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status === 0;
}

/** A program's output, or undefined if it cannot be run or fails. */
export function output(program, args, { cwd = root, env = process.env } = {}) {
  const { status, stdout } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The path of the first of these programs that PATH has, or undefined. */
export function find(...names) {
  const suffix = process.platform === "win32" ? ".exe" : "";
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name + suffix);
      if (folder !== "" && executable(path)) return path;
    }
  }
  return undefined;
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
