// The answer to each fault of the faulty registry, by the ids of the hostile cases: through the whole package in Node. A
// harmless fault is proven, if the registry answers itself, and nothing else is.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { textSections } from "../../dist/pkg/report/text.js";
import { Run, answer } from "../../dist/pkg/node.js";
import { faults, startFaulty } from "../registry/faulty.mjs";
import { USER } from "../registry/tokens.mjs";

const faulty = await startFaulty({ pace: 20 });
after(() => faulty.stop());

const TIMEOUT = 700;
const SLOW = ["drip", "stall", "silence", "tokens-silence"];

/** The verdict, and the code of the note that says why; without a verdict the code is thrown. */
const EXPECTED = {
  "wrong-header": ["contradicted"],
  "malformed-header": ["proven"],
  "wrong-body": ["contradicted"],
  // Equal digests of configurations are enough at this level: they are not fetched.
  "wrong-config": ["proven"],
  "wrong-pinned": ["contradicted"],
  bom: ["open", "json-bom"],
  "bom-added": ["contradicted", "json-bom"],
  "invalid-utf8": ["open", "encoding"],
  "other-type": ["open", "media-type"],
  "missing-child": ["open", "not-found"],
  "missing-config": ["proven"],
  "foreign-layers": ["contradicted"],
  // Resolved once a run: what the tag meant first is what was compared.
  "moving-tag": ["proven"],
  "by-accept": ["proven"],
  "pinned-elsewhere": ["proven"],
  "other-repository": ["contradicted"],
  "too-large": ["open", "limit-exceeded"],
  "too-large-chunked": ["open", "limit-exceeded"],
  "gzip-lie": ["open", "network"],
  "gzip-bomb": ["open", "limit-exceeded"],
  "login-page": ["open", "not-manifest"],
  "login-page-typed": ["open", "not-manifest"],
  endless: ["open", "limit-exceeded"],
  drip: ["open", "timeout"],
  stall: ["open", "timeout"],
  silence: ["open", "timeout"],
  "huge-header": ["open", "network"],
  truncated: ["open", "network"],
  reset: ["open", "network"],
  "not-http": ["open", "network"],
  "busy-long": ["open", "rate-limited"],
  "busy-hostile": ["open", "rate-limited"],
  "status-503-always": ["open", "server"],
  "missing-tag": ["open", "not-found"],
  forbidden: ["open", "forbidden"],
  // What a tag names is the word of who answered: another than the registry.
  redirect: ["stated", "fetched"],
  "redirect-password": ["stated", "fetched"],
  "redirect-token": ["stated", "fetched"],
  "redirect-challenge": ["stated", "fetched"],
  "redirect-cookie": ["stated", "fetched"],
  "redirect-signed": ["stated", "fetched"],
  "redirect-loop": ["open", "redirect"],
  "redirect-self": ["open", "redirect"],
  "redirect-many": ["open", "redirect"],
  "redirect-private": ["open", "redirect"],
  "redirect-metadata": ["open", "redirect"],
  "redirect-number": ["open", "redirect"],
  "redirect-plain": ["open", "redirect"],
  "redirect-file": ["open", "redirect"],
  "redirect-script": ["open", "redirect"],
  "redirect-user": ["open", "redirect"],
  "redirect-nowhere": ["open", "redirect"],
  "realm-thief": ["open", "unauthorized"],
  "realm-plain": ["open", "token-server"],
  "realm-private": ["open", "token-server"],
  "realm-metadata": ["open", "token-server"],
  "realm-file": ["open", "token-server"],
  "realm-user": ["open", "token-server"],
  "realm-missing": ["open", "unauthorized"],
  "challenge-loop": ["open", "unauthorized"],
  "challenge-garbage": ["open", "unauthorized"],
  "challenge-unknown": ["open", "unauthorized"],
  "challenge-none": ["open", "unauthorized"],
  "token-in-error": ["open", "forbidden"],
  "password-in-error": ["open", "forbidden"],
  "token-refused": ["open", "unauthorized"],
  "tokens-garbage": ["open", "token"],
  "tokens-page": ["open", "token"],
  "tokens-none": ["open", "token"],
  "tokens-empty": ["open", "token"],
  "tokens-number": ["open", "token"],
  "tokens-line-break": ["open", "token"],
  "tokens-long": ["open", "token"],
  "tokens-huge": ["open", "limit-exceeded"],
  "tokens-refused": ["open", "unauthorized"],
  "tokens-broken": ["open", "server"],
  "tokens-redirect": ["open", "status"],
  "tokens-silence": ["open", "timeout"],
};

/** The number of listed entries and the kind of list, or the code that is thrown. */
const LISTED = {
  tags: 6,
  "tags-pages": 6,
  "tags-elsewhere": "next-page",
  "tags-other-list": "next-page",
  "tags-self": "next-page",
  "tags-loop": "next-page",
  "tags-endless": "limit-exceeded",
  "tags-many": "limit-exceeded",
  "tags-null": 0,
  "tags-numbers": "not-tags",
  // As they came: what is no tag is for whoever uses them to see.
  "tags-hostile": 6,
  "tags-page": "not-tags",
  referrers: [2, "api"],
  "referrers-filtered": [2, "api"],
  "referrers-filter-lie": [2, "api"],
  "referrers-pages": [2, "api"],
  "referrers-endless": "limit-exceeded",
  "referrers-elsewhere": "next-page",
  "referrers-other-subject": [1, "api"],
  "referrers-unrelated": [1, "api"],
  "referrers-lying-descriptor": [1, "api"],
  "referrers-lying-type": [1, "api"],
  "referrers-missing": [1, "api"],
  "referrers-page": "not-referrers",
  "referrers-not-index": "not-referrers",
  "referrers-none": [0, "none"],
  fallback: [2, "fallbackTag"],
  "fallback-lying": [1, "fallbackTag"],
  "fallback-unrelated": [1, "fallbackTag"],
  "fallback-sha512": [2, "fallbackTag"],
};

const options = (name) => ({
  fetch: faulty.fetch,
  // Only where slowness is the fault is there anything to wait for.
  timeout: SLOW.includes(name) ? TIMEOUT : 30_000,
  credentials: async (origin) => (origin === "https://registry.example" ? USER : null),
});

const at = (name) => faulty.reference(name, "registry.example");
const ofNotes = ({ claims }) => claims.filter(({ statement }) => statement.kind === "note");
const notes = (report) => ofNotes(report).filter(({ standing }) => standing.is !== "stated");

describe("same", { concurrency: 6 }, () => {
  for (const { name, ids, note, harmless } of faults.filter(({ name }) => LISTED[name] === undefined)) {
    test(`${ids.join(", ")} ${name}: ${note}`, async () => {
      const [verdict, code] = EXPECTED[name] ?? (harmless ? ["proven"] : undefined);
      const report = await answer({ ask: "same", left: at("good/recompressed"), right: at(name) }, options(name));
      assert.equal(report.verdict, verdict, report.summary);
      const said = verdict === "stated" ? ofNotes(report) : notes(report);
      if (code) assert.ok(said.some(({ statement }) => statement.code === code), JSON.stringify(said));
      assertNoSecrets(name, JSON.stringify(report));
    });
  }
});

describe("lists", { concurrency: 6 }, () => {
  for (const { name, ids, note } of faults.filter(({ name }) => LISTED[name] !== undefined)) {
    test(`${ids.join(", ")} ${name}: ${note}`, async () => {
      const expected = LISTED[name];
      const found = await list(name).catch(({ code, message }) => (assertNoSecrets(name, message), code));
      assert.deepEqual(found, expected);
    });
  }
});

/** The referrers of the image, as `what` has them: the verdict, and the code of the note that says why. */
const REFERRED = {
  referrers: ["proven"],
  "referrers-pages": ["proven"],
  "referrers-other-subject": ["contradicted", "referrer-subject"],
  "referrers-unrelated": ["contradicted", "referrer-subject"],
  "referrers-lying-descriptor": ["contradicted", "artifact-type"],
  "referrers-lying-type": ["contradicted", "artifact-content"],
  "referrers-missing": ["open", "not-found"],
  "referrers-none": ["proven"],
  fallback: ["proven"],
  "fallback-lying": ["contradicted", "artifact-type"],
  "fallback-unrelated": ["contradicted", "referrer-subject"],
};

describe("what refers to an image", { concurrency: 6 }, () => {
  for (const [name, [verdict, code]] of Object.entries(REFERRED)) {
    const { ids, note } = faults.find((fault) => fault.name === name);
    test(`${ids.join(", ")} ${name}: ${note}`, async () => {
      const report = await answer({ ask: "what", image: at(name) }, options(name));
      assert.equal(report.verdict, verdict, report.summary);
      if (code) assert.ok(notes(report).some(({ statement }) => statement.code === code), JSON.stringify(notes(report)));
      const listed = report.claims.filter(({ statement }) => statement.kind === "refers" || statement.code === "referrer");
      assert.equal(listed.length, LISTED[name][0] || 1, JSON.stringify(listed));
      assertNoSecrets(name, JSON.stringify(report));
    });
  }

  test("a list is not counted among the documents that were hashed", async () => {
    const report = await answer({ ask: "what", image: at("referrers") }, options("referrers"));
    const { items } = textSections(report).find(({ title }) => title === "Rests on");
    assert.deepEqual(items.filter((item) => item.includes("/referrers/sha256:")), []);
  });

  test("R07 referrers-elsewhere: a list that cannot be had is said", async () => {
    const report = await answer({ ask: "what", image: at("referrers-elsewhere") }, options("referrers-elsewhere"));
    const [note] = report.claims.filter(({ statement }) => statement.code === "referrers");
    assert.match(note.statement.text, /^its referrers could not be listed: \S+ names \S+ as the next page, expected the same list/);
  });
});

async function list(name) {
  const run = new Run(options(name));
  if (name.startsWith("tags")) return (await run.tags(at(name))).length;
  const { claims } = await run.answer({ ask: "what", image: at(name) });
  const resolved = claims.find(({ statement }) => statement.kind === "resolves")?.statement.digest;
  const { by, descriptors } = await run.referrers(at(name), resolved ?? at(name).split("@")[1]);
  return [descriptors.length, by];
}

function assertNoSecrets(name, text) {
  const basic = Buffer.from(`${USER.username}:${USER.password}`).toString("base64");
  for (const secret of [USER.password, basic, `token-for-faults-${name}`]) {
    assert.equal(text.includes(secret), false, `${name} lets out ${secret}`);
  }
}

test("nobody else was asked, and every fault was met", () => {
  assert.deepEqual(faulty.requests.filter(({ server }) => server === "outside"), []);
  for (const { name } of faults) assert.notEqual(faulty.requestsFor(name).length, 0, name);
});

test("R01, R03, R05: the other origin got no password, no token of the registry, no cookie", () => {
  for (const { server, url, headers } of faulty.requests) {
    assert.equal(headers.cookie, undefined, url);
    if (server !== "elsewhere" || !headers.authorization) continue;
    // The one token that it may see is its own.
    assert.match(url, /\/faults\/redirect-challenge\//);
    assert.match(headers.authorization, /^Bearer /);
  }
});
