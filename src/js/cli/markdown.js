// A report as Markdown, for the summary of a continuous integration job. Text from elsewhere stays
// text: every character that Markdown or HTML could read is written as a number.

import { appendFileSync } from "node:fs";
import { Failure } from "./failure.js";
import { parts, platformRows } from "./parts.js";
import { visible } from "./visible.js";
import { meanings } from "./words.js";

/** Text that Markdown reads as text and nothing else, also in a table. */
export const escaped = (text) =>
  visible(text).replace(/[^A-Za-z0-9 ,\u0080-\u{10FFFF}]/gu, (character) => `&#${character.codePointAt(0)};`);

const code = (text) => `<code>${escaped(text)}</code>`;

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

/** All of a report. */
export function reportMarkdown(report) {
  const { ask, left, right, image } = report.question;
  const about = ask === "same" ? `${code(left)} and ${code(right)}` : code(image ?? "what was pasted");
  return [
    `### ${escaped(report.verdict)}: ${about}`,
    "",
    escaped(meanings[report.verdict] ?? ""),
    ...(ask === "same" ? [] : ["", escaped(report.summary)]),
    ...table(platformRows(report)),
    ...parts(report).flatMap(part),
    "",
  ].join("\n");
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

function table(rows) {
  if (rows.length === 0) return [];
  const cells = rows.map(({ platform, word, level, reasons }) =>
    `| ${[code(platform), escaped(word), escaped(level), reasons.map(escaped).join("<br>")].join(" | ")} |`);
  return ["", "| platform | known | same | reasons |", "|---|---|---|---|", ...cells];
}

function part({ title, items, commands }) {
  return ["", `**${escaped(title)}**`, "", ...(items?.map(item) ?? commandBlock(commands))];
}

function item(found) {
  const words = [found].flat().map((one) => (typeof one === "string" ? escaped(one) : code(one.command)));
  return `- ${words.join("<br>")}`;
}

/** Commands as they are to be copied: an indented block, which no character in it can end. */
const commandBlock = (commands) => commands.map((command) => `    ${visible(command)}`);
