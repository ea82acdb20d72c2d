//! The JSON in a text, and the parts of it that look like image documents.

use super::prefix::begins_value;
use crate::json::{self, Json, Value};
use crate::text::Parts;

/// Values taken from one text: more than the images of any real index.
const MOST: usize = 256;

/// The JSON objects in a text, and the arrays of them, each with its end, and the most that was
/// read of a broken one. Empty ones are left out: the digest of `{}` is known to everybody and
/// would be found anywhere.
pub(super) fn values(text: &str) -> (Vec<(Json<'_>, usize)>, usize) {
    let mut found = Vec::new();
    let mut broken = 0;
    let mut at = 0;
    while let Some(start) = opening(text.as_bytes(), at) {
        match json::parse_prefix(text, start) {
            Ok((json, end)) => {
                at = end;
                found.push((json, end));
            }
            Err(error) => {
                at = error.offset().unwrap_or(0).max(start + 1);
                broken = broken.max(at - start);
            }
        }
        if found.len() == MOST {
            break;
        }
    }
    (found, broken)
}

/// True if there is more JSON than these values.
pub(super) fn is_loose(text: &str, values: &[(Json, usize)]) -> bool {
    let mut from = 0;
    let mut between = Vec::new();
    for (json, end) in values {
        between.push(from..json.root().span.start);
        from = *end;
    }
    between.push(from..text.len());
    let text = |span| text.get(span).unwrap_or_default();
    between
        .into_iter()
        .map(text)
        .any(|text| text.has_any("}]") || text.has("\":"))
}

/// True if a value is in quotes.
pub(super) fn is_quoted(text: &str, json: &Json) -> bool {
    let before = text.get(..json.root().span.start);
    before.is_some_and(|before| before.ends_with(['\'', '"', '`']))
}

/// True if a value is an image document.
pub(super) fn is_document(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some();
    has("schemaVersion") && (has("manifests") || has("layers") || has("fsLayers"))
        || has("rootfs") && has("architecture")
}

/// True if a string has JSON written in it.
pub(super) fn is_written(text: &str) -> bool {
    const SHORTEST: usize = 16;
    let text = text.trim_start_matches(['"', ' ', '\n', '\r', '\t']);
    text.len() >= SHORTEST && text.begins("{[") && (begins_value(text) || text.begins("{[\\"))
}

/// The next `{` with a name behind it, or `[` with such an object or a string of one behind it.
fn opening(bytes: &[u8], from: usize) -> Option<usize> {
    let mut open: Option<(usize, u8)> = None;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        open = match (byte, open) {
            (b'"', Some((start, b'{'))) => return Some(start),
            (b'"', Some((start, b'['))) if matches!(bytes.get(at + 1), Some(b'{' | b'[')) => {
                return Some(start);
            }
            (b'{', Some((start, b'['))) => Some((start, b'{')),
            (b'{' | b'[', _) => Some((at, *byte)),
            (b' ' | b'\t' | b'\r' | b'\n', open) => open,
            _ => None,
        };
    }
    None
}
