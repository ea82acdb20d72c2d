// The top of an answer: the mark, the sentence with the names, the next step, and the reasons.

import { painted } from "../paint.js";
import { plain } from "../pkg/report/text.js";
import { receiptAnswer } from "../pkg/report/receipt.js";
import { reasons } from "../pkg/report/reasons.js";
import { shown } from "../pkg/report/shown.js";
import { marks, standingWord } from "../pkg/report/words.js";
import { element, identifier, worded } from "../text.js";

/** The verdict, headline and sentence of an answer, or of the receipt that it was made of. */
export const answerOf = ({ checked, report }) => (checked ? receiptAnswer({ ...checked, report: shown(checked.report) }) : shown(report));

/** The answer in a sentence, with what to do next below it. */
export function verdictView(given, ...below) {
  const { verdict, headline, summary } = answerOf(given);
  return card(verdict, marks[verdict], [worded(headline.endsWith("…") ? headline : `${headline}.`)], [worded(behind(headline, summary))], below);
}

/** Offers to fetch and compare, where only names were given. */
export function readyView({ report: { question } }, ...below) {
  const { words, names, end } = readyParts(question);
  const shown = names.flatMap((name, i) => [i === 0 ? "" : " and ", identifier(name)]);
  return card("open ready", marks.open, words, [shown, worded(end)], below);
}

/** The same as text. */
export function readyWords({ report: { question } }) {
  const { words, names, end } = readyParts(question);
  return `${words} ${names.join(" and ")}${end}`;
}

function readyParts({ ask, left, right, image, by: { policy } = {} }) {
  if (ask === "same") return { words: "Ready to compare", names: [left, right], end: "." };
  if (ask === "what") return { words: "Ready to look up", names: [image], end: "." };
  return { words: "Ready to check", names: [image], end: `: is it what ${policy === undefined ? "its author" : JSON.parse(policy).project} published?` };
}

/** A card that says why there is no answer. */
export const troubleView = (word, text, ...below) => card("none", "!", [`${word}.`], [text], below);

/** The sentence without what a headline that is cut off says before its colon. */
function behind(headline, summary) {
  if (!headline.endsWith("…") || !summary.startsWith(headline.slice(0, -1))) return summary;
  const rest = summary.slice(summary.indexOf(": ") + 2);
  return `${rest[0].toUpperCase()}${rest.slice(1)}`;
}

function card(kind, mark, word, summary, below) {
  const heading = element("h2", {}, element("span", { class: "word" }, word), " ", element("span", { class: "summary" }, summary));
  return element("div", { class: `verdict ${kind}` }, element("span", { class: "mark", "aria-hidden": "true" }, mark), element("div", { class: "says" }, heading, below));
}

/** The claims that the verdict rests on first, in words, and the conditions under which it holds; nothing that was said above. */
export function whyView(report, digest) {
  const reason = ({ is, phrase }) => reasonItem(is, marks[is], [element("span", { class: "aside" }, `${standingWord(is)}: `), painted(phrase)]);
  const items = [...reasons(report).filter((one) => !one.signer && !isSaid(one, report, digest)).map(reason), ...report.conditions.map((text) => reasonItem("note", "i", worded(text)))];
  return items.length === 0 ? [] : [element("ul", { class: "why", "aria-label": "Reasons" }, items)];
}

/** True if the sentence says this reason, or describes the document whose digest is above. */
function isSaid({ is, phrase }, { summary, differences = [] }, digest) {
  if (digest !== undefined && (phrase[0]?.digest !== undefined || /^and \d+ more$/.test(phrase))) return true;
  const digests = plain(phrase).match(/sha256:[0-9a-f]{64}/g) ?? [];
  // Two digests say less than the table of what differs.
  if (is === "contradicted" && digests.length > 0 && (differences.length > 0 || digests.every((digest) => summary.includes(digest)))) return true;
  return is === "contradicted" && summary.includes(plain(phrase).replace(/^[^:]*: /, ""));
}

const reasonItem = (kind, mark, ...content) => element("li", { class: kind }, element("span", { class: "tick", "aria-hidden": "true" }, mark), element("div", {}, content));
