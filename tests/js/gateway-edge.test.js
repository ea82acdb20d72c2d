// The gateway as it is deployed: under workerd, which Cloudflare Workers run, and under Deno.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { root } from "../../scripts/command.mjs";
import { registries } from "../../src/js/serve/gateway.js";
import { runDeno, startDeno, startDns, startWorker, wrangler } from "../support/edge.mjs";
import {
  away, endless, publicAddress, refusal, sha256, startUpstream, tokenFor, wantToken,
} from "../support/upstream.mjs";

const hub = "registry-1.docker.io";
const repository = "library/app";
const path = `v2/${repository}`;
const bytes = Buffer.from('{\r\n   "schemaVersion": 2\n}\n\xff', "latin1");
const digest = sha256(bytes);
const realm = "https://auth.docker.io/token";

/** Docker Hub, its tokens, its storage, and names by DNS over HTTPS. */
async function startHub(t, { addresses = {}, answers = {} } = {}) {
  const upstream = await startUpstream(t);
  const manifest = { headers: { "docker-content-digest": digest, "set-cookie": "a=1" }, body: bytes };
  const own = { "/manifests/1.0": manifest, [`/blobs/${digest}`]: away("https://storage.example/x?secret") };
  wantToken(upstream, { registry: hub, realm, repository, answers: { ...own, ...answers } });
  upstream.at("storage.example/x", { headers: { "content-type": "text/html" }, body: bytes });
  upstream.at("cloudflare-dns.com/dns-query", ({ url, headers }, response) => {
    assert.equal(headers.accept, "application/dns-json");
    const { name, type } = Object.fromEntries(new URL(url, "http://localhost").searchParams);
    const all = [addresses[name] ?? publicAddress].flat();
    const found = all.filter((address) => address.includes(":") === (type === "AAAA"));
    const alias = { name, type: 5, data: "alias.example." };
    const records = found.map((data) => ({ name, type: type === "A" ? 1 : 28, TTL: 60, data }));
    response.end(JSON.stringify({ Status: 0, ...(found.length > 0 && { Answer: [alias, ...records] }) }));
  });
  const asked = () => upstream.asked.filter((one) => one.host !== "cloudflare-dns.com");
  return { upstream, asked };
}

const ids = (asked) => asked.map((one) => `${one.host} ${one.headers.authorization ?? "-"}`);

test("workerd: a manifest of Docker Hub, with a token, byte for byte", async (t) => {
  const { upstream, asked } = await startHub(t);
  const gateway = await startWorker(t, upstream);
  const about = await (await fetch(gateway)).json();
  assert.deepEqual(about.hosts, registries.map(({ host }) => host));
  const headers = { authorization: "Basic x", cookie: "a=1", "cf-connecting-ip": "1.0.0.1" };
  const response = await fetch(`${gateway}${hub}/${path}/manifests/1.0`, { headers });
  assert.equal(response.status, 200);
  assert.equal(sha256(Buffer.from(await response.arrayBuffer())), digest);
  assert.equal(response.headers.get("docker-content-digest"), digest);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("set-cookie"), null);
  assert.deepEqual(ids(asked()), [`${hub} -`, "auth.docker.io -", `${hub} Bearer ${tokenFor(repository)}`]);
  for (const one of asked()) {
    for (const name of ["cookie", "cf-connecting-ip"]) assert.equal(one.headers[name], undefined, name);
  }
  const head = await fetch(`${gateway}${hub}/${path}/manifests/1.0`, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("docker-content-digest")], [200, digest]);
  assert.equal(asked().at(-1).method, "HEAD");
});

test("workerd: R03 a blob in storage, without the token", async (t) => {
  const { upstream, asked } = await startHub(t);
  const gateway = await startWorker(t, upstream);
  const response = await fetch(`${gateway}${hub}/${path}/blobs/${digest}`);
  assert.equal(sha256(Buffer.from(await response.arrayBuffer())), digest);
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.deepEqual(ids(asked()).slice(2), [`${hub} Bearer ${tokenFor(repository)}`, "storage.example -"]);
});

test("workerd: G01, G03 names and redirects that lead inside", async (t) => {
  const mixed = [publicAddress, "127.0.0.1"];
  const addresses = { "inside.example": "10.0.0.1", "six.example": "fd00::1", "ghcr.io": mixed };
  const places = ["inside.example", "six.example", "[::ffff:7f00:1]", "0x7f.1"].map((host) => `https://${host}/`);
  const answers = Object.fromEntries(places.map((place, i) => [`/manifests/${i}`, away(place)]));
  const { upstream, asked } = await startHub(t, { addresses, answers });
  const gateway = await startWorker(t, upstream);
  for (const i of places.keys()) {
    const { status, code } = await refusal(await fetch(`${gateway}${hub}/${path}/manifests/${i}`));
    assert.deepEqual([status, code], [403, "private-address"], places[i]);
  }
  assert.equal((await refusal(await fetch(`${gateway}ghcr.io/v2/a/manifests/1.0`))).detail.found, "127.0.0.1");
  assert.equal((await refusal(await fetch(`${gateway}127.0.0.1/v2/a/manifests/1.0`))).code, "host");
  assert.deepEqual([...new Set(asked().map((one) => one.host))], [hub, "auth.docker.io"]);
});

test("workerd: G01 names that cannot be resolved are not asked", async (t) => {
  const { upstream, asked } = await startHub(t);
  upstream.at("cloudflare-dns.com/dns-query", { status: 503 });
  const gateway = await startWorker(t, upstream);
  assert.equal((await refusal(await fetch(`${gateway}ghcr.io/v2/a/manifests/1.0`))).code, "resolution");
  assert.deepEqual(asked(), []);
});

test("workerd: G09 bodies without end, callers that hang up, clients that ask too much", async (t) => {
  const { upstream } = await startHub(t);
  const first = endless();
  upstream.at(`${hub}/${path}/manifests/endless`, first.answer);
  const gateway = await startWorker(t, upstream, { LIMITS: { client: { burst: 3, perSecond: 0.01 } } });
  const place = `${gateway}${hub}/${path}/manifests/endless`;
  await assert.rejects((await fetch(place)).arrayBuffer());
  await first.over;
  const second = endless();
  upstream.at(`${hub}/${path}/manifests/endless`, second.answer);
  const reader = (await fetch(place)).body.getReader();
  assert.equal((await reader.read()).done, false);
  await reader.cancel();
  await second.over;
  const codes = [];
  for (const client of ["1.0.0.2", "1.0.0.2", "1.0.0.2", "1.0.0.2", "1.0.0.3"]) {
    const headers = { "cf-connecting-ip": client };
    codes.push((await fetch(`${gateway}${hub}/v2/none/tags/list`, { headers })).status);
  }
  assert.deepEqual(codes, [404, 404, 404, 429, 404]);
});

test("workerd: G09 with a list of origins, and hosts of the operator's own", async (t) => {
  const { upstream } = await startHub(t);
  upstream.at("registry.example/v2/a/manifests/1.0", { body: "own" });
  const vars = { ORIGINS: ["https://page.example"], HOSTS: ["registry.example"] };
  const gateway = await startWorker(t, upstream, vars);
  const ask = (origin) => fetch(`${gateway}registry.example/v2/a/manifests/1.0`, { headers: { origin } });
  assert.equal(await (await ask("https://page.example")).text(), "own");
  assert.equal((await refusal(await ask("https://evil.example"))).code, "origin");
  assert.equal((await refusal(await fetch(`${gateway}ghcr.io/v2/a/manifests/1.0`))).code, "host");
});

test("workerd: R10 gzip that was added on the way", async (t) => {
  const gzip = { headers: { "content-encoding": "gzip" }, body: gzipSync(bytes) };
  const { upstream } = await startHub(t, { answers: { "/manifests/gzip": gzip } });
  const gateway = await startWorker(t, upstream);
  const response = await fetch(`${gateway}${hub}/${path}/manifests/gzip`);
  assert.equal(sha256(Buffer.from(await response.arrayBuffer())), digest);
});

test("wrangler.jsonc is for all pages, and names the worker", () => {
  const { main, vars, compatibility_flags: flags } = wrangler();
  assert.deepEqual([main, vars, flags], ["worker.js", { ORIGINS: "*" }, ["enable_request_signal"]]);
});

/** A registry on loopback, with its tokens, for Deno. */
async function startLocal(t, answers = {}) {
  const upstream = await startUpstream(t);
  const token = `http://${upstream.host}/token`;
  const own = { "/manifests/1.0": { headers: { "docker-content-digest": digest }, body: bytes } };
  const closed = { registry: upstream.host, realm: token, repository, answers: { ...own, ...answers } };
  wantToken(upstream, closed);
  const hosts = [{ host: upstream.host, token, http: true, loopback: true }, "ghcr.io"];
  return { upstream, hosts, place: `${upstream.host}/${path}/manifests` };
}

test("deno: a manifest with a token, byte for byte, and an endless one", async (t) => {
  const gzip = { headers: { "content-encoding": "gzip" }, body: gzipSync(bytes) };
  const { upstream, hosts, place } = await startLocal(t, { "/manifests/gzip": gzip });
  const gateway = await startDeno(t, { hosts });
  const headers = { authorization: "Basic x", cookie: "a=1" };
  for (const name of ["1.0", "gzip"]) {
    const response = await fetch(`${gateway}${place}/${name}`, { headers });
    assert.equal(response.status, 200);
    assert.equal(sha256(Buffer.from(await response.arrayBuffer())), digest);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
  }
  const { authorization, cookie } = upstream.asked[2].headers;
  assert.deepEqual([authorization, cookie], [`Bearer ${tokenFor(repository)}`, undefined]);
  const head = await fetch(`${gateway}${place}/1.0`, { method: "HEAD" });
  assert.equal(head.headers.get("docker-content-digest"), digest);
  for (const hangUp of [false, true]) {
    const { answer, over } = endless();
    upstream.at(`${place}/endless`, answer);
    const { body } = await fetch(`${gateway}${place}/endless`);
    if (hangUp) await body.cancel();
    else await assert.rejects(new Response(body).arrayBuffer());
    await over;
  }
});

test("deno: G01, G03, G09 what leads inside, and other pages", async (t) => {
  const places = ["https://127.0.0.1/", "https://localhost/", "https://[fd00::1]/", "http://storage.example/"];
  const answers = Object.fromEntries(places.map((to, i) => [`/manifests/${i}`, away(to)]));
  const { hosts, place } = await startLocal(t, answers);
  const limits = { client: { burst: 6, perSecond: 0.01 } };
  const gateway = await startDeno(t, { hosts, limits, origins: ["https://page.example"] });
  const codes = [];
  for (const i of places.keys()) codes.push((await refusal(await fetch(`${gateway}${place}/${i}`))).code);
  assert.deepEqual(codes, ["private-address", "private-address", "private-address", "redirect"]);
  const headers = { origin: "https://evil.example" };
  assert.equal((await refusal(await fetch(`${gateway}${place}/1.0`, { headers }))).code, "origin");
  assert.equal((await refusal(await fetch(`${gateway}10.0.0.1/v2/a/manifests/1.0`))).code, "host");
  // Four of six are used: those that were refused for what they are do not count.
  const statuses = [];
  for (const _ of [5, 6, 7]) statuses.push((await fetch(`${gateway}${place}/1.0`)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

test("deno: what is assembled for Deno Deploy is whole, and resolves names as it should", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-deploy-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "src"));
  cpSync(join(root, "gateway"), join(folder, "gateway"), { recursive: true });
  cpSync(join(root, "src", "js"), join(folder, "src", "js"), { recursive: true });
  await runDeno(t, ["task", "assemble"], join(folder, "gateway"));
  const deployed = join(folder, "dist", "deno");
  const { hosts, place } = await startLocal(t);
  const gateway = await startDeno(t, { entry: join(deployed, "gateway", "deno.js"), hosts });
  assert.equal((await fetch(`${gateway}${place}/1.0`)).status, 200);
  const records = {
    "both.example": ["1.1.1.1", "10.0.0.1", "fd00::1"],
    "four.example": ["1.1.1.1"],
    "none.example": [],
    "unknown.example": 3,
    "broken.example": 2,
  };
  const nameServer = await startDns(t, records);
  writeFileSync(join(folder, "names.js"), `
    import { resolve } from ${JSON.stringify(pathToFileURL(join(deployed, "gateway", "deno.js")).href)};
    for (const name of ${JSON.stringify(Object.keys(records))}) {
      const found = await resolve(name, { nameServer: ${JSON.stringify(nameServer)} });
      console.log(JSON.stringify([name, found.sort()]));
    }
    Deno.exit();
  `);
  const printed = await runDeno(t, ["run", "--no-prompt", "--allow-all", join(folder, "names.js")], folder);
  const found = Object.fromEntries(printed.split("\n").filter((line) => line.startsWith("[")).map(JSON.parse));
  const expected = { ...records, "unknown.example": [], "broken.example": [] };
  assert.deepEqual(found, expected);
});
