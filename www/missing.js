// What is missing: the command that prints it, and a place for what it printed.

import { copyable, digest, element, list, worded } from "./text.js";
import { sentence } from "./words.js";

/** The list of what is missing, or nothing. `pasteFor(text, command)` takes what was pasted. */
export function missingView(report, pasteFor) {
  if (report.wants.length === 0) return undefined;
  return list(report.wants, (want, i) => element("li", {}, wantView(want, i, report, pasteFor)), { first: 10, ordered: true });
}

function wantView(want, i, report, pasteFor) {
  const command = isCommand(want.hint);
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
    element("p", {}, settles(want, report)),
    command ? copyable(want.hint) : element("p", {}, worded(want.hint)),
    element(
      "div",
      { class: "row" },
      element("label", { class: "grow" }, command ? `Its output (${i + 1})` : `Paste it (${i + 1})`, " ", box),
      element("button", { type: "button", class: "small", "aria-label": `Read what was pasted for ${i + 1}`, onclick: take }, "Read"),
    ),
  ];
}

/** What this would settle: the digest of a document that is not here, or the claims that wait for it. */
function settles(want, report) {
  const waits = ({ statement, standing }) => standing.is === "missing" && standing.want.hint === want.hint && !["bytes", "candidate"].includes(statement.kind);
  const claims = report.claims.filter(waits).slice(0, 3);
  const document = want.digest === undefined ? [] : ["The document ", digest(want.digest), ". "];
  if (claims.length === 0) return document;
  return [document, "It would settle: ", claims.flatMap(({ statement }, i) => [i === 0 ? "" : "; ", sentence(statement)]), "."];
}

// A want's hint is a command or says in words what to look for; which, it does not say itself.
const isCommand = (hint) => /^(?:docker|crane|skopeo|regctl|oras|cosign|notation|kubectl|pullproof) /.test(hint);
