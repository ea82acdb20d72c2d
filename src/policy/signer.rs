//! The signers with Sigstore that a policy or a question names.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::name::Reference;
use crate::signature::PublicKey;
use crate::time::{self, UnixTime};

/// A signer with Sigstore. `source`: the repository that provenance by the signer has to name. `signatures`: the
/// repository where the signer's signatures are looked for, beside the image's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PolicySigner {
    /// A certificate's identity.
    Identity {
        /// The name in the certificate.
        identity: String,
        /// True if it is a pattern, in which `*` is any text.
        is_pattern: bool,
        /// The issuer that vouched for it.
        issuer: String,
        source: Option<String>,
        signatures: Option<Reference>,
    },
    /// A key, given in PEM, or by its id if whoever asks has it.
    Key {
        key: PublicKey,
        /// The times between which it is trusted, both included.
        window: KeyWindow,
        source: Option<String>,
        signatures: Option<Reference>,
    },
    /// A workflow of GitHub that runs for a repository there.
    Workflow {
        /// The owner and the name of the repository.
        repository: String,
        /// The workflow's file in it, or in the repository before it; any of that repository without it.
        workflow: Option<String>,
        signatures: Option<Reference>,
    },
}

/// The times from and until which a key is trusted, in RFC 3339 as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyWindow {
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
}

impl KeyWindow {
    /// Both times; nothing if the key is trusted for all time.
    pub(crate) fn times(&self) -> Option<(UnixTime, UnixTime)> {
        let at = |text: &Option<String>| {
            let at = text.as_deref().and_then(time::milliseconds);
            at.map(|at| UnixTime(at.div_euclid(1000)))
        };
        if self.from.is_none() && self.until.is_none() {
            return None;
        }
        // Reading a policy refuses what is not a time.
        let from = at(&self.from).unwrap_or(UnixTime(i64::MIN));
        Some((from, at(&self.until).unwrap_or(UnixTime(i64::MAX))))
    }
}

impl PolicySigner {
    /// The repository that provenance has to name.
    pub fn source(&self) -> Option<&str> {
        match self {
            PolicySigner::Identity { source, .. } | PolicySigner::Key { source, .. } => {
                source.as_deref()
            }
            PolicySigner::Workflow { .. } => None,
        }
    }

    /// The repository where the signer's signatures are looked for, beside the image's own.
    pub fn signatures(&self) -> Option<&Reference> {
        match self {
            PolicySigner::Identity { signatures, .. }
            | PolicySigner::Key { signatures, .. }
            | PolicySigner::Workflow { signatures, .. } => signatures.as_ref(),
        }
    }

    /// True if both are one key, trusted for different times.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        match (self, other) {
            (
                PolicySigner::Key { key, window, .. },
                PolicySigner::Key {
                    key: other,
                    window: times,
                    ..
                },
            ) => key.id() == other.id() && window != times,
            _ => false,
        }
    }

    /// As policies have it: the names of its fields, and their values.
    fn fields(&self) -> [(&'static str, Option<&str>); 4] {
        let source = ("source", self.source());
        let none = ("", None);
        match self {
            PolicySigner::Identity {
                identity,
                is_pattern,
                issuer,
                ..
            } => {
                let name = if *is_pattern {
                    "identityPattern"
                } else {
                    "identity"
                };
                [
                    (name, Some(identity)),
                    ("issuer", Some(issuer)),
                    source,
                    none,
                ]
            }
            PolicySigner::Key { key, window, .. } => [
                ("key", Some(key.text())),
                ("from", window.from.as_deref()),
                ("until", window.until.as_deref()),
                source,
            ],
            PolicySigner::Workflow {
                repository,
                workflow,
                ..
            } => [
                ("repository", Some(repository)),
                ("workflow", workflow.as_deref()),
                source,
                none,
            ],
        }
    }
}

impl Serialize for PolicySigner {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Signer", 5)?;
        for (name, value) in self.fields() {
            if let Some(value) = value {
                form.serialize_field(name, value)?;
            }
        }
        if let Some(at) = self.signatures() {
            let name = [at.registry(), "/", at.repository()].concat();
            form.serialize_field("signatures", &name)?;
        }
        form.end()
    }
}
