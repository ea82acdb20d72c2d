// Phrases and sections as plain text: what a terminal prints, and what Markdown escapes.

import { allLines } from "./checks.js";
import { source } from "./phrases.js";
import { sections } from "./sections.js";

// Of each image, in "Check it yourself": the page has all.
const mostSteps = 6;

/** A phrase as a line of text. */
export function plain(phrase) {
  if (typeof phrase === "string") return phrase;
  if (Array.isArray(phrase)) return phrase.map(plain).join("");
  return phrase.code === undefined ? phrase.digest ?? phrase.name ?? phrase.value ?? phrase.words : ` [${phrase.code}]`;
}

// Of a digest in a line of its own kind: as many digits as other tools show.
const digits = 12;

/** A phrase as a line of text in which digests are short, for where all of them are elsewhere. */
export function brief(phrase) {
  if (Array.isArray(phrase)) return phrase.map(brief).join("");
  return phrase.digest === undefined ? plain(phrase) : phrase.digest.replace(new RegExp(`(:[0-9a-f]{${digits}})[0-9a-f]+$`), "$1…");
}

/** The sections of a report as `{ name, title, items, commands }`; an item is a line, or a list of lines of which the last may be `{ command }`. */
export function textSections(report) {
  const more = (count) => `and ${count} more (--json has all)`;
  return sections(report, { more, mostSteps }).map(({ name, title, items, groups }) => ({ name, title, items: items?.map(itemLines), commands: groups && commandsOf(groups) }));
}

const commandsOf = (groups) => groups.flatMap((group) => [`# ${group.tool}`, ...allLines(group), ""]).slice(0, -1);

function itemLines({ lines, sides, command }) {
  const said = lines.map(plain);
  if (command !== undefined) return [...said, { command }];
  if (sides === undefined) return said.length === 1 ? said[0] : said;
  const side = (word, { value, source: from }) => `${word} ${value} (${plain(source(from))})`;
  return [`${said[0]}:`, side("expected", sides.expected), side("found", sides.found)];
}
