//! `kubectl get pod -o json` or `-o yaml`, and `kubectl describe pod`: `imageID`, which the
//! container runtime on the node reports.
//!
//! containerd gives the first repository digest, that of the index for an image with several
//! platforms, and otherwise the configuration's digest (containerd:
//! `internal/cri/server/container_status.go`); dockershim wrote `docker-pullable://` before it.
//! It is what a node keeps since it pulled, on whatever day: no word of the registry's of today.

use crate::claim::{Code, IdKind};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Command, Line, Output, Program, Reading, Tool, Verb, Words, at, is_identifier, text_at,
};
use crate::text::{Parts, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&DESCRIBE, &GET],
    reads: Command::is_shown,
    json,
    lines,
    ..Tool::NONE
};

const NAME: &str = "kubectl";

const PROGRAM: &Program = &Program {
    words: Words::Others,
    ..Program::new("--output -o")
};

static DESCRIBE: Verb = Verb {
    lists: true,
    ..Verb::new(PROGRAM, "kubectl describe")
};
static GET: Verb = Verb {
    lists: true,
    ..Verb::new(PROGRAM, "kubectl get")
};

fn json(_: &Output, value: &Value) -> Option<Reading> {
    let list = match text_at(value, "kind")? {
        "Pod" => ".",
        "List" | "PodList" => "items",
        _ => return None,
    };
    let mut reading = Reading::new(NAME, None);
    for pod in at(value, list) {
        for path in [
            "status/containerStatuses",
            "status/initContainerStatuses",
            "status/ephemeralContainerStatuses",
        ] {
            for container in at(pod, path) {
                let text = |name| text_at(container, name).unwrap_or_default();
                identified(&mut reading, text("image"), text("imageID"));
            }
        }
    }
    if reading.statements.is_empty() {
        reading.note(
            None,
            Code::NoImages,
            "no container in it has an imageID yet",
        );
    }
    Some(reading)
}

/// A line `imageID: …` beside a line `image: …`, in YAML above it, in a description too.
fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text;
    if first.starts_with("apiVersion: ") {
        return yaml(lines);
    }
    // Without this word a digest may be one that somebody asked for.
    let lists = |command: &Command| command.runs(&GET) && command.chosen().has("imageID");
    let mut near = lines.iter().take(2);
    if output.command.is_some_and(lists)
        && near.any(|line| line.text.has("@sha256:"))
        && field(first).is_none()
    {
        return listed(lines);
    }
    let (reference, at) = match (
        field(first)?,
        lines.get(1).and_then(|line| field(line.text)),
    ) {
        (("image", image), Some(("imageID", _))) => (image, 1),
        (("imageID", _), _) if output.command.is_some() => ("", 0),
        _ => return None,
    };
    let (_, id) = field(lines.get(at)?.text)?;
    let mut reading = Reading::new(NAME, None);
    identified(&mut reading, reference, id);
    (!reading.statements.is_empty()).then_some((reading, at + 1))
}

/// A pod, or a list of pods: `image` and `imageID` of a container are neighbours in it.
fn yaml(lines: &[Line]) -> Option<(Reading, usize)> {
    let kind = lines.iter().take(8).any(|line| {
        matches!(
            line.text.trimmed().after_all("- "),
            "kind: Pod" | "kind: PodList" | "kind: List"
        )
    });
    if !kind {
        return None;
    }
    let key = |text: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric();
        text.split_once(':')
            .is_some_and(|(name, _)| name.bytes().all(plain))
    };
    let belongs = |line: &&Line| line.text.begins(" -") || key(line.text);
    let read = lines.iter().take_while(belongs).count();
    let mut reading = Reading::new(NAME, None);
    let mut image = "";
    for line in lines.iter().take(read) {
        match field(line.text) {
            Some(("image", name)) => image = name,
            Some(("imageID", id)) => identified(&mut reading, image, id),
            _ => image = "",
        }
    }
    if reading.statements.is_empty() {
        reading.note(None, Code::NoImages, "no container in it has an imageID");
    }
    Some((reading, read))
}

/// `-o jsonpath='{..imageID}'` and `-o custom-columns=…`: identifiers between spaces, and names before them.
fn listed(lines: &[Line]) -> Option<(Reading, usize)> {
    let mut reading = Reading::new(NAME, None);
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        if n > 0 && !line.text.has("@sha256:") {
            break;
        }
        let mut before = "";
        for word in line.text.split_whitespace().take(1000) {
            let name = before.before_any(":@");
            let own = name.len() < before.len() && word.before_any("@").ends_with(name);
            identified(&mut reading, if own { before } else { "" }, word);
            before = word;
        }
        read = n + 1;
    }
    (!reading.statements.is_empty()).then_some((reading, read))
}

/// `image: x`, `- image: x`, `Image ID:  x`
fn field(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trimmed().after_all("- ");
    let (name, value) = line.split_once(':')?;
    let value = value.trim().without("\"',");
    match name.without("\"") {
        "image" | "Image" => Some(("image", value)),
        "imageID" | "Image ID" => Some(("imageID", value)),
        _ => None,
    }
}

fn identified(reading: &mut Reading, image: &str, id: &str) {
    let id = ["docker-pullable://", "docker://"]
        .iter()
        .find_map(|scheme| id.strip_prefix(scheme))
        .unwrap_or(id);
    let image: Option<Reference> = parsed(image).filter(|_| !is_identifier(image));
    if let Ok(digest) = id.parse::<Digest>() {
        match image {
            Some(image) => reading.identifies(&image, digest.as_str(), IdKind::Config),
            None => reading.unattributed(Some(&digest)),
        }
        return;
    }
    let Some(named) = parsed::<Reference>(id) else {
        return;
    };
    let Some(digest) = named.digest().cloned() else {
        return;
    };
    let image = image.unwrap_or_else(|| named.clone());
    reading.identifies(&image, digest.as_str(), IdKind::Unknown);
    if image.same_repository(&named) {
        reading.keeps(&image, &digest);
    }
    reading.note(
        Some(&digest),
        Code::IdKind,
        "imageID is the digest that the node pulled, at whatever time: that of an index where the image has \
         several platforms, else of a manifest",
    );
}
