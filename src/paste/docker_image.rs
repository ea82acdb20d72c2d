//! `docker image inspect` and `docker inspect` of an image: what a docker daemon says of an
//! image that it holds.
//!
//! `Id` is the digest of the configuration in the classic image store, and that of the manifest
//! or index that was pulled in the containerd store (moby: `daemon/containerd/image_inspect.go`,
//! `ID: target.Digest`), the default of new installations since 29.0. So it is said which only
//! where the rest of the output tells.

use crate::claim::IdKind;
use crate::digest::Digest;
use crate::json::Value;
use crate::json::{Parts, joined, parsed};
use crate::name::Reference;
use crate::paste::{
    Command, Line, Output, Reading, digest_at, digest_line, is_index_type, text_at,
};
use crate::platform::Platform;

const TOOL: &str = "docker image inspect";

pub(super) fn prints(command: &Command) -> bool {
    command.verb == TOOL && !command.hashes()
}

pub(super) fn json(output: &Output, value: &Value) -> Option<Reading> {
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
    let mut reading = Reading::new(TOOL, output.about.filter(|_| items.len() == 1));
    let asked = output
        .command
        .map(|command| command.references.as_slice())
        .unwrap_or_default();
    for (n, item) in items.iter().enumerate() {
        let asked = match asked.get(n).filter(|_| asked.len() == items.len()) {
            None => reading.about.clone(),
            asked => asked.cloned(),
        };
        Image::of(item).state(asked.as_ref(), &mut reading);
    }
    Some(reading)
}

pub(super) fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if let Some(id) = formatted(output, lines.first()?) {
        let mut reading = Reading::new(TOOL, output.about);
        identify(&mut reading, &id);
        return Some((reading, 1));
    }
    let image = elided(lines)?;
    let mut reading = Reading::new(TOOL, output.about);
    image.state(output.about, &mut reading);
    let fields = lines.iter().take_while(|line| belongs(line.text)).count();
    Some((reading, fields))
}

/// `--format '{{.Id}}'`, and lines chosen with `grep Id`.
fn formatted(output: &Output, line: &Line) -> Option<Digest> {
    let command = output.command?;
    let format = command.value("--format -f").unwrap_or_default();
    if format.has(".Id") || format.has(".ID") {
        return digest_line(line.text).map(|(_, digest)| digest);
    }
    match field(line.text)? {
        ("Id", id) if command.selects() => parsed(id),
        _ => None,
    }
}

fn identify(reading: &mut Reading, id: &Digest) {
    let Some(about) = reading.about.clone() else {
        reading.unattributed(Some(id));
        return;
    };
    let role = by_reference(&about, id);
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
        "id-kind",
        "this Id is the configuration's digest in docker's classic image store, and the manifest's \
         or index's in the containerd store; the text does not tell which",
    );
}

/// What is read of one image.
#[derive(Default)]
struct Image {
    id: String,
    tags: Vec<Reference>,
    digests: Vec<Reference>,
    /// Nothing was left out, so that what is not there was not printed.
    whole: bool,
    descriptor: Option<(Digest, String)>,
    graph_data: bool,
    platform: Platform,
    diff_ids: Vec<String>,
}

impl Image {
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
        Image {
            id: text("Id"),
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

    fn role(&self, id: &Digest, asked: Option<&Reference>) -> IdKind {
        let named = self
            .digests
            .iter()
            .any(|reference| reference.digest() == Some(id));
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

    fn state(&self, asked: Option<&Reference>, reading: &mut Reading) {
        let Ok(id) = self.id.parse::<Digest>() else {
            reading.note(None, "no-id", "the image's Id is no digest");
            return;
        };
        let role = self.role(&id, asked);
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
            reading.note(Some(&id), "id-kind", text);
        } else if role == IdKind::Unknown {
            unknown(reading, &id);
        }
        if role != IdKind::Index {
            reading.platform(&id, &self.platform);
        }
        if !self.diff_ids.is_empty() {
            let mut diff_ids = self.diff_ids.clone();
            diff_ids.retain(|text| text.parse::<Digest>().is_ok());
            reading.note(Some(&id), "diff-ids", joined(&diff_ids, " "));
        }
    }

    /// What the daemon knows of repositories: a tag has the digest that it has for the tag's
    /// repository, where it has one only.
    fn repositories(&self, reading: &mut Reading) {
        for digest in &self.digests {
            if let Some(value) = digest.digest() {
                reading.resolves_for(digest, value);
            }
        }
        for tag in &self.tags {
            let mut same = self
                .digests
                .iter()
                .filter(|digest| digest.same_repository(tag));
            if let (Some(Some(digest)), None) = (same.next().map(Reference::digest), same.next()) {
                reading.resolves_for(tag, digest);
            }
        }
    }
}

/// An image inspection that was shortened by hand until it is no JSON any more: `[`, `{` and
/// then `"Id": …` and `"RepoTags": [`.
fn elided(lines: &[Line]) -> Option<Image> {
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
    let mut image = Image {
        id: id.to_owned(),
        ..Image::default()
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
            _ if text.starts_with(']') => list = "",
            _ => image.reference(list, text.without("\"")),
        }
    }
    Some(image)
}

impl Image {
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
