//! `skopeo inspect` (containers/skopeo: cmd/skopeo/inspect.go).
//!
//! Without flags it mixes facts: `Digest` is that of what the name resolves to, an index where
//! there is one; everything else is that of the one image in it for the platform of the machine
//! that skopeo ran on. `--raw` prints the registry's bytes, `--config` the configuration made
//! anew, with both the configuration's bytes.

use crate::claim::{Code, Role};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Command, Fidelity, KEPT, Line, LineForm, Output, PODMAN, Program, Reading, Tool, Verb, Words,
    digest_at, digest_line, log, text_at,
};
use crate::text::{Ascii, Parts, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&COPY, &INSPECT, &PODMAN_PULL],
    reads: Command::is_shown,
    json,
    lines,
    plain: Ascii::of("GT"),
    ..Tool::NONE
};

const PROGRAM: &Program = &Program {
    words: Words::Transports,
    ..Program::new(
        "--authfile --cert-dir --creds --daemon-host --format --manifest-digest --override-arch --override-os --override-variant --password --policy --registry-token --retry-delay --retry-times --shared-blob-dir --username -f",
    )
};

static COPY: Verb = Verb::new(
    &Program {
        words: Words::Target,
        ..Program::new(
            "--authfile --dest-creds --digestfile --format --override-arch --override-os --src-creds --sign-by -f",
        )
    },
    "skopeo copy",
);
static PODMAN_PULL: Verb = Verb {
    local: true,
    ..Verb::new(
        PODMAN,
        "podman pull|podman image pull|+podman push|+podman image push|+buildah pull|+buildah push",
    )
};

/// The output of copies through containers/image. The last line of a pull is the identifier, which is the
/// configuration's digest; the manifest's is not printed.
const LOGS: &[LineForm] = &[LineForm {
    verbs: &[&COPY, &PODMAN_PULL],
    means: KEPT,
    ..LineForm::of(
        "podman (or buildah, skopeo)",
        "Trying to pull $x...*\n\
         Getting image source signatures\n\
         Getting image list signatures\n\
         +Copying *\n\
         +$x $x / $x $x [*\n\
         +Writing manifest *\n\
         +Storing *\n\
         +Resolved \"$x *\n\
         +Resolving \"$x *\n\
         +$i",
    )
}];

static INSPECT: Verb = Verb {
    manifest: prints_manifest,
    exact: prints_manifest,
    ..Verb::new(PROGRAM, "skopeo inspect")
};

fn prints_manifest(command: &Command) -> bool {
    command.has("--raw") && !command.has("--config")
}

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let lists = |name: &str| value.get(name).is_some_and(|list| list.items().is_some());
    let is_inspection = text_at(value, "Digest").is_some()
        && lists("Layers")
        && text_at(value, "Architecture").is_some()
        || text_at(value, "Digest").is_some() && lists("RepoTags") && output.runs(&INSPECT);
    if is_inspection {
        return inspection(output, value);
    }
    let command = output.command?;
    let raw = command.has("--raw");
    let fidelity = if raw {
        Fidelity::Exact
    } else {
        Fidelity::Rebuilt
    };
    output.printed(value, prints_manifest(command), fidelity)
}

/// `--format '{{.Digest}}'`, `| jq .Digest` and `| grep Digest`.
fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if let Some(copied) = log(output, lines, LOGS) {
        return Some(copied);
    }
    let command = output.command.filter(|command| command.runs(&INSPECT))?;
    let chosen = command.chosen();
    let line = lines.first()?.text.without(" \t,");
    let named = line
        .strip_prefix("\"Digest\":")
        .or_else(|| line.strip_prefix("Digest:"));
    // Without its name a digest may be a layer's.
    let line = named
        .or(chosen.has(".Digest").then_some(line))?
        .without(" \"");
    if command.kept {
        let (_, digest) = digest_line(line)?;
        let mut reading = Reading::new(INSPECT.name, None);
        not_in_registry(&mut reading, &digest);
        return Some((reading, 1));
    }
    output.one_digest(INSPECT.name, line, None)
}

/// The manifest may have been made for the archive, the folder or the store that was inspected.
fn not_in_registry(reading: &mut Reading, digest: &Digest) {
    let text = "the digest of a manifest in an archive, a folder or a local store, not that of a registry's";
    reading.note(Some(digest), Code::UnknownRole, text);
}

fn inspection(output: &Output, value: &Value) -> Option<Reading> {
    let digest = digest_at(value, "Digest")?;
    let mut reading = Reading::new(INSPECT.name, named(output, value, &digest).as_ref());
    if reading.about.is_none() || output.command.is_some_and(|command| command.kept) {
        not_in_registry(&mut reading, &digest);
        return Some(reading);
    }
    if reading
        .about
        .as_ref()
        .is_some_and(|about| about.digest() == Some(&digest))
        && output.about.is_none()
    {
        reading.unattributed(Some(&digest));
    }
    reading.resolves(&digest);
    let text = |name: &str| text_at(value, name).unwrap_or_default();
    let platform = format!("{}/{}", text("Os"), text("Architecture"));
    let known = Some(platform).filter(|platform| platform.len() > 1);
    for layer in value.texts_of("Layers") {
        if let Some(layer) = parsed(layer) {
            reading.includes(&layer, Role::Layer, known.clone());
        }
    }
    sizes(&mut reading, value);
    let of = known.map_or_else(String::new, |platform| format!(", {platform}"));
    reading.note(
        Some(&digest),
        Code::MixedFacts,
        format!(
            "Digest is that of what the name resolves to, an index where there is one; the layers \
             are those of one image{of}"
        ),
    );
    Some(reading)
}

/// `Name` has no tag, and `Tag` is no longer printed: the command line tells, if it is there.
/// Otherwise the repository at the digest, which is all that the text says.
fn named(output: &Output, value: &Value, digest: &Digest) -> Option<Reference> {
    let name: Option<Reference> = text_at(value, "Name").and_then(parsed);
    let tag = text_at(value, "Tag").filter(|tag| !tag.is_empty());
    match (output.about, name) {
        (Some(about), Some(name)) if about.same_repository(&name) => Some(about.clone()),
        (_, Some(name)) => match tag.and_then(|tag| name.with_tag(tag).ok()) {
            Some(tagged) => Some(tagged),
            None => Some(name.at(digest)),
        },
        (about, None) => about.cloned(),
    }
}

fn sizes(reading: &mut Reading, value: &Value) {
    for layer in value.items_of("LayersData") {
        if let (Some(digest), Some(size)) = (
            digest_at(layer, "Digest"),
            layer.get("Size").and_then(Value::as_u64),
        ) {
            reading.size(&digest, size);
        }
    }
}
