//! What a tool's file gives: how its output is known, and who reads it.

use crate::json::Value;
use crate::paste::{Command, Line, Output, Reading};

/// Reads a JSON value, if it is what the tool prints.
type ReadJson = fn(&Output, &Value) -> Option<Reading>;

/// Reads from the first of these lines on, if they are what the tool prints, and says how many.
type ReadLines = fn(&Output, &[Line]) -> Option<(Reading, usize)>;

/// How a tool's output is known, and who reads it.
pub(super) struct Tool {
    /// Whether it only reads what no other tool does.
    pub(super) general: bool,
    /// Whether this command prints what the file reads.
    pub(super) prints: fn(&Command) -> bool,
    pub(super) json: ReadJson,
    pub(super) lines: ReadLines,
}

pub(super) fn none(_: &Output, _: &Value) -> Option<Reading> {
    None
}

pub(super) fn no_lines(_: &Output, _: &[Line]) -> Option<(Reading, usize)> {
    None
}

pub(super) fn never(_: &Command) -> bool {
    false
}
