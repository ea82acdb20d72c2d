// A registry for the page to ask: what it serves, and what it does wrong, is each test's to say.

import { once } from "node:events";
import { createServer } from "node:http";
import { image } from "../builders/images.mjs";

/**
 * Starts one on a free port of 127.0.0.1. `images`: by `repository:tag`, the name of an image of the
 * tests; they can be asked for by digest too. Gives its host and what it was asked for.
 *
 * - `cors`: whether pages may read it.
 * - `users`: `name:password` that may; without them everybody may.
 * - `answer(path)`: what it does otherwise: `{ status, headers, body }`, or a promise of that.
 */
export async function fakeRegistry(t, images, { cors = true, users, answer = () => undefined } = {}) {
  const found = contents(images);
  const asked = [];
  const server = createServer(async (request, response) => {
    asked.push({ method: request.method, path: request.url, headers: request.headers });
    const allowed = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "authorization, accept",
      "access-control-expose-headers": "docker-content-digest, www-authenticate",
    };
    const own = (await answer(request.url)) ?? stranger(users, request) ?? found.get(request.url) ?? unreferred(request.url);
    const { status = 200, headers = {}, body = "" } = own ?? notFound(request.url);
    response.writeHead(status, { ...(cors ? allowed : {}), ...headers });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${server.address().port}`;
  return { host, origin: `http://${host}`, asked };
}

function contents(images) {
  const found = new Map();
  for (const [reference, name] of Object.entries(images)) {
    const [repository, tag] = reference.split(":");
    const { documents, root } = image(name);
    for (const { kind, digest, mediaType, bytes } of documents) {
      const part = kind === "manifest" || kind === "index" ? "manifests" : "blobs";
      const served = { headers: { "content-type": mediaType, "docker-content-digest": digest }, body: bytes };
      found.set(`/v2/${repository}/${part}/${digest}`, served);
      if (digest === root) found.set(`/v2/${repository}/manifests/${tag}`, served);
    }
  }
  return found;
}

function stranger(users, { method, headers }) {
  if (users === undefined) return undefined;
  // A browser asks first whether it may send who asks.
  if (method === "OPTIONS") return { status: 204 };
  const known = users.some((user) => headers.authorization === `Basic ${Buffer.from(user).toString("base64")}`);
  if (known) return undefined;
  return {
    status: 401,
    headers: { "www-authenticate": 'Basic realm="registry"' },
    body: said("UNAUTHORIZED", "who asks?"),
  };
}

/** To the referrers API, unless told otherwise: nothing refers to anything. */
function unreferred(path) {
  if (!path.includes("/referrers/")) return undefined;
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return { headers: { "content-type": mediaType }, body: JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }) };
}

const notFound = (path) => ({ status: 404, body: said("MANIFEST_UNKNOWN", `nothing at ${path}`) });

/** An error in the words of registries. */
export const said = (code, message) => JSON.stringify({ errors: [{ code, message }] });
