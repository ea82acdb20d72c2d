// Browsers: the wasm lies beside this file. Bundlers know this way of naming it and bring it along.

import { start } from "./index.js";
import init from "./pullproof.js";
import { connect } from "./run.js";

await init({ module_or_path: new URL("./pullproof_bg.wasm", import.meta.url) });
start();

connect({
  page: true,
  transport: (glue) => (request, signal) => {
    const headers = request.headers.flatMap(({ name, value }) => [name, value]);
    return glue.send(request.url, headers, request.follow, signal);
  },
  async load() {
    const glue = await import("./registry.js");
    await glue.default({ module_or_path: new URL("./registry_bg.wasm", import.meta.url) });
    return glue;
  },
});

export { PullproofError, Session, digest, recognise, recover } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./run.js";
