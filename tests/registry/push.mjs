// Reading and writing a registry with plain requests: bytes as they are, checked against nothing.

/**
 * Pushes an image as `host/repository:tag`: blobs, then what names them, its root last under the
 * tag. `headers` go with every request.
 */
export async function push(host, repository, tag, { documents, root }, headers = {}) {
  const at = `http://${host}/v2/${repository}`;
  for (const { kind, digest, mediaType, bytes } of documents) {
    if (kind === "manifest" || kind === "index") {
      // What is pushed by a tag is there by its digest too.
      const name = digest === root && tag ? tag : digest;
      await put(`${at}/manifests/${name}`, mediaType, bytes, headers);
    } else {
      await pushBlob(at, digest, bytes, headers);
    }
  }
}

async function pushBlob(at, digest, bytes, headers) {
  const started = await fetch(`${at}/blobs/uploads/`, { method: "POST", headers });
  if (started.status !== 202) throw await refused(started, "POST", `${at}/blobs/uploads/`, 202);
  const place = new URL(started.headers.get("location"), at);
  place.searchParams.set("digest", digest);
  await put(place, "application/octet-stream", bytes, headers);
}

async function put(url, mediaType, body, headers) {
  const answer = await fetch(url, { method: "PUT", headers: { ...headers, "content-type": mediaType }, body });
  if (answer.status !== 201) throw await refused(answer, "PUT", url, 201);
  await answer.arrayBuffer();
}

async function refused(answer, method, url, expected) {
  return new Error(`${method} ${url}: expected ${expected}, found ${answer.status} ${await answer.text()}`);
}
