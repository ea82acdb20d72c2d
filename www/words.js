// The words for what a report says. Which words fit is in the report; nothing is decided here.

import { byWord, identifierWords, levelWords, listingWords, meanings, roleWord, subjectOf } from "./pkg/report/words.js";
import { difference, digest, element, identifier, quoted, worded } from "./text.js";

export { levelWords, roleWord, subjectOf };

/** A verdict's word, and what that word means. */
export const verdictWords = (verdict) => [capital(verdict), capital(meanings[verdict] ?? "")];

const capital = (words) => words.replace(/^./u, (letter) => letter.toUpperCase());

/** By what an answer was made, and when. */
export const madeWords = ({ at, by }) =>
  `Checked with pullproof ${by.version} (module ${by.module}) at ${at.toISOString().replace("T", " ").slice(0, 16)} UTC.`;

/** A statement as a sentence: strings and nodes. */
export function sentence(statement) {
  const subject = subjectOf(statement);
  return subject === undefined ? predicate(statement) : [drawn(subject), " ", predicate(statement)];
}

/** A reference, a digest or another name. */
export const drawn = (name) => (isDigest(name) ? digest(name) : identifier(name));

const isDigest = (text) => /^sha(?:256|512):[0-9a-f]+$/.test(text);

/** What a statement says of its subject. */
export function predicate(statement) {
  const s = statement;
  const platform = s.platform === undefined ? [] : [" for ", quoted(s.platform)];
  switch (s.kind) {
    case "authorises":
      return ["lets the key ", identifier(s.key), " sign as ", identifier(s.role), ", which is no signature"];
    case "bytes":
      return ["is the digest of these bytes", s.mediaType ? [", whose media type is ", quoted(s.mediaType)] : []];
    case "candidate":
      return [digest(s.digest), ": ", worded(s.meaning)];
    case "identifies":
      return ["has the Id ", drawn(s.id), `: ${identifierWords(s.as)}`];
    case "includes":
      return [`includes the ${roleWord(s.as)} `, digest(s.digest), platform];
    case "keeps":
      return ["is kept on a machine as ", digest(s.digest)];
    case "metadata":
      return ["has ", identifier(s.role), ", valid until ", quoted(s.expires), ", signed with ", joined(s.keys.map(identifier)), s.tag === undefined ? [] : [", in which ", identifier(s.tag), " is ", digest(s.digest)]];
    case "names":
      return ["names ", digest(s.digest), ` as ${roleWord(s.as)}`, platform];
    case "note":
      return [worded(s.text), s.subject === undefined ? [] : [" (about ", digest(s.subject), ")"]];
    case "platform":
      return ["is for ", quoted(s.platform)];
    case "refers":
      return ["is listed as referring to ", digest(s.subject), s.artifactType === undefined ? [] : [", as ", quoted(s.artifactType)], `, ${listingWords(s.listed)}`];
    case "resolves":
      return ["is ", digest(s.digest)];
    case "same":
      return [s.platform === undefined ? "the images" : quoted(s.platform), `: ${levelWords(s.level)}`];
    case "signs":
      return ["is signed by ", signatory(s.by), s.tag === undefined ? [] : [" for the tag ", identifier(s.tag)]];
    case "size":
      return ["has ", quoted(s.size), " bytes"];
    case "unread":
      return ["not read: ", worded(s.text)];
    default:
      // A kind that was added after this page: everything it says, as it is.
      return [quoted(JSON.stringify(s))];
  }
}

/** Who signed: a key, an identity with whoever vouches for it, or a name. */
const signatory = ({ key, name, identity, issuer }) =>
  identity === undefined ? identifier(key ?? name) : [identifier(identity), " (issuer ", identifier(issuer), ")"];

/** A standing as a word, also told apart by its line. */
export function standingWord(word) {
  return element("span", { class: `standing ${word}` }, word);
}

/** Who or what something comes from. */
export function sourceWords(source) {
  switch (source.via) {
    case "fetched":
      return [identifier(source.url), " (fetched at ", worded(source.at), `${byWord(source)})`];
    case "file":
      return [quoted(source.name), " (file)"];
    case "given":
      return [worded(source.what), " (given)"];
    case "link":
      return [worded(source.what), " (from the link)"];
    case "pasted":
      return [worded(source.tool), " (pasted)"];
    default:
      return [quoted(JSON.stringify(source))];
  }
}

/** Parts with a semicolon between them. */
export const joined = (parts) => parts.flatMap((part, i) => (i === 0 ? [part] : ["; ", part]));

/** How a claim is known, in words. */
export function how(standing) {
  switch (standing.is) {
    case "proven":
      return [standing.check === "signature" ? "signature checked here, from " : "recomputed here, from ", joined(standing.from.map(sourceWords))];
    case "stated":
      return ["stated by ", joined(standing.by.map(sourceWords))];
    case "missing":
      return ["missing; would be settled by: ", worded(standing.want.hint)];
    case "contradicted":
      return ["contradicted: ", sourceWords(standing.expected.source), " says one thing, ", sourceWords(standing.found.source), " another"];
    default:
      return [quoted(JSON.stringify(standing))];
  }
}

/** Both sides of a contradiction, each with its source. */
export function sides({ expected, found }) {
  const [one, other] = difference(expected.value, found.value);
  return element(
    "dl",
    { class: "sides" },
    element("div", {}, element("dt", {}, "Expected"), element("dd", {}, one), element("dd", { class: "source" }, sourceWords(expected.source))),
    element("div", {}, element("dt", {}, "Found"), element("dd", {}, other), element("dd", { class: "source" }, sourceWords(found.source))),
  );
}
