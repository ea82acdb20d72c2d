//! A newer trusted root, by the client's workflow of the TUF specification (version 1.0, section 5), without I/O: it says
//! which file it wants, and is given that.
//!
//! Nothing is kept between two refreshes but the root that is given, so a repository can go back as far as its timestamp
//! is valid, and no further.

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::{self, Value};
use crate::text::{parsed, shortened};
use crate::time::{self, UnixTime};

use super::dialect::STANDARD;
use super::metadata::Head;
use super::role::{RootRole, signers};

/// The file that is wanted in the end.
const TARGET: &str = "trusted_root.json";

/// The files in their order, by their roles.
const ORDER: [&str; 5] = ["root", "timestamp", "snapshot", "targets", "target"];

/// A refresh under way.
#[derive(Debug)]
pub struct RootRefresh {
    now: UnixTime,
    /// The newest root so far, and the time until which it is valid.
    root: RootRole,
    expires: String,
    /// True if files are at addresses of their own for each version.
    consistent: bool,
    /// The place in [`ORDER`] of the file that is wanted.
    at: usize,
    /// Its version, length and hashes, as far as they are known.
    named: NamedFile,
}

/// A file as another names it.
#[derive(Debug, Default)]
struct NamedFile {
    version: Option<u64>,
    length: Option<u64>,
    hashes: Vec<Digest>,
}

impl RootRefresh {
    /// Begins with a root that is trusted. That it has expired does not matter: newer ones follow from it.
    ///
    /// # Errors
    /// It is not a root, or not signed by its own keys.
    pub fn new(root: &[u8], now: UnixTime) -> Result<Self, Error> {
        let mut refresh = RootRefresh {
            now,
            root: RootRole::default(),
            expires: String::new(),
            consistent: false,
            at: 0,
            named: NamedFile::default(),
        };
        refresh.take_metadata(root)?;
        Ok(refresh)
    }

    /// The path of the file that is wanted, below the repository's address; none when the one that was taken last is
    /// the newest trusted root.
    pub fn wanted(&self) -> Option<String> {
        let role = ORDER.get(self.at)?;
        let version = self
            .named
            .version
            .filter(|_| self.consistent || self.at == 0);
        Some(match (self.at, version, self.named.hashes.first()) {
            (4, _, Some(hash)) if self.consistent => {
                ["targets/", hash.encoded(), ".", TARGET].concat()
            }
            (4, ..) => ["targets/", TARGET].concat(),
            (_, Some(version), _) => format!("{version}.{role}.json"),
            _ => [role, ".json"].concat(),
        })
    }

    /// Takes the file that was wanted, or that there is none.
    ///
    /// # Errors
    /// It is missing, or not what it has to be: then there is no newer trusted root to be had.
    pub fn take(&mut self, file: Option<&[u8]>) -> Result<(), Error> {
        let Some(bytes) = file else {
            if self.at > 0 {
                return Err(self.wrong("a file", "none"));
            }
            // The last root that is there is the newest (5.3.3), and only that has to be valid (5.3.10).
            self.fresh(&self.expires)?;
            self.go_on(NamedFile::default());
            return Ok(());
        };
        self.check(bytes)?;
        if self.at < 4 {
            return self.take_metadata(bytes);
        }
        self.go_on(NamedFile::default());
        Ok(())
    }

    fn go_on(&mut self, named: NamedFile) {
        self.at += 1;
        self.named = named;
    }

    /// Takes a file of metadata: signed by those who have to (5.3.4, 5.4.2, 5.5.3, 5.6.3), of the version that was
    /// wanted (5.3.5, 5.5.4, 5.6.4), and valid (5.4.4, 5.5.6, 5.6.5).
    fn take_metadata(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let json = json::parse(bytes)?;
        let value = json.unique()?;
        let role = ORDER.get(self.at).copied().unwrap_or_default();
        let head = Head::read(value, role, &STANDARD);
        let head = head.map_err(|(_, text)| self.wrong("TUF metadata", &text))?;
        let signed = value.get("signed");
        let is_first = self.root.version == 0;
        if !is_first {
            self.signed(&head, &self.root, role)?;
        }
        if self
            .named
            .version
            .is_some_and(|version| version != head.version)
        {
            return Err(self.wrong("the version that was asked for", &head.version.to_string()));
        }
        if self.at == 0 {
            let (root, _) = RootRole::read(signed.unwrap_or(value), &STANDARD);
            // Also by its own keys, or nobody could go on from it.
            self.signed(&head, &root, role)?;
            self.named.version = Some(head.version.saturating_add(1));
            self.root = root;
            self.expires = head.expires;
            let consistent = signed.and_then(|signed| signed.get("consistent_snapshot"));
            self.consistent =
                consistent.is_some_and(|value| matches!(value.kind, json::Kind::Bool(true)));
            return Ok(());
        }
        self.fresh(&head.expires)?;
        let (list, name) = match role {
            "timestamp" => ("meta", "snapshot.json"),
            "snapshot" => ("meta", "targets.json"),
            _ => ("targets", TARGET),
        };
        let entry = signed.and_then(|signed| signed.get(list)?.get(name));
        // Of a target only the hash says what it is; of metadata the version does, at least.
        let is_whole = |named: &NamedFile| match list {
            "meta" => named.version.is_some(),
            _ => named.length.is_some() && !named.hashes.is_empty(),
        };
        let named = entry.and_then(NamedFile::read).filter(is_whole);
        match named {
            Some(named) => self.go_on(named),
            None => return Err(self.wrong("the version or the hash of the next file", "none")),
        }
        Ok(())
    }

    fn signed(&self, head: &Head, root: &RootRole, role: &str) -> Result<(), Error> {
        let needed = root.roles.get(role);
        let signers = needed.map(|needed| (needed, signers(head, &root.keys, needed)));
        match signers {
            Some((needed, signers)) if needed.is_met(&signers) => Ok(()),
            Some((needed, signers)) => {
                let found = format!("{} of {}", signers.len(), needed.threshold);
                Err(self.wrong("as many valid signatures as have to be", &found))
            }
            None => Err(self.wrong("keys for it", "none")),
        }
    }

    fn fresh(&self, expires: &str) -> Result<(), Error> {
        if time::seconds(expires).is_some_and(|until| self.now.0 < until) {
            return Ok(());
        }
        Err(self.wrong("metadata that is still valid", &shortened(expires)))
    }

    /// Whether bytes are those that another file names (5.5.2, 5.6.2, 5.7.2).
    fn check(&self, bytes: &[u8]) -> Result<(), Error> {
        let length = bytes.len() as u64;
        if self.named.length.is_some_and(|named| named != length) {
            return Err(self.wrong("the length that is named", &length.to_string()));
        }
        for named in &self.named.hashes {
            let found = named.algorithm().map(|algorithm| algorithm.digest(bytes));
            if found.as_ref() != Some(named) {
                return Err(self.wrong("the hash that is named", "another"));
            }
        }
        Ok(())
    }

    fn wrong(&self, expected: &'static str, found: &str) -> Error {
        Error::new(ErrorKind::Sigstore {
            code: ORDER.get(self.at).copied().unwrap_or_default(),
            expected,
            found: found.to_owned(),
        })
    }
}

impl NamedFile {
    /// None where it has hashes of which none, or one that is not a hash, can be checked here.
    fn read(entry: &Value) -> Option<Self> {
        let number = |name| entry.get(name).and_then(Value::as_u64);
        let mut found = Vec::new();
        if let Some(hashes) = entry.get("hashes") {
            for name in ["sha256", "sha512"] {
                if let Some(text) = hashes.get(name) {
                    found.push(parsed(&[name, ":", text.as_str()?].concat())?);
                }
            }
            found.first()?;
        }
        Some(NamedFile {
            version: number("version"),
            length: number("length"),
            hashes: found,
        })
    }
}
