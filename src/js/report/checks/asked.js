// What was asked, from the names in the question alone.

import { asCrane } from "./readers.js";
import { rootOf } from "./names.js";
import { isDigest, isPlain, step, summed, word } from "./shell.js";
import { platformConfig } from "./steps.js";

/** Whose an image is in a comparison: "A, ", "B, " or nothing. */
export const sideOf = (images, at) => (images.length === 2 ? `${"AB"[at]}, ` : "");

/** The steps of a question for one tool. */
export function asked(report, images, reader, most) {
  const { question } = report;
  const raw = images.map((image, at) => {
    const name = `${sideOf(images, at)}${image}`;
    // Which registries may be asked so docker is told beforehand, in a file of its own.
    if (!reader.reads(image)) return step(`${name}: asked without TLS, which ${reader.tool} does only where its settings say so`);
    return summed(`${name}: the bytes that it names now`, reader.raw(image), rootOf(report, image));
  });
  if (question.ask === "same") return [...raw, ...same(report, reader, most)];
  return question.ask === "published" ? [...raw, ...published(question, reader)] : raw;
}

function same(report, reader, most) {
  const { level, ...sides } = report.question;
  const images = [sides.left, sides.right];
  if (level === "index" || reader.platform === undefined || !images.every(reader.reads)) return [];
  const rows = report.claims.filter(({ statement: { kind, platform } }) => kind === "same" && isReadable(platform));
  const all = rows.length === 0 ? [{ statement: {}, standing: {} }] : rows;
  return all.slice(0, most).flatMap((row) => samePlatform(report, images, reader, row));
}

const isReadable = (platform) => platform === undefined || isPlain(asCrane(platform));

function samePlatform(report, images, reader, { statement: { platform }, standing }) {
  const { level } = report.question;
  const what = level === "manifest" ? "manifest" : "config";
  const reads = images.map((image) => reader.platform(image, what, platform));
  if (reads.includes(undefined)) return [];
  const narrowed = level === "rootfs" ? " | jq -c .rootfs.diff_ids" : "";
  const noun = { manifest: "manifest", rootfs: "list of layers before compression" }[level] ?? "image configuration";
  const equal = standing.is === "proven" ? "; the two sums have to be equal" : "";
  const about = `${platform === undefined ? "" : `${platform}: `}the ${noun} of A and of B${equal}`;
  const known = what === "config" && narrowed === "" ? images.map((image) => platformConfig(report, image, platform)) : [];
  const prints = known.length > 0 && known.every((digest) => digest?.startsWith("sha256:")) ? known.map((digest) => digest.slice(7)) : [];
  return [step(about, reads.map((read) => `${read}${narrowed} | sha256sum`).join("\n"), prints)];
}

function published({ by, image, platform }, reader) {
  if (by.keys && reader.tool === "docker") return [step("What docker's trust plugin says of its signatures, while the notary server answers", `docker trust inspect ${word(image)}`)];
  if (!reader.reads(image) || !isReadable(platform)) return [];
  if (by.policy) return policed(by.policy, image, [platform, reader]);
  const read = platform === undefined ? reader.raw(image) : reader.platform?.(image, "manifest", platform);
  return read === undefined ? [] : listed("the digests given", read, by.digests ?? []);
}

/** What a policy lists for the release: of what the tag names, or of the configurations of its platforms. */
function policed(policy, image, [platform, reader]) {
  const releases = JSON.parse(policy).releases;
  const release = releases.find(({ tag }) => image.replace(/@.*/, "").endsWith(`:${tag}`));
  const { digests = [], configs = {} } = release ?? {};
  const named = Object.entries(configs).filter(([name]) => isReadable(name) && (platform ?? name) === name);
  const each = named.map(([name, digest]) => {
    const read = reader.platform?.(image, "config", name);
    return read && isDigest(digest) ? summed(`${name}: the image configuration that the policy lists`, read, digest) : undefined;
  });
  return [...listed("the digests of the policy", reader.raw(image), digests), ...each.filter(Boolean)];
}

function listed(whose, read, digests) {
  const known = digests.filter(isDigest).map((digest) => digest.replace(/^sha256:/, ""));
  if (known.length === 0) return [];
  return [step(`Its digest has to be one of ${whose}`, `${read} | sha256sum`, [known.length === 1 ? known[0] : `one of: ${known.join(" ")}`])];
}

/** Who signed, by cosign: signatures of Sigstore are compared here as they are stated, and not checked. */
export function identified({ image, by }) {
  if (!by?.identity) return [];
  const [reference, identity, issuer] = [image, by.identity, by.issuer].map(word);
  if (identity === undefined || issuer === undefined) return [];
  return [step("Whether this identity signed it", `cosign verify --certificate-identity ${identity} --certificate-oidc-issuer ${issuer} ${reference}`)];
}
