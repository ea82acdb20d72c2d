//! `docker images`, with or without `--digests` (docker/cli: cli/command/formatter/image.go,
//! cli/command/image/tree.go for the list that 29.0 prints).
//!
//! `IMAGE ID` is the beginning of what `docker image inspect` prints as `Id`, and may be the
//! digest of a configuration, a manifest or an index.

use crate::claim::IdKind;
use crate::digest::Digest;
use crate::json::{Parts, parsed};
use crate::name::Reference;
use crate::paste::{Command, Line, Output, Reading};

const TOOL: &str = "docker images";

pub(super) fn prints(command: &Command) -> bool {
    command.verb == TOOL && !command.hashes()
}

#[derive(Clone, Copy, PartialEq)]
enum Table {
    /// REPOSITORY TAG DIGEST IMAGE ID …
    Digests,
    /// REPOSITORY TAG IMAGE ID …
    Plain,
    /// IMAGE ID DISK USAGE …
    Tree,
}

pub(super) fn lines(_: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text;
    if !first.starts_with("REPOSITORY") && !first.starts_with("IMAGE") {
        return None;
    }
    let header: Vec<&str> = first.split_whitespace().take(8).collect();
    let table = match header.as_slice() {
        ["REPOSITORY", "TAG", "DIGEST", "IMAGE", "ID", ..] => Table::Digests,
        ["REPOSITORY", "TAG", "IMAGE", "ID", ..] => Table::Plain,
        ["IMAGE", "ID", "DISK", "USAGE", ..] => Table::Tree,
        _ => return None,
    };
    let mut reading = Reading::new(TOOL, None);
    let rows = lines.iter().skip(1);
    let read = rows
        .take_while(|line| row(&mut reading, table, line.text))
        .count();
    if reading.statements.is_empty() {
        reading.note(None, "no-images", "the list has no image that can be named");
    }
    Some((reading, read + 1))
}

/// Whether the line is a row.
fn row(reading: &mut Reading, table: Table, line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    let (reference, digest, id) = match (table, words.as_slice()) {
        (Table::Digests, [repository, tag, digest, id, ..]) => {
            (name(repository, tag), *digest, *id)
        }
        (Table::Plain, [repository, tag, id, ..]) => (name(repository, tag), "<none>", *id),
        (Table::Tree, [name, id, ..]) if !name.begins("├└│") => (parsed(name), "<none>", *id),
        // A platform of the image above; its id is a manifest's, and the table does not say
        // whose image it is in a way that a rearranged paste would keep.
        (Table::Tree, [branch, ..]) if branch.begins("├└") => return true,
        _ => return false,
    };
    let short = id.strip_prefix("sha256:").unwrap_or(id);
    if short.len() < 12 || !short.bytes().all(|b| b.is_ascii_hexdigit()) {
        return false;
    }
    image(reading, reference, digest, id);
    true
}

/// `None` for `<none>`.
fn name(repository: &str, tag: &str) -> Option<Reference> {
    let reference: Reference = parsed(repository)?;
    match tag {
        // Without a tag the reference would be taken for `latest`.
        "<none>" => None,
        tag => reference.with_tag(tag).ok(),
    }
}

fn image(reading: &mut Reading, reference: Option<Reference>, digest: &str, id: &str) {
    let digest: Option<Digest> = parsed(digest);
    let Some(reference) = reference else {
        if digest.is_some() {
            reading.unattributed(digest.as_ref());
        }
        return;
    };
    if let Some(digest) = digest {
        reading.resolves_for(&reference, &digest);
    }
    reading.identifies(&reference, id, IdKind::Unknown);
    if id.len() < 64 {
        let text = format!(
            "{id} is the beginning of an Id, {} bits of it: images whose Ids begin alike may differ",
            id.len() * 4
        );
        reading.note(None, "prefix-only", text);
    }
}
