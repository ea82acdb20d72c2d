// Words, sums and steps for a POSIX shell. A step is a command with a sentence on what it reproduces and
// what it has to print: `{ about, command, prints }`. A step without a command says why.

import { visible } from "../visible.js";

// Words that need no quotes in a shell.
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

export const isPlain = (text) => plain.test(text);
export const isDigest = (text) => /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);
export const isKeyId = (text) => /^[0-9a-f]{64}$/.test(text);

/** A word for a shell, or nothing where it holds what no command should: it is never shortened. */
export function word(text) {
  if (plain.test(text)) return text;
  return /^[\x20-\x7e]+$/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : undefined;
}

export const step = (about, command, prints = []) => ({ about, command, prints });

/** Of bytes on standard input: the program that hashes them, and what it has to print. */
export function summed(about, read, digest) {
  const [algorithm, hex] = isDigest(digest) ? digest.split(":") : ["sha256"];
  return step(about, `${read} | ${algorithm}sum`, hex === undefined ? [] : [hex]);
}

/** The lines of steps as they are copied: what they say and have to print are comments of the shell, and nothing in them ends one. */
export const linesOf = (steps) =>
  steps.flatMap(({ about, command, prints }) => [
    ...(about === undefined ? [] : [`# ${visible(about)}`]),
    ...(command === undefined ? [] : command.split("\n")),
    ...prints.map((line) => `#   ${visible(line)}`),
  ]);
