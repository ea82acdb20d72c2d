// Text on the page. Whatever comes from outside is text and nothing else: it is set as text, and
// what in it could change how its surroundings look, or could not be seen, is spelled out.

import { visible } from "./pkg/report/visible.js";

export { visible };

/** An element with attributes, listeners (`onclick: f`) and children; strings become text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== false));
  return made;
}

/** As `visible`, for several lines. */
export function visibleLines(text) {
  return String(text).replace(/\r\n/g, "\n").split(/([\n\t])/).map((part, i) => (i % 2 === 0 ? visible(part) : part)).join("");
}

// Characters of one value that are shown at once.
const longest = 800;

const pattern = /(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})(?![0-9a-f])/g;
const split = new RegExp(`(${pattern.source})`);

/** A value that somebody else chose: set apart, and clipped with a way to see all of it. */
export function quoted(text) {
  return clipped(visible(text), "quoted");
}

/** As `quoted`, for the module's own words, in which values of somebody else may stand. */
export function worded(text) {
  return clipped(visible(text), "worded");
}

/** As `quoted`, for what is compared by eye and should be ASCII: other letters are spelled out. */
export function identifier(text) {
  return clipped(plain(text), "quoted");
}

/** Text that people compare by eye: everything that is not ASCII is spelled out. */
export const plain = (text) => visible(text).replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0).toString(16).toUpperCase()}}`);

function clipped(shown, face) {
  const isolated = (...parts) => element("bdi", { class: face }, parts);
  if (shown.length <= longest) return isolated(shown.split(split).map((part, i) => (i % 2 === 0 ? part : digest(part))));
  const characters = shown.length.toLocaleString("en");
  const summary = element("summary", {}, isolated(`${shown.slice(0, 120)}…`), ` (${characters} characters, show all)`);
  const all = { class: "long", tabindex: "0", role: "group", "aria-label": "All of it" };
  return later(summary, () => element("div", all, isolated(shown)));
}

/** A `details` whose content is made when it is first opened. */
export function later(summary, make) {
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => details.append(make()), { once: true });
  return details;
}

/** A list that shows its first items at once and the others when asked for them. */
export function list(items, make, { first = 30, ordered = false } = {}) {
  const kind = ordered ? "ol" : "ul";
  const shown = element(kind, {}, items.slice(0, first).map(make));
  const rest = items.slice(first);
  if (rest.length === 0) return shown;
  const summary = element("summary", {}, `${rest.length.toLocaleString("en")} more`);
  return element("div", {}, shown, later(summary, () => list(rest, make, { first: 500, ordered })));
}

/**
 * A command or other text to take away, with a button that copies it: what it shows above it, and what it has to
 * print below. Only the command is copied, whatever its lines are broken at here.
 */
export function copyable(text, { about, prints = [] } = {}) {
  const command = element("pre", { tabindex: "0" }, element("code", { dir: "ltr" }, unbroken(visibleLines(text))));
  const printed = element("pre", { class: "prints" }, element("samp", { dir: "ltr" }, unbroken(visibleLines(prints.join("\n")))));
  const has = prints.length === 0 ? [] : element("div", { class: "has" }, element("span", { class: "hint" }, "prints"), printed);
  if (about === undefined) return element("div", { class: "command" }, element("div", { class: "line" }, command, copyButton(text)), has);
  const head = element("div", { class: "line" }, element("p", { class: "about grow" }, visible(about)), copyButton(text));
  return element("div", {}, head, element("div", { class: "command" }, element("div", { class: "line" }, command), has));
}

/** Text whose words stay whole where a line has room for them: a longer one breaks after @ and / first. */
function unbroken(text) {
  return text.split(/([ \n]+)/).map((part, i) => (i % 2 === 1 || (part.length < 12 && !/[-/@]/.test(part)) ? part : element("span", { class: "unbroken" }, breakable(part))));
}

const breakable = (part) => part.split(/(?<=@|(?<!\/)\/(?!\/))/).flatMap((piece, i) => (i === 0 ? [piece] : [element("wbr"), piece]));

/** A button that copies a text. */
export function copyButton(text, words = "Copy") {
  const button = element("button", { type: "button", class: "small" }, words);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied: the browser refuses";
    }
    setTimeout(() => (button.textContent = words), 2000);
  });
  return button;
}

// For every short form the digests of the report that is drawn now that have it.
let alike = new Map();

/** To be called before a report is drawn: digests in it that would look alike are never shortened. */
export function knowDigests(report) {
  alike = Map.groupBy(new Set(JSON.stringify(report).match(pattern)), short);
}

/** A digest: short for the eye, whole at a click. Nothing is compared by what is drawn. */
export function digest(digest) {
  return alike.get(short(digest))?.length > 1 ? whole(digest) : shortened(digest);
}

/** A digest's short form for a drawing, with a number where another would look the same. */
export function brief(digest) {
  const like = alike.get(short(digest)) ?? [];
  const place = like.length > 1 ? ` (${like.indexOf(digest) + 1} of ${like.length})` : "";
  return visible(short(digest).replace(/^sha256:/, "")) + place;
}

const short = (digest) => digest.replace(/^([^:]+:.{8}).*(.{6})$/u, "$1…$2");

function whole(digest) {
  return element("bdi", { class: "digest", dir: "ltr" }, visible(digest));
}

function shortened(digest) {
  const button = element(
    "button",
    { type: "button", class: "digest", "aria-expanded": "false", title: "Show the whole digest" },
    element("bdi", { class: "brief", dir: "ltr" }, visible(short(digest))),
    element("bdi", { class: "whole", dir: "ltr" }, visible(digest)),
  );
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) button.nextSibling.remove();
    else button.after(copyButton(digest));
  });
  return element("span", {}, button);
}

const quotedWhole = (shown) =>
  shown.length > longest ? quoted(shown) : element("bdi", { class: "quoted", dir: "ltr" }, shown);

/** Two values with the part in which they differ marked in both. */
export function difference(one, other) {
  const [a, b] = [Array.from(visible(one)), Array.from(visible(other))];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  // Where almost everything differs, marking it would help nobody.
  const near = start + end >= 12;
  const marked = (characters) => {
    if (characters.length > 2000 || !near) return quotedWhole(characters.join(""));
    const middle = characters.slice(start, characters.length - end).join("");
    const tail = characters.slice(characters.length - end).join("");
    return element("bdi", { class: "quoted", dir: "ltr" }, characters.slice(0, start).join(""), element("mark", {}, middle), tail);
  };
  return [marked(a), marked(b)];
}
