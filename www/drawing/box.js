// A node's box: its lines of text, as short as they fit, and how high that makes it.

import { hiddenWord } from "./emphasis.js";
import { standingWord } from "../pkg/report/words.js";
import { brief, plain } from "../text.js";

// The most width of a digit of a digest, of a letter of other text and of a bold letter, and the free space beside them.
const [digit, letter, bold, free] = [6.63, 6.9, 7.5, 19];
const [first, line, last] = [17, 14, 9];

/** An element of SVG; its attributes are set one by one, its text is text. */
export function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) if (attributes[key] !== undefined) made.setAttribute(key, attributes[key]);
  if (children.length > 0) made.append(...children.flat(Infinity));
  return made;
}

/** The height of a node's box, by its width. */
export function heightOf(node) {
  node.lines = lines(node);
  return first + (node.lines.length - 1) * line + last;
}

/** A node's lines: `{ text, cls }`, the last with the standing, and `end` with what is at its right where that fits. */
export function lines(node) {
  const { digest: name, label, members, types } = node;
  const digits = Math.floor((node.w - free) / digit);
  const letters = Math.floor((node.w - free) / letter);
  const soft = (text) => ({ text: clip(text, letters), cls: "kind" });
  const mono = (text, cls = "name") => ({ text, cls });
  const named = members ? [] : label === undefined ? folded(brief(name), digits).map((text, i) => mono(text, i === 0 ? "name brief" : "name")) : wrapped(plain(label), digits, node.head || node.kind === "signature" ? 4 : 3).map((text) => mono(text));
  const kinds = (types ?? []).slice(0, 1).map((type) => soft(plain(type).replace(/^application\/(?:vnd\.)?/, "")));
  const word = wordOf(node, Math.floor((node.w - free) / bold));
  const size = sizeOf(node.bytes);
  const titled = title(node, letters);
  // A group's standing fits beside its name, before the sign that it can be unfolded.
  if (members && kinds.length === 0 && titled.length === 1 && titled[0].text.length * letter + word.length * bold < node.w - free - 24) return [{ ...titled[0], end: word, endCls: "word", inset: 16 }];
  const hides = node.folds && hiddenWord(node);
  const taken = word.length * (node.standing === "unhashed" ? digit : bold);
  const end = size !== undefined && taken + size.length * digit < node.w - free ? size : undefined;
  return [...titled, ...kinds, ...named, ...(hides ? [soft(hides)] : []), ...(word === "" ? [] : [{ text: word, cls: "word", end }])];
}

/** The node's kind and platform, in one line or two. */
function title({ kind, head, tag, platform, members, folds, said }, letters) {
  if (head !== undefined) return [{ text: head, cls: "side" }];
  const toggle = members || folds ? 2 : 0;
  const more = said ?? (platform === undefined ? undefined : plain(platform));
  const long = `${tag === undefined ? "" : `${tag}: `}${kind === "signature" ? "signed by" : plain(kind)}`;
  const short = long.replace(/image configuration$/, "configuration");
  const fits = (what) => what.length + toggle + (more === undefined ? 0 : more.length + 3) <= letters;
  const what = !fits(long) && (fits(short) || long.length + 2 > letters) ? short : long;
  if (more === undefined) return [{ text: clip(what, letters - toggle), cls: "kind" }];
  const both = `${what}${said === undefined ? " ·" : ","} ${more}`;
  if (both.length + toggle <= letters) return [{ text: both, cls: "kind" }];
  return [clip(both.slice(0, -more.length - 1), letters - toggle), clip(more, letters)].map((text) => ({ text, cls: "kind" }));
}

/** The standing as words; of what both sides have, that of the claim that they are the same. */
function wordOf({ standing, same }, letters) {
  const long = `${same}, same on both`;
  if ((same === "proven" || same === "stated") && long.length <= letters) return long;
  if (same !== undefined) return `same: ${same}`;
  return standingWord(standing) ?? "";
}

/** A size in short; all its digits are in the details. */
function sizeOf(bytes) {
  if (bytes === undefined) return undefined;
  const count = Number(bytes);
  if (count < 10_000) return `${count} B`;
  return count < 10_000_000 ? `${Math.round(count / 1000)} kB` : `${Math.round(count / 1_000_000).toLocaleString("en")} MB`;
}

/** A text that is no longer than so many letters, of which some are wide. */
function clip(text, most) {
  const cut = text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2) - 1)}…${text.slice(-Math.floor(most / 2))}`;
  const over = (kind, by) => (cut.match(kind)?.length ?? 0) * by;
  const wide = over(/[mwMW…@%]/g, 4) + over(/\d/g, 0.5) - over(/[ijl.,:/ ·]/g, 2);
  return wide <= (most - cut.length) * letter || most < 8 ? cut : clip(text, Math.min(most, cut.length) - 1);
}

/** A short digest, and in a line of its own which of those that look the same it is. */
function folded(text, most) {
  const cut = text.indexOf(" (");
  return cut < 0 || text.length <= most ? [text] : [text.slice(0, cut), text.slice(cut + 1)];
}

/** A reference in lines, broken at a slash where it can be. */
function wrapped(text, most, count) {
  if (text.length <= most) return [text];
  if (count === 1) return [clip(text, most)];
  const slash = text.lastIndexOf("/", most - 1);
  const cut = slash > 4 ? slash + 1 : most;
  return [text.slice(0, cut), ...wrapped(text.slice(cut), most, count - 1)];
}

/** The box as a button; `open`: whether a group is unfolded. */
export function box(node, { tabbed, open }) {
  const { x, y, w, h } = node;
  const all = node.lines;
  const seen = all.flatMap(({ text, end }) => [text, ...(end === undefined ? [] : [end])]);
  // First what is to be seen, as it is to be seen; then what is cut short in it.
  const hides = (node.folds ?? []).map(({ kind }) => kind).join(" and ");
  const whole = [...node.platforms, ...(node.types ?? []), node.label ?? node.digest ?? "", node.side === "both" ? "on both sides" : "", node.differs ? "differs from the other side" : "", hides && `with ${hides}`].filter((part) => part !== "");
  const kinds = { both: node.side === "both", group: node.members, differs: node.differs, back: node.back };
  const attributes = {
    class: ["box", node.same ?? node.standing, ...Object.keys(kinds).filter((kind) => kinds[kind])].join(" "),
    role: "button",
    tabindex: tabbed ? "0" : "-1",
    "aria-expanded": node.members || node.folds ? String(open) : undefined,
    "aria-label": [seen.join(" "), ...whole.map(plain)].join(", ").slice(0, 600),
  };
  const row = (text, at, cls) => rowOf(node, { text, at, cls });
  const right = (text, at, cls, inset = 0) => svg("text", { class: cls, x: x + w - 9 - inset, y: y + at, "text-anchor": "end" }, text);
  return svg(
    "g",
    attributes,
    svg("rect", { x, y, width: w, height: h, rx: 4 }),
    all.map(({ text, cls, end, endCls = "kind", inset }, i) => {
      const at = first + i * line;
      return [row(text, at, cls), end === undefined ? [] : right(end, at, endCls, inset)];
    }),
    node.members || node.folds ? right(open ? "−" : "+", first, "toggle") : [],
  );
}

const rowOf = ({ x, y }, { text, at, cls }) => svg("text", { class: cls, x: x + 9, y: y + at }, `${text} `);

/** Adds to a box its digest in small rows of 32 digits: on paper it cannot be opened. */
export function putOnPaper(node, made) {
  const i = node.lines.findIndex(({ cls }) => cls === "name brief");
  if (i < 0 || made.querySelector(".paper") !== null) return;
  const digits = plain(node.digest.replace(/^sha256:/, "")).match(/.{1,32}/g).slice(0, 4);
  made.append(...digits.map((text, n) => rowOf(node, { text, at: first + i * line - 5 + n * 7, cls: "name paper" })));
}
