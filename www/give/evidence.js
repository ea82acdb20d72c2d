// The user's input, piece by piece, in memory only.

import { readBinary, readFolder } from "./archive.js";

// A file over this is refused before it is read; the module has the same limit on what it takes
// (`PASTE_BYTES` in limits.rs), but a page must not first load 20 GB to hear of it.
const fileBytes = 16 * 2 ** 20;
// A receipt holds many of them; checkReceipt has the same limit.
const receiptBytes = 64 * 2 ** 20;
const filesAtOnce = 1000;

let last = 0;

/** A piece of evidence: text or bytes as they came. `printedBy` is the command they were asked for with. */
export function piece(content, origin, printedBy) {
  const shown = printedBy === undefined ? content : `$ ${printedBy}\n${content}`;
  return { id: (last += 1), content: shown, origin, about: "", findings: [], refused: undefined, secret: false };
}

/** The size of a piece in bytes. */
export const size = ({ content }) => bytesOf(content).length;

/** The text of a piece, as far as it is text. */
export const textOf = ({ content }) => (typeof content === "string" ? content : new TextDecoder().decode(content));

const bytesOf = (content) => (typeof content === "string" ? new TextEncoder().encode(content) : content);

/** Reads files; gives the pieces, and in words what was not read. */
export async function readFiles(files) {
  const all = { pieces: [], problems: [] };
  if (files.length > filesAtOnce) all.problems.push(`Only the first ${filesAtOnce} of ${files.length} files were read.`);
  for (const file of files.slice(0, filesAtOnce)) {
    const { pieces = [], problems = [] } = await (file.isDirectory ? readFolder(file) : readFile(file)).catch(({ message }) => ({ problems: [`${file.name}: ${message.replace(/\.$/, "")}`] }));
    all.pieces.push(...pieces.map(given));
    all.problems.push(...problems.map((text) => `Not read: ${text}.`));
  }
  return all;
}

/** A piece of what is in a file: a text with its name, or other evidence. */
function given({ name, evidence, whole }) {
  const { paste, bytes, note } = evidence;
  const found = piece(paste ?? bytes ?? whole?.bytes ?? note.text, name);
  return Object.assign(found, paste === undefined ? { evidence, whole } : { file: name });
}

async function readFile(file) {
  const { name } = file;
  const first = await bytesIn(file.slice(0, 512));
  // No text has bytes such as these; what else has them is found out where it is read.
  const binary = first?.some((byte) => byte < 9) ? await readBinary(file, first) : undefined;
  if (binary !== undefined) return binary;
  const most = /^\s*\{\s*"pullproof"\s*:\s*"receipt"/.test(new TextDecoder().decode(first)) ? receiptBytes : fileBytes;
  if (file.size > most) throw new Error(`expected at most ${most} bytes, found ${file.size}`);
  const paste = first && (await bytesIn(file));
  if (paste === undefined) throw new Error("the browser cannot read it; a folder’s files can be chosen one by one");
  return { pieces: [{ name, evidence: { paste } }] };
}

const bytesIn = (file) => file.arrayBuffer().then((buffer) => new Uint8Array(buffer), () => undefined);

/** True if a piece of evidence says of itself that it is a `receipt`, or a `policy`. */
export function isOwn(one, kind) {
  const text = textOf(one);
  if (!/^\s*\{/.test(text) || !text.includes(`"${kind}"`)) return false;
  try {
    return JSON.parse(text).pullproof === kind;
  } catch {
    return false;
  }
}

/** Cuts out what the module recognised as a secret. True if anything was cut. */
export function cutSecrets(pieces) {
  const cut = pieces.filter((one) => secrets(one).length > 0);
  for (const one of cut) {
    // Places in UTF-16 are approximate: there nothing is kept.
    const exact = !statements(one).some(({ kind, code }) => kind === "note" && code === "utf-16");
    one.content = exact ? without(bytesOf(one.content), secrets(one)) : "";
    one.secret = true;
  }
  return cut.length > 0;
}

/** All statements that were read in a piece. */
export const statements = ({ findings }) => findings.flatMap(({ claims }) => claims.map(({ statement }) => statement));

const secrets = (one) => statements(one).filter(({ kind, code, length }) => kind === "unread" && code === "secret" && length > 0);

function without(bytes, ranges) {
  const cut = ({ offset, length }, at) => at >= offset && at < offset + length;
  return bytes.filter((_, at) => !ranges.some((range) => cut(range, at)));
}
