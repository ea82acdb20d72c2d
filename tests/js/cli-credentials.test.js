// The docker client's credentials: which are found for which origin, and that nothing secret is said.
// Helpers are scripts in a folder of the test, which write down what they were asked.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import test from "node:test";
import { Credentials } from "../../dist/pkg/cli/credentials.js";
import { folder } from "../support/cli.mjs";

const secret = "hunter2:with a colon";
const auth = (username, password = secret) => Buffer.from(`${username}:${password}`).toString("base64");

/** The result with this config: `get(origin)`, the notes, and the helpers that were asked. */
function docker(t, config, { helpers = {}, within, environment = {}, signal } = {}) {
  const path = folder(t, { "config.json": typeof config === "string" ? config : JSON.stringify(config) });
  const bin = join(path, "bin");
  mkdirSync(bin);
  for (const [name, lines] of Object.entries(helpers)) {
    writeFileSync(join(bin, `docker-credential-${name}`), `#!/bin/sh\necho "$@" >> ${path}/asked\n${lines}\n`);
    chmodSync(join(bin, `docker-credential-${name}`), 0o755);
  }
  const said = [];
  const PATH = `${bin}${delimiter}${process.env.PATH}`;
  const credentials = new Credentials({
    environment: { PATH, DOCKER_CONFIG: path, ...environment },
    note: (text) => said.push(text),
    signal,
    within,
  });
  const asked = () => (existsSync(join(path, "asked")) ? readFileSync(join(path, "asked"), "utf8") : "");
  return { get: (origin) => credentials.get(origin), said, asked, path };
}

/** A helper that writes down the server, and answers. */
const answers = (username, password = secret) =>
  `cat >> "$(dirname "$0")/../asked"; echo '${JSON.stringify({ ServerURL: "x", Username: username, Secret: password })}'`;

const hub = "https://index.docker.io/v1/";
const rows = [
  ["R06: the exact host", { "ghcr.io": 1 }, ["https://ghcr.io"], ["https://cr.io", "https://hcr.io", "https://ghcr.io.example", "https://xghcr.io", "https://a.ghcr.io", "https://ghcr.io:5000"]],
  ["R06: a shorter host", { "cr.io": 1 }, ["https://cr.io"], ["https://ghcr.io", "https://gcr.io"]],
  ["the port is a part of it", { "reg.example:5000": 1 }, ["https://reg.example:5000"], ["https://reg.example", "https://reg.example:5001"]],
  ["the usual port", { "reg.example:443": 1 }, ["https://reg.example"], ["https://reg.example:80"]],
  ["a scheme and a path are dropped", { "https://reg.example/v2/": 1 }, ["https://reg.example"], ["https://reg.example:444"]],
  ["this machine, without TLS", { "127.0.0.1:5000": 1 }, ["http://127.0.0.1:5000"], ["http://127.0.0.1:5001", "https://127.0.0.1"]],
  ["others only with TLS", { "reg.example": 1, "127.0.0.1.example": 1 }, ["https://reg.example"], ["http://reg.example", "http://127.0.0.1.example"]],
  ["Docker Hub by its key", { [hub]: 1 }, ["https://registry-1.docker.io", "https://auth.docker.io", "https://index.docker.io", "https://docker.io"], ["https://hub.docker.io", "https://docker.io.example", "https://registry-1.docker.io:8443", "https://docker.com"]],
  ["Docker Hub by a host of its", { "docker.io": 1 }, ["https://registry-1.docker.io"], ["https://evil-docker.io"]],
  ["no entry of Object's", {}, [], ["https://constructor", "https://__proto__"]],
];

for (const [name, hosts, given, withheld] of rows) {
  test(`auths: ${name}`, async (t) => {
    const auths = Object.fromEntries(Object.keys(hosts).map((host) => [host, { auth: auth("me") }]));
    const { get, said } = docker(t, { auths });
    for (const origin of given) assert.deepEqual(await get(origin), { username: "me", password: secret }, origin);
    for (const origin of withheld) assert.equal(await get(origin), null, origin);
    assert.deepEqual(said, []);
  });

  test(`credHelpers: ${name}`, async (t) => {
    const credHelpers = Object.fromEntries(Object.keys(hosts).map((host) => [host, "fake"]));
    const { get, said, asked } = docker(t, { credHelpers }, { helpers: { fake: answers("me") } });
    for (const origin of withheld) assert.equal(await get(origin), null, origin);
    assert.equal(asked(), "");
    for (const origin of given) assert.deepEqual(await get(origin), { username: "me", password: secret }, origin);
    assert.deepEqual(said, []);
  });
}

test("Docker Hub's own key goes before other names of its", async (t) => {
  const { get } = docker(t, { auths: { "docker.io": { auth: auth("other") }, [hub]: { auth: auth("me") } } });
  assert.equal((await get("https://registry-1.docker.io")).username, "me");
});

test("a helper is asked for what docker stores the server under, once", async (t) => {
  const { get, asked } = docker(t, { credsStore: "fake" }, { helpers: { fake: answers("me") } });
  await get("https://registry-1.docker.io");
  await get("https://registry-1.docker.io");
  await get("http://127.0.0.1:5000");
  assert.equal(asked(), `get\n${hub}get\n127.0.0.1:5000`);
});

test("where a helper is named, the file's own entries do not count", async (t) => {
  const config = { auths: { "a.example": { auth: auth("file") } }, credHelpers: { "a.example": "one" }, credsStore: "two" };
  const { get, asked } = docker(t, config, { helpers: { one: answers("one"), two: answers("two") } });
  assert.equal((await get("https://a.example")).username, "one");
  assert.equal((await get("https://b.example")).username, "two");
  assert.equal(asked(), "get\na.exampleget\nb.example");
});

test("an empty helper means the file", async (t) => {
  const config = { auths: { "a.example": { auth: auth("file") } }, credHelpers: { "a.example": "" }, credsStore: "two" };
  const { get } = docker(t, config, { helpers: { two: answers("two") } });
  assert.equal((await get("https://a.example")).username, "file");
});

test("entries that are not logins", async (t) => {
  const auths = { "empty.example": {}, "null.example": null, "text.example": "x", "both.example": { username: "u", password: "p" } };
  const { get, said } = docker(t, { auths });
  for (const host of ["empty", "null", "text"]) assert.equal(await get(`https://${host}.example`), null, host);
  assert.deepEqual(await get("https://both.example"), { username: "u", password: "p" });
  assert.deepEqual(said, []);
});

for (const [name, config, helper, expected] of [
  ["a registry token", { auths: { "a.example": { auth: auth("me"), registrytoken: secret } } }, "", /a registry token is stored for a\.example, which is not used here/],
  ["an empty identity token of a helper", { credsStore: "fake" }, answers("<token>", ""), /credential helper docker-credential-fake gave neither Username nor Secret/],
  ["auth that is no base64 of a pair", { auths: { "a.example": { auth: Buffer.from("hunter2").toString("base64") } } }, "", /docker's login for a\.example cannot be read: its auth is not user:password in base64$/],
  ["a helper that is not there", { credsStore: "absent" }, "", /docker-credential-absent gave no login for a\.example: no such program in PATH; asking anonymously$/],
  ["a helper that fails with a secret", { credsStore: "fake" }, `echo '${secret}'; echo '${secret}' >&2; exit 3`, /a\.example: exit code 3; asking anonymously$/],
  ["a helper that says something else", { credsStore: "fake" }, `echo '{"Token":"${secret}"'`, /credential helper docker-credential-fake gave neither Username nor Secret/],
  ["a helper that dies", { credsStore: "fake" }, "kill -9 $$", /a\.example: ended by SIGKILL/],
  ["a helper that says too much", { credsStore: "fake" }, `exec yes '${secret}'`, /a\.example: more than 1048576 bytes/],
  ["a helper with a path for a name", { credsStore: "../../bin/sh" }, "", /credential helper for a\.example: "\.\.\/\.\.\/bin\/sh" is not a name/],
  ["a helper with a space for a name", { credsStore: "fake x" }, answers("me"), /"fake x" is not a name/],
  ["a helper that is no name", { credsStore: "-fake;id" }, "", /"-fake;id" is not a name/],
  ["a config that is no JSON", `{"auths": {"a.example": {"auth": "${secret}" "`, "", /docker's logins cannot be read: not JSON, at .*config\.json; asking anonymously$/],
  ["a config that is no object", "[]", "", /docker's logins cannot be read: not a JSON object/],
]) {
  test(`R08: ${name} is said without secrets, and is anonymous`, async (t) => {
    const { get, said } = docker(t, config, { helpers: helper === "" ? {} : { fake: helper } });
    assert.equal(await get("https://a.example"), null);
    assert.equal(await get("https://a.example"), null);
    assert.equal(said.length, 1);
    assert.match(said[0], expected);
    assert.doesNotMatch(said[0], /hunter2|aHVudGVy/);
  });
}

test("identity tokens, in the file and of a helper", async (t) => {
  const auths = { "a.example": { auth: auth("me", ""), identitytoken: secret }, "b.example": { auth: auth("me"), identitytoken: "" } };
  const { get, said } = docker(t, { auths, credHelpers: { "c.example": "fake" } }, { helpers: { fake: answers("<token>") } });
  assert.deepEqual(await get("https://a.example"), { identityToken: secret });
  assert.deepEqual(await get("https://b.example"), { username: "me", password: secret });
  assert.deepEqual(await get("https://c.example"), { identityToken: secret });
  assert.deepEqual([await get("https://aa.example"), await get("http://a.example")], [null, null]);
  assert.deepEqual(said, []);
});

test("R02, R06: without TLS only for the hosts that are named so, exactly", async (t) => {
  const auths = Object.fromEntries(["r.lan", "r.lan:5000", "t.lan:80", "u.lan"].map((host) => [host, { auth: auth("me") }]));
  const { path } = docker(t, { auths });
  const note = assert.fail;
  const credentials = new Credentials({ environment: { DOCKER_CONFIG: path }, plainHttp: ["R.lan:5000", "t.lan:80"], note });
  const user = async (origin) => (await credentials.get(origin))?.username;
  for (const origin of ["http://r.lan:5000", "https://r.lan:5000", "http://t.lan", "https://r.lan"]) assert.equal(await user(origin), "me", origin);
  for (const origin of ["http://r.lan", "http://u.lan", "http://r.lan:5001", "http://t.lan:5000", "http://ar.lan:5000"]) {
    assert.equal(await user(origin), undefined, origin);
  }
});

test("a login that a helper does not have is missing, without a word", async (t) => {
  const helpers = { fake: "echo 'credentials not found in native keychain'; exit 1", blank: answers("", "") };
  const { get, said } = docker(t, { credsStore: "fake", credHelpers: { "b.example": "blank" } }, { helpers });
  assert.equal(await get("https://a.example"), null);
  assert.equal(await get("https://b.example"), null);
  assert.deepEqual(said, []);
});

test("a helper that does not answer is ended", async (t) => {
  const { get, said } = docker(t, { credsStore: "fake" }, { helpers: { fake: "exec sleep 600" }, within: 50 });
  assert.equal(await get("https://a.example"), null);
  assert.match(said[0], /a\.example: no answer within 0\.05 seconds/);
});

test("DOCKER_AUTH_CONFIG goes before the file, which has what it lacks", async (t) => {
  const given = { auths: { "a.example": { auth: auth("given") } }, credsStore: "fake", HttpHeaders: { Authorization: secret } };
  const config = { auths: { "a.example": { auth: auth("file") }, "b.example": { auth: auth("file") } } };
  const environment = { DOCKER_AUTH_CONFIG: JSON.stringify(given) };
  const { get, said, asked } = docker(t, config, { helpers: { fake: answers("helper") }, environment });
  assert.deepEqual(await get("https://a.example"), { username: "given", password: secret });
  assert.equal((await get("https://b.example")).username, "file");
  assert.equal(await get("https://aa.example"), null);
  assert.deepEqual([asked(), said], ["", []]);
});

test("R08: DOCKER_AUTH_CONFIG that is no JSON is said without secrets", async (t) => {
  const { get, said } = docker(t, {}, { environment: { DOCKER_AUTH_CONFIG: `{"auths": "${secret}` } });
  assert.equal(await get("https://a.example"), null);
  assert.deepEqual(said, ["docker's logins cannot be read: not JSON, in DOCKER_AUTH_CONFIG; asking anonymously"]);
});

for (const [name, place, environment] of [
  ["REGISTRY_AUTH_FILE, before docker's", "auth.json", (path) => ({ REGISTRY_AUTH_FILE: join(path, "auth.json") })],
  ["XDG_RUNTIME_DIR, after docker's", "containers/auth.json", (path) => ({ XDG_RUNTIME_DIR: path })],
]) {
  test(`podman's file by ${name}; R06: none of a single repository for its whole registry`, async (t) => {
    const auths = {
      "a.example": { auth: auth("podman") }, "b.example/one": { auth: auth("one") }, "https://c.example/v1/": { auth: auth("old") },
      "d.example/one": { auth: auth("one") }, "d.example": { auth: auth("all") }, "both.example": { auth: auth("podman") },
    };
    const path = folder(t, { "config.json": JSON.stringify({ auths: { "both.example": { auth: auth("docker") } } }) });
    mkdirSync(join(path, "containers"));
    writeFileSync(join(path, place), JSON.stringify({ auths }));
    const said = [];
    const credentials = new Credentials({ environment: { DOCKER_CONFIG: path, ...environment(path) }, note: (text) => said.push(text) });
    const user = async (host) => (await credentials.get(`https://${host}`))?.username;
    assert.deepEqual(await Promise.all(["a.example", "c.example", "d.example", "x.example"].map(user)), ["podman", "old", "all", undefined]);
    assert.equal(await user("both.example"), name.includes("before") ? "podman" : "docker");
    assert.deepEqual(said, []);
    assert.equal(await user("b.example"), undefined);
    assert.match(said.join(), /^logins for single repositories of b\.example are stored, which are not used here/);
  });
}

test("no config is no credentials, without a word", async (t) => {
  const path = folder(t);
  for (const environment of [{ HOME: path }, { DOCKER_CONFIG: path }, { HOME: path, DOCKER_CONFIG: "" }]) {
    const said = [];
    const credentials = new Credentials({ environment, note: (text) => said.push(text) });
    assert.equal(await credentials.get("https://a.example"), null);
    assert.deepEqual(said, []);
  }
});

test("without DOCKER_CONFIG the file is in the home folder", async (t) => {
  const path = folder(t);
  mkdirSync(join(path, ".docker"));
  writeFileSync(join(path, ".docker", "config.json"), JSON.stringify({ auths: { "a.example": { auth: auth("home") } } }));
  const credentials = new Credentials({ environment: { HOME: path }, note: assert.fail });
  assert.equal((await credentials.get("https://a.example")).username, "home");
});
