// Browsers: the module of wasm, which lies beside this file. Bundlers know this way of naming it and bring it along.

import { start } from "./index.js";
import * as glue from "./pullproof.js";
import { verified } from "./wasm.js";

await glue.default({ module_or_path: await verified("pullproof_bg.wasm", new URL("./pullproof_bg.wasm", import.meta.url)) });
start(glue);

export { glue };
