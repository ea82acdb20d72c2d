// The gateway: reads public registries for pages, which most registries do not let read them.
//
// One file without imports, on the web's own Request and Response: it runs unchanged in Node, on
// Cloudflare Workers and on Deno Deploy. Whoever asks through it hashes what comes, so it cannot pass
// other bytes off as an image's. What it must never be is a way for strangers into a network, or a
// carrier of anybody's credentials: it serves exact hosts and five resources, takes and gives no
// credentials, and checks every address before it is connected to, at redirects too.

/**
 * Well-known public registries: the host of the API, and the one address from which its anonymous
 * tokens come, which is the realm that it names itself: `curl -i https://HOST/v2/NAME/tags/list`.
 * Those without one need no token. `page` is one more parameter of the next page of tags; of a `notary`
 * (Docker Content Trust) only signed metadata is read.
 */
export const registries = [
  { host: "cgr.dev", token: "https://cgr.dev/token" },
  { host: "codeberg.org", token: "https://codeberg.org/v2/token" },
  { host: "docker.elastic.co", token: "https://docker-auth.elastic.co/auth" },
  { host: "gcr.io", token: "https://gcr.io/v2/token" },
  { host: "ghcr.io", token: "https://ghcr.io/token" },
  { host: "lscr.io", token: "https://ghcr.io/token" },
  { host: "mcr.microsoft.com" },
  { host: "notary.docker.io", token: "https://auth.docker.io/token", notary: true },
  { host: "nvcr.io", token: "https://nvcr.io/proxy_auth" },
  { host: "public.ecr.aws", token: "https://public.ecr.aws/token/" },
  { host: "quay.io", token: "https://quay.io/v2/auth", page: "next_page" },
  { host: "registry-1.docker.io", token: "https://auth.docker.io/token" },
  { host: "registry.access.redhat.com" },
  { host: "registry.gitlab.com", token: "https://gitlab.com/jwt/auth" },
  { host: "registry.k8s.io" },
  { host: "us-docker.pkg.dev", token: "https://us-docker.pkg.dev/v2/token" },
];

/**
 * Every bound. Registries need not take manifests over 4 MiB; of blobs only configurations are meant.
 * Clients give up after a minute, and should read why. One redirect is usual. One address may ask for a
 * hundred platforms at once, one site's pages for ten times that. What is longest unused is forgotten.
 */
const bounds = {
  documentBytes: 4 << 20,
  blobBytes: 4 << 20,
  tokenBytes: 64 << 10,
  milliseconds: 50_000,
  redirects: 5,
  client: { burst: 300, perSecond: 10 },
  origin: { burst: 3000, perSecond: 100 },
  clients: 10_000,
  tokens: 1000,
};

// Distribution spec, "Pulling manifests": names and tags. Image spec, "Digests": the registered algorithms.
const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const nameGrammar = new RegExp(`^${part}(?:/${part})*$`);
const digest = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const tagOrDigest = new RegExp(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$|${digest.source}`);
// notary: `server/server.go`; by version, by hash, or the newest.
const metadata = /^(?:\d{1,9}\.)?(?:root|snapshot|timestamp|targets(?:\/[-a-z0-9._]+){0,8})(?:\.[a-f0-9]{64})?\.json$/;
const printable = /^[\x21-\x7e]{1,1024}$/;
const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/;

const oci = (what) => `application/vnd.oci.image.${what}.v1+json`;
const docker = (what) => `application/vnd.docker.distribution.${what}.v2+json`;
const manifests = [oci("index"), docker("manifest.list"), oci("manifest"), docker("manifest")].join(", ");

/** The kinds of requests: the name at the end, the parameters, and the types if the caller names none. */
const kinds = {
  blobs: { named: "a digest", reference: digest, query: {}, accept: "*/*" },
  manifests: { named: "a tag or a digest", reference: tagOrDigest, query: {}, accept: manifests },
  referrers: { named: "a digest", reference: digest, query: { artifactType: mediaType }, accept: oci("index") },
  tags: { named: "list", reference: /^list$/, query: { n: /^\d{1,5}$/, last: printable }, accept: "*/*" },
  "_trust/tuf": { named: "a file of metadata", reference: metadata, query: {}, accept: "*/*" },
};

/** Types that no browser shows as a page. What has another goes out as bytes. */
const harmless = /^application\/(?:json|octet-stream|[\w.+-]+\+json|vnd\.(?:oci|docker)\.[\w.+-]+)$/i;

/** Headers of a registry that come back as they are. */
const passed = ["docker-content-digest", "oci-filters-applied", "oci-subject", "ratelimit-limit", "ratelimit-remaining", "retry-after"];

/**
 * Makes the handler `(request, { client }) => Promise<Response>`; `client` is the address of who asks.
 *
 * - `hosts`: names of `registries`, or entries like theirs. `loopback: true` is for a registry on this
 *   machine and then only for it; `http: true` may be given with it.
 * - `origins`: "*", or the origins whose pages may ask.
 * - `path`: where the gateway lies on its server.
 * - `fetch(url, init, addresses)`: like the global one; the addresses are those that were checked.
 * - `resolve(name)`: all addresses of a name. Without it they are asked for by DNS over HTTPS.
 * - `limits`: other values for `bounds`.
 */
export function gateway({ hosts = registries, origins = "*", path = "/", limits, now = Date.now, ...io } = {}) {
  // Called as a plain function: workers refuse a fetch that is called on an object.
  const fetch = io.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const all = { ...bounds, ...limits };
  const own = { tokens: new Map(), clients: buckets(all.client, all, now), pages: buckets(all.origin, all, now) };
  const outside = { fetch, resolve: io.resolve ?? overHttps(fetch), now };
  const settings = { hosts: hostTable(hosts), origins, path, limits: all, ...own, ...outside };
  return async (request, { client } = {}) => {
    const headers = ownHeaders(request, settings);
    try {
      return await answer(request, client, headers, settings);
    } catch (error) {
      return refused(error, request, headers);
    }
  };
}

let standard;

/** With the settings above, for platforms that take a module with a `fetch`. */
export default {
  fetch(request, info) {
    standard ??= gateway();
    // Deno says who asks beside the request, Cloudflare in a header that it sets itself.
    return standard(request, { client: info?.remoteAddr?.hostname ?? request.headers.get("cf-connecting-ip") });
  },
};

async function answer(request, client, headers, settings) {
  refuseOtherPages(request, settings);
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers });
  if (request.method !== "GET" && request.method !== "HEAD") {
    headers.set("allow", "GET, HEAD, OPTIONS");
    throw new Refusal(405, "method", "GET or HEAD", request.method);
  }
  const { pathname, searchParams } = new URL(request.url);
  const about = { name: "pullproof gateway", hosts: [...settings.hosts.keys()] };
  if (pathname === settings.path) return json(about, 200, request, headers);
  const asked = read(pathname, searchParams, settings);
  refuseTooMany(request, client, headers, settings);
  return relay(request, asked, headers, settings);
}

/** A reason not to answer, or not with what was asked for. */
class Refusal extends Error {
  constructor(status, code, expected, found, at) {
    const shown = found.length > 200 ? `${found.slice(0, 200)}…` : found;
    super(`expected ${expected}, found ${shown}${at ? ` at ${at}` : ""}`);
    Object.assign(this, { status, code, detail: { expected, found: shown, at } });
  }
}

/** The reason in the form of a registry's (distribution spec, "Error Codes"), with our codes. */
function refused(error, request, headers) {
  const { status, code, message, detail } = error instanceof Refusal ? error : new Refusal(500, "internal", "an answer", `${error?.name}`);
  return json({ errors: [{ code, message, detail }] }, status, request, headers);
}

function json(value, status, request, headers) {
  headers.set("cache-control", "no-store");
  headers.set("content-type", "application/json");
  return new Response(request.method === "HEAD" ? null : `${JSON.stringify(value)}\n`, { status, headers });
}

/** The headers of every answer: pages may read it, and it can never be a page itself. */
function ownHeaders(request, { origins }) {
  const origin = request.headers.get("origin");
  const open = origins === "*";
  const headers = new Headers({
    "access-control-allow-headers": "accept",
    "access-control-allow-methods": "GET, HEAD",
    "access-control-expose-headers": [...passed, "content-length", "link", "pullproof-led"].join(", "),
    "access-control-max-age": "86400",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": open ? "cross-origin" : "same-origin",
    vary: open ? "accept" : "accept, origin, sec-fetch-site",
    "x-content-type-options": "nosniff",
  });
  if (open || origins.includes(origin)) headers.set("access-control-allow-origin", open ? "*" : origin);
  return headers;
}

function refuseOtherPages(request, { origins }) {
  const origin = request.headers.get("origin");
  if (origins === "*" || origins.includes(origin)) return;
  // Browsers send no origin with what a page merely embeds, but do say whose page it is.
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (origin === null && ["none", "same-origin"].includes(site)) return;
  throw new Refusal(403, "origin", `a page of ${origins.join(" or ")}`, origin ?? site);
}

function refuseTooMany(request, client, headers, { clients, pages }) {
  const origin = request.headers.get("origin");
  const { bits, value } = ip(client ?? "") ?? {};
  // Whoever has one IPv6 address has the 2^64 beside it, so they count as one.
  const key = bits === 128 ? value >> 64n : client;
  const wait = Math.max(clients(key), origin === null ? 0 : pages(origin));
  if (wait === 0) return;
  headers.set("retry-after", String(wait));
  throw new Refusal(429, "rate-limited", `no request for ${wait} seconds`, "one");
}

/** Token buckets: each holds `burst` requests, and `perSecond` are put back. Gives 0, or the seconds to wait. */
function buckets({ burst, perSecond }, { clients }, now) {
  const kept = new Map();
  return (key) => {
    const at = now();
    const known = kept.get(key) ?? { left: burst, at };
    const left = Math.min(burst, known.left + (Math.max(0, at - known.at) / 1000) * perSecond);
    remember(kept, key, { left: left < 1 ? left : left - 1, at }, clients);
    return left < 1 ? Math.ceil((1 - left) / perSecond) : 0;
  };
}

/** Sets a value in a map that forgets what was longest unused. */
function remember(map, key, value, most) {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value);
}

/** The hosts by name, from entries of their own or names of the list above. */
const hostTable = (hosts) => new Map(hosts.map((given) => {
  const known = registries.find(({ host }) => host === given);
  const { host, token, page, notary, http, loopback } = known ?? (typeof given === "string" ? { host: given } : given);
  const origin = `${http ? "http" : "https"}://${host}`;
  // Capitals, a default port, a path or a user would make it another name than the one in addresses.
  const isHost = /^[a-z\d.:[\]-]+$/.test(host ?? "") && URL.canParse(origin) && new URL(origin).origin === origin;
  const isToken = token === undefined || (URL.canParse(token) && (loopback || token.startsWith("https:")));
  if (isHost && isToken && (loopback || !http)) return [host, { host, origin, token, page, notary, loopback }];
  throw new TypeError(`expected a host as in { host: "ghcr.io" }, found ${JSON.stringify(given)}`);
}));

/** Takes an address apart: HOST/v2/NAME/KIND/REFERENCE, each part as its grammar has it; of notaries metadata. */
function read(pathname, searchParams, { hosts, path }) {
  const inside = pathname.startsWith(path) ? pathname.slice(path.length) : "";
  const host = inside.split("/", 1)[0];
  const entry = hosts.get(host);
  if (!entry) throw new Refusal(403, "host", `one of ${[...hosts.keys()].join(", ")}`, host, "the first part");
  const { name, kind, reference } = parts(inside.slice(host.length)) ?? {};
  const served = entry.notary ? ["_trust/tuf"] : ["manifests", "blobs", "referrers", "tags"];
  if (!served.includes(kind)) throw new Refusal(404, "path", `/HOST/v2/NAME/(${served.join("|")})/REFERENCE`, inside);
  if (name.length > 255 || !nameGrammar.test(name)) throw new Refusal(400, "name", "a repository's name", name);
  const { named, reference: grammar } = kinds[kind];
  if (!grammar.test(reference)) throw new Refusal(400, "reference", named, reference, `the end after ${kind}`);
  const query = readQuery(searchParams, kind, entry);
  return { kind, reference, entry, url: new URL(`${entry.origin}/v2/${name}/${kind}/${reference}${query}`) };
}

const parts = (path) =>
  /^\/v2\/(?<name>.+)\/(?<kind>(?:manifests|blobs|referrers|tags)(?=\/[^/]+$)|_trust\/tuf)\/(?<reference>.+)$/.exec(path)?.groups;

function readQuery(searchParams, kind, { page }) {
  const grammar = { ...kinds[kind].query, ...(kind === "tags" && page && { [page]: printable }) };
  const taken = new URLSearchParams();
  for (const [key, value] of searchParams) {
    if (!Object.hasOwn(grammar, key) || taken.has(key) || !grammar[key].test(value)) {
      const expected = `once each: ${Object.keys(grammar).join(", ") || "nothing"}`;
      throw new Refusal(400, "query", expected, `${key}=${value}`, `the query of ${kind}`);
    }
    taken.set(key, value);
  }
  return `?${taken}`.replace(/^\?$/, "");
}

async function relay(request, asked, headers, settings) {
  const time = timeLimit(settings.limits.milliseconds, request);
  const says = request.headers.get("accept") ?? "*/*";
  const accept = /^(?!\*\/\*$)[\x20-\x7e]{1,1024}$/.test(says) ? says : kinds[asked.kind].accept;
  const context = { ...settings, time, method: request.method, accept };
  try {
    return await reply(await follow(asked.url, context), asked, headers, context);
  } catch (error) {
    time.end(error);
    throw time.signal.reason;
  }
}

/** The time of one request, and the end of all that hangs on its signal. The first reason counts. */
function timeLimit(milliseconds, { signal: caller }) {
  const stop = new AbortController();
  const { signal } = stop;
  const end = (reason) => {
    clearTimeout(timer);
    stop.abort(reason);
  };
  const late = () => end(new Refusal(504, "timeout", `all of the answer within ${milliseconds} ms`, "less"));
  const timer = setTimeout(late, milliseconds);
  caller?.addEventListener("abort", () => end(caller.reason), { once: true });
  const over = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  over.catch(() => {});
  // Not every fetch and resolver listens to a signal, so none is waited for longer.
  const race = (promise) => Promise.race([promise, over]);
  return { signal, end, race };
}

/** Asks, and goes where redirects lead, hop by hop, to the first response that is not a redirect. */
async function follow(url, context, left = context.limits.redirects) {
  const response = await ask(url, context);
  if (![301, 302, 303, 307, 308].includes(response.status)) return { response, url };
  discard(response);
  if (left > 0) return follow(target(response.headers.get("location"), url), context, left - 1);
  throw new Refusal(502, "redirect", `at most ${context.limits.redirects} redirects`, "another", url.host);
}

function target(location, from) {
  const url = /^[\x21-\x7e]+$/.test(location ?? "") && URL.canParse(location, from) && new URL(location, from);
  // The address itself is not repeated: it may hold a signature that is as good as a password.
  if (url && !url.username && !url.password) return url;
  throw new Refusal(502, "redirect", "an address without a user", "something else", `where ${from.host} leads to`);
}

/** Asks one place. Where it wants an anonymous token, of its listed endpoint, gets one and asks once more. */
async function ask(url, context) {
  const { method, accept, tokens } = context;
  const entry = entryOf(url, context);
  const name = entry && parts(url.pathname)?.name;
  const key = `${entry?.host} ${name}`;
  const kept = tokens.get(key);
  const token = kept?.until > context.now() ? kept.token : undefined;
  const response = await send(url, entry, { method, accept, token }, context);
  const challenge = name && response.status === 401 && bearer(response.headers.get("www-authenticate"));
  if (!challenge) return response;
  discard(response);
  if (challenge.realm !== entry.token) {
    const expected = `a challenge for a token of ${entry.token ?? "nobody"}`;
    throw new Refusal(401, "realm", expected, `one of ${challenge.realm}`, entry.host);
  }
  const fresh = await fetchToken(entry, name, challenge.service, context);
  remember(tokens, key, fresh, context.limits.tokens);
  return send(url, entry, { method, accept, token: fresh.token }, context);
}

/** The entry of exactly this origin: what belongs to one, a token above all, goes to no other. */
const entryOf = (url, { hosts }) => [...hosts.values()].find(({ origin }) => origin === url.origin);

/** Sends one request; these are all its headers, and nothing of the caller's is in them but the types. */
async function send(url, entry, { method, accept, token }, context) {
  const { time, fetch } = context;
  const addresses = await admit(url, entry, context);
  const headers = { accept, "accept-encoding": "identity", "user-agent": "pullproof-gateway" };
  if (token) headers.authorization = `Bearer ${token}`;
  try {
    const init = { method, headers, redirect: "manual", cache: "no-store", signal: time.signal };
    return await time.race(fetch(url.href, init, addresses));
  } catch (error) {
    throw broken(error, url);
  }
}

/** Only what kind of failure it was: messages of engines may repeat addresses and headers. */
const broken = (error, { host }) => new Refusal(502, "unreachable", `an answer from ${host}`, String(error.cause?.code ?? error.code ?? error.name));

/** An anonymous token to read what was asked for: the challenge says neither where it is from nor what for. */
async function fetchToken({ token: endpoint, loopback }, name, service, context) {
  const url = new URL(endpoint);
  url.searchParams.set("scope", `repository:${name}:pull`);
  if (service) url.searchParams.set("service", service);
  const response = await send(url, { loopback }, { method: "GET", accept: "application/json" }, context);
  const body = response.body && limited(response, context.limits.tokenBytes, url, context.time);
  const said = await context.time.race(new Response(body).json().catch(() => undefined));
  const token = said?.token ?? said?.access_token;
  if (response.status !== 200 || typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new Refusal(502, "token", `a token from ${url.host}`, `none, with status ${response.status}`);
  }
  // Token Authentication Specification: sixty seconds, where nothing is said. Some are left for the way.
  const seconds = Number.isFinite(said.expires_in) ? Math.min(said.expires_in, 3600) : 60;
  return { token, until: context.now() + (seconds - 5) * 1000 };
}

/** The realm and service of a Bearer challenge, or undefined. The realm is compared, never gone to. */
function bearer(header) {
  const rest = /(?:^|,)\s*bearer\s(.*)$/i.exec(header ?? "")?.[1];
  const value = (name) => new RegExp(`\\b${name}=(?:"([^"]*)|([^",\\s]+))`, "i").exec(rest)?.slice(1).join("");
  return rest && { realm: value("realm"), service: value("service") };
}

function reply({ response, url }, asked, headers, { limits, time, method }) {
  const { status } = response;
  if (status !== 200 && status < 400) throw new Refusal(502, "status", "status 200", `${status}`, url.host);
  for (const name of passed) if (response.headers.has(name)) headers.set(name, response.headers.get(name));
  // Blobs are hashed. What anybody else answers in the registry's place is not the registry's word.
  if (asked.kind !== "blobs" && url.origin !== asked.url.origin) headers.set("pullproof-led", url.host);
  const type = (response.headers.get("content-type") ?? "").split(";")[0].trim();
  headers.set("content-type", harmless.test(type) ? type : "application/octet-stream");
  const forever = status === 200 && asked.kind !== "referrers" && digest.test(asked.reference);
  headers.set("cache-control", forever ? "public, max-age=31536000, immutable" : "no-store");
  const next = status === 200 && nextPage(response.headers.get("link"), url, asked);
  if (next) headers.set("link", next);
  // With a content-encoding the length is of what travelled; `fetch` has undone the encoding.
  const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  if (/^\d+$/.test(length)) headers.set("content-length", length);
  if (method === "HEAD" || !response.body) {
    time.end();
    return new Response(null, { status, headers });
  }
  const most = asked.kind === "blobs" ? limits.blobBytes : limits.documentBytes;
  if (Number(length) > most) throw tooLarge(most, length, url);
  return new Response(limited(response, most, url, time, () => time.end()), { status, headers });
}

const tooLarge = (most, found, { host }) => new Refusal(502, "limit-exceeded", `at most ${most} bytes`, found, `the answer of ${host}`);

/** The bytes as they come, up to a bound and a time, and no faster than they are read. */
function limited({ body }, most, url, { signal, end }, done = () => {}) {
  const reader = body.getReader();
  let length = 0;
  const start = (controller) => signal.addEventListener("abort", () => {
    controller.error(signal.reason);
    reader.cancel(signal.reason).catch(() => {});
  }, { once: true });
  const pull = async (controller) => {
    const part = await reader.read().catch((error) => end(broken(error, url)));
    if (!part) return undefined;
    length += part.value?.length ?? 0;
    if (length > most) return end(tooLarge(most, "more", url));
    if (!part.done) return controller.enqueue(part.value);
    controller.close();
    return done();
  };
  return new ReadableStream({ start, pull, cancel: end }, { highWaterMark: 0 });
}

const discard = ({ body }) => void body?.cancel().catch(() => {});

/**
 * The link to the next page, relative to this one, so that it leads through the gateway again. One that
 * leads anywhere else is an error: left out, it would make the list look complete.
 */
function nextPage(header, url, { kind, entry, url: asked }) {
  if (kind !== "tags" && kind !== "referrers") return undefined;
  const links = [...(header ?? "").matchAll(/<([^>]*)>([^<]*)/g)];
  const link = links.find(([, , parameters]) => /;\s*rel="?next"?\s*(?:[;,]|$)/i.test(parameters));
  if (!link) return undefined;
  const next = URL.canParse(link[1], url) && new URL(link[1], url);
  if (!next || next.origin !== asked.origin || next.pathname !== asked.pathname) {
    throw new Refusal(502, "next-page", `a page of the same list of ${entry.host}`, "another address", "its link");
  }
  return `<${readQuery(next.searchParams, kind, entry) || "?"}>; rel="next"`;
}

/** The addresses behind an address's host, all of them fit to be connected to. */
async function admit({ protocol, hostname, host }, entry, { resolve, time }) {
  if (protocol !== "https:" && !entry) throw new Refusal(403, "redirect", "https", protocol, host);
  const local = entry?.loopback;
  const refuse = (found) => {
    const expected = local ? "an address of this machine" : "an address on the public internet";
    throw new Refusal(403, "private-address", expected, found, host);
  };
  if (!local && /^[^.:]+$|\.(?:localhost|local|internal|home\.arpa|)$/.test(hostname)) refuse("a local name");
  const given = ip(hostname) ? [hostname] : await time.race((async () => resolve(hostname))().catch(() => []));
  if (given.length === 0) throw new Refusal(502, "resolution", `an address for ${hostname}`, "none");
  const addresses = given.map((address) => address.replace(/^\[|\]$/g, ""));
  // One wrong address among good ones is how a name is made to lead inside.
  const bad = addresses.find((address) => !(local ? isLoopback : isPublic)(address));
  return bad === undefined ? addresses : refuse(bad);
}

/** Addresses not on the public internet (IANA special-purpose address registries), and Azure's own services. */
const reserved = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
  168.63.129.16/32 2001::/23 2001:db8::/32 2002::/16 3fff::/20`.trim().split(/\s+/);

/** True if an address, in any spelling, is on the public internet. */
export function isPublic(text) {
  const address = unwrapped(ip(text));
  return (address?.bits === 32 || within(address, "2000::/3")) && !reserved.some((range) => within(address, range));
}

const isLoopback = (text) => ["127.0.0.0/8", "::1/128"].some((range) => within(unwrapped(ip(text)), range));

/** The IPv4 address inside an IPv6 address that stands for one: mapped, or behind NAT64. */
function unwrapped(address) {
  const stands = ["::ffff:0:0/96", "64:ff9b::/96"].some((range) => within(address, range));
  return stands ? { bits: 32, value: address.value & 0xffffffffn } : address;
}

function within(address, range) {
  const [base, length] = range.split("/");
  const { bits, value } = ip(base);
  const rest = BigInt(bits - Number(length));
  return address?.bits === bits && address.value >> rest === value >> rest;
}

/** An address as a number, in any spelling that connects (short, octal, hexadecimal); undefined for a name. */
function ip(text) {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const url = `http://${bare.includes(":") ? `[${bare}]` : bare}`;
  const host = /^[\da-fx.:]+$/i.test(bare) && URL.canParse(url) ? new URL(url).hostname : "";
  if (/^\d+(?:\.\d+){3}$/.test(host)) return { bits: 32, value: number(host.split("."), 8n) };
  if (!host.startsWith("[")) return undefined;
  const [head, tail] = host.slice(1, -1).split("::").map((side) => side.split(":").filter(Boolean));
  const zeros = Array(8 - head.length - (tail?.length ?? 0)).fill("0");
  return { bits: 128, value: number([...head, ...zeros, ...(tail ?? [])].map((part) => `0x${part}`), 16n) };
}

const number = (digits, bits) => digits.reduce((sum, digit) => (sum << bits) + BigInt(digit), 0n);

/** A name's addresses by DNS over HTTPS, for platforms that have no other way to ask. */
function overHttps(fetch) {
  const ask = async (name, type) => {
    const url = `https://cloudflare-dns.com/dns-query?name=${name}&type=${type}`;
    const response = await fetch(url, { headers: { accept: "application/dns-json" } });
    // Beside addresses (types 1 and 28) there are records that say what the name is short for.
    const { Answer: records = [] } = await response.json();
    return records.filter((record) => [1, 28].includes(record.type)).map((record) => record.data);
  };
  return async (name) => (await Promise.all([ask(name, "A"), ask(name, "AAAA")])).flat();
}
