// Names that are near to a mistyped one: words are compared by their letters, tags by their numbers first.

import { isTag } from "./origins.js";

/** The known word that was probably meant; nothing if no word is near. */
export function nearest(found, known) {
  const [best] = known.map((word) => ({ word, edits: distance(found, word) })).sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, Math.floor(best.word.length / 3)) && found.length > 2 ? best.word : undefined;
}

/** The tag that is nearest to one that does not exist; nothing if no tag is near. */
export function nearestTag(found, listed) {
  // Whatever else a registry lists is not repeated.
  const tags = listed.filter(isTag);
  const plainly = (tag) => tag.toLowerCase().replace(/^v(?=\d)/, "");
  const same = tags.find((tag) => plainly(tag) === plainly(found));
  if (same !== undefined) return same;
  const wanted = version(found);
  if (wanted === undefined) return nearest(found, tags.slice(0, most));
  const alike = tags.filter((tag) => version(tag)?.rest === wanted.rest);
  const [near] = alike.sort((one, other) => closer(wanted, version(one), version(other)));
  // Another major version is not near.
  return near !== undefined && version(near).numbers[0] === wanted.numbers[0] ? near : undefined;
}

// Tags that are compared letter by letter.
const most = 5000;

/** `v1.2.3-alpine` as its numbers and what is around them. */
function version(tag) {
  const [, numbers, rest] = /^v?(\d{1,9}(?:\.\d{1,9})*)(.*)$/i.exec(tag) ?? [];
  return numbers && { numbers: numbers.split(".").map(Number), rest };
}

/** The version that shares more of the first numbers comes first; then the one whose next number is nearer, the lower before the higher. */
function closer({ numbers }, one, other) {
  const place = ({ numbers: found }) => {
    const at = numbers.findIndex((number, i) => number !== found[i]);
    const first = at === -1 ? numbers.length : at;
    return { first, apart: Math.abs((numbers[first] ?? 0) - (found[first] ?? 0)), higher: (found[first] ?? 0) > (numbers[first] ?? 0) ? 1 : 0, length: found.length };
  };
  const [a, b] = [place(one), place(other)];
  return b.first - a.first || a.apart - b.apart || a.higher - b.higher || b.length - a.length;
}

/** Counts the letters to change, add, remove or swap with their neighbour. */
function distance(one, other) {
  const [a, b] = [one.slice(0, 64), other.slice(0, 64)];
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (i > 1 && j > 1 && swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}
