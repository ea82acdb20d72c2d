// Builds the site a second time, from a clone in a folder of another name, and compares: the same bytes,
// or a list of the files that differ. `node scripts/reproduce.mjs`; it takes as long as a first build.

import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stop, main, output, root, run, say } from "./command.mjs";
import "./build.mjs";

await main(() => {
  if (output("git", ["status", "--porcelain"]) !== "") throw new Stop("A clone has what was committed only, and here is more: commit it first.");
  const first = filesOf(root);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-again-"));
  try {
    const clone = join(folder, "somewhere-else");
    run("git", ["clone", "--quiet", root, clone]);
    // The same tools, which package-lock.json fixes; everything that is built is built anew.
    symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
    run(process.execPath, ["scripts/build.mjs"], { cwd: clone });
    compare(first, filesOf(clone));
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
