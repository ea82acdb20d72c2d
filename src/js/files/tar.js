// Tar, entry by entry as it comes (POSIX.1-2017 "pax" and ustar; GNU tar manual, "Basic Tar Format": long names, large
// numbers, sparse files).

import { headerBytes, mostEntries, nameLength } from "./limits.js";

const block = 512;
const decoder = new TextDecoder();

/** True if a header begins here. */
export const isTar = (beginning) => beginning.length >= block && header(beginning) !== undefined;

/**
 * The entries of a tar, `{ name, kind, size, take(most) }`: `kind` is `file`, `folder`, `link` or `other`; `take` gives the
 * next bytes of its content while it is the newest. `problem(text, name)` is told what is wrong, and ends it where nothing
 * behind that can be read.
 */
export async function* tarEntries(bytes, problem) {
  let more = {};
  let last;
  for (let count = 0; ; ) {
    const at = bytes.count;
    const after = last === undefined ? "" : `, after ${last}`;
    const found = await bytes.take(block);
    if (found.length === 0) return problem(`has no end mark${after}, so it may be cut off`);
    if (found.length < block) return problem(`is cut off at byte ${at + found.length}${after}`);
    if (isZero(found)) return checkEnd(bytes, problem);
    const fields = header(found);
    if (fields === undefined) return problem(`has no valid header at byte ${at}${after}: the rest was not read`);
    const extended = extensions[fields.type];
    if (extended !== undefined) {
      const size = fields.size;
      if (size > headerBytes) return problem(`has a header of ${size} bytes at byte ${at}, over ${headerBytes}: the rest was not read`);
      const content = await bytes.take(size);
      await bytes.skip(padding(size));
      if (content.length < size) return problem(`is cut off at byte ${bytes.count}${after}`);
      Object.assign(more, extended(content));
      continue;
    }
    const entry = { ...fields, ...more };
    // Links and folders have no content, whatever their size says.
    if (/[1-6]/.test(fields.type)) entry.size = 0;
    more = {};
    if (fields.type === "S" && !(await passMap(bytes, found))) return problem("is cut off in a list of holes", entry.name);
    count += 1;
    if (count > mostEntries) return problem(`has over ${mostEntries} entries: the rest was not read`);
    if (entry.name.length > nameLength) problem(`has a name of ${entry.name.length} characters, over ${nameLength}, and was not read`, `${entry.name.slice(0, 80)}…`);
    else last = entry.name;
    const content = new Content(bytes, entry.size);
    const { name } = entry;
    if (name.length <= nameLength) yield { name, kind: kindOf(entry), size: entry.whole ?? entry.size, take: (most) => content.take(most) };
    const missing = await content.pass();
    if (missing > 0) return problem(`is cut off: ${missing} of ${entry.size} bytes are missing`, name);
    await bytes.skip(padding(entry.size));
  }
}

/** The content of one entry. */
class Content {
  #bytes;
  #left;

  constructor(bytes, size) {
    this.#bytes = bytes;
    this.#left = size;
  }

  async take(most) {
    const found = await this.#bytes.take(Math.min(most, this.#left));
    this.#left -= found.length;
    return found;
  }

  /** Passes over the rest; gives how many bytes are missing. */
  async pass() {
    return this.#left - (await this.#bytes.skip(this.#left));
  }
}

const padding = (size) => (block - (size % block)) % block;

function kindOf({ type, sparse, name }) {
  // Old archives have a folder as a file whose name ends so.
  if (type === "5" || name.endsWith("/")) return "folder";
  if (type === "1" || type === "2") return "link";
  if (sparse || type === "S") return "other";
  return ["0", "\0", "7"].includes(type) ? "file" : "other";
}

/** Headers that belong to the entry behind them, and what they say of it. */
const extensions = {
  L: (content) => ({ name: textOf(content) }),
  // The name that a long link leads to.
  K: () => ({}),
  // For all entries: comments.
  g: () => ({}),
  x: pax,
};

/** The records of a pax header, `LENGTH KEY=VALUE`: each is as long as it says, so that a name may have line ends. */
function pax(content) {
  const said = {};
  for (let at = 0; at < content.length; ) {
    const [length] = /^\d+(?= )/.exec(decoder.decode(content.subarray(at, at + 12))) ?? [];
    if (length === undefined || Number(length) < 5) break;
    const record = decoder.decode(content.subarray(at + length.length + 1, at + Number(length) - 1));
    const [, key, value] = /^([^=]*)=([^]*)$/.exec(record) ?? [];
    const number = /^\d{1,15}$/.test(value) ? Number(value) : undefined;
    if (key === "path" || key === "GNU.sparse.name") said.name = value;
    if (key === "size" && number !== undefined) said.size = number;
    if (key?.startsWith("GNU.sparse.")) said.sparse = true;
    if (/^GNU\.sparse\.(?:realsize|size)$/.test(key)) said.whole = number;
    at += Number(length);
  }
  return said;
}

/** Passes over what a header of GNU's sparse files has no room for. */
async function passMap(bytes, header) {
  for (let goesOn = header[482] !== 0; goesOn; ) {
    const found = await bytes.take(block);
    if (found.length < block) return false;
    goesOn = found[504] !== 0;
  }
  return true;
}

/** An archive may be followed by zeros only. */
async function checkEnd(bytes, problem) {
  const at = bytes.count;
  for await (const part of bytes) {
    if (!isZero(part)) return problem(`has data behind its end, from byte ${at} on, which was not read`);
  }
}

const isZero = (bytes) => bytes.every((byte) => byte === 0);

/** The fields of a header, if its checksum is right. */
function header(bytes) {
  const field = (from, length) => bytes.subarray(from, from + length);
  let sum = 0;
  for (let n = 0; n < block; n += 1) sum += n >= 148 && n < 156 ? 0x20 : bytes[n];
  const size = numberOf(field(124, 12));
  if (numberOf(field(148, 8)) !== sum || !Number.isSafeInteger(size) || size < 0) return undefined;
  const [name, before] = [textOf(field(0, 100)), textOf(field(345, 155))];
  const isPosix = textOf(field(257, 6)) === "ustar" && before !== "";
  const type = String.fromCharCode(bytes[156]);
  const whole = type === "S" ? numberOf(field(483, 12)) : undefined;
  return { name: isPosix ? `${before}/${name}` : name, size, type, whole };
}

/** A number in octal digits, or GNU's form for large ones: big-endian behind a first bit. */
function numberOf(bytes) {
  if ((bytes[0] & 0x80) === 0) return Number.parseInt(textOf(bytes).trim() || "0", 8);
  return bytes.reduce((sum, byte, n) => sum * 256 + (n === 0 ? byte & 0x7f : byte), 0);
}

/** Text up to the zero that ends it. */
const textOf = (bytes) => decoder.decode(bytes).split("\0", 1)[0];
