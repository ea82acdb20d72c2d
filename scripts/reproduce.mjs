// Builds the site a second time, from a copy of the sources in a folder of another name, and compares: the
// same bytes, or a list of the files that differ. `node scripts/reproduce.mjs`; it takes as long as a first
// build.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Stop, main, root, run, say } from "./command.mjs";
import "./build.mjs";

// Folders made from the sources, and git's own folder.
const ignored = readFileSync(join(root, ".gitignore"), "utf8").match(/(?<=^\/).+$/gm);
const made = new Set([".git", ...ignored]);

await main(() => {
  const first = filesOf(root);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-again-"));
  try {
    const copy = join(folder, "somewhere-else");
    cpSync(root, copy, { recursive: true, filter: (path) => !made.has(relative(root, path)) });
    // The same tools, which package-lock.json fixes; everything that is built is built anew.
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    run(process.execPath, ["scripts/build.mjs"], { cwd: copy });
    compare(first, filesOf(copy));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function filesOf(folder) {
  return JSON.parse(readFileSync(join(folder, "dist", "site", "files.json"), "utf8")).files;
}

function compare(one, other) {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const different = names.filter((name) => one[name] !== other[name]);
  if (different.length > 0) throw new Stop(`Two builds gave other bytes for ${different.join(", ")}`);
  say(`${names.length} files, the same bytes in both`);
}
