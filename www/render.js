// An answer as a page: a function of the report. It orders and words what the report says and
// decides nothing: standings, levels and the verdict are the report's.

import { chainView } from "./chain.js";
import { drawingView } from "./drawing.js";
import { offerView } from "./fetching.js";
import { missingView } from "./missing.js";
import { counted, isListing, minute } from "./pkg/report/words.js";
import { statements, textOf } from "./evidence.js";
import { knowDigests, element, later, list, quoted, worded } from "./text.js";
import { drawn, how, joined, levelWords, madeWords, predicate, sentence, sides, sourceWords, standingWord, subjectOf, verdictWords } from "./words.js";
import { yourselfView } from "./yourself.js";

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
  const found = foundations(given);
  const wanted = report.wants.length > 0 ? "Missing" : "To have it proven";
  const picture = section("The chain", drawing, "chain-drawn");
  const listed = section("Documents", documents(report, drawing !== undefined));
  const missing = section(wanted, missingView(given, { pasteFor, fetch, offered: offer !== undefined }), "wanted");
  const known = [section("It rests on", found), section("Not checked", unchecked(report))];
  const byPlatform = section("By platform", platforms(report));
  // Where the drawing cannot be seen the list stands for it.
  const isSeen = drawing !== undefined && wide.matches;
  return [
    verdict(given, found === undefined),
    ...(offer ? [offer] : []),
    ...section("Contradictions", contradictions(report)),
    ...(isSeen ? [picture, byPlatform] : [byPlatform, picture, listed]).flat(),
    element(
      "div",
      { class: "columns" },
      // What to do next comes first where nothing is answered yet.
      report.verdict === "open" ? [missing, known] : [known, missing],
    ),
    ...(isSeen ? listed : []),
    ...section("Digests that a text may have had", candidates(report)),
    ...section("What tools stated", stated(report)),
    ...section("Notes", notes(given)),
    ...section("Not read", unread(pieces)),
    ...section("Check it yourself", yourselfView(report)),
  ];
}

/** The chain as a list. Where it is drawn, the list is folded; a phone has the list alone. */
function documents(report, isDrawn) {
  const chain = chainView(report);
  if (chain === undefined || !isDrawn || !wide.matches) return chain;
  const held = ofKind(report, "bytes").filter(({ standing }) => standing.is === "proven").length;
  return element("details", { class: "folded listed" }, element("summary", {}, `The same as a list, with what is known of each; ${counted(held, "document")} hashed here`), chain);
}

// Where style.css shows the drawing.
const wide = matchMedia("(min-width: 37.51rem)");
// Where the window becomes too narrow for the drawing, the list is unfolded.
wide.addEventListener("change", () => wide.matches || document.querySelectorAll(".listed").forEach((list) => (list.open = true)));

/** What stands in the answer's place when there is none, and why. */
export function renderTrouble(word, text, message) {
  const said = message === undefined ? [] : [element("p", { class: "source" }, worded(message))];
  return [element("div", { class: "verdict none" }, element("h2", {}, element("span", { class: "word" }, word), " ", element("span", { class: "summary" }, text)), said)];
}

let sections = 0;

function section(title, content, name) {
  if (content === undefined) return [];
  const id = `section-${(sections += 1)}`;
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

const ofKind = (report, ...kinds) => report.claims.filter(({ statement }) => kinds.includes(statement.kind));
const standing = (claims, word) => claims.filter((claim) => claim.standing.is === word);
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

/** Which policy was asked by, where it is known. */
const policies = (report) => ofKind(report, "note").filter(({ statement }) => statement.code === "policy-source");

/** The claims that the verdict rests on, then everything that anything here comes from. */
function foundations(given) {
  const { report } = given;
  const rests = report.claims.slice(0, report.rests);
  const sources = new Map();
  for (const { statement, standing } of report.claims) {
    if (isListing(statement)) continue;
    for (const source of standing.from ?? standing.by ?? []) sources.set(JSON.stringify(source), source);
  }
  if (rests.length === 0 && sources.size === 0) return undefined;
  const rest = sources.size > 50 ? ` and ${sources.size - 50} more.` : ".";
  return element(
    "div",
    {},
    some(policies(report), ({ statement, standing }) => element("li", {}, worded(statement.text), `, ${minute(standing.by[0].at)}`)) ?? [],
    some(rests, (claim) => claimItem(claim), { first: 12 }) ?? [],
    element("p", {}, "Everything here comes from ", joined([...sources.values()].slice(0, 50).map(sourceWords)), rest),
    made(given),
  );
}

function contradictions(report) {
  const found = standing(report.claims, "contradicted").filter(({ statement }) => statement.kind !== "same");
  return some(found, ({ statement, standing }) =>
    element("li", { class: "node contradicted" }, element("p", {}, sentence(statement), ". ", standingWord("contradicted")), sides(standing)),
  );
}

function unchecked(report) {
  const has = (...kinds) => ofKind(report, ...kinds).length > 0;
  const lines = [];
  if (has("bytes", "names", "same", "includes")) lines.push("Layers were not downloaded and not hashed. Equal configurations fix their content, not what a registry serves.");
  if (report.claims.some(({ statement }) => isListing(statement))) lines.push("What refers to the image: its type and what it refers to were compared, what is in it was not read.");
  if (has("resolves", "includes", "identifies", "keeps")) {
    lines.push("Freshness: a tag may name something else by now than when this was printed or fetched.");
  }
  const checked = report.claims.some(({ statement, standing }) => statement.kind === "signs" && standing.is === "proven");
  if (!checked && (has("signs", "authorises") || report.question.by?.keys || report.question.by?.identity)) lines.push("Signatures: what tools stated of them was compared, no signature was checked.");
  return some(lines, (line) => element("li", {}, line));
}

function candidates(report) {
  return some(ofKind(report, "candidate"), ({ statement, standing }) =>
    element(
      "li",
      {},
      sentence(statement),
      statement.edits.length === 0 ? [] : element("div", { class: "source" }, "changes: ", joined(statement.edits.map(worded))),
      // What would tell which is right stands once, with what is missing.
      standing.is === "missing" ? [] : element("div", { class: "source" }, how(standing)),
    ),
    { first: 6 },
  );
}

/** What tools stated, by what it is about; each line says who stated it. */
function stated(report) {
  const count = { claims: 0, by: new Set() };
  const groups = new Map();
  for (const claim of standing(report.claims, "stated")) {
    if (["note", "same", "unread"].includes(claim.statement.kind)) continue;
    const subject = subjectOf(claim.statement) ?? "";
    groups.set(subject, [...(groups.get(subject) ?? []), claim]);
    count.claims += 1;
    for (const { tool } of claim.standing.by) if (tool) count.by.add(tool);
  }
  const line = ({ statement, standing }) =>
    element("li", {}, predicate(statement), element("span", { class: "source" }, ", ", how(standing)));
  const group = ([subject, claims]) =>
    element("li", {}, element("p", { class: "between" }, drawn(subject)), list(claims, line, { first: 8 }));
  const all = some([...groups], group, { first: 12 });
  if (count.claims <= fewStated) return all;
  const tools = [...count.by].slice(0, 5).flatMap((tool, i) => [i === 0 ? ", by " : ", ", worded(tool)]);
  return element("details", { class: "folded" }, element("summary", {}, counted(count.claims, "statement"), tools), all);
}

// So many are read at a glance; more are folded.
const fewStated = 6;

function notes({ report, wants }) {
  // What is missing, and why it could not be fetched, stands with what would settle it; contradictions in a part of theirs.
  const wanted = new Set(wants.map(({ hint }) => hint));
  const elsewhere = ({ is, want }) => is === "contradicted" || (is === "missing" && wanted.has(want.hint));
  const found = ofKind(report, "note").filter(({ statement, standing }) => statement.code !== "policy-source" && !elsewhere(standing));
  return some(found, ({ statement, standing }) =>
    element("li", {}, sentence(statement), element("div", { class: "source" }, how(standing))),
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
