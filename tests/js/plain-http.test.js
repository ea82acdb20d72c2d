// Registries that are asked without TLS because somebody named them for that: which are, what the
// answer then says, and what of a user's is sent there. A name for the host leads to loopback here.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Run, answer } from "../../dist/pkg/node.js";
import { basic, USER } from "../registry/tokens.mjs";
import { call, document, folder, pullproof, registries, serveRegistry } from "../support/cli.mjs";

const host = "registry.lan:5000";
const tags = { "1.0": "buildx-attested", "1.1": "mirror-recompressed" };
const what = { ask: "what", image: `${host}/a/b:1.0` };
const same = { ask: "same", left: `${host}/a/b:1.0`, right: `${host}/a/b:1.1` };

/** A `fetch` of a registry at `host`, which has no TLS. */
function plainly(requests) {
  const found = registries({ [`${host}/a/b`]: tags });
  return (url) => {
    requests.push(url);
    if (url.startsWith("https:")) throw new TypeError("fetch failed", { cause: { code: "ERR_SSL_PACKET_LENGTH_TOO_LONG" } });
    return found(url);
  };
}

test("a named host is asked over plain http, and the answer says so", async () => {
  const requests = [];
  const report = await answer(same, { fetch: plainly(requests), plainHttp: [host] });
  assert.equal(report.verdict, "proven", report.summary);
  assert.ok(requests.length > 3 && requests.every((url) => url.startsWith(`http://${host}/v2/a/b/`)), requests.join(" "));
  assert.match(report.conditions[0], /^registry\.lan:5000 said at \S+ \S+ UTC what registry\.lan:5000\/a\/b:1\.0 is, over plain http\.$/);
  const said = "asked over plain http: anybody between here and registry.lan:5000 can read and change it";
  assert.ok(report.claims.some(({ statement }) => statement.kind === "note" && statement.text === said));
});

test("other hosts are not: not by another port, a part of the name, or nothing named", async () => {
  const others = [undefined, [], ["registry.lan"], ["registry.lan:5001"], ["lan:5000"], ["xregistry.lan:5000"], ["registry.lan:50000"]];
  const asking = others.map(async (plainHttp) => {
    const requests = [];
    const report = await answer(what, { fetch: plainly(requests), plainHttp });
    assert.equal(report.verdict, "open");
    assert.ok(requests.length > 0 && requests.every((url) => url.startsWith("https:")), `${plainHttp}: ${requests}`);
  });
  await Promise.all(asking);
});

test("tags and referrers of a named host too", async () => {
  const requests = [];
  const run = new Run({ fetch: plainly(requests), plainHttp: [host] });
  assert.deepEqual(await run.tags(`${host}/a/b`), Object.keys(tags));
  const { by } = await run.referrers(`${host}/a/b`, document("buildx-attested-index").digest);
  assert.equal(by, "none");
  assert.deepEqual([...new Set(requests.map((url) => new URL(url).protocol))], ["http:"]);
});

test("what is no host is refused before anything is asked", async () => {
  for (const wrong of ["", "*", "*.lan", "http://registry.lan:5000", "registry.lan:5000/a", "docker.io", "u:p@registry.lan"]) {
    const fetch = () => assert.fail("asked");
    await assert.rejects(answer(what, { fetch, plainHttp: [wrong] }), { code: "question", message: /plain http/ }, wrong);
  }
  const { code, stderr } = await pullproof(["what", `${host}/a/b:1.0`, "--plain-http", "*"]);
  assert.equal(code, 2);
  assert.match(stderr, /^pullproof: expected the host of a registry to be asked over plain http/);
});

/** What the command sends and prints when a registry at `host` wants a password, which docker has. */
async function withPassword(t, options) {
  const auths = { [host]: { auth: Buffer.from(`${USER.username}:${USER.password}`).toString("base64") } };
  const path = folder(t, { "config.json": JSON.stringify({ auths }) });
  const found = registries({ [`${host}/a/b`]: tags });
  const sent = [];
  const fetch = (url, init) => {
    const authorization = new Headers(init.headers).get("authorization");
    sent.push([new URL(url).origin, authorization]);
    if (new URL(url).origin !== `http://${host}`) return new Response("", { status: 404 });
    if (authorization !== basic(USER)) return new Response("", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } });
    return options.redirect?.(url) ?? found(url);
  };
  const run = (given) => new Run({ ...given, fetch });
  const argv = ["what", `${host}/a/b:1.0`, "--plain-http", host, ...(options.argv ?? [])];
  return { sent, ...(await call(argv, { run, environment: { DOCKER_CONFIG: path } })) };
}

test("credentials of a named host are sent to it without TLS, unless told not to", async (t) => {
  const given = await withPassword(t, {});
  assert.equal(given.code, 0, given.stdout);
  assert.ok(given.sent.some(([, authorization]) => authorization === basic(USER)));
  assert.match(given.stdout.replace(/\s+/g, " "), /registry\.lan:5000 said at \S+ \S+ UTC what registry\.lan:5000\/a\/b:1\.0 is, over plain http\./);
  const steps = await withPassword(t, { argv: ["--steps"] });
  assert.match(steps.stdout, /crane manifest --insecure registry\.lan:5000\/a\/b:1\.0 \| sha256sum/);
  const anonymous = await withPassword(t, { argv: ["--anonymous"] });
  assert.equal(anonymous.code, 3);
  assert.deepEqual(anonymous.sent.filter(([, authorization]) => authorization), []);
});

test("R03: and to none that it leads to, named or not", async (t) => {
  for (const to of ["http://registry.lan:5001", "http://elsewhere.example", "https://elsewhere.example", "https://registry.lan:5000"]) {
    const redirect = (url) => new Response("", { status: 307, headers: { location: to + new URL(url).pathname } });
    const { code, sent } = await withPassword(t, { redirect, argv: ["--plain-http", "registry.lan:5001"] });
    assert.equal(code, 3, to);
    for (const [origin, authorization] of sent) if (origin !== `http://${host}`) assert.equal(authorization, null, to);
  }
});

// What the system says of the name `registry.lan`, in the process that it is given to.
const hosts = `data:text/javascript,${encodeURIComponent(`
  import dns from "node:dns";
  const { lookup } = dns;
  dns.lookup = (name, ...rest) => lookup(name === "registry.lan" ? "127.0.0.1" : name, ...rest);
`)}`;

test("the program asks a host of another name over plain http when told, and over TLS else", async (t) => {
  const [, port] = (await serveRegistry(t, { "a/b": tags })).split(":");
  const cwd = folder(t);
  const named = `registry.lan:${port}`;
  const options = { cwd, env: { HOME: cwd }, node: ["--import", hosts] };
  const images = [`${named}/a/b:1.0`, `${named}/a/b:1.1`];
  const told = await pullproof(["same", ...images, "--plain-http", named], options);
  assert.equal(told.code, 0, told.stdout + told.stderr);
  assert.match(told.stdout.replace(/\s+/g, " "), new RegExp(`${named} said at \\S+ \\S+ UTC what \\S+ is, over plain http\\.`));
  const json = JSON.parse((await pullproof(["same", ...images, "--json", "--plain-http", named], options)).stdout);
  assert.ok(json.claims.some(({ statement }) => statement.text?.startsWith("asked over plain http")));
  const untold = await pullproof(["same", ...images, "--plain-http", "registry.lan"], options);
  assert.equal(untold.code, 3);
  assert.match(untold.stdout.replace(/\s+/g, " "), /cannot be reached \(no TLS; if it speaks plain http, name it with plain-http\)/);
  const policy = join(cwd, "policy.json");
  const made = await pullproof(["publish", `${named}/a/b`, "--tags", "1.0", "-o", policy, "--plain-http", named], options);
  assert.equal(made.code, 0, made.stderr);
  const asked = await pullproof(["published", images[0], "--policy", policy, "--plain-http", named], options);
  assert.equal(asked.code, 0, asked.stdout + asked.stderr);
  const all = await pullproof(["mirror", `${named}/a/b`, `${named}/a/b`, "--plain-http", named], options);
  assert.equal(all.code, 0, all.stdout + all.stderr);
});

test("a receipt of what came over plain http says so again", async () => {
  const { checkReceipt } = await import("../../dist/pkg/node.js");
  let receipt;
  await answer(what, { fetch: plainly([]), plainHttp: [host], onReceipt: (text) => (receipt = text) });
  const { report, same: isSame } = checkReceipt(receipt);
  assert.equal(isSame, true);
  assert.match(report.conditions.join(" "), /, over plain http\./);
});
