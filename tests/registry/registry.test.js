// The registries that other tests rely on: that they run, refuse and accept as they are said to, hold
// what was put there, and that what is said of the pairs of images in them is true.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { image } from "../builders/images.mjs";
import { tools as get } from "../peers/tools.mjs";
import { ask } from "./ask.mjs";
import { clients } from "./clients.mjs";
import { startFaulty } from "./faulty.mjs";
import { push } from "./push.mjs";
import { startCraneRegistry, startRegistry } from "./real.mjs";
import { withReferrers } from "./referrers.mjs";
import { mirrorOfTags, scenarios } from "./scenarios.mjs";
import { basic, startTokens, USER } from "./tokens.mjs";
import { compare, LEVELS, pulled, verdictAt } from "./truth.mjs";

const DISTRIBUTIONS = ["docker-registry", "registry"];
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

const tools = get([...DISTRIBUTIONS, "crane", "crane-referrers", "openssl", "oras", "regctl", "skopeo"]);
const client = clients(tools);
after(() => client.remove());

const beacon = image("buildx-attested");
const start = (name, auth) => startRegistry({ program: tools[name].path, auth, openssl: tools.openssl.path });
const startCrane = (name = "crane") => startCraneRegistry({ program: tools[name].path });

/** Does something with started servers, and stops them whatever happens. */
async function using(started, work) {
  try {
    return await work(...started);
  } finally {
    await Promise.all(started.map(({ stop }) => stop()));
  }
}

const manifestOf = ({ host }, repository, headers) =>
  ask(`http://${host}/v2/${repository}/manifests/1.0`, { headers: { accept: OCI_INDEX, ...headers } });

const RAW = {
  crane: (reference) => ["crane", "manifest", reference],
  oras: (reference) => ["oras", "manifest", "fetch", "--plain-http", reference],
  regctl: (reference) => ["regctl", "manifest", "get", "--format", "raw-body", reference],
  skopeo: (reference) => ["skopeo", "inspect", "--tls-verify=false", "--raw", `docker://${reference}`],
};

/** The clients that get the index at a reference, as this user. */
async function whoGets(host, repository, user) {
  client.logIn(host, user);
  await client.withoutTls(host);
  const found = [];
  for (const [name, argv] of Object.entries(RAW)) {
    const { code, stdout } = await client.run(argv(`${host}/${repository}:1.0`));
    if (code === 0 && stdout.equals(beacon.documents.at(-1).bytes)) found.push(name);
  }
  return found;
}

const EVERYBODY = Object.keys(RAW);
const STRANGER = { username: "keeper", password: "wrong" };

for (const name of DISTRIBUTIONS) {
  test(`${name} without auth: everybody gets in`, async () => {
    await using([await start(name)], async (registry) => {
      await push(registry.host, "public/beacon", "1.0", beacon);
      assert.equal((await manifestOf(registry, "public/beacon")).status, 200);
      assert.deepEqual(await whoGets(registry.host, "public/beacon"), EVERYBODY);
    });
  });

  test(`${name} with htpasswd: only who has the password gets in`, async () => {
    await using([await start(name, "htpasswd")], async (registry) => {
      const headers = registry.authorization("public/beacon");
      await push(registry.host, "public/beacon", "1.0", beacon, headers);
      const refused = await manifestOf(registry, "public/beacon");
      assert.equal(refused.status, 401);
      assert.equal(refused.headers["www-authenticate"], 'Basic realm="registry of the tests"');
      assert.equal((await manifestOf(registry, "public/beacon", { authorization: basic(STRANGER) })).status, 401);
      assert.equal((await manifestOf(registry, "public/beacon", headers)).status, 200);
      assert.deepEqual(await whoGets(registry.host, "public/beacon"), []);
      assert.deepEqual(await whoGets(registry.host, "public/beacon", STRANGER), []);
      assert.deepEqual(await whoGets(registry.host, "public/beacon", USER), EVERYBODY);
    });
  });

  test(`${name} with token: what is public is everybody's, what is private needs the password`, async () => {
    await using([await start(name, "token")], async (registry) => {
      for (const repository of ["public/beacon", "private/beacon"]) {
        await push(registry.host, repository, "1.0", beacon, registry.authorization(repository));
      }
      const refused = await manifestOf(registry, "public/beacon");
      assert.equal(refused.status, 401);
      const { realm, service } = registry.tokens;
      const scope = "repository:public/beacon:pull";
      assert.equal(
        refused.headers["www-authenticate"],
        `Bearer realm="${realm}",service="${service}",scope="${scope}"`,
      );
      assert.deepEqual(await whoGets(registry.host, "public/beacon"), EVERYBODY);
      assert.deepEqual(await whoGets(registry.host, "private/beacon"), []);
      assert.deepEqual(await whoGets(registry.host, "private/beacon", STRANGER), []);
      assert.deepEqual(await whoGets(registry.host, "private/beacon", USER), EVERYBODY);
      // crane goes to no token server at another origin of a private network.
      const others = EVERYBODY.filter((tool) => tool !== "crane");
      assert.deepEqual(await whoGets(registry.direct, "private/beacon", USER), others);
      assert.ok(registry.tokens.requests.some(({ headers }) => headers.authorization === basic(USER)));
    });
  });

  test(`${name} with token: checks what it is shown`, async () => {
    await using([await start(name, "token"), await startTokens({ openssl: tools.openssl.path })], checkTokens);
  });
}

async function checkTokens(registry, forger) {
  const pull = (name) => [{ type: "repository", name, actions: ["pull"] }];
  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  const good = registry.tokens.tokenFor(pull("public/beacon"));
  const [head, body, signature] = good.split(".");
  const shown = {
    good,
    "of another repository": registry.tokens.tokenFor(pull("public/other")),
    "for nothing": registry.tokens.tokenFor([]),
    "run out": registry.tokens.tokenFor(pull("public/beacon"), { from: now - hour, seconds: hour / 2 }),
    "not yet good": registry.tokens.tokenFor(pull("public/beacon"), { from: now + hour }),
    "by another signer": forger.tokenFor(pull("public/beacon")),
    "another's signature": [head, body, forger.tokenFor(pull("public/beacon")).split(".")[2]].join("."),
    "no signature": `${head}.${body}.`,
    changed: [head, Buffer.from(`${Buffer.from(body, "base64url")} `).toString("base64url"), signature].join("."),
  };
  await push(registry.host, "public/beacon", "1.0", beacon, registry.authorization("public/beacon"));
  for (const [what, token] of Object.entries(shown)) {
    const { status } = await manifestOf(registry, "public/beacon", { authorization: `Bearer ${token}` });
    assert.equal(status, what === "good" ? 200 : 401, what);
  }
  const upload = `http://${registry.host}/v2/public/beacon/blobs/uploads/`;
  const headers = { authorization: `Bearer ${good}` };
  assert.equal((await ask(upload, { method: "POST", headers })).status, 401, "may pull, not push");
}

test("the token server gives what may be given", async () => {
  await using([await startTokens({ openssl: tools.openssl.path })], async ({ realm, service }) => {
    const url = (scope) => `${realm}?${new URLSearchParams({ service, scope })}`;
    const accessIn = ({ body }) =>
      JSON.parse(Buffer.from(JSON.parse(body).token.split(".")[1], "base64url")).access;
    const wide = url("repository:public/a:pull,push repository:private/b:pull");
    const anonymous = await ask(wide);
    assert.deepEqual(accessIn(anonymous), [{ type: "repository", name: "public/a", actions: ["pull"] }]);
    const known = accessIn(await ask(wide, { headers: { authorization: basic(USER) } }));
    assert.deepEqual(
      known.map(({ name, actions }) => [name, actions]),
      [
        ["public/a", ["pull", "push"]],
        ["private/b", ["pull"]],
      ],
    );
    assert.equal((await ask(wide, { headers: { authorization: basic(STRANGER) } })).status, 401);
    assert.equal((await ask(`${realm}?service=other`)).status, 400);
    assert.equal((await ask(wide, { method: "POST" })).status, 404);
  });
});

// By hand: what the scenarios are said to be, to be held against what is computed from their bytes.
const EXPECTED = `
single                proven        manifest
single-docker         proven        manifest
list                  proven        index index
list-docker           proven        index index
nested                proven        index index index
windows               proven        index index
no-types              proven        index index
without-attestations  proven        manifest manifest
attestations-added    proven        manifest manifest
list-of-docker        proven        manifest manifest
nested-flattened      proven        manifest manifest manifest
variant-written       proven        manifest manifest
no-platforms          proven        manifest manifest
listed-single         proven        manifest
recompressed          proven        config config
twelve-platforms      proven        config config config config config config config config config config config config
relabelled            contradicted  rootfs rootfs
lacks-platform        contradicted  manifest missing
more-platforms        proven        manifest
half-rebuilt          contradicted  manifest different
rebuilt               contradicted  different different
crane-copy            proven        index index
skopeo-copy-all       proven        index index
skopeo-copy           contradicted  manifest missing
regctl-copy           proven        index index index
oras-copy             proven        index index
crane-filter          contradicted  manifest missing
regctl-to-docker      proven        config config
regctl-to-oci         proven        config config
regctl-zstd           contradicted  rootfs rootfs
skopeo-to-docker      proven        config
skopeo-to-oci         contradicted  rootfs
`;

/** The right side of a row by its bytes, read back from both registries. */
async function seen(left, right, row) {
  const at = (reference) => /^[^/]+\/(.*):(.*)$/.exec(reference).slice(1);
  return compare(await pulled(left, ...at(row.left)), await pulled(right, ...at(row.right)));
}

test("every scenario is as it is said to be", async () => {
  client.logIn();
  await using([await start("docker-registry"), await start("registry")], async (left, right) => {
    const rows = await scenarios({ left, right, client });
    const line = ({ name, expect: { verdict, perPlatform } }) =>
      `${name.padEnd(21)} ${verdict.padEnd(13)} ${perPlatform.map(({ level }) => level).join(" ")}\n`;
    assert.equal(`\n${rows.map(line).join("")}`, EXPECTED);
    for (const row of rows) {
      assert.deepEqual(await seen(left, right, row), row.expect, row.name);
      const digest = async (reference) => (await client.output(["crane", "digest", reference])).toString();
      const [a, b] = [await digest(row.left), await digest(row.right)];
      assert.equal(a === b, row.expect.sameRoot, row.name);
    }
  });
});

test("both sides of the scenarios may be one registry, of any kind, and one with a password", async () => {
  const both = async (registry) => {
    const rows = await scenarios({ left: registry, right: registry });
    for (const row of rows) assert.deepEqual(await seen(registry, registry, row), row.expect, row.name);
    assert.equal(rows.length, 21);
  };
  await using([await startCrane()], both);
  await using([await start("registry", "token")], both);
});

test("a verdict depends on the level that is asked", () => {
  const at = (left, right) =>
    LEVELS.slice(2).map((level) => verdictAt(compare(image(left), image(right)), level)[0]);
  assert.equal(at("buildx-attested", "buildx-attested").join(""), "pppp");
  assert.equal(at("buildx-single", "buildx-single").join(""), "pppp");
  assert.equal(at("buildx-attested", "mirror-relisted").join(""), "pppc");
  assert.equal(at("buildx-attested", "mirror-recompressed").join(""), "ppcc");
  assert.equal(at("buildx-attested", "mirror-relabelled").join(""), "pccc");
});

test("a mirror of many tags has its fates", async () => {
  await using([await startCrane(), await startCrane()], async (left, right) => {
    const made = await mirrorOfTags({ left, right, count: 40 });
    assert.equal(made.tags.length, 40);
    const listed = async (repository) =>
      (await client.output(["crane", "ls", repository])).toString().trim().split("\n");
    const missing = made.tags.filter(({ expect }) => expect.perPlatform.every(({ level }) => level === "missing"));
    assert.deepEqual(
      missing.map(({ tag }) => tag),
      ["1.07", "1.27"],
    );
    assert.deepEqual(
      await listed(made.left),
      made.tags.map(({ tag }) => tag),
    );
    assert.deepEqual(
      await listed(made.right),
      made.tags.filter((row) => !missing.includes(row)).map(({ tag }) => tag),
    );
    for (const row of made.tags.filter((row) => !missing.includes(row))) {
      assert.deepEqual(await seen(left, right, row), row.expect, row.tag);
    }
    const contradicted = made.tags.filter(({ expect }) => expect.verdict === "contradicted");
    assert.deepEqual(
      contradicted.map(({ tag }) => tag),
      ["1.03", "1.07", "1.17", "1.23", "1.27", "1.37"],
    );
    const levels = new Set(made.tags.flatMap(({ expect }) => expect.perPlatform.map(({ level }) => level)));
    assert.deepEqual([...levels].sort(), ["config", "different", "index", "manifest", "missing"]);
  });
});

const REFERRERS = [
  { by: "fallbackTag", run: () => start("docker-registry") },
  { by: "fallbackTag", run: () => start("registry") },
  { by: "fallbackTag", run: () => startCrane("crane") },
  // It gives the type of the config in place of the artifact's: spec, "Listing Referrers", says otherwise.
  { by: "api", run: () => startCrane("crane-referrers"), typed: "application/vnd.oci.empty.v1+json" },
];

for (const [at, { by, run, typed }] of REFERRERS.entries()) {
  test(`referrers by ${by}, registry ${at + 1}`, async () => {
    await using([await run()], async (registry) => {
      const made = await withReferrers({ registry, client });
      assert.equal(made.by, by);
      const url = by === "api" ? `referrers/${made.subject}` : `manifests/${made.subject.replace(":", "-")}`;
      const { status, body } = await ask(`http://${registry.host}/v2/${made.repository}/${url}`, {
        headers: { accept: OCI_INDEX },
      });
      assert.equal(status, 200);
      const byDigest = (list) => list.map(({ digest, artifactType }) => [digest, artifactType]).sort();
      const expected = made.artifacts.map(({ digest, artifactType }) => ({
        digest,
        artifactType: typed ?? artifactType,
      }));
      assert.deepEqual(byDigest(JSON.parse(body).manifests), byDigest(expected));
      const found = JSON.parse(
        await client.output(["oras", "discover", "--plain-http", "--format", "json", made.image]),
      );
      assert.deepEqual(
        found.referrers.map(({ digest }) => digest).sort(),
        made.artifacts.map(({ digest }) => digest).sort(),
      );
      for (const { digest } of made.artifacts) {
        const manifest = JSON.parse(
          (
            await ask(`http://${registry.host}/v2/${made.repository}/manifests/${digest}`, {
              headers: { accept: "application/vnd.oci.image.manifest.v1+json" },
            })
          ).body,
        );
        assert.equal(manifest.subject.digest, made.subject);
      }
    });
  });
}

// What the registries do that others do not: tests of clients meet it whether they want to or not.
test("how the registries differ", async () => {
  await using([await start("docker-registry"), await start("registry"), await startCrane()], async (...all) => {
    const found = [];
    for (const { host } of all) {
      await push(host, "public/beacon", "1.0", beacon);
      await push(host, "public/beacon", "2.0", beacon);
      const url = `http://${host}/v2/public/beacon`;
      const unsaid = await ask(`${url}/manifests/1.0`);
      const tags = await ask(`${url}/tags/list?n=1`);
      found.push({
        withoutAccept: unsaid.status,
        tags: JSON.parse(tags.body).tags.length,
        link: tags.headers.link,
        type: tags.headers["content-type"],
      });
    }
    const next = '</v2/public/beacon/tags/list?last=1.0&n=1>; rel="next"';
    assert.deepEqual(found, [
      { withoutAccept: 404, tags: 2, link: undefined, type: "application/json; charset=utf-8" },
      { withoutAccept: 200, tags: 1, link: next, type: "application/json" },
      { withoutAccept: 200, tags: 1, link: undefined, type: "text/plain; charset=utf-8" },
    ]);
  });
});

test("real clients read the faulty registry, and stumble where they should", async () => {
  await using([await startFaulty()], async (faulty) => {
    await client.withoutTls(faulty.host);
    const gets = async (name) => {
      const runs = EVERYBODY.map(async (tool) => [
        tool,
        (await client.run(RAW[tool](faulty.reference(name)))).code,
      ]);
      return (await Promise.all(runs)).filter(([, code]) => code === 0).map(([tool]) => tool);
    };
    client.logIn();
    const good = ["good/beacon", "a", "type-parameters", "redirect"];
    for (const name of good) assert.deepEqual([name, await gets(name)], [name, EVERYBODY]);
    // The others ask /v2/ what is wanted, where here each repository wants something else.
    assert.deepEqual(await gets("token"), ["oras", "regctl"]);
    // oras counts what comes out of gzip against the length of what went in.
    assert.deepEqual(await gets("gzip"), ["crane", "regctl", "skopeo"]);
    // skopeo's version decides if it looks at the digest here.
    assert.deepEqual(
      (await gets("wrong-pinned")).filter((tool) => tool !== "skopeo"),
      [],
    );
    const bad = ["missing-tag", "challenge-loop", "tokens-garbage"];
    for (const name of bad) assert.deepEqual([name, await gets(name)], [name, []]);
    const copied = await client.run(["crane", "validate", "--remote", faulty.reference("wrong-body")]);
    assert.notEqual(copied.code, 0);
  });
});
