// The log of evidence: everything that a session took, in order. All evidence comes through `take`, so the log can be
// written down, read, and taken again. A receipt is that log, with its question and its answer.

import { isOwn } from "./codes.js";
import { anything, attempt, exactly, fault, flag, list, object, optional, shortened, text, wrong } from "./exact.js";
import { PullproofError } from "./index.js";

/** A session that also keeps what it takes, in order. */
export function recording(session) {
  const recorder = {
    log: [],
    /** True if something pasted holds a password or a key, which the log would pass on. */
    secret: false,
    take(evidence) {
      const kept = withBytes(evidence, copied);
      const findings = session.take(kept);
      recorder.secret ||= findings.some(({ claims }) => claims.some(isSecret));
      recorder.log.push(kept);
      return findings;
    },
    paste: (pasted, about) => recorder.take({ paste: pasted, about }),
    supply: (want, bytes, from) => void recorder.take({ bytes, want, from }),
    wants: () => session.wants(),
    report: (now) => session.report(now),
    free: () => session.free(),
  };
  return recorder;
}

/** The bytes of a file that is no text, as evidence: beside an image or another piece they have no part in the answer. */
export const wholeOf = ({ ask, image }, pieces) => (ask === "what" && image === undefined && pieces.length === 1 ? pieces[0].whole : undefined);

/** Gives a session the evidence that answers one of its wants. */
export function takeWanted(session, evidence) {
  try {
    session.take(evidence);
  } catch (error) {
    // Evidence that is too large, or a list that cannot be read: it remains a want, and the report says why.
    const isTooLarge = error.code === "limit-exceeded" && evidence.want !== undefined;
    const isNoList = evidence.listed !== undefined && error instanceof PullproofError && error.code !== "could-not-check";
    if (!isTooLarge && !isNoList) throw error;
    const { want, from } = evidence;
    session.take({ failed: { code: error.code, text: error.message }, want, from });
  }
}

/** Gives a session everything that another one took; an error names the place in the log. */
export function replay(session, evidence) {
  evidence.forEach((one, i) => attempt(`evidence[${i}]`, () => session.take(one)));
}

/** The log as it is written down. It is made to be passed on, so it must not hold a secret. */
export function written(recorder) {
  refuseSecret(recorder);
  return recorder.log.map((one) => withBytes(one, encode));
}

export function refuseSecret({ secret }) {
  if (secret) throw new PullproofError("secret", "expected evidence without secrets for a receipt, found one in what was pasted");
}

const isSecret = ({ statement }) => statement.kind === "unread" && statement.code === "secret";
const copied = (given) => (typeof given === "string" ? given : Uint8Array.from(given));

/** Evidence whose bytes, where it has any, are in another form. */
function withBytes(evidence, form) {
  const name = ["paste", "bytes"].find((kind) => Object.hasOwn(evidence, kind));
  return name === undefined ? evidence : { ...evidence, [name]: form(evidence[name]) };
}

const address = (value, place) => {
  if (!URL.canParse(text(value, place)) || !/^https?:/.test(value)) throw wrong("an https address", value, place);
  return value;
};
const second = (value, place) => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text(value, place))) throw wrong("a time such as 2026-11-23T14:02:03Z", value, place);
  return value;
};

// Nobody who fetches has anything to tell by a code of the module's own.
const code = (value, place) => {
  if (isOwn(text(value, place))) throw fault("code", `expected the code of something that was told, found ${shortened(value)}`, place);
  return value;
};

// A source in a log can only be a place that was asked, or a file. Any other would let the log speak for its reader.
const fetched = object({ via: exactly("fetched", "source"), url: address, at: second });
const fromFile = object({ via: exactly("file", "source"), name: text });
const from = (value, place) => (value?.via === "file" ? fromFile : fetched)(value, place);
const want = object({ what: text, hint: text, command: optional(flag), digest: optional(text), url: optional(text), accept: optional(list(text)) });
const words = object({ code, text });
const kinds = {
  paste: object({ paste: decode, about: optional(text), file: optional(text) }),
  bytes: object({ bytes: decode, want, from }),
  header: object({ header: text, want, from }),
  failed: object({ failed: words, want, from }),
  note: object({ note: words, from }),
  listed: object({ listed: list(anything), by: text, want, from }),
};

/** Reads what was written down. */
export const readLog = list(evidence);

function evidence(value, place) {
  const kind = Object.keys(kinds).find((name) => Object.hasOwn(anything(value, place), name));
  if (kind === undefined) throw fault("unknown-key", `expected one of ${Object.keys(kinds).join(", ")}, found none`, place);
  return kinds[kind](value, place);
}

function encode(given) {
  const bytes = typeof given === "string" ? new TextEncoder().encode(given) : given;
  const parts = [];
  // As many at a time as a call may have arguments, and whole groups of three.
  for (let i = 0; i < bytes.length; i += 0x6000) parts.push(btoa(String.fromCharCode(...bytes.subarray(i, i + 0x6000))));
  return parts.join("");
}

function decode(value, place) {
  let binary;
  try {
    binary = atob(text(value, place));
  } catch {
    throw fault("base64", "expected base64, found something else", place);
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // One spelling for the same bytes: without spaces, padded, no stray bits.
  if (encode(bytes) !== value) throw fault("base64", "expected canonical base64, found another encoding of the same bytes", place);
  return bytes;
}
