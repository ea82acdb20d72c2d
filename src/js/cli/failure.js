// The ways the command ends: its exit codes, and the reasons for giving no answer.

/** The exit code of each verdict. 2 is for everything that could not be asked, read or written. */
export const exitCodes = { proven: 0, contradicted: 1, open: 3, stated: 4 };

/** The exit code of an answer that was printed where a file that was to be written was not. */
export const notWritten = 2;

/** A verdict's exit code; `accept` makes one that is only stated a success. */
export const exitCode = (verdict, accept) =>
  verdict === "stated" && accept === "stated" ? 0 : exitCodes[verdict] ?? 2;

/** A reason to stop that the reader can do something about. */
export class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** A command line that cannot be understood, and what to type instead. */
export const misuse = (message) => new Failure("usage", message);

/** The reader of the output went away before all was written: nothing can be said to it any more. */
export class Broken extends Error {
  // A shell shows this code for a program that SIGPIPE ended.
  exitCode = 141;
}

/** A text for standard error, without the part before the `@` of an address: it may be a password. */
export const withoutSecrets = (text) => text.replace(/\/\/[^\s/@"]*@/g, "//…@");

/** Does something with an input, whose place is said with what it says when it cannot be read: with its line, where `bytes` are given. */
export function at(place, work, bytes) {
  try {
    return work();
  } catch (error) {
    if (typeof error?.code !== "string") throw error;
    throw placed(error, place, bytes);
  }
}

function placed({ code, message, offset }, place, bytes) {
  const isNumber = Number.isInteger(offset);
  const told = bytes !== undefined && isNumber ? `${place}:${position(bytes, offset)}: ${message.replace(/ at byte \d+$/, "")}` : `${message}, at ${place}`;
  return Object.assign(new Failure(code, told), isNumber && { offset });
}

/** `4:3`: the line and column of a byte, from one. */
function position(bytes, offset) {
  const before = Buffer.from(bytes).subarray(0, offset).toString("utf8").split("\n");
  return `${before.length}:${[...before.at(-1)].length + 1}`;
}
