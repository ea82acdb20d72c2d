// The commands whose output people paste: one row a command, with the images it is run for.
import { image } from "../builders/images.mjs";

const SINGLES = ["buildx-single", "docker-push", "moby-builder", "crane-docker", "umoci", "official-busybox", "markup-go", "markup-raw"];
const LISTS = ["buildx-attested", "buildx-annotated", "docker-manifest-push", "official-index", "nested"];
const FEW = ["buildx-single", "buildx-attested"];

/** The document that the tag names: what most commands are about. */
const root = (name) => image(name).root;
/** The config of a single image, or of the index's linux/amd64 manifest, which clients take by default. */
const config = (name) =>
  image(name).documents.find(({ kind, part }) => kind === "config" && part === "amd64").digest;

const ROWS = [
  {
    tool: "docker manifest inspect",
    images: [...SINGLES, "jib", "buildx-attested", "buildx-list", "buildx-annotated", "buildx-before-2023", "docker-manifest-push", "docker-windows", "podman-list", "official-index", "oci-of-docker", "crane-no-platform", "buildx-variants"],
    argv: (ref) => ["docker", "manifest", "inspect", "--insecure", ref],
  },
  {
    tool: "docker manifest inspect -v",
    images: ["buildx-single", "docker-push", "official-busybox", "markup-raw", "buildx-attested", "docker-manifest-push"],
    argv: (ref) => ["docker", "manifest", "inspect", "--insecure", "-v", ref],
  },
  {
    tool: "docker buildx imagetools inspect",
    images: ["buildx-single", ...LISTS, "buildx-variants"],
    argv: (ref) => ["docker", "buildx", "imagetools", "inspect", ref],
  },
  {
    tool: "docker buildx imagetools inspect --raw",
    images: ["buildx-attested", "official-busybox", "markup-go"],
    argv: (ref) => ["docker", "buildx", "imagetools", "inspect", "--raw", ref],
  },
  {
    tool: "docker buildx imagetools inspect --format '{{json .}}'",
    folder: "docker-buildx-imagetools-inspect-json",
    images: ["buildx-single", "markup-go", "buildx-attested", "buildx-annotated", "official-index"],
    argv: (ref) => ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .}}", ref],
  },
  {
    tool: "docker buildx imagetools inspect --format '{{json .Manifest}}'",
    folder: "docker-buildx-imagetools-inspect-json-manifest",
    images: FEW,
    argv: (ref) => ["docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", ref],
  },
  { tool: "crane digest", images: [...FEW, "nested"], argv: (ref) => ["crane", "digest", ref] },
  { tool: "crane digest --full-ref", images: FEW, argv: (ref) => ["crane", "digest", "--full-ref", ref] },
  { tool: "crane manifest", images: [...FEW, "official-busybox", "umoci", "nested"], argv: (ref) => ["crane", "manifest", ref] },
  {
    tool: "crane config",
    images: [...FEW, "official-busybox", "docker-push", "jib"],
    argv: (ref) => ["crane", "config", ref],
    digest: config,
  },
  {
    tool: "skopeo inspect",
    images: ["buildx-single", "docker-push", "markup-go", "buildx-attested"],
    argv: (ref) => ["skopeo", "inspect", "--tls-verify=false", `docker://${ref}`],
  },
  {
    tool: "skopeo inspect --raw",
    images: [...FEW, "official-busybox"],
    argv: (ref) => ["skopeo", "inspect", "--tls-verify=false", "--raw", `docker://${ref}`],
  },
  {
    tool: "skopeo inspect --config",
    images: ["buildx-single", "docker-push", "buildx-attested"],
    argv: (ref) => ["skopeo", "inspect", "--tls-verify=false", "--config", `docker://${ref}`],
    digest: config,
  },
  {
    tool: "skopeo inspect --config --raw",
    images: [...FEW, "official-busybox"],
    argv: (ref) => ["skopeo", "inspect", "--tls-verify=false", "--config", "--raw", `docker://${ref}`],
    digest: config,
  },
  {
    tool: "regctl manifest get",
    images: ["buildx-single", "docker-push", "markup-go", "oras-artifact", ...LISTS],
    argv: (ref) => ["regctl", "manifest", "get", ref],
  },
  {
    tool: "regctl manifest get --format raw-body",
    images: [...FEW, "official-busybox"],
    argv: (ref) => ["regctl", "manifest", "get", "--format", "raw-body", ref],
  },
  {
    tool: "regctl manifest get --format raw",
    images: [...FEW, "official-busybox"],
    argv: (ref) => ["regctl", "manifest", "get", "--format", "raw", ref],
  },
  {
    tool: "regctl manifest get --format '{{json .}}'",
    folder: "regctl-manifest-get-json",
    images: [...FEW, "official-busybox", "markup-raw", "markup-go"],
    argv: (ref) => ["regctl", "manifest", "get", "--format", "{{json .}}", ref],
  },
  { tool: "regctl image digest", images: FEW, argv: (ref) => ["regctl", "image", "digest", ref] },
  {
    tool: "oras manifest fetch",
    images: [...FEW, "official-busybox"],
    argv: (ref) => ["oras", "manifest", "fetch", "--plain-http", ref],
  },
  {
    tool: "oras manifest fetch --pretty",
    images: [...FEW, "official-busybox", "markup-go"],
    argv: (ref) => ["oras", "manifest", "fetch", "--plain-http", "--pretty", ref],
  },
  {
    tool: "oras manifest fetch --descriptor",
    images: FEW,
    argv: (ref) => ["oras", "manifest", "fetch", "--plain-http", "--descriptor", ref],
  },
  {
    tool: "oras manifest fetch --format json",
    images: [...FEW, "docker-push", "markup-raw", "oras-artifact"],
    argv: (ref) => ["oras", "manifest", "fetch", "--plain-http", "--format", "json", ref],
  },
  { tool: "oras resolve", images: FEW, argv: (ref) => ["oras", "resolve", "--plain-http", ref] },
  {
    tool: "oras resolve --full-reference",
    images: FEW,
    argv: (ref) => ["oras", "resolve", "--plain-http", "--full-reference", ref],
  },
  { tool: "oras discover", images: ["buildx-single"], argv: (ref) => ["oras", "discover", "--plain-http", ref] },
  {
    tool: "oras discover --format json",
    images: ["buildx-single"],
    argv: (ref) => ["oras", "discover", "--plain-http", "--format", "json", ref],
  },
  { tool: "cosign triangulate", images: FEW, argv: (ref) => ["cosign", "triangulate", ref] },
  {
    tool: "cosign triangulate --type digest",
    images: ["buildx-attested"],
    argv: (ref) => ["cosign", "triangulate", "--type", "digest", ref],
  },
];

/** Every case: `{ tool, folder, name, argv(ref), digest }`; `name` is the image's. */
export function commands() {
  return ROWS.flatMap(({ tool, folder = slug(tool), images, argv, digest = root }) =>
    images.map((name) => ({ tool, folder, name, argv, digest: digest(name) })),
  );
}

export const slug = (tool) => tool.replaceAll(/[^a-z]+/g, "-");
