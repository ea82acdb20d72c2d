// Node: the wasm and the trusted roots lie beside this file and are read at once, so that importing needs no await.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { hashLong, start, takeRoots } from "./index.js";
import * as glue from "./pullproof.js";
import { connect } from "./fetch/run.js";
import { overFetch } from "./fetch/transport.js";

glue.initSync({ module: readFileSync(new URL("./pullproof_bg.wasm", import.meta.url)) });
start(glue);
hashLong((bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`);

// Who copied the module to elsewhere may have left them: only a signature needs them, and says so.
const roots = ["public-good", "github"].map((name) => new URL(`./sigstore/${name}.json`, import.meta.url));
takeRoots(roots.filter((file) => existsSync(file)).map((file) => readFileSync(file)));

connect({ page: false, glue, transport: () => overFetch(globalThis.fetch) });

export { PullproofError, Session, digest, recognise, recover, verifyBundle } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./fetch/run.js";
