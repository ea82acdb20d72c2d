// Node: the wasm lies beside this file and is read at once, so that importing needs no await.

import { readFileSync } from "node:fs";
import { start } from "./index.js";
import { initSync } from "./pullproof.js";

initSync({ module: readFileSync(new URL("./pullproof_bg.wasm", import.meta.url)) });
start();

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
