// A static file server on loopback, for the page and for tests. It serves one folder and nothing else.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";

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

/** Serves a folder on 127.0.0.1; port 0 takes a free one. Gives the address and a way to stop. */
export async function serve(folder, port = 0) {
  const server = createServer((request, response) => answer(folder, request, response));
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}/`, close };
}

async function answer(folder, request, response) {
  const file = await fileFor(folder, request.url);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
  if (!file) return refuse(response, 404);
  response.writeHead(200, {
    // The page changes with every build, and a stale module beside a new one is hard to see.
    "cache-control": "no-store",
    "content-length": file.size,
    "content-type": types[extname(file.path)] ?? "application/octet-stream",
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") return response.end();
  return createReadStream(file.path).on("error", () => response.destroy()).pipe(response);
}

function refuse(response, status) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${status}\n`);
}

/** The file a request's path names inside the folder, or undefined. */
async function fileFor(folder, url) {
  try {
    // URL has resolved "..", and what is still hidden as %2e or %5c shows up after decoding.
    const path = decodeURIComponent(new URL(url, "http://localhost/").pathname);
    if (path.split(/[/\\]/).includes("..") || path.includes("\0")) return undefined;
    const full = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    if (!full.startsWith(folder + sep)) return undefined;
    const found = await stat(full);
    return found.isFile() ? { path: full, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}
