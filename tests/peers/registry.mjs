// Filling a loopback registry with the images of the builders.
import { images } from "../builders/images.mjs";
import { push } from "../registry/push.mjs";

export { startRegistry } from "../registry/real.mjs";
export { push };

/** The reference of that image of the builders in the registry at `host`. */
export const reference = (host, name) => `${host}/lighthouse/${name}:1.0`;

/**
 * Pushes every image of the builders, each to a repository of its own.
 * Schema 1 is left out: this registry signs it anew with a key of its own.
 */
export async function fill(host) {
  const verbatim = images().filter(({ documents }) => documents.every(({ kind }) => kind !== "schema1"));
  for (const image of verbatim) await push(host, `lighthouse/${image.name}`, "1.0", image);
}
