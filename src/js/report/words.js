// The words that reports are put in: what verdicts, levels, roles and identifiers are called, times and numbers.
// Nothing is decided here: standings, levels and the verdict are the report's.

/** A verdict's meaning. */
export const meanings = {
  proven: "every digest was recomputed here; this holds as long as the points under \"Rests on\" do.",
  stated: "a tool or a registry says so, and nothing here confirms it.",
  open: "not known yet.",
  contradicted: "they do not match; what differs is listed below.",
};

/** A mark for each standing and verdict, beside words that say the same. */
export const marks = { proven: "✓", stated: "?", open: "…", missing: "…", contradicted: "✗" };

/** A standing as a word; of layers, which nobody hashes here, that. */
export const standingWord = (word) => (word === "unhashed" ? "not hashed" : word);

/** The part that no answer checks so far, and its consequence. */
export const layersWords = "layers not hashed";
export const layersSentence =
  "Layers were not downloaded. The configuration pins their content, but a registry could still serve something else; your client checks that when it pulls.";

/** The part that no checked signature says. */
export const signaturesSentence =
  "Signatures: revocation was not checked (certificates of Sigstore last minutes, and a key's owner says what became of it), nor whether the trusted root is the newest. A signature says who signed, not that the image is good; GitHub's attestations were not looked in, nor repositories that nobody named.";

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

const listings = new Map([["api", "by the referrers API"], ["fallbackTag", "by the fallback tag, which anybody who pushes may write"]]);

/** By what a registry lists what refers to a document. */
export const listingWords = (listed) => listings.get(listed) ?? listed;

/** Whether a statement is of a list of what refers to a document: somebody's word, and nothing that was hashed. */
export const isListing = ({ kind, code }) => kind === "refers" || code === "referrer";

/** The signer: a key, an identity with the issuer that vouches for it, or a name. */
export const signatoryWords = ({ key, name, identity, issuer }) =>
  identity === undefined ? key ?? name : `${identity} (issuer ${issuer})`;

/** Whose word it is that something was fetched, where it was not fetched here: see receipt.js. */
export const byWord = ({ word }) => (word === undefined ? "" : ` by the ${word}'s word`);

/** A time as a person reads it: 2026-11-23 14:02 UTC. */
export const minute = (at) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : at;

/** `one`, `one and two`, `one, two and three`. */
export const listed = (words) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** `1 tag`, `2 tags`. */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
