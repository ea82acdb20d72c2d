// Upstream servers for a gateway, on loopback: registries, token servers, storage and DNS over HTTPS of any name, told apart
// by the Host header. Tests say what each answers, and read what each was asked.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { gateway } from "../../src/js/serve/gateway.js";
import { pinned } from "../../src/js/serve/serve.js";

export const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** An address that is on the internet; nothing is ever sent there. */
export const publicAddress = "1.1.1.1";

/** Starts one; it stops after the test. `at("HOST/PATH", answer)` says what is there. */
export async function startUpstream(t, address = "127.0.0.1", port = 0) {
  const answers = new Map();
  const asked = [];
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    asked.push({ method, host: headers.host, url, headers });
    const [path] = url.split("?");
    const answer = answers.get(`${headers.host}${path}`) ?? answers.get(path) ?? { status: 404 };
    if (typeof answer === "function") return answer(incoming, response);
    response.writeHead(answer.status ?? 200, answer.headers);
    return response.end(answer.body);
  });
  server.listen(port, address);
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = (place, answer) => answers.set(place, answer);
  return { at, asked, port: server.address().port, host: `${address}:${server.address().port}` };
}

/** The token that the token server below gives for a repository. */
export const tokenFor = (repository) => `token-for-repository:${repository}:pull`;

/**
 * A repository that wants a token, and the server that gives it: `answers` by path inside the repository,
 * `realm` in the challenge, which also asks for more than is needed.
 */
export function wantToken(upstream, { registry, realm, repository, answers, token = {} }) {
  const challenge = `Bearer realm="${realm}",service="a service",scope="repository:other/one:pull,push"`;
  for (const [path, answer] of Object.entries(answers)) {
    upstream.at(`${registry}/v2/${repository}${path}`, ({ headers }, response) => {
      const known = headers.authorization === `Bearer ${tokenFor(repository)}`;
      const denied = { status: 401, headers: { "www-authenticate": challenge }, body: "{}" };
      const { status = 200, headers: own, body } = known ? answer : denied;
      response.writeHead(status, own).end(body);
    });
  }
  const { host, pathname } = new URL(realm);
  upstream.at(`${host}${pathname}`, ({ url }, response) => {
    const scope = new URL(url, "http://localhost").searchParams.get("scope");
    response.end(JSON.stringify({ token: `token-for-${scope}`, ...token }));
  });
}

/** A `fetch` and a `resolve` by which every name leads to the upstream, and a record of both. */
export function everywhere(upstream, addresses = {}) {
  const connected = [];
  const resolved = [];
  const direct = pinned({});
  const fetch = (url, init, checked) => {
    const { host, pathname, search } = new URL(url);
    const { redirect, cache } = init;
    connected.push({ url, addresses: checked, redirect, cache });
    const headers = { ...init.headers, host };
    return direct(`http://${upstream.host}${pathname}${search}`, { ...init, headers }, ["127.0.0.1"]);
  };
  const resolve = async (name) => {
    resolved.push(name);
    return [addresses[name] ?? publicAddress].flat();
  };
  return { fetch, resolve, connected, resolved };
}

/** The one registry of most tests, and a manifest in it. */
export const host = "registry.example";
export const manifest = `${host}/v2/library/app/manifests/1.0`;

/** A gateway with an upstream of its own, open for one manifest; `ask(PATH, init, { client })`. */
export async function startGateway(t, { addresses, ...options } = {}) {
  const upstream = await startUpstream(t);
  upstream.at(manifest, { body: "{}", headers: { "content-type": "application/json" } });
  const io = everywhere(upstream, addresses);
  const handle = gateway({ hosts: [host], ...io, ...options });
  const ask = async (path, init, who) => {
    const response = await handle(new Request(`https://gateway.example/${path}`, init), who);
    // What a test does not read would wait for its reader.
    t.after(() => response.body?.cancel().catch(() => {}));
    return response;
  };
  return { upstream, ask, ...io };
}

/** The headers that a registry gets: the gateway's own, and no other. */
export const own = ["accept", "accept-encoding", "connection", "host", "user-agent"];

/** An answer that leads elsewhere. */
export const away = (location) => ({ status: 307, headers: { location } });

/** An answer that never ends, and whether it was hung up on: a promise. */
export function endless() {
  let hungUp;
  const over = new Promise((resolve) => (hungUp = resolve));
  const part = Buffer.alloc(64 << 10, " ");
  const answer = (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(part));
    };
    response.on("drain", more).once("close", hungUp);
    more();
  };
  return { answer, over };
}

/** The one error of a refusal, with its status. */
export async function refusal(response) {
  const { errors } = await response.json();
  return { status: response.status, ...errors[0] };
}

/** Sends exactly this path and these headers, which `fetch` would tidy. */
export function raw(address, path, { method = "GET", headers = {} } = {}) {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
    }).on("error", reject).end();
  });
}
