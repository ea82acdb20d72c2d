//! `sha256sum`, `shasum -a 256` and their like: a digest that somebody's shell computed over
//! the output of the command before the `|`.
//!
//! It is the digest of what the registry has only if that command prints the registry's bytes.
//! `docker manifest inspect` does not: it indents them, and makes lists anew.

use crate::claim::{Code, Tells};
use crate::digest::Digest;
use crate::paste::{Command, Line, Output, Reading, Tool};
use crate::text::{Ascii, Parts, in_quotes, parsed};

pub(super) const TOOL: Tool = Tool {
    reads: Command::hashes,
    tells: Tells::Sums,
    lines,
    plain: Ascii::of("0123456789ABCDEFSabcdef"),
    ..Tool::NONE
};

const NAME: &str = "sha256sum";

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let digest = hashed(
        lines.first()?.text,
        output.command.is_some_and(Command::hashes),
    )?;
    let mut reading = Reading::new(NAME, output.about);
    match output.command {
        Some(command) if exact(command) && output.about.is_some() => {
            reading.resolves(&digest);
            note(
                &mut reading,
                &digest,
                "a shell computed this digest over what the command printed",
            );
        }
        Some(command) if command.verb.is_some() => {
            let text = format!(
                "a shell computed this digest over what {} printed, which is not certain to be what the registry has",
                in_quotes(command.name())
            );
            note(&mut reading, &digest, &text);
        }
        _ => {
            note(
                &mut reading,
                &digest,
                "a shell computed this digest; the text does not say over what",
            );
            reading.unattributed(Some(&digest));
        }
    }
    Some((reading, 1))
}

fn note(reading: &mut Reading, digest: &Digest, text: &str) {
    reading.note(Some(digest), Code::ShellDigest, text);
}

/// True if the registry's bytes were hashed as they are.
fn exact(command: &Command) -> bool {
    use crate::paste::Filter::{Hash, Same};
    let unchanged = command
        .filters
        .iter()
        .all(|filter| matches!(filter, Hash | Same));
    unchanged && !command.has("--platform") && command.prints_exactly()
}

/// `HEX  -`, `HEX *-`, `SHA2-256(stdin)= HEX`, and behind `| sha256sum | cut …` the digits alone.
fn hashed(line: &str, asked: bool) -> Option<Digest> {
    let line = line.trimmed();
    if line.starts_with("SHA")
        && let Some((name, hex)) = line.cut("(stdin)= ")
    {
        let sha256 = matches!(name, "SHA256" | "SHA2-256");
        return Digest::from_sha256_hex(hex).ok().filter(|_| sha256);
    }
    let mut words = line.split_whitespace();
    let (hex, name) = (words.next()?, words.next());
    let input = match name {
        Some("-" | "*-") => true,
        None => asked,
        Some(_) => false,
    };
    if !input || words.next().is_some() {
        return None;
    }
    match hex.len() {
        128 => parsed(&format!("sha512:{hex}")),
        _ => Digest::from_sha256_hex(hex).ok(),
    }
}
