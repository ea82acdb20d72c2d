// An answer as a page: a function of the report. It orders and words what the report says and
// decides nothing: standings, levels and the verdict are the report's.

import { chainView } from "./chain.js";
import { drawingView } from "../drawing/drawing.js";
import { offerView } from "./offer.js";
import { missingView } from "./wants.js";
import { statements, textOf } from "../give/evidence.js";
import { drawn, how, madeWords, painted, predicate, sentence, sides, standingWord, verdictWords } from "../paint.js";
import { subjectOf } from "../pkg/report/phrases.js";
import { isSameWant, ofKind, sections } from "../pkg/report/sections.js";
import { counted, levelWords } from "../pkg/report/words.js";
import { knowDigests, element, later, list, quoted, worded } from "../text.js";
import { yourselfView } from "./checks.js";

/**
 * The answer's parts, top down. `pasteFor` takes text pasted for something that is missing, `fetch`
 * fetches it, `bytesOf` gives the bytes of a digest.
 */
export function renderAnswer(given, pieces, { pasteFor, fetch, bytesOf }) {
  const { report } = given;
  knowDigests(report);
  const { image, left } = report.question;
  // Who names an image wants to have it looked at; who pastes may want nothing to be sent.
  const offer = image ?? left ? offerView(given, fetch) : undefined;
  const drawing = drawingView(report, bytesOf);
  const parts = new Map(sections(report).map((part) => [part.name, part]));
  const said = (name, view) => (parts.has(name) ? section(parts.get(name).title, view(parts.get(name).items ?? parts.get(name).groups)) : []);
  const rests = foundations(given, parts.get("rests")?.items ?? []);
  const wanted = report.wants.length > 0 ? "Missing" : "To have it proven";
  const picture = section("The chain", drawing, "chain-drawn");
  const listed = section("Documents", documents(report, drawing !== undefined));
  const missing = section(wanted, missingView(given, { pasteFor, fetch, offered: offer !== undefined }), "wanted");
  const known = [section("Rests on", rests), said("unchecked", (items) => list(items, lineItem))];
  const byPlatform = section("By platform", platforms(report));
  const isSeen = drawing !== undefined;
  return [
    verdict(given, rests === undefined),
    ...(offer ? [offer] : []),
    ...said("contradictions", contradictions),
    ...(isSeen ? [picture, byPlatform] : [byPlatform, picture, listed]).flat(),
    element(
      "div",
      { class: "columns" },
      // What to do next comes first where nothing is answered yet.
      report.verdict === "open" ? [missing, known] : [known, missing],
    ),
    ...(isSeen ? listed : []),
    ...said("candidates", candidates),
    ...said("stated", stated),
    ...said("notes", (items) => notes(items, given)),
    ...section("Not read", unread(pieces)),
    ...said("checks", yourselfView),
  ];
}

/** The chain as a list, folded where it is drawn. */
function documents(report, isDrawn) {
  const chain = chainView(report);
  if (chain === undefined || !isDrawn) return chain;
  const held = ofKind(report, "bytes").filter(({ standing }) => standing.is === "proven").length;
  return element("details", { class: "folded listed" }, element("summary", {}, `The same as a list, with what is known of each; ${counted(held, "document")} hashed here`), chain);
}

/** What stands in the answer's place when there is none, and why. */
export function renderTrouble(word, text, message) {
  const said = message === undefined ? [] : [element("p", { class: "source" }, worded(message))];
  return [element("div", { class: "verdict none" }, element("h2", {}, element("span", { class: "word" }, word), " ", element("span", { class: "summary" }, text)), said)];
}

let titles = 0;

function section(title, content, name) {
  if (content === undefined) return [];
  const id = `section-${(titles += 1)}`;
  return [element("section", { "aria-labelledby": id, class: name }, element("h3", { id }, title), content)];
}

/** The verdict; with what it was made by where nothing below says that. */
function verdict(given, alone) {
  const { summary } = given.report;
  // A receipt whose own report differs is contradicted, whatever comes out of it.
  const verdict = given.checked?.same === false ? "contradicted" : given.report.verdict;
  const [word, meaning] = verdictWords(verdict);
  const [first, rest] = summary.split(/(?<=\.) (.*)/s);
  return element(
    "div",
    { class: `verdict ${verdict}` },
    element("h2", {}, element("span", { class: "word" }, word), " ", element("span", { class: "summary" }, worded(first), rest === undefined ? [] : [" ", element("span", { class: "rest" }, worded(rest))])),
    // What was only stated says so itself.
    verdict === "stated" && rest !== undefined ? [] : element("p", { class: "source" }, meaning),
    alone ? made(given) : [],
  );
}

/** By what it was made, and when. The module's digest is whole on paper, where it cannot be looked up. */
function made(given) {
  const [before, module, after] = madeWords(given).split(/(sha256:[0-9a-f]+)/);
  const shown = [element("bdi", { class: "brief", dir: "ltr" }, `${module.slice(0, 15)}…`), element("bdi", { class: "whole", dir: "ltr" }, module)];
  return element("p", { class: "source made" }, before, shown, after);
}

const some = (items, make, options) => (items.length === 0 ? undefined : list(items, make, options));

// So many platforms are read at a glance; of more, those of which the same is said stand together.
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
  is === "contradicted" ? ", which is less than asked " : " ",
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
    made(given),
  );
}

function contradictions(items) {
  // Of platforms both sides stand with the platform.
  const others = items.filter(({ claim: { statement } }) => statement.kind !== "same");
  return some(others, ({ lines: [line], sides: both }) =>
    element("li", { class: "node contradicted" }, element("p", {}, painted(line), ". ", standingWord("contradicted")), sides(both)),
  );
}

function candidates(items) {
  // What would tell which is right is shown once, with what is missing.
  const all = list(items, ({ lines: [line] }) => element("li", {}, painted(line)), { first: 6 });
  return element("details", { class: "folded" }, element("summary", {}, counted(items.length, "digest"), ", with the form that each would be of"), all);
}

/** What is stated, by what it is about; each line says who stated it. */
function stated(items) {
  const claims = items.map(({ claim }) => claim);
  const groups = [...Map.groupBy(claims, ({ statement }) => subjectOf(statement) ?? "")];
  const line = ({ statement, standing }) =>
    element("li", {}, predicate(statement), element("span", { class: "source" }, ", ", how(standing)));
  const group = ([subject, alike]) =>
    element("li", {}, element("p", { class: "between" }, drawn(subject)), list(alike, line, { first: 8 }));
  const all = list(groups, group, { first: 12 });
  if (claims.length <= fewStated) return all;
  const by = new Set(claims.flatMap(({ standing }) => standing.by.flatMap(({ tool }) => tool ?? [])));
  const tools = [...by].slice(0, 5).flatMap((tool, i) => [i === 0 ? ", by " : ", ", worded(tool)]);
  return element("details", { class: "folded" }, element("summary", {}, counted(claims.length, "statement"), tools), all);
}

// So many are read at a glance; more are folded.
const fewStated = 6;

function notes(items, { wants }) {
  // What is missing, and why it could not be fetched, stands with what would settle it.
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
    const refused = piece.refused ? [{ place: `Piece ${i + 1}, all of it`, text: piece.refused.message }] : [];
    return [...refused, ...parts.map((part) => ({ place: place(piece, i, part), text: part.text }))];
  });
  return some(found, ({ place, text }) => element("li", {}, place, ": ", worded(text)), { first: 12 });
}

function place(piece, i, { offset, length, code }) {
  // What was cut out of a piece has moved what stood behind it.
  if (piece.secret || code === "secret") return `Piece ${i + 1}`;
  const before = new TextEncoder().encode(textOf(piece)).subarray(0, offset);
  const line = before.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
  return `Piece ${i + 1}, line ${line} (byte ${offset}, ${length} bytes)`;
}
