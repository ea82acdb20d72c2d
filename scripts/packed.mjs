// The npm package as its users get it: packed, then installed in an empty folder, offline.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.mjs";

/** Packs what was built, and installs it in an empty folder. */
export function installPackedIn(folder) {
  // --ignore-scripts: what is tested is what was just built; packing must not build it again.
  const packed = npm(root, "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(packed);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(folder, "install", "--offline", "--no-audit", "--no-fund", `./${filename}`);
}

function npm(cwd, ...args) {
  const path = process.env.npm_execpath;
  const [program, first] = path ? [process.execPath, [path]] : ["npm", []];
  const stdio = ["ignore", "pipe", "pipe"];
  return execFileSync(program, [...first, ...args], { cwd, encoding: "utf8", stdio });
}
