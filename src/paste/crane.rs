//! `crane digest`, `manifest` and `config` (google/go-containerregistry: cmd/crane/cmd), all of
//! which print what the registry has, byte for byte; and a digest on a line of its own, which
//! several tools print alike.

use crate::claim::Code;
use crate::json::Value;
use crate::paste::{Command, Form, Line, Output, Reading, digest_line};
use crate::text::Parts;

pub(super) fn prints(command: &Command) -> bool {
    command.verb.starts_with("crane ") && command.whole()
}

pub(super) fn json(output: &Output, value: &Value) -> Option<Reading> {
    let command = output.command?;
    // With a platform the manifest of that platform is printed, for which there is no name.
    let named = command.verb == "crane manifest" && !command.has("--platform");
    if !"manifest config".has_word(command.verb.after_all("crane ")) {
        return None;
    }
    output.printed(value, named, Form::Exact)
}

pub(super) fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?;
    if output.verb() == "crane ls" {
        return Some(tags(output, lines));
    }
    // Without a command line a digest means something only where nothing else stands beside it.
    if output.verb() != "crane digest"
        && !(output.command.is_none() && output.sole && lines.len() == 1)
    {
        return None;
    }
    let tool = if output.command.is_some() {
        "crane digest"
    } else {
        "a digest"
    };
    let (reference, digest) = digest_line(first.text)?;
    let mut reading = Reading::new(tool, output.about);
    match reference {
        Some(reference) if output.about.is_none() => {
            reading.resolves_for(&reference, &digest);
            reading.unattributed(Some(&digest));
            reading.about = Some(reference);
        }
        _ if output
            .command
            .is_some_and(|command| command.has("--platform")) =>
        {
            let platform = output
                .command
                .and_then(|command| command.value("--platform"));
            reading.includes(
                &digest,
                crate::claim::Role::Manifest,
                platform.map(str::to_owned),
            );
        }
        _ => reading.resolves(&digest),
    }
    Some((reading, 1))
}

/// Tags, one a line: names, and nothing about what they name.
fn tags(output: &Output, lines: &[Line]) -> (Reading, usize) {
    let is_tag = |line: &&Line| {
        !line.text.trim().is_empty() && !line.text.trim().contains(char::is_whitespace)
    };
    let count = lines.iter().take_while(is_tag).count().max(1);
    let mut reading = Reading::new("crane ls", output.about);
    reading.note(
        None,
        Code::Tags,
        format!("{count} tags are listed, without digests"),
    );
    (reading, count)
}
