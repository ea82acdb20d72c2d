// `npm start`: builds, then serves the page on loopback. `npm start -- 8080` takes that port.

import "./build.mjs";
import { join } from "node:path";
import { Stop, main, root } from "./command.mjs";
import { serve } from "./serve.mjs";

await main(async () => {
  const port = Number(process.argv[2] ?? process.env.PORT ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Stop(`expected a port from 0 to 65535, found ${process.argv[2] ?? process.env.PORT}`);
  }
  const { address } = await serve(join(root, "dist", "site"), port).catch((error) => {
    throw new Stop(`cannot listen on 127.0.0.1:${port}: ${error.message}`);
  });
  console.log(`\npullproof is at ${address}  (Ctrl+C stops it)`);
});
