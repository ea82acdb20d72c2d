// Zip (APPNOTE 6.3.10): the directory at the end says what is in it, so that sizes are known also where they follow the
// content.

import { decompressed, joined } from "./bytes.js";
import { mostEntries, nameLength } from "./limits.js";

const decoder = new TextDecoder();

/** True if a zip begins here, with a file in it or without any. */
export const isZip = ([a, b, c, d]) => a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6));

// Bytes of a comment at the end, which the format bounds, and of the record before it.
const longestEnd = 0xffff + 22;

// Bytes of a directory: some 300 for each entry.
const directoryBytes = mostEntries * 300;

/** The entries of a zip, as `tarEntries` gives them. */
export async function* zipEntries(file, problem) {
  const directory = await directoryOf(file, problem);
  if (directory === undefined) return;
  const { bytes, count } = directory;
  const view = viewOf(bytes);
  let at = 0;
  for (let n = 0; n < count; n += 1) {
    if (n === mostEntries) return problem(`has over ${mostEntries} entries: the rest was not read`);
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return problem("has a broken directory: the rest was not read");
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const name = decoder.decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const entry = {
      name,
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      sum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      // Unix keeps a file's mode here; a link is one by its type.
      isLink: view.getUint8(at + 5) === 3 && (view.getUint16(at + 40, true) & 0xf000) === 0xa000,
      place: view.getUint32(at + 42, true),
    };
    large(entry, bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes));
    at += 46 + nameBytes + extraBytes + commentBytes;
    if (name.length > nameLength) problem(`has a name of ${name.length} characters, over ${nameLength}, and was not read`, `${name.slice(0, 80)}…`);
    else yield offered(file, entry, problem);
  }
}

function offered(file, entry, problem) {
  const { name, isLink, size } = entry;
  const kind = name.endsWith("/") ? "folder" : isLink ? "link" : "file";
  let content;
  const take = async (most) => {
    content ??= contentOf(file, entry, problem);
    return (await content)?.(most) ?? new Uint8Array();
  };
  return { name, kind, size, take };
}

/** A way to the content of an entry; nothing if it cannot be read, which was said. */
async function contentOf(file, { name, isEncrypted, method, packed, place, size, sum }, problem) {
  if (isEncrypted) return void problem("is encrypted and was not read: unpack it with its password first", name);
  if (method !== 0 && method !== 8) return void problem(`is compressed by method ${method}, and only stored and deflated files are read`, name);
  const local = await file.part(place, place + 30);
  if (local.length < 30 || viewOf(local).getUint32(0, true) !== 0x04034b50) return void problem("is in the directory and not in the archive", name);
  const start = place + 30 + viewOf(local).getUint16(26, true) + viewOf(local).getUint16(28, true);
  const chunks = limited(file.chunks(start), packed);
  const iterator = (method === 0 ? chunks : decompressed(chunks, "deflate-raw"))[Symbol.asyncIterator]();
  let taken = false;
  return async (most) => {
    if (taken) return new Uint8Array();
    taken = true;
    const parts = [];
    let length = 0;
    try {
      // One byte more than it says would show that it says too little.
      while (length <= Math.min(most, size)) {
        const { done, value } = await iterator.next();
        if (done) break;
        parts.push(value);
        length += value.length;
      }
    } catch {
      problem("is damaged: it cannot be decompressed", name);
      return new Uint8Array();
    } finally {
      await iterator.return?.();
    }
    const bytes = joined(parts, length);
    if (most < size) return bytes.subarray(0, most);
    if (length !== size || checksum(bytes) !== sum) {
      problem(length === size ? "is damaged: its checksum is wrong" : `has ${length < size ? length : "more"} bytes and not the ${size} that the directory says`, name);
      return new Uint8Array();
    }
    return bytes;
  };
}

async function* limited(chunks, most) {
  let left = most;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

/** Numbers of an entry that are too large for their field (ZIP64), in the order in which they are missing. */
function large(entry, extra) {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let place = at + 4;
    for (const field of ["size", "packed", "place"]) {
      if (entry[field] !== 0xffffffff || place + 8 > extra.length) continue;
      entry[field] = Number(view.getBigUint64(place, true));
      place += 8;
    }
  }
}

/** The bytes of the directory, and how many entries it has. */
async function directoryOf(file, problem) {
  const from = Math.max(0, file.size - longestEnd);
  const end = await file.part(from, file.size);
  const view = viewOf(end);
  let at = end.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== 0x06054b50) at -= 1;
  if (at < 0) return void problem("has no directory at its end, so it may be cut off");
  let [count, size, place] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  if (at >= 20 && view.getUint32(at - 20, true) === 0x07064b50) {
    const there = Number(view.getBigUint64(at - 12, true));
    const record = await file.part(there, there + 56);
    if (record.length < 56 || viewOf(record).getUint32(0, true) !== 0x06064b50) return void problem("has a broken directory (ZIP64)");
    [count, size, place] = [32, 40, 48].map((field) => Number(viewOf(record).getBigUint64(field, true)));
  }
  if (size > directoryBytes) return void problem(`has a directory of ${size} bytes, over ${directoryBytes}`);
  return { bytes: await file.part(place, place + size), count };
}

const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** CRC-32, as zip has it. */
function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let n = 0; n < 8; n += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
