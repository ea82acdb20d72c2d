//! TUF metadata, in two forms.
//!
//! That of Notary v1 (Docker Content Trust): who signed what, and which file names which by hash. It differs from the
//! TUF specification, and is read as notary reads it (notary: `tuf/`):
//! - Metadata is signed over its canonical JSON, so that a file that was printed anew keeps its
//!   signatures while its hash differs. The answer says both.
//! - Hashes are base64, not hex. A key id is the SHA-256 of the canonical JSON of the key with its
//!   `private` part null; a root key is a certificate, whose id changes when it is issued again
//!   with the same key. Both ids are given, of the certificate and of the bare key.
//! - ECDSA signatures are r and s one after the other, over SHA-256 whatever the curve.
//! - A target's name is a tag; delegations name the prefixes of tags that they may sign.
//!
//! That of the specification, by which Sigstore publishes its trusted root: a [`RootRefresh`] leads from a root that is
//! known to the newest file. Keys are PEM (Ed25519 also in hex), signatures hex, and ECDSA in DER; thresholds, canonical
//! JSON and who counts as a signer are one for both.
//!
//! Nothing here reads a clock: until when a role is valid is data ([`RoleFile::expires`]). What is
//! found wrong are [`Fault`]s, each with a stable code; a repository without any fault is what
//! its root keys signed, and that says nothing as long as none of them is pinned.

mod canonical;
mod check;
mod dialect;
mod files;
mod gather;
mod hash;
mod key;
mod metadata;
mod refresh;
mod role;

use std::cmp::Ordering;

use crate::digest::Digest;
use crate::json;
use crate::signature::PublicKey;
use crate::text::shortened;

pub use files::Files;
pub use gather::{Gathered, Gathering, gather, heading};
pub use refresh::RootRefresh;

/// Something that is not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The role whose file it is found in: its whole name, by which faults are looked up. Whoever
    /// shows it cuts it.
    pub role: String,
    /// A stable name for it.
    pub code: &'static str,
    /// The fault, in words: expected and found.
    pub text: String,
}

/// A role whose signatures reach its threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFile {
    /// Its name.
    pub name: String,
    /// The version of its metadata.
    pub version: u64,
    /// Until when it is valid, as it says (RFC 3339).
    pub expires: String,
    /// The ids of the keys that signed it, as the file that delegates to it names them.
    pub keys: Vec<String>,
    /// The certificates of these keys.
    pub certificates: Vec<RootCertificate>,
    /// The digest of what is signed: two files with the same say the same.
    pub content: Digest,
}

/// A tag and the digest that a role signed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The role that signed it: `targets` is the repository itself.
    pub role: String,
    /// The tag.
    pub tag: String,
    /// The signed digest.
    pub digest: Digest,
    /// The same as SHA-512, where that is said too.
    pub sha512: Option<Digest>,
    /// The bytes that it has.
    pub length: u64,
}

/// The contents of a key's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootCertificate {
    /// The id of the key in it.
    pub key: String,
    /// The repository that it is for, of a root's key: its common name.
    pub repository: String,
    /// Seconds since 1970 from which it is valid.
    pub from: i64,
    /// Seconds since 1970 until which it is valid.
    pub until: i64,
}

/// The result of checking a repository's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The pinned key that the chain of roots begins at: none where nothing that was pinned is
    /// among them, and then nothing here says whose the repository is.
    pub pinned: Option<PublicKey>,
    /// The ids of the newest root's keys: each of its certificate and of its bare key.
    pub root_keys: Vec<(String, String)>,
    /// The repositories that the certificates are for of the newest root's keys, and of those of
    /// the roots that it follows from, back to the pinned one.
    pub repositories: Vec<String>,
    /// The newest root's certificates.
    pub certificates: Vec<RootCertificate>,
    /// The ids of the repository's own keys (`targets`), as the newest root names them.
    pub repository_keys: Vec<String>,
    /// Roles that are delegated to, each with the ids of the bare keys that may sign it.
    pub delegations: Vec<(String, Vec<String>)>,
    /// Roles whose signatures reach their threshold.
    pub roles: Vec<RoleFile>,
    /// The ids of the keys of the root before it that signed a root, by the role of its file.
    pub successions: Vec<(String, Vec<String>)>,
    /// The targets that these roles signed, in the order of delegation.
    pub targets: Vec<Target>,
    /// The faults.
    pub faults: Vec<Fault>,
}

/// Checks a repository from its pinned root keys, which may be named by the id of their
/// certificate or of the bare key.
pub fn check(files: &Files, pins: &[PublicKey]) -> Checked {
    check::Checker::new(files).all(pins)
}

/// The entries of a role in a list by role.
pub(crate) fn of_role(all: &[(String, Vec<String>)], role: &str) -> Vec<String> {
    let of = all.iter().find(|(name, _)| name == role);
    of.map(|(_, of)| of.clone()).unwrap_or_default()
}

/// Whether this is the name of a root's file: the newest's, or an older one's with its version.
pub(crate) fn is_root(name: &str) -> bool {
    name == "root" || is_older_root(name)
}

/// Whether this is the name of an older root's file.
pub(crate) fn is_older_root(name: &str) -> bool {
    let version = name.strip_suffix(".root");
    let digits = |version: &str| version.bytes().all(|byte| byte.is_ascii_digit());
    version.is_some_and(|version| !version.is_empty() && digits(version))
}

/// The digests of what a file of targets names, whether or not anybody signed it.
pub fn named(bytes: &[u8]) -> Vec<Digest> {
    let Ok(json) = json::parse(bytes.trim_ascii()) else {
        return Vec::new();
    };
    let targets = json
        .root()
        .get("signed")
        .and_then(|signed| signed.get("targets"));
    let all = targets.and_then(json::Value::members).unwrap_or_default();
    all.iter()
        .filter_map(|one| hash::hash(&one.value, "sha256", &dialect::NOTARY))
        .collect()
}

/// Which of two states of a repository is the newer, by the versions of what both have signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Age {
    /// The first is.
    Newer,
    /// The second is.
    Older,
    /// They say the same.
    Same,
    /// They cannot be of one history: a version says two things, or one role went back while
    /// another went on.
    Split(String),
}

impl Checked {
    /// How this state of a repository lies to another in time. Only what the same keys signed can
    /// be compared: with new keys, versions may begin anew.
    pub fn age(&self, other: &Checked) -> Age {
        let (mut newer, mut older) = (None, None);
        for role in &self.roles {
            let shared = |known: &&RoleFile| {
                known.name == role.name
                    && (role.name == "root" || known.keys.iter().any(|key| role.keys.contains(key)))
            };
            let Some(known) = other.roles.iter().find(shared) else {
                continue;
            };
            match role.version.cmp(&known.version) {
                Ordering::Greater => newer = newer.or(Some(role)),
                Ordering::Less => older = older.or(Some(role)),
                Ordering::Equal if role.content == known.content => {}
                Ordering::Equal => {
                    let name = shortened(&role.name);
                    return Age::Split(format!(
                        "two files of {name} have the version {}",
                        role.version
                    ));
                }
            }
        }
        match (newer, older) {
            (None, None) => Age::Same,
            (Some(_), None) => Age::Newer,
            (None, Some(_)) => Age::Older,
            (Some(on), Some(back)) => {
                let (on, back) = (shortened(&on.name), shortened(&back.name));
                Age::Split(format!("{on} went on while {back} went back"))
            }
        }
    }
}
