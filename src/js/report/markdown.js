// A report as Markdown, for an issue or the summary of a CI job: the headline, the sentence and the verdict, then
// what a reader acts on, and the rest folded. Text from elsewhere stays text: characters that Markdown or HTML
// reads are written as numbers. GitHub and GitLab also make links of what they find in the finished page (`@name`,
// `#1`, `www.`): an empty <wbr> keeps these apart, and is not copied with the text.

import { attributed, receiptAnswer, receiptItems, receiptVerdict } from "./receipt.js";
import { platformRows } from "./sections.js";
import { textSections } from "./text.js";
import { visible } from "./visible.js";
import { marks, meanings } from "./words.js";

// Lines before the first <details>: more is not read in an issue, nor seen at once in a job's summary.
const mostOpen = 40;

const always = /[&<>`*[\]|\\~#$]/;
// Read only here: `_` at the edge of a word, `@` but not in IMAGE@DIGEST, `://` and emoji, and what would begin a list,
// a rule or a code block where a line begins with it.
const here = [
  /(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/,
  /@(?!(?<=[a-z0-9_]@)sha(?:256|512):)/,
  /:(?=\/\/|(?!\d\d:)[a-z0-9_+-]{1,40}:)/,
  /(?<=\bwww)\./,
  /^[-+= ]/,
  /(?<=^\d{1,9})[.)](?=\s|$)/,
];
const markup = new RegExp([always, ...here].map(({ source }) => source).join("|"), "giu");
// Read by GitHub and GitLab as the beginning of a name or a number of theirs.
const references = /(?<=\bGH-|[!%^]|&#(?:35|36|38|42|46|58|64|91|126);)(?=[\w/+-])/gi;

/** Text that Markdown reads as text and nothing else, also in a table and in a line of its own. */
export const escaped = (text) =>
  visible(text).replace(markup, (character) => `&#${character.codePointAt(0)};`).replace(references, "<wbr>");

/** Text as a value that somebody else chose. */
export const code = (text) => `<code>${escaped(text)}</code>`;

/** All of a report. `checked` says by what and when it was made, where that is to be said. */
export function reportMarkdown(report, { checked } = {}) {
  const { verdict, headline, summary } = report;
  return markdown(report, { verdict, headline, summary, meaning: meanings[verdict] ?? "", checked });
}

/** The result of checkReceipt. */
export const receiptMarkdown = (receipt, { checked } = {}) =>
  markdown(attributed(receipt.report), {
    ...receiptAnswer(receipt),
    ...receiptVerdict(receipt),
    checked,
    conditions: "Conditions, by the receipt's word",
    first: [{ title: "The receipt", items: receiptItems(receipt) }],
  });

function markdown(report, { verdict, headline, summary, meaning, checked, conditions = "Conditions", first = [] }) {
  const sections = textSections(report);
  // These say what to look at or to do next; the others are for whoever wants to know more.
  const isOpen = ({ name }) => ["contradictions", "missing"].includes(name);
  return folding([
    [
      `### ${marks[verdict] ?? ""} ${escaped(headline)}`,
      "",
      escaped(summary),
      "",
      `Verdict: **${escaped(verdict)}**: ${escaped(meaning)}`,
      ...(checked === undefined ? [] : ["", escaped(checked)]),
    ],
    ...first.map(part),
    ...table(platformRows(report)),
    ...sections.filter(isOpen).map(part),
    ...(report.conditions?.length > 0 ? [part({ title: conditions, items: report.conditions })] : []),
  ], sections.filter((section) => !isOpen(section)).map(part));
}

/**
 * Parts as one text: after the lines of the head those that fit, each `{ title, lines }`, and the others folded under
 * their titles.
 */
export function folding([head, ...open], folded = []) {
  const shown = [...head];
  const rest = [];
  for (const one of open) {
    const lines = ["", `**${escaped(one.title)}**`, "", ...one.lines];
    if (shown.length + lines.length < mostOpen) shown.push(...lines);
    else rest.push(one);
  }
  const details = ({ title, lines }) => ["", `<details><summary>${escaped(title)}</summary>`, "", ...lines, "", "</details>"];
  return [...shown, ...[...rest, ...folded].flatMap(details), ""].join("\n");
}

function table(rows) {
  if (rows.length === 0) return [];
  const cells = rows.map(({ platform, word, level, reasons }) =>
    `| ${[code(platform), escaped(word), escaped(level), reasons.map(escaped).join("<br>")].join(" | ")} |`);
  return [{ title: "Platforms", lines: ["| platform | known | same | reasons |", "|---|---|---|---|", ...cells] }];
}

const part = ({ title, items, commands }) => ({ title, lines: items?.map(item) ?? commandBlock(commands) });

function item(found) {
  const words = [found].flat().map((one) => (typeof one === "string" ? escaped(one) : code(one.command)));
  return `- ${words.join("<br>")}`;
}

/** Commands as they are to be copied: an indented block, which no character in it can end. */
const commandBlock = (commands) => commands.map((command) => `    ${visible(command)}`);
