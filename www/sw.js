// Keeps the page for use without a network; offline.js says when. It keeps only files that files.json
// lists, each under the digest that is listed for it, and answers only for those: never for a registry, a
// gateway or another site. An empty list, or none, makes it delete everything and itself.

const base = new URL("./", self.location.href);
const prefix = `pullproof ${base.pathname} `;
const listName = "files.json";
const most = 500;

self.addEventListener("install", (event) => event.waitUntil(inTurn(update).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const work = { update: () => inTurn(update), forget: () => inTurn(forget) }[event.data];
  const told = (text) => event.ports[0]?.postMessage(text);
  if (work) event.waitUntil(work().then(told, (error) => told(`failed: ${error.message}`)));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === base.origin && url.pathname.startsWith(base.pathname) && url.search === "";
  if (event.request.method !== "GET" || !isOurs || url.pathname.startsWith(`${base.pathname}gateway/`)) return;
  event.respondWith(kept(url, event.request.mode === "navigate").then((found) => found ?? fetch(event.request)));
});

// Two pages may ask at once, and a new worker beside the one before: one after the other, since each begins by clearing
// what an interrupted one left.
const inTurn = (work) => navigator.locks.request(prefix, work);

/** The file as it is kept. A page that is loaded begins with the newest version, and the older ones go. */
async function kept(url, isNew) {
  const names = await complete();
  if (isNew) await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
  const name = isNew ? names.at(-1) : names[0];
  if (name === undefined) return undefined;
  const path = url.pathname === base.pathname ? "index.html" : url.pathname.slice(base.pathname.length);
  return (await caches.open(name)).match(new URL(path, base).href);
}

/** The versions of which everything is here, the oldest first. The list is put last. */
async function complete() {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const whole = await Promise.all(names.map(async (name) => (await caches.open(name)).match(new URL(listName, base).href)));
  return names.filter((_, i) => whole[i] !== undefined);
}

/** Gets the version that the site has now: all of it, or nothing. */
async function update() {
  const response = await get(listName);
  if (response.status === 404 || response.status === 410) return forget();
  if (!response.ok) throw new Error(`expected a list of files, found status ${response.status}`);
  const bytes = await response.arrayBuffer();
  const files = read(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (files.length === 0) return forget();
  const name = `${prefix}${await digest(bytes)}`;
  const whole = await complete();
  // Another page may have brought it; an open page was loaded with the version before as long as that is here.
  if (whole.includes(name)) return whole.length > 1 ? "updated" : "current";
  await caches.delete(name);
  const cache = await caches.open(name);
  try {
    for (const [file, expected] of files) {
      const got = await get(file);
      const body = await got.arrayBuffer();
      if (!got.ok || (await digest(body)) !== expected) throw new Error(`expected ${expected}, found other bytes, at ${file}`);
      await put(cache, file, body, got);
    }
    await put(cache, listName, bytes, response);
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  return "updated";
}

const get = (file) => fetch(new URL(file, base), { cache: "no-store", credentials: "omit", redirect: "error" });

/** Only the bytes and their type are kept. */
const put = (cache, file, body, { headers }) =>
  cache.put(new URL(file, base).href, new Response(body, {
    headers: { "content-type": headers.get("content-type") ?? "application/octet-stream", "x-content-type-options": "nosniff" },
  }));

function read(text) {
  const { pullproof, files } = JSON.parse(text);
  const entries = Object.entries(files ?? {});
  if (pullproof !== "files" || entries.length > most) throw new Error("expected a list of files, found something else");
  for (const [file, expected] of entries) {
    const isInside = /^[\w.-]+(?:\/[\w.-]+)*$/.test(file) && !file.split("/").some((part) => /^\.+$/.test(part));
    if (!isInside || file.startsWith("gateway/") || !/^sha256:[0-9a-f]{64}$/.test(expected)) throw new Error(`expected a file and its digest, found ${file}`);
  }
  return entries;
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Switched off: nothing stays, and the next load is the network's. */
async function forget() {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.registration.unregister();
  return "forgotten";
}
