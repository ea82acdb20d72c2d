// The signers of an image, by the signatures that a report has: what each covers, when it was there, and where signatures
// were looked for. A signature that holds says who signed; whether they should have, only the question can say.

import { word } from "./checks/shell.js";
import { counted, listed, minute, signatoryWords } from "./words.js";

// Cosign's own signature, as a statement.
const signature = "https://sigstore.dev/cosign/sign/v1";

// The types of other signed statements by their beginning, each with its name.
const types = [
  ["https://slsa.dev/provenance/", "provenance"],
  ["https://in-toto.io/attestation/release/", "release"],
  ["https://cosign.sigstore.dev/attestation/vuln/", "vulnerability scan"],
  ["https://spdx.dev/", "list of contents (SPDX)"],
  ["https://cyclonedx.org/", "list of contents (CycloneDX)"],
];

/** The name of a signed statement, by its type. */
export const kindOf = (type) => (type === undefined || type === signature ? "signature" : types.find(([begin]) => type.startsWith(begin))?.[1] ?? type);

// The codes of notes on places that were looked at, each with its outcome.
const looked = { attestations: "unread", "sigstore-found": "found", "sigstore-none": "none", "sigstore-unasked": "unasked", "sigstore-unread": "unread" };

/** The places where signatures may be: `{ is, text }`, where `is` is `found`, `none`, `unasked` or `unread`. */
export const places = (report) =>
  report.claims.flatMap(({ statement }) => (isPlace(statement) ? [{ is: looked[statement.code], text: placeText(statement) }] : []));

const placeText = (statement) => (isElsewhere(statement) ? `${statement.text} (\`gh attestation download\` gets it)` : statement.text);

/** True for an entry of a list of attestations whose bundle is elsewhere. */
export const isElsewhere = ({ code }) => code === "attestations";

/** True for a note on where signatures were looked for. */
export const isPlace = ({ code = "" }) => Object.hasOwn(looked, code);

/** The signatures that were checked here: `{ claim, digest, by, kind, seen, is }`; only `proven` ones say who signed. */
export function signatures(report) {
  const isChecked = ({ statement: { kind, tag }, standing }) => kind === "signs" && tag === undefined && standing.is !== "stated" && standing.want?.command !== true;
  return report.claims.filter(isChecked).map((claim) => {
    const { digest, by, predicate, seen = [] } = claim.statement;
    return { claim, digest, by, kind: kindOf(predicate), seen, is: claim.standing.is };
  });
}

/** The digest of the image that a report is about. */
function rootOf({ question, claims, subject }) {
  const image = question.image ?? "";
  if (image.includes("@")) return image.slice(image.indexOf("@") + 1);
  const told = claims.find(({ statement }) => statement.kind === "resolves" && statement.reference === image);
  return subject?.digest ?? told?.statement.digest;
}

/** The parts of the image that may be signed, the whole first: `{ digest, name, in }`. */
function parts(report) {
  const root = rootOf(report);
  const names = report.claims.map(({ statement }) => statement).filter(({ kind, parent, as }) => kind === "names" && parent === root && ["manifest", "attestation"].includes(as));
  const below = names.map(({ digest, platform, as }) => ({ digest, name: as === "manifest" ? platform ?? "manifest" : `attestation${platform === undefined ? "" : ` of ${platform}`}`, as }));
  const whole = { digest: root, name: below.length > 0 ? "the index" : "the image" };
  return [...(root === undefined ? [] : [whole]), ...new Map(below.map((one) => [one.digest, one])).values()];
}

const order = ["proven", "contradicted", "missing"];

/**
 * Which part is signed by whom: `{ rows, signers }`. A row is `{ digest, name, cells }`, and a cell, one for each signer, is
 * `{ is, kinds }`: `signed`, `attested` (by statements that say nothing of who published it), `covered` by a signed index
 * that names it, `wrong`, `unknown` or `none`. Signatures of something else have a row of their own.
 */
export function coverage(report) {
  const all = signatures(report);
  const keyed = new Map();
  for (const one of all) keyed.set(JSON.stringify(one.by), [...(keyed.get(JSON.stringify(one.by)) ?? []), one]);
  const best = (some) => Math.min(...some.map(({ is }) => order.indexOf(is)));
  const signers = [...keyed.values()].sort((one, other) => best(one) - best(other));
  const known = parts(report);
  const strange = [...new Set(all.map(({ digest }) => digest))].filter((digest) => known.every((part) => part.digest !== digest));
  const rows = [...known, ...strange.map((digest) => ({ digest, name: known.length > 0 ? "something else" : "this digest", strange: known.length > 0 }))];
  const [whole] = known;
  const cell = (part) => (some) => {
    const own = cellOf(some.filter(({ digest }) => digest === part.digest));
    const isBelow = part !== whole && part.as === "manifest" && own.is !== "signed";
    return isBelow && cellOf(some.filter(({ digest }) => digest === whole?.digest)).is === "signed" ? { ...own, is: "covered" } : own;
  };
  return { signers: signers.map(([first, ...others]) => signer(first.by, [first, ...others])), rows: rows.map((part) => ({ ...part, cells: signers.map(cell(part)) })) };
}

const signer = (by, all) => ({ by, all, is: order[Math.min(...all.map(({ is }) => order.indexOf(is)))] });

// Kinds by which whoever signed says that the image is theirs.
const own = ["signature", "provenance", "release"];

function cellOf(some) {
  const good = some.filter(({ is }) => is === "proven");
  const found = new Set((good.length > 0 ? good : some).map(({ kind }) => kind));
  const named = ["signature", ...types.map(([, name]) => name)];
  const kinds = [...named.filter((name) => found.has(name)), ...[...found].filter((kind) => !named.includes(kind)).sort()];
  if (good.some(({ kind }) => own.includes(kind))) return { is: "signed", kinds };
  if (good.length > 0) return { is: "attested", kinds };
  if (some.some(({ is }) => is === "contradicted")) return { is: "wrong", kinds };
  return { is: some.length > 0 ? "unknown" : "none", kinds };
}

/** The words for a cell of the map. */
export function cellWords({ is, kinds }) {
  const more = kinds.filter((kind) => kind !== "signature");
  if (is === "signed") return `✓ signed${more.length === 0 ? "" : ` (${listed(more)})`}`;
  if (is === "attested") return `✓ attested (${listed(kinds)})`;
  if (is === "covered") return "(✓) named by the signed index";
  return { wrong: "✗ does not hold", unknown: "… not known" }[is] ?? "– not signed";
}

/** A line for each signer, with the parts that they signed and when: `{ is, phrase }`. */
export function signerLines(report) {
  const { rows, signers } = coverage(report);
  return signers.map(({ by, all, is }, at) => {
    const of = rows.filter(({ cells }) => !["none", "covered"].includes(cells[at].is)).map(({ name, cells }) => {
      const kinds = cells[at].kinds.filter((kind) => kind !== "signature");
      return kinds.length === 0 ? name : `${name} (${listed(kinds)})`;
    });
    const said = { proven: "signed by ", contradicted: "a signature that does not hold, by ", missing: "not known whether it is signed by " }[is];
    return { is, signer: true, phrase: [said, { name: signatoryWords(by) }, ": ", { words: listed(of) }, whenWords(all)] };
  });
}

/** When signatures were there, and who says so. */
export function whenWords(all) {
  const seen = all.flatMap((one) => one.seen);
  if (seen.length === 0) return all.some(({ is }) => is === "proven") ? "; when is not known: neither logged nor timestamped" : "";
  const [first] = seen.map(({ at }) => at).sort();
  const by = [...new Set(seen.map((one) => one.by))];
  return [`; ${minute(first)} or before, ${by.length === 1 ? "says" : "say"} `, { words: listed(by) }];
}

/** Why nobody is known to have signed an image, where that is so: the causes told apart, and what could not be read first. */
export function cause(report) {
  const { rows, signers } = coverage(report);
  const has = (...kinds) => rows.some(({ strange, cells }) => strange !== true && cells.some(({ is }) => kinds.includes(is)));
  if (has("signed")) return undefined;
  const where = places(report);
  const unread = where.filter(({ is }) => is === "unread");
  const texts = (some) => listed(some.map(({ text }) => text));
  const rest = unread.length > 0 ? ` There may be others: ${texts(unread)}.` : "";
  if (has("attested")) return `Only attestations of this image are signed, not the image itself.${rest}`;
  if (has("wrong")) return `A signature is there, and it does not hold.${rest}`;
  if (has("unknown")) return `A signature is there, and it could not be checked: ${reasonOf(report)}.${rest}`;
  if (signers.length > 0) return `The signatures that were found are of something else than this image.${rest}`;
  if (unread.length > 0) return `No signature was found, but not every place could be read, so there may be one: ${texts(unread)}.`;
  const unasked = where.filter(({ is }) => is === "unasked");
  if (where.length === 0 || unasked.length > 0) return "No signature is here; where the registry keeps them was not looked at.";
  return `No signature was found in any place that was looked at: ${texts(where)}.`;
}

function reasonOf(report) {
  const [first] = signatures(report).filter(({ is }) => is === "missing");
  return `what is missing is ${first.claim.standing.want.hint}`;
}

/** The signers of the image whose signature holds, those of a signature before those of attestations. */
export function known(report) {
  const { signers, rows } = coverage(report);
  const rank = (at) => (rows.some(({ strange, cells }) => strange !== true && cells[at].is === "signed") ? 0 : rows.some(({ strange, cells }) => strange !== true && cells[at].is === "attested") ? 1 : 2);
  const ranked = signers.map(({ by }, at) => ({ by, rank: rank(at) })).filter((one) => one.rank < 2);
  return ranked.sort((one, other) => one.rank - other.rank).map(({ by }) => by);
}

/** The options of the command that ask whether a signer signed, as a shell takes them. */
export function pinWords(by) {
  const words = by.key === undefined ? ["--identity", by.identity, "--issuer", by.issuer] : ["--key", by.key];
  // A word that looks like an option would be read as one.
  const spelled = words.map((text, at) => (at % 2 === 1 && text.startsWith("-") ? undefined : word(text)));
  return spelled.includes(undefined) ? undefined : spelled.join(" ");
}

/** The command that asks whether the first signer of a report's image signed it; nothing where no name can be a word. */
export function pinCommand(report) {
  const [by] = known(report);
  const { image, signatures: places = [] } = report.question;
  if (by === undefined || image === undefined || (by.key ?? by.identity) === undefined) return undefined;
  const words = [word(image), pinWords(by), ...places.map((place) => `--signatures ${word(place)}`)];
  return words.includes(undefined) ? undefined : `pullproof published ${words.join(" ")}`;
}

/** A report on what an image is as the answer to who published it, where nobody was named: never a yes. */
export function unpinned(report) {
  const all = known(report);
  const { image, by: _, ...question } = report.question;
  const found = { ...report, question: { ...question, image }, unpinned: true };
  if (report.verdict === "contradicted") return found;
  const why = cause(report);
  const signed = all.length === 0 ? "" : `It is signed by ${listed(all.slice(0, 2).map(signatoryWords))}${all.length > 2 ? ` and ${counted(all.length - 2, "other")}` : ""}. Nobody was named who should have signed it, so this says nothing of who published ${image}.`;
  // An image that cannot be read is said as it is.
  if (report.subject === undefined) return { ...found, verdict: "open" };
  return { ...found, verdict: "open", headline: all.length > 0 ? "Signed, but by nobody you named" : "Not known who published it", summary: [signed, why].filter(Boolean).join(" ") };
}

