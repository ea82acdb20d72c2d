// What is said of an answer that was made again from a receipt: whatever was fetched is the receipt's word,
// and a receipt whose own report differs is contradicted, whatever comes out of it.

import { meanings } from "./words.js";

// Notes of whoever fetched.
const heard = new Set(["accept", "archive", "archive-names", "binary", "fetched", "policy-source", "referrers", "timeout"]);

/** A report from a receipt, in which the answer in words, each fetched source and what was noted of it is the receipt's word. */
export function attributed(report) {
  const source = (one) => (one.via === "fetched" ? { ...one, word: "receipt" } : one);
  const seen = (side) => ({ ...side, source: source(side.source) });
  const standing = ({ from, by, expected, found, ...rest }) => ({
    ...rest,
    ...(from && { from: from.map(source) }),
    ...(by && { by: by.map(source) }),
    ...(expected && { expected: seen(expected) }),
    ...(found && { found: seen(found) }),
  });
  const statement = (one) => (heard.has(one.code) ? { ...one, text: `by the receipt's word ${one.text}` } : one);
  return {
    ...report,
    summary: `By the receipt's word: ${report.summary}`,
    conditions: (report.conditions ?? []).map((text, at) => (at === 0 ? `By the receipt's word: ${text}` : text)),
    claims: report.claims.map((claim) => ({ ...claim, statement: statement(claim.statement), standing: standing(claim.standing) })),
  };
}

/** The verdict on a receipt, and in a sentence what it means. */
export function receiptVerdict({ same, report: { verdict } }) {
  const made = `by the receipt's word: ${meanings[verdict] ?? ""}`;
  if (same) return { verdict, meaning: made };
  return { verdict: "contradicted", meaning: `the report in the receipt differs from the one that was made again here and is shown. That one is ${verdict}, ${made}` };
}

/** The verdict on a receipt as a headline and a sentence. */
export function receiptAnswer({ same, report: { verdict, headline, summary } }) {
  if (same) return { verdict, headline: `By the receipt's word: ${headline}`, summary };
  return {
    verdict: "contradicted",
    headline: "The receipt does not match",
    summary: `Its report differs from the answer that was made again here from what is in it, which is ${verdict}: ${summary}`,
  };
}

/** The conditions of an answer from a receipt, in short. */
export const receiptConditions = ({ same, differences }) => [
  ...(same ? [] : differences.slice(0, 2).map(({ place, stored, found }) => `${place}: the receipt has ${stored}, found ${found}.`)),
  "This answer was recomputed from a receipt, offline. The receipt chose the question and what to trust: make sure that it is yours. What registries answered, and when, only the receipt says.",
];

/** What else there is to know of a receipt: where its report differs, and what is only its word. */
export function receiptItems({ same, differences, word }) {
  return [
    same ? "Its report matches the one that was made again here." : "CONTRADICTED: its report does not match the one that was made again here.",
    ...differences.map(({ place, stored, found }) => `${place}: the receipt has ${stored}, found ${found}`),
    ...word,
  ];
}
