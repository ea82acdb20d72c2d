// Saved Docker Content Trust metadata as evidence: a file that `rescue` wrote, one file of metadata, the
// folder that the docker client keeps, or a zip or tar of it; and the time that a question is about.

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { entriesOf } from "../files/archive.js";
import { held } from "../files/bytes.js";
import { evidenceBytes } from "../files/limits.js";
import { metadataIn } from "../files/metadata.js";
import { Failure, misuse } from "./failure.js";
import { kindOf, read } from "./input.js";

// A repository has a root, a snapshot, a timestamp, targets and a few delegations.
const mostFiles = 1000;

/** The evidence in a file, a folder or an archive, as `{ name, bytes }` to paste. */
export async function readTrustData(name, io, output) {
  if (name !== "-" && (await kindOf(name)) === "folder") return together(name, await filesIn(name, io, output), output);
  const bytes = await read(name, io, output);
  const files = await archived(name, bytes);
  return files === undefined ? [{ name, bytes }] : together(name, files, output);
}

/** The JSON files of an archive; nothing if the bytes are not an archive. What cannot be read whole is refused. */
async function archived(name, bytes) {
  const refuse = (text, entry) => {
    throw new Failure("archive", `the archive ${entry === undefined ? "" : `${entry} `}${text}, at ${name}`);
  };
  const entries = await entriesOf(held(name, bytes), refuse);
  if (entries === undefined) return undefined;
  const files = [];
  let left = evidenceBytes;
  for await (const entry of entries) {
    if (entry.kind !== "file" || !entry.name.endsWith(".json")) continue;
    left -= entry.size;
    if (left < 0) refuse(`has over ${evidenceBytes} bytes of metadata`);
    const content = await entry.take(entry.size);
    if (content.length < entry.size) refuse(`is cut off: ${entry.size - content.length} of ${entry.size} bytes are missing`, entry.name);
    files.push({ name: entry.name.replaceAll("\\", "/").replace(/^(?:\.?\/)+/, ""), bytes: content });
  }
  return files;
}

/** Files as evidence. The folder where docker keeps its own private keys is never among them. */
function together(name, files, output) {
  const metadata = files.filter((file) => file.name.endsWith(".json"));
  const found = metadata.length;
  if (found > mostFiles) throw new Failure("limit-exceeded", `${name} has ${found} files of metadata, at most ${mostFiles} are read`);
  if (found === 0) throw new Failure("trust-data", `${name} has no files of metadata (*.json)`);
  const { saved, others } = metadataIn(metadata);
  const pieces = [...saved, ...others];
  for (const { name: from, roles = [from] } of pieces) output.note(`metadata read from ${name}: ${from}: ${roles.join(", ")}`);
  return pieces.map((piece) => ({ name: `${name}: ${piece.name}`, bytes: piece.bytes }));
}

async function filesIn(folder, io, output) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
  const paths = found.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
  const files = [];
  for (const path of paths.slice(0, mostFiles + 1)) {
    files.push({ name: relative(folder, path).split(sep).join("/"), bytes: await read(path, io, output) });
  }
  return files;
}

/** A moment as somebody types it: a date, or a date and a time with its zone. */
export function readTime(text) {
  const form = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?$/;
  const time = form.test(text) ? new Date(text) : undefined;
  // A day that its month does not have would become one of the next.
  const real = time && !Number.isNaN(time.getTime()) && new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  if (!real) throw misuse(`--at takes a date such as 2026-12-08, or 2026-12-08T00:00:00Z, not "${text}"`);
  return time;
}
