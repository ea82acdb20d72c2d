// What browsers bring to a run: their own fetch, through the module for registries, loaded when it is needed.

import { verified } from "./verified.js";

export const web = {
  page: true,
  transport: (glue) => (request, signal) => {
    const headers = request.headers.flatMap(({ name, value }) => [name, value]);
    return glue.send(request.url, headers, request.form, request.follow, signal);
  },
  async load() {
    const glue = await import("./registry.js");
    await glue.default({ module_or_path: await verified("registry_bg.wasm", new URL("./registry_bg.wasm", import.meta.url)) });
    return glue;
  },
};
