// The gateway on Deno Deploy, and wherever else Deno runs. Its hosts, limits and allowed origins are variables, as JSON:
// PULLPROOF_HOSTS, PULLPROOF_LIMITS and PULLPROOF_ORIGINS.

import { gateway } from "../src/js/serve/gateway.js";
import { pinned } from "../src/js/serve/serve.js";

const setting = (name) => JSON.parse(Deno.env.get(name) ?? "null") ?? undefined;

/** All addresses of a name. Having none of one kind is an error to Deno, and usual. */
export async function resolve(name, options) {
  const found = await Promise.allSettled(["A", "AAAA"].map((type) => Deno.resolveDns(name, type, options)));
  return found.flatMap(({ value = [] }) => value);
}

const handle = gateway({
  hosts: setting("PULLPROOF_HOSTS"),
  limits: setting("PULLPROOF_LIMITS"),
  origins: setting("PULLPROOF_ORIGINS"),
  // Deno's own fetch would ask for the addresses again; this one takes those that were checked.
  fetch: pinned(),
  resolve,
});

Deno.serve((request, { remoteAddr }) => handle(request, { client: remoteAddr.hostname }));
