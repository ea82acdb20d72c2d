// Files, folders and archives that a command is given as evidence.

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Failure } from "./failure.js";
import { isStandardInput, kindOf, open, placeOf, read, readable } from "./input.js";

// Loaded for what is not a text: most of what is given is one.
const files = () => import("../files/evidence.js");

/** The evidence in a file, a folder or standard input, as `{ name, evidence }`; what was not read is said. */
export async function readGiven(name, io, output) {
  if (!isStandardInput(name) && (await kindOf(name)) === "folder") {
    const { evidenceInFolder } = await files();
    return told(await evidenceInFolder(name, entriesOf(name)), output);
  }
  const file = await fileOf(name, io, output);
  const { evidenceIn, isText } = await files();
  if (!isText(await file.first())) return told(await evidenceIn(file, hash), output);
  return [await textOf(name, file, io, output)];
}

async function textOf(name, file, io, output) {
  const bytes = file.whole === undefined ? await read(name, io, output) : await file.whole();
  return { name, evidence: isStandardInput(name) ? { paste: bytes } : { paste: bytes, file: name } };
}

function told({ pieces, problems }, output) {
  for (const problem of problems) output.fault(problem);
  return pieces;
}

/** True for a folder with what an image layout, or an archive of docker, has. */
export const isLayout = (folder) => ["oci-layout", "index.json", "manifest.json"].some((name) => existsSync(join(folder, name)));

/** A file as files/bytes.js has it. Standard input, or a pipe, can be read once. */
async function fileOf(name, io, output) {
  const found = isStandardInput(name) ? undefined : statSync(name, { throwIfNoEntry: false });
  if (found?.isFile()) return onDisk(name, found.size);
  const { Bytes, beginning, joined } = await files();
  const bytes = new Bytes(readable(await open(name, io, output), name));
  const whole = async () => {
    const parts = [];
    let length = 0;
    for await (const part of bytes) {
      length += part.length;
      if (length > mostBytes) throw new Failure("limit-exceeded", `${placeOf(name)} has more than ${mostBytes} bytes`);
      parts.push(part);
    }
    return joined(parts, length);
  };
  return { name: placeOf(name), first: () => bytes.peek(beginning), chunks: () => bytes, whole };
}

// More than any paste may have; the module, which has the exact limit, refuses what is below.
const mostBytes = 64 * 2 ** 20;

function onDisk(name, size) {
  const part = async (from, to) => {
    const file = await openFile(name);
    try {
      const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };
  const chunks = (from) => readable(createReadStream(name, { start: from }), name);
  return { name, size, part, chunks, first: () => part(0, 512) };
}

/** The digest of a file, hashed as it comes. */
async function hash({ size, chunks }) {
  if (size === undefined) return undefined;
  const sum = createHash("sha256");
  for await (const part of chunks(0)) sum.update(part);
  return `sha256:${sum.digest("hex")}`;
}

/** The entries of a folder, by their names below it; links are not followed. */
async function* entriesOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => [join(entry.parentPath ?? entry.path, entry.name), entry]);
  for (const [path, entry] of paths.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const kind = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : entry.isFile() ? "file" : "other";
    const { size } = kind === "file" ? statSync(path) : { size: 0 };
    yield { name: relative(folder, path).split(sep).join("/"), kind, size, take: (most) => onDisk(path, size).part(0, most) };
  }
}
