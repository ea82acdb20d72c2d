// A report as it is shown, wherever that is: its verdict and its headline are of what was asked. A mark, the last line, the
// exit code and the JSON of the command all have them from here.

import { failures } from "./failures.js";
import { listed } from "./words.js";

/**
 * A report whose verdict answers its question. The digest of some bytes stays proven while a document that they name
 * is not here; where something was asked for and could not be fetched, the answer is open.
 */
export function shown(report) {
  const { question, verdict, subject } = report;
  const isAnswered = question.ask === "what" && verdict === "open" && subject?.certain === true && failures(report).length === 0;
  return { ...report, verdict: isAnswered ? "proven" : verdict, headline: headline(report) };
}

/** "Different on linux/amd64" says nothing of a platform that the second image does not have. */
function headline({ headline: words, claims }) {
  const missing = claims.flatMap(({ statement, standing }) => (statement.kind === "same" && isAbsent(standing) ? statement.platform : []));
  if (missing.length === 0 || !words.startsWith("Different on ")) return words;
  const named = missing.length > mostNamed ? [`${missing.length} other platforms`] : missing;
  return `${words}, and ${listed(named)} ${missing.length === 1 ? "is" : "are"} missing`;
}

const mostNamed = 3;

/** One side has no entry at all: then the value found is words, not a digest. */
const isAbsent = ({ is, found }) => is === "contradicted" && !/^sha(?:256|512):/.test(found.value);
