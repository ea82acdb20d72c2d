// The package in Node: everything of node.js, and what only the command line had: answers as text, the docker client's
// credentials, mirrors and publishers' policies.

import { Credentials } from "./cli/credentials.js";
import { wrapped } from "./cli/output.js";
import { reportLines } from "./cli/text.js";
import { PullproofError } from "./index.js";
import { reportMarkdown } from "./report/markdown.js";
import { shown } from "./report/shown.js";
import { visible } from "./report/visible.js";

export * from "./node.js";
export { mirror } from "./tools/mirror.js";
export { publish } from "./tools/publish.js";

/** A report as text for a terminal, without colours, or as Markdown. */
export function format(report, form = "text") {
  if (form === "markdown") return reportMarkdown(shown(report));
  if (form !== "text") throw new PullproofError("argument", `expected text or markdown, found ${JSON.stringify(form)}`);
  const line = ({ text, hang, raw }) => (raw ? visible(text) : wrapped(visible(text), hang).join("\n"));
  return [reportLines(shown(report))].flat(Infinity).map((one) => `${line(typeof one === "string" ? { text: one } : one)}\n`).join("");
}

/** The credentials that docker and podman stored, as the option `credentials` takes them. */
export function dockerCredentials({ environment = process.env, plainHttp, signal, onNote = () => {} } = {}) {
  const store = new Credentials({ environment, plainHttp, signal, note: onNote });
  return (origin) => store.get(origin);
}
