// A secret goes to the registry it was given for, and to that registry's own token server, and nowhere
// else; and what somebody else answers is not the registry's word. Over a caller's fetch, and as the command.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Run, answer, checkReceipt, rescue } from "../../dist/pkg/node.js";
import { textSections } from "../../dist/pkg/report/text.js";
import { listen } from "../registry/listen.mjs";
import { basic } from "../registry/tokens.mjs";
import { document, folder, pullproof } from "../support/cli.mjs";

const { bytes, digest } = document("buildx-attested-index");
const mine = { username: "me", password: "hunter2" };

/** A `fetch` of hosts, each a function of a request; it notes what was sent to whom. */
function hosts(table) {
  const sent = [];
  const fetch = async (url, { headers, body } = {}) => {
    const authorization = new Headers(headers).get("authorization");
    const { host, pathname } = new URL(url);
    sent.push({ host, url, authorization, body });
    return table[host]?.({ url, path: pathname, authorization, body }) ?? new Response("", { status: 404 });
  };
  return { sent, fetch };
}

const denied = (challenge) => new Response("", { status: 401, headers: { "www-authenticate": challenge } });
const led = (to) => new Response("", { status: 307, headers: { location: to } });
const found = () => new Response(bytes, { headers: { "docker-content-digest": digest } });
const told = ({ claims }) => claims.map(({ statement }) => statement.text ?? "");

test("a stranger that names Docker Hub's token server gets no token made from Hub's password", async () => {
  for (const scope of ["", ',scope="x repository:victim/app:pull,push"', ',scope="registry:catalog:*"']) {
    const asked = [];
    const { sent, fetch } = hosts({
      "stranger.example": ({ authorization }) =>
        authorization === "Bearer anonymous" ? found() : denied(`Bearer realm="https://auth.docker.io/token",service="registry.docker.io"${scope}`),
      "auth.docker.io": ({ authorization, body }) => Response.json({ token: authorization || body ? "of-me" : "anonymous" }),
    });
    const credentials = async (origin) => (asked.push(origin), /docker\.io$/.test(origin) ? mine : null);
    const report = await answer({ ask: "what", image: "stranger.example/a/b:1" }, { fetch, credentials, referrers: false });
    assert.deepEqual(asked, []);
    const token = sent.find(({ host }) => host === "auth.docker.io");
    assert.equal(token.authorization, null);
    assert.deepEqual(new URL(token.url).searchParams.getAll("scope"), ["repository:a/b:pull"]);
    assert.ok(told(report).some((text) => text.startsWith("asked for a token anonymously, since stranger.example names auth.docker.io")));
    assert.doesNotMatch(JSON.stringify(sent), /of-me/);
  }
});

test("the same with an identity token, which is sent by POST", async () => {
  const { sent, fetch } = hosts({
    "stranger.example": () => denied('Bearer realm="https://auth.docker.io/token"'),
    "auth.docker.io": () => Response.json({ token: "t" }),
  });
  const credentials = async () => ({ identityToken: "hunter2" });
  await answer({ ask: "what", image: "stranger.example/a/b:1" }, { fetch, credentials });
  assert.ok(sent.every(({ body }) => body === undefined), JSON.stringify(sent));
});

test("a token server below the registry's host gets the registry's credentials", async () => {
  const { sent, fetch } = hosts({
    "r.example": ({ authorization }) => (authorization === "Bearer mine" ? found() : denied('Bearer realm="https://auth.r.example/token"')),
    "auth.r.example": ({ authorization }) => (authorization === basic(mine) ? Response.json({ token: "mine" }) : new Response("", { status: 401 })),
  });
  const credentials = async (origin) => (origin === "https://r.example" ? mine : null);
  const report = await answer({ ask: "what", image: "r.example/a/b:1" }, { fetch, credentials, referrers: false });
  assert.ok(report.claims.some(({ statement, standing }) => statement.kind === "resolves" && standing.is === "proven"));
  assert.ok(sent.some(({ host }) => host === "auth.r.example"));
});

/** A registry whose door is open in the run, and a stranger that leads there. */
const open = () =>
  hosts({
    "r.example": ({ authorization }) => (authorization === basic(mine) ? found() : denied('Basic realm="x"')),
    "stranger.example": ({ path }) => led(`https://r.example${path.replace("/b/", "/secret/")}`),
  });

test("a redirect does not go through an open door", async () => {
  const { sent, fetch } = open();
  const run = new Run({ fetch, credentials: async (origin) => (origin === "https://r.example" ? mine : null) });
  await run.answer({ ask: "what", image: "r.example/a/b:1" }, { referrers: false });
  assert.ok(sent.some(({ authorization }) => authorization === basic(mine)));
  sent.length = 0;
  const report = await run.answer({ ask: "what", image: "stranger.example/a/b:1" }, { referrers: false });
  assert.equal(report.verdict, "open");
  assert.ok(sent.some(({ host }) => host === "r.example"));
  assert.ok(sent.every(({ authorization }) => authorization === null), JSON.stringify(sent));
  assert.ok(told(report).includes("r.example asks for a login, and the registry redirects to it: no login is sent there"), told(report).join("\n"));
});

test("what a redirect leads to answers for itself: a tag is its statement, in the report and in the receipt", async () => {
  const { fetch } = hosts({ "stranger.example": () => led("https://cdn.example/x?key=hunter2"), "cdn.example": found });
  let receipt;
  const options = { fetch, referrers: false, onReceipt: (text) => (receipt = text) };
  const question = { ask: "published", image: "stranger.example/a/b:1", by: { digests: [digest] } };
  const report = await answer(question, options);
  assert.equal(report.verdict, "stated", report.summary);
  assert.match(report.conditions.join(" "), /https:\/\/cdn\.example\/x said at \S+ \S+ UTC what stranger\.example\/a\/b:1 is; stranger\.example itself did not say it\./);
  assert.ok(told(report).includes("stranger.example redirected to cdn.example: the answer is from cdn.example, not from stranger.example"));
  assert.doesNotMatch(JSON.stringify(report) + receipt, /hunter2/);
  const checked = checkReceipt(receipt);
  assert.deepEqual([checked.report.verdict, checked.same], ["stated", true]);
});

test("an answer from elsewhere is not printed as what that host resolved", async () => {
  const { fetch } = hosts({ "stranger.example": ({ path }) => led(`https://cdn.example${path}`), "cdn.example": ({ path }) => (path.endsWith("/1") ? found() : undefined) });
  const report = await answer({ ask: "what", image: "stranger.example/a/b:1" }, { fetch, referrers: false });
  assert.notEqual(report.verdict, "proven", report.summary);
  const { items } = textSections(report).find(({ title }) => title === "Rests on");
  const text = items.join("\n");
  assert.doesNotMatch(text, /resolved it/);
  assert.match(text, /stranger\.example\/a\/b:1 is sha256:\S+, stated by https:\/\/cdn\.example\/v2\/a\/b\/manifests\/1/);
  assert.match(text, /1 document fetched from cdn\.example at/);
});

test("a document whose digest alone came, in a header, is not counted", async () => {
  const { Session } = await import("../../dist/pkg/node.js");
  const session = new Session({ ask: "same", left: "r.example/a:1", right: "r.example/a:2" });
  const [want] = session.wants();
  session.take({ header: digest, want, from: { via: "fetched", url: want.url, at: "2026-11-23T14:02:03Z" } });
  const { items = [] } = textSections(session.report(new Date(0))).find(({ title }) => title === "Rests on") ?? {};
  session.free();
  assert.ok(!items.join().includes("hashed here"), items.join("\n"));
});

test("a receipt makes no tag a premise by naming another host", async () => {
  const { fetch } = hosts({ "r.example": found });
  let receipt;
  await answer({ ask: "published", image: "r.example/a/b:1", by: { digests: [digest] } }, { fetch, onReceipt: (text) => (receipt = text) });
  assert.equal(checkReceipt(receipt).report.verdict, "proven");
  const url = "https://r.example/v2/a/b/manifests/1";
  for (const other of ["https://evil.example/v2/a/b/manifests/1", "https://r.example/v2/a/b/manifests/2", "https://evil.example/"]) {
    const forged = JSON.parse(receipt);
    for (const { bytes, from } of forged.evidence) if (bytes !== undefined && from.url === url) from.url = other;
    assert.equal(checkReceipt(JSON.stringify(forged)).report.verdict, "stated", other);
  }
});

test("a fetch that follows redirects itself says where it was led", async () => {
  const server = await listen((request, response) => {
    if (request.url.startsWith("/elsewhere")) return void response.end(bytes);
    response.writeHead(307, { location: `http://localhost:${request.socket.localPort}/elsewhere` }).end();
  });
  const follow = (url, init) => fetch(url, { ...init, redirect: "follow" });
  try {
    const question = { ask: "published", image: `${server.host}/a/b:1`, by: { digests: [digest] } };
    const report = await answer(question, { fetch: follow });
    assert.equal(report.verdict, "stated", report.summary);
  } finally {
    await server.stop();
  }
});

test("what a notary server leads to is not saved as its own, unless it has the hash that is named", async () => {
  const base = "https://notary.example/v2/r.example/a/_trust/tuf/";
  const { fetch } = hosts({
    "notary.example": ({ url }) => led(url.replace("notary.example", "evil.example")),
    "evil.example": () => Response.json({ signed: { version: 1, meta: {} } }),
  });
  const { evidence, problems } = await rescue(new Run({ fetch }), "r.example/a", { server: "https://notary.example" });
  assert.deepEqual(Object.keys(evidence.files), [], base);
  assert.match(problems[0].text, /^redirect: timestamp could not be fetched: evil\.example answered in place of the notary server/);
});

test("documents that did not come are not counted as fetched", async () => {
  const other = document("mirror-recompressed-index");
  const { fetch } = hosts({
    "r.example": ({ path }) => (path.endsWith("/1") ? found() : undefined),
    "none.example": () => {
      throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    },
    "closed.example": () => denied('Basic realm="x"'),
  });
  const counted = async (question) => {
    const report = await answer(question, { fetch });
    const { items = [] } = textSections(report).find(({ title }) => title === "Rests on") ?? {};
    return items.filter((item) => / fetched from /.test(item)).map((item) => item.replace(/ at .*/, ""));
  };
  for (const image of ["r.example/a/b:2", "none.example/a/b:1", "closed.example/a/b:1", `r.example/a/b@${other.digest}`]) {
    assert.deepEqual(await counted({ ask: "what", image }), [], image);
  }
  assert.deepEqual(await counted({ ask: "what", image: "r.example/a/b:1" }), ["1 document fetched from r.example"]);
  const same = await counted({ ask: "same", left: "r.example/a/b:1", right: "none.example/a/b:1" });
  assert.deepEqual(same, ["1 document fetched from r.example"]);
});

test("a receipt does not say that a host answered which was never reached", async () => {
  let receipt;
  const fetch = async () => {
    throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
  };
  await answer({ ask: "what", image: "none.example/a/b:1" }, { fetch, onReceipt: (text) => (receipt = text) });
  const { word } = checkReceipt(receipt);
  assert.ok(!word.some((text) => /that none\.example answered/i.test(text)), word.join("\n"));
  assert.ok(word.some((text) => /^Only the receipt says that none\.example did not answer, or not every request\.$/.test(text)), word.join("\n"));
});

test("the command: no password for one registry to another that names its token server, or leads there", async (t) => {
  const seen = [];
  const note = (name, answers) => (request, response) => {
    seen.push([name, request.headers.authorization]);
    answers(request, response);
  };
  const own = await listen(note("own", ({ url, headers }, response) => {
    if (url.startsWith("/token")) return void response.end('{"token":"t"}');
    if (headers.authorization === basic(mine)) return void response.end(bytes);
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  }));
  const stranger = await listen(note("stranger", ({ url, headers }, response) => {
    if (url.includes("/led/")) return void response.writeHead(307, { location: `http://${own.host}/v2/a/b/manifests/1` }).end();
    if (headers.authorization) return void response.end(bytes);
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${own.host}/token",scope="x repository:v:push"` }).end();
  }));
  t.after(() => Promise.all([own.stop(), stranger.stop()]));
  const auth = Buffer.from(`${mine.username}:${mine.password}`).toString("base64");
  const env = { DOCKER_CONFIG: folder(t, { "config.json": JSON.stringify({ auths: { [own.host]: { auth } } }) }) };
  const named = await pullproof(["what", `${stranger.host}/a/b:1`, "--verbose"], { env });
  assert.match(named.stdout.replace(/\s+/g, " "), /asked for a token anonymously, since 127\.0\.0\.1:\d+ names 127\.0\.0\.1:\d+ as its token server/);
  assert.ok(seen.every(([name, authorization]) => name === "stranger" || authorization === undefined), JSON.stringify(seen));
  seen.length = 0;
  const both = await pullproof(["same", `${own.host}/a/b:1`, `${stranger.host}/led/b:1`], { env });
  assert.notEqual(both.code, 0, both.stdout);
  const shown = seen.filter(([, authorization]) => authorization !== undefined);
  assert.ok(shown.length > 0 && shown.every(([name]) => name === "own"));
  // Of the two ways to the same address one had the password.
  assert.ok(seen.filter(([name, authorization]) => name === "own" && authorization === undefined).length >= 2, JSON.stringify(seen));
});
