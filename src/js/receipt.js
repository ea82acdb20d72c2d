// A receipt: one JSON file with a question, the time, and everything that its answer was made of, so
// that anybody can make it again offline. The answer in it is only compared, never believed. What can
// not be made again is said: that a registry answered so, and then, is the receipt's word.

import { anything, attempt, exactly, fault, object, shortened, text, wrong } from "./exact.js";
import { PullproofError, Session, digest } from "./index.js";
import { readLog, replay, written } from "./log.js";

// Characters of one receipt. Each paste and document is held to the module's own limits as well.
const mostText = 2 ** 26;
const mostDifferences = 20;
// Levels of a receipt's JSON: no report has as many.
const deepest = 32;

/** A receipt as text: of a question, what was taken, the time of the report and the report. */
export function receiptOf(question, recorder, at, report) {
  const evidence = written(recorder);
  return `${JSON.stringify({ pullproof: "receipt", version: 1, question, at: at.toISOString(), evidence, report })}\n`;
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
    replay(session, receipt.evidence);
    const report = session.report(new Date(receipt.at));
    const differences = compare(report, receipt.report);
    return { report, at: receipt.at, same: differences.length === 0, differences, word: wordsOf(receipt) };
  } finally {
    session.free();
  }
}

function wordsOf({ evidence, at }) {
  const hosts = hostsOf(evidence.filter((one) => !isSilence(one)));
  const silent = hostsOf(evidence.filter(isSilence));
  const said = ["The question and the trusted digests, keys or policy come from the receipt. Check that they are the ones you meant."];
  if (hosts.size > 0) {
    said.push(`Only the receipt says that ${shortList(hosts)} sent these bytes, and when; their digests were computed here.`);
  }
  if (silent.size > 0) said.push(`Only the receipt says that ${shortList(silent)} did not answer, or not every request.`);
  if (evidence.length > 0) {
    said.push("Only the receipt says that these are all answers: failures, or answers against it, may have been left out.");
  }
  return [...said, `The receipt dates the answer ${at}; nothing was fetched to check it.`];
}

// Codes of failures in which no host said anything.
const silences = new Set(["aborted", "network", "timeout"]);

const isSilence = ({ failed, note }) => silences.has((failed ?? note)?.code);
const hostsOf = (evidence) => new Set(evidence.flatMap(sourceOf).map(({ url }) => new URL(url).host));
const shortList = (hosts) => (hosts.size > 5 ? `${[...hosts][0]} and ${hosts.size - 1} others` : [...hosts].join(", "));

const sourceOf = ({ from }) => (from?.url === undefined ? [] : from);

const time = (value, place) => {
  const found = new Date(text(value, place));
  if (Number.isNaN(found.getTime()) || found.toISOString() !== value) throw wrong("a time such as 2026-11-23T14:02:03.000Z", value, place);
  return value;
};

const whole = object({
  pullproof: exactly("receipt", "not-a-receipt"),
  version: exactly(1, "version"),
  question: anything,
  at: time,
  evidence: readLog,
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

/** Places where a stored report differs from the one that was made again; at most some. */
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
