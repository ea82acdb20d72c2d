//! JSON that is an index, a manifest, a configuration or a related document, whichever tool
//! printed it.

use crate::json::Value;
use crate::paste::{
    Content, Fidelity, JsonForm, KEPT, Output, Reading, Shape, Tool, answer, at, is_elided, never,
};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json,
    ..Tool::NONE
};

/// The table of contents of an archive or a folder (OCI image-spec: `image-layout.md`): it names images, and is
/// never published.
const LAYOUT: &[JsonForm] = &[
    of("manifests d=digest g=annotations/io.containerd.image.name ? s=size k=mediaType"),
    of("manifests d=digest ? s=size k=mediaType t=annotations/org.opencontainers.image.ref.name"),
];

const fn of(images: &'static str) -> JsonForm {
    JsonForm {
        tool: "index.json of an archive",
        means: KEPT,
        images,
        parts: "",
    }
}

/// True if all that it names has a name, which in a registry is the tag's.
fn layout(value: &Value) -> bool {
    let entries = value.items_of("manifests");
    let named = |entry: &Value| {
        let has = |name: &str| !at(entry, name).is_empty();
        let tagged = has("annotations/org.opencontainers.image.ref.name") && !has("platform");
        tagged || has("annotations/io.containerd.image.name")
    };
    !entries.is_empty() && entries.iter().all(named)
}

/// Any such document without a command line: what it is and nothing more.
fn json(output: &Output, value: &Value) -> Option<Reading> {
    let shape = Shape::of(value).filter(|_| !is_elided(value))?;
    if shape == Shape::Index && layout(value) {
        return answer(output, value, LAYOUT);
    }
    let mut reading = Reading::new(shape.name(), output.about);
    if let Shape::Metadata(_) = shape {
        reading.content = Content::Metadata;
    }
    reading.document(output.document(Fidelity::Unknown));
    Some(reading)
}
