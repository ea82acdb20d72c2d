// The facts about one of the images that a fixture states: the digests that a tool would print.
import { image } from "../images.mjs";

/** Digests of an image and of its `part` (a platform): root, manifest, config, layers, diff_ids. */
export function facts(name, part = "amd64") {
  const { root, documents } = image(name);
  const of = (kind) => documents.find((document) => document.kind === kind && document.part === part);
  const manifest = JSON.parse(of("manifest").bytes);
  const config = JSON.parse(of("config").bytes);
  const top = documents.at(-1);
  return {
    root,
    top: { mediaType: top.mediaType, digest: top.digest, size: top.size },
    manifest: of("manifest").digest,
    manifestBytes: of("manifest").bytes,
    config: of("config").digest,
    layers: manifest.layers.map(({ digest }) => digest),
    diffIds: config.rootfs.diff_ids,
    architecture: config.architecture,
    os: config.os,
    cmd: config.config.Cmd,
    env: config.config.Env,
    created: config.created,
    bytes: top.bytes,
  };
}

/** The twelve digits that docker shows of a digest. */
export const short = (digest) => digest.slice("sha256:".length, "sha256:".length + 12);
export const hex = (digest) => digest.slice("sha256:".length);

/** As Go's text/tabwriter sets a table: every column but the last is padded to its widest cell. */
export function table(rows, { padding = 3, least = 0 } = {}) {
  const widths = rows[0].map((_, at) => Math.max(least, ...rows.map((row) => row[at].length + padding)));
  const line = (row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]))).join("");
  return `${rows.map(line).join("\n")}\n`;
}

export const json = (value, indent) => `${JSON.stringify(value, null, indent)}\n`;
