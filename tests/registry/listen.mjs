// A server of ours on a free port of 127.0.0.1.
import { once } from "node:events";
import { createServer } from "node:http";

/** Starts it; `stop()` ends it with every connection that it has, also those that never end. */
export async function listen(handler) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { host: `127.0.0.1:${server.address().port}`, stop };
}
