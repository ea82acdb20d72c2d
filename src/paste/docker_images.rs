//! `docker images`, with or without `--digests` (docker/cli: cli/command/formatter/image.go,
//! cli/command/image/tree.go for the list that 29.0 prints), and the tables that podman (containers/
//! podman: cmd/podman/images/list.go) and nerdctl (containerd/nerdctl: pkg/cmd/image/list.go) print in
//! the same form.
//!
//! All of them show what a machine keeps: what it once pulled, pushed, built or only tagged. They do
//! not mean the same by it:
//! - docker: `DIGEST` is of what was pulled or pushed, `IMAGE ID` the beginning of what `docker image
//!   inspect` prints as `Id`: of the configuration in the classic store, else of the same manifest or
//!   index, with which it then begins.
//! - podman: `DIGEST` is of the manifest, or list, that it keeps, `IMAGE ID` of the configuration.
//! - nerdctl: `IMAGE ID` is the beginning of `DIGEST`, which is of the manifest or index.

use crate::claim::{Code, IdKind};
use crate::digest::Digest;
use crate::name::Reference;
use crate::paste::{Command, Line, Output, Reading};
use crate::text::{Parts, parsed};

const DOCKER: &str = "docker images";
const NERDCTL: &str = "nerdctl images";
const PODMAN: &str = "podman images";

pub(super) fn prints(command: &Command) -> bool {
    [DOCKER, NERDCTL, PODMAN].contains(&command.verb) && !command.hashes()
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

pub(super) fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
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
    let mut reading = Reading::new(tool(output, lines), None);
    let rows = lines.iter().skip(1);
    let read = rows
        .take_while(|line| row(&mut reading, table, line.text))
        .count();
    if reading.statements.is_empty() {
        reading.note(
            None,
            Code::NoImages,
            "the list has no image that can be named",
        );
    }
    Some((reading, read + 1))
}

/// Which tool's table it is: as its command line says, else as far as its form tells.
fn tool(output: &Output, lines: &[Line]) -> &'static str {
    if let Some(command) = output.command {
        return command.verb;
    }
    let (header, row) = (lines.first(), lines.get(1));
    let has = |line: Option<&Line>, part: &str| line.is_some_and(|line| line.text.has(part));
    // nerdctl has columns that no other tool has. docker shortens the names of its own registry,
    // where podman writes them out.
    if has(header, " PLATFORM ") && has(header, " BLOB") {
        return NERDCTL;
    }
    let whole = ["docker.io/", "localhost/"];
    let written_out = row.is_some_and(|row| whole.iter().any(|name| row.text.starts_with(name)));
    if written_out { PODMAN } else { DOCKER }
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
    if let Some(digest) = &digest {
        reading.keeps(&reference, digest);
    }
    let role = role(reading.tool, digest.as_ref(), id);
    reading.identifies(&reference, id, role);
    if role == IdKind::Unknown && digest.is_some() {
        let text = format!(
            "{id} is the beginning of the digest beside it, which is of a manifest or an index, so it \
             is no configuration's"
        );
        reading.note(None, Code::IdKind, text);
    }
    if id.len() < 64 {
        let text = format!(
            "{id} is the beginning of an Id, {} bits of it: images whose Ids begin alike may differ",
            id.len() * 4
        );
        reading.note(None, Code::PrefixOnly, text);
    }
}

/// What an identifier is of: where it is not the beginning of the digest of what was pulled, the
/// configuration.
fn role(tool: &str, digest: Option<&Digest>, id: &str) -> IdKind {
    let short = id.strip_prefix("sha256:").unwrap_or(id);
    let begins = |digest: &Digest| digest.as_str().after_all("sha256:").starts_with(short);
    match digest {
        _ if tool == NERDCTL => IdKind::Unknown,
        _ if tool == PODMAN => IdKind::Config,
        Some(digest) if !begins(digest) => IdKind::Config,
        _ => IdKind::Unknown,
    }
}
