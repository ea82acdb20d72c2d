// An answer on standard output, as the options say: in short, in one line, with everything, as commands, or as JSON.

import { receiptAnswer } from "../report/receipt.js";
import { jsonReport } from "./json.js";
import { schema } from "./schema.js";
import { answerLines, receiptAnswerLines, receiptLines, reportLines, stepLines, verdictLine } from "./text.js";

/** A report; `again` is the command line that it answers. */
export function show(report, options, output) {
  if (options.json) return output.json(jsonReport(report));
  return output.print(linesOf(report, options, {
    answer: report,
    short: () => answerLines(report, options.again),
    whole: () => reportLines(report),
  }));
}

/** Prints the answer of a receipt, as checkReceipt gives it. */
export function showReceipt(checked, options, output) {
  if (options.json) return output.json({ schema, ...checked, report: jsonReport(checked.report) });
  return output.print(linesOf(checked.report, options, {
    answer: receiptAnswer(checked),
    short: () => receiptAnswerLines(checked),
    whole: () => receiptLines(checked),
  }));
}

function linesOf(report, { quiet, verbose, steps }, { answer, short, whole }) {
  if (quiet) return [verdictLine(answer)];
  if (verbose) return whole();
  if (steps === undefined) return short();
  const found = stepLines(report, steps === true ? undefined : steps);
  const none = found.length === 0 ? ["# no command checks this answer without pullproof"] : [];
  // A comment, so that all of it is a script.
  return [...found, none, { text: `# ${verdictLine(answer).text}`, raw: true }];
}
