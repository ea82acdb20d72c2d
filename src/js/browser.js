// Browsers: the wasm lies beside this file. Bundlers know this way of naming it and bring it along.

import { start } from "./index.js";
import init from "./pullproof.js";

await init({ module_or_path: new URL("./pullproof_bg.wasm", import.meta.url) });
start();

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
