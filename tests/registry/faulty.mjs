// A registry that lies and fails in named ways: each repository below `faults/` has one fault, over
// contents that are good. Beside it runs a second server, another origin, to lead clients to.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { image } from "../builders/images.mjs";
import { error, json } from "./faulty/answers.mjs";
import { contents, goodAnswer } from "./faulty/contents.mjs";
import { faults } from "./faulty/faults.mjs";
import { listen } from "./listen.mjs";

export { faults };

/** Repositories without a fault: what faulty ones are compared with. */
const GOOD = {
  "good/beacon": "buildx-attested",
  "good/recompressed": "mirror-recompressed",
  "good/relisted": "mirror-relisted",
  "good/single": "buildx-single",
  a: "buildx-single",
};

/** Names under which a `fetch` of ours reaches the two servers, as if they were on the internet. */
const NAMES = { registry: "https://registry.example", elsewhere: "https://elsewhere.example" };

/**
 * Starts the registry and the other origin.
 *
 * `cors`: `true` (pages may read all that they need), `"unexposed"` (no header but the usual),
 * `"preflight-401"` (as distribution with a password answers OPTIONS), or `false` (pages read nothing).
 * `pace`: milliseconds from byte to byte where a fault is slowness.
 *
 * Gives `host` and `elsewhere`, `requests` (every request to both, in order), `requestsFor(name)`
 * (those about one fault), `reference(name)`, `fault(repository, behaviour)`, `fetch`, and `stop()`.
 */
export async function startFaulty({ cors = false, pace = 100 } = {}) {
  const world = { cors, pace, requests: [], repositories: new Map(), times: new Map(), origins: {} };
  const servers = {
    registry: await listen((request, response) => handle("registry", world, request, response)),
    elsewhere: await listen((request, response) => handle("elsewhere", world, request, response)),
  };
  for (const name of Object.keys(servers)) world.origins[name] = `http://${servers[name].host}`;
  for (const [repository, name] of Object.entries(GOOD)) add(world, repository, {}, contents(image(name)));
  for (const { repository, contents: make, behaviour } of faults) {
    add(world, repository, behaviour, make ? make(world.origins) : contents(image("buildx-attested")));
  }
  const { host } = servers.registry;
  return {
    host,
    elsewhere: servers.elsewhere.host,
    requests: world.requests,
    requestsFor: (name) => world.requests.filter(({ url }) => url.includes(`/faults/${name}/`)),
    reference: (name, at = host) => referenceTo(world, name, at),
    fault: (repository, behaviour, there = contents(image("buildx-attested"))) => {
      add(world, repository, typeof behaviour === "function" ? { registry: behaviour } : behaviour, there);
      return `${host}/${repository}:1.0`;
    },
    fetch: namedFetch(world),
    stop: async () => {
      await Promise.all(Object.values(servers).map(({ stop }) => stop()));
    },
  };
}

function add(world, repository, behaviour, there) {
  world.repositories.set(repository, { behaviour, contents: there });
}

/** The reference by which to meet a fault, or a good repository: `host/repository:tag`, or with a digest. */
function referenceTo(world, name, at) {
  const found = faults.find((fault) => fault.name === name);
  const repository = found?.repository ?? name;
  const there = world.repositories.get(repository);
  if (!there) throw new Error(`no such repository: ${repository}`);
  return `${at}/${repository}${found?.suffix?.(there.contents) ?? ":1.0"}`;
}

async function handle(server, world, request, response) {
  const {
    method,
    headers: { "x-asked-origin": origin, ...headers },
  } = request;
  // The sender's view of the request: links have to lead back the same way.
  const origins = origin ? NAMES : world.origins;
  const url = new URL(request.url, origins[server]);
  world.requests.push({ server, method, url: url.href, headers });
  if (method === "OPTIONS") return preflight(world, response);
  if (method !== "GET" && method !== "HEAD")
    return send(world, response, error(405, "UNSUPPORTED", "only GET and HEAD"));
  const asked = {
    server,
    method,
    headers,
    origins,
    pace: world.pace,
    ...parts(url),
    times: count(world, server, url),
  };
  return send(world, response, answerTo(world, asked));
}

/** Repository, kind and name in a path of the API, or in that of a token server. */
function parts({ pathname, searchParams: query }) {
  const [, token] = /^\/(.+)\/token$/.exec(pathname) ?? [];
  if (token) return { query, repository: token, kind: "token", name: "" };
  const [, repository, kind, name] =
    /^\/v2\/(.+)\/(manifests|blobs|referrers|tags)\/([^/]+)$/.exec(pathname) ?? [];
  if (repository) return { query, repository, kind, name: decodeURIComponent(name) };
  return { query, kind: pathname === "/v2/" ? "ping" : "nothing" };
}

/** The number of earlier requests for this: faults that pass depend on it. */
function count({ times }, server, { pathname, search }) {
  const key = `${server} ${pathname}${search}`;
  const before = times.get(key) ?? 0;
  times.set(key, before + 1);
  return before;
}

function answerTo({ repositories }, asked) {
  const { server, repository, kind } = asked;
  if (kind === "ping") return json(200, {});
  const found = repositories.get(repository);
  if (!found) return error(404, "NAME_UNKNOWN", `${repository ?? "this path"} is not here`);
  const isRoot =
    kind === "manifests" && (found.contents.tags.has(asked.name) || asked.name === found.contents.root);
  const about = { ...asked, isRoot, contents: found.contents };
  if (kind === "token") return found.behaviour.token?.(about) ?? error(404, "UNSUPPORTED", "no tokens here");
  const good = goodAnswer(about, found.contents);
  return found.behaviour[server]?.(about, good) ?? good;
}

async function send(world, response, { status, headers, body, end, raw }) {
  const { socket } = response;
  if (end === "silence") return;
  if (end === "reset") return void socket.resetAndDestroy();
  if (raw !== undefined) return void socket.end(raw);
  const all = { ...corsHeaders(world.cors), ...headers };
  if (typeof body === "function") {
    response.writeHead(status, all);
    // To HEAD there is no body, and so no client that would ever have enough of it.
    if (response.req.method === "HEAD") return void response.end();
    // A client that has enough closes the connection: the end that these bodies have.
    await pipeline(Readable.from(body()), response).catch(() => {});
    return;
  }
  response.writeHead(status, { "content-length": body.length, ...all });
  if (end === "short") response.write(body, () => socket.destroySoon());
  else response.end(body);
}

const EXPOSED = ["docker-content-digest", "link", "oci-filters-applied", "retry-after", "www-authenticate"];

function corsHeaders(cors) {
  if (!cors) return {};
  const exposed = cors === "unexposed" ? {} : { "access-control-expose-headers": EXPOSED.join(", ") };
  return { "access-control-allow-origin": "*", ...exposed };
}

function preflight(world, response) {
  if (!world.cors || world.cors === "preflight-401") {
    return send(world, response, error(401, "UNAUTHORIZED", "authentication required"));
  }
  const allowed = {
    "access-control-allow-headers": "accept, authorization",
    "access-control-allow-methods": "GET, HEAD",
  };
  return send(world, response, { status: 204, headers: allowed, body: Buffer.alloc(0) });
}

/**
 * A fetch that leads the NAMES here, so that https and public names can be tested without either.
 * What is asked of anybody else is in `requests` as `outside`, and gets no answer.
 */
function namedFetch(world) {
  return (address, init = {}) => {
    const { origin, pathname, search, href } = new URL(address);
    const server = Object.keys(NAMES).find((name) => origin === NAMES[name] || origin === world.origins[name]);
    const headers = new Headers(init.headers);
    if (!server) {
      world.requests.push({
        server: "outside",
        method: init.method ?? "GET",
        url: href,
        headers: Object.fromEntries(headers),
      });
      return Promise.reject(new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } }));
    }
    if (origin === NAMES[server]) headers.set("x-asked-origin", origin);
    return fetch(`${world.origins[server]}${pathname}${search}`, { ...init, headers });
  };
}
