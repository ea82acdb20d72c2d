// Markdown into a file, for the summary of a continuous integration job.

import { appendFileSync } from "node:fs";
import { code, escaped, reportMarkdown } from "../report/markdown.js";
import { Failure } from "./failure.js";

/** Adds a report to a file. */
export function append(file, report) {
  write(file, reportMarkdown(report));
}

/** Adds Markdown to a file, so that several steps can share it. */
export function write(file, text) {
  try {
    appendFileSync(file, `${text}\n`);
  } catch (error) {
    throw new Failure("file", `expected a file that can be written, found ${error.code}, at ${file}`);
  }
}

/** The answer about a mirror: the counts, and the tags that are not proven. */
export function tallyMarkdown(tally) {
  const row = ({ tag, verdict, why }) => `| ${code(tag)} | ${escaped(verdict)} | ${escaped(why)} |`;
  const rows = tally.rows.map(row);
  return [
    `### ${escaped(tally.verdict)}: tags of ${code(tally.left)} at ${code(tally.right)}`,
    "",
    escaped(tally.text),
    "",
    ...[...tally.notes(), ...tally.resolutions(), "layers not hashed"].map((text) => `- ${escaped(text)}`),
    ...(rows.length === 0 ? [] : ["", "| tag | known | why |", "|---|---|---|", ...rows]),
    "",
  ].join("\n");
}
