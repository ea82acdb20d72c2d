// Doing a step again only when the content of its inputs or outputs changed. Times are not looked
// at: a fresh clone, a branch switch and a copied cache all give times that mean nothing.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.mjs";

const folder = join(root, ".cache", "stamps");

/** Does `work` unless the last time it was done everything named here was as it is now. */
export function unlessUnchanged({ step, inputs, settings, outputs }, work) {
  const stamp = join(folder, step);
  const before = fingerprint(inputs, settings);
  const last = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (last === `${before} ${fingerprint(outputs)}`) return;
  work();
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, `${before} ${fingerprint(outputs)}`);
}

function fingerprint(paths, settings = {}) {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const path of paths) {
    for (const file of files(path)) {
      const bytes = readFileSync(join(root, file));
      hash.update(`\0${file}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest("hex");
}

/** The files at or under a path of the repository, in one order everywhere; none if it is absent. */
export function files(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => files(`${path}/${name}`));
}
