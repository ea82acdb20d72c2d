// The word that somebody meant who mistyped it.

/** The known word that was probably meant; nothing if no word is near. */
export function nearest(found, known) {
  const [best] = known.map((word) => ({ word, edits: distance(found, word) })).sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, Math.floor(best.word.length / 3)) && found.length > 2 ? best.word : undefined;
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
