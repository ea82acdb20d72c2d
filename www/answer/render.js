// An answer as a page: a function of the report. It orders and words what the report says and
// decides nothing: standings, levels and the verdict are the report's.

import { chainView } from "./chain.js";
import { drawingView } from "../drawing/drawing.js";
import { differencesView } from "./differences.js";
import { digestView, subjectOf as subjectOfAnswer } from "./digest.js";
import { newerRootView } from "./trusted.js";
import { signersView } from "./signers.js";
import { stepOf } from "./step.js";
import { readyView, troubleView, verdictView, whyView } from "./verdict.js";
import { missingView } from "./wants.js";
import { statements, textOf } from "../give/evidence.js";
import { drawn, how, madeWords, painted, predicate, sentence, sides, standingWord } from "../paint.js";
import { keepsPagesOut } from "../pkg/report/origins.js";
import { subjectOf } from "../pkg/report/phrases.js";
import { isSameWant, ofKind, sections } from "../pkg/report/sections.js";
import { levelWords } from "../pkg/report/words.js";
import { knowDigests, element, later, list, quoted, worded } from "../text.js";
import { yourselfView } from "./checks.js";

/** True if nothing was given but names, so that there is nothing to answer from yet. */
export const isReady = ({ report, pieces, fetched, failures, wants, checked }) =>
  checked === undefined && report.verdict === "open" && pieces.length === 0 && fetched.documents === 0 && failures.size === 0 && wants.some(({ url }) => url !== undefined);

/**
 * The answer's parts, top down: the sentence with its next step, the reasons, the drawing, and everything else folded.
 * `pasteFor` takes text pasted for something that is missing, `fetch` fetches it, `bytesOf` gives the bytes of a
 * digest, `askInstead` asks about another image, `pin` asks a question about one who signed, `newest` gets the newest
 * trusted root.
 */
export function renderAnswer(given, pieces, { pasteFor, fetch, bytesOf, askInstead, pin, newest }) {
  const { report } = given;
  knowDigests(report);
  const step = stepOf(given, { pasteFor, fetch, askInstead });
  const missing = missingView(given, { pasteFor, fetch, step });
  // Where pages are known to be kept out, what helps without a gateway is seen at once.
  const isClosed = given.wants.some(({ url }) => url !== undefined && keepsPagesOut(url));
  if (isReady(given)) return [readyView(given, step.view), ...(isClosed ? shown("Without a gateway: run this, and paste its output", missing) : fold("Without fetching", missing))];
  const parts = new Map(sections(report).map((part) => [part.name, part]));
  const said = (name, view, title) => (parts.has(name) ? fold(title ?? parts.get(name).title, view(parts.get(name).items ?? parts.get(name).groups), countOf(parts.get(name))) : []);
  const others = (items) => items.filter(({ claim }) => claim.statement.kind !== "same");
  return [
    verdictView(given, digestView(report, bytesOf), step.view),
    ...whyView(report, subjectOfAnswer(report).digest),
    ...shown("Who signed", signersView(report, pin)),
    ...[newerRootView(report, newest) ?? []].flat(),
    ...shown("What differs", differencesView(report)),
    ...picture(drawingView(report, bytesOf)),
    ...fold("By platform", platforms(report), ofKind(report, "same").length),
    ...said("contradictions", (items) => contradictions(others(items))),
    ...fold(report.wants.length > 0 ? "Missing" : "To prove it", missing, given.wants.length),
    ...fold("Documents", chainView(report), new Set(ofKind(report, "bytes").map(({ statement }) => statement.digest)).size, "listed"),
    ...said("candidates", candidates, "Possible digests"),
    ...said("stated", stated),
    ...said("notes", (items) => notes(items, given)),
    ...fold("Not read", unread(pieces)),
    ...fold("Rests on", foundations(given, parts.get("rests")?.items ?? [])),
    ...said("unchecked", (items) => list(items, lineItem)),
    ...said("checks", yourselfView),
    made(given),
  ];
}

const countOf = ({ items }) => items?.length;

/** The answer's place when there is no answer, and why. */
export function renderTrouble(word, text, message) {
  return [troubleView(word, text, message === undefined ? [] : element("p", { class: "source" }, worded(message)))];
}

let titles = 0;

/** A part that is read at once. */
function shown(title, content) {
  if (content === undefined) return [];
  const id = `section-${(titles += 1)}`;
  return [element("section", { "aria-labelledby": id }, element("h3", { id }, title), content)];
}

function picture(drawing) {
  if (drawing === undefined) return [];
  const id = `section-${(titles += 1)}`;
  return [element("section", { "aria-labelledby": id, class: "chain-drawn" }, element("h3", { id, class: "aside" }, "The chain"), drawing)];
}

/** A part that is read by who wants to know more. */
function fold(title, content, count, name = "") {
  if (content === undefined) return [];
  const id = `section-${(titles += 1)}`;
  const summary = element("summary", {}, element("h3", { id }, title), count > 1 ? element("span", { class: "source" }, ` ${count}`) : []);
  return [element("section", { "aria-labelledby": id }, element("details", { class: `folded ${name}`.trim() }, summary, content))];
}

/** By what it was made, and when. The module's digest is whole on paper, where it cannot be looked up. */
function made(given) {
  const [before, module, after] = madeWords(given).split(/(sha256:[0-9a-f]+)/);
  const shown = [element("bdi", { class: "brief", dir: "ltr" }, `${module.slice(0, 15)}…`), element("bdi", { class: "whole", dir: "ltr" }, module)];
  return element("p", { class: "source made" }, before, shown, after);
}

const some = (items, make, options) => (items.length === 0 ? undefined : list(items, make, options));

// So many platforms are read at a glance; if there are more, those with the same result are shown together.
const fewPlatforms = 4;

function platforms(report) {
  const claims = ofKind(report, "same");
  if (claims.length <= fewPlatforms) return some(claims, platformItem);
  const groups = Map.groupBy(claims, ({ statement, standing }) => JSON.stringify([statement.level, standing.is, statement.reasons.length]));
  // Of what is contradicted each is said at once.
  const apart = [...groups.values()].flatMap((alike) => (alike[0].standing.is === "contradicted" ? alike.map((claim) => [claim]) : [alike]));
  apart.sort(([one], [other]) => (other.standing.is === "contradicted") - (one.standing.is === "contradicted"));
  return some(apart, (alike) => (alike.length === 1 ? platformItem(alike[0]) : platformsItem(alike)), { first: 12 });
}

/** Several platforms of which the same is said; each with what it rests on when it is unfolded. */
function platformsItem(alike) {
  const [{ statement, standing }] = alike;
  const named = alike.map(({ statement: { platform } }) => element("span", { class: "platform" }, platform === undefined ? "the images" : quoted(platform)));
  return element(
    "li",
    { class: `node ${standing.is}` },
    element("p", { class: "head" }, `${alike.length} platforms`, sameWords(statement, standing)),
    element("p", { class: "source" }, named.flatMap((name, i) => [i === 0 ? "" : ", ", name])),
    later(element("summary", { class: "source" }, "Each of them"), () => list(alike, platformItem)),
  );
}

const sameWords = ({ level }, { is }) => [
  is === "missing" ? ": not known whether it is " : ": ",
  levelWords(level),
  is === "contradicted" ? ", lower than the level you asked for " : " ",
  standingWord(is),
];

function platformItem({ statement, standing }) {
  return element(
    "li",
    { class: `node ${standing.is}` },
    element(
      "p",
      { class: "head" },
      element("span", { class: "platform" }, statement.platform === undefined ? "The images" : quoted(statement.platform)),
      sameWords(statement, standing),
    ),
    standing.is === "contradicted" ? sides(standing) : element("p", { class: "source" }, how(standing)),
    statement.reasons.length === 0 ? [] : list(statement.reasons, (reason) => element("li", {}, worded(reason))),
  );
}

function claimItem({ statement, standing }) {
  return element("li", {}, sentence(statement), ". ", standingWord(standing.is), element("div", { class: "source" }, how(standing)));
}

/** An item as its lines. */
const lineItem = ({ lines: [line, ...others] }) => element("li", {}, painted(line), others.map((other) => element("div", { class: "source" }, painted(other))));

/** The claims that the verdict rests on, then what all of them depend on. */
function foundations(given, items) {
  const { claims, rests } = given.report;
  if (rests === 0 && items.length === 0) return undefined;
  return element(
    "div",
    {},
    some(claims.slice(0, rests), claimItem, { first: 12 }) ?? [],
    items.length === 0 ? [] : [element("p", {}, "The answer depends on:"), list(items, lineItem, { first: 12 })],
  );
}

function contradictions(items) {
  return some(items, ({ lines: [line], sides: both }) =>
    element("li", { class: "node contradicted" }, element("p", {}, painted(line), ". ", standingWord("contradicted")), sides(both)),
  );
}

function candidates(items) {
  return list(items, ({ claim: { standing }, lines: [line] }) =>
    // The step that would decide it is shown once, with what is missing.
    element("li", {}, painted(line), standing.is === "missing" ? [] : element("div", { class: "source" }, how(standing))),
    { first: 6 },
  );
}

/** Statements, grouped by their subject; each line says who stated it. */
function stated(items) {
  const claims = items.map(({ claim }) => claim);
  const groups = [...Map.groupBy(claims, ({ statement }) => subjectOf(statement) ?? "")];
  const line = ({ statement, standing }) =>
    element("li", {}, predicate(statement), element("span", { class: "source" }, ", ", how(standing)));
  const group = ([subject, alike]) =>
    element("li", {}, element("p", { class: "between" }, drawn(subject)), list(alike, line, { first: 8 }));
  return list(groups, group, { first: 12 });
}

function notes(items, { wants }) {
  // A failed request is shown with the command that would replace it.
  const isWanted = ({ claim: { standing } }) => standing.is === "missing" && wants.some((want) => isSameWant(want, standing.want));
  const found = items.filter((item) => !isWanted(item));
  return some(found, ({ claim: { standing }, lines: [line] }) =>
    element("li", {}, painted(line), element("div", { class: "source" }, how(standing))),
    { first: 12 },
  );
}

/** The places that could not be read, and the pieces that were not taken in at all. */
function unread(pieces) {
  const found = pieces.flatMap((piece, i) => {
    const parts = statements(piece).filter(({ kind }) => kind === "unread");
    const refused = piece.refused ? [{ place: `Input ${i + 1} (whole)`, text: piece.refused.message }] : [];
    return [...refused, ...parts.map((part) => ({ place: place(piece, i, part), text: part.text }))];
  });
  return some(found, ({ place, text }) => element("li", {}, place, ": ", worded(text)), { first: 12 });
}

function place(piece, i, { offset, length, code }) {
  // What was cut out of a piece has moved what stood behind it.
  if (piece.secret || code === "secret") return `Input ${i + 1}`;
  const before = new TextEncoder().encode(textOf(piece)).subarray(0, offset);
  const line = before.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
  return `Input ${i + 1}, line ${line} (byte ${offset}, ${length} bytes)`;
}
