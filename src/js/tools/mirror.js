// Every tag of a repository against the same tag of another, for programs: the command prints the same answers.

import { matches } from "../cli/glob.js";
import { ordered } from "../cli/queue.js";
import { PullproofError } from "../index.js";
import { Run } from "../node.js";

const sideBySide = 4;
// Tags answered before their turn, for each that is asked for.
const aheadOfTurn = 8;

/** The answers in the order of the tags. A tag that the right does not list is contradicted, without a report. */
export async function* mirror(left, right, { tags = "*", level, platform, concurrency = sideBySide, ...options } = {}) {
  for (const name of [left, right]) {
    if (/[:@][^/]*$/.test(name)) throw new PullproofError("argument", `expected a repository without a tag or a digest, found ${JSON.stringify(name)}`);
  }
  const run = new Run(options);
  const [listed, others] = await Promise.all([run.tags(left), run.tags(right)]);
  const there = new Set(others);
  const globs = [tags].flat();
  const chosen = [...new Set(listed)].filter((tag) => globs.some((glob) => matches(glob, tag)));
  let limited = false;
  const work = async (tag) => {
    if (!there.has(tag)) return { tag, verdict: "contradicted", reason: `${right} has no tag ${tag}` };
    if (limited) return { tag, verdict: "open", reason: "not asked: a registry asked to slow down" };
    const report = await run.answer({ ask: "same", left: `${left}:${tag}`, right: `${right}:${tag}`, level, platform });
    limited ||= report.claims.some(({ statement }) => statement.code === "rate-limited");
    return { tag, verdict: report.verdict, reason: report.summary, report };
  };
  yield* ordered(chosen, { most: concurrency, ahead: concurrency * aheadOfTurn }, work);
}
