// What is missing: the command that prints it, and a place for what it printed.

import { offerView } from "./offer.js";
import { sentence } from "../paint.js";
import { waitingFor } from "../pkg/report/sections.js";
import { roleWord } from "../pkg/report/words.js";
import { copyable, digest, element, identifier, list, quoted, worded } from "../text.js";

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
    element("p", {}, settles(want, report, failed, i)),
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
function settles(want, report, failed, i) {
  const told = ({ statement }) => !["bytes", "candidate"].includes(statement.kind) && statement.code !== failed?.code;
  const claims = waitingFor(report, want).filter(told).slice(0, 3);
  // Where there is no command, the hint says which document it is.
  const document = want.digest === undefined || !want.command ? [] : [...naming(want.digest, report), ". "];
  const answers = i === 0 ? "What the registry itself answers: so far there is only what tools said of it." : "The same for the other image.";
  if (claims.length === 0) return report.wants.length === 0 ? answers : document;
  const words = ({ statement }) => (statement.kind === "note" ? worded(statement.text) : sentence(statement));
  const said = claims.flatMap((claim, i) => [i === 0 ? "" : "; ", words(claim)]);
  return [document, claims.every(({ statement }) => statement.kind === "note") ? "" : "It would settle: ", said, "."];
}

/** A document that is not here, as what names it calls it. */
function naming(wanted, { claims }) {
  const named = claims.map(({ statement }) => statement).filter((statement) => statement.digest === wanted);
  const { as, platform } = named.find(({ kind }) => kind === "names" || kind === "includes") ?? {};
  if (as !== undefined) return [`The ${roleWord(as)}`, platform === undefined ? " " : [" for ", quoted(platform), ", "], digest(wanted)];
  const [one, other] = named.filter(({ kind }) => kind === "resolves");
  if (one === undefined) return ["The document ", digest(wanted)];
  const both = other === undefined ? [" is"] : [" and ", identifier(other.reference), " are"];
  return ["The document ", digest(wanted), ", which ", identifier(one.reference), both, " said to be"];
}
