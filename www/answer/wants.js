// Missing documents: the command that prints each, and a place for its output.

import { offerView } from "./offer.js";
import { sentence } from "../paint.js";
import { waitingFor } from "../pkg/report/sections.js";
import { roleWord } from "../pkg/report/words.js";
import { copyable, digest, element, identifier, list, quoted, worded } from "../text.js";
import { otherWays } from "./ways.js";

/**
 * What is missing, or what would prove what was stated, or nothing. `pasteFor(text, command)` takes what was pasted, `fetch()` fetches;
 * `step`: the next step, which is above, and may offer to fetch or have a command.
 */
export function missingView(given, { pasteFor, fetch, step }) {
  const wants = given.wants.filter(({ command, hint }) => !command || hint !== step.command);
  if (wants.length === 0) return undefined;
  const offer = step.offered ? undefined : offerView(given, fetch);
  const item = (want, i) => element("li", {}, wantView(want, i, given, pasteFor));
  return element("div", { class: "missing" }, offer ?? [], list(wants, item, { first: 10, ordered: true }));
}

function wantView(want, i, { report, failures }, pasteFor) {
  const { command } = want;
  const failed = failures.get(want.url);
  return [
    element("p", {}, settles(want, report, failed, i)),
    failed === undefined ? [] : element("p", {}, "Could not fetch: ", worded(failed.text)),
    command ? copyable(want.hint) : element("p", {}, worded(want.hint)),
    othersView(want),
    pasteBox(command ? `Paste its output here (${i + 1})` : `Paste it here (${i + 1})`, (text) => pasteFor(text, command ? want.hint : undefined)),
  ];
}

/** The commands of other tools, one click away. */
function othersView(want) {
  const others = otherWays(want);
  return others.length === 0 ? [] : element("details", { class: "hint" }, element("summary", {}, "With another tool"), others.map((command) => copyable(command)));
}

/** A field that takes what is pasted into it at once, and what is typed at its button. */
export function pasteBox(label, paste) {
  const box = element("textarea", { rows: "1", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const take = () => box.value.trim() !== "" && paste(box.value);
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    if (!text || box.value !== "") return;
    event.preventDefault();
    paste(text);
  });
  return element(
    "div",
    { class: "row" },
    element("label", { class: "grow" }, label, " ", box),
    element("button", { type: "button", class: "small", "aria-label": `Check: ${label.toLowerCase()}`, onclick: take }, "Check"),
  );
}

/** What this would settle: the digest of a document that is not here, and the claims that wait for it. */
function settles(want, report, failed, i) {
  const told = ({ statement }) => !["bytes", "candidate"].includes(statement.kind) && statement.code !== failed?.code;
  const claims = waitingFor(report, want).filter(told).slice(0, 3);
  // Where there is no command, the hint says which document it is.
  const document = want.digest === undefined || !want.command ? [] : [...naming(want.digest, report), ". "];
  const answers = i === 0 ? "The registry’s own answer; so far only tool output says so." : "The same for the other image.";
  if (claims.length === 0) return report.wants.length === 0 ? answers : document;
  const words = ({ statement }) => (statement.kind === "note" ? worded(statement.text) : sentence(statement));
  const said = claims.flatMap((claim, i) => [i === 0 ? "" : "; ", words(claim)]);
  return [document, claims.every(({ statement }) => statement.kind === "note") ? "" : "This would settle: ", said, "."];
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
