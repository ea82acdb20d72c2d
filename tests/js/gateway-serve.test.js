// The server on loopback: the page as it lies, the gateway beside it, and the connections that it makes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { keptAlive, pinned, serve } from "../../src/js/serve/serve.js";
import { endless, publicAddress, raw, refusal, sha256, startUpstream } from "../support/upstream.mjs";

const digest = sha256("x");

/** A server of a folder with these files, for a registry on loopback. */
async function start(t, { files = {}, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-site-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const upstream = await startUpstream(t);
  const hosts = [{ host: upstream.host, http: true, loopback: true }];
  const server = await serve({ folder: join(folder, "site"), hosts, ...options });
  t.after(server.close);
  const ask = (path, init) => fetch(`${server.gateway}${upstream.host}/v2/library/app/${path}`, init);
  const at = (path, answer) => upstream.at(`/v2/library/app/${path}`, answer);
  return { ...server, folder, upstream, ask, at };
}

const inside = { "site/index.html": "<p>page", "site/main.js": "1", "site/a/index.html": "deep" };
const site = { ...inside, "outside.txt": "secret" };

test("serves the files of its folder, uncached and with their types", async (t) => {
  const { address } = await start(t, { files: { ...site, "site/x.wasm": "", "site/x.unknown": "" } });
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const cases = [
    ["", "text/html; charset=utf-8", "<p>page"],
    ["index.html?query", "text/html; charset=utf-8", "<p>page"],
    ["a/", "text/html; charset=utf-8", "deep"],
    ["main.js", "text/javascript; charset=utf-8", "1"],
    ["x.wasm", "application/wasm", ""],
    ["x.unknown", "application/octet-stream", ""],
  ];
  for (const [path, type, text] of cases) {
    const response = await fetch(address + path);
    assert.equal(response.headers.get("content-type"), type);
    assert.equal(response.headers.get("content-length"), String(text.length));
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(await response.text(), text);
    const head = await fetch(address + path, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), String(text.length));
  }
});

test("what is in a folder named by its content may be kept, and nothing else", async (t) => {
  const build = "build-0123456789abcdef";
  const { address } = await start(t, { files: { ...site, [`site/${build}/main.js`]: "1", "site/build-/main.js": "1", [`site/${build}.js`]: "1" } });
  const kept = async (path) => (await fetch(address + path)).headers.get("cache-control");
  assert.equal(await kept(`${build}/main.js`), "public, max-age=31536000, immutable");
  for (const path of ["", "main.js", "build-/main.js", `${build}.js`]) assert.equal(await kept(path), "no-store", path);
});

test("serves nothing outside its folder", async (t) => {
  const { address } = await start(t, { files: site });
  const paths = [
    "/../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/..%5coutside.txt", "/a/../../outside.txt",
    "/a", "/nothing", "/index.html%00.js", "/%", "/site/index.html", "/gateway",
  ];
  for (const path of paths) {
    const { status, body } = await raw(address, path);
    assert.deepEqual([status, String(body)], [404, "404\n"], path);
  }
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    assert.equal((await raw(address, "/", { method })).status, 405);
  }
});

test("takes a port that is asked for, and says when it is taken", async (t) => {
  const { address } = await start(t, { files: site });
  const port = Number(new URL(address).port);
  await assert.rejects(serve({ folder: "/", port }), { code: "EADDRINUSE" });
});

test("stops: nothing answers any more, not even what had begun", async (t) => {
  const { gateway, close, ask, at } = await start(t);
  const { answer, over } = endless();
  at("manifests/1.0", answer);
  const idle = new Promise((resolve) => {
    at("manifests/2.0", ({ socket }, answered) => {
      resolve(new Promise((closed) => socket.once("close", closed)));
      answered.end();
    });
  });
  const response = await ask("manifests/1.0");
  await (await ask("manifests/2.0")).text();
  await close();
  await assert.rejects(response.text());
  await over;
  await idle;
  await assert.rejects(fetch(gateway));
});

test("G02: a name that is not this server's own is refused, for the page and the gateway", async (t) => {
  const { address, gateway, upstream } = await start(t, { files: site });
  const { port } = new URL(address);
  const names = ["evil.example", `evil.example:${port}`, "127.0.0.1", "127.0.0.1:1", `127.0.0.2:${port}`, "[::1]"];
  const paths = ["/", "/main.js", "/gateway/", `/gateway/${upstream.host}/v2/a/manifests/1.0`];
  for (const name of names) {
    const headers = { host: name };
    for (const path of paths) assert.equal((await raw(address, path, { headers })).status, 421, name);
  }
  for (const name of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    for (const path of ["/", "/gateway/"]) {
      assert.equal((await raw(address, path, { headers: { host: name } })).status, 200, name);
    }
  }
  // Whatever an absolute address names, the Host counts.
  assert.equal((await raw(address, "http://evil.example/", { headers: { host: "evil.example" } })).status, 421);
  const nameless = connect(Number(port), "127.0.0.1").end("GET / HTTP/1.0\r\n\r\n");
  const [bytes] = await once(nameless, "data");
  assert.match(String(bytes), /^HTTP\/1\.1 421 /);
  assert.equal((await fetch(gateway)).status, 200);
  assert.deepEqual(upstream.asked, []);
});

test("G09: only its own page may use the gateway", async (t) => {
  const { address, ask, at, upstream } = await start(t);
  at("manifests/1.0", { body: "{}" });
  const { origin, port } = new URL(address);
  const path = `/gateway/${upstream.host}/v2/library/app/manifests/1.0`;
  const askWith = (headers) => raw(address, path, { headers });
  const mine = [{}, { origin }, { "sec-fetch-site": "same-origin" }, { origin: `http://localhost:${port}` }];
  for (const given of mine) assert.equal((await askWith(given)).status, 200, JSON.stringify(given));
  const others = [
    { origin: "https://evil.example" }, { origin: "null" }, { origin: "http://127.0.0.1:1" },
    { origin: `https://localhost:${port}` }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" },
  ];
  for (const given of others) {
    const { status, headers: got, body } = await askWith(given);
    assert.equal(status, 403, JSON.stringify(given));
    assert.equal(JSON.parse(body).errors[0].code, "origin");
    assert.equal(got["access-control-allow-origin"], undefined);
  }
  assert.equal(upstream.asked.length, mine.length);
  const preflight = await ask("manifests/1.0", { method: "OPTIONS", headers: { origin: "https://evil.example" } });
  assert.equal(preflight.status, 403);
});

test("G09: other pages when they are allowed", async (t) => {
  const page = "https://page.example";
  for (const [origins, expected] of [[[page], page], ["*", "*"]]) {
    const { ask, at } = await start(t, { origins });
    at("manifests/1.0", { body: "{}" });
    const headers = { origin: page, "sec-fetch-site": "cross-site" };
    for (const [method, status] of [["GET", 200], ["OPTIONS", 204]]) {
      const response = await ask("manifests/1.0", { method, headers });
      assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [status, expected]);
    }
  }
});

test("G09: the limit counts everybody on this machine as one", async (t) => {
  const { ask, at } = await start(t, { limits: { client: { burst: 1, perSecond: 0.1 } } });
  at("manifests/1.0", { body: "{}" });
  assert.equal((await ask("manifests/1.0")).status, 200);
  const response = await ask("manifests/1.0");
  assert.deepEqual([response.status, response.headers.get("retry-after")], [429, "10"]);
});

test("G05, G06: requests as no browser sends them", async (t) => {
  const { address, upstream } = await start(t);
  const inside = `/gateway/${upstream.host}/v2/library/app/manifests/1.0`;
  const code = ({ body }) => JSON.parse(body).errors[0].code;
  const cases = [
    [`${inside}%0d%0aX:%20y`, "reference"],
    [`${inside}/../../../../../../x`, "host"],
    [inside.replace("/v2", "@evil.example/v2"), "host"],
    [inside.replace("/v2", "%2f..%2fv2"), "host"],
    [inside.replace("/gateway/", "/gateway//"), "host"],
    [inside.replace("/v2/", "\\v2\\"), "name"],
  ];
  for (const [path, expected] of cases) {
    if (expected === "name") assert.equal((await raw(address, path)).status, 404, path);
    else assert.equal(code(await raw(address, path)), expected, path);
  }
  assert.equal(code(await raw(address, inside, { method: "POST" })), "method");
  assert.equal((await raw(address, inside, { method: "TRACE" })).status, 400);
  const forwarded = { cookie: "a=1", forwarded: "host=x", "x-forwarded-for": "10.0.0.1", "x-forwarded-host": "x" };
  await raw(address, inside, { headers: forwarded });
  const asked = upstream.asked.at(-1);
  for (const name of Object.keys(forwarded)) assert.equal(asked.headers[name], undefined, name);
  assert.equal(asked.host, upstream.host);
});

test("G08: bytes through two connections are the bytes", async (t) => {
  const { ask, at } = await start(t);
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 256));
  const headers = { "content-length": bytes.length, "docker-content-digest": digest };
  at("manifests/1.0", { headers, body: bytes });
  const response = await ask("manifests/1.0");
  assert.equal(response.headers.get("content-length"), String(bytes.length));
  assert.equal(response.headers.get("docker-content-digest"), digest);
  assert.equal(sha256(Buffer.from(await response.arrayBuffer())), sha256(bytes));
  const head = await ask("manifests/1.0", { method: "HEAD" });
  assert.deepEqual([head.headers.get("content-length"), await head.text()], [String(bytes.length), ""]);
});

test("R10: gzip that was added on the way", async (t) => {
  const { ask, at } = await start(t);
  const bytes = Buffer.from("{}\n".repeat(1000));
  at("manifests/1.0", { headers: { "content-encoding": "gzip" }, body: gzipSync(bytes) });
  const response = await ask("manifests/1.0");
  assert.equal(response.headers.get("content-encoding"), null);
  assert.equal(sha256(Buffer.from(await response.arrayBuffer())), sha256(bytes));
});

test("R09: a body that breaks off, and one without end, never end as if they were whole", async (t) => {
  const { ask, at } = await start(t);
  at("manifests/short", (_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  at("manifests/chunked", (_, response) => void response.write("half", () => response.destroy()));
  const { answer, over } = endless();
  at("manifests/endless", answer);
  for (const name of ["short", "chunked", "endless"]) {
    const response = await ask(`manifests/${name}`);
    assert.equal(response.status, 200);
    await assert.rejects(response.arrayBuffer(), name);
  }
  await over;
});

test("R09: whoever hangs up ends the question to the registry too", async (t) => {
  const { ask, at } = await start(t);
  const { answer, over } = endless();
  at("manifests/1.0", answer);
  const reader = (await ask("manifests/1.0")).body.getReader();
  assert.equal((await reader.read()).done, false);
  await reader.cancel();
  await over;
  const caller = new AbortController();
  const closed = new Promise((resolve) => {
    at("manifests/slow", (request) => {
      request.once("close", resolve);
      caller.abort();
    });
  });
  await assert.rejects(ask("manifests/slow", { signal: caller.signal }), { name: "AbortError" });
  await closed;
});

test("G02: what a name leads to is asked once, and a changed answer changes nothing", async (t) => {
  const upstream = await startUpstream(t);
  upstream.at("/v2/a/manifests/1.0", { body: "here" });
  const host = `registry.test:${upstream.port}`;
  const answers = [["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["1.1.1.1"], []];
  const names = [];
  const lookup = async (name) => answers[names.push(name) - 1];
  const { gateway, close } = await serve({ hosts: [{ host, http: true, loopback: true }], lookup });
  t.after(close);
  const ask = () => fetch(`${gateway}${host}/v2/a/manifests/1.0`);
  assert.equal(await (await ask()).text(), "here");
  assert.deepEqual(names, ["registry.test"]);
  assert.equal(upstream.asked[0].host, host);
  for (const code of ["private-address", "private-address", "private-address", "resolution"]) {
    assert.equal((await refusal(await ask())).code, code);
  }
  assert.equal(names.length, answers.length);
  assert.equal(upstream.asked.length, 1);
});

/** An agent that asks for the address as often as it likes, and then connects to the upstream. */
function asking(upstream, found) {
  class Agent extends https.Agent {
    createConnection({ lookup, host }) {
      for (const all of [true, false, true]) {
        lookup(host, { all }, (_, address) => found.push(all ? address[0].address : address));
      }
      return connect(upstream.port, "127.0.0.1");
    }
  }
  return new Agent();
}

test("G02: a name that is public for the check and private for the connection", async (t) => {
  const upstream = await startUpstream(t);
  upstream.at("registry.example/v2/a/manifests/1.0", { body: "here" });
  let times = 0;
  const lookup = async () => (times++ === 0 ? [publicAddress] : ["127.0.0.1"]);
  const found = [];
  const agents = { "http:": new http.Agent(), "https:": asking(upstream, found) };
  const { gateway, close } = await serve({ hosts: ["registry.example"], lookup, agents });
  t.after(close);
  const ask = () => fetch(`${gateway}registry.example/v2/a/manifests/1.0`);
  assert.equal(await (await ask()).text(), "here");
  assert.deepEqual([found, times], [[publicAddress, publicAddress, publicAddress], 1]);
  assert.equal((await refusal(await ask())).code, "private-address");
  assert.equal(found.length, 3);
});

test("G02: the connection gets every checked address, of either kind, and no address when there is no checked one", async (t) => {
  const upstream = await startUpstream(t);
  upstream.at("/x", { body: "here" });
  const ask = (addresses) => pinned()(`http://name.example:${upstream.port}/x`, {}, addresses);
  assert.equal(await (await ask(["::1", "127.0.0.1"])).text(), "here");
  await assert.rejects(ask([]), /expected an address that was checked, found none/);
  await assert.rejects(ask(undefined), /expected an address that was checked, found none/);
});

test("G02: a connection is used again only for the addresses that it was made for", async (t) => {
  const upstream = await startUpstream(t);
  const sockets = new Set();
  upstream.at("/x", ({ socket }, response) => response.end(String(sockets.add(socket).size)));
  const agents = keptAlive();
  t.after(() => agents["http:"].destroy());
  const fetch = pinned(agents);
  const ask = (addresses) => fetch(`http://name.example:${upstream.port}/x`, {}, addresses);
  assert.equal(await (await ask(["127.0.0.1"])).text(), "1");
  assert.equal(await (await ask(["127.0.0.1"])).text(), "1");
  // Nobody listens there, which a connection to the first address would not notice.
  await assert.rejects(ask(["::1"]), { syscall: "connect" });
});

test("R10: an encoding that is undone is not told of", async (t) => {
  const upstream = await startUpstream(t);
  upstream.at("/x", { headers: { "content-encoding": "gzip", "content-length": "21" }, body: gzipSync("x") });
  const { headers } = await pinned()(`http://name.example:${upstream.port}/x`, {}, ["127.0.0.1"]);
  for (const name of ["content-encoding", "content-length"]) assert.equal(headers.get(name), null);
});

test("https says the name that was asked for, and never falls back", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const host = `registry.test:${server.address().port}`;
  const lookup = async () => ["127.0.0.1"];
  const { gateway, close } = await serve({ hosts: [{ host, loopback: true }], lookup });
  t.after(close);
  const hello = once(server, "connection").then(async ([socket]) => {
    const [bytes] = await once(socket, "data");
    socket.destroy();
    return bytes;
  });
  const error = await refusal(await fetch(`${gateway}${host}/v2/a/manifests/1.0`));
  assert.deepEqual([error.status, error.code], [502, "unreachable"]);
  const bytes = await hello;
  // A TLS handshake record with the server's name in it.
  assert.equal(bytes[0], 22);
  assert.ok(bytes.includes("registry.test"));
  assert.equal(bytes.includes("GET"), false);
});
