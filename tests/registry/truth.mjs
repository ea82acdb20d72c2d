// The truth about two images, by their bytes alone and without any code of the package: how far each platform of the left
// one is the same on the right.
import { sha256 } from "../builders/bytes.mjs";

/** From the lowest; `missing` is a platform that the right side does not have. */
export const LEVELS = ["missing", "different", "rootfs", "config", "manifest", "index"];

/** The level that `same` compares at unless told. */
const USUAL = "config";

/**
 * The truth about two images, each `{ root, documents }`; an image that is not there is `undefined`.
 * Gives `{ verdict, sameRoot, perPlatform: [{ platform, level }] }`, in the order of the left index.
 */
export function compare(left, right) {
  const others = right ? platforms(right) : [];
  const sameRoot = left.root === right?.root;
  const top = isIndex(left) ? "index" : "manifest";
  const perPlatform = platforms(left).map((one) => {
    const other = others.find(({ normal }) => normal === one.normal);
    return { platform: one.platform, level: sameRoot ? top : level(one, other) };
  });
  const expect = { sameRoot, perPlatform };
  return { verdict: verdictAt(expect, USUAL), ...expect };
}

/** The verdict where `same` is asked at another level. */
export function verdictAt({ sameRoot, perPlatform }, asked) {
  const reached = ({ level }) => LEVELS.indexOf(level) >= LEVELS.indexOf(asked);
  const proven = asked === "index" ? sameRoot : perPlatform.every(reached);
  return proven ? "proven" : "contradicted";
}

function level(one, other) {
  if (!other) return "missing";
  if (one.manifest === other.manifest) return "manifest";
  if (one.config === other.config) return "config";
  return one.diffIds === other.diffIds ? "rootfs" : "different";
}

const isIndex = ({ root, documents }) => "manifests" in JSON.parse(bytesOf(documents, root));

/** The images below a root, attestations and artifacts left out. */
export function platforms({ root, documents }) {
  const found = [];
  const walk = (digest, entry) => {
    const { manifests, config } = JSON.parse(bytesOf(documents, digest));
    if (manifests) {
      const isAttestation = ({ annotations }) =>
        annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
      for (const child of manifests.filter((child) => !isAttestation(child))) walk(child.digest, child.platform);
      return;
    }
    const own = JSON.parse(bytesOf(documents, config.digest));
    if (!own.rootfs) return;
    const platform = entry ?? own;
    const diffIds = own.rootfs.diff_ids.join(" ");
    found.push({ ...names(platform), manifest: digest, config: config.digest, diffIds });
  };
  walk(root);
  return found;
}

/** A platform as it is written, and as containerd writes those that are the same. */
function names({ os, architecture, variant = "", "os.version": version }) {
  const name = (variant) => `${version ? `${os}(${version})` : os}/${architecture}${variant && `/${variant}`}`;
  const usual = { arm: "v7", arm64: "v8", amd64: "v1" }[architecture];
  return { platform: name(variant), normal: name(variant === usual ? "" : variant) };
}

function bytesOf(documents, digest) {
  const found = documents.find((document) => document.digest === digest);
  if (!found) throw new Error(`expected the bytes of ${digest}, found none`);
  return found.bytes;
}

/** What a registry has under a name: its manifests and configurations, each hashed. */
export async function pulled({ host, authorization }, repository, tag) {
  const documents = [];
  const headers = { ...authorization?.(repository), accept: "application/json" };
  const get = async (kind, name) => {
    const url = `http://${host}/v2/${repository}/${kind}/${name}`;
    const answer = await fetch(url, { headers: kind === "manifests" ? { ...headers, accept: ACCEPT } : headers });
    if (answer.status !== 200) throw new Error(`GET ${url}: expected 200, found ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const digest = sha256(bytes);
    if (name.includes(":") && digest !== name)
      throw new Error(`GET ${url}: expected its bytes, found those of ${digest}`);
    documents.push({ digest, bytes });
    return { digest, value: JSON.parse(bytes) };
  };
  const walk = async (name) => {
    const { digest, value } = await get("manifests", name);
    if (value.config) await get("blobs", value.config.digest);
    for (const child of value.manifests ?? []) await walk(child.digest);
    return digest;
  };
  return { root: await walk(tag), documents };
}

const ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
