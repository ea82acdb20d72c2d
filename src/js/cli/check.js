// `check RECEIPT`: an answer made again from what is in a receipt. And writing one.

import { writeFileSync } from "node:fs";
import { Failure, at, exitCode } from "./failure.js";
import { placeOf, read } from "./input.js";

/** `check RECEIPT|-` */
export async function check({ operands: [name], options }, io, output) {
  const { json, accept, summary } = options;
  const { checkReceipt } = await import("../node.js");
  const bytes = await read(name, io, output);
  const checked = at(placeOf(name), () => checkReceipt(bytes));
  if (json) await output.json(checked);
  else await output.print([...(await import("./text.js")).reportLines(checked.report), wordLines(checked)]);
  if (!checked.same) output.fault("contradicted: the report in the receipt is another than the one that comes out");
  if (summary) (await import("./markdown.js")).append(summary, checked.report);
  return checked.same ? exitCode(checked.report.verdict, accept) : exitCode("contradicted");
}

function wordLines({ same, differences, word }) {
  const items = (lines) => lines.map((text) => `  ${text}`);
  const places = differences.map(({ place, stored, found }) => `${place}: the receipt has ${stored}, found ${found}`);
  return [
    "",
    { text: "The receipt", tone: "bold" },
    same ? "  Its report is the one above." : "  CONTRADICTED: its report is another than the one above:",
    items(places),
    items(word),
  ];
}

/** Writes a receipt; one that is there already is replaced. */
export function put(file, text, output) {
  if (file === "-") throw new Failure("usage", "expected a file after --receipt, found standard output");
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure("file", `expected a file that can be written, found ${error.code}, at ${file}`);
  }
  output.note(`the receipt is in ${file}`);
}
