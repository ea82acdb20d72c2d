//! A newer trusted root, by the client's workflow of the TUF specification (version 1.0, section 5), without I/O: it says
//! which file it wants, and is given that.
//!
//! Nothing is kept between two refreshes but the root that is given, so a repository can go back as far as its timestamp
//! is valid, and no further.

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::{self, Value};
use crate::text::shortened;
use crate::time::{self, UnixTime};

use super::dialect::STANDARD;
use super::hash::{hash, is_of};
use super::metadata::Head;
use super::role::{RootRole, signers};

/// The files in their order: those of four roles, each of which names the next, and the one that is wanted in the end.
const ORDER: [(&str, &str); 5] = [
    ("root", ""),
    ("timestamp", "timestamp.json"),
    ("snapshot", "snapshot.json"),
    ("targets", "targets.json"),
    ("target", "trusted_root.json"),
];

/// A refresh under way. The first file that it takes is a root that is trusted. That it has expired does not matter: newer
/// ones follow from it.
#[derive(Debug)]
pub struct RootRefresh {
    now: UnixTime,
    /// The newest root so far.
    root: RootRole,
    /// True if files are at addresses of their own for each version.
    consistent: bool,
    /// The time until which the file that was taken last is valid.
    expires: String,
    /// The place in [`ORDER`] of the file that is wanted.
    at: usize,
    named: NamedFile,
}

/// A file as another names it, as far as that does.
#[derive(Debug, Default)]
struct NamedFile {
    version: Option<u64>,
    length: Option<u64>,
    hashes: Vec<Digest>,
}

impl RootRefresh {
    /// Begins at this time.
    pub fn new(now: UnixTime) -> Self {
        RootRefresh {
            now,
            root: RootRole::default(),
            consistent: false,
            expires: String::new(),
            at: 0,
            named: NamedFile::default(),
        }
    }

    /// Takes the file that was wanted, or nothing in its place, and gives the path of the next one below the repository's
    /// address; nothing when this one is the newest trusted root.
    ///
    /// # Errors
    /// It is missing, or not what it has to be: then there is no newer trusted root to be had.
    pub fn take(&mut self, file: Option<&[u8]>) -> Result<Option<String>, Error> {
        let next = if let Some(bytes) = file {
            self.named(bytes)?;
            if self.at == 4 {
                return Ok(None);
            }
            self.metadata(bytes)?
        } else {
            self.hold(self.at == 0, "a file", "none")?;
            // The last root that is there is the newest (5.3.3), and only that has to be valid (5.3.10).
            self.fresh()?;
            self.at = 1;
            NamedFile::default()
        };
        self.named = next;
        Ok(Some(self.path()))
    }

    fn path(&self) -> String {
        let version = self.named.version.map(|version| version.to_string());
        if self.at == 0 {
            return [&version.unwrap_or_default(), ".root.json"].concat();
        }
        let (_, name) = ORDER.get(self.at).copied().unwrap_or_default();
        let hash = self.named.hashes.first().map(Digest::encoded);
        let (folder, before) = match self.at {
            4 => ("targets/", hash),
            _ => ("", version.as_deref()),
        };
        match before.filter(|_| self.consistent) {
            Some(before) => [folder, before, ".", name].concat(),
            None => [folder, name].concat(),
        }
    }

    /// Takes a file of metadata: signed by those who have to (5.3.4, 5.4.2, 5.5.3, 5.6.3), of the version that was
    /// wanted (5.3.5, 5.5.4, 5.6.4), and valid (5.4.4, 5.5.6, 5.6.5).
    fn metadata(&mut self, bytes: &[u8]) -> Result<NamedFile, Error> {
        let json = json::parse(bytes)?;
        let value = json.unique()?;
        let head = Head::read(value, self.role(), &STANDARD);
        let head = head.map_err(|(_, text)| self.wrong("TUF metadata", &text))?;
        let signed = value.get("signed").unwrap_or(value);
        if self.root.version > 0 {
            self.signed(&head, &self.root)?;
        }
        let wanted = self.named.version.unwrap_or(head.version);
        self.hold(
            wanted == head.version,
            "the version that was asked for",
            "another",
        )?;
        self.expires.clone_from(&head.expires);
        if self.at == 0 {
            self.root = RootRole::read(signed, &STANDARD).0;
            // Also by its own keys, or nobody could go on from it.
            self.signed(&head, &self.root)?;
            let consistent = signed.get("consistent_snapshot");
            self.consistent =
                consistent.is_some_and(|value| matches!(value.kind, json::Kind::Bool(true)));
            let version = head.version.checked_add(1);
            return Ok(NamedFile {
                version,
                ..NamedFile::default()
            });
        }
        self.fresh()?;
        self.at += 1;
        let (_, name) = ORDER.get(self.at).copied().unwrap_or_default();
        let list = if self.at == 4 { "targets" } else { "meta" };
        let entry = signed.get(list).and_then(|list| list.get(name));
        let named = entry.and_then(NamedFile::read);
        // Of a target only the hash says what it is; of metadata the version does, at least.
        let named = named.filter(|named| match self.at {
            4 => named.length.is_some() && !named.hashes.is_empty(),
            _ => named.version.is_some(),
        });
        named.ok_or_else(|| {
            self.at -= 1;
            self.wrong("the version or hash of the next file", "none")
        })
    }

    fn role(&self) -> &'static str {
        ORDER.get(self.at).map_or("", |(role, _)| role)
    }

    fn signed(&self, head: &Head, root: &RootRole) -> Result<(), Error> {
        let needed = root.roles.get(self.role());
        let is_met = needed.is_some_and(|needed| needed.is_met(&signers(head, &root.keys, needed)));
        self.hold(is_met, "enough valid signatures", "fewer")
    }

    fn fresh(&self) -> Result<(), Error> {
        let is_valid = time::seconds(&self.expires).is_some_and(|until| self.now.0 < until);
        self.hold(
            is_valid,
            "metadata that is still valid",
            &shortened(&self.expires),
        )
    }

    /// Whether bytes are those that another file names (5.5.2, 5.6.2, 5.7.2).
    fn named(&self, bytes: &[u8]) -> Result<(), Error> {
        let length = bytes.len() as u64;
        let is_named = self.named.length.unwrap_or(length) == length
            && self.named.hashes.iter().all(|named| is_of(named, bytes));
        self.hold(is_named, "the bytes that are named", "others")
    }

    fn hold(&self, is: bool, expected: &'static str, found: &str) -> Result<(), Error> {
        if is {
            Ok(())
        } else {
            Err(self.wrong(expected, found))
        }
    }

    fn wrong(&self, expected: &'static str, found: &str) -> Error {
        Error::new(ErrorKind::Sigstore {
            code: self.role(),
            expected,
            found: found.to_owned(),
        })
    }
}

impl NamedFile {
    /// None where it has a hash that cannot be one.
    fn read(entry: &Value) -> Option<Self> {
        let number = |name| entry.get(name).and_then(Value::as_u64);
        let mut hashes = Vec::new();
        let listed = entry.get("hashes");
        for algorithm in ["sha256", "sha512"] {
            if listed.and_then(|listed| listed.get(algorithm)).is_some() {
                hashes.push(hash(entry, algorithm, &STANDARD)?);
            }
        }
        Some(NamedFile {
            version: number("version"),
            length: number("length"),
            hashes,
        })
    }
}
