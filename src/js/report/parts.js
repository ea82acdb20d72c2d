// A report as parts, each a title and its items, in the order in which they are read. Text and
// Markdown print the same parts.

import { allLines, checks } from "./checks.js";
import { fromWords, resolutionWords, resolutions } from "./fetched.js";
import { counted, how, isListing, levelWords, listed, minute, sentence, sourceWords } from "./words.js";

const most = 12;
// Of each image, in "Check it yourself": the page has all.
const mostSteps = 6;

/** One row a platform: its name, standing, level, and the reasons. */
export function platformRows(report) {
  return ofKind(report, "same").map(({ statement, standing }) => ({
    platform: statement.platform ?? "all",
    word: standing.is === "missing" ? "open" : standing.is,
    level: standing.is === "missing" ? "not known" : levelWords(statement.level),
    reasons: statement.reasons,
  }));
}

/** The parts below the platforms and the verdict: `{ title, items, commands }`, none of them empty. */
export function parts(report) {
  const found = [
    { title: "Rests on", items: foundations(report) },
    { title: "Contradictions", items: clipped(contradictions(report)) },
    { title: "Not checked", items: unchecked(report) },
    { title: "Missing", items: clipped(missing(report)) },
    { title: "Documents", items: clipped(documents(report), 30) },
    { title: "Digests that a text may have had", items: clipped(candidates(report)) },
    { title: "Stated", items: clipped(stated(report)) },
    { title: "Notes", items: clipped(notes(report)) },
    { title: "Not read", items: clipped(ofKind(report, "unread").map(({ statement }) => sentence(statement))) },
    { title: "Check it yourself", commands: checks(report, { most: mostSteps }).flatMap((group) => [`# ${group.tool}`, ...allLines(group), ""]).slice(0, -1) },
  ];
  return found.filter(({ items, commands }) => (items ?? commands).length > 0);
}

const ofKind = (report, ...kinds) => report.claims.filter(({ statement }) => kinds.includes(statement.kind));
const standing = (claims, word) => claims.filter((claim) => claim.standing.is === word);

function clipped(items, first = most) {
  if (items.length <= first) return items;
  return [...items.slice(0, first), `and ${items.length - first} more (--json has all)`];
}

const sourcesOf = ({ from, by, expected, found }) => from ?? by ?? [expected, found].flatMap((seen) => seen?.source ?? []);

/**
 * What the answer depends on: what tags meant and when, and of the claims that the verdict is the weakest of,
 * where documents came from, who says so, and what was given. What is missing comes from nowhere: an open answer
 * depends on that and on everything that is here.
 */
function foundations(report) {
  const rests = new Set(report.claims.slice(0, report.rests).flatMap(({ standing }) => sourcesOf(standing)).map((source) => JSON.stringify(source)));
  const restsOn = (source) => report.verdict === "open" || rests.has(JSON.stringify(source));
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
  const said = standing(ofKind(report, "resolves"), "stated").filter(({ standing }) => standing.by.some(restsOn));
  const policy = report.claims.find(({ statement }) => statement.code === "policy-source");
  return [
    ...(policy === undefined ? [] : [`${policy.statement.text}, ${minute(policy.standing.by[0].at)}`]),
    ...clipped(resolutions(report).map(resolutionWords)),
    ...clipped(said.map((claim) => `${sentence(claim.statement)}, ${how(claim.standing)}`)),
    ...fetched(via("fetched")),
    ...clipped([...via("given"), ...via("link"), ...via("file"), ...via("pasted")].map(sourceWords)),
  ];
}

/** Fetched documents by where they came from: how many, and when the first. */
function fetched(sources) {
  const groups = new Map();
  for (const source of sources) groups.set(fromWords(source), [...(groups.get(fromWords(source)) ?? []), source]);
  return [...groups].map(([from, all]) => {
    const [first] = all.map(({ at }) => at).sort();
    const count = new Set(all.map(({ url }) => url)).size;
    return `${counted(count, "document")} fetched from ${from} at ${minute(first)}, hashed here`;
  });
}

function contradictions(report) {
  return standing(report.claims, "contradicted").map(({ statement, standing: { expected, found } }) => [
    `${sentence(statement)}${statement.kind === "same" ? ", which is less than asked" : ""}:`,
    `expected ${expected.value} (${sourceWords(expected.source)})`,
    `found ${found.value} (${sourceWords(found.source)})`,
  ]);
}

function unchecked(report) {
  const has = (...kinds) => ofKind(report, ...kinds).length > 0;
  const lines = [];
  if (has("bytes", "names", "same", "includes")) {
    lines.push("layers not hashed: equal configurations fix their content, not what a registry serves");
  }
  if (report.claims.some(({ statement }) => isListing(statement))) {
    lines.push("what refers to the image: its type and what it refers to were compared, what is in it was not read");
  }
  if (has("resolves", "identifies", "keeps")) lines.push("the day: a tag may name something else by now");
  const checked = standing(ofKind(report, "signs"), "proven").length > 0;
  if (checked) {
    lines.push("freshness: signed metadata says what was signed, not that nothing newer was");
  } else if (has("signs", "authorises") || report.question.by?.keys || report.question.by?.identity) {
    lines.push("signatures: what tools state of them was compared, none was checked");
  }
  if (report.question.ask === "same") lines.push("who published the images, which is another question");
  return lines;
}

/** What would settle what is missing: a command or, in words, what to look for. */
function missing(report) {
  return report.wants.map(({ hint, command, digest }) => {
    const waits = ({ standing }) => standing.is === "missing" && standing.want.hint === hint;
    const waiting = ofKind(report, "same").filter(waits);
    const platforms = waiting.map(({ statement }) => statement.platform ?? "the images");
    const about = platforms.length > 0 ? `for ${listed(platforms)}` : digest;
    const said = command ? { command: hint } : hint;
    return about === undefined || hint.includes(about) ? [said] : [`${about}:`, said];
  });
}

/** Of the question what something is: each document, and what it names. */
function documents(report) {
  if (report.question.ask !== "what") return [];
  return ofKind(report, "bytes").map(({ statement, standing }) => {
    const { digest, mediaType = "of no media type it states", edits } = statement;
    const names = ofKind(report, "names").filter(({ statement }) => statement.parent === digest);
    return [
      `${digest} ${standing.is === "proven" ? "is here" : standing.is}, ${mediaType}`,
      ...(edits.length === 0 ? [] : [`changed: ${edits.join("; ")}`]),
      ...clipped(names.map((claim) => sentence(claim.statement).slice(digest.length + 1))),
    ];
  });
}

const candidates = (report) => ofKind(report, "candidate").map(({ statement }) => sentence(statement));

function stated(report) {
  const elsewhere = ["note", "same", "unread", "resolves"];
  const others = report.claims.filter(({ statement }) => !elsewhere.includes(statement.kind));
  return standing(others, "stated").map((claim) => `${sentence(claim.statement)}, ${how(claim.standing)}`);
}

function notes(report) {
  // Which types were asked for is the same wherever a tag is resolved: with --json it is there.
  const told = ({ statement, standing }) =>
    standing.is !== "contradicted" && !["accept", "policy-source"].includes(statement.code);
  const found = ofKind(report, "note").filter(told);
  return [...new Set(found.map(({ statement }) => sentence(statement)))];
}
