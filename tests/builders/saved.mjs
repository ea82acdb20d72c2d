// A small image as tools save it: an image layout, what `docker save` wrote before 1.10, from then on, and from 25 on,
// and what crane writes. All of them are files by name.

import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { member } from "./archives.mjs";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const json = (value) => Buffer.from(JSON.stringify(value));

const content = Buffer.concat([...member("etc/motd", Buffer.from("hello\n")), ...member("usr/package.json", json({ name: "not a document" })), Buffer.alloc(1024)]);
export const layer = gzipSync(content);
export const config = json({ architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [`sha256:${sha256(content)}`] }, history: [{ created_by: "x" }] });
const oci = "application/vnd.oci.image";
export const manifest = json({
  schemaVersion: 2,
  mediaType: `${oci}.manifest.v1+json`,
  config: { mediaType: `${oci}.config.v1+json`, digest: `sha256:${sha256(config)}`, size: config.length },
  layers: [{ mediaType: `${oci}.layer.v1.tar+gzip`, digest: `sha256:${sha256(layer)}`, size: layer.length }],
});
export const digest = `sha256:${sha256(manifest)}`;
export const name = "docker.io/library/hello:1";

const entry = (annotations) => ({ mediaType: `${oci}.manifest.v1+json`, digest, size: manifest.length, ...(annotations && { annotations }) });
const blob = (bytes) => [`blobs/sha256/${sha256(bytes)}`, bytes];

/** An image layout; `annotations` are those of its only entry. */
export const layout = (annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1" }) => ({
  ...Object.fromEntries([blob(config), blob(layer), blob(manifest)]),
  "index.json": json({ schemaVersion: 2, manifests: [entry(annotations)] }),
  "oci-layout": json({ imageLayoutVersion: "1.0.0" }),
});

const id = "ab".repeat(32);

/** docker before 1.10. */
export const oldest = () => ({
  [`${id}/VERSION`]: Buffer.from("1.0"),
  [`${id}/json`]: json({ id }),
  [`${id}/layer.tar`]: content,
  repositories: json({ hello: { 1: id } }),
});

/** docker from 1.10 to 24. */
export const older = () => ({
  ...oldest(),
  [`${sha256(config)}.json`]: config,
  "manifest.json": json([{ Config: `${sha256(config)}.json`, RepoTags: ["hello:1"], Layers: [`${id}/layer.tar`] }]),
});

/** docker from 25 on: an image layout as well. */
export const newer = () => ({
  ...layout(),
  "manifest.json": json([{ Config: blob(config)[0], RepoTags: ["hello:1"], Layers: [blob(layer)[0]] }]),
  repositories: json({ hello: { 1: sha256(layer) } }),
});

/** crane, kaniko and bazel. */
export const byCrane = () => ({
  [`sha256:${sha256(config)}`]: config,
  [`${sha256(layer)}.tar.gz`]: layer,
  "manifest.json": json([{ Config: `sha256:${sha256(config)}`, RepoTags: ["hello:1"], Layers: [`${sha256(layer)}.tar.gz`] }]),
});

/** Bytes that are not text. */
export const noise = (length) => Buffer.concat([Buffer.from([0, 1, 2, 3]), randomBytes(length - 4)]);
