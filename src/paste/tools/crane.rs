//! `crane digest`, `manifest` and `config` (google/go-containerregistry: cmd/crane/cmd), all of
//! which print what the registry has, byte for byte; and a digest on a line of its own, which
//! several tools print alike.

use crate::claim::Code;
use crate::json::Value;
use crate::paste::{
    Fidelity, Line, LineForm, Output, Program, Reading, Tool, Verb, Words, always, digest_line, log,
};

pub(super) const TOOL: Tool = Tool {
    commands: &[&CONFIG, &DIGEST, &LS, &MANIFEST, &WRITE],
    json,
    lines,
    ..Tool::NONE
};

const PROGRAM: &Program = &Program {
    on_disk: "--tarball",
    ..Program::new("--platform -o --output")
};

static CONFIG: Verb = Verb::new(PROGRAM, "crane config");
static DIGEST: Verb = Verb::new(PROGRAM, "crane digest");
/// The commands that write an image, and print it by its digest.
static WRITE: Verb = Verb::new(
    &Program {
        words: Words::Target,
        named_by: "--new_tag --tag -t",
        ..Program::new(
            "--annotation --base --entrypoint --env --image-refs --label --manifest --new_base --new_layer --old_base --output --platform --set-platform -a -b -e -f -m -o -p",
        )
    },
    "crane copy|crane cp|+crane push|+crane append|+crane mutate|+crane rebase|\
     +crane flatten|+crane index append|+crane tag",
);

/// Each manifest of a list is written by its digest before the list is by its tag.
const LOGS: &[LineForm] = &[LineForm {
    verbs: &[&WRITE],
    ..LineForm::of(
        "crane (or ko, kaniko, bazel)",
        "$x $x Copying from $x to $x\n\
         $x $x Pulling $x\n\
         $x $x $G: digest: $d size: $s\n\
         $x $x pushed blob: $x\n\
         $x $x existing blob: $x\n\
         $x $x mounted blob: $x\n\
         +$x $x No matching *\n\
         +$x $x Pushing $x\n\
         +$x $x pushed *\n\
         +$x $x existing *\n\
         +$x $x mounted *\n\
         +$G: digest: $d size: $s\n\
         +$g",
    )
}];

static LS: Verb = Verb::new(PROGRAM, "crane ls");
static MANIFEST: Verb = Verb {
    manifest: always,
    exact: always,
    ..Verb::new(PROGRAM, "crane manifest")
};

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let command = output.command?;
    // With a platform the manifest of that platform is printed, for which there is no name.
    let named = command.runs(&MANIFEST) && !command.has("--platform");
    if !command.runs(&MANIFEST) && !command.runs(&CONFIG) {
        return None;
    }
    output.printed(value, named, Fidelity::Exact)
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?;
    if output.runs(&LS) {
        return Some(tags(output, lines));
    }
    if let Some(written) = log(output, lines, LOGS) {
        return Some(written);
    }
    // Without a command line a digest means something only without anything else beside it.
    let alone = output.command.is_none() && output.sole && lines.len() == 1;
    if !output.runs(&DIGEST) && !alone {
        return None;
    }
    let tool = if output.command.is_some() {
        DIGEST.name
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
    let mut reading = Reading::new(LS.name, output.about);
    reading.note(
        None,
        Code::Tags,
        format!("{count} tags are listed, without digests"),
    );
    (reading, count)
}
