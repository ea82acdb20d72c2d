// Node: the wasm lies beside this file and is read at once, so that importing needs no await.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hashLong, start } from "./index.js";
import * as glue from "./pullproof.js";
import { connect } from "./fetch/run.js";
import { overFetch } from "./fetch/transport.js";

glue.initSync({ module: readFileSync(new URL("./pullproof_bg.wasm", import.meta.url)) });
start(glue);
hashLong((bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`);

connect({ page: false, glue, transport: () => overFetch(globalThis.fetch) });

export { PullproofError, Session, digest, recognise, recover, verifyBundle } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./fetch/run.js";
