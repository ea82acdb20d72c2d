//! The table of contents of an image layout, `index.json` (OCI image spec, image-layout.md): it is made where the archive or
//! folder is made, is nowhere published, and its entries carry the names that images have there.

use crate::claim::{Code, LAYOUT};
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Fidelity, Output, Reading, Shape, Tool, digest_at, never, text_at};
use crate::text::{Parts, parsed, shortened};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json: layout,
    ..Tool::NONE
};

/// The images of a layout, by the names that they have there.
fn layout(output: &Output, value: &Value) -> Option<Reading> {
    let entries = value.items_of("manifests");
    Shape::of(value).filter(|shape| *shape == Shape::Index)?;
    let mut reading = Reading::new(LAYOUT, None);
    let mut tags_only = true;
    for entry in entries {
        let named = entry.get("annotations");
        let name = |key| named.and_then(|named| text_at(named, key));
        let tag = name("org.opencontainers.image.ref.name");
        // Only containerd and docker write the first.
        let Some(name) = name("io.containerd.image.name").or(tag) else {
            continue;
        };
        let digest = digest_at(entry, "digest")?;
        let whole = name.has("/") || name.has(":");
        if let Some(reference) = parsed::<Reference>(name).filter(|_| whole) {
            reading.pins(&reference, &digest);
            tags_only = false;
        } else {
            let text = format!("lists {digest} as {}", shortened(name));
            reading.note(Some(&digest), Code::Named, text);
        }
    }
    // An index that is one of a layout's documents may have tags too.
    if tags_only {
        reading.document(output.document(Fidelity::Unknown));
    }
    (!reading.statements.is_empty()).then_some(reading)
}
