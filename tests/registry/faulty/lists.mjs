// Faults in lists: tags and referrers, which come in pages, and whose entries anybody may have put there.
import { sha256 } from "../../builders/bytes.mjs";
import { EMPTY, Image } from "../../builders/image.mjs";
import { image } from "../../builders/images.mjs";
import { error, json, page, withHeaders } from "./answers.mjs";
import { contents, descriptor, documentAnswer, INDEX, indexOf, sha512 } from "./contents.mjs";

const TAGS = ["1.1", "1.2", "2.0", "2.1", "latest"];
const tagged = () => contents(image("buildx-attested"), { tags: TAGS });

const link = (to) => ({ link: `<${to}>; rel="next"` });
const listPath = ({ repository, kind, name }) => `/v2/${repository}/${kind}/${name}`;
const tagList = ({ repository }, tags, headers) => json(200, { name: repository, tags }, headers);

/** Pages of two tags, each with the address of the next. */
function tagPages(asked) {
  const all = [...asked.contents.tags.keys()];
  const from = all.indexOf(asked.query.get("last")) + 1;
  const some = all.slice(from, from + 2);
  const isLast = from + 2 >= all.length;
  return tagList(asked, some, isLast ? {} : link(`${listPath(asked)}?last=${some.at(-1)}&n=2`));
}

const PAGES = 1_000_000;

function endlessTags(asked) {
  const at = Number(asked.query.get("last") ?? 0) + 1;
  return tagList(asked, [`t${at}`], at < PAGES ? link(`${listPath(asked)}?last=${at}&n=1`) : {});
}

/** The list of tags as `answer` gives it, all else good. */
const tags = (answer) => (asked, good) => (asked.kind === "tags" ? answer(asked, good) : good);

const HOSTILE = [
  "1.0",
  "\u001b]52;c;cm0gLXJm\u0007",
  "../../1.0",
  "1.0\r\nX-Added: 1",
  "<img src=x>",
  "x".repeat(5000),
];

const tagFaults = [
  { name: "tags", note: "one page", harmless: true, registry: undefined },
  { name: "tags-pages", note: "three pages", harmless: true, registry: tags(tagPages) },
  {
    name: "tags-elsewhere",
    note: "the next page is at another origin",
    registry: tags((asked) =>
      tagList(asked, ["1.0"], link(`${asked.origins.elsewhere}${listPath(asked)}?last=1.0`)),
    ),
  },
  {
    name: "tags-other-list",
    note: "the next page is of another repository",
    registry: tags((asked) => tagList(asked, ["1.0"], link("/v2/faults/tags/tags/list?last=1.0"))),
  },
  {
    name: "tags-self",
    note: "the next page is this one",
    registry: tags((asked) =>
      tagList(asked, ["1.0"], link(`${listPath(asked)}${asked.query.size ? `?${asked.query}` : ""}`)),
    ),
  },
  {
    name: "tags-loop",
    note: "two pages that lead to each other",
    registry: tags((asked) =>
      tagList(asked, ["1.0"], link(`${listPath(asked)}?last=${asked.query.get("last") === "a" ? "b" : "a"}`)),
    ),
  },
  { name: "tags-endless", note: "a million pages", registry: tags(endlessTags) },
  {
    name: "tags-many",
    note: "200,000 tags in one page",
    registry: tags((asked) =>
      tagList(
        asked,
        Array.from({ length: 200_000 }, (_, at) => `t${at}`),
      ),
    ),
  },
  { name: "tags-null", note: "null in place of a list", registry: tags((asked) => tagList(asked, null)) },
  {
    name: "tags-numbers",
    note: "a list of other things",
    registry: tags((asked) => tagList(asked, [1, { tag: "1.0" }])),
  },
  {
    name: "tags-hostile",
    note: "tags that no registry takes",
    registry: tags((asked) => tagList(asked, HOSTILE)),
  },
  { name: "tags-page", note: "a page to log in", registry: tags(() => page("Log in")) },
].map((row) => ({ ids: ["R07"], contents: tagged, ...row }));

const LOG = "application/vnd.example.log";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

const subject = () => image("buildx-single").documents.at(-1);

/** An artifact; by default of the good subject, and what it says that it is. */
function artifact({ about = subject(), artifactType = BUNDLE, type = artifactType, text = "{}\n" } = {}) {
  const made = new Image(text, "oras");
  const file = made.blob(type, text);
  const config = { ...made.blob(EMPTY, "{}"), data: "e30=" };
  const { mediaType, digest, size } = about ?? {};
  made.manifest({
    artifactType,
    config,
    layers: [file],
    subject: about ? { mediaType, digest, size } : undefined,
  });
  return made.done();
}

const signature = () => artifact();
const log = () => artifact({ artifactType: LOG, type: "text/plain", text: "seen\n" });
const describe = (made) => descriptor(made.documents.at(-1));
const referred =
  (others = [signature(), log()]) =>
  () =>
    contents(image("buildx-single"), { others });
const list = (descriptors, headers = {}) => json(200, indexOf(descriptors), { "content-type": INDEX, ...headers });

const api = (answer) => (asked, good) => (asked.kind === "referrers" ? answer(asked, good) : good);

/** One referrer a page. */
function referrerPages(asked) {
  const all = [signature(), log()].map(describe);
  const at = Number(asked.query.get("page") ?? 0);
  return list(all.slice(at, at + 1), at + 1 < all.length ? link(`${listPath(asked)}?page=${at + 1}`) : {});
}

const endlessReferrers = (asked) =>
  list([describe(signature())], link(`${listPath(asked)}?page=${Number(asked.query.get("page") ?? 0) + 1}`));

function filtered(asked) {
  const type = asked.query.get("artifactType");
  const all = [signature(), log()].map(describe);
  if (!type) return list(all);
  return list(
    all.filter(({ artifactType }) => artifactType === type),
    { "oci-filters-applied": "artifactType" },
  );
}

const noApi = error(404, "UNSUPPORTED", "no such path");

/** No API; what the fallback tag names is an index of these. */
const fallback = (descriptors) => (asked, good) => {
  if (asked.kind === "referrers") return noApi;
  if (asked.kind !== "manifests" || !/^sha(256|512)-[0-9a-f]{64}$/.test(asked.name)) return good;
  const bytes = Buffer.from(JSON.stringify(indexOf(descriptors(asked))));
  return documentAnswer({ digest: sha256(bytes), mediaType: INDEX, bytes });
};

const another = () => image("crane-docker").documents.at(-1);
const aboutAnother = () => artifact({ about: another() });
const aboutNothing = () => artifact({ about: null });
/** Says that it is a bundle; its only file is text. */
const noBundle = () => artifact({ type: "text/plain", text: "not a signature\n" });
/** The descriptor says that the log is a bundle. */
const lying = () => ({ ...describe(log()), artifactType: BUNDLE });

/** Artifacts of the subject by its sha512 digest, and of one that has only its first 64 digits. */
const byLongDigest = () => {
  const digest = sha512(subject().bytes);
  const alike = digest.slice(0, 7 + 64) + "0".repeat(64);
  return [digest, alike].map((digest) => artifact({ about: { ...subject(), digest }, text: `${digest}\n` }));
};

const referrerFaults = [
  { name: "referrers", ids: ["M24"], note: "two, and no filter is applied", harmless: true },
  {
    name: "referrers-filtered",
    ids: ["M24"],
    note: "the filter is applied, and the header says so",
    harmless: true,
    registry: api(filtered),
  },
  {
    name: "referrers-filter-lie",
    ids: ["M24"],
    note: "the header says that a filter was applied that was not",
    registry: api((_, good) => withHeaders(good, { "oci-filters-applied": "artifactType" })),
  },
  { name: "referrers-pages", ids: ["R07"], note: "two pages", harmless: true, registry: api(referrerPages) },
  { name: "referrers-endless", ids: ["R07"], note: "pages without end", registry: api(endlessReferrers) },
  {
    name: "referrers-elsewhere",
    ids: ["R07"],
    note: "the next page is at another origin",
    registry: api((asked, good) => withHeaders(good, link(`${asked.origins.elsewhere}${listPath(asked)}?page=1`))),
  },
  {
    name: "referrers-other-subject",
    ids: ["M23", "M24"],
    note: "one that refers to another image",
    contents: referred([aboutAnother()]),
    registry: api(() => list([describe(aboutAnother())])),
  },
  {
    name: "referrers-unrelated",
    ids: ["M24"],
    note: "one that refers to nothing",
    contents: referred([aboutNothing()]),
    registry: api(() => list([describe(aboutNothing())])),
  },
  {
    name: "referrers-lying-descriptor",
    ids: ["M25"],
    note: "a log that its descriptor calls a signature",
    registry: api(() => list([lying()])),
  },
  {
    name: "referrers-lying-type",
    ids: ["M25"],
    note: "an artifact that calls itself a signature and holds text",
    contents: referred([noBundle()]),
  },
  {
    name: "referrers-missing",
    ids: ["M24"],
    note: "one that is not there",
    contents: referred([]),
    registry: api(() => list([describe(signature())])),
  },
  { name: "referrers-page", ids: ["R11"], note: "a page to log in", registry: api(() => page("Log in")) },
  {
    name: "referrers-not-index",
    ids: ["R11"],
    note: "a manifest in place of an index",
    registry: api(() => documentAnswer(subject())),
  },
  {
    name: "referrers-none",
    ids: ["M24"],
    note: "no API and no fallback tag",
    harmless: true,
    contents: referred([]),
    registry: api(() => noApi),
  },
  {
    name: "fallback",
    ids: ["M24"],
    note: "no API; the fallback tag lists two",
    harmless: true,
    registry: fallback(() => [signature(), log()].map(describe)),
  },
  {
    name: "fallback-lying",
    ids: ["M25"],
    note: "no API; the fallback tag calls a log a signature",
    registry: fallback(() => [lying()]),
  },
  {
    name: "fallback-unrelated",
    ids: ["M23", "M24"],
    note: "no API; the fallback tag lists what refers to another image",
    contents: referred([aboutAnother()]),
    registry: fallback(() => [describe(aboutAnother())]),
  },
  {
    name: "fallback-sha512",
    ids: ["D22"],
    note: "no API; the tag has room for half of the digest, and lists what refers to another with that half",
    suffix: () => `@${sha512(subject().bytes)}`,
    contents: referred(byLongDigest()),
    registry: fallback(() => byLongDigest().map(describe)),
  },
].map((row) => ({ contents: referred(), like: "good/single", ...row }));

export const listFaults = [...tagFaults, ...referrerFaults];
