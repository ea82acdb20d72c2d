// A registry on loopback that serves documents as they are, whatever they are: what no real registry would take
// has to be asked about too.

import { once } from "node:events";
import { createServer } from "node:http";
import { sha256 } from "../builders/bytes.mjs";

/** The type that a registry would send with a document. */
function typeOf(bytes) {
  try {
    const { mediaType, manifests, config, schemaVersion } = JSON.parse(bytes);
    if (typeof mediaType === "string") return mediaType;
    if (schemaVersion === 1) return "application/vnd.docker.distribution.manifest.v1+prettyjws";
    if (manifests !== undefined) return "application/vnd.oci.image.index.v1+json";
    return config === undefined ? "application/json" : "application/vnd.oci.image.manifest.v1+json";
  } catch {
    return "application/octet-stream";
  }
}

/** `tags` has bytes by `repository:tag`; `documents` are served by digest in every repository. Gives its host and port. */
export async function serveVerbatim(t, { tags, documents }) {
  const held = new Map([...documents, ...Object.values(tags)].map((bytes) => [sha256(bytes), bytes]));
  const server = createServer((request, response) => {
    if (request.url === "/v2/") return response.writeHead(200).end("{}");
    const [, name, last] = /^\/v2\/(.+)\/(?:manifests|blobs)\/([^/?]+)$/.exec(request.url) ?? [];
    const bytes = held.get(last) ?? tags[`${name}:${last}`];
    if (bytes === undefined) return response.writeHead(404).end();
    const digest = sha256(bytes);
    response.writeHead(200, { "content-type": typeOf(bytes), "content-length": bytes.length, "docker-content-digest": digest });
    return response.end(request.method === "HEAD" ? undefined : bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${server.address().port}`;
}
