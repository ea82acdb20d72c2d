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
use crate::paste::{Command, DOCKER, Line, NERDCTL, Output, PODMAN, Program, Reading, Tool, Verb};
use crate::text::{Parts, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&BY_DOCKER.verb, &BY_NERDCTL.verb, &BY_PODMAN.verb],
    reads: Command::is_shown,
    lines,
    ..Tool::NONE
};

/// The command of one of these tools, and what differs in what it prints.
struct ListCommand {
    verb: Verb,
    /// The thing that `IMAGE ID` identifies, if that is always the same.
    id: Option<IdKind>,
    /// True if no other of them prints a header and a first row like these.
    looks: fn(&str, &str) -> bool,
}

static BY_DOCKER: ListCommand = ListCommand {
    verb: list(
        DOCKER,
        &["docker images", "docker image ls", "docker image list"],
    ),
    id: None,
    looks: |_, _| false,
};
static BY_NERDCTL: ListCommand = ListCommand {
    verb: list(
        NERDCTL,
        &["nerdctl images", "nerdctl image ls", "nerdctl image list"],
    ),
    id: Some(IdKind::Unknown),
    // Columns that no other tool has.
    looks: |header, _| header.has(" PLATFORM ") && header.has(" BLOB"),
};
static BY_PODMAN: ListCommand = ListCommand {
    verb: list(
        PODMAN,
        &["podman images", "podman image ls", "podman image list"],
    ),
    id: Some(IdKind::Config),
    // docker shortens the names of its own registry, where podman writes them out.
    looks: |_, row| row.starts_with("docker.io/") || row.starts_with("localhost/"),
};

const fn list(program: &'static Program, spelled: &'static [&'static str]) -> Verb {
    Verb {
        local: true,
        lists: true,
        ..Verb::new(program, spelled)
    }
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

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
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
    let by = ListCommand::of(output, lines);
    let mut reading = Reading::new(by.verb.name, None);
    let rows = lines.iter().skip(1);
    let read = rows
        .take_while(|line| by.row(&mut reading, table, line.text))
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

impl ListCommand {
    /// The tool that printed a table: as its command line says, else as far as its form tells.
    fn of(output: &Output, lines: &[Line]) -> &'static Self {
        let text = |n: usize| lines.get(n).map_or("", |line| line.text);
        let mut all = [&BY_DOCKER, &BY_NERDCTL, &BY_PODMAN].into_iter();
        match output.command {
            Some(command) => all.find(|one| command.runs(&one.verb)),
            None => all.find(|one| (one.looks)(text(0), text(1))),
        }
        .unwrap_or(&BY_DOCKER)
    }

    /// True if the line is a row.
    fn row(&self, reading: &mut Reading, table: Table, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().take(5).collect();
        let (reference, digest, id) = match (table, words.as_slice()) {
            (Table::Digests, [repository, tag, digest, id, ..]) => {
                (name(repository, tag), *digest, *id)
            }
            (Table::Plain, [repository, tag, id, ..]) => (name(repository, tag), "<none>", *id),
            (Table::Tree, [name, id, ..]) if !name.begins("├└│") => {
                (parsed(name), "<none>", *id)
            }
            // A platform of the image above; its id is a manifest's, and the table does not say
            // whose image it is in a way that a rearranged paste would keep.
            (Table::Tree, [branch, ..]) if branch.begins("├└") => return true,
            _ => return false,
        };
        let short = id.strip_prefix("sha256:").unwrap_or(id);
        if short.len() < 12 || !short.bytes().all(|b| b.is_ascii_hexdigit()) {
            return false;
        }
        self.image(reading, reference, digest, id);
        true
    }

    fn image(&self, reading: &mut Reading, reference: Option<Reference>, digest: &str, id: &str) {
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
        let role = self.role(digest.as_ref(), id);
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

    /// The kind of an identifier: if it is not the beginning of the digest of what was pulled, the
    /// configuration's.
    fn role(&self, digest: Option<&Digest>, id: &str) -> IdKind {
        let short = id.strip_prefix("sha256:").unwrap_or(id);
        let begins = |digest: &Digest| digest.as_str().after_all("sha256:").starts_with(short);
        match (self.id, digest) {
            (Some(kind), _) => kind,
            (None, Some(digest)) if !begins(digest) => IdKind::Config,
            (None, _) => IdKind::Unknown,
        }
    }
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
