//! Pieces of a manifest or an index: lines chosen with `grep`, and documents that were
//! shortened by hand until no bytes can be found again.
//!
//! Such a piece states what the image in the command line above it includes. Which document
//! says so is as certain as that command line.

use crate::claim::{Code, Role};
use crate::digest::Digest;
use crate::json::Value;
use crate::paste::{
    Command, Content, DigestRow, Line, Output, Reading, Shape, Tool, at, digest_at, entry_role,
    is_elided, is_index_type, platform_in,
};
use crate::text::{Ascii, Parts, joined, parsed};

pub(super) const TOOL: Tool = Tool {
    reads: |command| command.prints_manifest() && command.is_shown(),
    general: true,
    json,
    lines,
    plain: Ascii::of("\",-[]{}"),
    ..Tool::NONE
};

/// JSON that was shortened by hand and is still JSON, or was chosen with `jq`.
fn json(output: &Output, value: &Value) -> Option<Reading> {
    if output.command.is_some_and(Command::selects) {
        return chosen(output, value);
    }
    Shape::of(value).filter(|_| is_elided(value))?;
    let mut reading = Reading::new("a shortened manifest", output.about);
    let text = "parts of this document were left out, so that its bytes cannot be found again";
    reading.note(None, Code::Elided, text);
    for (list, role) in [("config", Role::Config), ("layers", Role::Layer)] {
        for part in at(value, list) {
            if let Some(digest) = digest_at(part, "digest") {
                reading.includes(&digest, role, None);
            }
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
    let mut fragment = Fragment::new("a part of a manifest", output);
    for item in items {
        digest_at(item, "digest")?;
        for (known, path) in fragment.known.iter_mut().zip(PATHS) {
            *known = at(item, path)
                .first()
                .map_or("", |value| match value.as_str() {
                    Some(text) => text,
                    None => output.written(value),
                });
        }
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
    let run: Vec<Fact> = lines.iter().map_while(|line| fact(line.text)).collect();
    let mut fragment = Fragment::new("lines of a manifest", output);
    fragment.reading.content = Content::Lines;
    for (name, value) in &run {
        fragment.fact(name, value);
    }
    fragment.finish();
    (!fragment.reading.statements.is_empty()).then_some((fragment.reading, run.len()))
}

/// `| jq -r '.config.digest'`: digests, each of what the program names, and the platforms beside them.
fn picked(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let command = output.command.filter(|command| command.prints_manifest())?;
    let chosen = command.chosen();
    let (_, role) = ROLES.iter().find(|(name, _)| chosen.has(name))?;
    let mut reading = Reading::new("a part of a manifest", output.about);
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        let row = DigestRow::of(line.text);
        match row.digest {
            Some(digest) => match role {
                Some(Role::Manifest) => {
                    let (role, platform) = entry_role(parsed(&row.platform).as_ref());
                    reading.includes(&digest, role, platform);
                }
                Some(role) => reading.includes(&digest, *role, None),
                None => reading.resolves(&digest),
            },
            None => break,
        }
        read = n + 1;
    }
    (read > 0).then_some((reading, read))
}

/// The part that a program takes the digest from, and its role: none for that of the image itself.
const ROLES: &[(&str, Option<Role>)] = &[
    (".config", Some(Role::Config)),
    (".layers", Some(Role::Layer)),
    (".manifests", Some(Role::Manifest)),
    (".Manifests", Some(Role::Manifest)),
    ("].Descriptor.digest", Some(Role::Manifest)),
    (".Descriptor.digest", None),
];

/// True if a digest is among the first lines.
fn begins(lines: &[Line]) -> bool {
    let mut first = lines.iter().take(8).map_while(|line| fact(line.text));
    first.any(|(name, value)| name == "digest" && parsed::<Digest>(value).is_some())
        && lines
            .first()
            .is_some_and(|line| !line.text.trimmed().is_empty())
}

/// The name and the value in a line; neither in one of brackets.
type Fact<'t> = (&'t str, &'t str);

fn fact(line: &str) -> Option<Fact<'_>> {
    let line = line.trimmed().without_start("{[ ").without_end(", ");
    if line == "--" || line.without("{}[] ").is_empty() {
        return Some(("", ""));
    }
    let (name, value) = line.strip_prefix('"')?.cut("\":")?;
    let value = value.trim().without_end("}] ");
    let text = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    Some((
        name,
        text.unwrap_or(if name == "size" { value } else { "" }),
    ))
}

/// The fields of a descriptor that tell what it is of.
const FIELDS: [&str; 6] = [
    "digest",
    "mediaType",
    "size",
    "os",
    "architecture",
    "variant",
];
const PATHS: [&str; 6] = [
    "digest",
    "mediaType",
    "size",
    "platform/os",
    "platform/architecture",
    "platform/variant",
];

struct Fragment<'t> {
    reading: Reading,
    /// The fields of the entry that is being read, in the order of [`FIELDS`].
    known: [&'t str; 6],
    /// True if the entry is the one named `config`.
    config: bool,
}

impl<'t> Fragment<'t> {
    fn new(tool: &'static str, output: &Output) -> Self {
        Fragment {
            reading: Reading::new(tool, output.about),
            known: [""; 6],
            config: false,
        }
    }

    fn fact(&mut self, name: &str, value: &'t str) {
        if matches!(name, "config" | "layers" | "manifests") {
            self.finish();
            self.config = name == "config";
        }
        let Some(field) = FIELDS
            .iter()
            .position(|field| *field == name && !value.is_empty())
        else {
            return;
        };
        // A digest or a media type begins an entry, if there was one.
        if field < 2 && self.known.get(field).is_some_and(|known| !known.is_empty()) {
            self.finish();
        }
        if let Some(known) = self.known.get_mut(field) {
            *known = value;
        }
    }

    fn finish(&mut self) {
        let known = std::mem::take(&mut self.known);
        let [digest, _, size, ..] = known;
        let Some(digest) = parsed::<Digest>(digest) else {
            return;
        };
        match self.role(known) {
            Some((role, platform)) => self.reading.includes(&digest, role, platform),
            None => self.reading.note(
                Some(&digest),
                Code::UnknownRole,
                "a digest of this manifest or index; the lines do not say of what",
            ),
        }
        if let Some(size) = parsed::<u64>(size) {
            self.reading.size(&digest, size);
        }
    }

    fn role(&self, known: [&str; 6]) -> Option<(Role, Option<String>)> {
        let [_, media_type, _, os, architecture, variant] = known;
        let ends = |ends: [&str; 2]| ends.iter().any(|end| media_type.ends_with(end));
        if self.config || ends([".image.v1+json", ".config.v1+json"]) {
            return Some((Role::Config, None));
        }
        if media_type.has(".layer.") || media_type.has(".rootfs.") {
            return Some((Role::Layer, None));
        }
        if architecture == "unknown" {
            return Some((Role::Attestation, None));
        }
        let manifest =
            ends([".manifest.v1+json", ".manifest.v2+json"]) || is_index_type(media_type);
        if architecture.is_empty() && !manifest {
            return None;
        }
        // Where the lines leave the system out, the architecture stands alone.
        let mut parts = vec![os, architecture, variant];
        parts.retain(|part| !part.is_empty());
        let platform = (!parts.is_empty()).then(|| joined(&parts, "/"));
        Some((Role::Manifest, platform))
    }
}
