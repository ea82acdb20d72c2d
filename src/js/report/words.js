// The words for what a report says, as plain text. Nothing is decided here: standings, levels and
// the verdict are the report's.

/** A verdict's meaning. */
export const meanings = {
  proven: "recomputed here from bytes in hand; it holds as far as what it rests on holds.",
  stated: "somebody says so; what they say was not recomputed here.",
  open: "not known yet; something is missing.",
  contradicted: "two sides say different things; both are named below.",
};

const levels = {
  index: "the same index, byte for byte",
  manifest: "the same manifest, byte for byte",
  config: "the same image configuration, byte for byte",
  rootfs: "the same uncompressed layers, by the digests in the configurations",
  different: "different",
};
export const levelWords = (level) => levels[level] ?? level;

const roles = { config: "image configuration" };
export const roleWord = (role) => roles[role] ?? role;

const identifiers = {
  config: "the digest of its image configuration",
  manifest: "the digest of its manifest",
  index: "the digest of its index",
  unknown: "the text does not say of what",
};

export const identifierWords = (as) => identifiers[as] ?? as;

/** What a statement is about: a reference or a digest. */
export const subjectOf = (statement) =>
  statement.kind === "candidate" ? undefined : statement.reference ?? statement.repository ?? statement.parent ?? statement.digest;

const listings = new Map([["api", "by the referrers API"], ["fallbackTag", "by the fallback tag, which anybody who pushes may write"]]);

/** By what a registry lists what refers to a document. */
export const listingWords = (listed) => listings.get(listed) ?? listed;

/** Whether a statement is of a list of what refers to a document: somebody's word, and nothing that was hashed. */
export const isListing = ({ kind, code }) => kind === "refers" || code === "referrer";

/** A statement as a sentence without a full stop. */
export function sentence(statement) {
  const subject = subjectOf(statement);
  return subject === undefined ? predicate(statement) : `${subject} ${predicate(statement)}`;
}

/** What a statement says of its subject. */
export function predicate(statement) {
  const s = statement;
  const platform = s.platform === undefined ? "" : ` for ${s.platform}`;
  switch (s.kind) {
    case "authorises":
      return `lets the key ${s.key} sign as ${s.role}, which is no signature`;
    case "bytes":
      return `is the digest of these bytes${s.mediaType === undefined ? "" : ` (${s.mediaType})`}`;
    case "candidate":
      return `${s.digest}, ${s.meaning}${s.edits.length === 0 ? "" : `; changed: ${s.edits.join("; ")}`}`;
    case "identifies":
      return `has the Id ${s.id}: ${identifierWords(s.as)}`;
    case "includes":
      return `includes the ${roleWord(s.as)} ${s.digest}${platform}`;
    case "keeps":
      return `is kept on a machine as ${s.digest}`;
    case "metadata":
      return `has ${s.role}, valid until ${s.expires}, signed with ${s.keys.join(", ")}${s.tag === undefined ? "" : `, in which ${s.tag} is ${s.digest}`}`;
    case "names":
      return `names the ${roleWord(s.as)} ${s.digest}${platform}`;
    case "note":
      return `${s.text}${s.subject === undefined ? "" : ` (about ${s.subject})`} [${s.code}]`;
    case "platform":
      return `is for ${s.platform}`;
    case "refers":
      return `is listed as referring to ${s.subject}${s.artifactType === undefined ? "" : `, as ${s.artifactType}`}, ${listingWords(s.listed)}`;
    case "resolves":
      return `is ${s.digest}`;
    case "same":
      return `${s.platform ?? "the images"}: ${levelWords(s.level)}`;
    case "signs":
      return `is signed by ${signatoryWords(s.by)}${s.tag === undefined ? "" : ` for the tag ${s.tag}`}`;
    case "size":
      return `has ${s.size} bytes`;
    case "unread":
      return `not read at byte ${s.offset}: ${s.text}`;
    default:
      // A kind that is newer than these words: everything it says, as it is.
      return JSON.stringify(s);
  }
}

/** Who signed: a key, an identity with whoever vouches for it, or a name. */
export const signatoryWords = ({ key, name, identity, issuer }) =>
  identity === undefined ? key ?? name : `${identity} (issuer ${issuer})`;

/** Who or what something comes from. */
export function sourceWords(source) {
  switch (source.via) {
    case "fetched":
      return `${source.url}, fetched at ${minute(source.at)}${byWord(source)}`;
    case "file":
      return `the file ${source.name}`;
    case "given":
      return `${source.what}, as given`;
    case "link":
      return `${source.what}, from the link`;
    case "pasted":
      return `pasted: ${source.tool}`;
    default:
      return JSON.stringify(source);
  }
}

/** Whose word it is that something was fetched, where it was not fetched here: see receipt.js. */
export const byWord = ({ word }) => (word === undefined ? "" : ` by the ${word}'s word`);

/** A time as a person reads it: 2026-11-23 14:02 UTC. */
export const minute = (at) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : at;

const checked = { hash: "recomputed", signature: "signature checked" };

/** How a claim is known. */
export function how(standing) {
  switch (standing.is) {
    case "proven":
      return `${checked[standing.check] ?? standing.check} here, from ${all(standing.from)}`;
    case "stated":
      return `stated by ${all(standing.by)}`;
    case "missing":
      return `missing: ${standing.want.hint}`;
    case "contradicted":
      return "contradicted";
    default:
      return JSON.stringify(standing);
  }
}

const all = (sources) => sources.map(sourceWords).join("; ");

/** `one`, `one and two`, `one, two and three`. */
export const listed = (words) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** `1 tag`, `2 tags`. */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
