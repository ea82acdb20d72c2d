// Node: the wasm lies beside this file and is read at once, so that importing needs no await.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as full from "./full.js";
import { hashLong, start } from "./index.js";
import { connect } from "./run.js";
import { overFetch } from "./transport.js";

const wasm = (name) => readFileSync(new URL(name, import.meta.url));

full.initSync({ module: wasm("./full_bg.wasm") });
start(full);
hashLong((bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`);

/** What checks policies and signatures is here already. */
export async function trust() {}

connect({
  page: false,
  trust,
  transport: () => overFetch(globalThis.fetch),
  async load() {
    const glue = await import("./registry.js");
    glue.initSync({ module: wasm("./registry_bg.wasm") });
    return glue;
  },
});

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./run.js";
