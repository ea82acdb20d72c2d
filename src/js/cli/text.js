// A report as text for a terminal: lines, which are made visible where they are printed.

import { how, sentence } from "../report/phrases.js";
import { attributed, receiptItems, receiptVerdict } from "../report/receipt.js";
import { platformRows } from "../report/sections.js";
import { plain, textSections } from "../report/text.js";
import { meanings } from "../report/words.js";

/** All of a report. */
export const reportLines = (report) => lines(report, { verdict: report.verdict, meaning: meanings[report.verdict] ?? "" });

/** All that came of a receipt, as checkReceipt has it. */
export const receiptLines = (receipt) => lines(attributed(receipt.report), receiptVerdict(receipt), [{ title: "The receipt", items: receiptItems(receipt) }]);

function lines(report, { verdict, meaning }, first = []) {
  return [
    head(report.question),
    "",
    platformRows(report).map(platformLines),
    platformRows(report).length === 0 ? [] : "",
    { text: `${verdict.toUpperCase()}: ${meaning}`, tone: "bold" },
    report.question.ask === "same" ? [] : report.summary,
    [...first, ...textSections(report)].map(({ title, items, commands }) => [
      "",
      { text: title, tone: "bold" },
      items?.map(itemLines) ?? commands.map((text) => ({ text: `  ${text}`, raw: true })),
    ]),
  ];
}

function head({ ask, left, right, level, image, platform }) {
  const only = platform === undefined ? "" : `, ${platform} only`;
  if (ask === "same") return [left, `${right} (asked: ${level}${only})`];
  return [image === undefined ? "what was pasted" : `${image}${only}`];
}

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
