//! One given file of metadata, read.

use crate::digest::Digest;
use crate::json::{self, Json, Value};
use crate::text::shortened;
use crate::tuf::canonical;
use crate::tuf::dialect::NOTARY;
use crate::tuf::hash::entries;
use crate::tuf::metadata::Head;
use crate::tuf::role::{Delegated, RootRole, TYPES, delegated};

/// What a file of metadata says that it is, as notary writes it, if that is what the bytes are.
pub fn heading(bytes: &[u8]) -> Option<String> {
    let json = json::parse(bytes.trim_ascii()).ok()?;
    let role = kind_of(json.root())?;
    let signed = json.root().get("signed")?;
    let version = signed.get("version").and_then(Value::as_u64);
    let version = version.map_or_else(|| "unknown".to_owned(), |version| version.to_string());
    let expires = signed
        .get("expires")
        .and_then(Value::as_str)
        .unwrap_or("an unknown day");
    let expires = shortened(expires);
    Some(format!(
        "{role} metadata, version {version}, valid until {expires}"
    ))
}

fn kind_of(value: &Value<'_>) -> Option<&'static str> {
    value.get("signatures")?;
    let kind = value.get("signed")?.get("_type")?.as_str()?;
    TYPES
        .iter()
        .find(|(_, known)| *known == kind)
        .map(|(role, _)| *role)
}

/// A file that was given.
pub(super) struct FilePiece {
    pub(super) at: usize,
    pub(super) role: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
    /// The same file as it was given again, perhaps in another layout.
    pub(super) spellings: Vec<(usize, Vec<u8>)>,
    pub(super) edits: Vec<String>,
    pub(super) head: Head,
    pub(super) root: Option<RootRole>,
    /// The files that a snapshot or a timestamp names.
    pub(super) named: Vec<(String, Option<Digest>)>,
}

impl FilePiece {
    /// The file, and the digest of its canonical form, in which however printed it is the same.
    pub(super) fn read(at: usize, bytes: &[u8]) -> Option<(Self, Digest)> {
        let json = json::parse(bytes.trim_ascii()).ok()?;
        let value = json.unique().ok()?;
        let role = kind_of(value)?;
        let (_, kind) = TYPES.iter().find(|(known, _)| *known == role)?;
        let head = Head::read(value, kind, &NOTARY).ok()?;
        let root = (role == "root").then(|| {
            value
                .get("signed")
                .map(|signed| RootRole::read(signed, &NOTARY).0)
        });
        let form = Digest::sha256(canonical::form(value)?.as_bytes());
        let piece = FilePiece {
            at,
            role,
            bytes: bytes.to_vec(),
            digest: Digest::sha256(bytes),
            spellings: Vec::new(),
            edits: Vec::new(),
            named: entries(value),
            root: root.flatten(),
            head,
        };
        Some((piece, form))
    }

    fn json(&self) -> Option<Json<'_>> {
        json::parse(self.bytes.trim_ascii()).ok()
    }

    pub(super) fn take(&mut self, bytes: Vec<u8>, edits: Vec<String>) {
        self.digest = Digest::sha256(&bytes);
        (self.bytes, self.edits) = (bytes, edits);
    }

    /// The bytes as notary writes them: compact, what is signed in its canonical form.
    pub(super) fn written(&self) -> Option<Vec<u8>> {
        let json = self.json()?;
        let signed = canonical::form(json.root().get("signed")?)?;
        let signatures = canonical::form(json.root().get("signatures")?)?;
        Some(format!("{{\"signed\":{signed},\"signatures\":{signatures}}}").into_bytes())
    }

    /// Delegations of a file of targets, for these paths.
    pub(super) fn delegated(&self, name: &str, paths: &[String]) -> Vec<Delegated> {
        let json = self.json();
        let signed = json.as_ref().and_then(|json| json.root().get("signed"));
        delegated(name, paths, signed).0
    }
}
