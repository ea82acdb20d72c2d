// Browsers: everything that answers, as in Node. lean.js is for pages that have to be there sooner.

import * as full from "./full.js";
import { start } from "./index.js";
import { connect } from "./run.js";
import { verified } from "./verified.js";
import { web } from "./web.js";

await full.default({ module_or_path: await verified("full_bg.wasm", new URL("./full_bg.wasm", import.meta.url)) });
start(full);

/** The whole module is here already. */
export async function trust() {}

connect({ ...web, trust });

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./run.js";
