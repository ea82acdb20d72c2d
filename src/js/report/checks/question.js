// Steps for the question, from the names in it alone.

import { originOf } from "../origins.js";
import { placesNamed, signersOf } from "../places.js";
import { asCrane } from "./readers.js";
import { repository, rootOf } from "./names.js";
import { isDigest, isPlain, step, summed, word } from "./shell.js";
import { inlineIn, isBlob, isInline, manifestOf, platformParts } from "./steps.js";

/** Whose an image is in a comparison: "A, ", "B, " or nothing. */
export const sideOf = (images, at) => (images.length === 2 ? `${"AB"[at]}, ` : "");

/** The steps of a question for one tool. */
export function asked(report, images, reader, most) {
  const { question } = report;
  const raw = images.map((image, at) => {
    const name = `${sideOf(images, at)}${image}`;
    // Which registries may be asked so docker is told beforehand, in a file of its own.
    if (!reader.reads(image)) return step(`${name}: asked without TLS, which ${reader.tool} does only where its settings say so`);
    const root = rootOf(report, image);
    if (!isBlob(report, root)) return summed(`${name}: the bytes that it names now${at === 1 ? wholeWords(report) : ""}`, reader.raw(image), root);
    return reader.blob && summed(`${name}: the bytes that it names`, reader.blob(image, root), root);
  }).filter(Boolean);
  if (question.ask === "same") return [...raw, ...same(report, reader, most)];
  return question.ask === "published" ? [...raw, ...published(report, reader)] : raw;
}

/** Of images that are compared whole: whether their sums have to be equal, or differ. */
function wholeWords({ question, claims }) {
  const compared = claims.find(({ statement }) => statement.kind === "same" && question.level === "index");
  return compared === undefined ? "" : (equality[compared.standing.is] ?? "");
}

const equality = { proven: "; the two sums have to be equal", contradicted: "; the two sums differ" };

function same(report, reader, most) {
  const { level, ...sides } = report.question;
  const images = [sides.left, sides.right];
  if (level === "index" || !images.every(reader.reads)) return [];
  const rows = report.claims.filter(({ statement: { kind, platform } }) => kind === "same" && isReadable(platform));
  const all = rows.length === 0 ? [{ statement: {}, standing: {} }] : rows;
  return all.slice(0, most).flatMap((row) => samePlatform(report, images, reader, row));
}

const isReadable = (platform) => platform === undefined || isPlain(asCrane(platform));

function samePlatform(report, images, reader, { statement: { platform }, standing }) {
  const { level } = report.question;
  const what = level === "manifest" ? "manifest" : "config";
  const reads = images.map((image) => platformRead(report, image, [reader, what, platform]));
  if (reads.includes(undefined)) return [];
  const narrowed = level === "rootfs" ? " | jq -c .rootfs.diff_ids" : "";
  const noun = { manifest: "manifest", rootfs: "list of layers before compression" }[level] ?? "image configuration";
  const equal = equality[standing.is] ?? "";
  const about = `${platform === undefined ? "" : `${platform}: `}the ${noun} of A and of B${equal}`;
  const known = narrowed === "" ? images.map((image) => platformParts(report, image, platform)?.[what]) : [];
  const prints = known.length > 0 && known.every((digest) => digest?.startsWith("sha256:")) ? known.map((digest) => digest.slice(7)) : [];
  return [step(about, reads.map((read) => `${read}${narrowed} | sha256sum`).join("\n"), prints)];
}

/**
 * How a tool reads an image for a platform: by its name, where it is sure which entry that takes; else what was
 * found for the platform, by digest; nothing where that is not known.
 */
function platformRead(report, image, [reader, what, platform]) {
  const found = platformParts(report, image, platform);
  const byName = found === undefined || found.isSure ? reader.platform?.(image, what, platform) : undefined;
  if (byName !== undefined || found === undefined) return byName;
  const { manifest, config } = found;
  if (what === "manifest") return manifest && reader.raw(`${repository(image)}@${manifest}`);
  return config && configRead(report, image, [reader, config]);
}

/** What of the image is one of the digests that its author is known by, as the answer has it. */
function published(report, reader) {
  const { by, image } = report.question;
  if (by.keys && reader.tool === "docker") return [step("What docker's trust plugin says of its signatures, while the notary server answers", `docker trust inspect ${word(image)}`)];
  const listed = listedBy(report);
  if (!reader.reads(image) || listed.digests.length === 0) return [];
  const ofImage = report.claims.filter(({ statement }) => ["includes", "resolves"].includes(statement.kind) && statement.reference === image);
  const whole = ofImage.filter(({ statement }) => statement.kind === "resolves").map((claim) => wholeStep(claim, image, listed, reader));
  const parts = ofImage.filter(({ statement }) => statement.kind === "includes").map((claim) => partStep(report, claim, listed, reader));
  const all = [...whole, ...parts, ...insideSteps(report, listed, reader)].filter(Boolean);
  // What an answer rests on may be among what else there is to see, too.
  const found = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  if (found.length > 0 || ofImage.some(({ standing }) => standing.is === "proven")) return found;
  return [step(`Its digest, or that of a manifest or a configuration in it, has to be one of ${listed.whose}`, `${reader.raw(image)} | sha256sum`, [oneOf(listed.digests)])];
}

/** The digests that the author is known by: as they were given, or as a policy lists them for the release that the report names. */
export function listedBy({ question: { by }, release }) {
  const whose = by.policy === undefined ? "the digests given" : "the digests of the policy";
  if (by.policy === undefined) return { whose, digests: (by.digests ?? []).filter(isDigest) };
  const { digests = [], configs = {} } = JSON.parse(by.policy).releases.find(({ tag }) => tag === release) ?? {};
  return { whose, digests: [...new Set([...digests, ...Object.values(configs)])].filter(isDigest) };
}

const hexOf = (digest) => digest.replace(/^[^:]*:/, "");
const oneOf = (digests) => (digests.length === 1 ? hexOf(digests[0]) : `one of: ${digests.map(hexOf).join(" ")}`);

/** What the image's name itself has to be; nothing where only a part of it is one of them. */
function wholeStep({ statement: { digest }, standing }, image, { whose, digests }, reader) {
  const about = `Its digest has to be one of ${whose}`;
  if (standing.is === "proven" && digests.includes(digest)) return summed(about, reader.raw(image), digest);
  return standing.is === "contradicted" ? step(about, `${reader.raw(image)} | sha256sum`, [oneOf(digests)]) : undefined;
}

/** The expected digest of a platform's manifest or configuration. */
function partStep(report, { statement: { digest, as, platform }, standing }, { whose, digests }, reader) {
  const { image } = report.question;
  if (!isDigest(digest) || !["contradicted", "proven"].includes(standing.is)) return undefined;
  const read = as === "config" ? configRead(report, image, [reader, digest]) : reader.raw(`${repository(image)}@${digest}`);
  if (read === undefined) return undefined;
  const about = `${platform === undefined ? "" : `${platform}: `}its ${as === "config" ? "configuration" : "manifest"} has to be one of ${whose}`;
  if (standing.is === "proven") return digests.includes(digest) ? summed(about, read, digest) : undefined;
  const { value } = standing.expected;
  return step(about, `${read} | ${digest.split(":")[0]}sum`, [isDigest(value) ? hexOf(value) : oneOf(digests)]);
}

/** Commands that read a configuration, which may be embedded in its manifest. */
function configRead(report, image, [reader, digest]) {
  const parent = manifestOf(report, digest);
  const held = report.claims.find(({ statement }) => statement.kind === "bytes" && statement.digest === digest)?.statement;
  if (isInline(held) && parent !== undefined) return inlineIn(digest, (jq) => `${reader.raw(`${repository(image)}@${parent}`)} | ${jq}`);
  return reader.config?.(image, digest, parent);
}

/** An index that was published, from where it was fetched, which names the image as one of its own. */
function insideSteps(report, { whose, digests }, reader) {
  const root = rootOf(report, report.question.image);
  const names = report.claims.filter(({ statement: { kind, parent, digest }, standing }) => kind === "names" && standing.is === "proven" && digest === root && digests.includes(parent));
  return names.flatMap(({ statement: { parent } }) => {
    const from = fetchedFrom(report, parent);
    if (from === undefined) return [];
    const read = reader.raw(`${from}@${parent}`);
    const named = step("It names the image", `${read} | jq -r '.manifests[] | select(.digest == "${root}") | .digest' | sort -u`, [root]);
    return [summed(`An index in which the image is has to be one of ${whose}`, read, parent), named];
  });
}

/** The repository that a document was fetched from, where a command may hold its name. */
function fetchedFrom(report, digest) {
  const held = report.claims.find(({ statement, standing }) => statement.kind === "bytes" && statement.digest === digest && standing.is === "proven");
  const found = held?.standing.from.filter(({ via }) => via === "fetched").map((source) => originOf(source).repository);
  return found?.find((name) => name !== undefined && isPlain(name));
}

// So many signers have a step each: one of them is enough.
const mostSigners = 5;

/** Each signer that has an identity, as cosign checks it in every place that the signatures may be in. */
export function identified(question) {
  const signers = signersOf(question).map((signer) => ({ signer, options: identityOptions(signer) })).filter(({ options }) => options !== undefined);
  const about = signers.length > 1 ? "Whether this identity signed it: one of them is enough" : "Whether this identity signed it";
  const image = word(question.image ?? "");
  return signers.slice(0, mostSigners).flatMap(({ signer, options }) =>
    placesFor(question, signer).map((place) => {
      const command = `cosign verify ${options} ${image}`;
      return place === undefined ? step(about, command) : step(`${about}, by the signatures in ${place}`, `COSIGN_REPOSITORY=${word(place)} ${command}`);
    }),
  );
}

/** The repositories of the signatures, `undefined` for the image's own. A signer's is where the signer keeps them. */
function placesFor(question, { signatures }) {
  const places = signatures === undefined ? [undefined, ...placesNamed(question)] : [signatures, ...placesNamed(question)];
  return [...new Set(places)].filter((place) => place === undefined || isPlain(place));
}

const issuerOfWorkflows = "https://token.actions.githubusercontent.com";
const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** The options of cosign for a signer; nothing for a key, which cosign wants in a file, or where no command may hold the name. */
function identityOptions({ identity, identityPattern, issuer, repository, workflow }) {
  const options = (name, who, by, more = "") => (who === undefined || by === undefined ? undefined : `${name} ${who} --certificate-oidc-issuer ${by}${more}`);
  if (identity !== undefined) return options("--certificate-identity", word(identity), word(issuer));
  const like = (pattern) => word(`^${pattern.split("*").map(literally).join(".*")}$`);
  if (identityPattern !== undefined) return options("--certificate-identity-regexp", like(identityPattern), word(issuer));
  if (repository === undefined || word(repository) === undefined) return undefined;
  const path = workflow === undefined ? `${repository}/*` : `${workflow.startsWith(".") ? `${repository}/` : ""}${workflow}@*`;
  return options("--certificate-identity-regexp", like(`https://github.com/${path}`), issuerOfWorkflows, ` --certificate-github-workflow-repository ${word(repository)}`);
}
