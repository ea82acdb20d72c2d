//! The patterns of lines: words that a tool prints, with holes for what differs; and of rows, by the names of their columns.

use crate::paste::{Command, digest, is_platform};
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
        rest = after(behind, literal)?;
        found.push((letter.bytes().next()?, value));
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

/// The pattern of the rows below a header, as far as its columns have one word each.
pub(crate) fn columns(header: &str) -> String {
    let mut header = header
        .put(" IMAGE ID", " ID")
        .put("CONTAINER ID", "CONTAINER")
        .put("ID NAME IMAGE NODE", "CONTAINER CONTAINER IMAGE")
        .put(
            "ID NAME MODE REPLICAS IMAGE",
            "CONTAINER CONTAINER CONTAINER CONTAINER IMAGE",
        )
        .put("INDEX DIGEST", "DIGEST");
    // Only the list of docker 29 begins with an image and its identifier.
    if !header.starts_with("IMAGE ID DISK") {
        header = header.put("IMAGE ID", "ID");
    }
    let mut pattern = String::new();
    for word in header.split(' ') {
        let Some(hole) = hole(word) else { break };
        pattern += hole;
        pattern.push(' ');
    }
    pattern + "*"
}

/// The pattern of the rows that a Go template makes, or `value(digest,tags)` of gcloud.
pub(crate) fn template(format: &str) -> String {
    let mut pattern = String::new();
    let fields = match format.cut("(") {
        Some((kind, fields)) if !format.has("{{") => {
            let between = if kind.has("csv") { "}},{{" } else { "}} {{" };
            format!("{{{{{}", fields.put(",", between))
        }
        _ => format.to_owned(),
    };
    let mut rest = fields.as_str();
    while let Some((literal, behind)) = rest.cut("{{") {
        let (field, behind) = behind.cut("}}").unwrap_or((behind, ""));
        pattern += &literal.put("\\t", " ");
        pattern += match hole(field.without_end(")").behind_any(". ")) {
            // Times and sizes have several words.
            None if behind.is_empty() => "*",
            hole => hole.unwrap_or("$x"),
        };
        rest = behind;
    }
    (pattern + rest).put("$n:$t", "$n").put("$n@$d", "$n")
}

/// The pattern of rows in which a query left a digest, alone or beside its tag.
pub(crate) fn queried(command: &Command, row: &str) -> Option<&'static str> {
    let query = command.value("--query --jq -q");
    let query = query.unwrap_or(&command.picked);
    // A manifest that was asked for has other digests in it.
    if command.document || query.has("config") || query.has("mageManifest") {
        return None;
    }
    // `tag` or `Tag`.
    let tagged = query.is_empty() || query.has("ag") || query.has(".name");
    let row = row.put("|", " ");
    let words: Vec<&str> = row.split_whitespace().take(3).collect();
    if query.has(".images") || words.iter().any(|word| is_platform(word)) {
        return Some(match words.as_slice() {
            [one] | [one, _] if digest(one.without("\"")).is_some() => "$m *",
            [_, one] if digest(one).is_some() => "$x $m",
            _ => "",
        });
    }
    Some(match words.as_slice() {
        [one] if !query.is_empty() && digest(one.without("\"")).is_some() => "$d",
        [one, _] if tagged && digest(one).is_some() => "$d $t",
        [_, one] if tagged && digest(one).is_some() => "$t $d",
        _ => "",
    })
}

/// The hole for what a column or a field of this name has.
fn hole(field: &str) -> Option<&'static str> {
    let field = field.to_ascii_lowercase();
    let mut holes = HOLES.iter();
    Some(holes.find(|(fields, _)| fields.has_word(&field))?.1)
}

const HOLES: &[(&str, &str)] = &[
    ("image name package ref repository", "$n"),
    ("tag tags", "$t"),
    ("digest version", "$d"),
    ("id", "$i"),
    ("type", "$k"),
    ("architecture container createdtime platform", "$x"),
];
