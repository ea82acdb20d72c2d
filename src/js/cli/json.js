// The output of `--json`: a report with the version of its shape, and the digests of both sides. report.schema.json, beside
// the page, describes it.

import { resolutions } from "../report/origins.js";
import { schema } from "./schema.js";

/** A report as `--json` prints it. */
export function jsonReport(report) {
  const { ask, left, right } = report.question;
  const sides = ask === "same" ? { sides: { left: side(report, left), right: side(report, right) } } : {};
  return { schema, ...report, ...sides };
}

/** A reference and the digest that it means here: its own, or the one that its tag resolved to, or null. */
function side(report, reference) {
  const own = /@(.+)$/.exec(reference)?.[1];
  const claims = report.claims.filter(({ statement, standing }) => statement.kind === "resolves" && statement.reference === reference && standing.is === "proven");
  const resolved = resolutions(report).find((one) => one.reference === reference)?.digest ?? claims[0]?.statement.digest;
  return { reference, digest: own ?? resolved ?? null };
}
