//! `notary list` and `notary lookup` (theupdateframework/notary 0.7: `cmd/notary/prettyprint.go`,
//! `tuf.go`): the tags of a repository as a notary server has them signed, each with the role that
//! signed it.
//!
//! What is signed is what a client with content trust would pull. The registry may have another
//! digest under the tag, or none.

use crate::claim::{Signatory, Tells};
use crate::digest::Digest;
use crate::paste::{Line, Output, Program, Reading, Tool, Verb};
use crate::text::{Ascii, Parts, shown};

pub(super) const TOOL: Tool = Tool {
    commands: &[&LIST, &LOOKUP],
    tells: Tells::ContentTrust,
    lines,
    plain: Ascii::of("N"),
    ..Tool::NONE
};

const PROGRAM: &Program = &Program::new(
    "--configFile --logLevel --roles --server --tlscacert --tlscert --tlskey --trustDir -c -d -r -s",
);

static LIST: Verb = Verb::new(PROGRAM, "notary list");
static LOOKUP: Verb = Verb::new(PROGRAM, "notary lookup");

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let head = lines.first()?.text;
    let listed = head
        .split_whitespace()
        .eq("NAME DIGEST SIZE (BYTES) ROLE".split(' '));
    if !listed && output.command.is_none() {
        return None;
    }
    let (tool, about) = match output.command {
        Some(command) => (command.name(), command.references.first()),
        None => (LIST.name, output.about),
    };
    let mut reading = Reading::new(tool, about);
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        let words: Vec<&str> = line.text.split_whitespace().take(6).collect();
        match words.as_slice() {
            _ if n == 0 && listed => {}
            [dashes, ..] if dashes.bytes().all(|b| b == b'-') => {}
            [tag, digest, size, role @ ..] if size.bytes().all(|b| b.is_ascii_digit()) => {
                let hex = digest.after_all("sha256:");
                let Ok(digest) = Digest::from_sha256_hex(hex) else {
                    break;
                };
                row(&mut reading, tag, &digest, role.first().copied());
                reading.size(&digest, size);
            }
            _ => break,
        }
        read = n + 1;
    }
    (read > 0).then_some((reading, read))
}

fn row(reading: &mut Reading, tag: &str, digest: &Digest, role: Option<&str>) {
    let about = reading.about.clone();
    match about.and_then(|about| about.with_tag(tag).ok()) {
        Some(reference) => reading.pins(&reference, digest),
        None => reading.unattributed(Some(digest)),
    }
    if let Some(role) = role {
        reading.signs(digest, Some(tag), Signatory::named(shown(role)));
    }
}
