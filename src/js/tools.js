// The package in Node: everything of node.js, and what only the command line had: answers as text, the docker client's
// credentials, mirrors and publishers' policies.

import { Credentials } from "./cli/credentials.js";
import { wrapped } from "./cli/output.js";
import { reportLines } from "./cli/text.js";
import { PullproofError } from "./index.js";
import { reportMarkdown } from "./report/markdown.js";
import { visible } from "./report/visible.js";

export * from "./node.js";
export { mirror } from "./tools/mirror.js";
export { publish } from "./tools/publish.js";

/** A report as text for a terminal, without colours, or as Markdown. */
export function format(report, form = "text") {
  if (form === "markdown") return reportMarkdown(report);
  if (form !== "text") throw new PullproofError("argument", `expected text or markdown, found ${JSON.stringify(form)}`);
  const shown = ({ text, hang, raw }) => (raw ? visible(text) : wrapped(visible(text), hang).join("\n"));
  return [reportLines(report)].flat(Infinity).map((line) => `${shown(typeof line === "string" ? { text: line } : line)}\n`).join("");
}

/** The credentials that docker and podman stored, as the option `credentials` takes them. */
export function dockerCredentials({ environment = process.env, plainHttp, signal, onNote = () => {} } = {}) {
  const store = new Credentials({ environment, plainHttp, signal, note: onNote });
  return (origin) => store.get(origin);
}
