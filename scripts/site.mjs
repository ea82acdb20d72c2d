// dist/site/: the page as it lies in www/, beside the package it imports, and the list of its files.

import { createHash } from "node:crypto";
import { cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { root } from "./command.mjs";

/** Brings dist/site/ (or another folder) up to date. */
export function buildSite(site = join(root, "dist", "site")) {
  rmSync(site, { recursive: true, force: true });
  cpSync(join(root, "www"), site, { recursive: true });
  // The command is no part of the page.
  const filter = (path) => !["cli", "cli.js"].includes(basename(path));
  cpSync(join(root, "dist", "pkg"), join(site, "pkg"), { recursive: true, filter });
  writeFileSync(join(site, "files.json"), fileList(site));
}

/** Each file's digest, for "Check this page" and for what is kept offline. Types are not loaded. */
function fileList(site) {
  const names = readdirSync(site, { recursive: true }).map((name) => name.split(sep).join("/"));
  const files = names.filter((name) => statSync(join(site, name)).isFile() && !name.endsWith(".d.ts")).sort();
  const digest = (name) => `sha256:${createHash("sha256").update(readFileSync(join(site, name))).digest("hex")}`;
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return `${JSON.stringify({ pullproof: "files", version, files: Object.fromEntries(files.map((name) => [name, digest(name)])) }, undefined, 1)}\n`;
}
