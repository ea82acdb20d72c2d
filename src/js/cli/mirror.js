// `mirror LEFT RIGHT`: every tag of a repository against the same tag of another. A report is printed
// and let go as soon as it is there: what is kept of thousands of tags is their verdicts.

import { setFlagsFromString } from "node:v8";
import { exitCode, misuse, notWritten } from "./failure.js";
import { matches } from "./glob.js";
import { jsonReport } from "./json.js";
import { packageVersion } from "./help.js";
import { ordered } from "./queue.js";
import { Progress } from "./resume.js";
import { begin, wait } from "./run.js";
import { isTag } from "../report/origins.js";
import { shown } from "../report/shown.js";
import { schema } from "./schema.js";
import { Tally, tagLines, tallyLines, tallyVerdict } from "./tally.js";
import { refuseAddresses } from "./typed.js";

const usualConcurrency = 4;
const mostConcurrency = 32;
// Tags that may be answered before their turn to be printed has come, for each that is asked for.
const aheadOfTurn = 8;

// Next to nothing of a tag is kept, but V8 lets what thousands leave behind pile up, and the space for new
// objects grow with it, to twice the memory. It looks at these at each collection, from Node 20 to 24.
const collectEarly = ["--semi-space-growth-factor=1", "--heap-growing-percent=20"];

// 0.1.9 before 0.1.10.
const collator = new Intl.Collator("en", { numeric: true });
const byNumber = (one, other) => collator.compare(one, other) || (one < other ? -1 : 1);

/** `mirror LEFT RIGHT [--tags GLOB] [--concurrency N] [--resume FILE]` */
export async function mirror({ operands: [left, right], options }, io, output) {
  const { tags: globs = ["*"], level, platform, resume } = options;
  const most = concurrency(options.concurrency);
  const asked = Object.fromEntries(Object.entries({ level, platform }).filter(([, value]) => value !== undefined));
  const question = (tag) => ({ ask: "same", left: `${left}:${tag}`, right: `${right}:${tag}`, ...asked });
  await check(left, right, question("latest"));
  const head = { pullproof: packageVersion(), question: { ask: "mirror", left, right, ...asked, tags: globs } };
  const progress = resume === undefined ? undefined : new Progress(resume, head, output);
  collectEarly.forEach((flag) => setFlagsFromString(flag));
  const run = await begin(options, io, output);
  const listed = await tagsOf(run, left, right, output);
  if (listed.left === undefined) return exitCode("open");
  await progress?.begin();
  const chosen = listed.left.filter((tag) => globs.some((glob) => matches(glob, tag))).sort(byNumber);
  const tally = new Tally({ left, right, wanted: chosen.length, globs, resume, known: progress?.answered });
  tally.onlyRight(onlyRight(listed, (tag) => globs.some((glob) => matches(glob, tag))));
  const work = (tag) => answerTag(run, tag, question(tag), { listed, tally });
  const remaining = chosen.filter((tag) => !tally.resumed(tag));
  const isAgain = (tag) => progress?.again.has(tag) === true;
  const inTurn = [...remaining.filter((tag) => !isAgain(tag)), ...remaining.filter(isAgain)];
  for await (const result of ordered(inTurn, { most, ahead: most * aheadOfTurn }, work)) {
    if (result === undefined) continue;
    await progress?.keep(result.tag, result.verdict, new Date());
    tally.count(result);
    await print(result, options, output);
    output.progress(tally.text);
  }
  const code = await conclude(tally, options, output);
  return progress?.written === false ? notWritten : code;
}

function concurrency(text = String(usualConcurrency)) {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= mostConcurrency) return Number(text);
  throw misuse(`--concurrency takes 1 to ${mostConcurrency}, not "${text}"`);
}

/** Before anything is asked for: both are names of repositories, and the question can be asked. */
async function check(left, right, question) {
  refuseAddresses([left, right]);
  for (const name of [left, right]) {
    if (/[:@][^/]*$/.test(name)) throw misuse(`\`mirror\` takes a repository without a tag or digest, not "${name}"`);
  }
  const { Session } = await import("../node.js");
  new Session(question).free();
}

/** The tags of both sides, each once; without those of the right each tag is asked for. */
async function tagsOf(run, left, right, output) {
  const [ours, theirs] = await Promise.all([left, right].map((repository) => tags(run, repository)));
  for (const [name, { error }] of [[left, ours], [right, theirs]]) {
    if (error) output.fault(`${error.code}: the tags of ${name} could not be listed: ${error.message}`);
  }
  return { left: ours.tags, right: theirs.tags && new Set(theirs.tags) };
}

function onlyRight({ left, right = new Set() }, isChosen) {
  const ours = new Set(left);
  return [...right].filter((tag) => !ours.has(tag) && isChosen(tag));
}

// Errors that no registry causes: nothing that is asked later would fare better.
const final = ["argument", "could-not-check", "reference", "self-test", "stopped"];

async function tags(run, repository) {
  try {
    return { tags: [...new Set(await wait(run.tags(repository)))] };
  } catch (error) {
    if (final.includes(error.code)) throw error;
    return { error };
  }
}

/** A tag's `{ tag, verdict }` with its report, or with the reason why it has no report; nothing once rate limited. */
async function answerTag(run, tag, question, { listed, tally }) {
  if (tally.limited) return undefined;
  if (!isTag(tag)) {
    const error = { code: "tag", message: "the registry lists a tag whose name is not valid" };
    return { tag, verdict: "open", error };
  }
  if (listed.right?.has(tag) === false) {
    const reason = `${question.right} is missing: its registry does not list this tag`;
    return { tag, verdict: "contradicted", reason };
  }
  try {
    const report = await wait(run.answer(question));
    const isLimit = ({ statement: { kind, code } }) => kind === "note" && code === "rate-limited";
    if (report.claims.some(isLimit)) tally.limited = true;
    return { tag, verdict: report.verdict, report };
  } catch (error) {
    if (final.includes(error.code)) throw error;
    return { tag, verdict: "open", error: { code: error.code, message: error.message } };
  }
}

async function print({ tag, verdict, report = null, reason, error }, { json, quiet }, output) {
  if (json) await output.json({ schema, tag, verdict, reason, error, report: report && jsonReport(shown(report)) });
  else if (!quiet) await output.print(tagLines({ tag, verdict, report, reason, error }));
}

async function conclude(tally, { json, quiet, accept, summary }, output) {
  const { verdict } = tally;
  const written = summary === undefined || (await (await import("./markdown.js")).addTally(summary, tally, output));
  if (json) tally.notes().forEach((text) => output.note(text));
  else await output.print(quiet ? [tallyVerdict(tally)] : tallyLines(tally));
  return written ? exitCode(verdict, accept) : notWritten;
}
