// Names of registries that look like others, by the ids of the hostile cases: who is asked for them,
// over what, and who gets a user's credentials. Every name leads to a `fetch` of the test's.

import assert from "node:assert/strict";
import test from "node:test";
import { Run, answer } from "../../dist/pkg/node.js";
import { basic, USER } from "../registry/tokens.mjs";
import { call, folder } from "../support/cli.mjs";

const manifest = '{"schemaVersion":2}';

/** The requests for an image, and the result. */
async function ask(image) {
  const asked = [];
  const fetch = async (url) => {
    asked.push(url);
    return new Response(manifest);
  };
  const report = await answer({ ask: "what", image }, { fetch }).catch(({ code, message }) => ({ code, message }));
  return { asked, ...report };
}

for (const [id, image, origin, registry] of [
  ["R13", "registry.evil.example/docker.io/x:1", "https://registry.evil.example", "registry.evil.example"],
  ["R13", "docker.io.evil.example/x:1", "https://docker.io.evil.example", "docker.io.evil.example"],
  ["R13", "evil-docker.io/x:1", "https://evil-docker.io", "evil-docker.io"],
  ["R13", "[2001:db8::1]:5000/x:1", "https://[2001:db8::1]:5000", "[2001:db8::1]:5000"],
  ["R14", "localhostx:5000/a:1", "https://localhostx:5000", "localhostx:5000"],
  ["R14", "127.0.0.1.nip.example:5000/a:1", "https://127.0.0.1.nip.example:5000", "127.0.0.1.nip.example:5000"],
  ["R14", "localhost.evil.example/a:1", "https://localhost.evil.example", "localhost.evil.example"],
  ["R14", "127.0.0.1:5000/a:1", "http://127.0.0.1:5000", "127.0.0.1:5000"],
  ["R15", "r.example/a:1", "https://r.example", "r.example"],
  ["R15", "R.Example/a:1", "https://r.example", "r.example"],
  ["R16", "xn--e1afmkfd.example/a:1", "https://xn--e1afmkfd.example", "xn--e1afmkfd.example"],
]) {
  test(`${id}: for ${image} nobody is asked but ${origin}`, async () => {
    const { asked, verdict, summary, conditions } = await ask(image);
    assert.equal(verdict, "proven", summary);
    assert.ok(asked.length > 0);
    for (const url of asked) assert.ok(url.startsWith(`${origin}/v2/`), url);
    // Whoever reads the answer sees whose word the tag is.
    assert.ok(conditions[0].startsWith(`${registry} said at `), conditions[0]);
  });
}

for (const [id, image, says] of [
  ["R13", "user@host.example/x:1", /^expected an algorithm name/],
  ["R13", "r.example\\@evil.example/x:1", /^expected an algorithm name/],
  ["R13", "r.example:0/x:1", /^expected a port from 1 to 65535/],
  ["R13", "r.example:65536/x:1", /^expected a port/],
  ["R13", "[fe80::1%eth0]/x:1", /^expected an IPv6 address in brackets/],
  ["R13", "https://r.example/x:1", /^expected a port/],
  ["R13", "r.example?x/a:1", /^expected a host name in ASCII/],
  ["R13", "r.example#x/a:1", /^expected a host name in ASCII/],
  ["R15", "r.example/A:1", /^expected lower case letters/],
  ["R15", "r.example/a/../b:1", /^expected lower case letters/],
  ["R15", "r.example/./b:1", /^expected lower case letters/],
  ["R15", "r.example//a:1", /^expected lower case letters/],
  ["R15", "r.example/a%2f..:1", /^expected lower case letters/],
  ["R15", `r.example/${"a".repeat(256)}:1`, /^expected a repository of at most 255 characters/],
  ["R15", `r.example/a:${"t".repeat(129)}`, /^expected a tag of up to 128/],
  ["R14", "2130706433:5000/a:1", /^expected a registry host name or a normal IP address in the question, found https:/],
  ["R14", "127.1:5000/a:1", /^expected a registry host name or a normal IP address in the question, found https:/],
  ["R16", "xn--example-.org/a:1", /^expected a host name in ASCII/],
  ["R16", "exämple.org/a:1", /^expected a host name in ASCII/],
  ["R16", "еxample.org/a:1", /^expected a host name in ASCII/],
]) {
  test(`${id}: ${image.slice(0, 40)} is no name, and nobody is asked`, async () => {
    const { asked, code, message } = await ask(image);
    assert.deepEqual(asked, []);
    assert.ok(["reference", "digest-format", "question"].includes(code), code);
    assert.match(message, says);
  });
}

// Who has a password for each of these must not see it sent to the other.
for (const [id, stored, image] of [
  ["R06", "cr.example", "ghcr.example/a:1"],
  ["R06", "ghcr.example", "cr.example/a:1"],
  ["R06", "ghcr.example", "ghcr.example:5000/a:1"],
  ["R06", "ghcr.example:5000", "ghcr.example/a:1"],
  ["R06", "ghcr.example", "ghcr.example.evil.example/a:1"],
  ["R06", "ghcr.example", "a-ghcr.example/a:1"],
  ["R13", "https://index.docker.io/v1/", "docker.io.evil.example/a:1"],
  ["R13", "https://index.docker.io/v1/", "registry.evil.example/docker.io/a:1"],
  ["R13", "https://index.docker.io/v1/", "registry-1.docker.io.evil.example/a:1"],
  ["R14", "localhost:5000", "localhostx:5000/a:1"],
  ["R14", "127.0.0.1:5000", "127.0.0.1.nip.example:5000/a:1"],
]) {
  test(`${id}: the password of ${stored} does not travel for ${image}`, async (t) => {
    const auth = basic(USER).slice("Basic ".length);
    const path = folder(t, { "config.json": JSON.stringify({ auths: { [stored]: { auth } } }) });
    const sent = [];
    const fetch = async (url, { headers }) => {
      const authorization = new Headers(headers).get("authorization");
      sent.push([new URL(url).host, authorization]);
      if (authorization === basic(USER)) return new Response(manifest);
      return new Response("", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } });
    };
    const run = (options) => new Run({ ...options, fetch });
    const what = (name) => call(["what", name], { run, environment: { DOCKER_CONFIG: path } });
    assert.equal((await what(image)).code, 3);
    assert.ok(sent.length > 0);
    for (const [host, authorization] of sent) assert.equal(authorization, null, host);
    // To whom it belongs it does: otherwise nothing above would be seen.
    const own = stored.includes("docker.io") ? "docker.io/a/b" : `${stored}/a`;
    assert.equal((await what(`${own}:1`)).code, 0);
    assert.ok(sent.some(([, authorization]) => authorization === basic(USER)));
  });
}
