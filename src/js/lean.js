// Browsers, for pages that have to be there soon: what most of them need, and the whole module of wasm when
// it is first needed.

import "./core.js";
import { start } from "./index.js";
import { connect } from "./run.js";
import { verified } from "./verified.js";
import { web } from "./web.js";

let loading;

/** Loads what checks policies and signatures; sessions made after it have it. */
export function trust() {
  // What could not be loaded may be tried again.
  return (loading ??= loadTrust().catch((error) => {
    loading = undefined;
    throw error;
  }));
}

async function loadTrust() {
  const full = await import("./full.js");
  await full.default({ module_or_path: await verified("full_bg.wasm", new URL("./full_bg.wasm", import.meta.url)) });
  start(full);
}

connect({ ...web, trust });

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./run.js";
