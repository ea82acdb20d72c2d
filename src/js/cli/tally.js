// The part of a mirror's tags that is kept while they pass: the number of each verdict, and the closing lines.

import { word as shellWord } from "../report/checks/shell.js";
import { resolutions, resolver } from "../report/origins.js";
import { sentence } from "../report/phrases.js";
import { verdicts, weakest } from "../report/standings.js";
import { plain } from "../report/text.js";
import { counted, layersSentence, listed, marks, minute } from "../report/words.js";

// Of tags that are not proven, and of those that only the right has: how many are kept by name.
const mostKept = 500;

export class Tally {
  #counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0]));
  #times = new Map();
  /** Tags that a file says were answered: how many, and the first and the last time. */
  #before = { count: 0, first: undefined, last: undefined };
  #known;
  /** Set when a registry asked to slow down: then nothing more is asked for. */
  limited = false;
  /** Tags that are not proven, with why: for the summary. */
  rows = [];
  extra = [];

  constructor({ left, right, wanted, globs = ["*"], resume, known = new Map() }) {
    Object.assign(this, { left, right, wanted, globs, resume });
    this.#known = known;
  }

  /** Whether a file says that a tag was answered before. Whatever it says, here it is only stated. */
  resumed(tag) {
    const { verdict, at } = this.#known.get(tag) ?? {};
    if (verdict === undefined) return false;
    const { count, first = at, last = at } = this.#before;
    this.#before = { count: count + 1, first: first < at ? first : at, last: last > at ? last : at };
    this.#counts.stated += 1;
    this.#row(tag, "stated", `answered before, ${verdict} at ${minute(at)}, as ${this.resume} says`, true);
    return true;
  }

  count({ tag, verdict, report, reason, error }) {
    this.#counts[verdict] += 1;
    if (verdict !== "proven") this.#row(tag, verdict, detail({ report, reason, error }));
    for (const { source } of report ? resolutions(report) : []) this.#time(source);
  }

  /** The tags that only the right has: shown, since the question is about those of the left. */
  onlyRight(tags) {
    this.extra = tags ?? [];
  }

  /** The weakest of its tags' verdicts. */
  get verdict() {
    if (this.wanted === 0) return "open";
    const counts = { ...this.#counts, open: this.#counts.open + this.unasked };
    return weakest(verdicts.filter((verdict) => counts[verdict] > 0)) ?? "open";
  }

  /** The number of tags that were not asked for. */
  get unasked() {
    return this.wanted - verdicts.reduce((sum, verdict) => sum + this.#counts[verdict], 0);
  }

  get text() {
    const counts = verdicts.toReversed().filter((verdict) => this.#counts[verdict] > 0);
    const said = counts.map((verdict) => `${this.#counts[verdict]} ${verdict}`);
    if (this.unasked > 0) said.push(`${this.unasked} not asked for`);
    return `${counted(this.wanted, "tag")}${said.length > 0 ? `: ${said.join(", ")}` : ""}`;
  }

  /** What else to know of the counts. */
  notes() {
    const lines = [];
    if (this.wanted === 0) lines.push(`no tag of ${this.left} matches ${this.globs.map((glob) => `'${glob}'`).join(" or ")}: nothing was compared`);
    const { count, first, last } = this.#before;
    if (count > 0) lines.push(`${counted(count, "tag")} answered before, ${span(first, last)}, as ${this.resume} says: not checked again`);
    if (this.limited) {
      const later = this.resume === undefined ? "--resume FILE keeps what is answered" : "the same command goes on";
      lines.push(`a registry asked to slow down, so nothing more was asked for; later ${later}`);
    }
    const some = this.extra.slice(0, 5).join(", ");
    const more = this.extra.length > 5 ? ` and ${this.extra.length - 5} more` : "";
    if (some !== "") lines.push(`only ${this.right} has ${counted(this.extra.length, "tag")}: ${some}${more}`);
    return lines;
  }

  /** Says at which times the registries were asked about the tags. */
  resolutions() {
    return [...this.#times].map(([from, [first, last]]) => {
      return `${from} them ${span(first, last)}`;
    });
  }

  #row(tag, verdict, why, before = false) {
    if (this.rows.length < mostKept) this.rows.push({ tag, verdict, why, before });
  }

  #time(source) {
    const from = resolver(source);
    const [first, last] = this.#times.get(from) ?? [source.at, source.at];
    this.#times.set(from, [first < source.at ? first : source.at, last > source.at ? last : source.at]);
  }
}

function span(first, last) {
  const [begun, ended] = [minute(first), minute(last)];
  return begun === ended ? `at ${begun}` : `from ${begun} to ${ended}`;
}

/** One tag, its verdict, and what is to be said of it in a line. */
export function tagLines({ tag, verdict, report, reason, error }) {
  return [{ text: `${verdict.padEnd(13)} ${tag}  ${detail({ report, reason, error })}`, hang: 14 }];
}

function detail({ report, reason, error }) {
  if (error) return `${error.code}: ${error.message}`;
  if (!report) return reason;
  const ofKind = (kind) => report.claims.filter(({ statement }) => statement.kind === kind);
  const of = (kind, ...words) => ofKind(kind).filter(({ standing }) => words.includes(standing.is));
  if (report.verdict === "contradicted") {
    const less = of("same", "contradicted");
    if (less.length > 0) return levelsOf(less, ({ level, reasons }) => `${level}: ${reasons.join("; ")}`);
    const against = report.claims.find(({ standing }) => standing.is === "contradicted");
    return against === undefined ? "contradicted" : plain(sentence(against.statement));
  }
  if (report.verdict === "open") {
    const [note] = of("note", "missing", "stated", "proven");
    return note ? plain(sentence(note.statement)) : report.wants[0]?.hint ?? "something is missing";
  }
  return levelsOf(of("same", "proven", "stated"), ({ level }) => level);
}

/** Platforms with the same words together: `linux/amd64 and linux/arm64 config`. */
function levelsOf(claims, words) {
  const groups = new Map();
  for (const { statement } of claims) {
    groups.set(words(statement), [...(groups.get(words(statement)) ?? []), statement.platform]);
  }
  const named = (platforms) => platforms.filter((platform) => platform !== undefined);
  const text = ([said, platforms]) => {
    const names = listed(named(platforms));
    return names === "" ? said : `${names} ${said}`;
  };
  return [...groups].map(text).join("; ");
}

/** The line that says the verdict, the last of all. */
export const tallyVerdict = (tally) => ({ text: `${tally.verdict.toUpperCase()}: ${tally.text}`, raw: true, tone: tally.verdict });

/** What is said when all tags have passed: those that are not proven once more, and how to look at one. */
export function tallyLines(tally) {
  const { rows, left, right } = tally;
  const failed = rows.filter(({ before }) => !before);
  const more = failed.length > mostShown ? [`  and ${failed.length - mostShown} more; --summary FILE has them`] : [];
  const tag = (failed.find(({ verdict }) => verdict === "contradicted") ?? failed[0])?.tag ?? "TAG";
  const command = ["pullproof", "same", ...[left, right].map((name) => shellWord(`${name}:${tag}`) ?? `${name}:TAG`)].join(" ");
  return [
    "",
    failed.length === 0 ? [] : [{ text: "Not proven", tone: "bold" }, failed.slice(0, mostShown).map(shortLine), more, ""],
    ...tally.notes().map((text) => `  ${text}`),
    ...tally.resolutions().map((text) => `  ${text}`),
    `  ${layersSentence}`,
    tag === "TAG" && tally.wanted === 0 ? [] : ["", { text: `Details of a tag: ${command}`, raw: true }],
    tallyVerdict(tally),
  ];
}

// Of the tags that are not proven, at the end.
const mostShown = 20;

const shortLine = ({ tag, verdict, why }) => ({ text: `  ${marks[verdict]} ${tag}  ${why}`, hang: 6 });
