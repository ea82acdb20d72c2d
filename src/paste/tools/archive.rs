//! The lists in archives and folders of images, which are made where the archive is made and are nowhere published:
//! `manifest.json` of `docker save` (moby: image/tarexport/tarexport.go), podman, crane and kaniko, and `index.json`
//! of an image layout (OCI image spec, image-layout.md), whose entries carry the names that images have there.

use crate::claim::{Code, IdKind, LAYOUT};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Reading, Shape, Tool, digest_at, never, text_at};
use crate::text::{Parts, parsed, shortened};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json: |_, value| saved(value).or_else(|| layout(value)),
    ..Tool::NONE
};

/// The images of an archive: files for the configuration and the layers of each.
fn saved(value: &Value) -> Option<Reading> {
    let images = value.items()?;
    let mut reading = Reading::new("image archive", None);
    for image in images {
        let config = text_at(image, "Config")?;
        let layers = image.get("Layers")?.items()?.len();
        if let Some(id) = config_digest(config) {
            for name in image.texts_of("RepoTags") {
                if let Some(name) = parsed(name) {
                    reading.identifies(&name, id.as_str(), IdKind::Config);
                }
            }
        }
        let text = format!(
            "it lists files: the configuration {}, whose digest is the image's Id and not that of a manifest, and {layers} of layers",
            shortened(config)
        );
        reading.note(None, Code::IdKind, text);
    }
    (!images.is_empty()).then_some(reading)
}

/// The digest in the name of a configuration's file: `HEX.json`, `sha256:HEX` or `blobs/sha256/HEX`.
fn config_digest(path: &str) -> Option<Digest> {
    let path = path.strip_suffix(".json").unwrap_or(path);
    let hex = path
        .strip_prefix("blobs/sha256/")
        .or_else(|| path.strip_prefix("sha256:"));
    parsed(&format!("sha256:{}", hex.unwrap_or(path)))
}

/// The images of a layout, by the names that they have there.
fn layout(value: &Value) -> Option<Reading> {
    let entries = value.items_of("manifests");
    Shape::of(value).filter(|shape| *shape == Shape::Index)?;
    let mut reading = Reading::new(LAYOUT, None);
    for entry in entries {
        let named = entry.get("annotations");
        let name = |key| named.and_then(|named| text_at(named, key));
        let tag = name("org.opencontainers.image.ref.name");
        // Only containerd and docker write the first.
        let Some(name) = name("io.containerd.image.name").or(tag) else {
            continue;
        };
        let digest = digest_at(entry, "digest")?;
        match parsed(name).filter(|_: &Reference| name.has("/") || name.has(":")) {
            Some(reference) => reading.pins(&reference, &digest),
            None => {
                let text = format!("lists {digest} as {}", shortened(name));
                reading.note(Some(&digest), Code::Named, text);
            }
        }
    }
    (!reading.statements.is_empty()).then_some(reading)
}
