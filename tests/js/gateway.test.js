// Requests that the gateway takes, and addresses that it may connect to: G01 to G06. It talks to an upstream on loopback
// under made-up names; the addresses it would have connected to are written down.

import assert from "node:assert/strict";
import test from "node:test";
import standard, { gateway, isPublic, registries } from "../../src/js/serve/gateway.js";
import {
  away, everywhere, host, manifest, own, publicAddress, refusal, sha256, startGateway, startUpstream,
} from "../support/upstream.mjs";

const digest = sha256("x");

const privateAddresses = [
  "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.9", "169.254.169.254",
  "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.19.0.1",
  "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
  "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
  "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:db8::1",
  "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "3fff::1", "5f00::1",
];

test("G01: addresses that are not on the internet, in any spelling", () => {
  const spelt = ["2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "[::1]", "[0:0:0:0:0:ffff:7f00:1]"];
  const none = ["", "registry.example", "1.2.3.4.5", "1::2::3", "1.1.1.1/8", "user@1.1.1.1", "256.1.1.1"];
  for (const address of [...privateAddresses, ...spelt, ...none]) assert.equal(isPublic(address), false, address);
  const open = ["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1"];
  const open6 = ["2606:4700::1", "2a00::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "[2606:4700::1]"];
  for (const address of [...open, ...open6]) assert.equal(isPublic(address), true, address);
});

test("G01: an address as the host is not on the list, whatever its spelling", async (t) => {
  const { ask, resolved, connected } = await startGateway(t);
  const hosts = [
    "127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0", "2130706433", "0177.0.0.1", "0x7f.1",
    "[::ffff:127.0.0.1]", "localhost", "metadata.google.internal",
  ];
  for (const other of hosts) {
    const { status, code, detail } = await refusal(await ask(`${other}/v2/library/app/manifests/1.0`));
    assert.deepEqual({ status, code, found: detail.found }, { status: 403, code: "host", found: other });
  }
  assert.deepEqual([resolved, connected], [[], []]);
});

test("G01: a listed name that leads inside is refused after resolution", async (t) => {
  for (const address of privateAddresses) {
    const { ask, connected } = await startGateway(t, { addresses: { [host]: address } });
    const error = await refusal(await ask(manifest));
    assert.deepEqual(error, {
      status: 403,
      code: "private-address",
      message: `expected an address on the public internet, found ${address} at ${host}`,
      detail: { expected: "an address on the public internet", found: address, at: host },
    });
    assert.deepEqual(connected, []);
  }
});

test("G01: one private address among public ones refuses the name", async (t) => {
  const addresses = { [host]: [publicAddress, "2606:4700::1", "10.0.0.1"] };
  const { ask, connected } = await startGateway(t, { addresses });
  assert.equal((await refusal(await ask(manifest))).detail.found, "10.0.0.1");
  assert.deepEqual(connected, []);
});

test("G01: a host without an address, or a resolver that fails", async (t) => {
  const fails = async () => {
    throw new Error("no answer");
  };
  for (const resolve of [async () => [], fails, () => fails()]) {
    const { ask, connected } = await startGateway(t, { resolve });
    const { status, code, message } = await refusal(await ask(manifest));
    assert.deepEqual({ status, code }, { status: 502, code: "resolution" });
    assert.equal(message, "expected an address for registry.example, found none");
    assert.deepEqual(connected, []);
  }
});

test("G01: loopback only for exactly the host and port that was listed so", async (t) => {
  const upstream = await startUpstream(t);
  const other = await startUpstream(t);
  upstream.at("/v2/a/manifests/1.0", { body: "here" });
  upstream.at("/v2/a/manifests/away", away(`http://${other.host}/v2/a/manifests/1.0`));
  upstream.at("/v2/a/manifests/secure", away(`https://${upstream.host}/`));
  const { fetch, connected } = everywhere(upstream);
  const ask = (name, hosts) => gateway({ hosts, fetch })(new Request(`https://gateway.example/${name}`));
  const listed = [{ host: upstream.host, http: true, loopback: true }];
  assert.equal(await (await ask(`${upstream.host}/v2/a/manifests/1.0`, listed)).text(), "here");
  assert.equal(connected.length, 1);
  for (const [path, hosts, code] of [
    [`${other.host}/v2/a/manifests/1.0`, listed, "host"],
    [`${upstream.host}/v2/a/manifests/away`, listed, "redirect"],
    [`${upstream.host}/v2/a/manifests/secure`, listed, "private-address"],
    [`${upstream.host}/v2/a/manifests/1.0`, [{ host: upstream.host }], "private-address"],
    ["10.0.0.1/v2/a/manifests/1.0", [{ host: "10.0.0.1", http: true, loopback: true }], "private-address"],
    ["1.1.1.1/v2/a/manifests/1.0", [{ host: "1.1.1.1", loopback: true }], "private-address"],
  ]) {
    assert.equal((await refusal(await ask(path, hosts))).code, code, path);
  }
  assert.deepEqual(other.asked, []);
});

test("G02: a name is resolved once a hop, and what was checked is what is connected to", async (t) => {
  // Public for whoever checks, private for whoever asks again.
  let times = 0;
  const resolve = async () => [times++ === 0 ? publicAddress : "127.0.0.1"];
  const { ask, connected } = await startGateway(t, { resolve });
  assert.equal((await ask(manifest)).status, 200);
  assert.equal(times, 1);
  const how = { redirect: "manual", cache: "no-store" };
  assert.deepEqual(connected, [{ url: `https://${manifest}`, addresses: [publicAddress], ...how }]);
  assert.equal((await refusal(await ask(manifest))).code, "private-address");
});

test("G03: redirects to where nothing may lead", async (t) => {
  const addresses = { "inside.example": "192.168.0.1", "metadata.example": ["169.254.169.254"] };
  const cases = [
    ["https://127.0.0.1/", "private-address"],
    ["https://2130706433/", "private-address"],
    ["https://0177.0.0.1/", "private-address"],
    ["https://0x7f.1/", "private-address"],
    ["https://127.1/", "private-address"],
    ["https://[::1]/", "private-address"],
    ["https://[::ffff:169.254.169.254]/latest", "private-address"],
    ["https://[64:ff9b::a00:1]/", "private-address"],
    ["https://[2002:a00:1::]/", "private-address"],
    ["https://[fd00:ec2::254]/", "private-address"],
    ["https://localhost/", "private-address"],
    ["https://localhost./", "private-address"],
    ["https://a.localhost/", "private-address"],
    ["https://router/", "private-address"],
    ["https://metadata.google.internal/", "private-address"],
    ["https://inside.example/", "private-address"],
    ["https://metadata.example/", "private-address"],
    [`http://${host}/v2/`, "redirect"],
    ["http://storage.example/", "redirect"],
    ["ftp://storage.example/", "redirect"],
    ["javascript:alert(1)", "redirect"],
    ["https://user:secret@storage.example/", "redirect"],
    ["https://storage.example/\u00e9", "redirect"],
    ["https://a b/", "redirect"],
    ["https://", "redirect"],
  ];
  const { upstream, ask, connected } = await startGateway(t, { addresses });
  for (const [location, code] of cases) {
    for (const hops of [0, 1]) {
      connected.length = 0;
      upstream.at(manifest, away(hops === 0 ? location : "https://storage.example/one"));
      upstream.at("storage.example/one", away(location));
      const error = await refusal(await ask(manifest));
      assert.equal(error.code, code, location);
      assert.equal(connected.length, 1 + hops, location);
      assert.equal(JSON.stringify(error).includes("secret"), false);
    }
  }
});

test("G03: redirects without an address, in a loop, and as many as may be", async (t) => {
  const { upstream, ask, connected } = await startGateway(t);
  upstream.at(manifest, { status: 302 });
  assert.equal((await refusal(await ask(manifest))).code, "redirect");
  upstream.at(manifest, away(`https://${manifest}`));
  connected.length = 0;
  const { status, message } = await refusal(await ask(manifest));
  assert.deepEqual([status, message], [502, `expected at most 5 redirects, found another at ${host}`]);
  assert.equal(connected.length, 6);
  upstream.at(manifest, away("/1"));
  for (const hop of [1, 2, 3, 4]) upstream.at(`${host}/${hop}`, away(`${hop + 1}`));
  upstream.at(`${host}/5`, { body: "there" });
  assert.equal(await (await ask(manifest)).text(), "there");
});

test("G04: hosts are exact names", async (t) => {
  const { ask, connected } = await startGateway(t, { hosts: ["ghcr.io", "quay.io"] });
  const others = [
    "ghcrXio", "xghcr.io", "ghcr.io.evil.example", "ghcr.iox", "evil.example%2fghcr.io", "GHCR.io", "ghcr.io.",
    "ghcr.io:443", "ghcr.io:8443", "user@ghcr.io", "ghcr.io%00", "__proto__", "constructor", "",
  ];
  for (const other of others) {
    const { status, code, message } = await refusal(await ask(`${other}/v2/a/manifests/1.0`));
    assert.deepEqual([status, code], [403, "host"], other);
    assert.equal(message, `expected one of ghcr.io, quay.io, found ${other} at the first part`);
  }
  assert.deepEqual(connected, []);
});

test("G04: a list with anything but hosts is not taken", () => {
  const wrong = [
    "https://ghcr.io", "ghcr.io/", "GHCR.io", "ghcr.io:443", "user@ghcr.io", "", "*.io", "ghcr.io#",
    { host: "ghcr.io", http: true }, { host: "ghcr.io", token: "http://ghcr.io/token" },
    { host: "ghcr.io", token: "/token" }, {},
  ];
  for (const entry of wrong) {
    const message = `expected a host as in { host: "ghcr.io" }, found ${JSON.stringify(entry)}`;
    assert.throws(() => gateway({ hosts: [entry] }), { name: "TypeError", message });
  }
  assert.doesNotThrow(() => gateway({ hosts: registries }));
});

test("G05: nothing but four resources", async (t) => {
  const { ask, connected } = await startGateway(t);
  const long = `${"a".repeat(128)}/${"b".repeat(127)}`;
  const cases = [
    ["v2/", "path"],
    ["v2/_catalog", "path"],
    ["v1/repositories/a/tags", "path"],
    ["v2/a/blobs/uploads/", "path"],
    ["v2/manifests/1.0", "path"],
    [`v2/a/layers/${digest}`, "path"],
    [`v2/a/manifests/${digest}/more`, "path"],
    ["v2/a/../b/manifests/1.0/../../../x", "path"],
    ["v2/%2e%2e/manifests/1.0", "path"],
    ["v2/a%2fb/manifests/1.0", "name"],
    ["v2//manifests/1.0", "path"],
    ["v2/a//b/manifests/1.0", "name"],
    ["v2/A/manifests/1.0", "name"],
    ["v2/a_-b/manifests/1.0", "name"],
    ["v2/-a/manifests/1.0", "name"],
    [`v2/${long}/manifests/1.0`, "name"],
    ["v2/a/manifests/.1", "reference"],
    [`v2/a/manifests/${"1".repeat(129)}`, "reference"],
    ["v2/a/manifests/sha256:abc", "reference"],
    [`v2/a/manifests/${digest.toUpperCase()}`, "reference"],
    [`v2/a/manifests/${digest.replace("sha256", "md5")}`, "reference"],
    ["v2/a/blobs/1.0", "reference"],
    ["v2/a/referrers/1.0", "reference"],
    ["v2/a/tags/all", "reference"],
    ["v2/a/manifests/1.0?n=1", "query"],
    [`v2/a/blobs/${digest}?url=https://evil.example`, "query"],
    ["v2/a/tags/list?artifactType=a/b", "query"],
    ["v2/a/tags/list?n=1&n=2", "query"],
    ["v2/a/tags/list?n=-1", "query"],
    ["v2/a/tags/list?n=999999", "query"],
    ["v2/a/tags/list?last=a%0d%0ab", "query"],
    ["v2/a/tags/list?next_page=x", "query"],
    ["v2/a/tags/list?__proto__=x", "query"],
    [`v2/a/referrers/${digest}?artifactType=nothing`, "query"],
  ];
  for (const [path, code] of cases) {
    const { status, ...error } = await refusal(await ask(`${host}/${path}`));
    assert.equal(error.code, code, path);
    assert.equal(status, code === "path" ? 404 : 400, path);
  }
  assert.deepEqual(connected, []);
});

test("G05: of what was asked no more than a little is repeated", async (t) => {
  const { ask } = await startGateway(t);
  const { detail, message } = await refusal(await ask(`${host}/v2/${"a".repeat(9000)}/manifests/1.0`));
  assert.equal(detail.found, `${"a".repeat(200)}…`);
  assert.equal(message.length < 300, true);
});

test("G05: the four resources, and their parameters", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const sha512 = `sha512:${"ab".repeat(64)}`;
  const paths = [
    "v2/a/manifests/1.0",
    `v2/a__b/c.d/e---f/manifests/${digest}`,
    `v2/a/manifests/${sha512}`,
    `v2/a/blobs/${digest}`,
    `v2/a/referrers/${digest}?artifactType=application%2Fvnd.dev.cosign.artifact.sig.v1%2Bjson`,
    "v2/a/tags/list",
    "v2/a/tags/list?n=100&last=1.0",
    "v2/manifests/manifests/manifests",
  ];
  for (const path of paths) assert.equal((await ask(`${host}/${path}`)).status, 404, path);
  assert.deepEqual(upstream.asked.map(({ url }) => url.slice(1)), paths);
});

test("G05: nothing but reading", async (t) => {
  const { ask, connected } = await startGateway(t);
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const response = await ask(manifest, { method });
    assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    const { status, code, message } = await refusal(response);
    assert.deepEqual([status, code, message], [405, "method", `expected GET or HEAD, found ${method}`]);
  }
  assert.deepEqual(connected, []);
});

test("G05: HEAD is asked as HEAD, and has no body", async (t) => {
  const { ask, upstream } = await startGateway(t);
  upstream.at(manifest, { headers: { "content-length": "12345678", "docker-content-digest": digest } });
  const response = await ask(manifest, { method: "HEAD" });
  assert.equal(response.body, null);
  assert.equal(response.headers.get("content-length"), "12345678");
  assert.equal(response.headers.get("docker-content-digest"), digest);
  assert.equal(upstream.asked[0].method, "HEAD");
  const refused = await ask(`${host}/v2/`, { method: "HEAD" });
  assert.deepEqual([refused.status, refused.body], [404, null]);
});

test("G06: line breaks, hosts and users in the address", async (t) => {
  const { ask, connected } = await startGateway(t);
  const cases = [
    [`${manifest}%0d%0aHost:%20evil.example`, "reference"],
    [`${host}/v2/a%0d%0aX-Y:z/manifests/1.0`, "name"],
    [`${host}%0d%0a/v2/a/manifests/1.0`, "host"],
    [`${host}@evil.example/v2/a/manifests/1.0`, "host"],
    [`${host}:80@evil.example/v2/a/manifests/1.0`, "host"],
    [`evil.example#${manifest}`, "host"],
    [`https://${manifest}`, "host"],
  ];
  for (const [path, code] of cases) assert.equal((await refusal(await ask(path))).code, code, path);
  assert.deepEqual(connected, []);
});

test("G06: no header of the caller's reaches a registry, but the types asked for", async (t) => {
  const { ask, upstream } = await startGateway(t);
  const given = {
    accept: "application/vnd.oci.image.index.v1+json",
    "accept-language": "en",
    forwarded: "host=evil.example",
    host: "evil.example",
    "if-none-match": "x",
    range: "bytes=0-1",
    referer: "https://secret.example/",
    via: "1.1 evil",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "http",
  };
  assert.equal((await ask(manifest, { headers: given })).status, 200);
  const [{ headers }] = upstream.asked;
  assert.deepEqual(Object.keys(headers).sort(), own);
  assert.equal(headers.host, host);
  assert.equal(headers.accept, given.accept);
});

test("G06: without types of the caller's, those of the resource are asked for", async (t) => {
  const { ask, upstream } = await startGateway(t);
  for (const accept of [undefined, "*/*", "\u00e9", "a".repeat(1025)]) {
    await ask(manifest, { headers: accept === undefined ? {} : { accept } });
  }
  for (const { headers } of upstream.asked) assert.equal(headers.accept.split(", ").length, 4);
  assert.equal(upstream.asked.length, 4);
});

test("says which hosts it serves, where it lies", async (t) => {
  const { ask } = await startGateway(t, { path: "/deep/gateway/" });
  assert.deepEqual(await (await ask("deep/gateway/")).json(), { name: "pullproof gateway", hosts: [host] });
  assert.equal((await ask(`deep/gateway/${manifest}`)).status, 200);
  assert.equal((await ask(manifest)).status, 403);
});

test("the module's own export serves the well-known registries", async () => {
  const info = { remoteAddr: { hostname: "::1" } };
  const response = await standard.fetch(new Request("https://gateway.example/"), info);
  assert.deepEqual((await response.json()).hosts, registries.map((registry) => registry.host));
  const refused = await standard.fetch(new Request("https://gateway.example/evil.example/v2/a/tags/list"), {});
  assert.equal(refused.status, 403);
});
