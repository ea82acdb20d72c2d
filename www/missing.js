// What is missing: the command that prints it, and a place for what it printed.

import { offerView } from "./fetching.js";
import { copyable, digest, element, list, worded } from "./text.js";
import { sentence } from "./words.js";

/**
 * What is missing, or what would prove what was stated, or nothing. `pasteFor(text, command)` takes what was pasted, `fetch()` fetches;
 * `offered`: that it does, and whom it asks, stands above.
 */
export function missingView(given, { pasteFor, fetch, offered }) {
  const { wants } = given;
  if (wants.length === 0) return undefined;
  const offer = offered ? undefined : offerView(given, fetch);
  const item = (want, i) => element("li", {}, wantView(want, i, given, pasteFor));
  return element("div", { class: "missing" }, offer ?? [], list(wants, item, { first: 10, ordered: true }));
}

function wantView(want, i, { report, failures }, pasteFor) {
  const { command } = want;
  const failed = failures.get(want.url);
  const box = element("textarea", { rows: "1", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const take = () => {
    if (box.value.trim() !== "") pasteFor(box.value, command ? want.hint : undefined);
  };
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    if (!text || box.value !== "") return;
    event.preventDefault();
    pasteFor(text, command ? want.hint : undefined);
  });
  return [
    element("p", {}, settles(want, report, failed)),
    failed === undefined ? [] : element("p", {}, "Not fetched: ", worded(failed.text)),
    command ? copyable(want.hint) : element("p", {}, worded(want.hint)),
    element(
      "div",
      { class: "row" },
      element("label", { class: "grow" }, command ? `Its output (${i + 1})` : `Paste it (${i + 1})`, " ", box),
      element("button", { type: "button", class: "small", "aria-label": `Read what was pasted for ${i + 1}`, onclick: take }, "Read"),
    ),
  ];
}

/** What this would settle: the digest of a document that is not here, and the claims that wait for it. */
function settles(want, report, failed) {
  const waits = ({ statement, standing }) => standing.is === "missing" && standing.want.hint === want.hint && !["bytes", "candidate"].includes(statement.kind) && statement.code !== failed?.code;
  const claims = report.claims.filter(waits).slice(0, 3);
  const document = want.digest === undefined ? [] : ["The document ", digest(want.digest), ". "];
  if (claims.length === 0) return report.wants.length === 0 ? "What the registry itself answers: so far there is only what tools said of it." : document;
  const words = ({ statement }) => (statement.kind === "note" ? worded(statement.text) : sentence(statement));
  const said = claims.flatMap((claim, i) => [i === 0 ? "" : "; ", words(claim)]);
  return [document, claims.every(({ statement }) => statement.kind === "note") ? "" : "It would settle: ", said, "."];
}
