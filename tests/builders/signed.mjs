// A registry on this machine with the image of tests/sigstore/image.json, which is signed in all ways at once.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const image = JSON.parse(readFileSync(new URL("../sigstore/image.json", import.meta.url), "utf8"));
const digestOf = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const types = { index: "application/vnd.oci.image.index.v1+json", manifest: "application/vnd.oci.image.manifest.v1+json" };
const typeOf = (text) => JSON.parse(text).mediaType ?? types.manifest;

/**
 * Starts one. `bundles` are the bundles of the image that it has, by number; `older` whether it has a signature in cosign's
 * older form; requests with `broken` in their path fail. `place` is the repository that has its signatures.
 */
export async function signedRegistry(t, { bundles = image.bundles.map((_, at) => at), older = true, broken, cors = false, place = "acme/beacon" } = {}) {
  const found = new Map();
  const put = (kind, name, body, type, at = "acme/beacon") => found.set(`/v2/${at}/${kind}/${name}`, { type, body });
  const root = digestOf(image.index);
  for (const text of [image.index, image.parts[0], image.parts[2]]) put("manifests", digestOf(text), text, typeOf(text));
  for (const text of [image.parts[1], image.parts[3], "{}"]) put("blobs", digestOf(text), text, "application/octet-stream");
  put("manifests", "1", image.index, types.index);
  const listed = new Map([[root, []]]);
  for (const at of bundles) {
    const { manifest, bundle } = image.bundles[at];
    const parsed = JSON.parse(manifest);
    put("manifests", digestOf(manifest), manifest, types.manifest, place);
    put("blobs", digestOf(bundle), bundle, "application/octet-stream", place);
    const entry = { mediaType: types.manifest, digest: digestOf(manifest), size: Buffer.byteLength(manifest), artifactType: parsed.artifactType };
    const target = parsed.subject.digest;
    listed.set(target, [...(listed.get(target) ?? []), entry]);
  }
  if (older) {
    put("manifests", `${root.replace(":", "-")}.sig`, image.older.manifest, types.manifest, place);
    put("blobs", digestOf(image.older.payload), image.older.payload, "application/octet-stream", place);
  }
  const asked = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(url);
    const allowed = cors ? { "access-control-allow-origin": "*", "access-control-allow-headers": "accept", "access-control-expose-headers": "docker-content-digest" } : {};
    const send = (status, type, body) => response.writeHead(status, { ...allowed, "content-type": type, ...(status === 200 && { "docker-content-digest": digestOf(body) }) }).end(method === "HEAD" ? "" : body);
    if (broken !== undefined && url.includes(broken)) return send(500, "text/plain", "broken");
    const [, at, target] = /^\/v2\/(.*)\/referrers\/(sha256:[0-9a-f]{64})/.exec(url) ?? [];
    if (target !== undefined) return send(200, types.index, JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: at === place ? (listed.get(target) ?? []) : [] }));
    const own = found.get(url);
    return own === undefined ? send(404, "application/json", JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] })) : send(200, own.type, own.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { host: `127.0.0.1:${server.address().port}`, asked };
}
