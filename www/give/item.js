// The list of what was given: what each piece was recognised as, and a way to take it back.

import { size, statements, textOf } from "./evidence.js";
import { element, identifier, later, visible, visibleLines, worded } from "../text.js";

// Characters of a piece that are shown.
const longest = 100_000;

/** The list's item of a piece. `changed` is called when its reference was changed, `removed` when it goes. */
export function makeItem(piece, { changed, removed }) {
  const item = element("li", { class: "piece" });
  const text = () => element("pre", { class: "long", tabindex: "0", role: "group", "aria-label": "The text" }, raw(piece));
  const more = later(element("summary", {}), text);
  more.append(aboutField(piece, changed));
  item.append(
    element("div", { class: "row" }, more, element("button", { type: "button", class: "small", onclick: removed })),
    element("div", { class: "told" }),
  );
  return item;
}

/** Brings an item up to date with what is known of its piece. */
export function updateItem(item, piece, place) {
  const name = piece.evidence?.note?.text ?? toolsOf([piece]);
  const bytes = piece.evidence?.note ? "" : `, ${size(piece).toLocaleString("en")} bytes`;
  item.querySelector("summary").replaceChildren(
    element("span", { class: "what" }, `${place}. `, visible(name).slice(0, 300)),
    element("span", { class: "source" }, " ", visible(piece.origin).slice(0, 120), bytes),
    // Only on paper, where it says what was given.
    piece.digest === undefined ? "" : element("bdi", { class: "source paper-only", dir: "ltr" }, ` ${piece.digest}`),
  );
  const remove = item.querySelector("button");
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove piece ${place}: ${visible(name).slice(0, 80)}`);
  item.querySelector(".told").replaceChildren(...told(piece));
  if (isUnattributed(piece)) item.querySelector("details").open = true;
}

/** The number of fetched documents. */
export const fetchedWords = ({ documents }) => `fetched: ${documents} ${documents === 1 ? "document" : "documents"}`;

/** The list's item of what was fetched. */
export function fetchedItem({ documents, from }, removed) {
  const shown = from.slice(0, 6).flatMap((giver, i) => [i === 0 ? "" : ", ", identifier(giver)]);
  const rest = from.length > 6 ? ` and ${from.length - 6} more` : "";
  const many = documents === 1 ? "document" : "documents";
  const words = element("p", { class: "fetched" }, `Fetched: ${documents} ${many} from `, shown, rest);
  const named = { "aria-label": "Remove what was fetched", onclick: removed };
  const remove = element("button", { type: "button", class: "small", ...named }, "Remove");
  return element("li", { id: "fetched", class: "piece" }, element("div", { class: "row" }, words, remove));
}

function aboutField(piece, changed) {
  const input = element("input", { name: `about-${piece.id}`, spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  input.addEventListener("input", () => changed(input.value.trim()));
  return element("label", { class: "about" }, "Printed for (where the text does not say) ", input);
}

function told(piece) {
  const lines = [];
  if (piece.secret) lines.push(element("p", { class: "notice" }, "A secret was in this, such as a private key or a log-in. It was not kept."));
  if (piece.refused) lines.push(element("p", { class: "notice" }, "Not taken in: ", worded(piece.refused.message)));
  if (isUnattributed(piece)) lines.push(element("p", { class: "source" }, "It does not say which image it was printed for: name it here, or paste it with its command line."));
  return lines;
}

/** Whether there is something to read or to do about a piece. */
export const needsLook = (piece) => Boolean(piece.secret || piece.refused) || isUnattributed(piece);

const isUnattributed = (piece) => statements(piece).some(({ kind, code }) => kind === "note" && code === "unattributed");

/** The tools whose output these pieces hold, each once, with how often. */
export function toolsOf(pieces) {
  const counts = new Map();
  for (const tool of pieces.flatMap(toolsIn)) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  return [...counts].map(([tool, count]) => (count === 1 ? tool : `${tool} × ${count}`)).join(", ");
}

function toolsIn({ evidence, findings, refused }) {
  if (evidence?.note) return [evidence.note.code === "binary" ? "binary file" : evidence.note.text];
  if (refused || findings.length === 0) return ["nothing recognised"];
  return findings.map(({ tool }) => (tool === "unread" ? "something not recognised" : tool));
}

function raw(piece) {
  const text = textOf(piece);
  const cut = text.length > longest ? `\n… and ${(text.length - longest).toLocaleString("en")} characters more` : "";
  return element("bdi", {}, visibleLines(text.slice(0, longest)) + cut);
}
