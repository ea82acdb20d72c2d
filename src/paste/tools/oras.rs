//! `oras manifest fetch`, `resolve` and `discover` (oras-project/oras: cmd/oras/internal/display).
//!
//! `--format json` prints the manifest with its names sorted, since it went through a Go map,
//! but with its digest and size beside it. What `discover` lists, the registry supplied.

use crate::claim::Role;
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Fidelity, Line, LineForm, Output, Printout, Program, Reading, Tool, Verb, Words, always,
    digest_at, digest_line, log, text_at,
};
use crate::recover::{Edit, Search};
use crate::text::{Ascii, Parts, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&COPY, &DISCOVER, &FETCH, &FETCH_CONFIG, &PUSH, &RESOLVE],
    json,
    lines,
    plain: Ascii::of("ACP"),
    ..Tool::NONE
};

const TREE: &str = "a tree of referrers";

const PROGRAM: &Program = &Program {
    on_disk: "--oci-layout --oci-layout-path",
    ..Program::new(
        "--artifact-type --ca-file --cert-file --depth --format --key-file --media-type --output --password --platform --registry-config --username -o -p -u",
    )
};

static COPY: Verb = Verb::new(
    &Program {
        words: Words::Target,
        ..Program::new("--concurrency --from-username --platform --to-username")
    },
    "oras copy|oras cp",
);
static PUSH: Verb = Verb {
    lists: true,
    ..Verb::new(
        &Program {
            words: Words::Flags,
            ..Program::new("--annotation --artifact-type --config --output -a -o")
        },
        "oras push|+oras pull|+oras attach|+oras tag|+oras manifest index create|+oras manifest push",
    )
};

const LOGS: &[LineForm] = &[LineForm {
    marks: "✓└─ ",
    verbs: &[&COPY, &PUSH],
    ..LineForm::of(
        "oras push",
        "Pushed [registry] $n\n\
         Pulled [registry] $n\n\
         Copied [registry] $x => [registry] $n\n\
         Attached to [registry] $x\n\
         +Preparing *\n\
         +Fetching *\n\
         +Fetched *\n\
         +Packed *\n\
         +Pushed $d $n\n\
         +Digest: $d\n\
         +ArtifactType: *\n\
         +Uploading *\n\
         +Uploaded *\n\
         +Exists *\n\
         +Downloading *\n\
         +Downloaded *\n\
         +Copying *\n\
         +Copied *\n\
         +Tagged *\n\
         +$x",
    )
}];

static DISCOVER: Verb = Verb::new(PROGRAM, "oras discover");
static FETCH: Verb = Verb {
    manifest: always,
    exact: |command| {
        !command.has("--pretty --descriptor")
            && command.value("--format").unwrap_or_default().is_empty()
    },
    ..Verb::new(PROGRAM, "oras manifest fetch")
};
static FETCH_CONFIG: Verb = Verb::new(PROGRAM, "oras manifest fetch-config");
static RESOLVE: Verb = Verb::new(PROGRAM, "oras resolve");

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let described = digest_at(value, "digest").is_some() && text_at(value, "mediaType").is_some();
    if described && text_at(value, "reference").is_some() {
        if value.get("content").is_some() {
            return fetched(output, value);
        }
        if value
            .get("referrers")
            .or_else(|| value.get("manifests"))
            .is_some_and(|list| list.items().is_some())
        {
            return discovered(output, value);
        }
    }
    if described && is_descriptor(value) && (output.sole || output.command.is_some()) {
        let tool = if output.command.is_some() {
            FETCH.name
        } else {
            "a descriptor"
        };
        let mut reading = Reading::new(tool, output.about);
        described_by(&mut reading, value)?;
        return Some(reading);
    }
    let command = output.command?;
    let fidelity = if command.has("--pretty") {
        Fidelity::Indented
    } else {
        Fidelity::Exact
    };
    let named = command.runs(&FETCH) && !command.has("--platform");
    output.printed(value, named, fidelity)
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if output.runs(&RESOLVE) {
        return output.one_digest(RESOLVE.name, lines.first()?.text, None);
    }
    log(output, lines, LOGS).or_else(|| tree(output, lines))
}

fn is_descriptor(value: &Value) -> bool {
    let known = "annotations artifactType data digest mediaType platform size urls";
    let members = value.members().unwrap_or_default();
    value.get("size").is_some()
        && members
            .iter()
            .all(|member| known.has_word(&member.key.text))
}

fn described_by(reading: &mut Reading, value: &Value) -> Option<(Digest, Option<u64>)> {
    let digest = digest_at(value, "digest")?;
    let size = value.get("size").and_then(Value::as_u64);
    reading.described(&digest, size);
    Some((digest, size))
}

/// The tag is on the command line only: the text names the digest.
fn named(output: &Output, value: &Value) -> Option<Reference> {
    let reference: Reference = parsed(text_at(value, "reference")?)?;
    match output.about {
        Some(about) if about.same_repository(&reference) => Some(about.clone()),
        _ => Some(reference),
    }
}

fn fetched(output: &Output, value: &Value) -> Option<Reading> {
    let content = value.get("content")?;
    let mut reading = Reading::new(FETCH.name, named(output, value).as_ref());
    let expected = described_by(&mut reading, value)?;
    reading.texts.push(Printout {
        search: Search::new(output.written(content).into()),
        about: reading.about.clone(),
        expected: Some(expected),
        fidelity: Fidelity::Rebuilt,
        edits: vec![Edit::Inside("content")],
        view: None,
    });
    Some(reading)
}

fn discovered(output: &Output, value: &Value) -> Option<Reading> {
    let mut reading = Reading::new(DISCOVER.name, named(output, value).as_ref());
    described_by(&mut reading, value)?;
    let mut open = vec![value];
    // The reader of JSON bounds the depth; the list bounds the work.
    while let Some(subject) = open.pop() {
        let parent = digest_at(subject, "digest");
        let list = subject
            .get("referrers")
            .or_else(|| subject.get("manifests"));
        for referrer in list.and_then(Value::items).unwrap_or_default() {
            if let (Some(parent), Some(digest)) = (&parent, digest_at(referrer, "digest")) {
                reading.names(&digest, parent, Role::Subject, None);
                if let Some(size) = referrer.get("size").and_then(Value::as_u64) {
                    reading.size(&digest, size);
                }
            }
            open.push(referrer);
        }
    }
    Some(reading)
}

/// `repository@digest`, and below it artifact types, with the digests of the referrers below
/// these. `notation list` prints the same.
fn tree(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let (reference, subject) = digest_line(lines.first()?.text)?;
    let reference = reference?;
    if !lines.get(1)?.text.trim_start().begins("├└") {
        return None;
    }
    let about = output
        .about
        .filter(|about| about.same_repository(&reference))
        .unwrap_or(&reference);
    let tool = if output.command.is_some() {
        DISCOVER.name
    } else {
        TREE
    };
    let mut reading = Reading::new(tool, Some(about));
    reading.resolves(&subject);
    // The digests above this line, each with its depth.
    let mut above = vec![(0, subject)];
    let mut read = 1;
    for line in lines.iter().skip(1) {
        let content = line.text.without_start("├└│─ \u{a0}");
        let depth = line.text.chars().count() - content.chars().count();
        if depth == 0 || content.is_empty() {
            break;
        }
        read += 1;
        let Ok(digest) = content.trim().parse::<Digest>() else {
            continue;
        };
        while above.len() > 1 && above.last().is_some_and(|(known, _)| *known >= depth) {
            above.pop();
        }
        if let Some((_, parent)) = above.last() {
            reading.names(&digest, parent, Role::Subject, None);
        }
        above.push((depth, digest));
    }
    Some((reading, read))
}
