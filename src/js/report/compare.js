// A digest that somebody was given, held against the answer to "which digest is this?".

import { ofKind } from "./sections.js";
import { roleWord } from "./words.js";

const digits = { sha256: 64, sha512: 128 };

// Shorter ones are words or numbers as often as the beginning of a digest, unless the algorithm is before them.
const fewest = 7;

/**
 * What a text is that may be a digest: `{ digest }`, `{ prefix }`, or `{ wrong }`, which says why it is neither. It may
 * be in quotes, in capitals, without its algorithm, or behind the name of an image.
 */
export function readDigest(text) {
  const bare = text.trim().replace(/^["'`‘’“”«»<([]+|["'`‘’“”«»>)\].,;]+$/g, "").trim();
  const last = bare.slice(bare.lastIndexOf("@") + 1).replace(/^digest:\s*/i, "");
  const [, algorithm, hex] = /^(?:(sha256|sha512):\s*)?([0-9a-f]+)(?:…|\.{2,})?$/.exec(last.toLowerCase()) ?? [];
  if (hex === undefined) return { wrong: /^[a-z0-9]+:[0-9a-f]{32,}$/i.test(last) ? "it is by an algorithm other than sha256 and sha512" : "a digest is sha256: and 64 digits from 0 to 9 and a to f" };
  const whole = algorithm ?? Object.keys(digits).find((name) => digits[name] === hex.length) ?? "sha256";
  if (hex.length === digits[whole]) return { digest: `${whole}:${hex}` };
  if (hex.length > digits[whole]) return { wrong: `it has ${hex.length} digits, and a ${whole} digest has ${digits[whole]}` };
  if (algorithm === undefined && hex.length < fewest) return { wrong: `it has ${hex.length} digits, and a sha256 digest has 64` };
  return { prefix: `${whole}:${hex}` };
}

/**
 * Whether the text is the digest that the report answers with: `{ is, text }`, where `is` is `equal`, `different`,
 * `prefix` (which is not enough), `open` (the bytes are not certain, and none of the likely digests is it) or `none`
 * (there is no digest to compare), and `text` says so in a sentence.
 */
export function compare(report, text) {
  const { is, text: says } = comparison(report, text);
  return { is, text: says };
}

/** The same, with how a digest that is equal is known. */
function comparison(report, text) {
  const given = readDigest(text);
  if (given.wrong !== undefined) return { is: "none", text: `Not a digest: ${given.wrong}.` };
  const known = digestsOf(report);
  if (known.length === 0) return { is: "none", text: "There is no digest here to compare with." };
  return given.prefix === undefined ? whole(report, known, given.digest) : begun(known, given.prefix);
}

const headlines = { equal: "Equal", different: "Different digest", prefix: "Only the beginning of a digest", open: "Could not tell" };

/** A report as the answer to whether the text is its digest. Without a digest to compare with, that is said with its answer. */
export function compared(report, text) {
  const { is, known, text: says } = comparison(report, text);
  const found = { ...report, compared: { given: text, is, text: says } };
  const { subject, summary, verdict } = report;
  if (is === "none") return { ...found, verdict: verdict === "proven" ? "open" : verdict, summary: `${summary} ${says}` };
  // The headline says the first word of it.
  const rest = says.replace(/^(?:Equal|Different): (.)/, (_, first) => first.toUpperCase());
  const more = subject === undefined || rest.includes(subject.digest) || (is === "equal" && !subject.certain) ? "" : subject.certain ? ` ${summary}` : ` The likeliest is ${subject.digest}.`;
  return { ...found, verdict: { equal: known, different: "contradicted" }[is] ?? "open", headline: headlines[is], summary: `${rest}${more}` };
}

function whole(report, known, digest) {
  const [first] = known;
  const found = known.find((one) => one.digest === digest);
  // Whoever gave it knows it from elsewhere: that some bytes have it cannot be by chance.
  if (found?.answers) return { is: "equal", known: found.known, text: `Equal: it is the digest of ${found.what}${found.likely ? ", so these are its bytes" : ""}.` };
  if (found !== undefined) return { is: "different", text: `Different: it is the digest of ${found.what}, not of ${first.what}.` };
  if (digest.split(":")[0] !== first.digest.split(":")[0]) return { is: "none", text: `${digest.split(":")[0]} and ${first.digest.split(":")[0]} digests cannot be compared.` };
  // Other bytes than those tried may be the document's.
  if (report.subject?.certain === false || ofKind(report, "candidate").length > 0 && report.subject === undefined)
    return { is: "open", text: `Not among the likely digests. To search for it in every known form: pullproof recover ${digest} FILE` };
  return { is: "different", text: `Different: ${first.what} has ${first.digest}.` };
}

function begun(known, prefix) {
  const found = known.find((one) => one.digest.startsWith(prefix));
  const digits = prefix.split(":")[1].length;
  if (found === undefined) return { is: "different", text: `Different: no digest here begins with ${prefix}.` };
  return { is: "prefix", text: `Only the first ${digits} digits were given, which is not enough: ${found.what} begins with them. The whole digest is ${found.digest}.` };
}

/** The digests of a report, what each is of, and whether it answers the question. */
function digestsOf(report) {
  const { subject } = report;
  const a = subject === undefined ? "the document" : `this ${subject.kind}`;
  const likely = ofKind(report, "candidate").map(({ statement }) => ({ digest: statement.digest, what: `${a} as ${statement.size} bytes, ${statement.form}`, answers: true, likely: true, known: "proven" }));
  const held = ofKind(report, "bytes").map(({ statement, standing }) => ({ digest: statement.digest, what: "another document", answers: subject === undefined && standing.is === "proven", known: "proven" }));
  const named = ofKind(report, "names").map(({ statement }) => ({ digest: statement.digest, what: `the ${roleWord(statement.as)}${statement.platform === undefined ? "" : ` for ${statement.platform}`} that it names`, answers: false }));
  const told = ofKind(report, "resolves", "keeps").map(({ statement, standing }) => ({ digest: statement.digest, what: statement.reference, answers: true, known: standing.is === "proven" ? "proven" : "stated" }));
  const top = subject === undefined ? [] : [{ digest: subject.digest, what: a, answers: true, known: "proven" }];
  // Where the document is certain, its digest in another layout does not answer.
  return [...(subject?.certain ? top : likely), ...told, ...named, ...held];
}
