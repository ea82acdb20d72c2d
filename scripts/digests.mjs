// dist/pkg/digests.js: the package's version and the digest of its module of wasm, which browsers hold
// what they fetched against.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.mjs";

/** Writes the file for the modules that lie in a folder. */
export function writeDigests(folder = join(root, "dist", "pkg")) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const names = readdirSync(folder).filter((name) => name.endsWith(".wasm")).sort();
  const digest = (name) => `sha256:${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}`;
  const rows = names.map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(digest(name))},`);
  writeFileSync(join(folder, "digests.js"), `export const version = ${JSON.stringify(version)};
export const digests = {
${rows.join("\n")}
};
`);
}
