//! The patterns of lines: words that a tool prints, with holes for what differs.

use crate::text::Parts;

/// No line that is read by a pattern is longer, and looking at no longer one keeps the time linear.
pub(crate) const LINE_BYTES: usize = 4096;

/// Reads the holes of a pattern in a text: `$` and a letter take a word, or the part of it before the next sign of
/// the pattern. A space is any white space, `*` anything.
pub(crate) fn fit<'t>(pattern: &str, text: &'t str) -> Option<Vec<(u8, &'t str)>> {
    let text = text.trimmed();
    let first = pattern.as_bytes().first();
    let alike =
        first.is_none_or(|first| b"$* ".contains(first)) || first == text.as_bytes().first();
    if text.len() > LINE_BYTES || !alike {
        return None;
    }
    let mut found = Vec::new();
    let literal = pattern.before_any("$");
    let mut rest = after(text, literal)?;
    let mut holes = pattern.get(literal.len() + 1..);
    while let Some(part) = holes.map(|holes| holes.before_any("$")) {
        holes = holes.and_then(|holes| holes.get(part.len() + 1..));
        let (letter, literal) = part.split_at_checked(1)?;
        let word = rest.before_any(" \t");
        let sign = literal.before_any(" *");
        // What has white space behind it is at the end of its word.
        let ends = literal
            .split_at_checked(sign.len())
            .is_some_and(|(_, rest)| rest.begins(" "));
        let end = match sign {
            "" => word.len(),
            sign if ends => word.strip_suffix(sign)?.len(),
            sign => word.place_of(sign)?,
        };
        let (value, behind) = rest.split_at_checked(end)?;
        if value.is_empty() {
            return None;
        }
        found.push((letter.bytes().next()?, value));
        rest = after(behind, literal)?;
    }
    rest.is_empty().then_some(found)
}

/// The text behind this beginning.
fn after<'t>(text: &'t str, literal: &str) -> Option<&'t str> {
    let (literal, open) = match literal.strip_suffix('*') {
        Some(literal) => (literal, true),
        None => (literal, false),
    };
    let (mut rest, mut words) = (text, literal);
    loop {
        let word = words.before_any(" ");
        rest = rest.strip_prefix(word)?;
        let Some(next) = words.get(word.len() + 1..) else {
            return Some(if open { "" } else { rest });
        };
        words = next;
        let behind = rest.trim_start();
        if behind.len() == rest.len() && !rest.is_empty() {
            return None;
        }
        rest = behind;
    }
}
