// Reads what the command printed with --json, and ends as it did: for action.sh, which pipes it here, with a last
// line `exit N`. Writes the outputs of the step, the report, and a line for the log's notices or errors.
//
// A line of a log that begins with `::`, or has `##[` in it, is a command to the runner: no text from elsewhere may.

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { FILES: folder = "", GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RECEIPT: receipt = "", RUN: run } = process.env;
const weakestFirst = ["contradicted", "open", "stated", "proven"];
const marks = { proven: "✓", stated: "?", open: "…", contradicted: "✗" };
// 2: there is an answer, and a file could not be written.
const verdictsOf = { 0: ["proven", "stated"], 1: ["contradicted"], 2: weakestFirst, 3: ["open"], 4: ["stated"] };
const mostTags = 50;

let [ended, answered, failed] = [2, undefined, false];

/** One line of text, whatever is in it. */
const line = (text) => String(text).replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").replace(/##\[/g, "# #[");
const log = (mark, text) => process.stdout.write(`${mark} ${line(text)}\n`);
const told = (text) => line(text).replace(/%/g, "%25");

/** What cannot be written is said, and is not a success. */
function add(file, text) {
  if (!file) return false;
  try {
    appendFileSync(file, text);
    return true;
  } catch {
    process.stderr.write(`pullproof: file: expected a file that can be written, found one that cannot, at ${line(file)}\n`);
    failed = true;
    return false;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer as what the outputs and the log need of it. */
function answerOf(found) {
  if (run === "mirror") return mirrored(found);
  const report = run === "check" ? found.report : found;
  if (!weakestFirst.includes(report?.verdict)) return undefined;
  const { headline, summary, conditions = [] } = report;
  if (run === "check" && found.same !== true) {
    return { verdict: "contradicted", headline: "The receipt does not match", summary: "Its report differs from the answer made again from it.", conditions };
  }
  return { verdict: report.verdict, headline, summary, conditions, digest: digestOf(report) };
}

/** A tag's answer beside those before it. */
function mirrored({ tag, verdict, reason, error, report }) {
  if (typeof tag !== "string" || !weakestFirst.includes(verdict)) return undefined;
  const counts = { ...answered?.counts, [verdict]: (answered?.counts?.[verdict] ?? 0) + 1 };
  const why = error?.message ?? reason ?? report?.summary ?? "";
  const bad = Object.entries(counts).reduce((sum, [word, count]) => sum + (word === "proven" ? 0 : count), 0);
  if (verdict !== "proven" && bad <= mostTags) log(marks[verdict], `${tag}: ${why}`);
  const summary = weakestFirst.toReversed().filter((word) => counts[word]).map((word) => `${counts[word]} ${word}`).join(", ");
  return { verdict: weakestFirst.find((word) => counts[word]), counts, headline: "Tags compared", summary, conditions: [] };
}

/** The digest of the image asked about, where the report has exactly one: of `same` the right one's. */
function digestOf({ question: { image, right }, claims }) {
  const reference = right ?? image;
  const own = /@(.+)$/.exec(reference)?.[1];
  const found = claims.filter(({ statement, standing }) => statement.kind === "resolves" && statement.reference === reference && ["proven", "stated"].includes(standing.is));
  const [digest, ...others] = new Set(own === undefined ? found.map(({ statement }) => statement.digest) : [own]);
  return others.length === 0 && /^sha(?:256|512):[0-9a-f]+$/.test(digest ?? "") ? digest : "";
}

function conclude() {
  const known = verdictsOf[ended] ?? [];
  // Tags that a rate limit left out, or no tag at all, are open: the code says so.
  if (run === "mirror" && ended === 3) answered = { headline: "Not all tags compared", summary: "no tag was compared", conditions: [], ...answered, verdict: "open" };
  const { verdict, headline, summary, conditions, digest = "" } = known.includes(answered?.verdict) ? answered : { verdict: "none" };
  const file = (name) => (verdict === "none" || folder === "" ? "" : join(folder, name));
  add(GITHUB_OUTPUT, `verdict=${verdict}\ndigest=${digest}\nreport=${wrote ? file("report.json") : ""}\nreceipt=${receipt === "" ? "" : file("receipt.json")}\n`);
  if (verdict === "none") {
    add(GITHUB_STEP_SUMMARY, "### pullproof gave no answer; why is in the log\n");
    process.stdout.write("::error title=pullproof::No answer: see the lines above\n");
  } else {
    log(marks[verdict], `${headline}. ${summary}`);
    for (const condition of conditions) log("-", condition);
    const kind = ended === 0 ? "notice" : "error";
    process.stdout.write(`::${kind} title=pullproof: ${verdict}::${told(`${headline}. ${summary}`)}\n`);
  }
  if ((failed || verdict === "none") && ended === 0) ended = 2;
  process.exitCode = ended;
}

let wrote = false;
for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [, code] = /^exit (\d+)$/.exec(text) ?? [];
  if (code !== undefined) ended = Number(code);
  else if (text !== "") {
    const found = parsed(text);
    const answer = found === null || typeof found !== "object" ? undefined : answerOf(found);
    if (answer === undefined) log("|", text);
    else {
      answered = answer;
      wrote = add(folder && join(folder, "report.json"), `${text}\n`);
    }
  }
}
conclude();
