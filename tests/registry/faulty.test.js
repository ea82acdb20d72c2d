// The faulty registry has the faults that it is said to have: each is seen on the wire here, so that
// tests of clients can rely on them.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sha256 } from "../builders/bytes.mjs";
import { image } from "../builders/images.mjs";
import { ask } from "./ask.mjs";
import { contents } from "./faulty/contents.mjs";
import { faults, startFaulty } from "./faulty.mjs";
import { access, redirects, tokens } from "./seen/access.mjs";
import { documents } from "./seen/documents.mjs";
import { failures } from "./seen/failures.mjs";
import { lists, tags } from "./seen/lists.mjs";
import { beacon, Look, manifest } from "./seen/look.mjs";
import { basic, USER } from "./tokens.mjs";

const SEEN = { ...documents, ...failures, ...redirects, ...access, ...tokens, ...tags, ...lists };
const LIKE = { "good/beacon": "buildx-attested", "good/single": "buildx-single" };

const faulty = await startFaulty({ pace: 1 });
after(() => faulty.stop());

test("every fault is looked for, and nothing else", () => {
  assert.deepEqual(Object.keys(SEEN).sort(), faults.map(({ name }) => name).sort());
});

for (const { name, ids, note } of faults) {
  test(`${ids.join(", ")} ${name}: ${note}`, () => SEEN[name](new Look(faulty, name)));
}

// Lists that are as they should be: other lists are compared with them.
const WITHOUT_FAULT = ["tags", "referrers"];

test("no fault is seen where there is no fault", async () => {
  const own = await startFaulty();
  try {
    for (const { name, repository, like = "good/beacon" } of faults) {
      if (WITHOUT_FAULT.includes(name)) continue;
      own.fault(repository, {}, contents(image(LIKE[like])));
      await assert.rejects(SEEN[name](new Look(own, name)), { name: "AssertionError" }, name);
    }
  } finally {
    await own.stop();
  }
});

// What no registry can do: these are about references and settings (tests/js/hostile-names.test.js).
const NOT_ON_THE_WIRE = ["R06", "R14", "R15", "R16"];

test("every hostile case of registries has a fault", () => {
  const wanted = ["D19", "D20", "D21", "D22"];
  wanted.push("M05", "M08", "M18", "M22", "M23", "M24", "M25", "M27", "M28", "M29");
  for (let at = 1; at <= 18; at += 1) wanted.push(`R${String(at).padStart(2, "0")}`);
  const there = new Set(faults.flatMap(({ ids }) => ids));
  assert.deepEqual([...there, ...NOT_ON_THE_WIRE].sort(), wanted.sort());
});

test("repositories without a fault are good, documents and all", async () => {
  for (const [repository, name] of [
    ["good/beacon", "buildx-attested"],
    ["good/relisted", "mirror-relisted"],
    ["a", "buildx-single"],
  ]) {
    for (const { kind, digest, bytes } of image(name).documents) {
      const what = ["manifest", "index"].includes(kind) ? "manifests" : "blobs";
      const { status, body } = await ask(`http://${faulty.host}/v2/${repository}/${what}/${digest}`);
      assert.deepEqual([status, body], [200, bytes]);
    }
    assert.match(faulty.reference(repository), /^127\.0\.0\.1:\d+\/[a-z/]+:1\.0$/);
  }
});

test("a harmless fault's root is, however it is come by, that of the repository it is like", () => {
  for (const { name, like, contents } of faults.filter(({ harmless }) => harmless)) {
    if (contents) assert.equal(contents({}).root, image(LIKE[like]).root, name);
    else assert.equal(like, "good/beacon", name);
  }
});

const PASSWORD = { authorization: basic(USER) };
const status = (expected) => (answer) => assert.equal(answer.status, expected);

test("a fault of the test's own", async () => {
  const reference = faulty.fault("mine/teapot", (asked, good) => (asked.isRoot ? { ...good, status: 418 } : good));
  assert.equal(reference, `${faulty.host}/mine/teapot:1.0`);
  status(418)(await ask(`http://${faulty.host}/v2/mine/teapot/manifests/1.0`));
  status(200)(await ask(`http://${faulty.host}/v2/mine/teapot/manifests/${manifest}`));
});

test("requests are kept in order, with their headers", async () => {
  const own = await startFaulty();
  try {
    await ask(`http://${own.host}/v2/`, { headers: { "x-mark": "1" } });
    await ask(`http://${own.host}/v2/a/manifests/1.0`, { method: "HEAD" });
    await ask(`http://${own.elsewhere}/v2/faults/redirect/manifests/1.0`);
    assert.deepEqual(
      own.requests.map(({ server, method }) => `${server} ${method}`),
      ["registry GET", "registry HEAD", "elsewhere GET"],
    );
    assert.equal(own.requests[0].headers["x-mark"], "1");
    assert.equal(own.requestsFor("redirect").length, 1);
  } finally {
    await own.stop();
  }
});

test("by name, the servers are asked as if by https, and nobody else is asked at all", async () => {
  const own = await startFaulty();
  try {
    const answer = await own.fetch("https://registry.example/v2/faults/redirect/manifests/1.0", {
      redirect: "manual",
    });
    assert.equal(answer.headers.get("location"), "https://elsewhere.example/v2/faults/redirect/manifests/1.0");
    const there = await own.fetch(answer.headers.get("location"));
    assert.equal(sha256(Buffer.from(await there.arrayBuffer())), beacon.root);
    await assert.rejects(own.fetch("http://169.254.169.254/", { headers: PASSWORD }), {
      cause: { code: "ENOTFOUND" },
    });
    const seen = own.requests.map(({ server, url }) => `${server} ${url}`);
    assert.deepEqual(seen, [
      "registry https://registry.example/v2/faults/redirect/manifests/1.0",
      "elsewhere https://elsewhere.example/v2/faults/redirect/manifests/1.0",
      "outside http://169.254.169.254/",
    ]);
    assert.equal(own.requests[2].headers.authorization, PASSWORD.authorization);
    assert.equal(own.requests[0].headers["x-asked-origin"], undefined);
  } finally {
    await own.stop();
  }
});

const CORS = [
  { cors: false, origin: undefined, exposed: undefined, preflight: 401 },
  { cors: true, origin: "*", exposed: /docker-content-digest.*www-authenticate/, preflight: 204 },
  { cors: "unexposed", origin: "*", exposed: undefined, preflight: 204 },
  { cors: "preflight-401", origin: "*", exposed: /link/, preflight: 401 },
];

for (const { cors, origin, exposed, preflight } of CORS) {
  test(`R12 cors: ${cors}`, async () => {
    const own = await startFaulty({ cors });
    try {
      for (const repository of ["a", "faults/password", "faults/missing-tag"]) {
        const { headers } = await ask(`http://${own.host}/v2/${repository}/manifests/1.0`);
        assert.equal(headers["access-control-allow-origin"], origin);
        if (exposed) assert.match(headers["access-control-expose-headers"], exposed);
        else assert.equal(headers["access-control-expose-headers"], undefined);
      }
      const { status } = await ask(`http://${own.host}/v2/a/manifests/1.0`, { method: "OPTIONS" });
      assert.equal(status, preflight);
    } finally {
      await own.stop();
    }
  });
}

test("an endless body to HEAD has an end, and stopping ends what has none", async () => {
  const own = await startFaulty();
  const asked = ask(`http://${own.host}/v2/faults/silence/manifests/1.0`);
  const { status, body } = await ask(`http://${own.host}/v2/faults/endless/manifests/1.0`, { method: "HEAD" });
  assert.deepEqual([status, body.length], [200, 0]);
  await own.stop();
  assert.equal((await asked).error, "ECONNRESET");
});
