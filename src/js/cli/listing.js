// The list of a page's files, files.json: each with its digest, for "Check this page" and for what is
// kept offline.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// Not loaded by the page; not served by every host; and a publisher's policy, which has to be the
// newest one and never one that was kept.
const left = (name) => name.endsWith(".d.ts") || name.startsWith(".") || ["files.json", "policy.json"].includes(name);

/** The list of those of a folder's files that the page is made of. */
export function fileList(folder, names, version) {
  const digest = (name) => `sha256:${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}`;
  const listed = names.filter((name) => !left(name)).sort();
  const files = Object.fromEntries(listed.map((name) => [name, digest(name)]));
  return `${JSON.stringify({ pullproof: "files", version, files }, undefined, 1)}\n`;
}
