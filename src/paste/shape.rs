//! The kinds of documents that JSON can be, by its fields.

use crate::json::Value;
use crate::paste::text_at;
use crate::text::Parts;

/// A kind of document that has to do with images.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Attestation,
    Bundle,
    Configuration,
    /// Any other type of the registry.
    Document,
    Index,
    Layout,
    Manifest,
    /// A file of a notary server's metadata, by its name.
    Metadata(&'static str),
    /// Trust metadata of another kind.
    OtherMetadata,
    /// Such files that were saved together.
    Saved,
    Schema1,
    SignedAttestation,
}

impl Shape {
    /// The kind of some JSON, if it is one of these. An object with a digest of its own is a
    /// descriptor or a tool's output, no document.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        value.members()?;
        let has = |name: &str| value.get(name).is_some();
        let media_type = text_at(value, "mediaType").unwrap_or_default();
        if has("digest") || has("Digest") || has("manifestDigest") {
            return None;
        }
        let version_1 = value.get("schemaVersion").and_then(Value::as_u64) == Some(1);
        Some(match () {
            () if version_1 && (has("fsLayers") || has("history")) => Shape::Schema1,
            () if is_index_type(media_type) || value.get("manifests").is_some_and(is_array) => {
                Shape::Index
            }
            () if media_type.ends_with(".manifest.v1+json")
                || media_type.ends_with(".manifest.v2+json") =>
            {
                Shape::Manifest
            }
            () if value.get("layers").is_some_and(is_array) && has("config") => Shape::Manifest,
            () if has("schemaVersion") && (has("layers") || has("config")) => Shape::Manifest,
            () if has("rootfs") || (has("architecture") && has("os")) => Shape::Configuration,
            () if media_type.has("dev.sigstore.bundle") => Shape::Bundle,
            () if has("payloadType") && has("signatures") => Shape::SignedAttestation,
            () if has("_type") && has("predicateType") => Shape::Attestation,
            () if has("signed") && has("signatures") => metadata(value),
            () if text_at(value, "pullproof") == Some("notary-v1") => Shape::Saved,
            () if has("imageLayoutVersion") => Shape::Layout,
            () if media_type.starts_with("application/vnd.") => Shape::Document,
            () => return None,
        })
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Shape::Attestation => "JSON attestation",
            Shape::Bundle => "JSON Sigstore bundle",
            Shape::Configuration => "JSON configuration",
            Shape::Document => "JSON document",
            Shape::Index => "JSON index",
            Shape::Layout => "JSON image layout",
            Shape::Manifest => "JSON manifest",
            Shape::Metadata(name) => name,
            Shape::OtherMetadata => "JSON trust metadata",
            Shape::Saved => SAVED,
            Shape::Schema1 => "JSON schema 1 manifest",
            Shape::SignedAttestation => "JSON signed attestation",
        }
    }
}

/// What files of a notary server's metadata are called that were saved together.
pub(crate) const SAVED: &str = "pullproof rescue";

/// The kind of a file of TUF metadata; in the dialect of Notary v1 types are capitalised.
fn metadata(value: &Value) -> Shape {
    let kind = value
        .get("signed")
        .and_then(|signed| text_at(signed, "_type"));
    Shape::Metadata(match kind.unwrap_or_default() {
        "Root" => "Notary v1 root metadata",
        "Snapshot" => "Notary v1 snapshot metadata",
        "Targets" => "Notary v1 targets metadata",
        "Timestamp" => "Notary v1 timestamp metadata",
        _ => return Shape::OtherMetadata,
    })
}

fn is_array(value: &Value) -> bool {
    value.items().is_some()
}

/// True for the media type of an index or a manifest list.
pub(crate) fn is_index_type(media_type: &str) -> bool {
    media_type.ends_with(".image.index.v1+json") || media_type.ends_with(".manifest.list.v2+json")
}

/// True if a document was shortened by hand: strings with dots where objects belong.
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
