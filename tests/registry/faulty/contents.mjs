// The contents of a repository of the faulty registry, and a good registry's answers for it.
import { createHash } from "node:crypto";
import { error, json } from "./answers.mjs";

/** The contents of a repository: an image under the tag 1.0, more tags for it, more images without any. */
export function contents(image, { tags = [], others = [] } = {}) {
  const byDigest = new Map();
  for (const { documents } of [image, ...others]) {
    for (const { digest, mediaType, bytes } of documents) {
      byDigest.set(digest, { digest, mediaType, bytes });
      byDigest.set(sha512(bytes), { digest: sha512(bytes), mediaType, bytes });
    }
  }
  const root = byDigest.get(image.root);
  const named = new Map(["1.0", ...tags].map((tag) => [tag, root]));
  return { root: image.root, tags: named, byDigest };
}

export const sha512 = (bytes) => `sha512:${createHash("sha512").update(bytes).digest("hex")}`;

/** The answer of a registry without faults: distribution spec, "Pull" and "Content Discovery". */
export function goodAnswer({ kind, name, repository }, { tags, byDigest }) {
  if (kind === "tags") return json(200, { name: repository, tags: [...tags.keys()] });
  if (kind === "referrers") return referrers(name, byDigest);
  const found = (kind === "manifests" && tags.get(name)) || byDigest.get(name);
  if (!found) return error(404, kind === "blobs" ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN", `${name} is not here`);
  return documentAnswer(found, kind);
}

export function documentAnswer({ digest, mediaType, bytes }, kind = "manifests") {
  const type = kind === "blobs" ? "application/octet-stream" : mediaType;
  return { status: 200, headers: { "content-type": type, "docker-content-digest": digest }, body: bytes };
}

function referrers(subject, byDigest) {
  const all = [...byDigest].filter(([digest]) => digest.startsWith("sha256:")).map(([, document]) => document);
  const manifests = all.filter((document) => subjectOf(document) === subject).map(descriptor);
  return json(200, indexOf(manifests), { "content-type": INDEX });
}

export const INDEX = "application/vnd.oci.image.index.v1+json";

export const indexOf = (manifests) => ({ schemaVersion: 2, mediaType: INDEX, manifests });

/** A descriptor of an artifact, as the referrers API lists it. */
export function descriptor({ digest, mediaType, bytes }) {
  const { artifactType, annotations } = JSON.parse(bytes);
  return { mediaType, digest, size: bytes.length, artifactType, annotations };
}

function subjectOf({ mediaType, bytes }) {
  return mediaType.endsWith("manifest.v1+json") ? JSON.parse(bytes).subject?.digest : undefined;
}
