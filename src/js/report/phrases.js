// A report's content as phrases: lists, one in another, of strings, which are our own words, and of what comes from
// elsewhere, marked by what it is, so that a terminal, Markdown and the page can each draw it:
//
//   { digest }  a digest
//   { name }    what is compared by eye: a reference, a key, an address
//   { value }   what somebody else chose: a platform, a media type, a number in a document
//   { words }   words of the module, in which values of somebody else may stand
//   { code }    the code of a note, for whoever looks it up

import { byWord, identifierWords, levelWords, listingWords, minute, roleWord } from "./words.js";

const digest = (text) => ({ digest: text });
const name = (text) => ({ name: text });
const value = (text) => ({ value: String(text) });
const words = (text) => ({ words: text });

/** The subject of a statement: a reference or a digest. */
export const subjectOf = (statement) =>
  statement.kind === "candidate" ? undefined : statement.reference ?? statement.repository ?? statement.parent ?? statement.digest;

/** A statement as a sentence without a full stop. */
export function sentence(statement) {
  const subject = subjectOf(statement);
  return subject === undefined ? predicate(statement) : [named(subject), " ", predicate(statement)];
}

/** A reference, a digest or another name. */
export const named = (text) => (/^sha(?:256|512):[0-9a-f]+$/.test(text) ? digest(text) : name(text));

/** The predicate of a statement. */
export function predicate(statement) {
  const s = statement;
  const platform = s.platform === undefined ? [] : [" for ", value(s.platform)];
  switch (s.kind) {
    case "authorises":
      return ["lets the key ", name(s.key), " sign as ", name(s.role), ", which is no signature"];
    case "bytes":
      return ["is the digest of these bytes", s.mediaType === undefined ? [] : [" (", value(s.mediaType), ")"]];
    case "candidate":
      return [digest(s.digest), ", ", words(s.meaning), " (", words(`${s.size} bytes, ${s.form}`), ")", s.edits.length === 0 ? [] : ["; ", changes(s.edits)]];
    case "identifies":
      return ["has the Id ", named(s.id), `: ${identifierWords(s.as)}`];
    case "includes":
      return [`includes the ${roleWord(s.as)} `, digest(s.digest), platform];
    case "keeps":
      return ["is kept on a machine as ", digest(s.digest)];
    case "metadata":
      return ["has ", name(s.role), ", valid until ", value(s.expires), ", signed with ", joined(s.keys.map(name), ", "), s.tag === undefined ? [] : [", in which ", name(s.tag), " is ", digest(s.digest)]];
    case "names":
      return [`names the ${roleWord(s.as)} `, digest(s.digest), platform];
    case "note":
      return [words(s.code === "signatures-in" ? `signatures are looked for in ${s.text}, too` : s.text), s.subject === undefined ? [] : [" (about ", digest(s.subject), ")"], { code: s.code }];
    case "pins":
      return ["is named with ", digest(s.digest)];
    case "platform":
      return ["is for ", value(s.platform)];
    case "refers":
      return ["is listed as referring to ", digest(s.subject), s.artifactType === undefined ? [] : [", as ", value(s.artifactType)], `, ${listingWords(s.listed)}`];
    case "resolves":
      return ["is ", digest(s.digest)];
    case "same":
      return [s.platform === undefined ? "the images" : value(s.platform), `: ${levelWords(s.level)}`];
    case "signs":
      return ["is signed by ", signatory(s.by), s.tag === undefined ? [] : [" for the tag ", name(s.tag)], s.predicate === undefined ? [] : [" in a statement of the type ", name(s.predicate)], witnessed(s.seen)];
    case "size":
      return ["has ", value(s.size), " bytes"];
    case "unread":
      return ["not read at byte ", value(s.offset), ": ", words(s.text)];
    default:
      // A kind that is newer than these words: everything it says, as it is.
      return [value(JSON.stringify(s))];
  }
}

const witnessed = (seen = []) => seen.map(({ at, by }) => [", ", words(minute(at)), " or before says ", name(by)]);

const signatory = (by) => (by.identity === undefined ? name(by.key ?? by.name) : [name(by.identity), " (issuer ", name(by.issuer), ")"]);

/** What was changed in a text for it to have a digest. */
export const changes = (edits) => ["changed: ", joined(edits.map(words))];

/** The source of a claim, in words. */
export function source(from) {
  switch (from.via) {
    case "fetched":
      return [name(from.url), ", fetched at ", words(minute(from.at)), byWord(from)];
    case "file":
      return ["the file ", value(from.name)];
    case "given":
      return [words(from.what), ", as given"];
    case "link":
      return [words(from.what), ", from the link"];
    case "pasted":
      return from.file === undefined ? ["pasted: ", words(from.tool)] : [value(from.file), " (", words(from.tool), ")"];
    default:
      return [value(JSON.stringify(from))];
  }
}

const checked = { hash: "recomputed", signature: "signature checked" };

/** The standing of a claim, in words. */
export function how(standing) {
  switch (standing.is) {
    case "proven":
      return [`${checked[standing.check] ?? standing.check} here, from `, sources(standing.from)];
    case "stated":
      return ["stated by ", sources(standing.by)];
    case "missing":
      return ["missing; would be settled by: ", words(standing.want.hint)];
    case "contradicted":
      return ["contradicted: ", source(standing.expected.source), " says one thing, ", source(standing.found.source), " another"];
    default:
      return [value(JSON.stringify(standing))];
  }
}

/** Some sources, one after the other. */
export const sources = (all) => joined(all.map(source));

/** Phrases with something between them. */
export const joined = (phrases, between = "; ") => phrases.flatMap((phrase, i) => (i === 0 ? [phrase] : [between, phrase]));
