// A report as Markdown, for an issue or the summary of a continuous integration job. Text from elsewhere
// stays text: every character that Markdown or HTML could read is written as a number.

import { attributed, receiptItems, receiptVerdict } from "./receipt.js";
import { platformRows } from "./sections.js";
import { textSections } from "./text.js";
import { visible } from "./visible.js";
import { meanings } from "./words.js";

/** Text that Markdown reads as text and nothing else, also in a table. */
export const escaped = (text) =>
  visible(text).replace(/[^A-Za-z0-9 ,\u0080-\u{10FFFF}]/gu, (character) => `&#${character.codePointAt(0)};`);

/** Text as a value that somebody else chose. */
export const code = (text) => `<code>${escaped(text)}</code>`;

/** All of a report. `checked` says by what and when it was made, where that is to be said. */
export const reportMarkdown = (report, { checked } = {}) =>
  markdown(report, { verdict: report.verdict, meaning: meanings[report.verdict] ?? "", checked });

/** What came of a receipt, as checkReceipt has it. */
export const receiptMarkdown = (receipt, { checked } = {}) =>
  markdown(attributed(receipt.report), { ...receiptVerdict(receipt), checked, of: "a receipt about ", items: receiptItems(receipt) });

function markdown(report, { verdict, meaning, checked, of = "", items = [] }) {
  const { ask, left, right, image } = report.question;
  const about = ask === "same" ? `${code(left)} and ${code(right)}` : code(image ?? "what was pasted");
  return [
    `### ${escaped(verdict)}: ${of}${about}`,
    "",
    escaped(meaning),
    ...(checked === undefined ? [] : ["", escaped(checked)]),
    ...(items.length === 0 ? [] : part({ title: "The receipt", items })),
    ...(ask === "same" ? [] : ["", escaped(report.summary)]),
    ...table(platformRows(report)),
    ...textSections(report).flatMap(part),
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
