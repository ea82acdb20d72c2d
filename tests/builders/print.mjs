// JSON as the writers of image documents print it: layout and string escapes.

/** `escape` is "go" (encoding/json), "none" (jq, Jackson) or "ascii" (python -m json.tool). */
export function print(value, { indent = "", final = "", escape = "go" }) {
  return Buffer.from(ESCAPES[escape](JSON.stringify(value, null, indent)) + final);
}

/** "2 spaces", "tab, LF": what a vector says of its layout. */
export function layoutName({ indent = "", final = "", escape = "go" }) {
  const name = indent === "" ? "compact" : indent === "\t" ? "tab" : `${indent.length} spaces`;
  return [name, final && "LF", escape !== "go" && `escapes ${escape}`].filter(Boolean).join(", ");
}

/** The entries of `value` in the order given; keys that the order lacks are a mistake of ours. */
export function inOrder(order, value) {
  const known = order.filter((key) => value[key] !== undefined);
  const strange = Object.keys(value).filter((key) => value[key] !== undefined && !order.includes(key));
  if (strange.length > 0) throw new Error(`no place in the field order for ${strange}`);
  return Object.fromEntries(known.map((key) => [key, value[key]]));
}

/** Go prints a map by its keys' order. */
export const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const unicode = (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
const ESCAPES = {
  none: (text) => text,
  go: (text) => text.replace(/[<>&\u2028\u2029]/g, unicode),
  ascii: (text) => text.replace(/[\u007f-\uffff]/g, unicode),
};
