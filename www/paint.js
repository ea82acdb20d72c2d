// Draws what report/phrases.js says: each part of a phrase by what it is. Which words fit is decided there.

import * as phrases from "./pkg/report/phrases.js";
import * as words from "./pkg/report/words.js";
import { difference, digest, element, identifier, quoted, worded } from "./text.js";

/** A phrase as strings and nodes. */
export function painted(phrase) {
  if (typeof phrase === "string") return phrase;
  if (Array.isArray(phrase)) return phrase.map(painted);
  if (phrase.digest !== undefined) return digest(phrase.digest);
  if (phrase.name !== undefined) return identifier(phrase.name);
  if (phrase.value !== undefined) return quoted(phrase.value);
  // Codes are for programs and for looking up: nobody reads them here.
  return phrase.code === undefined ? worded(phrase.words) : [];
}

export const sentence = (statement) => painted(phrases.sentence(statement));
export const predicate = (statement) => painted(phrases.predicate(statement));
export const how = (standing) => painted(phrases.how(standing));
export const sources = (all) => painted(phrases.sources(all));
export const changes = (edits) => painted(phrases.changes(edits));

/** A reference, a digest or another name. */
export const drawn = (name) => painted(phrases.named(name));

/** By what an answer was made, and when. */
export const madeWords = ({ at, by }) =>
  `Checked with pullproof ${by.version} (module ${by.module}) at ${at.toISOString().replace("T", " ").slice(0, 16)} UTC.`;

/** A standing as a word, also told apart by its line. */
export const standingWord = (word) => element("span", { class: `standing ${word}` }, words.standingWord(word));

/** Both sides of a contradiction, each with its source. */
export function sides({ expected, found }) {
  const [one, other] = difference(expected.value, found.value);
  const side = (title, shown, { source }) =>
    element("div", {}, element("dt", {}, title), element("dd", {}, shown), element("dd", { class: "source" }, painted(phrases.source(source))));
  return element("dl", { class: "sides" }, side("Expected", one, expected), side("Found", other, found));
}
