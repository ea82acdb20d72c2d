// Images that only the registries' tests need: many platforms, many tags, and copies that differ
// in one way each.
import { gzip, sha256 } from "../builders/bytes.mjs";
import { DOCKER, Image, OCI } from "../builders/image.mjs";
import { image } from "../builders/images.mjs";

const linux = (architecture, variant) => ({ architecture, os: "linux", ...(variant && { variant }) });

const TWELVE = [
  linux("amd64"),
  linux("386"),
  linux("arm64"),
  linux("arm", "v5"),
  linux("arm", "v6"),
  linux("arm", "v7"),
  linux("ppc64le"),
  linux("s390x"),
  linux("riscv64"),
  linux("mips64le"),
  linux("loong64"),
  linux("amd64", "v3"),
];

/** Twelve platforms in one index. */
export function twelve() {
  const made = new Image("twelve", "buildkit");
  const manifests = TWELVE.map((platform) => made.platform(platform, { part: partOf(platform) }));
  made.index({ manifests });
  return made.done();
}

const partOf = ({ architecture, variant }) => [architecture, variant].filter(Boolean).join("-");

/** The same configurations under docker's types, every layer compressed anew. */
export function recompressed({ name, documents, root }) {
  const made = new Image(`${name}-recompressed`, "docker", { types: DOCKER });
  const find = (digest) => documents.find((document) => document.digest === digest);
  const manifests = JSON.parse(find(root).bytes).manifests.map((entry) => {
    const { config, layers } = JSON.parse(find(entry.digest).bytes);
    made.documents.push(find(config.digest));
    const again = layers.map(({ digest }) => repacked(made, find(digest).bytes));
    const descriptor = { mediaType: DOCKER.config, digest: config.digest, size: config.size };
    return { ...made.manifest({ config: descriptor, layers: again }), platform: entry.platform };
  });
  made.index({ manifests });
  return made.done();
}

// The builders' gzip is one stored block between a header of 10 bytes, 5 of the block, and 8 at the end.
function repacked(made, layer) {
  const bytes = gzip(layer.subarray(15, -8), 3);
  const document = { kind: "layer", mediaType: DOCKER.layer, digest: sha256(bytes), size: bytes.length, bytes };
  made.documents.push(document);
  return { mediaType: document.mediaType, size: document.size, digest: document.digest };
}

/** An index over manifests of another image: which of them, and with which platforms, `entry` says. */
export function relisted(from, name, entry, { types = OCI, writer = "ggcr" } = {}) {
  const made = new Image(name, writer, { types });
  made.documents.push(...from.documents.filter(({ kind }) => kind !== "index"));
  const leaves = from.documents.filter(({ kind, part }) => kind === "manifest" && !part?.endsWith("attestation"));
  const manifests = leaves.map(({ mediaType, digest, size, part }) => ({
    mediaType,
    digest,
    size,
    ...entry(part),
  }));
  made.index({ manifests: manifests.filter(({ platform }) => platform) });
  return made.done();
}

/** Two images in one: the index over the only manifest of a single image. */
export const listed = (single) => relisted(single, `${single.name}-listed`, () => ({ platform: linux("amd64") }));

/** The same platforms with another file in every layer. */
export function rebuilt() {
  const made = new Image("rebuilt", "buildkit");
  const platforms = [linux("amd64"), linux("arm64")];
  made.index({
    manifests: platforms.map((platform) => made.platform(platform, { texts: ["another base", "more"] })),
  });
  return made.done();
}

/** One platform alone, rebuilt; the other as it was. */
export function halfRebuilt() {
  const from = image("buildx-attested");
  const made = new Image("half-rebuilt", "buildkit");
  made.documents.push(...from.documents.filter(({ kind }) => kind !== "index"));
  const kept = from.documents.find(({ kind, part }) => kind === "manifest" && part === "amd64");
  const { mediaType, digest, size } = kept;
  const other = made.platform(linux("arm64"), { texts: ["another base", "more"] });
  made.index({ manifests: [{ mediaType, digest, size, platform: linux("amd64") }, other] });
  return made.done();
}

/**
 * The image of a tag: two platforms on a layer that all tags share, so that thousands are pushed
 * quickly. `text` makes its configurations its own.
 */
export function tagged(text, { layer = "common base" } = {}) {
  const made = new Image(text, "buildkit");
  const labels = { "org.opencontainers.image.version": text };
  const manifests = ["amd64", "arm64"].map((architecture) =>
    made.platform(linux(architecture), { texts: [layer], labels }),
  );
  made.index({ manifests });
  return made.done();
}
