// Browsers: the trusted roots that come along, which lie beside this file. Bundlers know this way of naming them and
// bring them along. The module holds each against its digest.

const files = [new URL("./sigstore/public-good.json", import.meta.url), new URL("./sigstore/github.json", import.meta.url)];

// On their way as soon as this is loaded.
let first = fetchAll();

/** The bytes of those that could be had. */
export function fetchRoots() {
  const begun = first ?? fetchAll();
  first = undefined;
  return begun;
}

async function fetchAll() {
  return (await Promise.all(files.map(get))).filter((bytes) => bytes !== undefined);
}

/** A file that is not there is missed only by a signature, which then says so; another answer has other bytes. */
async function get(url) {
  try {
    return new Uint8Array(await (await fetch(url)).arrayBuffer());
  } catch {
    return undefined;
  }
}
