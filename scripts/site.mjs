// dist/site/: the page as it lies in www/, beside the package it imports, and the list of its files.

import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { fileList } from "../src/js/cli/listing.js";
import { root } from "./command.mjs";

/** Brings dist/site/ (or another folder) up to date. */
export function buildSite(site = join(root, "dist", "site")) {
  rmSync(site, { recursive: true, force: true });
  cpSync(join(root, "www"), site, { recursive: true });
  // The command is no part of the page.
  const filter = (path) => !["cli", "cli.js"].includes(basename(path));
  cpSync(join(root, "dist", "pkg"), join(site, "pkg"), { recursive: true, filter });
  const all = readdirSync(site, { recursive: true }).filter((name) => statSync(join(site, name)).isFile());
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(site, "files.json"), fileList(site, all.map((name) => name.split(sep).join("/")), version));
}
