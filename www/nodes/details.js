// Everything that is known of the chosen node, below the drawing.

import { meaningOf } from "./documents.js";
import { facts } from "./facts.js";
import { how, sentence, standingWord } from "../paint.js";
import { layersWords } from "../pkg/report/words.js";
import { copyable, digest, element, identifier, list, plain, quoted, visibleLines } from "../text.js";

// Bytes of a document that are shown.
const mostBytes = 20_000;

/** The parts of a node's description; `bytesOf(digest)` gives the bytes of a document. */
export function detailsOf(node, bytesOf) {
  const { kind, standing, platforms, known, digest: name, label, members, said, side } = node;
  const word = standing === undefined ? [] : standingWord(standing);
  const where = [...platforms].flatMap((platform) => [" ", quoted(platform)]);
  const head = element("p", { class: "head" }, element("span", { class: "kind" }, plain(kind)), members ? [] : where, said === undefined ? "" : `, ${said}`, " ", word, side === "both" && said === undefined ? ", on both sides" : "");
  const equal = said === undefined ? [] : [element("p", { class: "hint" }, `Their digests were compared: ${layersWords}.`)];
  const named = members ? [list(members, member, { first: 60, ordered: node.as === "layer" })] : [label === undefined ? copyable(name) : element("p", {}, identifier(label))];
  const meaning = meaningOf(kind);
  return [head, meaning === undefined ? [] : element("p", { class: "hint" }, meaning), ...equal, ...named, ...saidOf(node), ...(known ? facts(known) : []), ...(known?.held && bytesOf ? [bytesView(name, bytesOf)] : [])];
}

/** The claims by which a signature, a reference or a referrer is known. */
export function saidOf({ kind, says = [] }) {
  const line = ({ statement, standing }) => element("p", { class: "source" }, kind === "signature" ? [] : [sentence(statement), ": "], how(standing));
  return says.slice(0, 8).map(line);
}

/** A document's bytes as text, asked for when it is opened. */
function bytesView(name, bytesOf) {
  const place = element("div", { class: "bytes" });
  const details = element("details", {}, element("summary", {}, "Its bytes"), place);
  details.addEventListener("toggle", async () => {
    const bytes = await bytesOf(name).catch(() => undefined);
    if (bytes === undefined) return place.replaceChildren(element("p", { class: "hint" }, "They are not here any more: ask again."));
    const text = new TextDecoder().decode(bytes.subarray(0, mostBytes));
    const cut = bytes.length > mostBytes ? `, the first ${mostBytes.toLocaleString("en")} shown` : "";
    place.replaceChildren(
      element("p", { class: "hint" }, `${bytes.length.toLocaleString("en")} bytes, exactly as they were hashed${cut}.`),
      element("pre", { class: "long", tabindex: "0", role: "group", "aria-label": "The bytes" }, element("bdi", { dir: "ltr" }, visibleLines(text))),
    );
  }, { once: true });
  return details;
}

function member({ digest: name, label, standing, known }) {
  return element("li", {}, label === undefined ? digest(name) : identifier(label), " ", standingWord(standing), known ? facts(known) : []);
}
