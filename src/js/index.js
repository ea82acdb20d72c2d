// The face: everything between a caller and the wasm. It copies what comes in, so that nothing can
// change it during a call (but for what is only hashed by the platform, which reads each byte once);
// refuses strings that UTF-8 cannot carry; turns what the wasm throws into PullproofError; and refuses
// every call once the wasm has trapped or has failed its known answers.
//
// node.js and module.js say where the wasm is, by the glue that wasm-bindgen wrote for it.

let wasm;

/** Input that could not be read, or a state in which nothing can be checked. */
export class PullproofError extends Error {
  name = "PullproofError";

  constructor(code, message, offset) {
    super(message);
    this.code = code;
    if (offset !== undefined) this.offset = offset;
  }
}

/** The digest of the bytes exactly as given; a string is taken as UTF-8. */
export function digest(bytes) {
  const long = platform && longBytes(bytes);
  if (long) return call(() => platform(long));
  const whole = wholeBytes(bytes);
  return call(() => wasm.digest(whole));
}

/** The serialisation of `pasted` whose digest is `expected`, and the edits that led there. */
export function recover(pasted, expected) {
  const copied = copyBytes(pasted);
  const digest = wellFormed(expected);
  return call(() => wasm.recover(copied, digest)) ?? null;
}

/** One signer may be given without a list around it. */
function trustOf(by) {
  const isSigner = by !== null && typeof by === "object" && ["identityPattern", "repository", "key", "source"].some((name) => name in by);
  return isSigner ? { signers: [by] } : by;
}

/**
 * Checks whether a Sigstore bundle is a signature of the artifact (its bytes, or its digest) by an identity, key or signer.
 * Without `by` it says who signed, and proves nothing.
 */
export function verifyBundle(bundle, artifact, { by, trustedRoot, now } = {}) {
  const copied = copyBytes(bundle);
  const named = typeof artifact === "string";
  const bytes = named ? new Uint8Array() : copyBytes(artifact);
  const digest = named ? wellFormed(artifact) : undefined;
  const question = by === undefined ? undefined : json({ ask: "published", image: "localhost/artifact", by: trustOf(copyData(by)) });
  const root = trustedRoot === undefined ? undefined : copyBytes(trustedRoot);
  const milliseconds = time(now ?? new Date());
  return call(() => wasm.verify_bundle(copied, bytes, digest, question, root, milliseconds));
}

/** The one or two images that a text names if it does nothing else, or is a file that names one, such as a Dockerfile; otherwise none. */
export function onlyImages(text) {
  const given = wellFormed(text);
  return call(() => wasm.only_images(given));
}

/**
 * A reference as the module reads it: `{ registry, repository, tag, digest, here }`; `here` is whether the
 * registry is this machine. What is not a reference is an error.
 */
export function reference(text) {
  const given = wellFormed(text);
  return call(() => wasm.reference(given));
}

/** Claims in the output of known tools. Nothing recognised here is proven. */
export function recognise(pasted) {
  const copied = copyBytes(pasted);
  return call(() => wasm.recognise(copied));
}

/** A question being answered: says what it wants, is given bytes. */
export class Session {
  #session;
  /** Repositories beside the image's own where its signatures are looked for: where they are is evidence to the module. */
  #signatures;

  constructor(question) {
    const [asked, signatures] = parted(copyData(question));
    const copied = JSON.stringify(asked) ?? "null";
    this.#session = call(() => new wasm.Session(copied));
    this.#signatures = signatures;
    try {
      for (const text of signatures) this.take({ note: { code: "signatures-in", text }, from: { via: "given", what: "the question" } });
    } catch (error) {
      this.free();
      throw error;
    }
  }

  take(evidence) {
    const [told, bytes] = crossing(evidence);
    return this.#call((session) => session.take(told, bytes));
  }

  paste(pasted, about) {
    return this.take({ paste: pasted, about });
  }

  supply(want, bytes, from) {
    this.take({ bytes, want, from });
  }

  wants() {
    return this.#call((session) => session.wants());
  }

  report(now) {
    const milliseconds = time(now);
    const report = this.#call((session) => session.report(milliseconds));
    if (this.#signatures.length > 0) report.question.signatures = [...this.#signatures];
    return report;
  }

  /** Gives the session's memory back. Calling it twice is no error; calling anything else is. */
  free() {
    const session = this.#session;
    this.#session = undefined;
    // After a trap the wasm's memory can no longer be trusted, not even to give some of it back.
    if (session && !refusal) call(() => session.free());
  }

  #call(work) {
    if (!this.#session) throw new PullproofError("freed", "the session was freed already");
    return call(() => work(this.#session));
  }
}

/** A question without the repositories that it names for signatures, and those. */
function parted(question) {
  if (question?.signatures === undefined) return [question, []];
  const { signatures, ...asked } = question;
  const names = [signatures].flat();
  const isNamed = names.every((name) => typeof name === "string") && asked.ask !== "same";
  if (!isNamed) throw new PullproofError("question", "expected the names of repositories, of the question who published an image or what it is, in the question's signatures, found another");
  return [asked, names];
}

// A refusal that stands for every later call, once there is a reason for one.
let refusal = {
  code: "could-not-check",
  message: "the module is not started yet",
};

/**
 * Called once, by node.js or module.js, with the glue of the wasm that is in place. A failure is not forgotten by
 * calling it again.
 */
export function start(glue) {
  if (wasm && refusal) throw new PullproofError(refusal.code, refusal.message);
  wasm = glue;
  refusal = undefined;
  // A processor, an engine or a build that miscomputes a hash must not get to give verdicts.
  if (call(() => wasm.self_test()) === true) return;
  refusal = { code: "self-test", message: "this machine computes wrong digests for known inputs, so nothing is checked here" };
}

/** Called with the bytes of trusted roots that come along. Other bytes than theirs are left: who needs a root says that it is missing. */
export function takeRoots(files) {
  for (const bytes of files) {
    try {
      call(() => wasm.take_root(bytes));
    } catch (error) {
      if (error.code !== "trusted-root") throw error;
    }
  }
}

/** True of a report on a signature for which a trusted root is missing. */
export const lacksRoot = ({ claims }) => claims.some(({ statement }) => statement.code === "trusted-root");

// The hash that comes with the platform, where it has one that answers at once.
let platform;

// Published digests (FIPS 180-4's examples), of no block, one and two.
const known = {
  "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
};

/** Called by node.js with the platform's hash, for what is longer than any document. It is held to known answers too. */
export function hashLong(hash) {
  const right = Object.entries(known).every(([text, hex]) => call(() => hash(encoder.encode(text))) === `sha256:${hex}`);
  if (right) platform = hash;
  else refusal = { code: "self-test", message: "this machine computes wrong digests for known inputs, so nothing is checked here" };
}

/** Does something with the wasm. Whatever is thrown that the wasm did not write counts as a trap. */
export function call(work) {
  if (refusal) throw new PullproofError(refusal.code, refusal.message);
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error) {
  if (typeof error?.code === "string") return new PullproofError(error.code, error.message, error.offset);
  // Anything else is a trap, or the engine giving up (out of stack, out of memory). Memory may be
  // left half written, so no later answer of this module would be worth anything.
  refusal = { code: "could-not-check", message: `could not check: the module failed earlier: ${error}` };
  return new PullproofError("could-not-check", `could not check: ${error}`);
}

const encoder = new TextEncoder();

// Getters that give an array's kind and bytes, whatever its own class answers.
const arrays = Object.getPrototypeOf(Uint8Array.prototype);
const getter = (name) => Object.getOwnPropertyDescriptor(arrays, name).get;
const [kindOfArray, arrayBuffer] = [getter(Symbol.toStringTag), getter("buffer")];
const [byteOffset, byteLength] = [getter("byteOffset"), getter("byteLength")];

// Bytes of one input. More would not fit into the wasm's memory beside what is there, and running out
// of memory is a trap, which would end the module. The limits on what is read are the wasm's own.
const mostBytes = 2 ** 30;

// A document has at most 4 MiB: what is longer is only hashed.
const longest = 4 * 2 ** 20;

/** The bytes themselves, not copied, if they are longer than a document and few enough: each is read once. */
function longBytes(input) {
  if (typeof input === "string" || kindOfArray.call(input) !== "Uint8Array") return undefined;
  const length = byteLength.call(input);
  return length > longest && length <= mostBytes ? input : undefined;
}

function copyBytes(input) {
  const whole = wholeBytes(input);
  return typeof input === "string" ? whole : copied(() => new Uint8Array(whole));
}

/**
 * The bytes of what was given, not copied themselves: for a call that runs nothing of the caller's, since the wasm
 * copies them once, into its own memory.
 */
function wholeBytes(input) {
  if (typeof input === "string") return fitting(encoder.encode(wellFormed(input)));
  // Asks the object itself, so that arrays of other realms pass and look-alikes do not.
  if (kindOfArray.call(input) !== "Uint8Array") throw wrongType("a Uint8Array or a string", input);
  return fitting(copied(() => plainArray(input)));
}

/** An array over the same bytes that answers for itself: a class made from Uint8Array may answer anything. */
function plainArray(input) {
  // Throws for an array that no longer has its bytes; the three below would call it empty.
  arrays.at.call(input, 0);
  return new Uint8Array(arrayBuffer.call(input), byteOffset.call(input), byteLength.call(input));
}

function copied(make) {
  try {
    return make();
  } catch (error) {
    throw new PullproofError("argument", `expected bytes that can be copied, found ${error.message}`);
  }
}

function fitting(bytes) {
  if (bytes.length <= mostBytes) return bytes;
  throw new PullproofError("limit-exceeded", `expected at most ${mostBytes} bytes, found ${bytes.length}`);
}

// Data with more levels than any question, want or source has; also what ends a cycle.
const deepest = 16;

/** Data as JSON text, which is how it crosses: read there by the reader that reads documents. */
function json(value) {
  return JSON.stringify(copyData(value)) ?? "null";
}

/** Evidence as JSON text, and beside it its bytes, which JSON cannot carry. */
function crossing(evidence) {
  if (evidence === null || typeof evidence !== "object") throw wrongType("evidence", evidence);
  // Read once, as everything is.
  const told = { ...evidence };
  const name = ["paste", "bytes"].find((kind) => Object.hasOwn(told, kind));
  if (name === undefined) return [json(told), new Uint8Array()];
  const bytes = copyBytes(told[name]);
  return [json({ ...told, [name]: "" }), bytes];
}

/** A copy of plain data, read once; what JSON would drop, call or refuse is refused here. */
function copyData(value, depth = 0) {
  if (["bigint", "function", "symbol"].includes(typeof value)) throw wrongType("plain data", value);
  if (depth > deepest) throw new PullproofError("argument", `expected at most ${deepest} levels of data`);
  if (typeof value === "string") return wellFormed(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return Array.from(value, (item) => copyData(item, depth + 1));
  const entries = Object.entries(value).map(([key, item]) => [wellFormed(key), copyData(item, depth + 1)]);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

function wellFormed(text) {
  if (typeof text !== "string") throw wrongType("a string", text);
  // With the u flag a pair is one character, so this finds only halves that stand alone.
  const lone = text.search(/\p{Surrogate}/u);
  if (lone === -1) return text;
  throw new PullproofError("encoding", `expected text, found half a surrogate pair at character ${lone}`);
}

function time(now) {
  let milliseconds = Number.NaN;
  try {
    // As for bytes above: a Date of another realm passes, a look-alike does not.
    milliseconds = Date.prototype.getTime.call(now);
  } catch {
    // Not a Date at all: refused below, with an invalid one.
  }
  if (Number.isNaN(milliseconds)) throw wrongType("a valid Date", now);
  return milliseconds;
}

function wrongType(expected, found) {
  const kind = found === null ? "null" : typeof found;
  return new PullproofError("argument", `expected ${expected}, found ${kind}`);
}
