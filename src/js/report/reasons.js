// Why an answer is what it is: two to five short lines, each a claim that the verdict rests on, with its standing. The
// first thing below the answer's sentence, wherever an answer is shown.

import { failures } from "./failures.js";
import { fromWords } from "./origins.js";
import { changes, joined, sentence, source } from "./phrases.js";
import { cause, places, signerLines } from "./signers.js";
import { counted, listed } from "./words.js";

// So many lines of claims, before the line on where they come from.
const most = 4;

/** `[{ is, phrase }]`: standings and phrases, the most telling first. */
export function reasons(report) {
  const rests = report.claims.slice(0, report.rests);
  const claims = [...compared(rests, failures(report).length > 0), ...failed(report), ...others(report, rests)];
  const shown = claims.length > most ? [...claims.slice(0, most - 1), more(claims.slice(most - 1))] : claims;
  return [...shown, ...origins(report, rests)];
}

const more = (claims) => ({ is: claims[0].is, phrase: `and ${claims.length} more` });

/** A comparison's rows, then why; platforms of which the same is to be said are together. */
function compared(rests, isExplained) {
  const same = rests.filter(({ statement }) => statement.kind === "same");
  const rows = grouped(same, row);
  // A failed fetch is the reason why nothing is known of a platform.
  const known = isExplained ? rows.filter(({ is }) => is !== "missing") : rows;
  return [...known, ...grouped(same.filter(({ standing }) => standing.is === "contradicted"), why)];
}

/** Groups claims with the same words, and names the platforms of each group. */
function grouped(claims, words) {
  const groups = new Map();
  for (const { statement, standing } of claims) {
    const said = words(statement, standing);
    if (said === undefined) continue;
    const key = JSON.stringify(said);
    const { platforms = [] } = groups.get(key) ?? {};
    if (statement.platform !== undefined) platforms.push(statement.platform);
    groups.set(key, { platforms, said });
  }
  return [...groups.values()].map(({ platforms, said: { is, phrase } }) => ({
    is,
    phrase: platforms.length === 0 ? phrase : [{ value: shortList(platforms) }, ": ", phrase],
  }));
}

const mostNamed = 3;
const shortList = (names) => (names.length > mostNamed ? `${names.length} platforms` : listed(names));

const nouns = { index: "index", manifest: "manifest", config: "configuration", rootfs: "uncompressed layers" };

// The level above the shared one, where the two differ.
const above = { config: "; the manifests differ", rootfs: "; the configurations differ" };

function row({ level, reasons }, standing) {
  if (standing.is === "missing") return { is: "missing", phrase: wordsOf(reasons) };
  if (standing.is === "contradicted") return { is: "contradicted", phrase: sides(standing) };
  const exact = standing.is === "proven" && level !== "rootfs" ? ", byte for byte" : "";
  return { is: standing.is, phrase: [`the same ${nouns[level] ?? level}${exact}`, above[level] ?? ""] };
}

/** The reasons why two images differ. A missing platform is said elsewhere already. */
function why({ level, reasons }, standing) {
  const isSaid = reasons.length === 0 || (level === "different" && !isDigest(standing.found.value));
  return isSaid ? undefined : { is: standing.is, phrase: wordsOf(reasons) };
}

const wordsOf = (reasons) => joined(reasons.map((words) => ({ words })));
const isDigest = (value) => /^sha(?:256|512):[0-9a-f]+$/.test(value);

const seen = (value) => (isDigest(value) ? { digest: value } : { value });

const sides = ({ expected, found }) => ["expected ", seen(expected.value), ", found ", seen(found.value)];

/** Failed requests that the sentence does not tell of. */
const failed = (report) =>
  failures(report).filter(({ text }) => !report.summary.includes(text.replace("by the receipt's word ", ""))).map(({ text }) => ({ is: "missing", phrase: { words: text } }));

/** The other claims that the verdict depends on; for the question what something is, all that is known. */
function others(report, rests) {
  // A reference that has a digest is that digest: nobody needs to be told.
  const isShown = ({ statement: { kind, reference = "" } }) =>
    !["note", "same", "unread", "metadata"].includes(kind) && !(kind === "resolves" && reference.includes("@"));
  const apart = rests.filter(({ statement, standing }) => standing.is === "contradicted" && statement.kind !== "same");
  const asked = report.question.ask === "what" ? [...apart.map(told), ...signedBy(report), ...described(report)] : [...rests.filter(isShown).map(told), ...elsewhere(report)];
  // Nothing else says why it is open, or contradicted.
  const notes = asked.length > 0 || rests.some(({ statement }) => statement.kind === "same") || failures(report).length > 0;
  return notes ? asked : rests.filter(({ statement }) => statement.kind === "note").map(({ statement, standing }) => ({ is: standing.is, phrase: { words: statement.text } }));
}

/** Of a described image who signed it, or why nobody is known to have; whoever is not to be asked about gets no tick. */
function signedBy(report) {
  const why = report.unpinned || places(report).length === 0 ? undefined : cause(report);
  return [...signerLines(report), ...(why === undefined ? [] : [{ is: "missing", phrase: { words: why } }])];
}

/** Where nobody who was named is known to have signed: others who did, and where signatures were looked for. */
function elsewhere(report) {
  if (report.verdict !== "open" || places(report).length === 0) return [];
  const lines = signerLines(report).filter(({ is }) => is === "proven");
  const unread = places(report).filter(({ is }) => is === "unread" || (lines.length === 0 && is === "none"));
  return [...lines, ...unread.map(({ text }) => ({ is: "missing", phrase: { words: text } }))];
}

function told({ statement, standing }) {
  if (standing.is === "stated") return { is: standing.is, phrase: [speaker(standing.by[0]), " says that ", sentence(statement)] };
  if (standing.is === "contradicted") return { is: standing.is, phrase: [sentence(statement), ": ", sides(standing)] };
  return { is: standing.is, phrase: sentence(statement) };
}

/** Whoever states something, in a word or two. */
function speaker(by) {
  if (by?.via === "fetched") return { words: fromWords(by) };
  if (by?.via !== "pasted") return by === undefined ? "somebody" : source(by);
  return by.tool.startsWith("JSON ") ? ["the pasted ", { words: by.tool }] : { words: by.tool };
}

const types = [
  [/\.(?:image\.index|manifest\.list)\./, "image index"],
  [/\.(?:image\.manifest|distribution\.manifest)\./, "image manifest"],
  [/\.(?:image\.config|container\.image)\./, "image configuration"],
];
const typeOf = ({ mediaType = "" }) => types.find(([pattern]) => pattern.test(mediaType))?.[1];

/** Documents by their digests, and the digests that a text may have had. */
function described(report) {
  const { subject = {}, compared } = report;
  const isKnown = subject.certain || compared?.is === "equal";
  // The sentence has the digest of the document that the answer is about; where that is certain, no other is likely.
  const kinds = report.claims.filter(({ statement: { kind, digest }, standing }) =>
    (kind === "bytes" || (kind === "candidate" && !isKnown)) && standing.is !== "contradicted" && digest !== subject.digest);
  return kinds.map(({ statement, standing }) => {
    const { kind, digest, edits, size } = statement;
    if (kind === "candidate") return { is: "missing", phrase: sentence(statement) };
    const noun = typeOf(statement);
    const about = [...(noun === undefined ? [] : [noun]), ...(size === undefined ? [] : [`${size} bytes`])].join(", ");
    return { is: standing.is, phrase: [{ digest }, about === "" ? [] : `: ${about}`, edits.length === 0 ? [] : ["; ", changes(edits)]] };
  });
}

/** Pasted texts by the tool that printed them. JSON without a command has no tool. */
function pastes(names) {
  const tools = names.filter((name) => !name.startsWith("JSON ")).slice(0, 3);
  const json = tools.length < names.length ? "JSON" : "";
  return [json, json && tools.length > 0 && " and ", tools.length > 0 && ["output of ", { words: listed(tools) }]].filter(Boolean);
}

/** Where everything comes from that the verdict rests on, in a line. */
function origins(report, rests) {
  const known = report.verdict === "open" ? report.claims : rests;
  const is = new Set(known.filter(({ statement }) => statement.kind !== "note").map(({ standing }) => standing.is));
  const sources = new Map();
  for (const { statement, standing } of known) {
    if (statement.kind === "note") continue;
    for (const one of standing.from ?? standing.by ?? []) sources.set(JSON.stringify(one), one);
  }
  const all = [...sources.values()];
  const fetched = all.filter(({ via }) => via === "fetched");
  const from = [...new Set(fetched.map(fromWords))];
  const lines = [];
  const hashed = () => (is.has("proven") ? "proven" : "stated");
  if (fetched.length > 0 && is.has("proven")) {
    const count = new Set(fetched.map(({ url }) => url)).size;
    lines.push({ is: "proven", phrase: [`${counted(count, "document")} fetched from `, { words: listed(from) }, ", hashed here"] });
  }
  const pasted = [...new Set(all.filter(({ via, file }) => via === "pasted" && file === undefined).map(({ tool }) => tool))];
  // The documents of an archive are all from one file.
  const files = [...new Set(all.map(({ via, name, file }) => (via === "file" ? name : file)).filter(Boolean).map((name) => name.split(": ", 1)[0]))];
  const said = hashed() === "proven" ? "hashed here, from pasted " : "not checked here: pasted ";
  if (pasted.length > 0) lines.push({ is: hashed(), phrase: [said, pastes(pasted)] });
  if (files.length > 0) lines.push({ is: hashed(), phrase: [hashed() === "proven" ? "hashed here, from " : "not checked here: ", { value: listed(files.slice(0, 3)) }] });
  return lines;
}
