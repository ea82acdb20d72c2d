//! `docker image inspect` and `docker inspect` of an image: what a docker daemon says of an
//! image that it holds; and the same of podman and nerdctl.
//!
//! `RepoDigests` are what this machine keeps: in the containerd store a mere tag is enough for one
//! (moby: `daemon/containerd/image_inspect.go`), so that it says nothing of what a registry has.
//!
//! `Id` is the digest of the configuration in the classic image store, and that of the manifest
//! or index that was pulled in the containerd store (moby: `daemon/containerd/image_inspect.go`,
//! `ID: target.Digest`), the default of new installations since 29.0. So it is said which only
//! where the rest of the output tells. podman's `Id` is the configuration's digest, without the
//! algorithm, and its `Digest` that of the manifest, or list, that it keeps (containers/podman:
//! `libpod/define` `ImageInspectReport`); nerdctl's `Id` is the configuration's too (containerd/
//! nerdctl: `pkg/inspecttypes/dockercompat`).
//!
//! `Architecture` and `Os` are those of the image that was chosen for this machine: where `Id` is of an
//! index, or may be, they are not its platform.

use crate::claim::{Code, IdKind};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Command, DOCKER, Line, NERDCTL, Output, PODMAN, Program, Reading, Tool, Verb, digest_at,
    digest_line, is_index_type, text_at,
};
use crate::platform::Platform;
use crate::text::{Parts, joined, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&BY_DOCKER.verb, &BY_NERDCTL.verb, &BY_PODMAN.verb],
    reads: Command::is_shown,
    json,
    lines,
    ..Tool::NONE
};

/// The command of one of these tools, and what differs in what it prints.
struct Inspect {
    verb: Verb,
    /// Whether `Id` is the configuration's digest wherever nothing else has it.
    of_config: bool,
    /// True if `Id` is printed without its algorithm.
    bare: bool,
}

static BY_DOCKER: Inspect = Inspect {
    verb: inspect(DOCKER, &["docker image inspect", "docker inspect"]),
    of_config: false,
    bare: false,
};
static BY_NERDCTL: Inspect = Inspect {
    verb: inspect(NERDCTL, &["nerdctl image inspect", "nerdctl inspect"]),
    of_config: true,
    bare: false,
};
static BY_PODMAN: Inspect = Inspect {
    verb: inspect(PODMAN, &["podman image inspect", "podman inspect"]),
    of_config: true,
    bare: true,
};

const fn inspect(program: &'static Program, spelled: &'static [&'static str]) -> Verb {
    Verb {
        local: true,
        ..Verb::new(program, spelled)
    }
}

impl Inspect {
    /// The tool, as its command line says, else as far as the form of the identifier tells.
    fn of(output: &Output, bare: bool) -> &'static Self {
        let mut all = [&BY_DOCKER, &BY_NERDCTL, &BY_PODMAN].into_iter();
        match output.command {
            Some(command) => all.find(|one| command.runs(&one.verb)),
            None => all.find(|one| one.bare == bare),
        }
        .unwrap_or(&BY_DOCKER)
    }

    fn reading(&self, about: Option<&Reference>) -> Reading {
        Reading::new(self.verb.name, about)
    }
}

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let items = match value.items() {
        Some(items) => items,
        None => std::slice::from_ref(value),
    };
    let is_image = |item: &Value| {
        text_at(item, "Id").is_some()
            && (item.get("RepoTags").is_some() || item.get("RepoDigests").is_some())
    };
    if items.is_empty() || !items.iter().all(is_image) {
        return None;
    }
    let bare = |item: &Value| text_at(item, "Id").is_some_and(is_bare);
    let by = Inspect::of(output, items.iter().all(bare));
    let mut reading = by.reading(output.about.filter(|_| items.len() == 1));
    let command = output.command.filter(|command| !command.unclear);
    let asked = command
        .map(|command| command.references.as_slice())
        .unwrap_or_default();
    for (n, item) in items.iter().enumerate() {
        let asked = match asked.get(n).filter(|_| asked.len() == items.len()) {
            None => reading.about.clone(),
            asked => asked.cloned(),
        };
        let image = InspectedImage::of(item);
        image.state(by, image.named(asked.as_ref()), &mut reading);
    }
    Some(reading)
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?;
    let by = Inspect::of(output, false);
    if let Some(id) = formatted(output, by, first) {
        let mut reading = by.reading(output.about);
        identify(by, &mut reading, &id);
        return Some((reading, 1));
    }
    if let Some((reference, digest)) = kept(output, first) {
        let mut reading = by.reading(output.about);
        reading.keeps(&reference, &digest);
        let asked = output
            .about
            .filter(|about| about.same_repository(&reference));
        if let Some(asked) = asked {
            reading.keeps(asked, &digest);
        }
        return Some((reading, 1));
    }
    let image = elided(lines)?;
    let mut reading = by.reading(output.about);
    image.state(by, image.named(output.about), &mut reading);
    let fields = lines.iter().take_while(|line| belongs(line.text)).count();
    Some((reading, fields))
}

/// `--format '{{.Id}}'`, and lines chosen with `grep Id`.
fn formatted(output: &Output, by: &Inspect, line: &Line) -> Option<Digest> {
    let command = output.command?;
    let format = command.value("--format -f").unwrap_or_default();
    if format.has(".Id") || format.has(".ID") {
        let text = line.text.trim();
        let digest = if is_bare(text) && by.bare {
            parsed(&format!("sha256:{text}"))
        } else {
            digest_line(text).map(|(_, digest)| digest)
        };
        return digest;
    }
    match field(line.text)? {
        ("Id", id) if command.selects() => parsed(id),
        _ => None,
    }
}

/// `--format '{{index .RepoDigests 0}}'`
fn kept(output: &Output, line: &Line) -> Option<(Reference, Digest)> {
    let format = output.command?.value("--format -f")?;
    let (reference, digest) = digest_line(line.text).filter(|_| format.has(".RepoDigests"))?;
    Some((reference?, digest))
}

/// A digest without its algorithm.
fn is_bare(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn identify(by: &Inspect, reading: &mut Reading, id: &Digest) {
    let Some(about) = reading.about.clone() else {
        reading.unattributed(Some(id));
        return;
    };
    let role = if by.of_config {
        IdKind::Config
    } else {
        by_reference(&about, id)
    };
    reading.identifies(&about, id.as_str(), role);
    if role == IdKind::Unknown {
        unknown(reading, id);
    }
}

/// An image that was asked for by a manifest's or index's digest and has another one as its
/// `Id` is in the classic store: the containerd store would have given that digest.
fn by_reference(about: &Reference, id: &Digest) -> IdKind {
    match about.digest() {
        Some(digest) if digest != id => IdKind::Config,
        _ => IdKind::Unknown,
    }
}

fn unknown(reading: &mut Reading, id: &Digest) {
    reading.note(
        Some(id),
        Code::IdKind,
        "this Id is the configuration's digest in docker's classic image store, and the manifest's \
         or index's in the containerd store; the text does not tell which",
    );
}

/// What is read of one image.
#[derive(Default)]
struct InspectedImage {
    id: String,
    tags: Vec<Reference>,
    digests: Vec<Reference>,
    /// Nothing was left out, so that what is not there was not printed.
    whole: bool,
    descriptor: Option<(Digest, String)>,
    /// The digest that podman shows for the image as a whole.
    digest: Option<Digest>,
    graph_data: bool,
    platform: Platform,
    diff_ids: Vec<String>,
}

impl InspectedImage {
    fn of(item: &Value) -> Self {
        let references = |name: &str| {
            let mut references = Vec::new();
            for text in item.texts_of(name) {
                references.extend(parsed::<Reference>(text));
            }
            references
        };
        let text = |name: &str| text_at(item, name).unwrap_or_default().to_owned();
        let descriptor = item.get("Descriptor").and_then(|descriptor| {
            let media_type = text_at(descriptor, "mediaType").unwrap_or_default();
            Some((digest_at(descriptor, "digest")?, media_type.to_owned()))
        });
        let data = item
            .get("GraphDriver")
            .and_then(|driver| driver.get("Data"));
        let mut diff_ids = Vec::new();
        if let Some(rootfs) = item.get("RootFS") {
            for layer in rootfs.texts_of("Layers") {
                diff_ids.push(layer.to_owned());
            }
        }
        InspectedImage {
            id: match text("Id") {
                id if is_bare(&id) => format!("sha256:{id}"),
                id => id,
            },
            digest: digest_at(item, "Digest"),
            tags: references("RepoTags"),
            digests: references("RepoDigests"),
            whole: item.get("RepoTags").is_some() && item.get("RepoDigests").is_some(),
            descriptor,
            graph_data: data
                .and_then(Value::members)
                .is_some_and(|data| !data.is_empty()),
            platform: Platform {
                os: text("Os"),
                architecture: text("Architecture"),
                variant: text("Variant"),
                os_version: text("OsVersion"),
                os_features: Vec::new(),
            },
            diff_ids,
        }
    }

    /// The image that it was asked for by, unless the output says that it has other names: then it
    /// was asked for by an identifier that looks like one, or by a name that was completed.
    fn named<'r>(&self, asked: Option<&'r Reference>) -> Option<&'r Reference> {
        let asked = asked?;
        let by_tag = asked.digest().is_none() && !self.tags.is_empty();
        let known = self.tags.iter().any(|tag| tag.names_same(asked));
        (known || !by_tag).then_some(asked)
    }

    fn role(&self, by: &Inspect, id: &Digest, asked: Option<&Reference>) -> IdKind {
        let named = self
            .digests
            .iter()
            .any(|reference| reference.digest() == Some(id));
        if by.of_config && !named {
            return IdKind::Config;
        }
        match &self.descriptor {
            Some((digest, media_type)) if digest == id && is_index_type(media_type) => {
                IdKind::Index
            }
            Some((digest, media_type)) if digest == id && media_type.has("manifest") => {
                IdKind::Manifest
            }
            Some(_) => IdKind::Unknown,
            None if named => IdKind::Unknown,
            None if self.whole && (self.graph_data || !self.digests.is_empty()) => IdKind::Config,
            None => asked.map_or(IdKind::Unknown, |asked| by_reference(asked, id)),
        }
    }

    fn state(&self, by: &Inspect, asked: Option<&Reference>, reading: &mut Reading) {
        let Ok(id) = self.id.parse::<Digest>() else {
            reading.note(None, Code::NoId, "the image's Id is no digest");
            return;
        };
        let role = self.role(by, &id, asked);
        if let Some(reference) = asked {
            reading.identifies(reference, id.as_str(), role);
        }
        for reference in &self.tags {
            reading.identifies(reference, id.as_str(), role);
        }
        if asked.is_none() && self.tags.is_empty() {
            reading.unattributed(Some(&id));
        }
        self.repositories(reading);
        if self
            .digests
            .iter()
            .any(|reference| reference.digest() == Some(&id))
            && role == IdKind::Unknown
        {
            let text = "this Id is also a repository digest, so it names a manifest or an index, not a configuration";
            reading.note(Some(&id), Code::IdKind, text);
        } else if role == IdKind::Unknown {
            unknown(reading, &id);
        }
        self.platform(&id, role, reading);
        if !self.diff_ids.is_empty() {
            let mut diff_ids = self.diff_ids.clone();
            diff_ids.retain(|text| text.parse::<Digest>().is_ok());
            let of_image = matches!(role, IdKind::Config | IdKind::Manifest);
            let subject = of_image.then_some(&id);
            reading.note(subject, Code::DiffIds, joined(&diff_ids, " "));
        }
    }

    /// An index has no platform: what is printed beside its digest is of the image in it that was
    /// chosen for this machine.
    fn platform(&self, id: &Digest, role: IdKind, reading: &mut Reading) {
        if matches!(role, IdKind::Config | IdKind::Manifest) {
            return reading.platform(id, &self.platform);
        }
        if !self.platform.is_empty() {
            let text = format!(
                "{} is the platform of the image that this machine chose, which may be one of several \
                 behind this digest",
                self.platform
            );
            reading.note(Some(id), Code::ChosenPlatform, text);
        }
    }

    /// States the daemon's digests of repositories: a tag has the digest that it has for the tag's
    /// repository, if that is only one.
    fn repositories(&self, reading: &mut Reading) {
        for digest in &self.digests {
            if let Some(value) = digest.digest() {
                reading.keeps(digest, value);
            }
        }
        for tag in &self.tags {
            if let Some(digest) = &self.digest {
                reading.keeps(tag, digest);
                continue;
            }
            let mut same = self
                .digests
                .iter()
                .filter(|digest| digest.same_repository(tag));
            if let (Some(Some(digest)), None) = (same.next().map(Reference::digest), same.next()) {
                reading.keeps(tag, digest);
            }
        }
    }
}

/// An image inspection that was shortened by hand until it is no JSON any more: `[`, `{` and
/// then `"Id": …` and `"RepoTags": [`.
fn elided(lines: &[Line]) -> Option<InspectedImage> {
    let mut rest = lines.iter().map(|line| line.text.trim());
    let opened = rest
        .by_ref()
        .take(3)
        .position(|text| field(text).is_some_and(|(name, _)| name == "Id"))?;
    let (_, id) = field(lines.get(opened)?.text)?;
    let next = lines.get(opened + 1)?.text.trim();
    if opened == 0 || !next.starts_with("\"RepoTags\"") && !next.starts_with("\"RepoDigests\"") {
        return None;
    }
    let mut image = InspectedImage {
        id: id.to_owned(),
        ..InspectedImage::default()
    };
    let mut list = "";
    for line in lines
        .iter()
        .skip(opened + 1)
        .take_while(|line| belongs(line.text))
    {
        let text = line.text.trim().without_end(",");
        match field(text) {
            Some(("Architecture", value)) => value.clone_into(&mut image.platform.architecture),
            Some(("Os", value)) => value.clone_into(&mut image.platform.os),
            Some(("Variant", value)) => value.clone_into(&mut image.platform.variant),
            _ if text.ends_with('[') => {
                list = text.without_end("[ :").without("\"");
            }
            _ if text.starts_with(']') => {
                image.whole |= list == "RepoDigests" && !image.tags.is_empty();
                list = "";
            }
            _ => image.reference(list, text.without("\"")),
        }
    }
    Some(image)
}

impl InspectedImage {
    fn reference(&mut self, list: &str, text: &str) {
        match (list, text.parse()) {
            ("RepoTags", Ok(reference)) => self.tags.push(reference),
            ("RepoDigests", Ok(reference)) => self.digests.push(reference),
            _ => {}
        }
    }
}

/// A line of JSON, as far as it can be told without its neighbours.
fn belongs(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.begins("\"{}[]")
}

/// `"name": "value",`
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().without_end(",").split_once(':')?;
    let name = name.trim().strip_prefix('"')?.strip_suffix('"')?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some((name, value))
}
