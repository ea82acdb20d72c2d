// Checks that each fault of a list is seen.
import assert from "node:assert/strict";
import { image } from "../../builders/images.mjs";
import { sha512 } from "../faulty/contents.mjs";
import { isGood, isPage, status } from "./look.mjs";

const LOG = "application/vnd.example.log";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

const nextOf = ({ headers }) => /^<(.+)>; rel="next"$/.exec(headers.link ?? "")?.[1];
const tagsOf = ({ body }) => JSON.parse(body).tags;
const list = (at) => at.get("tags/list");

const leadsElsewhere = (at, answer) => assert.ok(nextOf(answer)?.startsWith(`http://${at.faulty.elsewhere}/`));

/** Every page's entries, as far as `most` pages. */
async function pages(at, what, entries, most = 10) {
  const found = [];
  for (let page = what; page && found.length < most;) {
    const answer = await at.get(page);
    found.push(entries(answer));
    page = nextOf(answer)?.replace(`/v2/faults/${at.name}/`, "");
  }
  return found;
}

export const tags = {
  tags: async (at) => assert.equal(tagsOf(await list(at)).length, 6),
  "tags-pages": async (at) => {
    const found = await pages(at, "tags/list", tagsOf);
    assert.deepEqual(
      found.map(({ length }) => length),
      [2, 2, 2],
    );
    assert.deepEqual(found.flat(), tagsOf(await list(at.of("tags"))));
  },
  "tags-elsewhere": async (at) => leadsElsewhere(at, await list(at)),
  "tags-other-list": async (at) => assert.match(nextOf(await list(at)), /^\/v2\/faults\/tags\/tags\/list/),
  "tags-self": async (at) => {
    assert.equal(nextOf(await at.get("tags/list?n=3")), `/v2/faults/${at.name}/tags/list?n=3`);
  },
  "tags-loop": async (at) => assert.equal((await pages(at, "tags/list", tagsOf)).length, 10),
  "tags-endless": async (at) => {
    assert.equal(new Set((await pages(at, "tags/list", tagsOf)).flat()).size, 10);
    assert.equal(nextOf(await at.get("tags/list?last=999999")), undefined);
  },
  "tags-many": async (at) => assert.equal(tagsOf(await list(at)).length, 200_000),
  "tags-null": async (at) => assert.equal(tagsOf(await list(at)), null),
  "tags-numbers": async (at) => assert.deepEqual(tagsOf(await list(at)), [1, { tag: "1.0" }]),
  "tags-hostile": async (at) => assert.ok(tagsOf(await list(at)).some((tag) => tag.includes("\u001b]52"))),
  "tags-page": async (at) => isPage(await list(at)),
};

const subject = image("buildx-single").root;
const entriesOf = ({ body }) => JSON.parse(body).manifests;
const typesOf = (answer) => entriesOf(answer).map(({ artifactType }) => artifactType);
const referrers = (at, query = "") => at.get(`referrers/${subject}${query}`);
const onlyLogs = `?artifactType=${encodeURIComponent(LOG)}`;
const fallback = (at, digest = subject) => at.get(`manifests/${digest.replace(":", "-").slice(0, 71)}`);

/** The manifests that a list names, as they are. */
async function listed(at, answer) {
  const entries = entriesOf(answer);
  assert.ok(entries?.length > 0, `no entries in ${answer.body}`);
  return Promise.all(entries.map(async ({ digest }) => JSON.parse((await at.get(`manifests/${digest}`)).body)));
}

async function withoutApi(at) {
  status(404)(await referrers(at));
  const answer = await fallback(at);
  assert.ok(isGood(answer));
  return answer;
}

export const lists = {
  referrers: async (at) => {
    assert.deepEqual(typesOf(await referrers(at)), [BUNDLE, LOG]);
    const asked = await referrers(at, onlyLogs);
    assert.deepEqual(typesOf(asked), [BUNDLE, LOG]);
    assert.equal(asked.headers["oci-filters-applied"], undefined);
    for (const one of await listed(at, asked)) assert.equal(one.subject.digest, subject);
  },
  "referrers-filtered": async (at) => {
    const asked = await referrers(at, onlyLogs);
    assert.deepEqual(typesOf(asked), [LOG]);
    assert.equal(asked.headers["oci-filters-applied"], "artifactType");
  },
  "referrers-filter-lie": async (at) => {
    const asked = await referrers(at, onlyLogs);
    assert.deepEqual(typesOf(asked), [BUNDLE, LOG]);
    assert.equal(asked.headers["oci-filters-applied"], "artifactType");
  },
  "referrers-pages": async (at) => {
    assert.deepEqual(await pages(at, `referrers/${subject}`, typesOf), [[BUNDLE], [LOG]]);
  },
  "referrers-endless": async (at) => assert.equal((await pages(at, `referrers/${subject}`, typesOf)).length, 10),
  "referrers-elsewhere": async (at) => {
    leadsElsewhere(at, await referrers(at));
  },
  "referrers-other-subject": async (at) => {
    const [one] = await listed(at, await referrers(at));
    assert.match(one.subject.digest, /^sha256:/);
    assert.notEqual(one.subject.digest, subject);
  },
  "referrers-unrelated": async (at) => {
    const [one] = await listed(at, await referrers(at));
    assert.equal(one.artifactType, BUNDLE);
    assert.equal(one.subject, undefined);
  },
  "referrers-lying-descriptor": async (at) => {
    const answer = await referrers(at);
    assert.deepEqual(typesOf(answer), [BUNDLE]);
    assert.equal((await listed(at, answer))[0].artifactType, LOG);
  },
  "referrers-lying-type": async (at) => {
    const [one] = await listed(at, await referrers(at));
    assert.deepEqual([one.artifactType, one.layers[0].mediaType], [BUNDLE, "text/plain"]);
  },
  "referrers-missing": async (at) => {
    const entries = entriesOf(await referrers(at));
    assert.equal(entries.length, 1);
    status(404)(await at.get(`manifests/${entries[0].digest}`));
  },
  "referrers-page": async (at) => isPage(await referrers(at)),
  "referrers-not-index": async (at) => assert.equal(JSON.parse((await referrers(at)).body).manifests, undefined),
  "referrers-none": async (at) => {
    status(404)(await referrers(at));
    status(404)(await fallback(at));
  },
  fallback: async (at) => assert.deepEqual(typesOf(await withoutApi(at)), [BUNDLE, LOG]),
  "fallback-lying": async (at) => {
    const answer = await withoutApi(at);
    assert.deepEqual(typesOf(answer), [BUNDLE]);
    assert.equal((await listed(at, answer))[0].artifactType, LOG);
  },
  "fallback-unrelated": async (at) => {
    const [one] = await listed(at, await withoutApi(at));
    assert.notEqual(one.subject.digest, subject);
  },
  "fallback-sha512": async (at) => {
    const { body, headers } = await at.root();
    const long = sha512(body);
    assert.equal(headers["docker-content-digest"], long);
    assert.equal((await at.get(`manifests/${long.replace(":", "-")}`)).status, 404);
    const subjects = (await listed(at, await fallback(at, long))).map((one) => one.subject.digest);
    assert.equal(subjects[0], long);
    assert.notEqual(subjects[1], long);
    assert.equal(subjects[1].slice(0, 71), long.slice(0, 71));
  },
};
