// The images of the tests: complete, small, one for each writer's way and each shape that matters.
import { DOCKER, EMPTY, Image, OCI } from "./image.mjs";
import { schema1 } from "./schema1.mjs";

const AMD64 = { architecture: "amd64", os: "linux" };
const ARM64 = { architecture: "arm64", os: "linux" };
const ARM64_V8 = { ...ARM64, variant: "v8" };

// Characters that Go's encoder escapes, and others that it leaves as they are.
const MARKUP = {
  "org.opencontainers.image.description": "Light < dark & calm > storm; “safe” harbour é ☃ \u2028 next",
  "org.opencontainers.image.vendor": "Keeper & Daughters",
};

function single(name, writer, { platform = AMD64, types, mediaType, note, ...options } = {}) {
  const image = new Image(name, writer, { types, mediaType, note });
  image.platform(platform, options);
  return image;
}

function list(name, writer, { platforms = [AMD64, ARM64], annotations, top = {}, types, mediaType, note, ...options } = {}) {
  const image = new Image(name, writer, { types, mediaType, note });
  const manifests = platforms.map((platform) =>
    image.platform(platform, { part: partOf(platform), ...options }),
  );
  image.index({ manifests, annotations, ...top });
  return image;
}

const partOf = ({ architecture, variant, "os.version": version }) =>
  [architecture, variant, version].filter(Boolean).join("-");

const attested = () => {
  const image = new Image("buildx-attested", "buildkit", { note: "two platforms, each with BuildKit's attestation" });
  const manifests = [AMD64, ARM64].map((platform) => image.platform(platform));
  const attestations = manifests.map((manifest) => image.attestation(manifest, manifest.platform.architecture));
  image.index({ manifests: [...manifests, ...attestations] });
  return image;
};

/** The same platforms' manifests under an index of another make. */
const relisted = () => {
  const from = attested();
  const image = new Image("mirror-relisted", "ggcr", { note: "manifests of buildx-attested, listed anew without attestations" });
  image.take(from, from.documents.filter(({ part }) => !part?.endsWith("attestation")).map(({ digest }) => digest));
  const manifests = image.documents.filter(({ kind }) => kind === "manifest");
  image.documents = image.documents.filter(({ kind }) => kind !== "index");
  image.index({
    manifests: manifests.map(({ mediaType, digest, size }, at) => ({ mediaType, digest, size, platform: [AMD64, ARM64][at] })),
  });
  return image;
};

/** The same configs in other manifests: the layers were compressed again and docker's types taken. */
const recompressed = () => {
  const from = attested();
  const image = new Image("mirror-recompressed", "docker", {
    types: DOCKER,
    note: "configs of buildx-attested under other manifests: layers compressed again, docker's media types",
  });
  const manifests = [AMD64, ARM64].map((platform) => {
    const part = platform.architecture;
    const config = from.documents.find((document) => document.kind === "config" && document.part === part);
    image.documents.push(config);
    const layers = ["common base", `beacon for ${part}`].map((text) => image.layer(text, { os: 3 }).descriptor);
    const descriptor = { mediaType: DOCKER.config, digest: config.digest, size: config.size };
    return { ...image.manifest({ config: descriptor, layers }, part), platform };
  });
  image.index({ manifests });
  return image;
};

const nested = () => {
  const image = new Image("nested", "ggcr", { note: "an index that names an index and a manifest" });
  const inner = [AMD64, ARM64].map((platform) => image.platform(platform));
  const index = image.index({ manifests: inner }, "inner");
  const windows = image.platform({ architecture: "amd64", os: "windows", "os.version": "10.0.20348.2340" }, { part: "windows" });
  image.index({ manifests: [index, windows] });
  return image;
};

const ofDocker = () => {
  const image = new Image("oci-of-docker", "buildkit", { types: DOCKER, note: "an OCI index that names docker's manifests" });
  const manifests = [AMD64, ARM64].map((platform) => image.platform(platform));
  image.types = OCI;
  image.index({ manifests });
  return image;
};

/** An artifact that names a manifest as its subject, and the fallback index that lists it. */
const artifact = () => {
  const subjectImage = single("buildx-single", "buildkit");
  const subject = subjectImage.documents.at(-1);
  const image = new Image("oras-artifact", "oras", { note: "an artifact whose subject is the manifest of buildx-single" });
  const file = image.blob("text/plain", "keeper: signed off\n");
  const config = { ...image.blob(EMPTY, "{}"), data: "e30=" };
  const annotations = { "org.opencontainers.image.created": "2024-03-09T16:10:27Z" };
  image.manifest({
    artifactType: "application/vnd.example.log",
    config,
    layers: [{ ...file, annotations: { "org.opencontainers.image.title": "log.txt" } }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations,
  });
  return image;
};

const referrers = () => {
  const from = artifact();
  const { mediaType, digest, size } = from.documents.at(-1);
  const image = new Image("oras-referrers", "oras", { note: "the index behind the tag sha256-<hex> of buildx-single's manifest" });
  image.take(from, from.documents.map((document) => document.digest));
  image.index({
    manifests: [
      { mediaType, digest, size, annotations: { "org.opencontainers.image.created": "2024-03-09T16:10:27Z" }, artifactType: "application/vnd.example.log" },
    ],
  });
  return image;
};

const BASHBREW = (architecture) => ({
  "com.docker.official-images.bashbrew.arch": architecture,
  "org.opencontainers.image.base.name": "scratch",
  "org.opencontainers.image.url": "https://beacon.example/official?image=beacon&tag=1",
});

const official = (name, writer) => {
  const image = new Image(name, writer, { note: "descriptors with annotations; jq escapes no markup" });
  const manifests = [["amd64", AMD64], ["arm64v8", ARM64_V8]].map(([arch, platform]) => ({
    ...image.platform(platform),
    annotations: BASHBREW(arch),
  }));
  image.index({ manifests });
  return image;
};

/** Every image: `{ name, writer, note, documents: [{ kind, part, writer, mediaType, digest, size, layout, bytes }], root }`. */
export function images() {
  return [
    single("buildx-single", "buildkit"),
    single("buildx-docker", "buildkit", { types: DOCKER }),
    attested(),
    list("buildx-list", "buildkit", { types: DOCKER }),
    list("buildx-before-2023", "buildkit before 2023", { types: DOCKER, note: "mediaType before schemaVersion" }),
    list("buildx-annotated", "buildkit", { annotations: { "org.opencontainers.image.description": "tea < coffee & rum" } }),
    list("buildx-variants", "buildkit", {
      platforms: [
        { ...AMD64, architecture: "386" }, AMD64, { ...AMD64, variant: "v2" }, { architecture: "arm", os: "linux", variant: "v5" },
        { architecture: "arm", os: "linux", variant: "v7" }, ARM64, { ...AMD64, architecture: "ppc64le" },
        { ...AMD64, architecture: "riscv64" }, { ...AMD64, architecture: "s390x" },
      ],
    }),
    single("docker-push", "docker", { types: DOCKER, dockerConfig: true }),
    list("docker-manifest-push", "docker", { types: DOCKER, dockerConfig: true, platforms: [AMD64, ARM64_V8] }),
    list("docker-windows", "docker", {
      types: DOCKER,
      platforms: ["10.0.17763.5458", "10.0.20348.2340"].map((version) => ({
        architecture: "amd64", os: "windows", "os.version": version, "os.features": ["win32k"],
      })),
    }),
    single("moby-builder", "moby builder"),
    single("moby-migration", "moby migration", { types: DOCKER }),
    single("crane-docker", "ggcr", { types: DOCKER }),
    list("crane-index", "ggcr"),
    list("crane-no-platform", "ggcr", { note: "entries without a platform" }),
    nested(),
    single("podman-oci", "containers/image", { annotations: { "org.opencontainers.image.base.name": "" } }),
    single("podman-docker", "containers/image docker", { types: DOCKER }),
    list("podman-list", "containers/image", { platforms: [AMD64, ARM64_V8] }),
    artifact(),
    referrers(),
    list("regclient-index", "regclient"),
    single("umoci", "umoci", { mediaType: false, note: "no mediaType; the config ends in LF too" }),
    list("umoci-index", "umoci", { mediaType: false, note: "no mediaType anywhere" }),
    single("jib", "jib", { types: DOCKER, labels: MARKUP, note: "Jackson escapes no markup" }),
    single("rules-oci", "rules_oci"),
    single("official-busybox", "busybox", {
      annotations: { "org.opencontainers.image.url": "https://beacon.example/", "org.opencontainers.image.version": "1.0-glibc" },
      note: "tabs and a final LF, in the config too",
    }),
    official("official-index", "official images"),
    official("official-index-before-2026", "official images before 2026"),
    single("markup-go", "buildkit", { annotations: MARKUP, labels: MARKUP, note: "markup escaped as Go does" }),
    single("markup-raw", "rules_oci", { annotations: MARKUP, labels: MARKUP, note: "markup not escaped" }),
    single("markup-ascii", "python json.tool", { annotations: MARKUP, labels: MARKUP, note: "everything beyond ASCII escaped" }),
    ofDocker(),
    relisted(),
    recompressed(),
    list("mirror-relabelled", "buildkit", { labels: { mirror: "yes" }, note: "the layers of buildx-attested under configs with another label" }),
  ]
    .map((image) => (image.name === "crane-no-platform" ? withoutPlatforms(image) : image))
    .map((image) => image.done())
    .concat(schema1());
}

function withoutPlatforms(image) {
  image.documents.pop();
  image.index({
    manifests: image.documents
      .filter(({ kind }) => kind === "manifest")
      .map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  return image;
}

let all;

/** The image of that name; a name that is not there is a mistake of the test. */
export function image(name) {
  all ??= images();
  const found = all.find((image) => image.name === name);
  if (!found) throw new Error(`no such image: ${name}`);
  return found;
}
