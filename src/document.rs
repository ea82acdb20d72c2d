//! Exact bytes with their digest, viewed as index, manifest or configuration.
//!
//! The view never changes the bytes and never fills in what is not there: a field that is
//! `null`, of another type, there twice, or that would make a second reading possible is an
//! error with its place (OCI image spec, image-index.md, manifest.md, config.md; the attacks
//! are GHSA-77vh-xpmg-72qh and its kind).

mod fields;
mod layout;

use std::cell::OnceCell;
use std::fmt;

use crate::digest::{Algorithm, Digest};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json, Kind, Value};
use crate::platform::Platform;

use fields::Fields;

pub(crate) use layout::layout;

/// Exact bytes; its digest is always the digest of its bytes, computed when first asked for.
#[derive(Clone, Debug)]
pub struct Document {
    bytes: Vec<u8>,
    digest: OnceCell<Digest>,
}

/// Bytes that were to have one digest and have another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The digest wanted.
    pub expected: Digest,
    /// The digest of the bytes, by the same algorithm where that is computed here.
    pub found: Digest,
}

impl Document {
    /// These bytes, named by their SHA-256 digest.
    pub fn new(bytes: Vec<u8>) -> Self {
        let digest = OnceCell::new();
        Document { bytes, digest }
    }

    /// These bytes, if they have this digest.
    ///
    /// # Errors
    /// They have another, or the algorithm is not computed here.
    pub fn expect(bytes: Vec<u8>, digest: &Digest) -> Result<Self, Mismatch> {
        let algorithm = digest.algorithm().unwrap_or(Algorithm::Sha256);
        let found = algorithm.digest(&bytes);
        if found == *digest {
            let digest = found.into();
            return Ok(Document { bytes, digest });
        }
        Err(Mismatch {
            expected: digest.clone(),
            found,
        })
    }

    /// These bytes, named by their digest by this algorithm.
    pub(crate) fn by(algorithm: Algorithm, bytes: Vec<u8>) -> Self {
        let digest = algorithm.digest(&bytes).into();
        Document { bytes, digest }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest of the bytes.
    pub fn digest(&self) -> &Digest {
        self.digest.get_or_init(|| Digest::sha256(&self.bytes))
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// They cannot be read, or can be read in two ways.
    pub fn view(&self) -> Result<View, Error> {
        View::read(&self.bytes)
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes && self.digest() == other.digest()
    }
}

impl Eq for Document {}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for Mismatch {}

/// A document that was read, by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "most documents are manifests, the largest of them"
)]
pub enum View {
    /// An image configuration.
    Config(Config),
    /// An image index, or docker's manifest list.
    Index(Index),
    /// An image manifest.
    Manifest(Manifest),
    /// Something else.
    Other(Other),
}

/// An image index or manifest list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The media type, where it says one.
    pub media_type: Option<String>,
    /// The type of the artifact, if it names one.
    pub artifact_type: Option<String>,
    /// Its entries, in order.
    pub manifests: Vec<Descriptor>,
    /// The document that it refers to.
    pub subject: Option<Descriptor>,
    /// Annotations of the index itself.
    pub annotations: Vec<(String, String)>,
}

/// An image manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The media type, where it says one.
    pub media_type: Option<String>,
    /// The type of the artifact, if it names one.
    pub artifact_type: Option<String>,
    /// The configuration.
    pub config: Descriptor,
    /// The layers, in order.
    pub layers: Vec<Descriptor>,
    /// The document that it refers to.
    pub subject: Option<Descriptor>,
    /// Annotations of the manifest itself.
    pub annotations: Vec<(String, String)>,
}

impl Manifest {
    /// The type of the artifact: its `artifactType`, or else the type of its configuration
    /// (image-index.md, "artifactType").
    pub(crate) fn kind(&self) -> Option<&str> {
        let own = self.artifact_type.as_deref();
        own.or(self.config.media_type.as_deref())
    }
}

/// An image configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The platform that the image runs on.
    pub platform: Platform,
    /// Digests of the uncompressed layers, in order.
    pub diff_ids: Vec<Digest>,
    /// Entries of `history` that made a layer, where there is a history.
    pub history_layers: Option<usize>,
}

/// Any other document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// JSON of some other kind, with its media type where it says one.
    Json(Option<String>),
    /// A docker schema 1 manifest. Its digest is that of its payload, without the signatures.
    Schema1 {
        /// True if it contains signatures.
        signed: bool,
    },
}

/// By what one document names another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The media type of what is named.
    pub media_type: Option<String>,
    /// The digest of what is named.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The platform it is for, in an index.
    pub platform: Option<Platform>,
    /// The type of the artifact.
    pub artifact_type: Option<String>,
    /// Annotations of this entry.
    pub annotations: Vec<(String, String)>,
    /// The content itself, where it is embedded (`data`).
    pub data: Option<Vec<u8>>,
}

impl Descriptor {
    /// The annotation of this name.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        let found = self.annotations.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The manifest that this entry is an attestation about, where it is one (BuildKit,
    /// attestation-storage.md): `Some(None)` is an attestation that does not say about what.
    ///
    /// The platform has to be `unknown/unknown`: that, and no annotation, keeps clients from
    /// taking the entry for an image.
    pub fn attests(&self) -> Option<Option<&str>> {
        let kind = self.annotation("vnd.docker.reference.type");
        let subject = self.annotation("vnd.docker.reference.digest");
        let unknown = self.platform.as_ref().is_some_and(Platform::is_unknown);
        (unknown && (kind.is_some() || subject.is_some())).then_some(subject)
    }
}

pub(crate) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
pub(crate) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// The media types to ask a registry for. Docker's first: a registry that is asked for OCI's alone
/// turns docker's into schema 1 (distribution 2.8), and refuses OCI's when asked for docker's
/// alone.
pub(crate) const MANIFEST_TYPES: [&str; 4] =
    [DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST];

const INDEX_FIELDS: &str = "schemaVersion mediaType artifactType manifests subject annotations";
const MANIFEST_FIELDS: &str =
    "schemaVersion mediaType artifactType config layers subject annotations";
const CONFIG_FIELDS: &str = "architecture os variant rootfs history config";

impl View {
    /// Reads a document's bytes.
    ///
    /// # Errors
    /// As [`Document::view`].
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        View::of(&json::parse(bytes)?)
    }

    /// The view of bytes that were read already.
    ///
    /// # Errors
    /// As [`Document::view`].
    pub(crate) fn of(json: &Json) -> Result<Self, Error> {
        let root = json.unique()?;
        if root.members().is_none() {
            let (expected, found) = ("an object", root.type_name());
            return Err(Error::at(
                ErrorKind::JsonType { expected, found },
                root.span.start,
            ));
        }
        let fields = Fields::new(root);
        let media_type = fields.text("mediaType")?;
        match Outline::of(root, media_type.as_deref()) {
            Outline::Config => read_config(&fields).map(View::Config),
            Outline::Index => read_index(&fields, media_type).map(View::Index),
            Outline::Manifest => read_manifest(&fields, media_type).map(View::Manifest),
            Outline::Other => {
                fields.no_case_variants(INDEX_FIELDS, "JSON without image fields")?;
                fields.no_case_variants(MANIFEST_FIELDS, "JSON without image fields")?;
                Ok(View::Other(Other::Json(media_type)))
            }
            Outline::Schema1 => {
                fields.none_of("manifests layers config", "a schema 1 manifest")?;
                let signed = root.get("signatures").is_some();
                Ok(View::Other(Other::Schema1 { signed }))
            }
        }
    }

    /// `index`, `manifest`, `config`, or what else it is.
    pub fn kind(&self) -> &'static str {
        match self {
            View::Config(_) => "config",
            View::Index(_) => "index",
            View::Manifest(_) => "manifest",
            View::Other(Other::Json(_)) => "other",
            View::Other(Other::Schema1 { .. }) => "schema1",
        }
    }

    /// The media type that the document itself states.
    pub fn media_type(&self) -> Option<&str> {
        match self {
            View::Config(_) | View::Other(Other::Schema1 { .. }) => None,
            View::Index(index) => index.media_type.as_deref(),
            View::Manifest(manifest) => manifest.media_type.as_deref(),
            View::Other(Other::Json(media_type)) => media_type.as_deref(),
        }
    }
}

/// What a document will be read as: by its media type where it has a known one, else by the
/// fields that it has.
enum Outline {
    Config,
    Index,
    Manifest,
    Other,
    Schema1,
}

impl Outline {
    fn of(root: &Value, media_type: Option<&str>) -> Self {
        let has = |name: &str| root.get(name).is_some();
        if root.get("schemaVersion").and_then(Value::as_u64) == Some(1) {
            return Outline::Schema1;
        }
        match media_type {
            Some(OCI_INDEX | DOCKER_LIST) => Outline::Index,
            Some(OCI_MANIFEST | DOCKER_MANIFEST) => Outline::Manifest,
            None if has("manifests") => Outline::Index,
            None if has("layers") => Outline::Manifest,
            None if has("rootfs") => Outline::Config,
            None if has("config") && has("schemaVersion") => Outline::Manifest,
            None if has("architecture") && has("os") => Outline::Config,
            // A media type is compared whole: one that only begins like a known one is unknown.
            _ => Outline::Other,
        }
    }
}

fn read_index(fields: &Fields, media_type: Option<String>) -> Result<Index, Error> {
    let other = "layers config fsLayers history rootfs";
    fields.none_of(other, "an index")?;
    fields.no_case_variants(INDEX_FIELDS, "an index")?;
    fields.schema_version()?;
    Ok(Index {
        media_type,
        artifact_type: fields.text("artifactType")?,
        manifests: fields.descriptors("manifests")?,
        subject: fields.descriptor_if_any("subject")?,
        annotations: fields.annotations()?,
    })
}

fn read_manifest(fields: &Fields, media_type: Option<String>) -> Result<Manifest, Error> {
    let other = "manifests fsLayers history rootfs";
    fields.none_of(other, "a manifest")?;
    fields.no_case_variants(MANIFEST_FIELDS, "a manifest")?;
    fields.schema_version()?;
    Ok(Manifest {
        media_type,
        artifact_type: fields.text("artifactType")?,
        config: fields.descriptor("config")?,
        layers: fields.descriptors("layers")?,
        subject: fields.descriptor_if_any("subject")?,
        annotations: fields.annotations()?,
    })
}

fn read_config(fields: &Fields) -> Result<Config, Error> {
    fields.none_of("manifests layers fsLayers", "an image configuration")?;
    fields.no_case_variants(CONFIG_FIELDS, "an image configuration")?;
    let platform = fields.platform()?;
    let history = fields.items("history")?.map(|entries| {
        let empty = |entry: &Value| {
            let flag = entry.get("empty_layer").map(|flag| &flag.kind);
            matches!(flag, Some(Kind::Bool(true)))
        };
        entries.iter().filter(|entry| !empty(entry)).count()
    });
    Ok(Config {
        platform,
        diff_ids: fields.diff_ids()?,
        history_layers: history,
    })
}
