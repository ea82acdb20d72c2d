// Counts habits of language that make texts hard to read, folder by folder, and names their lines:
// `node scripts/words.mjs` prints the counts, with a folder or a file also the lines in it.
//
// The texts are the comments and strings of the sources, names of tests included, and the documents in Markdown.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { main, root } from "./command.mjs";

/** Folders and files by the name they are counted under. */
const places = ["README.md", "CHANGELOG.md", "docs", "src/js", "src", "www", "scripts", "tests", "gateway", ".github", "action.yml"];

// A sentence that is a clause without a main verb: "What a question rests on." Its opening word alone says that it may
// be one; questions, and sentences with a comma or a main verb behind the clause, are not.
const clause = /^(?:What|Whether|How|Where|Who|Why|When|Which)\s(?!.*\?)/;
const verbs = /^(?:is|are|was|were|has|have|had|says?|must|may|can|cannot|could|will|would|does|do|did|(?:ask|begin|come|count|decide|end|fit|follow|give|go|hash|hold|keep|know|lead|lie|make|mean|match|name|need|print|read|refer|send|settle|show|stand|state|stay|take|tell|want|work|write)(?:e?s)?)$/;

/** The habits: `bare` of opening sentences of comments, the others anywhere. */
export const habits = {
  bare: (sentence) => clause.test(sentence) && !isWhole(sentence),
  stands: /\bstands? (?!for\b|in for\b|out\b|alone\b|still\b|contradicted\b|by\b)/i,
  none: /\b(?:is|are|was|were) none\b/i,
  another: /\b(?:is|are|was|were) another\b(?= than|[.,;:]| and| or|$)/i,
};

/** True if a sentence that opens with a clause has a main verb as well: "What it names is hashed." has two verbs. */
function isWhole(sentence) {
  const [whole] = sentence.split(/[.:;](?:\s|$)/);
  // "Where it fails, nothing is kept." has its main verb behind the comma; "What it has, and how many." has none.
  if (/^(?:Where|When)\s[^,]*,\s/.test(whole)) return true;
  const [first] = whole.split(/, | and (?:what|whether|how|where|who|why|when)\b/);
  return first.split(/\s+/).slice(1).filter((word) => verbs.test(word)).length >= 2;
}

/** The texts of a file: `{ line, text, opens }`; `opens` is true for the beginning of a comment. */
export function texts(name, content) {
  const lines = content.split("\n");
  if (/\.(?:md|yml)$/.test(name)) return lines.map((text, i) => ({ line: i + 1, text, opens: false }));
  const found = [];
  let inside = false;
  lines.forEach((whole, i) => {
    const line = i + 1;
    const [, mark, comment] = /^\s*(\/\/[/!]?|\/\*\*?|\*(?!\/)|<!--)\s?(.*?)(?:\s*\*\/|\s*-->)?$/.exec(whole) ?? [];
    if (mark !== undefined) {
      if (comment !== "") found.push({ line, text: comment, opens: !inside || mark.startsWith("/*") });
      inside = comment !== "" || mark.startsWith("/*");
      return;
    }
    inside = false;
    const trailing = /(?:^|\s)\/\/[/!]?\s(.*)$/.exec(whole.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
    if (trailing) found.push({ line, text: trailing[1], opens: true });
    for (const [, one, other] of whole.matchAll(/"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)) {
      const text = one ?? other;
      if (/[a-z] [a-z]/i.test(text)) found.push({ line, text, opens: false });
    }
    if (name.endsWith(".html")) found.push({ line, text: whole.replace(/<[^>]*>/g, " ").trim(), opens: false });
  });
  return found;
}

/** The sentence that a comment begins with, over its lines. */
function opening(all, at) {
  let sentence = all[at].text;
  for (let i = at + 1; i < all.length && !/[.:;]\s|[.:;]$/.test(sentence) && !all[i].opens && all[i].line === all[i - 1].line + 1; i += 1) sentence += ` ${all[i].text}`;
  return sentence;
}

/** The findings in a file, `{ habit, line, text }`, and its number of comments. */
export function count(name, content) {
  const all = texts(name, content);
  const found = [];
  let comments = 0;
  all.forEach(({ line, text, opens }, at) => {
    if (opens) {
      comments += 1;
      const sentence = opening(all, at);
      if (habits.bare(sentence)) found.push({ habit: "bare", line, text: sentence });
    }
    for (const habit of ["stands", "none", "another"]) if (habits[habit].test(text)) found.push({ habit, line, text });
  });
  return { comments, found };
}

function filesIn(place) {
  if (statSync(join(root, place)).isFile()) return [place];
  const names = readdirSync(join(root, place), { recursive: true }).map((name) => `${place}/${name.split(sep).join("/")}`);
  return names.filter((name) => /\.(?:rs|js|mjs|ts|html|css|md|sh)$/.test(name) && !/\/(?:node_modules|target|vectors)\/|\/words\.test\.js$/.test(name));
}

/** Every place with its counts: `{ place, comments, bare, stands, none, another, lines }`. */
export function counts() {
  const rows = new Map(places.map((place) => [place, { place, comments: 0, bare: 0, stands: 0, none: 0, another: 0, lines: [] }]));
  for (const place of places) {
    for (const name of filesIn(place)) {
      // src/js is a place of its own.
      if (place === "src" && name.startsWith("src/js/")) continue;
      const row = rows.get(place);
      const { comments, found } = count(name, readFileSync(join(root, name), "utf8"));
      row.comments += comments;
      for (const { habit, line, text } of found) {
        row[habit] += 1;
        row.lines.push(`${name}:${line}: ${habit}: ${text.slice(0, 120)}`);
      }
    }
  }
  return [...rows.values()];
}

if (process.argv[1] === import.meta.filename) {
  await main(() => {
    const [wanted] = process.argv.slice(2);
    const rows = counts();
    if (wanted !== undefined) for (const line of rows.flatMap(({ lines }) => lines)) if (line.startsWith(wanted)) console.log(line);
    console.log(["place", "comments", "bare", "%", "stands", "none", "another"].map((word) => word.padEnd(13)).join(""));
    for (const { place, comments, bare, stands, none, another } of rows) {
      const share = comments === 0 ? "" : ((100 * bare) / comments).toFixed(1);
      console.log([place, comments, bare, share, stands, none, another].map((word) => String(word).padEnd(13)).join(""));
    }
  });
}
