// Text from elsewhere on its way to a terminal or into JSON: what could move the cursor, write to the
// clipboard, turn the direction of reading or not be seen at all is spelled out. Everything that is
// printed passes here.

// Control, format, private and unassigned characters, half surrogates; separators of lines and
// paragraphs; invisible characters; unusual spaces; more than three combining marks.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|(?<=\p{M}{3})\p{M}/gu;

const hex = (number) => number.toString(16).toUpperCase();

/** One line of text with everything in it to be seen: a right-to-left override becomes `\u{202E}`. */
export const visible = (text) => String(text).replace(hidden, (found) => `\\u{${hex(found.codePointAt(0))}}`);

/** JSON on one line, the same value as JSON.stringify gives, in characters that a terminal only draws. */
export function jsonText(value) {
  const units = (found) => Array.from({ length: found.length }, (_, i) => found.charCodeAt(i));
  return JSON.stringify(value).replace(hidden, (found) =>
    units(found).map((unit) => `\\u${hex(unit).padStart(4, "0")}`).join(""));
}
