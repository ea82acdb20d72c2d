// Tags chosen by a pattern: `*` is any text, `?` one character, everything else itself.

/**
 * Whether a pattern is for a text, in time of at most their lengths multiplied: a regular expression
 * made from the pattern could take for ever.
 */
export function matches(pattern, text) {
  let [p, t] = [0, 0];
  let star = -1;
  let from = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p;
      from = t;
      p += 1;
    } else if (pattern[p] === "?" || (p < pattern.length && pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      from += 1;
      [p, t] = [star + 1, from];
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}
