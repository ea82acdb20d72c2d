// `check RECEIPT`: an answer made again from what is in a receipt. And writing one.

import { at, exitCode, misuse, notWritten } from "./failure.js";
import { put, tried } from "./files.js";
import { placeOf, read } from "./input.js";

/** `check RECEIPT|-` */
export async function check({ operands: [name], options }, io, output) {
  const { accept, summary } = options;
  const { checkReceipt } = await import("../node.js");
  const bytes = await read(name, io, output);
  const made = at(placeOf(name), () => checkReceipt(bytes));
  const { shown } = await import("../report/shown.js");
  const checked = { ...made, report: shown(made.report) };
  const kept = summary === undefined || (await (await import("./markdown.js")).addReceipt(summary, checked, output));
  await (await import("./show.js")).showReceipt(checked, options, output);
  if (!checked.same) output.fault("contradicted: the report in the receipt does not match the one that was made again");
  if (!kept) return notWritten;
  return checked.same ? exitCode(checked.report.verdict, accept) : exitCode("contradicted");
}

/** Throws where a receipt would go to standard output, which the answer goes to. */
export function refuseStandardOutput(file) {
  if (file === "-") throw misuse("--receipt takes a file, not standard output");
}

/** Writes a receipt; one that is there already is replaced. Gives whether it could be written. */
export async function keep(file, text, output) {
  const written = await tried(output, () => put(file, text, output));
  if (written) output.note(`the receipt is in ${file}`);
  return written;
}
