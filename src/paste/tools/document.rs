//! JSON that is an index, a manifest, a configuration or a related document, whichever tool
//! printed it.

use crate::json::Value;
use crate::paste::{Form, Output, Reading, Tool, document_kind, is_elided, never};

pub(super) const TOOL: Tool = Tool {
    reads: never,
    general: true,
    json,
    ..Tool::NONE
};

/// Any such document without a command line: what it is and nothing more.
fn json(output: &Output, value: &Value) -> Option<Reading> {
    let kind = document_kind(value).filter(|_| !is_elided(value))?;
    let mut reading = Reading::new(kind, output.about);
    reading.document(output.document(Form::Unknown));
    Some(reading)
}
