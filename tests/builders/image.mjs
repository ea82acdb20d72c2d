// One image in the making: layers, configs, manifests and indexes that name each other.
import { gzip, sha256, tar } from "./bytes.mjs";
import { sorted } from "./print.mjs";
import { writer } from "./writers.mjs";

export const OCI = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
export const DOCKER = {
  index: "application/vnd.docker.distribution.manifest.list.v2+json",
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};
export const IN_TOTO = "application/vnd.in-toto+json";
export const EMPTY = "application/vnd.oci.empty.v1+json";

const CREATED = "2024-03-09T16:10:27Z";

/** Collects the documents of an image; each method returns the descriptor of what it added. */
export class Image {
  constructor(name, writerName, { types = OCI, mediaType = true, note = "" } = {}) {
    Object.assign(this, { name, writerName, types, mediaType, note, documents: [] });
    this.print = writer(writerName);
  }

  /** A layer with one file; `os` as in gzip(): another digest over the same content. */
  layer(text, { os } = {}) {
    const content = tar("etc/beacon", `${text}\n`);
    const descriptor = this.#add("layer", this.types.layer, { bytes: gzip(content, os) });
    return { descriptor, diffId: sha256(content) };
  }

  /** Bytes of any kind below a manifest: a statement, a signature, an artifact's file. */
  blob(mediaType, bytes) {
    return this.#add("blob", mediaType, { bytes: Buffer.from(bytes) });
  }

  config(value, part) {
    return this.#add("config", this.types.config, this.print.config(value), part);
  }

  manifest(value, part) {
    return this.#top("manifest", this.types.manifest, value, part);
  }

  index(value, part) {
    return this.#top("index", this.types.index, value, part);
  }

  /** Layers, config and manifest for one platform. */
  platform(platform, { texts, labels, annotations, os, dockerConfig = false, part = platform.architecture } = {}) {
    const layers = (texts ?? ["common base", `beacon for ${part}`]).map((text) => this.layer(text, { os }));
    const config = this.config(configOf(platform, layers, { labels, dockerConfig }), part);
    const manifest = this.manifest(
      { config, layers: layers.map(({ descriptor }) => descriptor), annotations: annotations && sorted(annotations) },
      part,
    );
    return { ...manifest, platform };
  }

  /** BuildKit's attestation manifest for a manifest, as an entry of an index. */
  attestation(subject, part) {
    const statement = JSON.stringify({
      _type: "https://in-toto.io/Statement/v0.1",
      predicateType: "https://slsa.dev/provenance/v0.2",
      subject: [{ name: "pkg:docker/lighthouse/beacon", digest: { sha256: subject.digest.slice(7) } }],
      predicate: { builder: { id: "" }, buildType: "https://mobyproject.org/buildkit@v1" },
    });
    const layer = {
      ...this.blob(IN_TOTO, statement),
      annotations: { "in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2" },
    };
    const rootfs = { type: "layers", diff_ids: [layer.digest] };
    const config = this.config({ architecture: "unknown", os: "unknown", config: {}, rootfs }, `${part}-attestation`);
    return {
      ...this.manifest({ config, layers: [layer] }, `${part}-attestation`),
      annotations: {
        "vnd.docker.reference.digest": subject.digest,
        "vnd.docker.reference.type": "attestation-manifest",
      },
      platform: { architecture: "unknown", os: "unknown" },
    };
  }

  /** Takes over documents of another image, byte for byte. */
  take(image, digests) {
    this.documents.push(...image.documents.filter(({ digest }) => digests.includes(digest)));
  }

  /** The last document added is the root. */
  done() {
    const seen = new Set();
    const documents = this.documents.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
    return { name: this.name, writer: this.writerName, note: this.note, documents, root: documents.at(-1).digest };
  }

  #top(kind, mediaType, value, part) {
    const printed = this.print.manifest({ schemaVersion: 2, mediaType: this.mediaType ? mediaType : undefined, ...value });
    return this.#add(kind, mediaType, printed, part);
  }

  #add(kind, mediaType, { bytes, layout }, part) {
    const made = { kind, part, writer: this.writerName, mediaType };
    const document = { ...made, digest: sha256(bytes), size: bytes.length, layout, bytes };
    this.documents.push(document);
    const { digest, size } = document;
    return { mediaType, digest, size };
  }
}

function configOf(platform, layers, { labels, dockerConfig }) {
  const built = dockerConfig ? { ...OLD_DOCKER, Image: layers[0].diffId } : {};
  const { architecture, os, variant, "os.version": version } = platform;
  return {
    ...{ architecture, os, variant, "os.version": version },
    created: CREATED,
    docker_version: dockerConfig ? "20.10.24" : undefined,
    config: {
      ...built,
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Cmd: ["/bin/sh", "-c", "watch --quiet < /etc/beacon > /dev/null && true"],
      Labels: labels ? sorted(labels) : undefined,
    },
    history: [
      ...layers.map((_, at) => ({ created: CREATED, created_by: `COPY part-${at} /etc/ # buildkit` })),
      { created: CREATED, created_by: 'CMD ["/bin/sh" "-c" "watch"]', empty_layer: true },
    ],
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  };
}

// Docker's older builder wrote these into every config.
const OLD_DOCKER = {
  Hostname: "", Domainname: "", User: "", AttachStdin: false, AttachStdout: false, AttachStderr: false,
  Tty: false, OpenStdin: false, StdinOnce: false, Volumes: null, WorkingDir: "", Entrypoint: null, OnBuild: null,
};
