// Folders that are dropped and archives (zip, tar): their JSON files as evidence, metadata of one folder
// together. Nothing else in them is read, so that no private key that lies beside metadata is.

import { part } from "../part.js";

// The module has the same limits (limits.rs).
const fileBytes = 16 * 2 ** 20;
const filesAtOnce = 1000;

const archives = () => part(() => import("../pkg/archive.js"));

/** The files of a folder, as `{ name, bytes }`, and a sentence about those that were not read. */
export async function readFolder(folder) {
  const [files, problems] = [[], []];
  const found = await jsonIn(folder);
  if (found.length === 0) problems.push(`Not read: ${folder.name}: expected JSON files in the folder, found none.`);
  if (found.length > filesAtOnce) problems.push(`Only the first ${filesAtOnce} files of ${folder.name} were read.`);
  for (const entry of found.slice(0, filesAtOnce)) {
    const name = entry.fullPath.replace(/^\//, "");
    try {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      if (file.size > fileBytes) problems.push(`Not read: ${name}: expected at most ${fileBytes} bytes, found ${file.size}.`);
      else files.push({ name, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      problems.push(`Not read: ${name}: the browser cannot read it.`);
    }
  }
  return { files: (await archives()).evidenceOf(files), problems };
}

/** The entries of JSON files in a folder and in those below. */
async function jsonIn(folder) {
  const [found, open] = [[], [folder]];
  while (open.length > 0 && found.length <= filesAtOnce) {
    const reader = open.pop().createReader();
    for (;;) {
      // It gives some at a time, and none when there are no more.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
      if (some.length === 0) break;
      open.push(...some.filter(({ isDirectory }) => isDirectory));
      found.push(...some.filter(({ isFile, name }) => isFile && name.endsWith(".json")));
    }
  }
  return found;
}

/** The files of an archive, as `{ name, bytes }`; nothing if the bytes are not an archive. Throws the reason if it cannot be read. */
export async function readArchive(name, bytes) {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const tar = bytes.length >= 512 && bytes.length % 512 === 0;
  if (!gzip && !zip && !tar) return undefined;
  const { evidenceOf, unpack } = await archives();
  const files = await unpack(bytes);
  if (files === undefined) return undefined;
  const found = evidenceOf(files).map((file) => ({ ...file, name: `${name}: ${file.name}` }));
  // A layer, such as somebody drops to read its digest.
  if (found.length === 0 && gzip) return undefined;
  if (found.length === 0) throw new Error("expected JSON files in the archive, found none");
  if (found.length > filesAtOnce) throw new Error(`expected at most ${filesAtOnce} files, found ${found.length}`);
  return found;
}
