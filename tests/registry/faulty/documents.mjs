// Faults in what is given for a document: its bytes, its headers, what its name leads to.
import { gzipSync } from "node:zlib";
import { sha256 } from "../../builders/bytes.mjs";
import { Image, OCI } from "../../builders/image.mjs";
import { image } from "../../builders/images.mjs";
import { error, page, withHeaders } from "./answers.mjs";
import { contents, documentAnswer } from "./contents.mjs";

const ANOTHER = `sha256:${"0".repeat(64)}`;
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const MIB = 1 << 20;

/** The root is `bytes` made of what a good root is. */
const rootOf = (change) => () => {
  const from = image("buildx-attested");
  const root = from.documents.at(-1);
  const bytes = change(root.bytes);
  const changed = { ...root, bytes, digest: sha256(bytes), size: bytes.length };
  return contents({ documents: [...from.documents.slice(0, -1), changed], root: changed.digest });
};

/** The answer for the root changed, all others good. */
const root = (change) => (asked, good) => (asked.isRoot ? change(good, asked) : good);

/** The answers for what lies below the root, where `kind` and the document say so. */
const below =
  (kind, change, which = () => true) =>
  (asked, good) =>
    asked.kind === kind && !asked.isRoot && good.status === 200 && which(good) ? change(good, asked) : good;

/** As good an answer, of the same type even, but of other bytes. */
const otherBytes = (good) => ({ ...good, body: Buffer.concat([good.body, Buffer.from("\n")]) });

const isConfig = ({ body }) => body[0] === 0x7b && body.includes('"rootfs"');
const isArm64 = ({ body }) => body.includes(image("buildx-attested").documents.find(arm64Config).digest);
const arm64Config = ({ kind, part }) => kind === "config" && part === "arm64";

const notFound = (code) => () => error(404, code, "not here any more");

/** Two images in a repository: which of them the tag means depends on who asks, and when. */
const twoImages = () =>
  contents(image("buildx-attested"), { others: [image("mirror-relisted"), image("mirror-relabelled")] });

const answerOf = ({ contents: { byDigest } }, name) => documentAnswer(byDigest.get(image(name).root));

/** An image with layers that lie elsewhere: at an address of the cloud's own, in a file, in a script. */
function foreign({ elsewhere }) {
  const made = new Image("foreign", "docker");
  const { config, layers, platform } = partsOf(made);
  const urls = [
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    `${elsewhere}/layer`,
  ];
  const mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
  const manifest = made.manifest({ config, layers: layers.map((layer) => ({ ...layer, mediaType, urls })) });
  made.index({ manifests: [{ ...manifest, platform }] });
  return contents(made.done());
}

function partsOf(made) {
  const platform = { architecture: "amd64", os: "linux" };
  const one = made.platform(platform);
  const { config, layers } = JSON.parse(made.documents.find(({ digest }) => digest === one.digest).bytes);
  made.documents.pop();
  return { config, layers, platform };
}

const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc(5 * MIB, " ")]);
const gzipped = (good) => withHeaders({ ...good, body: gzipSync(good.body) }, { "content-encoding": "gzip" });

export const documentFaults = [
  {
    name: "wrong-header",
    ids: ["D20"],
    note: "Docker-Content-Digest names other bytes",
    registry: root((good) => withHeaders(good, { "docker-content-digest": ANOTHER })),
  },
  {
    name: "malformed-header",
    ids: ["D20"],
    note: "Docker-Content-Digest is no digest",
    registry: root((good) => withHeaders(good, { "docker-content-digest": "sha256:../../x" })),
  },
  {
    name: "no-header",
    ids: ["D20"],
    note: "no Docker-Content-Digest",
    harmless: true,
    registry: root((good) => withHeaders(good, { "docker-content-digest": undefined })),
  },
  {
    name: "wrong-body",
    ids: ["D21", "M18"],
    note: "manifests have other bytes than their digests, and the header agrees with what was asked for",
    registry: below("manifests", otherBytes),
  },
  {
    name: "wrong-config",
    ids: ["D21"],
    note: "configurations have other bytes than their digests",
    registry: below("blobs", otherBytes, isConfig),
  },
  {
    name: "wrong-pinned",
    ids: ["D21", "M29"],
    note: "asked for by digest, the root has other bytes",
    suffix: ({ root }) => `@${root}`,
    registry: root(otherBytes),
  },
  {
    name: "bom",
    ids: ["D19"],
    note: "the root begins with a byte order mark, and its digest counts it",
    contents: rootOf((bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes])),
  },
  {
    name: "bom-added",
    ids: ["D19"],
    note: "a byte order mark before the bytes that the header names",
    registry: root((good) => ({ ...good, body: Buffer.concat([Buffer.from("\ufeff"), good.body]) })),
  },
  {
    name: "invalid-utf8",
    ids: ["D19"],
    note: "the root holds a byte that is no UTF-8, and its digest counts it",
    contents: rootOf((bytes) =>
      Buffer.from(bytes.toString("latin1").replace(/\n\}$/, ',\n  "annotations": {"a": "\xff"}\n}'), "latin1"),
    ),
  },
  {
    name: "other-type",
    ids: ["M05"],
    note: "Content-Type is docker's, the body's mediaType is OCI's",
    registry: root((good) => withHeaders(good, { "content-type": DOCKER_LIST })),
  },
  {
    name: "type-parameters",
    ids: ["M08"],
    note: "Content-Type in upper case and with a parameter",
    harmless: true,
    registry: root((good) => withHeaders(good, { "content-type": `${OCI.index.toUpperCase()}; charset=utf-8` })),
  },
  {
    name: "no-type",
    ids: ["M08"],
    note: "no Content-Type",
    harmless: true,
    registry: root((good) => withHeaders(good, { "content-type": undefined })),
  },
  {
    name: "missing-child",
    ids: ["M18"],
    note: "the index names a manifest that is not there",
    registry: below("manifests", notFound("MANIFEST_UNKNOWN"), isArm64),
  },
  {
    name: "missing-config",
    ids: ["M18"],
    note: "the manifests name configurations that are not there",
    registry: below("blobs", notFound("BLOB_UNKNOWN"), isConfig),
  },
  {
    name: "foreign-layers",
    ids: ["M22"],
    note: "layers with urls that nobody may ask for",
    like: undefined,
    contents: foreign,
  },
  {
    name: "moving-tag",
    ids: ["M27"],
    note: "the tag names another index from the second time on",
    contents: twoImages,
    registry: (asked, good) =>
      asked.name === "1.0" && asked.times > 0 ? answerOf(asked, "mirror-relabelled") : good,
  },
  {
    name: "by-accept",
    ids: ["M28"],
    note: "another index for those who do not take docker's lists",
    contents: twoImages,
    registry: (asked, good) =>
      asked.name === "1.0" && !asked.headers.accept?.includes(DOCKER_LIST)
        ? answerOf(asked, "mirror-relabelled")
        : good,
  },
  {
    name: "pinned-elsewhere",
    ids: ["M29"],
    note: "the tag names another index than the digest beside it",
    contents: twoImages,
    suffix: ({ root }) => `:1.0@${root}`,
    registry: (asked, good) => (asked.name === "1.0" ? answerOf(asked, "mirror-relabelled") : good),
  },
  {
    name: "other-repository",
    ids: ["R17"],
    note: "whatever is asked for, a mirror gives what it has under that name from another repository",
    contents: () => contents(image("mirror-relabelled")),
  },
  { name: "too-large", ids: ["R09"], note: "a root of more than 4 MiB", contents: rootOf(padded) },
  {
    name: "too-large-chunked",
    ids: ["R09"],
    note: "the same without saying how long it is",
    contents: rootOf(padded),
    registry: root((good) => ({
      ...good,
      body: async function* () {
        yield good.body;
      },
    })),
  },
  {
    name: "gzip",
    ids: ["R10"],
    note: "Content-Encoding gzip, as a cache between may add",
    harmless: true,
    registry: root(gzipped),
  },
  {
    name: "gzip-config",
    ids: ["R10"],
    note: "the same for configurations",
    harmless: true,
    registry: below("blobs", gzipped, isConfig),
  },
  {
    name: "gzip-lie",
    ids: ["R10"],
    note: "Content-Encoding gzip over bytes that are not",
    registry: root((good) => withHeaders(good, { "content-encoding": "gzip" })),
  },
  {
    name: "gzip-bomb",
    ids: ["R10", "R09"],
    note: "64 MiB in some kilobytes of gzip",
    registry: root((good) => gzipped({ ...good, body: Buffer.alloc(64 * MIB, " ") })),
  },
  { name: "login-page", ids: ["R11"], note: "200 with a page to log in", registry: () => page("Log in") },
  {
    name: "login-page-typed",
    ids: ["R11"],
    note: "the same under the type of an index",
    registry: root(() => page("Log in", OCI.index)),
  },
];
