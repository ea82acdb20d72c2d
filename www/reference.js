// What is typed may be just the names of images. Then it is a question, not evidence.

// `HOST/PATH:TAG@DIGEST` as docker reads it, and nothing that could as well be something else.
const component = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const host =
  "(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9.-]+(?=:)|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?";
const digest = "sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}";
const grammar = new RegExp(
  `^(?:${host}/)?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?(?:@(?:${digest}))?$`,
);

// A bare digest, with its algorithm or without, or a part of one: which image it is of, it does not say.
const bare = /^(?:[a-z0-9]+:[0-9a-f]{32,}|[0-9a-f]{12,})$/;

// Longer than two references can be.
const longest = 1200;

/** The one or two images that a text names if it does nothing else; otherwise none. */
export function references(text) {
  const words = text.length > longest ? [] : text.trim().split(/\s+/);
  if (words.length > 2 || !words.every((word) => grammar.test(word) && !bare.test(word))) return [];
  // One word alone is a name, as in `docker pull alpine`; two may be a phrase.
  return words.length === 1 || words.every((word) => /[/:@]/.test(word)) ? words : [];
}
