// A module of wasm as a browser gets it: fetched, hashed, and compiled only if it has the digest that the
// build wrote into digests.js. Browsers check no digest of what a script fetches by themselves.

import { digests } from "./digests.js";
import { PullproofError } from "./index.js";

/** The bytes of a module, by the name that the build gave it, for its glue to compile. */
export async function verified(name, url) {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) throw refused("browsers compute digests only on pages over https or of this machine");
  const response = await fetch(url);
  if (!response.ok) throw refused(`${name} could not be loaded (status ${response.status})`);
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await subtle.digest("SHA-256", bytes));
  const found = `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  if (found !== digests[name]) throw refused(`expected ${name} with ${digests[name]}, found ${found}`);
  return bytes;
}

const refused = (message) => new PullproofError("could-not-check", message);
