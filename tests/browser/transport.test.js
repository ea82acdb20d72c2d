// The transport of pages, in Chromium: inputs after which gloo-net's own sending never comes back,
// and that what is sent carries nothing of its own.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { open } from "../support/browser.mjs";

/** Sends with the module's transport, inside the page; gives what it was answered, or the error. */
const send = (page, setting) =>
  page.evaluate(async ({ headers = [], form, abort, mock, url }) => {
    const glue = await import("/pkg/pullproof.js");
    await glue.default({ module_or_path: new URL("/pkg/pullproof_bg.wasm", location.href) });
    const controller = new AbortController();
    const real = globalThis.fetch;
    if (mock) globalThis.fetch = async () => ({ status: 200, headers: [] });
    try {
      const sent = glue.send(url ?? location.href, headers, form, true, controller.signal);
      if (abort) controller.abort("no error, just a text");
      const response = await sent;
      return { status: response.status, text: (await response.text()).slice(0, 15) };
    } catch (error) {
      return { error: String(error?.message ?? error) };
    } finally {
      globalThis.fetch = real;
    }
  }, setting);

const dist = join(root, "dist");

test("sends, and gives the response", async (t) => {
  const { page } = await open(t, dist, "site/", { fixed: true });
  assert.deepEqual(await send(page, { headers: ["accept", "text/html"] }), { status: 200, text: "<!doctype html>" });
});

test("a header with a line break is an error", async (t) => {
  const { page } = await open(t, dist, "site/", { fixed: true });
  const { error } = await send(page, { headers: ["accept", "a\nb: c"] });
  assert.equal(error, "expected a header of visible characters");
});

test("a header name that is not valid is an error", async (t) => {
  const { page } = await open(t, dist, "site/", { fixed: true });
  const { error } = await send(page, { headers: ["a b", "c"] });
  assert.equal(error, "expected a header of visible characters");
});

test("being stopped with a reason that is no error is an error", async (t) => {
  const { page, problems } = await open(t, dist, "site/", { fixed: true });
  assert.equal((await send(page, { abort: true })).error, "no error, just a text");
  problems.length = 0; // Chromium tells of the request that was stopped.
});

test("an answer that is no response is an error", async (t) => {
  const { page } = await open(t, dist, "site/", { fixed: true });
  assert.equal((await send(page, { mock: true })).error, "expected a Response from fetch");
});

test("a form goes by POST, without asking for permission first; everything else by GET", async (t) => {
  const seen = [];
  const server = createServer(async (request, response) => {
    seen.push([request.method, request.headers["content-type"], await text(request)]);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end("x");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))));
  const { page, problems } = await open(t, dist, "site/", { fixed: true });
  const url = `http://127.0.0.1:${server.address().port}/token`;
  const headers = ["content-type", "application/x-www-form-urlencoded"];
  assert.equal((await send(page, { url, headers, form: "a=b&c=d+e" })).status, 200);
  assert.equal((await send(page, { url })).status, 200);
  assert.deepEqual(seen, [["POST", headers[1], "a=b&c=d+e"], ["GET", undefined, ""]]);
  assert.deepEqual(problems.splice(0), [`request to another origin: ${url}`, `request to another origin: ${url}`]);
});

test("no cookie travels, and nothing is taken from a cache", async (t) => {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(200, { "set-cookie": "a=b", "cache-control": "max-age=1000", "access-control-allow-origin": "*" });
    response.end("x");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve))));
  const { page, problems } = await open(t, dist, "site/", { fixed: true });
  const url = `http://127.0.0.1:${server.address().port}/`;
  for (const _ of [1, 2]) assert.equal((await send(page, { url })).status, 200);
  assert.deepEqual(seen.map(({ cookie }) => cookie), [undefined, undefined]);
  assert.deepEqual(seen.map(({ referer }) => referer), [undefined, undefined]);
  assert.deepEqual(problems.splice(0), [`request to another origin: ${url}`, `request to another origin: ${url}`]);
});
