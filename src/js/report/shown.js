// A report as it is shown, wherever that is: its verdict is of what was asked. A mark, the last line, the exit code and the
// JSON of the command all have it from here.

import { failures } from "./failures.js";

/**
 * A report whose verdict answers its question. The digest of some bytes stays proven while a document that they name
 * is not here; where something was asked for and could not be fetched, the answer is open.
 */
export function shown(report) {
  const { question, verdict, subject } = report;
  const isAnswered = question.ask === "what" && verdict === "open" && subject?.certain === true && failures(report).length === 0;
  return isAnswered ? { ...report, verdict: "proven" } : report;
}
