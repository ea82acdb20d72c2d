//! One file of metadata: what is signed, its signatures, and the roles that it delegates to.

use crate::json::Value;
use crate::limits;
use crate::text::shortened;

use super::canonical;
use super::dialect::Dialect;
use super::key::Key;

/// A signature as a file has it.
#[derive(Clone, Debug)]
pub(super) struct FileSignature {
    pub(super) key: String,
    pub(super) method: String,
    pub(super) bytes: Vec<u8>,
}

/// The keys that may sign a role, and how many of them must.
#[derive(Clone, Debug)]
pub(super) struct Needed {
    pub(super) keys: Vec<String>,
    pub(super) threshold: u64,
    /// Prefixes of the tags that it may sign; for what is no delegation all.
    pub(super) paths: Vec<String>,
}

impl Needed {
    /// True if the threshold is met.
    pub(super) fn is_met(&self, signers: &[&Key]) -> bool {
        signers.len() as u64 >= self.threshold
    }

    /// # Errors
    /// What was expected.
    pub(super) fn read(value: Option<&Value<'_>>, delegated: bool) -> Result<Self, &'static str> {
        let value = value.ok_or("the keys of the role, found none")?;
        let keys: Vec<String> = value
            .texts_of("keyids")
            .into_iter()
            .map(str::to_owned)
            .collect();
        let threshold = value.get("threshold").and_then(Value::as_u64);
        let threshold =
            threshold.filter(|&threshold| threshold >= 1 && threshold <= keys.len() as u64);
        let threshold = threshold.ok_or("a threshold from 1 to the number of keys")?;
        let paths = if delegated {
            value
                .texts_of("paths")
                .into_iter()
                .map(str::to_owned)
                .collect()
        } else {
            vec![String::new()]
        };
        Ok(Needed {
            keys,
            threshold,
            paths,
        })
    }
}

/// The part that all files have.
pub(super) struct Head {
    pub(super) message: String,
    pub(super) signatures: Vec<FileSignature>,
    pub(super) version: u64,
    pub(super) expires: String,
}

impl Head {
    /// Reads a file of the role whose `_type` is `wanted`.
    ///
    /// # Errors
    /// A stable name, and what was expected and found.
    pub(super) fn read(
        root: &Value<'_>,
        wanted: &str,
        dialect: &Dialect,
    ) -> Result<Self, (&'static str, String)> {
        let missing = |what: &str| ("metadata", format!("expected {what}, found none"));
        let signed = root.get("signed").ok_or_else(|| missing("signed"))?;
        let kind = signed
            .get("_type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind != wanted {
            let text = format!(
                "expected metadata of the type {wanted}, found {}",
                shortened(kind)
            );
            return Err(("role", text));
        }
        let version = signed
            .get("version")
            .and_then(Value::as_u64)
            .filter(|&version| version > 0);
        let version = version.ok_or_else(|| missing("a version from 1"))?;
        let expires = signed.get("expires").and_then(Value::as_str);
        let expires = expires.ok_or_else(|| missing("expires"))?.to_owned();
        let message = canonical::form(signed).ok_or_else(|| missing("whole numbers only"))?;
        let mut signatures: Vec<FileSignature> = Vec::new();
        let found = root.items_of("signatures").len();
        if found > limits::SIGNATURES {
            let most = limits::SIGNATURES;
            let text = format!("expected at most {most} signatures, found {found}");
            return Err(("limit-exceeded", text));
        }
        for one in root.items_of("signatures") {
            let part = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
            let key = part("keyid").to_owned();
            if signatures.iter().any(|known| known.key == key) {
                let text = format!("expected one signature by {}, found two", shortened(&key));
                return Err(("signature-twice", text));
            }
            let bytes = (dialect.bytes)(part("sig")).unwrap_or_default();
            let method = part("method").to_owned();
            signatures.push(FileSignature { key, method, bytes });
        }
        Ok(Head {
            message,
            signatures,
            version,
            expires,
        })
    }
}
