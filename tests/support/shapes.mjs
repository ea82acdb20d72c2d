// Images of shapes that writers rarely make and registries take: by name, with all their documents and the root.

import { Image } from "../builders/image.mjs";
import { sha256 } from "../builders/bytes.mjs";

const AMD64 = { architecture: "amd64", os: "linux" };

/** A manifest over a new configuration and layers, changed by `edit`. */
function single(edit = (manifest) => manifest) {
  const image = new Image("shape", "buildkit");
  const manifest = image.platform(AMD64);
  const at = image.documents.findIndex(({ digest }) => digest === manifest.digest);
  const bytes = Buffer.from(JSON.stringify(edit(JSON.parse(image.documents[at].bytes))));
  return { documents: [...image.documents.filter((_, i) => i !== at).map(({ bytes }) => bytes), bytes], root: bytes };
}

function indexed(edit) {
  const image = new Image("shape", "buildkit");
  const entries = edit([AMD64, { ...AMD64, architecture: "arm64" }].map((platform) => image.platform(platform)));
  const root = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: entries }));
  return { documents: [...image.documents.map(({ bytes }) => bytes), root], root };
}

export const shapes = {
  "a configuration's descriptor has a platform": single((manifest) => ({ ...manifest, config: { ...manifest.config, platform: AMD64 } })),
  "a layer's descriptor has a platform": single((manifest) => ({ ...manifest, layers: manifest.layers.map((layer) => ({ ...layer, platform: AMD64 })) })),
  "a layer is named twice, and in another order than by digest": single((manifest) => ({ ...manifest, layers: [...manifest.layers].reverse().concat(manifest.layers[0]) })),
  "no layers": single((manifest) => ({ ...manifest, layers: [] })),
  "an entry is named twice": indexed((entries) => [...entries, entries[0]]),
  "empty variants and versions": indexed((entries) => entries.map((entry) => ({ ...entry, platform: { ...entry.platform, variant: "", "os.version": "" } }))),
  "a platform in capitals": indexed((entries) => entries.map((entry, i) => (i === 0 ? { ...entry, platform: { ...entry.platform, os: "Linux" } } : entry))),
  "two entries for one platform, one with a variant": indexed(([one, other]) => [one, { ...other, platform: { ...one.platform, variant: "v2" } }]),
  "an entry without a platform": indexed(([one, { platform: _, ...other }]) => [one, other]),
};

/** All digests of a shape. */
export const digestsOf = ({ documents }) => documents.map(sha256);
