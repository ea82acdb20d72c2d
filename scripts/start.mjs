// `npm start`: builds, then serves the page on loopback, with the gateway that it fetches through.
// `npm start -- 8080` takes that port; `--registry 127.0.0.1:5000` has the gateway read that one too.

import "./build.mjs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Stop, main, root } from "./command.mjs";
import { serve } from "./serve.mjs";

await main(async () => {
  const { positionals, registries } = typed();
  const text = positionals[0] ?? process.env.PORT ?? "0";
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new Stop(`expected a port from 0 to 65535, found ${text}`);
  const { address } = await serve(join(root, "dist", "site"), port, registries).catch((error) => {
    throw new Stop(`cannot listen on 127.0.0.1:${port}: ${error.message}`);
  });
  console.log(`\npullproof is at ${address}  (Ctrl+C stops it)`);
});

function typed() {
  try {
    const options = { registry: { type: "string", multiple: true, default: [] } };
    const { positionals, values } = parseArgs({ options, allowPositionals: true });
    return { positionals, registries: values.registry };
  } catch (error) {
    throw new Stop(error.message);
  }
}
