// A server on loopback: the page, and the gateway beside it. It serves its folders and nothing else.

import { createReadStream } from "node:fs";
import { lookup as lookUp } from "node:dns/promises";
import { stat } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { isIPv6 } from "node:net";
import { extname, join, resolve as resolvePath, sep } from "node:path";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { gateway, registries as known } from "./gateway.js";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

const gatewayPath = "/gateway/";

/** A folder that is named by what is in it never changes. The rest does with every build, and a stale module beside a new one is hard to see. */
const named = /\/build-[0-9a-f]{16}\//;

/** All that ask are on this machine, and mostly one person. */
const mostAsked = { client: { burst: 3000, perSecond: 100 } };

/**
 * Serves a `folder`, or `files` by their names, on 127.0.0.1, and the gateway under `gateway/`; port 0 takes a free one.
 * Gives both addresses and a way to stop.
 *
 * `registries` are registries on this machine (`127.0.0.1:5000`) that the gateway reads too.
 * `hosts` and `limits` are the gateway's; `origins` are other sites whose pages may use it, or "*";
 * `lookup(name)` gives the addresses of a name; `agents` make the gateway's connections.
 */
export async function serve({ folder, files, port = 0, origins = [], limits, ...given } = {}) {
  const { registries = [], hosts = known, lookup = allAddresses, agents = keptAlive() } = given;
  const own = registries.map((host) => ({ host, http: true, loopback: true }));
  const server = http.createServer();
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const names = ["127.0.0.1", "localhost"].map((name) => new URL(`http://${name}:${server.address().port}`));
  const handle = gateway({
    hosts: [...hosts, ...own],
    origins: origins === "*" ? "*" : [...names.map(({ origin }) => origin), ...origins],
    path: gatewayPath,
    limits: { ...mostAsked, ...limits },
    fetch: pinned(agents),
    resolve: lookup,
  });
  const served = { folder, files, address: names[0].href, hosts: names.map(({ host }) => host), handle };
  server.on("request", (request, response) => answer(served, request, response));
  const close = () => {
    server.closeAllConnections();
    for (const agent of Object.values(agents)) agent.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: served.address, gateway: new URL(gatewayPath, served.address).href, close };
}

async function answer(own, request, response) {
  // A name of somebody else's that leads here would let their page read what only ours may (DNS rebinding).
  if (!own.hosts.includes(request.headers.host)) return refuse(response, 421);
  const url = URL.canParse(request.url, own.address) && new URL(request.url, own.address);
  if (!url) return refuse(response, 400);
  if (url.pathname.startsWith(gatewayPath)) return relay(own, url, request, response);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
  const file = own.files ? fileIn(own.files, url.pathname) : await fileFor(own.folder, url.pathname);
  if (!file) return refuse(response, 404);
  response.writeHead(200, {
    "cache-control": named.test(url.pathname) ? "public, max-age=31536000, immutable" : "no-store",
    "content-length": file.size,
    "content-type": types[extname(file.path)] ?? "application/octet-stream",
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") return response.end();
  if (file.bytes) return response.end(file.bytes);
  return createReadStream(file.path).on("error", () => response.destroy()).pipe(response);
}

function refuse(response, status) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${status}\n`);
}

/** The file among these that a path names, or undefined. */
function fileIn(files, pathname) {
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  const bytes = files.get(path.slice(1));
  return bytes && { path, bytes, size: bytes.length };
}

/** The file that a path names inside a folder, or undefined. */
async function fileFor(named, pathname) {
  const folder = resolvePath(named);
  try {
    // URL has resolved "..", and what is still hidden as %2e or %5c shows up after decoding.
    const path = decodeURIComponent(pathname);
    if (path.split(/[/\\]/).includes("..") || path.includes("\0")) return undefined;
    const full = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    if (!full.startsWith(folder + sep)) return undefined;
    const found = await stat(full);
    return found.isFile() ? { path: full, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}

/** Answers with what the gateway says, as fast as it is read; whoever goes away stops it. */
async function relay({ address, handle }, { pathname, search }, request, response) {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  let asked;
  try {
    const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values.join(", ")]);
    const { method } = request;
    asked = new Request(new URL(pathname + search, address), { method, headers, signal: gone.signal });
  } catch {
    // TRACE, or a header that the web does not have.
    return refuse(response, 400);
  }
  const answered = await handle(asked, { client: request.socket.remoteAddress });
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  if (!answered.body) return response.end();
  // A failure while sending ends the response too, so that it does not look whole.
  return pipeline(answered.body, response, () => {});
}

const allAddresses = async (name) => (await lookUp(name, { all: true })).map(({ address }) => address);

/** Agents that use a connection again only for the addresses that it was made for. */
export function keptAlive() {
  const addressed = ({ Agent }) =>
    class extends Agent {
      getName(options) {
        return `${super.getName(options)} ${options.addresses}`;
      }
    };
  const agent = (module) => new (addressed(module))({ keepAlive: true });
  return { "http:": agent(http), "https:": agent(https) };
}

/**
 * A `fetch` for the gateway: it connects to the addresses that were checked and to no other, so that a
 * name that means something else a moment later changes nothing. It follows no redirect.
 */
export function pinned(agents = keptAlive()) {
  return (url, { method = "GET", headers, signal } = {}, addresses = []) =>
    new Promise((resolve, reject) => {
      const { protocol } = new URL(url);
      const { request } = protocol === "https:" ? https : http;
      const lookup = (_, { all }, done) => lookedUp(addresses, all, done);
      const connection = { lookup, agent: agents[protocol], addresses: [...addresses].sort().join() };
      request(url, { method, headers, signal, ...connection })
        .on("error", reject)
        .on("response", (message) => {
          try {
            resolve(responseOf(message, method));
          } catch (error) {
            message.destroy();
            reject(error);
          }
        })
        .end();
    });
}

function lookedUp(addresses, all, done) {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  if (found.length === 0) return done(new Error("expected an address that was checked, found none"));
  return all ? done(null, found) : done(null, found[0].address, found[0].family);
}

/** The message as the web has it: the encoding undone, and the headers that tell of it left out. */
function responseOf(message, method) {
  const { statusCode: status, rawHeaders } = message;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
  if (method === "HEAD" || [204, 205, 304].includes(status)) {
    message.resume();
    return new Response(null, { status, headers });
  }
  const encoding = headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding === "identity") return new Response(webStream(message), { status, headers });
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(webStream(decoded(message, encoding)), { status, headers });
}

function decoded(message, encoding) {
  const decoders = { br: createBrotliDecompress, deflate: createInflate, gzip: createGunzip };
  if (!Object.hasOwn(decoders, encoding)) {
    const error = new Error(`expected no encoding that was not asked for, found ${encoding}`);
    throw Object.assign(error, { code: "content-encoding" });
  }
  // An error destroys the decoder, and its reader gets the error.
  return pipeline(message, decoders[encoding](), () => {});
}

/** A stream of the web that reads only what is asked of it: Node's own may hold thousands of chunks. */
function webStream(stream) {
  const parts = stream[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) return controller.close();
      return controller.enqueue(new Uint8Array(value));
    },
    cancel: () => void stream.destroy(),
  }, { highWaterMark: 0 });
}
