// Identity tokens of docker's configuration: exchanged by a POST at the registry's own token server for
// a token that opens one repository, and shown to nobody else.

import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { Run, answer } from "../../dist/pkg/node.js";
import { listen } from "../registry/listen.mjs";
import { call, folder, pullproof, registries } from "../support/cli.mjs";

const identity = "an identity & its=secret";
const tags = { "1.0": "buildx-attested" };

/** A registry on loopback with its token server, which gives tokens for `identity` only; what it was asked. */
async function start(t, { token = grant, realm = (host) => `http://${host}/token` } = {}) {
  const asked = [];
  const server = await listen(async (request, response) => {
    const { method, url, headers } = request;
    const body = await text(request);
    asked.push({ method, url, headers, body });
    const send = (status, given, content = "") => response.writeHead(status, given).end(content);
    if (url.startsWith("/token")) return token(request, new URLSearchParams(body), send);
    if (headers.authorization !== "Bearer opened") {
      return send(401, { "www-authenticate": `Bearer realm="${realm(headers.host)}",service="s",scope="repository:a/b:pull,push"` });
    }
    const found = await registries({ [`${headers.host}/a/b`]: tags })(`http://${headers.host}${url}`);
    return send(found.status, Object.fromEntries(found.headers), Buffer.from(await found.arrayBuffer()));
  });
  t.after(server.stop);
  return { host: server.host, asked };
}

function grant({ method }, form, send) {
  const isRight = method === "POST" && form.get("grant_type") === "refresh_token" && form.get("refresh_token") === identity;
  return isRight ? send(200, {}, '{"access_token":"opened"}') : send(400, {}, `{"error":"invalid_grant","error_description":"${form.get("refresh_token")}"}`);
}

const ask = (host, token = identity, options = {}) => {
  const credentials = async (origin) => (origin === `http://${host}` ? { identityToken: token } : null);
  return answer({ ask: "what", image: `${host}/a/b:1.0` }, { credentials, ...options });
};
const notes = ({ claims }) => claims.filter(({ statement }) => statement.kind === "note").map(({ statement }) => statement);

test("it opens what a password would", async (t) => {
  const { host, asked } = await start(t);
  const report = await ask(host);
  assert.equal(report.verdict, "proven", report.summary);
  const posts = asked.filter(({ method }) => method === "POST");
  assert.deepEqual(posts.map(({ url }) => url), ["/token"]);
  const fields = { grant_type: "refresh_token", refresh_token: identity, client_id: "pullproof", service: "s", scope: "repository:a/b:pull" };
  assert.deepEqual(Object.fromEntries(new URLSearchParams(posts[0].body)), fields);
  assert.equal(posts[0].headers["content-type"], "application/x-www-form-urlencoded");
  for (const { method, body, headers } of asked.filter((one) => !posts.includes(one))) {
    assert.deepEqual([method, body], ["GET", ""]);
    assert.ok([undefined, "Bearer opened"].includes(headers.authorization));
  }
});

test("the command takes it from docker's configuration", async (t) => {
  const { host } = await start(t);
  const path = folder(t, { "config.json": JSON.stringify({ auths: { [host]: { identitytoken: identity } } }) });
  const { code, stdout, stderr } = await pullproof(["what", `${host}/a/b:1.0`], { env: { DOCKER_CONFIG: path } });
  assert.equal(code, 0, stdout + stderr);
  assert.doesNotMatch(stdout + stderr, /its=secret|opened/);
  const other = await pullproof(["what", `${host}/a/b:1.0`, "--anonymous"], { env: { DOCKER_CONFIG: path } });
  assert.equal(other.code, 3);
});

for (const [name, options, expected] of [
  ["refused", {}, ["unauthorized", / rejected the stored identity token$/]],
  ["at a server that knows no POST", { token: (_, __, send) => send(405, {}) }, ["status", / has a token server that answered with an error \(status 405\)$/]],
  ["at a server that gives none", { token: (_, __, send) => send(200, {}, "{}") }, ["token", / has a token server that sent no usable token$/]],
]) {
  test(`R08: ${name}, without a word of the secret`, async (t) => {
    const { host } = await start(t, options);
    const report = await ask(host, name === "refused" ? "wrong secret" : identity);
    assert.equal(report.verdict, "open");
    const found = notes(report).find(({ code }) => code === expected[0]);
    assert.match(found?.text ?? "", expected[1]);
    assert.doesNotMatch(JSON.stringify(report), /secret/);
  });
}

test("R03: no redirect is followed with it", async (t) => {
  const other = await start(t);
  const token = (_, __, send) => send(307, { location: `http://${other.host}/token` });
  const { host } = await start(t, { token });
  const report = await ask(host);
  assert.equal(report.verdict, "open");
  assert.deepEqual(other.asked, []);
});

test("R01: a token server elsewhere does not get it", async (t) => {
  const other = await start(t);
  const { host, asked } = await start(t, { realm: () => `http://${other.host}/token` });
  const report = await ask(host);
  assert.equal(report.verdict, "open");
  assert.deepEqual(other.asked.map(({ method, body }) => [method, body]), [["GET", ""]]);
  assert.ok(asked.every(({ method }) => method === "GET"));
});

test("it is no password: a registry that wants one does not get it", async (t) => {
  const asked = [];
  const server = await listen((request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  });
  t.after(server.stop);
  const report = await ask(server.host);
  assert.match(notes(report).find(({ code }) => code === "unauthorized").text, /, not with an identity token$/);
  assert.deepEqual(asked, [undefined]);
});

test("a caller's fetch is given the method and the form", async () => {
  const sent = [];
  const fetch = async (url, { method, body, headers }) => {
    sent.push([method, url, body]);
    if (method === "POST") return new Response('{"access_token":"opened"}');
    const open = new Headers(headers).get("authorization") === "Bearer opened";
    const challenge = { "www-authenticate": 'Bearer realm="https://r.example/t"' };
    return open ? new Response('{"schemaVersion":2}') : new Response("", { status: 401, headers: challenge });
  };
  const credentials = async () => ({ identityToken: identity });
  await new Run({ fetch, credentials }).answer({ ask: "what", image: "r.example/a:1" }, { referrers: false });
  const [method, url, body] = sent[1];
  assert.deepEqual([method, url, new URLSearchParams(body).get("refresh_token")], ["POST", "https://r.example/t", identity]);
  assert.deepEqual(sent.map(([one]) => one), [undefined, "POST", undefined]);
});
