//! JSON that is an index, a manifest, a configuration or a related document, whichever tool
//! printed it.

use crate::json::Value;
use crate::paste::{Content, Fidelity, Output, Reading, Shape, Tool, is_elided, never};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json,
    ..Tool::NONE
};

/// Any such document without a command line: what it is and nothing more.
fn json(output: &Output, value: &Value) -> Option<Reading> {
    let shape = Shape::of(value).filter(|_| !is_elided(value))?;
    let mut reading = Reading::new(shape.name(), output.about);
    if let Shape::Metadata(_) = shape {
        reading.content = Content::Metadata;
    }
    reading.document(output.document(Fidelity::Unknown));
    Some(reading)
}
