//! What the tools' files share: the output that they are given and the reading that they give.

use std::fmt::Display;
use std::ops::Range;

use crate::claim::Signatory;
use crate::claim::{Code, IdKind, Role, Statement};
use crate::digest::Digest;
use crate::document::{Descriptor, View};
use crate::error::Error;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Command, Form, Text};
use crate::paste::{Line, SAVED};
use crate::platform::Platform;
use crate::recover::Search;
use crate::text::{Parts, beginning, parsed};

/// Output to be read, and what is known about it.
pub(crate) struct Output<'p> {
    /// The text of the whole paste.
    pub(crate) text: &'p str,
    /// The command line that this may be the output of.
    pub(crate) command: Option<&'p Command>,
    /// The image that the command was run for, or that the person who pasted names.
    pub(crate) about: Option<&'p Reference>,
    /// Whether there is nothing else in the paste.
    pub(crate) sole: bool,
    /// The digest and size that lines above state for the JSON that follows them.
    pub(crate) expected: Option<&'p (Digest, Option<u64>)>,
    /// Where the JSON stands, with the white space after it.
    pub(crate) span: Range<usize>,
}

impl Output<'_> {
    /// What was run, or nothing if that is not known.
    pub(crate) fn verb(&self) -> &'static str {
        self.command.map_or("", |command| command.verb)
    }

    /// The JSON, as a text that is or was a document that the tool treats like this.
    pub(crate) fn document(&self, form: Form) -> Text {
        let text = self.text.get(self.span.clone()).unwrap_or_default();
        let form = self.command.map_or(form, |command| command.form(form));
        Text {
            search: Search::new(text.into()),
            about: self.about.cloned(),
            expected: self.expected.cloned(),
            form,
            edits: Vec::new(),
        }
    }

    /// As [`Self::document`], for output that is the very document that the reference names.
    pub(crate) fn resolved_document(&self, form: Form) -> Text {
        let mut text = self.document(form);
        let digest = self.about.and_then(Reference::digest);
        if let (None, Some(digest), true) = (&text.expected, digest, self.command.is_some()) {
            text.expected = Some((digest.clone(), None));
        }
        text
    }

    /// The document that a command printed, whole: `named` by the reference, or else one in what
    /// the reference names.
    pub(crate) fn printed(&self, value: &Value, named: bool, form: Form) -> Option<Reading> {
        let mut reading = self.of_document(value)?;
        if named {
            reading.document(self.resolved_document(form));
        } else {
            reading.texts.push(self.document(form));
        }
        Some(reading)
    }

    /// A reading to begin with, where a command printed a document and nothing was left out.
    pub(crate) fn of_document(&self, value: &Value) -> Option<Reading> {
        let command = self.command?;
        document_kind(value).filter(|_| !is_elided(value))?;
        Some(Reading::new(command.verb, self.about))
    }

    /// A line that is the digest to which the image resolves; for a `platform` only that of a
    /// manifest in it.
    pub(crate) fn one_digest(
        &self,
        tool: &'static str,
        line: &str,
        platform: Option<&str>,
    ) -> Option<(Reading, usize)> {
        let (_, digest) = digest_line(line)?;
        let mut reading = Reading::new(tool, self.about);
        match platform {
            Some(platform) => reading.includes(&digest, Role::Manifest, Some(platform.to_owned())),
            None => reading.resolves(&digest),
        }
        Some((reading, 1))
    }

    /// The text in which a value is written.
    pub(crate) fn written(&self, value: &Value) -> &str {
        self.text.get(value.span.clone()).unwrap_or_default()
    }
}

/// What a tool's file has read.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The tool.
    pub(crate) tool: &'static str,
    /// The image that it was printed for.
    pub(crate) about: Option<Reference>,
    /// What the tool states. Places are those in the text.
    pub(crate) statements: Vec<Statement>,
    /// Texts from which documents may be recovered.
    pub(crate) texts: Vec<Text>,
    /// What is stated for the JSON that follows.
    pub(crate) next: Option<(Digest, Option<u64>)>,
}

impl Reading {
    pub(crate) fn new(tool: &'static str, about: Option<&Reference>) -> Self {
        Reading {
            tool,
            about: about.cloned(),
            statements: Vec::new(),
            texts: Vec::new(),
            next: None,
        }
    }

    /// The image resolves to this digest; a note if it is not known which image.
    pub(crate) fn resolves(&mut self, digest: &Digest) {
        match self.about.clone() {
            Some(about) => self.resolves_for(&about, digest),
            None => self.unattributed(Some(digest)),
        }
    }

    /// The image resolves to this digest, of which a size may be stated too.
    pub(crate) fn described(&mut self, digest: &Digest, size: Option<u64>) {
        self.resolves(digest);
        if let Some(size) = size {
            self.size(digest, size);
        }
    }

    pub(crate) fn resolves_for(&mut self, reference: &Reference, digest: &Digest) {
        self.state(Statement::Resolves {
            reference: reference.to_string(),
            digest: digest.clone(),
        });
    }

    /// A machine keeps the image under this name with this digest.
    pub(crate) fn keeps(&mut self, reference: &Reference, digest: &Digest) {
        self.state(Statement::Keeps {
            reference: reference.to_string(),
            digest: digest.clone(),
        });
    }

    /// The image includes this digest; a note if it is not known which image.
    pub(crate) fn includes(&mut self, digest: &Digest, role: Role, platform: Option<String>) {
        match &self.about {
            Some(about) => {
                let reference = about.to_string();
                self.state(Statement::Includes {
                    reference,
                    digest: digest.clone(),
                    role,
                    platform,
                });
            }
            None => self.unattributed(Some(digest)),
        }
    }

    pub(crate) fn names(
        &mut self,
        parent: &Digest,
        digest: &Digest,
        role: Role,
        platform: Option<String>,
    ) {
        self.state(Statement::Names {
            parent: parent.clone(),
            digest: digest.clone(),
            platform,
            role,
            size: None,
        });
    }

    pub(crate) fn identifies(&mut self, reference: &Reference, id: &str, role: IdKind) {
        self.state(Statement::Identifies {
            reference: reference.to_string(),
            id: id.to_owned(),
            role,
        });
    }

    pub(crate) fn signs(&mut self, digest: &Digest, tag: Option<&str>, by: Signatory) {
        self.state(Statement::Signs {
            digest: digest.clone(),
            tag: tag.map(str::to_owned),
            by,
        });
    }

    pub(crate) fn platform(&mut self, digest: &Digest, platform: &Platform) {
        if !platform.is_empty() && !platform.is_unknown() {
            self.state(Statement::Platform {
                digest: digest.clone(),
                platform: platform.to_string(),
            });
        }
    }

    pub(crate) fn size(&mut self, digest: &Digest, size: impl Display) {
        self.state(Statement::Size {
            digest: digest.clone(),
            size: size.to_string(),
        });
    }

    pub(crate) fn note(&mut self, subject: Option<&Digest>, code: Code, text: impl Into<String>) {
        self.state(Statement::note(subject, code, text));
    }

    /// That a digest cannot be put down to any image.
    pub(crate) fn unattributed(&mut self, digest: Option<&Digest>) {
        self.note(
            digest,
            Code::Unattributed,
            "the text does not say for which image this was printed: paste it with its command line",
        );
    }

    /// A line that has the tool's form but cannot be read.
    pub(crate) fn unread(&mut self, line: Line, error: &Error) {
        self.state(Statement::Unread {
            offset: line.at,
            length: line.text.len(),
            code: Some(error.code().to_owned()),
            text: format!("{error}: {}", beginning(line.text)),
        });
    }

    /// A text that was printed for an image, with what it names.
    pub(crate) fn document(&mut self, text: Text) {
        if text.about.is_some() {
            match View::read(text.bytes().trim_ascii()) {
                Ok(View::Index(index)) => self.entries(&index.manifests),
                Ok(View::Manifest(manifest)) => {
                    self.includes(&manifest.config.digest, Role::Config, None);
                    for layer in &manifest.layers {
                        self.includes(&layer.digest, Role::Layer, None);
                    }
                }
                _ => {}
            }
        }
        self.texts.push(text);
    }

    fn entries(&mut self, entries: &[Descriptor]) {
        for entry in entries {
            let (role, platform) = entry_role(entry.platform.as_ref());
            self.includes(&entry.digest, role, platform);
        }
    }

    /// Adds a statement once.
    pub(crate) fn state(&mut self, statement: Statement) {
        // Only neighbours are compared: a list is not searched for every entry.
        if !self
            .statements
            .iter()
            .rev()
            .take(8)
            .any(|known| *known == statement)
        {
            self.statements.push(statement);
        }
    }
}

/// Whether this is an identifier of an image in a local store, or the beginning of one, though the
/// grammar of references would take it for a name: `sha256:…`, or nothing but hexadecimal digits.
pub(crate) fn is_identifier(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:");
    digits.is_some() || !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A digest in a field of JSON.
pub(crate) fn digest_at(value: &Value, name: &str) -> Option<Digest> {
    parsed(value.get(name)?.as_str()?)
}

/// A string in a field of JSON.
pub(crate) fn text_at<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

/// The platform in a field of JSON, or in the value itself if the field has no name.
pub(crate) fn platform_in(value: &Value) -> Option<Platform> {
    let text = |name| text_at(value, name).unwrap_or_default().to_owned();
    let mut platform = Platform {
        os: text("os"),
        architecture: text("architecture"),
        variant: text("variant"),
        os_version: text("os.version"),
        os_features: Vec::new(),
    };
    for feature in value.texts_of("os.features") {
        platform.os_features.push(feature.to_owned());
    }
    (!platform.is_empty()).then_some(platform)
}

/// What an entry of an index is there as, and its platform in words.
pub(crate) fn entry_role(platform: Option<&Platform>) -> (Role, Option<String>) {
    match platform {
        Some(platform) if platform.is_unknown() => (Role::Attestation, None),
        platform => (Role::Manifest, platform.map(ToString::to_string)),
    }
}

/// `repository@digest`, or a digest alone.
pub(crate) fn digest_line(line: &str) -> Option<(Option<Reference>, Digest)> {
    let line = line.trim();
    if line.len() > 1200 || line.contains(char::is_whitespace) {
        return None;
    }
    if let Some((_, digest)) = line.split_once('@') {
        let reference: Reference = parsed(line)?;
        return Some((Some(reference), parsed(digest)?));
    }
    let digest: Digest = parsed(line)?;
    digest.algorithm().map(|_| (None, digest))
}

/// The repository, without a tag.
pub(crate) fn repository(reference: &Reference) -> String {
    format!("{}/{}", reference.registry(), reference.repository())
}

/// What kind of document JSON is by its fields, if it is one that has to do with images. An
/// object with a digest of its own is a descriptor or a tool's output, no document.
pub(crate) fn document_kind(value: &Value) -> Option<&'static str> {
    value.members()?;
    let has = |name: &str| value.get(name).is_some();
    let media_type = text_at(value, "mediaType").unwrap_or_default();
    if has("digest") || has("Digest") {
        return None;
    }
    let version_1 = value.get("schemaVersion").and_then(Value::as_u64) == Some(1);
    Some(match () {
        () if version_1 && (has("fsLayers") || has("history")) => "JSON schema 1 manifest",
        () if is_index_type(media_type) || value.get("manifests").is_some_and(is_array) => {
            "JSON index"
        }
        () if media_type.ends_with(".manifest.v1+json")
            || media_type.ends_with(".manifest.v2+json") =>
        {
            "JSON manifest"
        }
        () if value.get("layers").is_some_and(is_array) && has("config") => "JSON manifest",
        () if has("schemaVersion") && (has("layers") || has("config")) => "JSON manifest",
        () if has("rootfs") || (has("architecture") && has("os")) => "JSON configuration",
        () if media_type.has("dev.sigstore.bundle") => "JSON Sigstore bundle",
        () if has("payloadType") && has("signatures") => "JSON signed attestation",
        () if has("_type") && has("predicateType") => "JSON attestation",
        () if has("signed") && has("signatures") => metadata_kind(value),
        () if text_at(value, "pullproof") == Some("notary-v1") => SAVED,
        () if has("imageLayoutVersion") => "JSON image layout",
        () if media_type.starts_with("application/vnd.") => "JSON document",
        () => return None,
    })
}

/// Which file of TUF metadata it is; in the dialect of Notary v1 types are capitalised.
fn metadata_kind(value: &Value) -> &'static str {
    let kind = value
        .get("signed")
        .and_then(|signed| text_at(signed, "_type"));
    match kind.unwrap_or_default() {
        "Root" => "Notary v1 root metadata",
        "Snapshot" => "Notary v1 snapshot metadata",
        "Targets" => "Notary v1 targets metadata",
        "Timestamp" => "Notary v1 timestamp metadata",
        _ => "JSON trust metadata",
    }
}

fn is_array(value: &Value) -> bool {
    value.items().is_some()
}

/// Whether a media type is that of an index or a manifest list.
pub(crate) fn is_index_type(media_type: &str) -> bool {
    media_type.ends_with(".image.index.v1+json") || media_type.ends_with(".manifest.list.v2+json")
}

/// Whether a document was shortened by hand: strings with dots where objects belong.
pub(crate) fn is_elided(value: &Value) -> bool {
    let dotted = |item: &Value| {
        item.as_str()
            .is_some_and(|text| text.has("...") || text.has("…"))
    };
    let list = |name: &str| value.items_of(name).iter().any(dotted);
    let member = |text: &str| text.starts_with("...") || text.starts_with('…');
    list("layers")
        || list("manifests")
        || value
            .members()
            .unwrap_or_default()
            .iter()
            .any(|m| member(&m.key.text))
}
