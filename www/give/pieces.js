// The pieces of evidence that were given, in their order, and the list of them on the page.

import { fetchedItem, fetchedWords, makeItem, needsLook, toolsOf, updateItem } from "./item.js";
import { visible } from "../text.js";

const at = (id) => document.getElementById(id);
const items = new Map();

export const pieces = [];

/** One more. `changed()` is called when its reference was changed, `removed()` when it went. */
export function addPiece(piece, { changed, removed }) {
  const about = (text) => ((piece.about = text), changed());
  const remove = () => (drop(piece), focusPieces(), removed());
  const item = makeItem(piece, { changed: about, removed: remove });
  pieces.push(piece);
  items.set(piece, item);
  at("pieces").append(item);
}

function drop(piece) {
  pieces.splice(pieces.indexOf(piece), 1);
  items.get(piece).remove();
  items.delete(piece);
}

export function dropPieces() {
  for (const piece of [...pieces]) drop(piece);
}

/** What had the focus is gone: on to the next thing to do. */
export function focusPieces() {
  (at("pieces").querySelector("li > .row > button") ?? at("box")).focus();
}

/** Brings the list up to date, with how much was fetched; `forget()` is called when that is to go. */
export function showPieces(fetched, forget) {
  const any = fetched.documents > 0;
  at("given").hidden = pieces.length === 0 && !any;
  const tools = [...(pieces.length > 0 ? [toolsOf(pieces)] : []), ...(any ? [fetchedWords(fetched)] : [])];
  at("tools").textContent = visible(tools.join(", ")).slice(0, 500);
  pieces.forEach((one, i) => updateItem(items.get(one), one, i + 1));
  if (pieces.some(needsLook)) at("given").open = true;
  at("fetched")?.remove();
  if (any) at("pieces").append(fetchedItem(fetched, forget));
}
