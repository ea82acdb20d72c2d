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
    let mut images = Images::default();
    for pod in at(value, list) {
        for path in [
            "status/containerStatuses",
            "status/initContainerStatuses",
            "status/ephemeralContainerStatuses",
        ] {
            for container in at(pod, path) {
                let text = |name| text_at(container, name).unwrap_or_default();
                images.add(text("image"), text("imageID"));
            }
        }
    }
    Some(images.reading())
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
    let second = lines.get(1).map_or("", |line| line.text);
    if first.starts_with("Name:") && second.starts_with("Namespace:") {
        return described(lines);
    }
    match (field(first)?.0, field(second)) {
        (IMAGE, Some((ID, _))) => {}
        // `grep` leaves the images that were asked for, too.
        (IMAGE | ID | OTHER, _) if output.command.is_some() => {}
        _ => return None,
    }
    let own = |line: &Line| field(line.text).is_some_and(|(name, _)| name == ID);
    if !lines.iter().take(FEW).any(own) {
        return None;
    }
    let run = lines.iter().take_while(|line| field(line.text).is_some());
    Some(pairs(lines, run.count()))
}

/// The identifier of the first container is in so many lines.
const FEW: usize = 200;

/// The images in so many lines.
fn pairs(lines: &[Line], read: usize) -> (Reading, usize) {
    let mut images = Images::default();
    let mut image = "";
    for line in lines.iter().take(read) {
        match field(line.text) {
            Some((IMAGE, name)) => image = name,
            Some((ID, id)) => images.add(image, id),
            _ => image = "",
        }
    }
    (images.reading(), read)
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
    Some(pairs(lines, run(lines, "")))
}

/// A pod, as it is described to people.
fn described(lines: &[Line]) -> Option<(Reading, usize)> {
    let own = |line: &Line| field(line.text).is_some_and(|(name, _)| name == ID);
    if !lines.iter().take(FEW).any(own) {
        return None;
    }
    Some(pairs(lines, run(lines, " -")))
}

/// The number of lines that are indented, items of a list or fields, with these signs in their names.
fn run(lines: &[Line], signs: &str) -> usize {
    let belongs = |line: &&Line| line.text.begins(" -\t") || is_key(line.text, signs);
    lines.iter().take_while(belongs).count()
}

/// True for `name: …`, where these signs may be in a name too.
fn is_key(text: &str, signs: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || signs.as_bytes().contains(&b);
    text.split_once(':')
        .is_some_and(|(name, _)| name.bytes().all(plain))
}

/// `-o jsonpath='{..imageID}'` and `-o custom-columns=…`: identifiers between spaces, and names before them.
fn listed(lines: &[Line]) -> Option<(Reading, usize)> {
    let mut images = Images::default();
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        if n > 0 && !line.text.has("@sha256:") {
            break;
        }
        let mut before = "";
        for word in line.text.split_whitespace().take(1000) {
            let name = before.before_any(":@");
            let own = name.len() < before.len() && word.before_any("@").ends_with(name);
            images.add(if own { before } else { "" }, word);
            before = word;
        }
        read = n + 1;
    }
    images.found.is_some().then(|| (images.reading(), read))
}

/// The kinds of fields: the name of an image, its identifier, or another fact of it.
const IMAGE: usize = 0;
const ID: usize = 1;
const OTHER: usize = 2;

/// `image: x`, `- image: x`, `Image ID:  x`
fn field(line: &str) -> Option<(usize, &str)> {
    let line = line.trimmed().after_all("- ");
    let (name, value) = line.split_once(':')?;
    let value = value.trim().without("\"',");
    match name.without("\"") {
        "image" | "Image" => Some((IMAGE, value)),
        "imageID" | "Image ID" => Some((ID, value)),
        "imagePullPolicy" => Some((OTHER, value)),
        _ => None,
    }
}

/// The images of containers.
#[derive(Default)]
struct Images {
    found: Option<Reading>,
    /// True if one of them has the digest that a node pulled.
    pulled: bool,
}

impl Images {
    fn add(&mut self, image: &str, id: &str) {
        let reading = self.found.get_or_insert_with(|| Reading::new(NAME, None));
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
        self.pulled = true;
    }

    /// With the note once that is true of all of them.
    fn reading(self) -> Reading {
        let mut reading = self.found.unwrap_or_else(|| Reading::new(NAME, None));
        if self.pulled {
            reading.note(None, Code::IdKind, OF_PULLED);
        }
        if reading.statements.is_empty() {
            let text = "no container in it has an imageID yet";
            reading.note(None, Code::NoImages, text);
        }
        reading
    }
}

const OF_PULLED: &str = "imageID is the digest that the node pulled, at whatever time: that of an index where the \
     image has several platforms, else of a manifest";
