// The gateway on Cloudflare Workers. Its hosts, limits and allowed origins are in wrangler.jsonc.

import { gateway } from "../src/js/serve/gateway.js";

let handle;

export default {
  fetch(request, { HOSTS, LIMITS, ORIGINS }) {
    // One for all requests of an isolate: it remembers clients and tokens.
    handle ??= gateway({ hosts: HOSTS, limits: LIMITS, origins: ORIGINS });
    // Cloudflare sets this header itself, whatever the client sends.
    return handle(request, { client: request.headers.get("cf-connecting-ip") });
  },
};
