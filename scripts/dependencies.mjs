// The development dependencies of package.json. The scripts are what installs them, so no file in
// scripts/ imports anything but Node's own modules before this was called.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, say } from "./command.mjs";

/** Runs `npm ci` unless node_modules already is what package-lock.json says. */
export function installDependencies() {
  if (upToDate()) return;
  say("npm ci");
  // npm sets npm_execpath for the scripts it starts; without it, npm is found on PATH.
  const npm = process.env.npm_execpath;
  if (npm) run(process.execPath, [npm, "ci"]);
  else run("npm", ["ci"]);
}

function upToDate() {
  const here = packages("node_modules/.package-lock.json");
  const wanted = packages("package-lock.json");
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true; // this package itself
    if (!here[path]) return optional === true; // made for another platform
    return here[path].version === version && here[path].integrity === integrity;
  });
}

/** npm notes in node_modules/.package-lock.json what it last installed, as in package-lock.json. */
function packages(lock) {
  const path = join(root, lock);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}
