// The input of a command: files and standard input, with a limit.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Failure, misuse } from "./failure.js";

// More than any paste may have; the module, which has the exact limit, refuses what is below.
const mostBytes = 64 * 2 ** 20;

export const isStandardInput = (name) => name === undefined || name === "-";

/** Where something was read from, in words. */
export const placeOf = (name) => (isStandardInput(name) ? "standard input" : name);

/** That a file is meant and is not there. */
export const noFile = (kind, name) => (kind === "none" ? `there is no file ${name}` : `${name} is a ${kind}, not a file`);

/** A file's or standard input's bytes as a stream; folders and what is not there are refused. */
export async function open(name, { stdin }, output) {
  if (isStandardInput(name)) {
    if (stdin.isTTY) output.note("reads standard input; Ctrl-D ends it");
    return stdin;
  }
  const kind = await kindOf(name);
  if (kind === "file") return createReadStream(name);
  throw new Failure("file", noFile(kind, name));
}

/** All bytes of an input. */
export async function read(name, io, output) {
  const parts = [];
  let length = 0;
  for await (const part of readable(await open(name, io, output), name)) {
    length += part.length;
    if (length > mostBytes) {
      throw new Failure("limit-exceeded", `${placeOf(name)} has more than ${mostBytes} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

/** The parts of a stream; what fails on the way says where. */
export async function* readable(stream, name) {
  try {
    yield* stream;
  } catch (error) {
    const found = error.code ?? "an error";
    throw new Failure("file", `cannot read ${placeOf(name)} to its end (${found})`);
  }
}

/** Standard input can be read once. */
export function refuseTwice(names) {
  if (names.filter((name) => name === "-").length > 1) throw misuse("standard input (-) can be read only once");
}

/** The kind of thing at a path: `file` (a pipe too), `folder`, or `none`. */
export async function kindOf(path) {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"].includes(error.code)) return "none";
    throw new Failure("file", `cannot read ${path} (${error.code})`);
  }
}
