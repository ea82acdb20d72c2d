// The order of standings, and of the verdicts that come of them. The module's own is the order of `Verdict` in
// src/claim.rs, and a test holds this one to it.

// An answer in which something is missing is open.
const order = ["contradicted", "missing", "open", "stated", "proven"];

/** Standings, the weakest first. */
export const standings = order.filter((word) => word !== "open");

/** Verdicts, the weakest first. */
export const verdicts = order.filter((word) => word !== "missing");

/** The weakest of some standings, or of some verdicts; nothing for an empty list. */
export function weakest(words) {
  const all = new Set(words);
  return order.find((word) => all.has(word));
}
