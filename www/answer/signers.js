// The signers of the image: each with a press that makes them the question, a map of what each covers, and where
// signatures were looked for.

import { painted } from "../paint.js";
import { cellWords, coverage, places, whenWords } from "../pkg/report/signers.js";
import { listed } from "../pkg/report/words.js";
import { element, identifier, worded } from "../text.js";

// So many columns are compared at a glance.
const most = 26;

/** The view, or nothing where no signature was found and none was looked for. `pin` makes a signer the question. */
export function signersView(report, pin) {
  const { rows, signers } = coverage(report);
  const looked = places(report);
  if (signers.length + looked.length === 0) return undefined;
  const shown = signers.slice(0, most);
  const words = listed(looked.map(({ text }) => text));
  const where = looked.length === 0 ? [] : element("p", { class: "source places" }, worded(`${words[0].toUpperCase()}${words.slice(1)}.`));
  const map = shown.length === 0 ? [] : [signerList(report, shown, pin), mapTable(rows, shown)];
  return element("div", { class: "signers" }, map, signers.length > shown.length ? element("p", {}, `${signers.length - shown.length} more signers are in the notes.`) : [], where);
}

const letter = (at) => String.fromCharCode(65 + at);

const said = { proven: "", contradicted: "✗ The signature does not hold. ", missing: "… Not known. " };

function signerList(report, signers, pin) {
  return element("ol", { class: "signer-list" }, signers.map(({ by, all, is }, at) => {
    const who = by.identity === undefined ? [by.key === undefined ? "" : "the key ", identifier(by.key ?? by.name)] : [identifier(by.identity), element("span", { class: "source" }, " vouched for by ", identifier(by.issuer))];
    const why = is === "missing" ? `What is missing: ${all[0].claim.standing.want.hint}. ` : "";
    return element("li", {}, element("strong", {}, letter(at)), " ", said[is], who, element("span", { class: "source" }, worded(why), painted(whenWords(all))), press(report, by, is, pin));
  }));
}

/** Makes a signer whose signature holds the question; nothing for the one who is asked about already. */
function press({ question: { by: asked = {}, image } }, by, is, pin) {
  const isAsked = asked.identity === by.identity && asked.issuer === by.issuer && by.identity !== undefined;
  if (is !== "proven" || image === undefined || isAsked || asked.keys !== undefined || by.name !== undefined || by.issuer === "none") return [];
  const words = by.key === undefined ? "Ask whether this identity signed it" : "Ask whether this key signed it";
  const question = by.key === undefined ? { identity: by.identity, issuer: by.issuer } : { keys: [by.key] };
  return [" ", element("button", { type: "button", class: "pin", onclick: () => pin({ ask: "published", image, by: question }) }, words)];
}

function mapTable(rows, signers) {
  const head = element("tr", {}, element("th", { scope: "col" }, "Part"), signers.map((_, at) => element("th", { scope: "col" }, letter(at))));
  const body = rows.map(({ digest, name, cells }) =>
    element("tr", {}, element("th", { scope: "row", title: digest }, worded(name)), cells.slice(0, signers.length).map((cell) => element("td", { class: cell.is }, worded(cellWords(cell))))));
  return element("table", { class: "coverage" }, element("caption", {}, "Which part each signed"), element("thead", {}, head), element("tbody", {}, body));
}
