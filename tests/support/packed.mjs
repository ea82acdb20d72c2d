// A project that has the packed package installed.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { installPackedIn } from "../../scripts/packed.mjs";

/** Its folder; removed after the tests. `npm test` has one made already, of which each test file gets a copy. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-packed-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const made = process.env.PULLPROOF_PACKED;
  if (made) cpSync(made, folder, { recursive: true, verbatimSymlinks: true });
  else installPackedIn(folder);
  return folder;
}
