//! The bytes that a file names another by.

use crate::digest::Digest;
use crate::json::Value;
use crate::text::hex;

use super::dialect::{Dialect, NOTARY};

/// The files that a snapshot or a timestamp names, each with its SHA-256 where it has one.
pub(super) fn entries(value: &Value<'_>) -> Vec<(String, Option<Digest>)> {
    let meta = value.get("signed").and_then(|signed| signed.get("meta"));
    let mut entries = Vec::new();
    for member in meta.and_then(Value::members).unwrap_or_default() {
        let digest = hash(&member.value, "sha256", &NOTARY);
        entries.push((member.key.text.to_string(), digest));
    }
    entries
}

/// The hash of an entry: exactly as many bytes as the algorithm has.
pub(super) fn hash(entry: &Value<'_>, algorithm: &str, dialect: &Dialect) -> Option<Digest> {
    let text = entry.get("hashes")?.get(algorithm)?.as_str()?;
    let digest = [algorithm, ":", &hex(&(dialect.bytes)(text)?)].concat();
    // What has another length is no digest.
    digest.parse().ok()
}

/// True if it is the digest of these bytes.
pub(super) fn is_of(digest: &Digest, bytes: &[u8]) -> bool {
    let found = digest.algorithm().map(|algorithm| algorithm.digest(bytes));
    found.as_ref() == Some(digest)
}
