// The layout of each program that writes image documents: one row for each writer.
import { inOrder, layoutName, print } from "./print.mjs";

const OCISPEC = ["mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType"];
const DISTRIBUTION = ["mediaType", "size", "digest", "urls", "annotations", "platform"];
const GGCR = ["mediaType", "size", "digest", "data", "urls", "annotations", "platform", "artifactType"];
const SCHEMA_FIRST = ["schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "subject", "annotations"];
const TYPE_FIRST = ["mediaType", "schemaVersion", "artifactType", "config", "layers", "manifests", "subject", "annotations"];
const PLATFORM = ["architecture", "os", "os.version", "os.features", "variant", "features"];

// The order of a config's own fields.
const SORTED = ["architecture", "config", "container", "created", "docker_version", "history", "os", "os.version", "rootfs", "variant"];
const IMAGE_SPEC = ["created", "author", "architecture", "variant", "os", "os.version", "config", "rootfs", "history"];
const GGCR_CONFIG = ["architecture", "author", "created", "history", "os", "rootfs", "config", "os.version", "variant"];
const JIB_CONFIG = ["created", "architecture", "os", "config", "history", "rootfs"];
const BUSYBOX_CONFIG = ["config", "created", "history", "rootfs", "architecture", "os", "variant"];

const compact = {};
const spaces = (count, rest) => ({ indent: " ".repeat(count), ...rest });
const jq = (indent) => ({ indent, final: "\n", escape: "none" });

const WRITERS = {
  buildkit: { layout: spaces(2), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: SORTED },
  "buildkit before 2023": { layout: spaces(2), descriptor: OCISPEC, top: TYPE_FIRST, fields: SORTED },
  docker: { layout: spaces(3), descriptor: DISTRIBUTION, top: SCHEMA_FIRST, fields: SORTED },
  "moby builder": { layout: spaces(4), descriptor: OCISPEC, top: TYPE_FIRST, fields: SORTED },
  "moby migration": { layout: spaces(3), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: SORTED },
  ggcr: { layout: compact, descriptor: GGCR, top: SCHEMA_FIRST, fields: GGCR_CONFIG },
  "containers/image": { layout: compact, descriptor: OCISPEC, top: SCHEMA_FIRST, fields: IMAGE_SPEC },
  "containers/image docker": { layout: compact, descriptor: DISTRIBUTION, top: SCHEMA_FIRST, fields: SORTED },
  oras: { layout: compact, descriptor: OCISPEC, top: SCHEMA_FIRST, fields: IMAGE_SPEC },
  regclient: { layout: compact, descriptor: OCISPEC, top: SCHEMA_FIRST, fields: IMAGE_SPEC },
  umoci: { layout: { final: "\n" }, configLayout: { final: "\n" }, descriptor: OCISPEC, top: SCHEMA_FIRST, fields: IMAGE_SPEC },
  jib: { layout: { escape: "none" }, configLayout: { escape: "none" }, descriptor: OCISPEC, top: SCHEMA_FIRST, fields: JIB_CONFIG },
  rules_oci: { layout: jq("  "), configLayout: jq("  "), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: IMAGE_SPEC },
  busybox: { layout: jq("\t"), configLayout: jq("\t"), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: BUSYBOX_CONFIG },
  "official images": { layout: jq("\t"), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: SORTED },
  "official images before 2026": { layout: jq("  "), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: SORTED },
  "python json.tool": { layout: spaces(4, { final: "\n", escape: "ascii" }), descriptor: OCISPEC, top: SCHEMA_FIRST, fields: SORTED },
};

/** Prints the documents of one writer: `value` in, `{ bytes, layout }` out. */
export function writer(name) {
  const row = WRITERS[name];
  if (!row) throw new Error(`no such writer: ${name}`);
  const printed = (value, layout) => ({ bytes: print(value, layout), layout: layoutName(layout) });
  const descriptor = (value) =>
    inOrder(row.descriptor, value.platform ? { ...value, platform: inOrder(PLATFORM, value.platform) } : value);
  const each = (list) => list?.map(descriptor);
  return {
    config: (value) => printed(inOrder(row.fields, value), row.configLayout ?? compact),
    manifest: (value) =>
      printed(
        inOrder(row.top, {
          ...value,
          config: value.config && descriptor(value.config),
          layers: each(value.layers),
          manifests: each(value.manifests),
          subject: value.subject && descriptor(value.subject),
        }),
        row.layout,
      ),
  };
}
