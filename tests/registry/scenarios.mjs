// Pairs of images on two registries, and what is true of each pair.
import { image } from "../builders/images.mjs";
import { halfRebuilt, listed, rebuilt, recompressed, relisted, tagged, twelve } from "./mirrors.mjs";
import { push } from "./push.mjs";
import { compare, pulled } from "./truth.mjs";

const linux = (architecture, variant) => ({ architecture, os: "linux", ...(variant && { variant }) });
const attested = () => image("buildx-attested");

// Pushed byte for byte on both sides. `right` is left out where it is the same image.
const BUILT = [
  { name: "single", note: "one manifest, OCI types", left: () => image("buildx-single") },
  { name: "single-docker", note: "one manifest, docker's types", left: () => image("docker-push") },
  { name: "list", note: "an OCI index with BuildKit's attestations", left: attested },
  { name: "list-docker", note: "docker's manifest list", left: () => image("buildx-list") },
  { name: "nested", note: "an index that names an index", left: () => image("nested") },
  { name: "windows", note: "two builds of one operating system", left: () => image("docker-windows") },
  {
    name: "no-types",
    note: "no mediaType anywhere: nothing but the header says what a document is",
    left: () => image("umoci-index"),
  },
  {
    name: "without-attestations",
    note: "the same manifests, listed anew without attestations",
    left: attested,
    right: () => image("mirror-relisted"),
  },
  {
    name: "attestations-added",
    note: "the other way round: only the right side has attestations",
    left: () => image("mirror-relisted"),
    right: attested,
  },
  {
    name: "list-of-docker",
    note: "docker's manifests in an OCI index",
    left: () => image("buildx-list"),
    right: () => image("oci-of-docker"),
  },
  {
    name: "nested-flattened",
    note: "the manifests of a nested index, named by one index",
    left: () => image("nested"),
    right: () => relisted(image("nested"), "nested-flattened", flatPlatform),
  },
  {
    name: "variant-written",
    note: "one side writes linux/arm64, the other linux/arm64/v8",
    left: attested,
    right: () =>
      relisted(attested(), "variant-written", (part) => ({ platform: linux(part, part === "arm64" && "v8") })),
  },
  {
    name: "no-platforms",
    note: "entries without a platform: only the configurations tell it",
    left: () => image("crane-index"),
    right: () => image("crane-no-platform"),
  },
  {
    name: "listed-single",
    note: "one manifest against an index of it",
    left: () => image("buildx-single"),
    right: () => listed(image("buildx-single")),
  },
  {
    name: "recompressed",
    note: "the same configurations: layers compressed anew, docker's types",
    left: attested,
    right: () => image("mirror-recompressed"),
  },
  {
    name: "twelve-platforms",
    note: "twelve platforms, recompressed: the pair to measure",
    left: twelve,
    right: () => recompressed(twelve()),
  },
  {
    name: "relabelled",
    note: "the same file systems under configurations with another label",
    left: attested,
    right: () => image("mirror-relabelled"),
  },
  {
    name: "lacks-platform",
    note: "the mirror has linux/amd64 only",
    left: attested,
    right: () =>
      relisted(attested(), "lacks-platform", (part) => ({ platform: part === "amd64" ? linux(part) : undefined })),
  },
  {
    name: "more-platforms",
    note: "the mirror has one that the left side lacks",
    left: () =>
      relisted(attested(), "one-platform", (part) => ({ platform: part === "amd64" ? linux(part) : undefined })),
    right: attested,
  },
  { name: "half-rebuilt", note: "one platform as it was, the other rebuilt", left: attested, right: halfRebuilt },
  { name: "rebuilt", note: "the same platforms with other content", left: attested, right: rebuilt },
];

function flatPlatform(part) {
  return {
    platform:
      part === "windows" ? { architecture: "amd64", os: "windows", "os.version": "10.0.20348.2340" } : linux(part),
  };
}

// Made on the right from what is on the left, by the programs that people mirror with.
const COPIED = [
  {
    name: "crane-copy",
    note: "every byte",
    left: attested,
    copy: (from, to) => ["crane", "copy", "--insecure", from, to],
  },
  {
    name: "skopeo-copy-all",
    note: "every byte",
    left: attested,
    copy: (from, to) => [...SKOPEO_COPY, "--all", "--preserve-digests", `docker://${from}`, `docker://${to}`],
  },
  {
    name: "skopeo-copy",
    note: "the manifest of one platform, which is what skopeo copies unless told",
    left: attested,
    copy: (from, to) => [
      ...SKOPEO,
      "--override-os",
      "linux",
      "--override-arch",
      "amd64",
      ...COPY,
      `docker://${from}`,
      `docker://${to}`,
    ],
  },
  {
    name: "regctl-copy",
    note: "every byte, the nested index too",
    left: () => image("nested"),
    copy: (from, to) => ["regctl", "image", "copy", from, to],
  },
  {
    name: "oras-copy",
    note: "every byte",
    left: () => image("buildx-list"),
    copy: (from, to) => ["oras", "copy", "--from-plain-http", "--to-plain-http", from, to],
  },
  {
    name: "crane-filter",
    note: "an index of one of two platforms",
    left: attested,
    copy: (from, to) => ["crane", "index", "filter", "--insecure", from, "--platform", "linux/amd64", "-t", to],
  },
  {
    name: "regctl-to-docker",
    note: "OCI's types made docker's",
    left: () => image("crane-index"),
    copy: (from, to) => ["regctl", "image", "mod", from, "--to-docker", "--create", to],
  },
  {
    name: "regctl-to-oci",
    note: "docker's types made OCI's",
    left: () => image("buildx-list"),
    copy: (from, to) => ["regctl", "image", "mod", from, "--to-oci", "--create", to],
  },
  {
    name: "regctl-zstd",
    note: "layers compressed with zstd",
    left: () => image("crane-index"),
    copy: (from, to) => ["regctl", "image", "mod", from, "--layer-compress", "zstd", "--create", to],
  },
  {
    name: "skopeo-to-docker",
    note: "one OCI manifest made docker's",
    left: () => image("buildx-single"),
    copy: (from, to) => [...SKOPEO_COPY, "--format", "v2s2", `docker://${from}`, `docker://${to}`],
  },
  {
    name: "skopeo-to-oci",
    note: "docker's manifest made OCI's: skopeo prints the configuration anew as well",
    left: () => image("docker-push"),
    copy: (from, to) => [...SKOPEO_COPY, "--format", "oci", `docker://${from}`, `docker://${to}`],
  },
];

const SKOPEO = ["skopeo", "--insecure-policy"];
const COPY = ["copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false"];
const SKOPEO_COPY = [...SKOPEO, ...COPY];

/** The programs that make copies: what `client` has to know. */
export const COPIERS = ["crane", "oras", "regctl", "skopeo"];

/**
 * Puts every pair on two started registries, or both on one, and gives what is true of each:
 * `{ name, note, left, right, expect: { verdict, sameRoot, perPlatform: [{ platform, level }] } }`.
 * With a `client` (`clients()` of the COPIERS) the copies of real programs are among them.
 */
export async function scenarios({ left, right, client }) {
  const made = await Promise.all(BUILT.map((row) => built(left, right, row)));
  if (!client) return made;
  await client.withoutTls(left.host, right.host);
  for (const row of COPIED) made.push(await copied(left, right, row, client));
  return made;
}

const repositories = (name) => ({ from: `lighthouse/${name}`, to: `mirror/${name}` });

async function built(left, right, { name, note, ...images }) {
  const { from, to } = repositories(name);
  const [a, b] = [images.left(), (images.right ?? images.left)()];
  await push(left.host, from, "1.0", a, left.authorization(from));
  await push(right.host, to, "1.0", b, right.authorization(to));
  return row(left, right, { name, note, from, to }, compare(a, b));
}

async function copied(left, right, { name, note, copy, ...images }, client) {
  const { from, to } = repositories(name);
  const a = images.left();
  await push(left.host, from, "1.0", a, left.authorization(from));
  await client.output(copy(`${left.host}/${from}:1.0`, `${right.host}/${to}:1.0`));
  return row(left, right, { name, note, from, to }, compare(a, await pulled(right, to, "1.0")));
}

const row = (left, right, { name, note, from, to }, expect) => ({
  ...{ name, note },
  left: `${left.host}/${from}:1.0`,
  right: `${right.host}/${to}:1.0`,
  expect,
});

// The mirror's treatment of a tag, for every twentieth: most tags of a real mirror are the same.
const EVERY = 20;
const FATES = new Map([
  [3, (text) => tagged(text, { layer: "another base" })],
  [7, () => undefined],
  [11, (text) => relisted(tagged(text), text, (part) => ({ platform: linux(part) }))],
  [13, (text) => recompressed(tagged(text))],
  [
    17,
    (text) => relisted(tagged(text), text, (part) => ({ platform: part === "amd64" ? linux(part) : undefined })),
  ],
]);

/**
 * A repository of `count` tags and its mirror, in which some tags are missing or differ.
 * Gives `{ left, right, tags: [{ tag, left, right, expect }] }`; tags are in the order of their names.
 */
export async function mirrorOfTags({ left, right, count = 200 }) {
  const { from, to } = repositories("tags");
  const tags = [];
  for (let at = 0; at < count; at += 1) {
    const tag = `1.${String(at).padStart(String(count - 1).length, "0")}`;
    const a = tagged(tag);
    const fate = FATES.get(at % EVERY);
    tags.push({ tag, a, b: fate ? fate(tag) : a });
  }
  await pushAll(
    left,
    from,
    tags.map(({ tag, a }) => ({ tag, image: a })),
  );
  await pushAll(
    right,
    to,
    tags.map(({ tag, b }) => ({ tag, image: b })),
  );
  const names = { left: `${left.host}/${from}`, right: `${right.host}/${to}` };
  const rows = tags.map(({ tag, a, b }) => ({
    tag,
    left: `${names.left}:${tag}`,
    right: `${names.right}:${tag}`,
    expect: compare(a, b),
  }));
  return { ...names, tags: rows };
}

const AT_ONCE = 8;

/** Pushes the images of many tags, some at a time; what is there is not pushed again. */
async function pushAll({ host, authorization }, repository, rows) {
  const headers = authorization(repository);
  const there = new Set();
  const left = rows.filter(({ image }) => image);
  const next = async () => {
    for (let row = left.shift(); row; row = left.shift()) {
      const { documents, root } = row.image;
      const isNew = ({ digest }) => digest === root || !there.has(digest);
      await push(host, repository, row.tag, { documents: documents.filter(isNew), root }, headers);
      // Only now: another image may name what is on its way, before it has arrived.
      for (const { digest } of documents) there.add(digest);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
