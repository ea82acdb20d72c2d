// A receipt: one JSON file with a question, the time, and everything that its answer was made of, so
// that anybody can make it again offline. The answer in it is only compared, never believed. What can
// not be made again is said: that a registry answered so, and then, is the receipt's word.

import { isOwn } from "./codes.js";
import { PullproofError, Session, digest } from "./index.js";

// Characters of one receipt, and things told in it. Each paste and document is held to the module's
// own limits as well.
const mostText = 2 ** 26;
const mostEvidence = 50_000;
const mostDifferences = 20;
// Levels of a receipt's JSON: no report has as many.
const deepest = 32;

// What else than bytes a session is told by whoever fetches, each by its arguments.
const heard = {
  hear: ["want", "digest", "from"],
  fail: ["want", "code", "text", "from"],
  note: ["code", "text", "from"],
  refers: ["target", "by", "descriptors", "from"],
};

/** A session that keeps what it is told, in order. It is used as the session itself is. */
export function recording(session) {
  const told = [];
  const keep = (kind, value) => void told.push({ [kind]: value });
  const recorder = {
    told,
    /** Whether something pasted holds a password or a key, which a receipt would carry on. */
    secret: false,
    paste(pasted, about) {
      const copied = bytesOf(pasted);
      const findings = session.paste(copied, about);
      recorder.secret ||= findings.some(({ claims }) => claims.some(isSecret));
      told.push({ paste: copied, ...(about === undefined ? {} : { about }) });
      return findings;
    },
    supply(want, given, from) {
      const bytes = bytesOf(given);
      session.supply(want, bytes, from);
      keep("supply", { want, bytes, from });
    },
    wants: () => session.wants(),
    report: (now) => session.report(now),
    free: () => session.free(),
  };
  for (const [kind, names] of Object.entries(heard)) {
    recorder[kind] = (...values) => {
      session[kind](...values);
      keep(kind, Object.fromEntries(names.map((name, i) => [name, values[i]])));
    };
  }
  return recorder;
}

const isSecret = ({ statement }) => statement.kind === "unread" && statement.code === "secret";
const bytesOf = (given) => (typeof given === "string" ? given : Uint8Array.from(given));

/** A receipt as text: of a question, what was told, the time of the report and the report. */
export function receiptOf(question, recorder, at, report) {
  refuseSecret(recorder);
  const evidence = recorder.told.map((one) => {
    if (one.paste !== undefined) return { ...one, paste: encode(one.paste) };
    return one.supply ? { supply: { ...one.supply, bytes: encode(one.supply.bytes) } } : one;
  });
  return `${JSON.stringify({ pullproof: "receipt", version: 1, question, at: at.toISOString(), evidence, report })}\n`;
}

/** A receipt is made to be passed on; a secret must not go with it. */
export function refuseSecret({ secret }) {
  if (secret) throw new PullproofError("secret", "expected evidence without secrets for a receipt, found one in what was pasted");
}

/**
 * Answers a receipt's question again, from what is in it and nothing else. `report` is that answer;
 * `same` is whether the receipt has the same one, `differences` where not; `word` says in sentences
 * what only the receipt says.
 */
export function checkReceipt(text) {
  const receipt = read(text);
  const session = attempt("question", () => new Session(receipt.question));
  try {
    receipt.evidence.forEach((one, i) => attempt(`evidence[${i}]`, () => tell(session, one)));
    const report = session.report(new Date(receipt.at));
    const differences = compare(report, receipt.report);
    return { report, at: receipt.at, same: differences.length === 0, differences, word: wordsOf(receipt) };
  } finally {
    session.free();
  }
}

function tell(session, one) {
  if (one.paste !== undefined) session.paste(one.paste, one.about);
  if (one.supply) session.supply(one.supply.want, one.supply.bytes, one.supply.from);
  for (const [kind, names] of Object.entries(heard)) {
    if (one[kind]) session[kind](...names.map((name) => one[kind][name]));
  }
}

function wordsOf({ evidence, at }) {
  const hosts = hostsOf(evidence.filter((one) => !isSilence(one)));
  const silent = hostsOf(evidence.filter(isSilence));
  const said = ["What is asked, with the digests, keys or policy that it trusts, is the receipt's: compare it with what you want to know."];
  if (hosts.size > 0) {
    said.push(`That ${shortList(hosts)} answered so, and when, is the receipt's word; the digests of what is in it were computed here.`);
  }
  if (silent.size > 0) said.push(`That no answer came from ${shortList(silent)} to what was asked, or to some of it, is the receipt's word too.`);
  if (evidence.length > 0) {
    said.push("That this is all that was answered is its word too: what failed, or was said against it, may have been left out.");
  }
  return [...said, `The answer is as of ${at}, as the receipt says; nothing was fetched to check it.`];
}

// Codes of failures in which no host said anything.
const silences = new Set(["aborted", "network", "timeout"]);

const isSilence = ({ fail, note }) => silences.has((fail ?? note)?.code);
const hostsOf = (evidence) => new Set(evidence.flatMap(sourceOf).map(({ url }) => new URL(url).host));
const shortList = (hosts) => (hosts.size > 5 ? `${[...hosts][0]} and ${hosts.size - 1} others` : [...hosts].join(", "));

const sourceOf = ({ supply, hear, fail, note, refers }) => {
  const { from } = supply ?? hear ?? fail ?? note ?? refers ?? {};
  return from === undefined ? [] : [from];
};

// Reading: what is not exactly as it is written above is an error, which says where.

const text = (value, place) => {
  if (typeof value !== "string") throw wrong("text", value, place);
  return value;
};
const object = (shape) => (value, place) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw wrong("an object", value, place);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(shape, key)) throw fault("unknown-key", `expected ${Object.keys(shape).join(", ")}, found ${shortened(key)}`, place);
  }
  const found = Object.entries(shape).map(([key, { optional, read = shape[key] }]) => {
    const inside = place === "" ? key : `${place}.${key}`;
    if (Object.hasOwn(value, key)) return [key, read(value[key], inside)];
    if (optional) return undefined;
    throw fault("missing-key", `expected ${key}, found none`, place);
  });
  return Object.fromEntries(found.filter((entry) => entry !== undefined));
};
const optional = (read) => ({ optional: true, read });
const exactly = (expected, code) => (value, place) => {
  if (value !== expected) throw fault(code, `expected ${JSON.stringify(expected)}, found ${shortened(value)}`, place);
  return value;
};
const list = (read) => (value, place) => {
  if (!Array.isArray(value)) throw wrong("a list", value, place);
  if (value.length > mostEvidence) throw fault("limit-exceeded", `expected at most ${mostEvidence}, found ${value.length}`, place);
  return value.map((one, i) => read(one, `${place}[${i}]`));
};
const anything = (value, place) => {
  if (value === null || typeof value !== "object") throw wrong("an object", value, place);
  return value;
};
const address = (value, place) => {
  if (!URL.canParse(text(value, place)) || !/^https?:/.test(value)) throw wrong("an https address", value, place);
  return value;
};
const time = (value, place) => {
  const found = new Date(text(value, place));
  if (Number.isNaN(found.getTime()) || found.toISOString() !== value) throw wrong("a time such as 2026-11-23T14:02:03.000Z", value, place);
  return value;
};

const flag = (value, place) => {
  if (typeof value !== "boolean") throw wrong("true or false", value, place);
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

// Only what was fetched is supplied. Anything else would let a receipt speak for its reader.
const from = object({ via: exactly("fetched", "source"), url: address, at: second });
const want = object({ hint: text, command: optional(flag), digest: optional(text), url: optional(text), accept: optional(list(text)) });
const kinds = {
  paste: object({ paste: decode, about: optional(text) }),
  supply: object({ supply: object({ want, bytes: decode, from }) }),
  hear: object({ hear: object({ want, digest: text, from }) }),
  fail: object({ fail: object({ want, code, text, from }) }),
  note: object({ note: object({ code, text, from }) }),
  refers: object({ refers: object({ target: text, by: text, descriptors: list(anything), from }) }),
};

function piece(value, place) {
  const kind = Object.keys(kinds).find((name) => Object.hasOwn(anything(value, place), name));
  if (kind === undefined) throw fault("unknown-key", `expected one of ${Object.keys(kinds).join(", ")}, found none`, place);
  return kinds[kind](value, place);
}

const whole = object({
  pullproof: exactly("receipt", "not-a-receipt"),
  version: exactly(1, "version"),
  question: anything,
  at: time,
  evidence: list(piece),
  report: anything,
});

function read(given) {
  const found = decoded(given);
  if (found.length > mostText) throw fault("limit-exceeded", `expected at most ${mostText} characters, found ${found.length}`, "");
  let value;
  try {
    value = JSON.parse(found);
  } catch {
    throw fault("json-syntax", "expected JSON, found something else", "");
  }
  refuseTwins(found);
  const receipt = whole(value, "");
  receipt.evidence.forEach((one, i) => refuseOtherPolicy(receipt.question, one, `evidence[${i}]`));
  return receipt;
}

/** What is told of where the policy comes from names the digest of the policy in the question. */
function refuseOtherPolicy({ by }, { note }, place) {
  if (note?.code !== "policy-source") return;
  const policy = by?.policy;
  const expected = typeof policy === "string" ? digest(policy) : undefined;
  if (expected !== undefined && note.text.includes(expected)) return;
  throw fault("policy-source", `expected ${expected ?? "nothing"} as the digest of the question's policy, found ${shortened(note.text)}`, place);
}

function decoded(given) {
  if (typeof given === "string") return given;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(given);
  } catch {
    throw fault("encoding", "expected UTF-8, found something else", "");
  }
}

/** A key that is there twice means one thing to one reader and another to the next. The text is JSON. */
function refuseTwins(json) {
  const levels = [];
  let last = [0, 0];
  for (let i = 0; i < json.length; i += 1) {
    const character = json[i];
    if (character === '"') {
      last = [i, endOfString(json, i)];
      i = last[1] - 1;
    } else if (levels.length > deepest) throw fault("limit-exceeded", `expected at most ${deepest} levels, found more`, "");
    else if (character === "{") levels.push(new Set());
    else if (character === "[") levels.push(undefined);
    else if (character === "}" || character === "]") levels.pop();
    else if (character === ":") {
      const key = JSON.parse(json.slice(...last));
      if (levels.at(-1).has(key)) throw new PullproofError("json-duplicate-key", `expected each key once, found ${shortened(key)} twice`, last[0]);
      levels.at(-1).add(key);
    }
  }
}

function endOfString(json, start) {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
  return i + 1;
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
  if (encode(bytes) !== value) throw fault("base64", "expected base64 in its one form, found another", place);
  return bytes;
}

const shortened = (value) => {
  const written = JSON.stringify(value) ?? "nothing";
  return written.length > 200 ? `${written.slice(0, 200)}…` : written;
};
const fault = (code, message, place) => new PullproofError(code, `${message}, at ${place === "" ? "the receipt" : place}`);
const wrong = (expected, found, place) => fault("json-type", `expected ${expected}, found ${shortened(found)}`, place);

/** Does something with a part of a receipt, whose place is added to what is wrong with it. */
function attempt(place, work) {
  try {
    return work();
  } catch (error) {
    // After these nothing is right any more, wherever it began.
    if (!(error instanceof PullproofError) || ["could-not-check", "self-test"].includes(error.code)) throw error;
    throw new PullproofError(error.code, `${error.message}, at ${place}`, error.offset);
  }
}

/** Where a stored report is another than the one that was made again; at most some places. */
function compare(made, stored, place = "", found = []) {
  if (found.length >= mostDifferences) return found;
  const both = [made, stored];
  const isObject = (value) => value !== null && typeof value === "object";
  if (!both.every(isObject) || Array.isArray(made) !== Array.isArray(stored)) {
    if (made !== stored) found.push({ place, stored: shortened(stored), found: shortened(made) });
    return found;
  }
  for (const key of new Set(both.flatMap(Object.keys))) {
    const of = (value) => (Object.hasOwn(value, key) ? value[key] : undefined);
    compare(of(made), of(stored), Array.isArray(made) ? `${place}[${key}]` : `${place}${place && "."}${key}`, found);
  }
  return found;
}
