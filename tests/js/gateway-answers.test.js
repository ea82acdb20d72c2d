// Answers through the gateway: to whom, how much and how long: G07 to G09.

import assert from "node:assert/strict";
import test from "node:test";
import { endless, host, manifest, own, refusal, sha256, startGateway } from "../support/upstream.mjs";

const digest = sha256("x");

test("G07: credentials neither in nor out", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const passed = {
    "content-type": "application/vnd.oci.image.index.v1+json",
    "docker-content-digest": digest,
    "oci-filters-applied": "artifactType",
    "oci-subject": digest,
    "ratelimit-limit": "100;w=21600",
    "ratelimit-remaining": "99;w=21600",
    "retry-after": "7",
  };
  const dropped = {
    "access-control-allow-credentials": "true",
    "access-control-allow-origin": "https://evil.example",
    "alt-svc": "h3=\":443\"",
    "clear-site-data": "\"*\"",
    "docker-ratelimit-source": "192.0.2.1",
    etag: "x",
    location: "https://evil.example/",
    refresh: "0;url=https://evil.example",
    server: "x",
    "service-worker-allowed": "/",
    "set-cookie": "session=1",
    "www-authenticate": "Basic realm=x",
    "x-anything": "y",
  };
  upstream.at(manifest, { headers: { ...passed, ...dropped }, body: "{}" });
  const credentials = { authorization: "Basic c2VjcmV0", cookie: "session=1", "proxy-authorization": "Basic x" };
  const response = await ask(manifest, { headers: credentials });
  assert.deepEqual(Object.keys(upstream.asked[0].headers).sort(), own);
  for (const [name, value] of Object.entries(passed)) assert.equal(response.headers.get(name), value, name);
  for (const [name, value] of Object.entries(dropped)) assert.notEqual(response.headers.get(name), value, name);
  assert.equal(response.headers.has("set-cookie"), false);
  assert.deepEqual(response.headers.getSetCookie(), []);
  assert.equal(response.headers.get("access-control-allow-credentials"), null);
});

test("G07: no answer can be a page or be kept as one", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const html = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "a", ""];
  const others = ["text/javascript", "application/javascript", "application/vnd.mozilla.xul+xml", "multipart/x"];
  const fine = ["application/json", "application/octet-stream", "application/vnd.oci.image.index.v1+json"];
  const layer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
  for (const type of [...html, ...others, ...fine, layer, "application/json; charset=utf-8"]) {
    upstream.at(manifest, { headers: { "content-type": type }, body: "<script>alert(1)</script>" });
    const { headers } = await ask(manifest);
    const essence = type.split(";")[0];
    const expected = [...fine, layer].includes(essence) ? essence : "application/octet-stream";
    assert.equal(headers.get("content-type"), expected, type);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
    assert.equal(headers.get("cross-origin-resource-policy"), "cross-origin");
  }
});

test("G07: what is named by its digest may be kept, what a tag names may not", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const forever = "public, max-age=31536000, immutable";
  const cases = [
    [`manifests/${digest}`, 200, forever],
    [`blobs/${digest}`, 200, forever],
    [`blobs/${digest}`, 404, "no-store"],
    [`referrers/${digest}`, 200, "no-store"],
    ["manifests/1.0", 200, "no-store"],
    ["tags/list", 200, "no-store"],
  ];
  for (const [path, status, expected] of cases) {
    upstream.at(`${host}/v2/a/${path}`, { status, body: "{}" });
    assert.equal((await ask(`${host}/v2/a/${path}`)).headers.get("cache-control"), expected, path);
  }
  assert.equal((await ask(`${host}/v2/`)).headers.get("cache-control"), "no-store");
});

test("G08: bytes pass as they are, and so does a header that contradicts them", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0x00, 0xff, 0xfe, 0x20, 0x7d, 0x0a, 0x0a]);
  const headers = { "content-length": String(bytes.length), "docker-content-digest": digest };
  upstream.at(manifest, { headers, body: bytes });
  const response = await ask(manifest);
  assert.equal(sha256(Buffer.from(await response.arrayBuffer())), sha256(bytes));
  assert.equal(response.headers.get("docker-content-digest"), digest);
  assert.equal(response.headers.get("content-length"), String(bytes.length));
});

test("G08: a registry's errors pass with their status and words", async (t) => {
  const { ask, upstream } = await startGateway(t);
  for (const status of [400, 401, 403, 404, 406, 429, 500, 503]) {
    const body = `{"errors":[{"code":"SAID","message":"by the registry, ${status}"}]}`;
    upstream.at(manifest, { status, headers: { "retry-after": "3" }, body });
    const response = await ask(manifest);
    assert.deepEqual([response.status, await response.text()], [status, body]);
    assert.equal(response.headers.get("retry-after"), "3");
  }
  for (const status of [201, 204, 206, 304]) {
    upstream.at(manifest, { status });
    assert.deepEqual([(await ask(manifest)).status], [502], String(status));
  }
});

test("G09: every page may read, and none with credentials", async (t) => {
  const { ask } = await startGateway(t);
  const headers = { origin: "https://page.example", "sec-fetch-site": "cross-site" };
  for (const init of [{ headers }, { headers, method: "OPTIONS" }, {}]) {
    const response = await ask(manifest, init);
    assert.ok([200, 204].includes(response.status));
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
  }
  const preflight = await ask(manifest, { headers, method: "OPTIONS" });
  assert.equal(preflight.headers.get("access-control-allow-methods"), "GET, HEAD");
  assert.equal(preflight.headers.get("access-control-allow-headers"), "accept");
  const exposed = (await ask(manifest)).headers.get("access-control-expose-headers").split(", ");
  for (const name of ["docker-content-digest", "link", "oci-filters-applied", "retry-after"]) {
    assert.ok(exposed.includes(name), name);
  }
});

test("G09: with a list of origins, no other page's request is answered", async (t) => {
  const origins = ["https://page.example", "https://other.example"];
  const { ask, connected } = await startGateway(t, { origins });
  const cases = [
    [{ origin: "https://page.example", "sec-fetch-site": "cross-site" }, 200],
    [{ origin: "https://other.example" }, 200],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{}, 200],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "https://page.example.evil.example" }, 403],
    [{ origin: "http://page.example" }, 403],
    [{ origin: "null" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
  ];
  for (const [headers, status] of cases) {
    const response = await ask(manifest, { headers });
    assert.equal(response.status, status, JSON.stringify(headers));
    const allowed = status === 200 ? (headers.origin ?? null) : null;
    assert.equal(response.headers.get("access-control-allow-origin"), allowed);
    assert.match(response.headers.get("vary"), /origin/);
    assert.equal(response.headers.get("cross-origin-resource-policy"), "same-origin");
    if (status === 403) assert.equal((await refusal(response)).code, "origin");
  }
  assert.equal(connected.length, 5);
  const preflight = await ask(manifest, { method: "OPTIONS", headers: { origin: "https://evil.example" } });
  assert.equal(preflight.status, 403);
});

test("G09: one client's requests are limited, and it is told how long to wait", async (t) => {
  let time = 0;
  const limits = { client: { burst: 3, perSecond: 0.5 } };
  const { ask, connected } = await startGateway(t, { limits, now: () => time });
  const status = async (client) => (await ask(manifest, {}, { client })).status;
  const times = (count, work) => Promise.all(Array.from({ length: count }, work));
  assert.deepEqual(await times(4, () => status("198.51.100.7")), [200, 200, 200, 429]);
  const response = await ask(manifest, {}, { client: "198.51.100.7" });
  assert.equal(response.headers.get("retry-after"), "2");
  assert.deepEqual(await refusal(response), {
    status: 429,
    code: "rate-limited",
    message: "expected no request for 2 seconds, found one",
    detail: { expected: "no request for 2 seconds", found: "one" },
  });
  assert.equal(await status("198.51.100.8"), 200);
  time += 2000;
  assert.deepEqual(await times(2, () => status("198.51.100.7")), [200, 429]);
  assert.equal(connected.length, 5);
  // The addresses that one line gets are one client.
  const found = [];
  for (const end of ["2::1", "2:ff::1", "2::3", "2::4", "3::1"]) found.push(await status(`2a00:1:1:${end}`));
  assert.deepEqual(found, [200, 200, 200, 429, 200]);
  // Those of whom nothing is known are one too.
  assert.deepEqual(await times(4, () => status(undefined)), [200, 200, 200, 429]);
});

test("G09: one site's requests are limited, whoever looks at it", async (t) => {
  const { ask } = await startGateway(t, { limits: { origin: { burst: 2, perSecond: 1 } }, now: () => 0 });
  const status = async (origin, client) => (await ask(manifest, { headers: { origin } }, { client })).status;
  assert.equal(await status("https://a.example", "1.0.0.1"), 200);
  assert.equal(await status("https://a.example", "1.0.0.2"), 200);
  assert.equal(await status("https://a.example", "1.0.0.3"), 429);
  assert.equal(await status("https://b.example", "1.0.0.3"), 200);
});

test("G09: what is remembered of clients is bounded", async (t) => {
  const limits = { client: { burst: 1, perSecond: 0.001 }, clients: 2 };
  const { ask } = await startGateway(t, { limits, now: () => 0 });
  const status = async (client) => (await ask(manifest, {}, { client })).status;
  assert.deepEqual([await status("a"), await status("b"), await status("a")], [200, 200, 429]);
  // The third pushes out the one longest unused.
  assert.deepEqual([await status("c"), await status("a"), await status("b")], [200, 429, 200]);
});

test("G09: a body over its bound is refused before it is read", async (t) => {
  const { ask, upstream } = await startGateway(t, { limits: { documentBytes: 10, blobBytes: 20 } });
  for (const [path, most] of [["manifests/1.0", 10], ["tags/list", 10], [`blobs/${digest}`, 20]]) {
    const place = `${host}/v2/a/${path}`;
    upstream.at(place, { body: "x".repeat(most) });
    assert.equal((await (await ask(place)).text()).length, most);
    upstream.at(place, { headers: { "content-length": String(most + 1) }, body: "x".repeat(most + 1) });
    const { status, code, message } = await refusal(await ask(place));
    assert.deepEqual([status, code], [502, "limit-exceeded"]);
    assert.equal(message, `expected at most ${most} bytes, found ${most + 1} at the answer of ${host}`);
  }
});

test("G09, R09: a body without end is cut off, and its server hung up on", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const { answer, over } = endless();
  upstream.at(manifest, answer);
  const response = await ask(manifest);
  assert.equal(response.status, 200);
  await assert.rejects(response.arrayBuffer(), /expected at most 4194304 bytes, found more/);
  await over;
});

test("G09, R09: an answer that takes too long to begin", async (t) => {
  const { ask, upstream } = await startGateway(t, { limits: { milliseconds: 100 } });
  const hungUp = new Promise((resolve) => upstream.at(manifest, (request) => request.once("close", resolve)));
  const { status, code, message } = await refusal(await ask(manifest));
  assert.deepEqual([status, code], [504, "timeout"]);
  assert.equal(message, "expected all of the answer within 100 ms, found less");
  await hungUp;
});

test("G09, R09: an answer that takes too long to end", async (t) => {
  let cancelled;
  const start = (controller) => controller.enqueue(new Uint8Array(1));
  const pull = () => new Promise(() => {});
  const body = new ReadableStream({ start, pull, cancel: (reason) => (cancelled = reason.code) });
  const { ask } = await startGateway(t, { limits: { milliseconds: 100 }, fetch: async () => new Response(body) });
  const response = await ask(manifest);
  assert.equal(response.status, 200);
  await assert.rejects(response.text(), /expected all of the answer within 100 ms/);
  assert.equal(cancelled, "timeout");
});

test("G09, R09: a resolver and a fetch that never answer", async (t) => {
  const never = () => new Promise(() => {});
  for (const io of [{ resolve: never }, { fetch: never }]) {
    const { ask } = await startGateway(t, { ...io, limits: { milliseconds: 50 } });
    assert.equal((await refusal(await ask(manifest))).status, 504);
  }
});

test("G09: no more is read of a body than the caller reads", async (t) => {
  let pulled = 0;
  const pull = (controller) => controller.enqueue(new Uint8Array([(pulled += 1)]));
  let cancelled;
  const body = new ReadableStream({ pull, cancel: () => (cancelled = true) }, { highWaterMark: 0 });
  const { ask } = await startGateway(t, { fetch: async () => new Response(body) });
  const reader = (await ask(manifest)).body.getReader();
  assert.equal(pulled, 0);
  assert.deepEqual([...(await reader.read()).value], [1]);
  assert.equal(pulled, 1);
  await reader.cancel();
  assert.equal(cancelled, true);
});

test("G09: whoever hangs up ends the question to the registry too", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const caller = new AbortController();
  const asked = new Promise((resolve) => {
    upstream.at(manifest, (_, response) => {
      resolve(new Promise((closed) => response.once("close", closed)));
      caller.abort();
    });
  });
  const answering = ask(manifest, { signal: caller.signal });
  await (await asked);
  await answering;
});

test("a registry that cannot be reached", async (t) => {
  const fetch = async () => {
    throw new TypeError("fetch failed: https://secret", { cause: { code: "ECONNREFUSED" } });
  };
  const { ask } = await startGateway(t, { fetch });
  const { status, code, message } = await refusal(await ask(manifest));
  assert.deepEqual([status, code], [502, "unreachable"]);
  assert.equal(message, `expected an answer from ${host}, found ECONNREFUSED`);
});
