// dist/site/: the page as it lies in www/, beside the package it imports.

import { cpSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./command.mjs";

/** Brings dist/site/ up to date. */
export function buildSite() {
  const site = join(root, "dist", "site");
  rmSync(site, { recursive: true, force: true });
  cpSync(join(root, "www"), site, { recursive: true });
  // The command is no part of the page.
  const filter = (path) => !["cli", "cli.js"].includes(basename(path));
  cpSync(join(root, "dist", "pkg"), join(site, "pkg"), { recursive: true, filter });
}
