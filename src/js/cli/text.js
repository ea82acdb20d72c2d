// A report as text for a terminal: lines, which are made visible where they are printed.

import { allLines, checks } from "../report/checks.js";
import { next } from "../report/next.js";
import { how, sentence } from "../report/phrases.js";
import { reasons } from "../report/reasons.js";
import { attributed, receiptAnswer, receiptConditions, receiptItems, receiptVerdict } from "../report/receipt.js";
import { platformRows } from "../report/sections.js";
import { brief, plain, textSections } from "../report/text.js";
import { marks, meanings } from "../report/words.js";
import { heightOf } from "./output.js";

// So many lines fit on a terminal beside the command and a prompt.
const mostLines = 15;

/** The line that says the verdict, which programs read; the last of every answer. */
export const verdictLine = ({ verdict, headline }) => ({ text: `${verdict.toUpperCase()}: ${headline}`, raw: true });

/** The short answer of a report: a mark and a headline, a sentence, the next step, reasons, and the verdict. */
export const answerLines = (report, again) => answer(report, { answer: report, step: step(next(report), again), about: conditionsOf(report) });

/** The short answer of a receipt, as checkReceipt gives it. */
export function receiptAnswerLines(receipt) {
  const report = attributed(receipt.report);
  return answer(report, { answer: receiptAnswer(receipt), step: [], about: [...receiptConditions(receipt), ...conditionsOf(report)] });
}

/** The conditions of an answer: first where its policy was fetched. */
function conditionsOf({ claims, conditions }) {
  const policies = claims.filter(({ statement }) => statement.code === "policy-source").map(({ statement }) => statement.text);
  return [...policies.map((text) => `${text[0].toUpperCase()}${text.slice(1)}.`), ...conditions];
}

function answer(report, { answer: { verdict, headline, summary }, step, about }) {
  // A headline that is cut off is the beginning of the sentence.
  const isCut = headline.endsWith("…") && summary.startsWith(headline.slice(0, -1));
  const head = [{ text: `${marks[verdict]} ${isCut ? "" : `${headline}${headline.endsWith("…") ? "" : "."} `}${summary}`, lead: headline.length + 3, tone: verdict }];
  const conditions = about.length === 0 ? [] : [{ text: `  ${about.join(" ")}`, hang: 2, tone: "dim" }];
  const tail = verdictLine({ verdict, headline });
  const used = height([head, "", step, conditions, tail]);
  // Of the question what something is, its digests are the answer.
  const words = report.question.ask === "what" ? plain : brief;
  const shown = fitting(reasons(report).map(reasonLine(words)), Math.max(mostLines - used, 2));
  const parts = [step, shown, conditions, tail].map((part) => [part].flat()).filter((part) => part.length > 0);
  let room = mostLines - used - height(shown);
  const spaced = parts.map((part, at) => (at > 0 && (room -= 1) >= 0 ? ["", part] : part));
  return [head, "", spaced];
}

const height = (lines) => lines.flat(Infinity).reduce((sum, line) => sum + heightOf(line), 0);

/** As many of the lines as there is room for, and at least the first. */
function fitting(lines, room) {
  const shown = [...lines];
  while (shown.length > 1 && height(shown) > room) shown.pop();
  return shown;
}

const reasonLine = (words) => ({ is, phrase }) => ({ text: `  ${marks[is] ?? marks.open} ${words(phrase)}`, hang: 4 });

/** The next step; `again` is the command that was typed, for what is to be asked again with more. */
function step(found, again) {
  if (found === undefined) return [];
  const { phrase, command, output, level, fetch, instead } = found;
  const said = { text: `  ${plain(phrase)}`, hang: 2 };
  if (level !== undefined && again !== undefined) {
    return [said, { text: `    ${again.replace(/ --level(?: |=)\S+/, "")} --level ${level}`, raw: true }];
  }
  if (fetch && again?.includes(" --offline")) return [said, { text: `    ${again.replace(" --offline", "")}`, raw: true }];
  if (instead !== undefined && again !== undefined) return [said, ...askedInstead(again, instead)];
  if (command === undefined) return [said];
  const raw = (text) => ({ text: `    ${text}`, raw: true });
  if (!output || again === undefined) return [said, raw(command)];
  // Standard input can be read once.
  if (/ -(?: |$)/.test(again)) return [said, raw(`${command} > output.txt`), raw(`${again} --paste output.txt`)];
  return [said, raw(`${command} | ${again} --paste -`)];
}

/** The command line with an image that exists in the place of the one that does not. */
function askedInstead(again, { absent, near }) {
  const short = absent.replace(/^docker\.io\/(?:library\/)?/, "");
  const words = again.split(" ");
  const at = words.findIndex((word) => word === absent || word === short);
  return at === -1 ? [] : [{ text: `    ${words.with(at, near).join(" ")}`, raw: true }];
}

/** The commands that check an answer without this one: of one tool, or of all. */
export function stepLines(report, tool) {
  const groups = checks(report).filter((group) => tool === undefined || group.tool === tool);
  return groups.map((group) => [`# ${group.tool}`, ...allLines(group), ""].map((text) => ({ text, raw: true })));
}

/** All of a report. */
export const reportLines = (report) => lines(report, { verdict: report.verdict, meaning: meanings[report.verdict] ?? "", headline: report.headline });

/** All that came of a receipt, as checkReceipt has it. */
export const receiptLines = (receipt) =>
  lines(attributed(receipt.report), { ...receiptVerdict(receipt), headline: receiptAnswer(receipt).headline }, [{ title: "The receipt", items: receiptItems(receipt) }]);

function lines(report, { verdict, meaning, headline }, first = []) {
  return [
    head(report.question),
    "",
    platformRows(report).map(platformLines),
    platformRows(report).length === 0 ? [] : "",
    { text: `${marks[verdict]} ${headline}: ${meaning}`, tone: verdict, lead: headline.length + 3 },
    report.summary,
    [...first, ...textSections(report)].map(({ title, items, commands }) => [
      "",
      { text: title, tone: "bold" },
      items?.map(itemLines) ?? commands.map((text) => ({ text: `  ${text}`, raw: true })),
    ]),
    "",
    verdictLine({ verdict, headline }),
  ];
}

function head({ ask, left, right, level, image, platform }) {
  const only = platform === undefined ? "" : `, ${platform} only`;
  if (ask === "same") return [left, `${right} (compared: ${levelNouns[level] ?? level}${only})`];
  return [image === undefined ? "the input" : `${image}${only}`];
}

const levelNouns = { config: "configuration", rootfs: "uncompressed layers" };

function platformLines({ platform, word, level, reasons }) {
  const indent = " ".repeat(4);
  const row = { text: `  ${platform.padEnd(14)} ${word.padEnd(12)} ${level}`, hang: 30 };
  return [row, reasons.map((reason) => `${indent}- ${reason}`)];
}

function itemLines(item) {
  if (!Array.isArray(item)) return `  ${item}`;
  return item.map((part, i) => {
    const indent = " ".repeat(i === 0 ? 2 : 4);
    return typeof part === "string" ? `${indent}${part}` : { text: `${indent}${part.command}`, raw: true };
  });
}

/** One recognised part of a paste: the tool, and what it states. */
export function findingLines({ tool, claims }) {
  const lines = claims.map(({ statement, standing }) =>
    `  ${plain([sentence(statement), statement.kind === "unread" ? "" : [", ", how(standing)]])}`);
  return [{ text: tool, tone: "bold" }, lines];
}
