//! Pieces of a manifest or an index: lines chosen with `grep`, and documents that were
//! shortened by hand until no bytes can be found again.
//!
//! Such a piece states what the image in the command line above it includes. Which document
//! says so is as certain as that command line.

use crate::claim::{Code, Role};
use crate::digest::Digest;
use crate::json::Value;
use crate::paste::{
    Command, Content, Line, Output, Reading, Shape, Tool, digest_at, entry_role, is_elided,
    is_index_type, platform_in,
};
use crate::text::{Parts, joined, parsed};

pub(super) const TOOL: Tool = Tool {
    reads: |command| command.prints_manifest() && command.is_shown(),
    general: true,
    json,
    lines,
    ..Tool::NONE
};

/// JSON that was shortened by hand and is still JSON, or was chosen with `jq`.
fn json(output: &Output, value: &Value) -> Option<Reading> {
    if output.command.is_some_and(Command::selects) {
        return chosen(output, value);
    }
    Shape::of(value).filter(|_| is_elided(value))?;
    let mut reading = Reading::new("a shortened manifest", output.about);
    reading.note(
        None,
        Code::Elided,
        "parts of this document were left out, so that its bytes cannot be found again",
    );
    if let Some(config) = value
        .get("config")
        .and_then(|config| digest_at(config, "digest"))
    {
        reading.includes(&config, Role::Config, None);
    }
    for layer in value.items_of("layers") {
        if let Some(layer) = digest_at(layer, "digest") {
            reading.includes(&layer, Role::Layer, None);
        }
    }
    for entry in value.items_of("manifests") {
        if let Some(digest) = digest_at(entry, "digest") {
            let (role, platform) = entry_role(entry.get("platform").and_then(platform_in).as_ref());
            reading.includes(&digest, role, platform);
        }
    }
    Some(reading)
}

/// Descriptors that `jq` chose from the document.
fn chosen(output: &Output, value: &Value) -> Option<Reading> {
    let items = value.items().unwrap_or(std::slice::from_ref(value));
    let mut fragment = Fragment {
        reading: Reading::new("a part of a manifest", output.about),
        known: Known::default(),
        config: false,
    };
    for item in items {
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let platform = item.get("platform");
        let of_platform = |name: &str| text(platform.and_then(|platform| platform.get(name)));
        fragment.known = Known {
            digest: Some(digest_at(item, "digest")?),
            media_type: text(item.get("mediaType")),
            size: item.get("size").and_then(Value::as_u64),
            os: of_platform("os"),
            architecture: of_platform("architecture"),
            variant: of_platform("variant"),
        };
        fragment.finish();
    }
    (!items.is_empty()).then_some(fragment.reading)
}

/// A run of lines `"name": value` from a manifest, with the brackets around them.
fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if let Some(picked) = picked(output, lines) {
        return Some(picked);
    }
    if !begins(lines) {
        return None;
    }
    let run: Vec<Fact> = lines.iter().map_while(|line| Fact::of(line.text)).collect();
    let mut fragment = Fragment {
        reading: Reading::new("lines of a manifest", output.about),
        known: Known::default(),
        config: false,
    };
    fragment.reading.content = Content::Lines;
    for fact in &run {
        fragment.fact(*fact);
    }
    fragment.finish();
    (!fragment.reading.statements.is_empty()).then_some((fragment.reading, run.len()))
}

/// `| jq -r '.config.digest'`: digests alone, each of what the program names.
fn picked(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let command = output.command.filter(|command| command.prints_manifest())?;
    let chosen = command.chosen();
    let roles = [
        (".config", Role::Config),
        (".layers", Role::Layer),
        (".manifests", Role::Manifest),
    ];
    let (_, role) = roles.into_iter().find(|(name, _)| chosen.has(name))?;
    let mut reading = Reading::new("a part of a manifest", output.about);
    let digests = lines
        .iter()
        .map_while(|line| parsed(line.text.without(" \",\t")));
    let mut read = 0;
    for digest in digests {
        reading.includes(&digest, role, None);
        read += 1;
    }
    (read > 0).then_some((reading, read))
}

/// True if a digest is among the first lines.
fn begins(lines: &[Line]) -> bool {
    let first = lines.iter().take(8).map_while(|line| Fact::of(line.text));
    first
        .into_iter()
        .any(|fact| matches!(fact, Fact::Digest(text) if text.parse::<Digest>().is_ok()))
        && lines
            .first()
            .is_some_and(|line| !line.text.trim().is_empty())
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fact<'t> {
    Architecture(&'t str),
    /// A bracket or another field.
    Between,
    Config,
    Digest(&'t str),
    Layers,
    MediaType(&'t str),
    Os(&'t str),
    Size(&'t str),
    Variant(&'t str),
}

impl<'t> Fact<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let line = line.trim();
        let line = line.without_start("{[ ").without_end(", ");
        if line.is_empty()
            || line == "--"
            || line
                .bytes()
                .all(|b| matches!(b, b'}' | b']' | b'{' | b'[' | b' '))
        {
            return Some(Fact::Between);
        }
        let (name, value) = line.strip_prefix('"')?.cut("\":")?;
        let value = value.trim();
        let text = value
            .without_end("}] ")
            .strip_prefix('"')
            .and_then(|v| v.strip_suffix('"'));
        Some(match (name, text) {
            ("digest", Some(digest)) => Fact::Digest(digest),
            ("architecture", Some(text)) => Fact::Architecture(text),
            ("os", Some(text)) => Fact::Os(text),
            ("variant", Some(text)) => Fact::Variant(text),
            ("mediaType", Some(text)) => Fact::MediaType(text),
            ("size", _) => Fact::Size(value.without_end("} ")),
            ("config", _) => Fact::Config,
            ("layers" | "manifests", _) => Fact::Layers,
            _ => Fact::Between,
        })
    }
}

/// What is known of the entry that is being read.
#[derive(Default)]
struct Known {
    digest: Option<Digest>,
    media_type: String,
    size: Option<u64>,
    os: String,
    architecture: String,
    variant: String,
}

struct Fragment {
    reading: Reading,
    known: Known,
    /// True if the entry is the one named `config`.
    config: bool,
}

impl Fragment {
    fn fact(&mut self, fact: Fact) {
        let known = &mut self.known;
        match fact {
            Fact::Between => {}
            Fact::Config => {
                self.finish();
                self.config = true;
            }
            Fact::Layers => {
                self.finish();
                self.config = false;
            }
            Fact::Digest(text) => {
                if known.digest.is_some() {
                    self.finish();
                }
                self.known.digest = parsed(text);
            }
            Fact::MediaType(text) => {
                if !known.media_type.is_empty() {
                    self.finish();
                }
                text.clone_into(&mut self.known.media_type);
            }
            Fact::Size(text) => known.size = parsed(text),
            Fact::Architecture(text) => text.clone_into(&mut known.architecture),
            Fact::Os(text) => text.clone_into(&mut known.os),
            Fact::Variant(text) => text.clone_into(&mut known.variant),
        }
    }

    fn finish(&mut self) {
        let known = std::mem::take(&mut self.known);
        let Some(digest) = known.digest.clone() else {
            return;
        };
        match self.role(&known) {
            Some((role, platform)) => self.reading.includes(&digest, role, platform),
            None => self.reading.note(
                Some(&digest),
                Code::UnknownRole,
                "a digest of this manifest or index; the lines do not say of what",
            ),
        }
        if let Some(size) = known.size {
            self.reading.size(&digest, size);
        }
    }

    fn role(&self, known: &Known) -> Option<(Role, Option<String>)> {
        let media_type = known.media_type.as_str();
        if self.config
            || media_type.ends_with(".image.v1+json")
            || media_type.ends_with(".config.v1+json")
        {
            return Some((Role::Config, None));
        }
        if media_type.has(".layer.") || media_type.has(".rootfs.") {
            return Some((Role::Layer, None));
        }
        if known.architecture == "unknown" {
            return Some((Role::Attestation, None));
        }
        let manifest = media_type.ends_with(".manifest.v1+json")
            || media_type.ends_with(".manifest.v2+json")
            || is_index_type(media_type);
        if !known.architecture.is_empty() || manifest {
            // Where the lines leave the system out, the architecture stands alone.
            let parts = [&known.os, &known.architecture, &known.variant];
            let parts: Vec<&str> = parts
                .iter()
                .map(|part| part.as_str())
                .filter(|part| !part.is_empty())
                .collect();
            return Some((
                Role::Manifest,
                (!parts.is_empty()).then(|| joined(&parts, "/")),
            ));
        }
        None
    }
}
