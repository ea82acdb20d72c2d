// The gateway as a client of registries: tokens, redirects, pages, encodings. R01, R03 to R05, R07, R08, R10.

import assert from "node:assert/strict";
import test from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  away, host, manifest, own, refusal, sha256, startGateway, tokenFor, wantToken,
} from "../support/upstream.mjs";

const digest = sha256("x");
const realm = "https://auth.example/token";
const withToken = { host, token: realm };
const repository = "library/app";

/** A gateway whose registry wants a token from auth.example. */
async function startClosed(t, { answers = { "/manifests/1.0": { body: "{}" } }, token, said, ...options } = {}) {
  const started = await startGateway(t, { hosts: [withToken], ...options });
  wantToken(started.upstream, { registry: host, realm: said ?? realm, repository, answers, token });
  return started;
}

const authorizations = ({ asked }) => asked.map((one) => `${one.host} ${one.headers.authorization ?? "-"}`);
const bearer = (name = repository) => `Bearer ${tokenFor(name)}`;

test("a token for what was asked, and no more, from the endpoint on the list", async (t) => {
  const { ask, upstream, connected } = await startClosed(t);
  assert.equal(await (await ask(manifest)).text(), "{}");
  assert.deepEqual(authorizations(upstream), [`${host} -`, "auth.example -", `${host} ${bearer()}`]);
  const { searchParams } = new URL(upstream.asked[1].url, realm);
  const query = { scope: "repository:library/app:pull", service: "a service" };
  assert.deepEqual(Object.fromEntries(searchParams), query);
  assert.deepEqual(Object.keys(upstream.asked[1].headers).sort(), own);
  assert.equal(connected[1].url.startsWith(`${realm}?`), true);
});

test("a token is asked for once, and again when its time is over", async (t) => {
  let time = 0;
  const { ask, upstream } = await startClosed(t, { now: () => time, token: { expires_in: 100 } });
  const tokens = () => upstream.asked.filter((one) => one.host === "auth.example").length;
  for (let i = 0; i < 3; i += 1) assert.equal((await ask(manifest)).status, 200);
  assert.equal(tokens(), 1);
  time += 94_000;
  assert.equal((await ask(manifest)).status, 200);
  assert.equal(tokens(), 1);
  time += 2000;
  assert.equal((await ask(manifest)).status, 200);
  assert.equal(tokens(), 2);
});

test("no token is kept for more than an hour, nor without a time for more than a minute", async (t) => {
  for (const [said, milliseconds] of [[1e9, 3_600_000], ["1000", 60_000], [undefined, 60_000]]) {
    let time = 0;
    const { ask, upstream } = await startClosed(t, { now: () => time, token: { expires_in: said } });
    assert.equal((await ask(manifest)).status, 200);
    time += milliseconds;
    assert.equal((await ask(manifest)).status, 200);
    assert.equal(upstream.asked.filter((one) => one.host === "auth.example").length, 2);
  }
});

test("no more tokens are kept than there is room for", async (t) => {
  const { ask, upstream } = await startClosed(t, { limits: { tokens: 1 } });
  const answers = { "/manifests/1.0": { body: "{}" } };
  wantToken(upstream, { registry: host, realm, repository: "other", answers });
  const other = `${host}/v2/other/manifests/1.0`;
  for (const place of [manifest, manifest, other, manifest]) assert.equal((await ask(place)).status, 200);
  assert.equal(upstream.asked.filter((one) => one.host === "auth.example").length, 3);
});

test("a token that is not taken is replaced once, and then the registry's word passes", async (t) => {
  const { ask, upstream } = await startClosed(t, { token: { token: "wrong" } });
  const response = await ask(manifest);
  assert.deepEqual([response.status, response.headers.get("www-authenticate")], [401, null]);
  const wrong = `${host} Bearer wrong`;
  assert.deepEqual(authorizations(upstream), [`${host} -`, "auth.example -", wrong]);
  assert.equal((await ask(manifest)).status, 401);
  assert.deepEqual(authorizations(upstream).slice(3), [wrong, "auth.example -", wrong]);
});

test("R01: a challenge that names another realm is refused, and nobody goes there", async (t) => {
  const realms = [
    "https://evil.example/token", "https://auth.example/token/", "https://auth.example/Token",
    "http://auth.example/token", "https://auth.example.evil.example/token", "https://auth.example/token?x",
    "https://user@auth.example/token", "https://127.0.0.1/token",
  ];
  for (const said of realms) {
    const { ask, connected } = await startClosed(t, { said });
    const { status, code, message } = await refusal(await ask(manifest));
    assert.deepEqual([status, code], [401, "realm"]);
    assert.equal(message, `expected a challenge for a token of ${realm}, found one of ${said} at ${host}`);
    assert.equal(connected.length, 1);
  }
});

test("R01: a registry that is listed without tokens gets none", async (t) => {
  const { ask, connected } = await startClosed(t, { hosts: [host] });
  const { code, message } = await refusal(await ask(manifest));
  assert.equal(code, "realm");
  assert.equal(message, `expected a challenge for a token of nobody, found one of ${realm} at ${host}`);
  assert.equal(connected.length, 1);
});

test("R01, R02: a token endpoint that leads inside, or elsewhere", async (t) => {
  const inside = await startClosed(t, { addresses: { "auth.example": "10.0.0.1" } });
  const { code, detail } = await refusal(await inside.ask(manifest));
  assert.deepEqual([code, detail.found, detail.at], ["private-address", "10.0.0.1", "auth.example"]);
  const { ask, upstream, connected } = await startClosed(t);
  upstream.at("auth.example/token", away("https://evil.example/"));
  const { status, message } = await refusal(await ask(manifest));
  assert.equal(status, 502);
  assert.equal(message, "expected a token from auth.example, found none, with status 307");
  assert.equal(connected.length, 2);
});

test("a token server's answers that hold no token", async (t) => {
  const tokens = ["1", '""', '"a b"', '"a\\r\\nX: y"'].map((token) => `{"token":${token}}`);
  const bodies = ["", "{}", "[]", "null", "<html>", ...tokens];
  const { ask, upstream } = await startClosed(t);
  for (const body of bodies) {
    upstream.at("auth.example/token", { body });
    assert.equal((await refusal(await ask(manifest))).code, "token", body);
  }
  upstream.at("auth.example/token", { status: 403, body: JSON.stringify({ token: tokenFor(repository) }) });
  assert.equal((await refusal(await ask(manifest))).code, "token");
  upstream.at("auth.example/token", { body: `{"token":"${"a".repeat(70_000)}"}` });
  const { code, message } = await refusal(await ask(manifest));
  assert.equal(code, "limit-exceeded");
  assert.equal(message, "expected at most 65536 bytes, found more at the answer of auth.example");
  upstream.at("auth.example/token", { body: JSON.stringify({ access_token: tokenFor(repository) }) });
  assert.equal((await ask(manifest)).status, 200);
});

test("challenges as registries write them", async (t) => {
  const cases = [
    [`Bearer realm="${realm}",service="a b",scope="x"`, "a b"],
    [`bearer service=svc, realm="${realm}"`, "svc"],
    [`Basic realm="x", Bearer realm="${realm}"`, null],
    [`Bearer realm="${realm}",scope="*",Basic realm="https://evil.example"`, null],
    [`BEARER realm=${realm}`, null],
  ];
  for (const [challenge, service] of cases) {
    const { ask, upstream } = await startClosed(t);
    upstream.at(manifest, ({ headers }, response) => {
      response.writeHead(headers.authorization ? 200 : 401, { "www-authenticate": challenge }).end();
    });
    assert.equal((await ask(manifest)).status, 200, challenge);
    assert.equal(new URL(upstream.asked[1].url, realm).searchParams.get("service"), service);
  }
  const { ask, upstream } = await startClosed(t);
  for (const challenge of ['Basic realm="x"', "Negotiate", "Bearerrealm=x", ""]) {
    upstream.at(manifest, { status: 401, headers: { "www-authenticate": challenge }, body: "said" });
    const response = await ask(manifest);
    assert.deepEqual([response.status, await response.text()], [401, "said"], challenge);
  }
});

test("R03: a token does not leave the host it was given for", async (t) => {
  const places = [
    "https://storage.example/blob?signature=secret",
    `https://${host}.evil.example/v2/library/app/manifests/1.0`,
    `https://evil.example/v2/library/app/manifests/1.0`,
    `https://${host}:8443/v2/library/app/manifests/1.0`,
    `https://${host.slice(3)}/v2/library/app/manifests/1.0`,
  ];
  for (const place of places) {
    const answers = { "/manifests/1.0": away(place) };
    const { ask, upstream } = await startClosed(t, { answers });
    const { host: other, pathname } = new URL(place);
    upstream.at(`${other}${pathname}`, { body: "there" });
    const response = await ask(manifest);
    assert.equal(await response.text(), "there");
    assert.deepEqual(authorizations(upstream).slice(-2), [`${host} ${bearer()}`, `${other} -`]);
    assert.equal([...response.headers].flat().join().includes("secret"), false);
  }
});

test("R03: an answer from elsewhere is said to be another's word; a blob is hashed, and the registry says nothing of it", async (t) => {
  const storage = "https://storage.example/x?key=secret";
  const blob = `/blobs/${sha256("there")}`;
  const answers = { "/manifests/1.0": away(storage), [blob]: away(storage), "/manifests/2.0": away("/v2/library/app/manifests/3.0"), "/manifests/3.0": { headers: { "pullproof-led": "evil.example" }, body: "there" } };
  const { ask, upstream } = await startClosed(t, { answers });
  upstream.at("storage.example/x", { body: "there" });
  const led = async (path) => (await ask(path)).headers.get("pullproof-led");
  assert.equal(await led(manifest), "storage.example");
  assert.equal(await led(manifest.replace("/manifests/1.0", blob)), null);
  // Inside one registry, and what a registry says of itself.
  assert.equal(await led(manifest.replace("1.0", "2.0")), null);
  const exposed = (await ask(manifest)).headers.get("access-control-expose-headers").split(", ");
  assert.ok(exposed.includes("pullproof-led"));
});

test("R03: nor does it go with a redirect to another place of that host", async (t) => {
  const { ask, upstream } = await startClosed(t, { answers: { "/manifests/1.0": away("/storage/x") } });
  upstream.at(`${host}/storage/x`, { body: "there" });
  assert.equal(await (await ask(manifest)).text(), "there");
  assert.deepEqual(authorizations(upstream).slice(-2), [`${host} ${bearer()}`, `${host} -`]);
});

test("R03: each hop to another repository has that repository's token", async (t) => {
  const answers = { "/manifests/1.0": away("/v2/other/manifests/2.0") };
  const { ask, upstream } = await startClosed(t, { answers });
  const other = { registry: host, realm, repository: "other", answers: { "/manifests/2.0": { body: "there" } } };
  wantToken(upstream, other);
  assert.equal(await (await ask(manifest)).text(), "there");
  const expected = [`${host} -`, "auth.example -", `${host} ${bearer("other")}`];
  assert.deepEqual(authorizations(upstream).slice(3), expected);
});

test("R04: a redirect to another registry of the list gets a token of that registry's", async (t) => {
  const second = { host: "second.example", token: "https://tokens.example/" };
  const answers = { "/manifests/1.0": away("https://second.example/v2/mirror/app/manifests/1.0") };
  const { ask, upstream } = await startClosed(t, { answers, hosts: [withToken, second] });
  const mirrored = { "/manifests/1.0": { body: "there" } };
  wantToken(upstream, { registry: second.host, realm: second.token, repository: "mirror/app", answers: mirrored });
  assert.equal(await (await ask(manifest)).text(), "there");
  const expected = ["second.example -", "tokens.example -", `second.example ${bearer("mirror/app")}`];
  assert.deepEqual(authorizations(upstream).slice(3), expected);
});

test("R04: a host that is not on the list gets no token, whatever it asks for", async (t) => {
  const { ask, upstream, connected } = await startClosed(t, {
    answers: { "/manifests/1.0": away("https://evil.example/v2/library/app/manifests/1.0") },
  });
  upstream.at("evil.example/v2/library/app/manifests/1.0", {
    status: 401,
    headers: { "www-authenticate": `Bearer realm="${realm}"` },
  });
  assert.equal((await ask(manifest)).status, 401);
  assert.equal(connected.length, 4);
});

test("R05: nothing of the caller's and no cookie travels to any hop", async (t) => {
  const { ask, upstream } = await startClosed(t, {
    answers: { "/manifests/1.0": { ...away("https://storage.example/x") } },
  });
  upstream.at("storage.example/x", { headers: { "set-cookie": "b=2; Domain=example" }, body: "there" });
  const headers = { authorization: "Bearer caller", cookie: "a=1", "private-token": "secret", "x-api-key": "b" };
  const response = await ask(manifest, { headers });
  assert.equal(response.headers.get("set-cookie"), null);
  for (const one of upstream.asked) {
    const found = Object.keys(one.headers).filter((name) => !own.includes(name));
    assert.deepEqual(found, one.headers.authorization ? ["authorization"] : []);
    assert.notEqual(one.headers.authorization, "Bearer caller");
  }
  assert.equal(upstream.asked.length, 4);
});

test("R07: the next page leads through the gateway again", async (t) => {
  const { ask, upstream } = await startGateway(t, { hosts: [{ host, page: "next_page" }] });
  const list = `${host}/v2/library/app/tags/list`;
  const referrers = `${host}/v2/library/app/referrers/${digest}`;
  const cases = [
    [list, '</v2/library/app/tags/list?last=b&n=2>; rel="next"', '<?last=b&n=2>; rel="next"'],
    [list, `<https://${list}?n=2&last=b>; rel=next`, '<?n=2&last=b>; rel="next"'],
    [list, "<?last=b>; title=x; rel=\"next\"", '<?last=b>; rel="next"'],
    [list, '</v2/library/app/tags/list?next_page=gAA%3D>; rel="next"', '<?next_page=gAA%3D>; rel="next"'],
    [list, '</x>; rel="prev", </v2/library/app/tags/list?last=a,b>; rel="next"', '<?last=a%2Cb>; rel="next"'],
    [list, "</elsewhere>; rel=prev", null],
    [list, "nothing", null],
    [referrers, `<https://${referrers}?artifactType=a%2Fb>; rel="next"`, '<?artifactType=a%2Fb>; rel="next"'],
    [manifest, "<https://evil.example/>; rel=next", null],
  ];
  for (const [place, link, expected] of cases) {
    upstream.at(place, { headers: { link }, body: "{}" });
    assert.equal((await ask(place)).headers.get("link"), expected, link);
  }
});

test("R07: a next page elsewhere is an error: left out, the list would look whole", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const list = `${host}/v2/library/app/tags/list`;
  const links = [
    [`<https://evil.example/v2/library/app/tags/list?last=b>; rel="next"`, "next-page"],
    [`<http://${list}?last=b>; rel="next"`, "next-page"],
    ['</v2/other/tags/list?last=b>; rel="next"', "next-page"],
    ['<//evil.example/>; rel="next"', "next-page"],
    ['<https://>; rel="next"', "next-page"],
    ['<?token=x>; rel="next"', "query"],
  ];
  for (const [link, code] of links) {
    upstream.at(list, { headers: { link }, body: "{}" });
    assert.equal((await refusal(await ask(list))).code, code, link);
  }
});

test("R08: what a redirect's address holds is not repeated", async (t) => {
  const { ask, upstream } = await startGateway(t);
  upstream.at(manifest, away("https://storage.example/x?signature=secret"));
  const cases = [
    { status: 302, headers: { location: "https://user:secret@x.example" } },
    { status: 206 },
    { headers: { "content-length": "99999999" } },
    ({ socket }) => socket.destroy(),
  ];
  for (const answer of cases) {
    upstream.at("storage.example/x", answer);
    const response = await ask(manifest);
    assert.equal(response.status, 502);
    assert.equal((await response.text()).includes("secret"), false);
  }
});

test("R10: an encoding that was added on the way is undone, and its length left out", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const body = Buffer.from('{\r\n  "a": 1\n}\n'.repeat(100));
  const encodings = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, GZIP: gzipSync };
  for (const [encoding, encode] of Object.entries(encodings)) {
    const encoded = encode(body);
    const headers = { "content-encoding": encoding, "content-length": encoded.length };
    upstream.at(manifest, { headers, body: encoded });
    const response = await ask(manifest);
    assert.equal(sha256(Buffer.from(await response.arrayBuffer())), sha256(body));
    for (const name of Object.keys(headers)) assert.equal(response.headers.get(name), null, name);
    assert.equal(upstream.asked.at(-1).headers["accept-encoding"], "identity");
    assert.equal((await ask(manifest, { method: "HEAD" })).headers.get("content-length"), null);
  }
});

test("R10: what does not decode, or decodes to too much", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  upstream.at(manifest, { headers: { "content-encoding": "gzip" }, body: bomb });
  await assert.rejects((await ask(manifest)).text(), /expected at most 4194304 bytes/);
  upstream.at(manifest, { headers: { "content-encoding": "gzip" }, body: bomb.subarray(0, 1000) });
  await assert.rejects((await ask(manifest)).text());
  upstream.at(manifest, { headers: { "content-encoding": "gzip" }, body: "not gzip" });
  await assert.rejects((await ask(manifest)).text());
  upstream.at(manifest, { headers: { "content-encoding": "secret" }, body: "x" });
  const { status, code, detail } = await refusal(await ask(manifest));
  assert.deepEqual([status, code, detail.found], [502, "unreachable", "content-encoding"]);
});

test("of a notary server only signed metadata is read, with a token for that repository", async (t) => {
  const notary = { host: "notary.example", token: "https://auth.example/token", notary: true };
  const { upstream, ask, connected } = await startGateway(t, { hosts: [host, notary] });
  const repository = "docker.io/nicolas/webdis";
  const hash = sha256("x").slice(7);
  const files = ["timestamp.json", "3.root.json", `snapshot.${hash}.json`, `targets/releases.${hash}.json`];
  const answers = Object.fromEntries(files.map((file) => [`/_trust/tuf/${file}`, { body: `{"of":"${file}"}` }]));
  wantToken(upstream, { registry: notary.host, realm: notary.token, repository, answers });
  for (const file of files) {
    const response = await ask(`${notary.host}/v2/${repository}/_trust/tuf/${file}`);
    assert.deepEqual([response.status, await response.text()], [200, `{"of":"${file}"}`], file);
    assert.equal(response.headers.get("cache-control"), "no-store");
  }
  assert.equal(upstream.asked.filter(({ url }) => url.includes("scope=repository%3Adocker.io%2Fnicolas%2Fwebdis%3Apull")).length, 1);
  const before = connected.length;
  const refused = [
    [`${notary.host}/v2/library/app/manifests/1.0`, "path"], [`${host}/v2/library/app/_trust/tuf/root.json`, "path"],
    [`${notary.host}/v2/library/app/_trust/tuf/root.key`, "reference"], [`${notary.host}/v2/library/app/_trust/tuf/private.json`, "reference"],
    [`${notary.host}/v2/library/app/_trust/tuf/targets/%2e%2e%2fx.json`, "reference"],
    [`${notary.host}/v2/library/app/_trust/tuf/root.json?x=1`, "query"],
  ];
  for (const [path, code] of refused) assert.equal((await refusal(await ask(path))).code, code, path);
  assert.equal(connected.length, before);
});
