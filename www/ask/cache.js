// The last policy that was read from beside the page, for when there is no network: kept only where the page
// itself is (offline.js), under the name that sw.js deletes with the page. It never stands in for what the
// network answers; policy.js says when it is used, and that a newer one may exist.

const name = `pullproof ${new URL("./", document.baseURI).pathname} policy`;
const when = "x-pullproof-read";
let last;

/** Keeps a policy that was read just now, if the page is kept. */
export function keepPolicy(policy) {
  last = policy;
  return keepLast();
}

/** Keeps the policy that this page read last: at once, and when the page itself begins to be kept. */
export async function keepLast() {
  if (last === undefined || !(await isPageKept())) return;
  const { url, text, at } = last;
  const headers = { "content-type": "application/json", [when]: at };
  await (await caches.open(name)).put(url, new Response(text, { headers }));
}

/** The saved copy of the policy at an address: `{ text, at }`, or nothing. */
export async function keptPolicy(url) {
  if (!(await isPageKept())) return undefined;
  const found = await (await caches.open(name)).match(url);
  const at = found?.headers.get(when);
  if (Number.isNaN(Date.parse(at ?? ""))) return undefined;
  return { text: await found.text(), at };
}

/** What the site has withdrawn is not used without a network either. */
export async function dropPolicy(url) {
  if (await isPageKept()) await (await caches.open(name)).delete(url);
}

async function isPageKept() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return false;
  const registered = await navigator.serviceWorker.getRegistration(document.baseURI);
  return Boolean(registered?.active);
}
