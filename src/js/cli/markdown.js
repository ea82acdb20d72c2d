// Markdown into a file, for the summary of a continuous integration job. Several steps may share it. What
// is added gives whether it could be: the answer does not depend on it.

import { code, escaped, folding, receiptMarkdown, reportMarkdown } from "../report/markdown.js";
import { layersSentence, marks } from "../report/words.js";
import { append, tried } from "./files.js";

/** Adds a report to a file. */
export const addReport = (file, report, output) => add(file, reportMarkdown(report), output);

/** Adds what came of a receipt to a file. */
export const addReceipt = (file, checked, output) => add(file, receiptMarkdown(checked), output);

/** Adds the answer about a mirror to a file. */
export const addTally = (file, tally, output) => add(file, tallyMarkdown(tally), output);

const add = (file, text, output) => tried(output, () => append(file, `${text}\n`, output));

/** The answer about a mirror: the counts, what to know of them, and the tags that are not proven. */
function tallyMarkdown(tally) {
  const row = ({ tag, verdict, why }) => `| ${code(tag)} | ${escaped(verdict)} | ${escaped(why)} |`;
  const tags = { title: "Tags that are not proven", lines: ["| tag | known | why |", "|---|---|---|", ...tally.rows.map(row)] };
  const head = [
    `### ${marks[tally.verdict]} ${escaped(tally.verdict)}: tags of ${code(tally.left)} at ${code(tally.right)}`,
    "",
    escaped(tally.text),
    "",
    ...[...tally.notes(), ...tally.resolutions(), layersSentence].map((text) => `- ${escaped(text)}`),
  ];
  return folding([head, ...(tally.rows.length === 0 ? [] : [tags])]);
}
