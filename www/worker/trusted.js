// The newest trusted root of Sigstore, asked by the page itself, where its repository lets pages read it.

import { PullproofError } from "../pkg/page.js";
import { NotRefreshed, checkedRoot, refreshed, repositories } from "../pkg/fetch/refresh.js";
import { glue } from "../pkg/module.js";

// Somebody waits for it.
const time = 60_000;

/** `{ root, origin, at }`; a reason why it could not be had says what to do. */
export async function newestRoot() {
  const repository = repositories.sigstore;
  const base = repository.address;
  const at = new Date().toISOString();
  try {
    const first = checkedRoot(repository, await shipped(repository));
    const { target } = await refreshed({ base, begin: (take) => take(first), time }, glue.Refresh);
    return { root: target, origin: new URL(base).host, at };
  } catch (error) {
    if (!(error instanceof NotRefreshed)) throw error;
    // A browser does not say which of the two it was.
    const why = error.code === "network" ? `${new URL(base).host} does not let this page read it, or could not be reached` : error.message;
    throw new PullproofError(error.code, `${why}. Run \`pullproof trusted-root --refresh -o trusted_root.json\`, and give that file here.`);
  }
}

async function shipped({ file }) {
  const response = await fetch(new URL(`../pkg/fetch/tuf/${file}`, import.meta.url));
  if (!response.ok) throw new PullproofError("trusted-root", `the root that came with this page could not be loaded (status ${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
