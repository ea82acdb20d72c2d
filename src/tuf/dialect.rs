//! The two forms of TUF metadata, and all that differs between them where both are read by the same code: how a key is
//! written, and how the bytes of signatures and hashes are.

use crate::json::{self, Value};
use crate::text::from_hex;

use super::key::Key;

/// Reads a key; what is wrong is a stable name, and the rest in words.
type KeyReader = fn(&str, &Value<'_>) -> Result<Key, (&'static str, String)>;

/// A form of metadata.
pub(super) struct Dialect {
    /// Reads a key by its id.
    pub(super) key: KeyReader,
    /// Reads the bytes of a signature or a hash.
    pub(super) bytes: fn(&str) -> Option<Vec<u8>>,
}

/// Notary's.
pub(super) const NOTARY: Dialect = Dialect {
    key: Key::read,
    bytes: json::from_base64,
};

/// That of the TUF specification, version 1.
pub(super) const STANDARD: Dialect = Dialect {
    key: Key::standard,
    bytes: from_hex,
};
