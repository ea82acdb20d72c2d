// Browsers: everything, with the other modules of wasm loaded when they are first needed.

import "./core.js";
import { start } from "./index.js";
import { connect } from "./run.js";
import { verified } from "./verified.js";

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

connect({
  page: true,
  trust,
  transport: (glue) => (request, signal) => {
    const headers = request.headers.flatMap(({ name, value }) => [name, value]);
    return glue.send(request.url, headers, request.form, request.follow, signal);
  },
  async load() {
    const glue = await import("./registry.js");
    await glue.default({ module_or_path: await verified("registry_bg.wasm", new URL("./registry_bg.wasm", import.meta.url)) });
    return glue;
  },
});

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./run.js";
