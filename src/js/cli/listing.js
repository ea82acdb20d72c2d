// The list of a page's files, files.json: each with its digest, for "Check this page" and for what is
// kept offline.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";

// Not loaded by the page; not served by every host; and a publisher's policy, which has to be the
// newest one and never one that was kept.
const left = (name) => name.endsWith(".d.ts") || name.startsWith(".") || ["files.json", "policy.json"].includes(name);

/** The list of those of a folder's files that the page is made of. */
export const fileList = (folder, names, version) => listOf(names, version, (name) => join(folder, name));

/** The list of the page as it is served from where it lies: `www` and, under pkg/, the package without its command. */
export function servedList(www, pkg, version) {
  const isFile = (folder) => (name) => statSync(join(folder, name)).isFile();
  const inside = (folder) => readdirSync(folder, { recursive: true }).filter(isFile(folder)).map((name) => name.split(sep).join("/"));
  const modules = inside(pkg).filter((name) => name !== "cli.js" && !name.startsWith("cli/"));
  const pathOf = (name) => (name.startsWith("pkg/") ? join(pkg, name.slice(4)) : join(www, name));
  return listOf([...inside(www), ...modules.map((name) => `pkg/${name}`)], version, pathOf);
}

function listOf(names, version, pathOf) {
  const digest = (name) => `sha256:${createHash("sha256").update(readFileSync(pathOf(name))).digest("hex")}`;
  const listed = names.filter((name) => !left(name)).sort();
  const files = Object.fromEntries(listed.map((name) => [name, digest(name)]));
  return `${JSON.stringify({ pullproof: "files", version, files }, undefined, 1)}\n`;
}
