//! Describes a document in words: its kind, its platforms, and which bytes have which digest.

use crate::chain::Held;
use crate::digest::Digest;
use crate::document::{Config, Index, Manifest, Other, View, layout};
use crate::json::{self, Value};
use crate::name::Reference;
use crate::paste::Fidelity;
use crate::platform::Platform;
use crate::record::Open;
use crate::recover::{How, Likely};
use crate::text::{Parts, shortened};

use super::{named, report};

/// A document, in words.
pub(super) struct Topic<'a> {
    /// "image index"
    pub(super) kind: &'static str,
    /// What it is for and has: "for linux/amd64, with 2 attestations".
    pub(super) about: Vec<String>,
    pub(super) digest: Digest,
    pub(super) size: usize,
    /// The layout of its bytes.
    pub(super) form: String,
    /// What was changed in the text that was given.
    edits: Vec<String>,
    /// The reason why other bytes could be the document's.
    pub(super) doubt: Option<String>,
    pub(super) view: Option<&'a View>,
    /// The image that it was printed for, if that is known.
    pub(super) printed_for: Option<&'a Reference>,
}

impl<'a> Topic<'a> {
    /// A document whose bytes are known.
    pub(super) fn held(held: &'a Held) -> Self {
        let text = held.document.bytes();
        let view = held.view.as_ref().ok();
        Topic {
            kind: kind(view, text),
            about: about(view, text),
            digest: held.digest().clone(),
            size: text.len(),
            form: layout(text),
            edits: held.edits.clone(),
            doubt: None,
            view,
            printed_for: None,
        }
    }

    /// A text that may be a document as it is, or was one before it was printed.
    pub(super) fn open(open: &'a Open) -> Self {
        let text = open.text.bytes();
        let view = open.view.as_ref().ok();
        let (digest, size, form, edits, doubt) = match open.text.likely().into_iter().next() {
            Some(first) => {
                let doubt = (!first.certain).then(|| doubt(open, &first));
                (first.digest, first.size, first.form, first.edits, doubt)
            }
            None => (
                open.text.search.text().digest().clone(),
                text.len(),
                layout(text),
                open.text.edits(&[]),
                None,
            ),
        };
        Topic {
            kind: kind(view, text),
            about: about(view, text),
            digest,
            size,
            form,
            edits,
            doubt,
            view,
            printed_for: open.text.about.as_ref(),
        }
    }

    /// With its article.
    pub(super) fn name(&self) -> String {
        let article = if self.kind.begins("aeiou") { "an" } else { "a" };
        format!("{article} {}", self.kind)
    }

    /// "772 bytes, indented with 3 spaces, no final newline"
    pub(super) fn bytes(&self) -> String {
        format!("{} bytes, {}", self.size, self.form)
    }

    /// For whoever reads no words.
    pub(super) fn reported(&self) -> report::Subject {
        report::Subject {
            kind: self.kind,
            digest: self.digest.clone(),
            size: self.size.to_string(),
            form: self.form.clone(),
            edits: self.edits.clone(),
            certain: self.doubt.is_none(),
        }
    }

    /// The last rank.
    pub(super) const LAST: u8 = 3;

    /// What names others comes before what is named.
    pub(super) fn rank(&self) -> u8 {
        match self.view {
            Some(View::Index(_)) => 0,
            Some(View::Manifest(_)) => 1,
            Some(View::Config(_)) => 2,
            _ => Self::LAST,
        }
    }
}

/// The reason why these bytes are the likeliest, and why the text as it is may differ.
fn doubt(open: &Open, likely: &Likely) -> String {
    let tool = match &open.source {
        crate::claim::Source::Pasted { tool, .. } => tool.as_str(),
        _ => "the tool",
    };
    let meaning = &likely.meaning;
    match (open.text.fidelity, likely.how) {
        (Fidelity::Exact, How::Less) => {
            format!("`{tool}` prints no final newline, so the terminal added it")
        }
        (_, How::Less) => match likely.writer {
            Some(writer) => format!(
                "field order and layout of {writer}, without the final newline that the terminal or a tool added"
            ),
            None => "the terminal or a tool added the final newline".to_owned(),
        },
        (_, How::AsPasted) => "the text was taken as it is".to_owned(),
        (fidelity @ (Fidelity::Rebuilt | Fidelity::Indented), _) => {
            let (before, after) = if fidelity == Fidelity::Rebuilt {
                ("", "rebuilds its output")
            } else {
                ("the output of ", "was reformatted")
            };
            format!(
                "{meaning}; {before}`{tool}` {after}, so the text as pasted was never the registry's"
            )
        }
        (Fidelity::Exact | Fidelity::Unknown, _) => {
            format!("{meaning}; `jq` and other printers lay text out as it was pasted")
        }
    }
}

fn kind(view: Option<&View>, text: &[u8]) -> &'static str {
    match view {
        None if std::str::from_utf8(text).is_err() => "binary file",
        None => "document that cannot be read",
        Some(View::Config(_)) => "image configuration",
        Some(View::Index(_)) => "image index",
        Some(View::Manifest(manifest)) => manifest_kind(manifest),
        Some(View::Other(Other::Schema1 { .. })) => "schema 1 manifest",
        Some(View::Other(Other::Json(_))) => "JSON document",
    }
}

/// An image's manifest, or that of what is kept beside images.
fn manifest_kind(manifest: &Manifest) -> &'static str {
    let layer = manifest.layers.first();
    let types = [
        manifest.artifact_type.as_deref(),
        manifest.config.media_type.as_deref(),
        layer.and_then(|layer| layer.media_type.as_deref()),
    ];
    for (part, kind) in KINDS {
        if types.iter().flatten().any(|one| one.has(part)) {
            return kind;
        }
    }
    "artifact manifest"
}

/// Parts of manifest types, and the kind that each means; the first that fits counts.
const KINDS: [(&str, &str); 8] = [
    ("dev.cosign.simplesigning", "signature manifest"),
    ("cncf.notary", "signature manifest"),
    ("dev.sigstore.bundle", "signature manifest"),
    ("vnd.in-toto", "attestation manifest"),
    ("vnd.dsse", "attestation manifest"),
    ("cncf.helm", "Helm chart manifest"),
    ("vnd.oci.image.config", "image manifest"),
    ("vnd.docker.container.image", "image manifest"),
];

fn about(view: Option<&View>, text: &[u8]) -> Vec<String> {
    match view {
        Some(View::Config(config)) => of_config(config, text),
        Some(View::Index(index)) => of_index(index),
        Some(View::Manifest(manifest)) => {
            vec![
                with(manifest.layers.len(), "layer").unwrap_or_else(|| "without layers".to_owned()),
            ]
        }
        _ => Vec::new(),
    }
}

fn of_config(config: &Config, text: &[u8]) -> Vec<String> {
    let json = json::parse(text).ok();
    let created = json
        .as_ref()
        .and_then(|json| json.root().get("created"))
        .and_then(Value::as_str);
    // A day is what people compare by.
    let day = created
        .and_then(|created| created.cut("T"))
        .map(|(day, _)| format!("created on {}", shortened(day)));
    let mut all: Vec<String> = day.into_iter().collect();
    all.push(format!("for {}", config.platform));
    all
}

fn of_index(index: &Index) -> Vec<String> {
    let attestations = index.manifests.iter().filter(|one| is_attestation(one));
    let images = index.manifests.iter().filter(|one| !is_attestation(one));
    let platforms: Vec<String> = images
        .filter_map(|one| Some(one.platform.as_ref()?.to_string()))
        .collect();
    let names: Vec<&str> = platforms.iter().map(String::as_str).collect();
    let mut all = Vec::new();
    if names.is_empty() {
        let count = index.manifests.len();
        all.extend(with(count, "manifest").or(Some("without manifests".to_owned())));
    } else {
        all.push(format!("for {}", named(&names)));
    }
    all.extend(with(attestations.count(), "attestation"));
    all
}

/// True if an entry is for no platform: `docker manifest inspect` leaves out the annotation that
/// marks an attestation.
fn is_attestation(entry: &crate::document::Descriptor) -> bool {
    entry.platform.as_ref().is_some_and(Platform::is_unknown)
}

fn with(count: usize, noun: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("with 1 {noun}")),
        _ => Some(format!("with {count} {noun}s")),
    }
}
