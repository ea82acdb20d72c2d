// The sections below a verdict, in the order in which they are read: each a title and its items, in phrases. The printers
// decide how they look, and nothing else: a terminal, Markdown and the page have the same.
//
// An item is `{ lines, sides, command, claim }`: phrases, the first of which is what is said; both sides of a
// contradiction; a command that would settle it; and the claim that it says, where it is one.

import { checks } from "./checks.js";
import { differenceLines } from "./differences.js";
import { fromWords, resolution, resolutions } from "./origins.js";
import { changes, how, predicate, sentence, source } from "./phrases.js";
import { cellWords, coverage, isPlace, places, signatures, whenWords } from "./signers.js";
import { counted, isListing, layersSentence, levelWords, listed, minute, signatoryWords, signaturesSentence } from "./words.js";

// So many items are shown where not all are.
const most = 12;
const mostDocuments = 30;

/** The claims of some kinds of statements. */
export const ofKind = (report, ...kinds) => report.claims.filter(({ statement }) => kinds.includes(statement.kind));

const standing = (claims, word) => claims.filter((claim) => claim.standing.is === word);

/** One row a platform: its name, standing, level, and the reasons. */
export function platformRows(report) {
  return ofKind(report, "same").map(({ statement, standing }) => ({
    platform: statement.platform ?? "all",
    word: standing.is === "missing" ? "open" : standing.is,
    level: standing.is === "missing" ? "not known" : levelWords(statement.level),
    reasons: statement.reasons,
  }));
}

/**
 * The sections below the platforms and the verdict: `{ name, title, items, groups, folded }`, none of them empty; `groups`
 * are the steps of checks.js; one that is `folded` is for who asks for it. Where `more` is given only so many items are in each, and then what `more` makes of the number
 * of the others. `mostSteps` is how many steps of "Check it yourself" are in it of each image.
 */
export function sections(report, { more, mostSteps } = {}) {
  const clipped = (items, first = most) => (more === undefined || items.length <= first ? items : [...items.slice(0, first), line(more(items.length - first))]);
  const found = [
    { name: "rests", title: "Rests on", items: foundations(report, clipped) },
    { name: "contradictions", title: "Contradictions", items: clipped(contradictions(report)) },
    { name: "differences", title: "What differs", items: clipped(differenceLines(report).map(line)) },
    { name: "signers", title: "Who signed", items: clipped(signed(report)) },
    { name: "unchecked", title: "Not checked", items: unchecked(report).map(line) },
    { name: "missing", title: "Missing", items: clipped(missing(report)) },
    { name: "documents", title: "Documents", items: clipped(documents(report, clipped), mostDocuments) },
    { name: "candidates", title: "Other digests that it may have", folded: true, items: clipped(others(report).map(said)) },
    { name: "stated", title: "Stated", items: clipped(stated(report)) },
    { name: "notes", title: "Notes", items: clipped(notes(report)) },
    { name: "unread", title: "Not read", items: clipped(ofKind(report, "unread").map(said)) },
    { name: "checks", title: "Check it yourself", groups: checks(report, { most: mostSteps }) },
  ];
  return found.filter(({ items, groups }) => (items ?? groups).length > 0);
}

const line = (phrase) => ({ lines: [phrase] });

/** A claim by what it says. */
const said = (claim) => ({ claim, lines: [sentence(claim.statement)] });

/** A claim by what it says and how it is known. */
const known = (claim) => ({ claim, lines: [[sentence(claim.statement), ", ", how(claim.standing)]] });

const sourcesOf = ({ from, by, expected, found }) => from ?? by ?? [expected, found].flatMap((seen) => seen?.source ?? []);

/** A function that tells if an answer depends on a source: a source of the weakest claims, or, while it is open, of any. */
function dependence({ claims, rests, verdict }) {
  const sources = new Set(claims.slice(0, rests).flatMap(({ standing }) => sourcesOf(standing)).map((source) => JSON.stringify(source)));
  // What is missing comes from nowhere: an open answer depends on that and on everything that is here.
  return (source) => verdict === "open" || sources.has(JSON.stringify(source));
}

/**
 * What the answer depends on: what tags meant and when, and of the claims that the verdict is the weakest of,
 * where documents came from, who says so, and what was given.
 */
function foundations(report, clipped) {
  const restsOn = dependence(report);
  const sources = new Map();
  for (const { statement, standing } of report.claims) {
    // A list is somebody's word, and a note may say that nothing was received.
    if (isListing(statement) || statement.kind === "note") continue;
    for (const source of sourcesOf(standing).filter(restsOn)) {
      // Of what was fetched only what something is proven from was received: a header is a word as well.
      if (source.via !== "fetched" || standing.is === "proven") sources.set(JSON.stringify(source), source);
    }
  }
  const via = (kind) => [...sources.values()].filter((source) => source.via === kind);
  const policy = report.claims.find(({ statement }) => statement.code === "policy-source");
  return [
    ...(policy === undefined ? [] : [line([{ words: policy.statement.text }, ", ", { words: minute(policy.standing.by[0].at) }])]),
    ...clipped(resolutions(report).map(resolution).map(line)),
    ...clipped(saidToBe(report).map(known)),
    ...fetched(via("fetched")).map(line),
    ...clipped([...via("given"), ...via("link"), ...via("file"), ...via("pasted")].map(source).map(line)),
  ];
}

/** The digests that references are said to have, by the sources that the answer depends on. */
function saidToBe(report) {
  const restsOn = dependence(report);
  return standing(ofKind(report, "resolves"), "stated").filter(({ standing }) => standing.by.some(restsOn));
}

/** Fetched documents by where they came from: how many, and when the first. */
function fetched(sources) {
  const groups = new Map();
  for (const source of sources) groups.set(fromWords(source), [...(groups.get(fromWords(source)) ?? []), source]);
  return [...groups].map(([from, all]) => {
    const [first] = all.map(({ at }) => at).sort();
    const count = new Set(all.map(({ url }) => url)).size;
    return [`${counted(count, "document")} fetched from `, { words: from }, " at ", { words: minute(first) }, ", hashed here"];
  });
}

/** Each signature that was checked, part by part, and where signatures were looked for. */
function signed(report) {
  const { rows, signers } = coverage(report);
  const cells = (at) => rows.map(({ name, digest, cells: all }) => [`${name}: ${cellWords(all[at])} `, { digest }]);
  const items = signers.map(({ by, all }, at) => ({ lines: [[{ name: signatoryWords(by) }, whenWords(all)], ...cells(at)] }));
  return [...items, ...places(report).map(({ text }) => line({ words: text }))];
}

const asked = ({ question: { level = "config" } }) => ` (you asked for ${levelWords(level).replace(/, .*$/, "")})`;

const contradictions = (report) =>
  standing(report.claims, "contradicted").map((claim) => ({
    claim,
    lines: [[sentence(claim.statement), claim.statement.kind === "same" ? asked(report) : ""]],
    sides: claim.standing,
  }));

function unchecked(report) {
  const has = (...kinds) => ofKind(report, ...kinds).length > 0;
  const lines = [];
  if (has("bytes", "names", "same", "includes")) lines.push(layersSentence);
  if (report.claims.some(({ statement }) => isListing(statement))) {
    lines.push("Attached signatures and SBOMs: their type was checked, their content was not read.");
  }
  if (has("resolves", "identifies", "keeps")) lines.push(movable(report));
  const bundles = signatures(report).some(({ is }) => is === "proven");
  const checked = standing(ofKind(report, "signs"), "proven").length > 0;
  if (bundles) lines.push(signaturesSentence);
  if (bundles && !report.question.by?.keys) {
    // Of these there is no newer state that could be missed.
  } else if (checked) {
    lines.push("Freshness: signed metadata says what was signed, not that nothing newer was.");
  } else if (has("signs", "authorises") || report.question.by?.keys || report.question.by?.identity) {
    lines.push("Signatures: what tools say of them was compared, none was checked.");
  }
  if (report.question.ask === "same") lines.push("This does not say who published the images.");
  return lines;
}

/** That tags move, and as of when they were resolved. */
function movable(report) {
  const [first] = resolutions(report).map(({ source }) => source.at).sort();
  return first === undefined ? "Tags can move: freshness was not checked." : `Tags can move: this is as of ${minute(first)}.`;
}

/** Whether two wants are one. */
export const isSameWant = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The claims that wait for something that is missing. */
export const waitingFor = (report, want) => report.claims.filter(({ standing }) => standing.is === "missing" && isSameWant(standing.want, want));

/** What would settle what is missing: a command or, in words, what to look for. */
function missing(report) {
  return report.wants.map((want) => {
    const { hint, command, digest } = want;
    const waiting = waitingFor(report, want).filter(({ statement }) => statement.kind === "same");
    const platforms = waiting.map(({ statement }) => statement.platform ?? "the images");
    const about = platforms.length > 0 ? `for ${listed(platforms)}` : digest;
    const lines = about === undefined || hint.includes(about) ? [] : [[{ words: about }, ":"]];
    return command ? { lines, command: hint } : { lines: [...lines, { words: hint }] };
  });
}

/** Of the question what something is: each document, and what it names. */
function documents(report, clipped) {
  if (report.question.ask !== "what") return [];
  return ofKind(report, "bytes").map((claim) => {
    const { digest, mediaType, edits } = claim.statement;
    const names = ofKind(report, "names").filter(({ statement }) => statement.parent === digest);
    const type = mediaType === undefined ? "of no stated media type" : { value: mediaType };
    const here = [{ digest }, ` ${claim.standing.is === "proven" ? "is present" : claim.standing.is}, `, type];
    const below = clipped(names.map(({ statement }) => line(predicate(statement)))).flatMap(({ lines }) => lines);
    return { claim, lines: [here, ...(edits.length === 0 ? [] : [changes(edits)]), ...below] };
  });
}

/** The digests that a text may have had besides the one that the answer is. */
const others = (report) => ofKind(report, "candidate").filter(({ statement }) => statement.digest !== report.subject?.digest);

/** Statements that nobody checked. A tag that the answer depends on is listed elsewhere already. */
function stated(report) {
  const elsewhere = new Set(saidToBe(report));
  const others = standing(report.claims, "stated").filter((claim) => !["note", "same", "unread"].includes(claim.statement.kind));
  return others.filter((claim) => !elsewhere.has(claim)).map(known);
}

function notes(report) {
  // Which types were asked for is the same wherever a tag is resolved: in the report it is there.
  const told = ({ statement, standing }) => standing.is !== "contradicted" && !isPlace(statement) && !["accept", "policy-source"].includes(statement.code);
  const found = ofKind(report, "note").filter(told);
  return [...new Map(found.map((claim) => [JSON.stringify([claim.statement.text, claim.statement.subject, claim.statement.code]), claim])).values()].map(said);
}
