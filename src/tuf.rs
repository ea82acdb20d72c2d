//! TUF metadata in the dialect of Notary v1 (Docker Content Trust): who signed what, and which file
//! names which by hash.
//!
//! It differs from the TUF specification, and is read as notary reads it (notary: `tuf/`):
//! - Metadata is signed over its canonical JSON, so that a file that was printed anew keeps its
//!   signatures while its hash is another. Both are said.
//! - Hashes are base64, not hex. A key id is the SHA-256 of the canonical JSON of the key with its
//!   `private` part null; a root key is a certificate, whose id changes when it is issued again
//!   with the same key. Both ids are given, of the certificate and of the bare key.
//! - ECDSA signatures are r and s one after the other, over SHA-256 whatever the curve.
//! - A target's name is a tag; delegations name the prefixes of tags that they may sign.
//!
//! Nothing here reads a clock: until when a role is valid is data ([`Role::expires`]). What is
//! found wrong are [`Fault`]s, each with a stable code; a repository without any fault is what
//! its root keys signed, and that says nothing as long as none of them is pinned.

mod check;
mod key;
mod metadata;

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::signature::PublicKey;

/// The files of a repository, by role: `root`, `1.root`, `timestamp`, `snapshot`, `targets`,
/// `targets/releases`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Something that is not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The role whose file it is found in.
    pub role: String,
    /// A stable name for it.
    pub code: &'static str,
    /// What was expected, and what was found.
    pub text: String,
}

/// A role whose signatures reach its threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// The version of its metadata.
    pub version: u64,
    /// Until when it is valid, as it says (RFC 3339).
    pub expires: String,
    /// The ids of the keys that signed it, as the file that delegates to it names them.
    pub keys: Vec<String>,
}

/// A tag and the digest that a role signed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The role that signed it: `targets` is the repository itself.
    pub role: String,
    /// The tag.
    pub tag: String,
    /// What it is.
    pub digest: Digest,
    /// The bytes that it has.
    pub length: u64,
}

/// What a repository's metadata comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The pinned key that the chain of roots begins at: none where nothing that was pinned is
    /// among them, and then nothing here says whose the repository is.
    pub pinned: Option<PublicKey>,
    /// The ids of the newest root's keys: each of its certificate and of its bare key.
    pub root_keys: Vec<(String, String)>,
    /// The repositories that the newest root's certificates are for.
    pub repositories: Vec<String>,
    /// Roles whose signatures reach their threshold.
    pub roles: Vec<Role>,
    /// What these roles signed, in the order in which they are delegated to.
    pub targets: Vec<Target>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// Checks a repository from its pinned root keys, which may be named by the id of their
/// certificate or of the bare key.
pub fn check(files: &Files, pins: &[PublicKey]) -> Checked {
    check::Check::new(files).all(pins)
}
