// The server of the package, for a folder of this repository: the page, and tests.

import { serve as serveAll } from "../src/js/serve/serve.js";

/** Serves a folder on 127.0.0.1, and the gateway beside it; port 0 takes a free one. */
export const serve = (folder, port = 0, registries = []) => serveAll({ folder, port, registries });
