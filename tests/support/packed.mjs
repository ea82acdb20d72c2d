// The npm package as its users get it: packed, then installed in an empty folder, offline.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { root } from "../../scripts/command.mjs";

/** The folder of a project that has the packed package installed; removed after the tests. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-packed-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  // --ignore-scripts: what is tested is what was just built; packing must not build it again.
  const packed = npm(root, "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(folder, "install", "--offline", "--no-audit", "--no-fund", `./${filename}`);
  return folder;
}

function npm(cwd, ...args) {
  const path = process.env.npm_execpath;
  const [program, first] = path ? [process.execPath, [path]] : ["npm", []];
  const stdio = ["ignore", "pipe", "pipe"];
  return execFileSync(program, [...first, ...args], { cwd, encoding: "utf8", stdio });
}
