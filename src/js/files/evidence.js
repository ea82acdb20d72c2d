// Files that are not text as evidence: an archive or a folder of images, or anything else.

import { beginning, entriesOf, formOf, mayBeArchive } from "./archive.js";
import { Bytes, held, joined } from "./bytes.js";
import { documentsIn, note } from "./documents.js";
import { documentBytes } from "./limits.js";

/**
 * The evidence in a file that is not a text: `{ pieces, problems }`, where a piece is `{ name, evidence }` and a problem a sentence about what
 * was not read. `hash(file)` gives a digest, or nothing if the file is too large for that here.
 */
export async function evidenceIn(file, hash) {
  const problems = [];
  const problem = (text, entry) => problems.push(worded(file.name, text, entry));
  const first = await file.first();
  if (mayBeArchive(first)) {
    const entries = await entriesOf(file, problem);
    if (entries !== undefined) {
      const { pieces, isAny, inner } = await documentsIn(file.name, entries, problem);
      if (isAny) return { pieces, problems };
      if (inner !== undefined) problem("is an archive in it, and was not read: unpack it and give that", inner);
      // A layer is an archive too: its own digest is what matters then.
      return { pieces: [await binary(file, first, hash, "; no document of an image was found in it")], problems };
    }
  }
  // A file that can be read only once has no size before.
  const whole = file.size === undefined ? held(file.name, await file.whole()) : file;
  return { pieces: [await binary(whole, first, hash, "")], problems: [] };
}

/** True for the beginning of a file that may be a text. UTF-16 has zeros, and begins with a mark. */
export function isText(first) {
  const isUtf16 = (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
  return isUtf16 || (formOf(first) === undefined && !first.includes(0));
}

/** The evidence in a folder, whose entries are as those of an archive. */
export async function evidenceInFolder(name, entries) {
  const problems = [];
  const problem = (text, entry) => problems.push(worded(name, text, entry));
  const { pieces, isAny } = await documentsIn(name, entries, problem);
  if (!isAny) problems.push(`${name}: no document of an image was found in the folder`);
  return { pieces, problems };
}

/** A sentence without a full stop about a file, or an entry in it. */
const worded = (file, text, entry) => (entry === undefined ? `${file} ${text}` : `${file}: ${entry} ${text}`);

/**
 * A file that is not text, by its digest. One that the module takes has its bytes too, as evidence `whole`: they answer which
 * digest it has, and nothing about an image.
 */
async function binary(file, first, hash, more) {
  const form = formOf(first);
  const kind = form === undefined ? "" : ` (${form})`;
  const digest = await hash(file);
  const named = digest === undefined ? "it was not hashed here: `pullproof digest FILE` gives its digest" : `its digest is ${digest}`;
  const size = file.size === undefined ? "" : ` of ${file.size} bytes`;
  const told = note("binary", `${file.name} is a binary file${kind}${size}; ${named}${more}`, file.name);
  const bytes = file.size <= documentBytes ? await file.part(0, file.size) : undefined;
  // The module would call it a text where only its zeros say that it is not one.
  if (bytes === undefined || isUtf8(bytes)) return { name: file.name, evidence: told };
  const want = { what: "document", hint: file.name, digest };
  return { name: file.name, evidence: told, whole: { bytes, want, from: told.from } };
}

function isUtf8(bytes) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

export { Bytes, beginning, joined };
