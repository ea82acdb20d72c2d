// Headless Chromium for tests: one browser a test file, and a page of its own for each test. Nothing that a page stores
// is there for the next. Contexts with the same options, and files that never change, are shared with what they cost.
//
// A page may not fail quietly: an error in its console, an uncaught error in it or a worker, a failed
// request and a request to any other origin each fail the test, unless the test takes them out of
// `problems` itself, having looked at them.

import assert from "node:assert/strict";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { headless } from "../../scripts/chromium.mjs";
import { serve } from "../../scripts/serve.mjs";

const flags = [
  // Nothing here may look for anything outside: updates, field trials, safe browsing.
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost",
  "--disable-gpu",
  // Starting a process and compiling the module in it is most of what a page costs.
  "--process-per-site",
];

let launched;
/** The server of a folder that no test changes, by the folder. */
const shared = new Map();
after(async () => {
  await (await launched)?.close();
  for (const server of shared.values()) await (await server).close();
});

const browser = () => (launched ??= launch());

/** A browser of one's own, with these flags as well. */
export function launch(more = [], executablePath = headless()) {
  // Chromium's sandbox refuses to run as root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...flags, ...sandbox, ...more] });
}

/**
 * Serves a folder and opens a page of it. Gives the page, the server's address and the list of
 * problems so far. `fixed` says that no test changes the folder: its server stays for the next one.
 * `allow` has the other origins that may be asked, `expected` patterns of problems that this test
 * provokes, `watching` is given the browser page before it loads anything; the other options go to the
 * browser context (viewport, colorScheme, javaScriptEnabled …).
 */
export async function open(t, folder, path = "", { fixed = false, allow = [], expected = [], watching, ...options } = {}) {
  const { address, close } = await (fixed ? kept(folder) : serve(folder));
  const lent = await lend(options);
  const { context } = lent;
  const problems = watch(context, [new URL(address).origin, ...allow]);
  t.after(async () => {
    // As they were at the test's end: closing cuts off whatever request is still under way.
    const seen = [...problems];
    await giveBack(lent, new URL(address).origin);
    if (!fixed) await close();
    assert.deepEqual(seen.filter((problem) => !expected.some((pattern) => pattern.test(problem))), []);
  });
  const page = await context.newPage();
  await watching?.(page);
  await page.goto(address + path);
  return { page, address, problems };
}

function kept(folder) {
  if (!shared.has(folder)) shared.set(folder, serve(folder));
  return shared.get(folder);
}

/** Contexts that no test has at present, by their options. */
const idle = new Map();

async function lend(options) {
  const key = JSON.stringify(options);
  return idle.get(key)?.pop() ?? make(key, options);
}

/** A context, with an empty page that keeps the process of all pages on loopback. */
async function make(key, options) {
  const context = await (await browser()).newContext(options);
  const keeper = await context.newPage();
  await keeper.route("http://127.0.0.1/", (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await keeper.goto("http://127.0.0.1/");
  return { key, context, keeper, session: await context.newCDPSession(keeper) };
}

/** Takes a context back as it was lent: without its pages, and what they and the test set, stored and listened to. */
async function giveBack(lent, origin) {
  const { key, context, keeper, session } = lent;
  // It may still be fetching, and would be heard in the next test.
  if (context.serviceWorkers().length > 0) return context.close();
  for (const type of heard) context.removeAllListeners(type);
  await Promise.all(context.pages().map((page) => page !== keeper && page.close()));
  await context.unrouteAll();
  await context.setOffline(false);
  await context.clearCookies();
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  idle.set(key, [...(idle.get(key) ?? []), lent]);
}

const heard = ["console", "page", "request", "requestfailed", "requestfinished", "response", "weberror"];

function watch(context, origins) {
  const problems = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  context.on("weberror", (event) => problems.push(`uncaught: ${event.error()}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    const inside = origins.includes(url.origin) || url.protocol === "data:" || url.protocol === "blob:";
    if (!inside) problems.push(`request to another origin: ${url}`);
  });
  context.on("requestfailed", (request) => {
    problems.push(`request failed: ${request.url()}: ${request.failure()?.errorText}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
  });
  return problems;
}
