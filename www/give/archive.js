// Files that are not text, and folders that are dropped, as evidence. What reads them is loaded when there is one.

import { part } from "../part.js";

const reader = () => part(() => import("../pkg/files/evidence.js"));

// A page can only hash what fits into memory.
const hashedBytes = 256 * 2 ** 20;

/** The evidence in a folder: `{ pieces, problems }`. */
export async function readFolder(folder) {
  return (await reader()).evidenceInFolder(folder.name, entriesIn(folder));
}

/** The entries of a folder and of those below, each with its name below the first. */
async function* entriesIn(folder) {
  const open = [folder];
  while (open.length > 0) {
    const next = open.pop();
    const entries = next.createReader();
    for (;;) {
      // It gives some at a time, and none when there are no more.
      const some = await new Promise((resolve, reject) => entries.readEntries(resolve, reject)).catch(() => []);
      if (some.length === 0) break;
      for (const entry of some) {
        if (entry.isDirectory) open.push(entry);
        else yield entryOf(entry, entry.fullPath.slice(folder.fullPath.length).replace(/^\//, ""));
      }
    }
  }
}

async function entryOf(entry, name) {
  const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => undefined);
  if (file === undefined) return { name, kind: "other", size: 0 };
  return { name, kind: "file", size: file.size, take: (most) => bytesOf(file.slice(0, most)) };
}

/** The evidence in a file that begins as no text does; nothing if it is a text after all. */
export async function readBinary(file, first) {
  const { evidenceIn, isText } = await reader();
  if (isText(first)) return undefined;
  const { name, size } = file;
  const part = (from, to) => bytesOf(file.slice(from, to));
  return evidenceIn({ name, size, part, first: () => first, chunks: (from) => chunksOf(file.slice(from)) }, async () => {
    if (size > hashedBytes) return undefined;
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return `sha256:${Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  });
}

const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

/** A stream's parts; not every browser iterates over streams. */
async function* chunksOf(blob) {
  const stream = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await stream.read();
      if (done) return;
      yield value;
    }
  } finally {
    await stream.cancel().catch(() => {});
  }
}
