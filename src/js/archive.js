// Archives (zip, tar, either with gzip) as the files in them, and files as evidence: metadata of Docker
// Content Trust that lies in one folder, as docker keeps it, becomes one piece. What of it is true is for
// the module to say; names in an archive are text, and nothing is ever written where they say.

import { PullproofError } from "./index.js";

// Bounds as those in limits.rs, each with its reason.

// Bytes that come of one archive, whatever it is packed in: more than any paste may have (`PASTE_BYTES`), so
// that the module refuses what is over.
const mostBytes = 64 * 2 ** 20;
// Compression around an archive: a tar.gz has one, and what transfers compress once more has two. Gzip can
// be made to unpack to itself without end, each time for little.
const mostLayers = 2;
// A repository has a dozen files.
const mostEntries = 10_000;
// Characters of one name, far over what docker makes of a repository and a role. A name is looked at once
// for each folder in it.
const mostName = 1024;
const decoder = new TextDecoder();

/** The files in an archive, `{ name, bytes }`; nothing if the bytes are not an archive. */
export async function unpack(given) {
  let bytes = given;
  let left = mostBytes;
  for (let layers = 1; starts(bytes, [0x1f, 0x8b]); layers += 1) {
    if (layers > mostLayers) throw over(mostLayers, "layers of compression around an archive", "more");
    bytes = await inflate(bytes, "gzip", left);
    left -= bytes.length;
  }
  if (starts(bytes, [0x50, 0x4b, 0x03, 0x04]) || starts(bytes, [0x50, 0x4b, 0x05, 0x06])) return unzip(bytes, left);
  return isTar(bytes) ? untar(bytes) : undefined;
}

/**
 * Files by name as pieces of evidence, `{ name, bytes }`: those of a folder with metadata together, each
 * other JSON file by itself. What is no JSON is left out.
 */
export function evidenceOf(files) {
  const json = files.filter(({ name }) => name.endsWith(".json"));
  const folders = new Set(json.map(({ name }) => name.match(base)?.[1]).filter((folder) => folder !== undefined));
  const together = new Map([...folders].map((folder) => [folder, []]));
  const pieces = [];
  for (const file of json) (together.get(within(folders, file.name)) ?? pieces).push(file);
  return [...[...together].map(([folder, all]) => saved(folder, all)), ...pieces];
}

// A folder is one of metadata where one of these lies in it.
const base = /^(.*\/|)(?:(?:\d+\.)?root|targets|snapshot|timestamp)\.json$/;

/** The innermost of these folders that a file lies in. */
function within(folders, name) {
  for (let end = name.lastIndexOf("/"); end >= 0; end = end === 0 ? -1 : name.lastIndexOf("/", end - 1)) {
    const folder = name.slice(0, end + 1);
    if (folders.has(folder)) return folder;
  }
  return folders.has("") ? "" : undefined;
}

/** Files of one repository as `rescue` writes them, without a word of which it is: its root says. */
function saved(folder, files) {
  const byRole = files.map(({ name, bytes }) => [name.slice(folder.length), base64(bytes)]);
  const text = JSON.stringify({ pullproof: "notary-v1", repository: "", server: "", at: "", files: Object.fromEntries(byRole) });
  const roles = byRole.map(([role]) => role);
  return { name: folder === "" ? "files of metadata" : folder, bytes: new TextEncoder().encode(text), roles };
}

// Zip (APPNOTE 6.3.10): the central directory at the end says what is in it.

function unzip(bytes, left) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  if (count === 0xffff) throw wrong("a zip archive without ZIP64", "one with it");
  let at = view.getUint32(end + 16, true);
  const entries = [];
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw wrong("an entry of a zip archive", `none at byte ${at}`);
    const [nameBytes, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    entries.push({
      name: decoder.decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      place: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + extra + comment;
  }
  return contents(entries, left, (entry) => extract(bytes, view, entry));
}

function endOfDirectory(view) {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw wrong("the end of a zip archive", "none: the file may be cut off");
}

async function extract(bytes, view, { name, encrypted, method, packed, size, place }) {
  const there = place + 30 <= bytes.length && view.getUint32(place, true) === 0x04034b50;
  if (!there) throw wrong(`the file ${name} in a zip archive`, "none");
  if (encrypted) throw wrong("a zip archive without a password", `an encrypted file ${name}`);
  const start = place + 30 + view.getUint16(place + 26, true) + view.getUint16(place + 28, true);
  const part = bytes.subarray(start, start + packed);
  if (method !== 0 && method !== 8) throw wrong("stored or deflated files in a zip archive", `method ${method} of ${name}`);
  const found = method === 0 ? part : await inflate(part, "deflate-raw", size);
  if (found.length !== size) throw wrong(`${size} bytes of ${name} in a zip archive`, `${found.length}`);
  return found;
}

// Tar (POSIX.1-2017, pax; GNU's long names).

const block = 512;

const isTar = (bytes) => bytes.length >= block && header(bytes, 0) !== undefined;

async function untar(bytes) {
  const entries = [];
  let longName;
  for (let at = 0; at + block <= bytes.length; ) {
    if (bytes.subarray(at, at + block).every((byte) => byte === 0)) break;
    const found = header(bytes, at);
    if (found === undefined) throw wrong("a header of a tar archive", `none at byte ${at}`);
    const start = at + block;
    if (start + found.size > bytes.length) throw wrong(`${found.size} bytes of ${found.name} in a tar archive`, `${bytes.length - start}`);
    const content = bytes.subarray(start, start + found.size);
    if (found.type === "L") longName = textOf(content);
    else if (found.type === "x") longName = paxPath(content) ?? longName;
    else {
      if (["0", "\0", "7"].includes(found.type)) entries.push({ name: longName ?? found.name, size: found.size, content });
      longName = undefined;
    }
    at = start + Math.ceil(found.size / block) * block;
  }
  // What is in it is a part of it.
  return contents(entries, mostBytes, ({ content }) => content);
}

/** The fields of a header, if its checksum is right. */
function header(bytes, at) {
  const field = (from, length) => bytes.subarray(at + from, at + from + length);
  const number = (from, length) => parseInt(textOf(field(from, length)).trim() || "0", 8);
  let sum = 0;
  for (let n = 0; n < block; n += 1) sum += n >= 148 && n < 156 ? 0x20 : bytes[at + n];
  const size = number(124, 12);
  if (number(148, 8) !== sum || !Number.isSafeInteger(size) || size < 0) return undefined;
  const [name, before] = [textOf(field(0, 100)), textOf(field(345, 155))];
  const long = textOf(field(257, 5)) === "ustar" && bytes[at + 262] === 0 && before !== "";
  return { name: long ? `${before}/${name}` : name, size, type: String.fromCharCode(bytes[at + 156]) };
}

/** The path among the records of a pax header: `LENGTH KEY=VALUE`. */
const paxPath = (content) => decoder.decode(content).match(/(?:^|\n)\d+ path=([^\n]*)\n/)?.[1];

/** Text up to the zero that ends it. */
const textOf = (bytes) => decoder.decode(bytes).split("\0", 1)[0];

// Both.

/** The files of an archive, bounded in number and in bytes before any of them is read. */
async function contents(entries, most, read) {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  if (entries.length > mostEntries) throw over(mostEntries, "files in an archive", entries.length);
  if (bytes > most) throw over(mostBytes, "bytes in an archive", mostBytes - most + bytes);
  if (entries.some(({ name }) => name.length > mostName)) throw over(mostName, "characters in the name of a file", "more");
  const files = [];
  for (const entry of entries) {
    if (!entry.name.endsWith("/")) files.push({ name: plain(entry.name), bytes: await read(entry) });
  }
  return files;
}

/** A name with one way of writing a folder, and without the `./` that tar begins with. */
const plain = (name) => name.replaceAll("\\", "/").replace(/^(?:\.?\/)+/, "");

async function inflate(bytes, format, most) {
  const parts = [];
  let length = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > most) {
        await reader.cancel();
        throw over(most, "bytes after decompression", "more");
      }
      parts.push(value);
    }
  } catch (error) {
    if (error instanceof PullproofError) throw error;
    throw wrong(`${format === "gzip" ? "gzip" : "deflated"} data that can be decompressed`, error.message || "an error in it");
  }
  return joined(parts, length);
}

function joined(parts, length) {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const starts = (bytes, first) => first.every((byte, n) => bytes[n] === byte);

/** Bytes as base64. */
export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const wrong = (expected, found) => new PullproofError("archive", `expected ${expected}, found ${found}`);
const over = (most, what, found) => new PullproofError("limit-exceeded", `expected at most ${most} ${what}, found ${found}`);
