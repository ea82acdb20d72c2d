// Saved Docker Content Trust metadata as evidence: a file that `rescue` wrote, one file of metadata, or
// the folder that the docker client keeps for a repository; and the time that a question is about.

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Failure, usage } from "./failure.js";
import { kindOf, read } from "./input.js";

// A repository has a root, a snapshot, a timestamp, targets and a few delegations.
const mostFiles = 1000;

/** The evidence in a file or a folder, as bytes to paste. */
export async function readTrustData(name, image, io, output) {
  if (name === "-" || (await kindOf(name)) !== "folder") return read(name, io, output);
  const paths = metadataIn(name);
  const files = {};
  for (const path of paths) files[roleFile(name, path)] = (await read(path, io, output)).toString("base64");
  output.note(`${paths.length} files of metadata read: ${Object.keys(files).join(", ")}`);
  // Whose metadata it is, its root's certificates say; the name is what it is asked about.
  const repository = image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
  return Buffer.from(JSON.stringify({ pullproof: "notary-v1", repository, server: "", at: "", files }));
}

function metadataIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
  const paths = found.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
  if (paths.length > mostFiles) throw new Failure("limit-exceeded", `expected at most ${mostFiles} files of metadata, found ${paths.length}, at ${folder}`);
  if (paths.length === 0) throw new Failure("trust-data", `expected files of metadata (*.json), found none, at ${folder}`);
  return paths;
}

/** A file's name as its role has it: docker keeps metadata in a folder of that name. */
function roleFile(folder, path) {
  const parts = relative(folder, path).split(sep);
  return parts.slice(parts.lastIndexOf("metadata") + 1).join("/");
}

/** A moment as somebody types it: a date, or a date and a time with its zone. */
export function readTime(text) {
  const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?$/;
  const time = form.test(text) ? new Date(text) : undefined;
  // A day that its month does not have would become one of the next.
  const real = time && !Number.isNaN(time.getTime()) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  if (!real) throw usage("a date such as 2026-12-08, or one with a time, 2026-12-08T00:00:00Z, after --at", text);
  return time;
}
