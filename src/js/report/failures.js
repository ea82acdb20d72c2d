// Why something could not be fetched, in a few words: by the code of the module's note, and the address that was asked.

import { causeWords } from "./causes.js";
import { originOf } from "./origins.js";

/** `(DNS lookup failed)`, after the name of what cannot be reached. */
function because(text) {
  const words = text.match(/\b[A-Z][A-Z_]+\b/g)?.map(causeWords).find(Boolean);
  if (words !== undefined) return ` (${words})`;
  return /plain http/.test(text) ? " over TLS; it may speak plain http" : "";
}

const sentences = {
  closed: (registry) => [registry, " does not let web pages read it"],
  forbidden: (registry, asked) => [registry, " does not let you read ", asked],
  network: (registry, asked, text) => ["Cannot reach ", registry, because(text)],
  "not-found": (registry, asked) => [registry, " has no ", asked],
  "rate-limited": (registry) => [registry, " asks to slow down (rate limit)"],
  timeout: (registry) => [registry, " did not answer in time"],
  unauthorized: (registry, asked, text) => [registry, / refused /.test(text) ? " rejected the login" : " asks for a login"],
};

/** The image whose tag is nearest to one that an address is for, and does not exist. */
function nearOf(claims, url) {
  const note = claims.find(({ statement, standing }) => statement.code === "nearest-tag" && standing.by?.some((source) => source.url === url));
  return note?.statement.text.split(" ")[0];
}

/** The failures that an answer knows of: `{ code, registry, repository, phrase, want, near }`, each registry's each once. */
export function failures({ claims, wants }) {
  const found = new Map();
  for (const { statement, standing } of claims) {
    if (statement.kind !== "note" || !Object.hasOwn(sentences, statement.code)) continue;
    const want = standing.want ?? wants[0];
    const url = want?.url ?? standing.by?.[0]?.url;
    if (url === undefined) continue;
    const { registry, repository, reference } = originOf({ url });
    const digest = /\/(sha(?:256|512):[0-9a-f]+)$/.exec(url)?.[1];
    // Its registry's name is said before it.
    const asked = reference === undefined ? (digest === undefined ? { name: url } : { digest }) : { name: reference.slice(registry.length + 1) };
    const phrase = sentences[statement.code]({ name: registry }, asked, statement.text);
    found.set(JSON.stringify(phrase), { code: statement.code, registry, repository, phrase, want, near: nearOf(claims, url) });
  }
  return [...found.values()];
}
