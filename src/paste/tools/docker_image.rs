//! `docker image inspect` and `docker inspect` of an image: what a docker daemon says of an
//! image that it holds; and the same of podman, nerdctl and crictl; as a whole, cut, or by a template, `jq`
//! or `grep`.
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

mod cut;

use crate::claim::{Code, IdKind};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Command, DOCKER, Line, NERDCTL, Output, PODMAN, Program, Reading, Tool, Verb, digest,
    digest_at, is_index_type, spelled, text_at,
};
use crate::platform::Platform;
use crate::text::{Ascii, Parts, joined, parsed};

use cut::{picked, picked_lines, pieces};

pub(super) const TOOL: Tool = Tool {
    commands: &[
        &BY_DOCKER.verb,
        &BY_NERDCTL.verb,
        &BY_PODMAN.verb,
        &BY_CRICTL.verb,
        &BY_APPLE.verb,
    ],
    reads: Command::is_shown,
    json,
    lines,
    plain: Ascii::of("\"[]{}"),
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
    verb: inspect(DOCKER, "docker image inspect|docker inspect"),
    of_config: false,
    bare: false,
};
static BY_NERDCTL: Inspect = Inspect {
    verb: inspect(NERDCTL, "nerdctl image inspect|nerdctl inspect"),
    of_config: true,
    bare: false,
};
static BY_PODMAN: Inspect = Inspect {
    verb: inspect(
        PODMAN,
        "podman image inspect|podman inspect|buildah inspect",
    ),
    of_config: true,
    bare: true,
};
static BY_CRICTL: Inspect = Inspect {
    verb: Verb {
        lists: true,
        ..inspect(PODMAN, "crictl inspecti")
    },
    of_config: true,
    bare: false,
};

/// Apple's, whose index is one that it makes on this machine.
static BY_APPLE: Inspect = Inspect {
    verb: inspect(NERDCTL, "container image inspect|container images inspect"),
    of_config: false,
    bare: false,
};

const fn inspect(program: &'static Program, spelled: &'static str) -> Verb {
    Verb {
        local: true,
        ..Verb::new(program, spelled)
    }
}

impl Inspect {
    /// The tool, as its command line says, else as far as the form of the identifier tells.
    fn of(output: &Output, bare: bool) -> &'static Self {
        let mut all = [&BY_DOCKER, &BY_NERDCTL, &BY_PODMAN, &BY_CRICTL, &BY_APPLE].into_iter();
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
    // crictl has the image, or the list of images, in a field.
    let value = value
        .get("status")
        .or_else(|| value.get("images"))
        .unwrap_or(value);
    let items = match value.items() {
        Some(items) => items,
        None => std::slice::from_ref(value),
    };
    let is_image = |item: &Value| {
        let id = text_at(item, "Id").or_else(|| text_at(item, "id"));
        let cut = output.command.is_some() && item.get("...").is_some();
        id.is_some()
            && (cut
                || spelled(item, "RepoTags").is_some()
                || spelled(item, "RepoDigests").is_some())
    };
    let whole = !items.is_empty() && items.iter().all(is_image);
    if let Some(command) = output.command.filter(|_| !whole) {
        let by = Inspect::of(output, false);
        let mut reading = by.reading(output.about);
        let chosen = command.chosen();
        let read = picked(by, chosen, output.written(value), &mut reading);
        return (read && !chosen.is_empty()).then_some(reading);
    }
    if !whole {
        return None;
    }
    let bare = |item: &Value| text_at(item, "Id").is_some_and(is_bare);
    let by = match items.first() {
        Some(first) if text_at(first, "Id").is_none() => &BY_CRICTL,
        _ => Inspect::of(output, items.iter().all(bare)),
    };
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
    let by = Inspect::of(output, false);
    let mut reading = by.reading(output.about);
    if let Some(read) = picked_lines(output, by, lines, &mut reading) {
        return Some((reading, read));
    }
    let (image, read) = pieces(output, lines)?;
    if image.id.is_empty() {
        image.repositories(&mut reading);
        let own = |about: &Reference| {
            let mut same = image
                .digests
                .iter()
                .filter(|one| one.same_repository(about));
            let only = same.next().filter(|_| same.next().is_none());
            image.digest.clone().or_else(|| only?.digest().cloned())
        };
        if let Some((about, digest)) = output.about.and_then(|about| Some((about, own(about)?))) {
            reading.keeps(about, &digest);
        }
        if reading.statements.is_empty() {
            let text = "no digest is among the lines that were chosen";
            reading.note(None, Code::NoDigest, text);
        }
    } else {
        image.state(by, image.named(output.about), &mut reading);
    }
    Some((reading, read))
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
        let descriptor = item.get("Descriptor").and_then(|descriptor| {
            let media_type = text_at(descriptor, "mediaType").unwrap_or_default();
            Some((digest_at(descriptor, "digest")?, media_type.to_owned()))
        });
        let data = item
            .get("GraphDriver")
            .and_then(|driver| driver.get("Data"));
        let mut image = InspectedImage {
            whole: spelled(item, "RepoTags").is_some() && spelled(item, "RepoDigests").is_some(),
            descriptor,
            graph_data: data
                .and_then(Value::members)
                .is_some_and(|data| !data.is_empty()),
            ..InspectedImage::default()
        };
        let rootfs = item.get("RootFS").and_then(Value::members);
        for members in [item.members(), rootfs].into_iter().flatten() {
            for member in members {
                let values = member.value.items();
                for value in values.unwrap_or(std::slice::from_ref(&member.value)) {
                    if let Some(text) = value.as_str() {
                        image.set(&member.key.text, text);
                    }
                }
            }
        }
        image
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

impl InspectedImage {
    /// Takes in a field; crictl begins its names with small letters.
    fn set(&mut self, name: &str, value: &str) {
        let (tag, digests) = (&mut self.tags, &mut self.digests);
        match name {
            "Id" | "id" if self.id.is_empty() => {
                self.id = digest(value).map_or_else(|| value.to_owned(), |id| id.to_string());
            }
            "RepoTags" | "repoTags" | "Names" => tag.extend(parsed::<Reference>(value)),
            "RepoDigests" | "repoDigests" => digests.extend(parsed::<Reference>(value)),
            "Digest" => self.digest = parsed(value),
            "Architecture" => value.clone_into(&mut self.platform.architecture),
            "Os" => value.clone_into(&mut self.platform.os),
            "Variant" => value.clone_into(&mut self.platform.variant),
            "OsVersion" => value.clone_into(&mut self.platform.os_version),
            "Layers" => self.diff_ids.push(value.to_owned()),
            // A list that `grep` took the name from.
            "" => digests.extend(parsed::<Reference>(value).filter(|one| one.digest().is_some())),
            _ => {}
        }
    }
}
