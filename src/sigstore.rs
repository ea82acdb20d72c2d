//! Sigstore: whether an artifact is signed by whom a bundle says, and when.
//!
//! The foundations of a bundle are given with the question: a trusted root, the time, and the identity or key that is
//! asked for. Nothing of these is taken from the bundle. Everything that can be checked is, and each check is a finding of
//! its own under a stable name: a signature that holds is one with no finding that fails, or that could not be made.
//!
//! It differs from others that read the same: names that are not known are errors, since a changed name would
//! lose what it says; a checkpoint is held against the log that its entry names; evidence that is there and wrong is
//! never passed over because other evidence would do.

mod body;
mod bundle;
mod cert;
mod check;
mod ct;
mod fields;
mod key;
mod legacy;
mod log;
mod payload;
mod root;
mod shipped;
mod statement;
mod timestamp;

use crate::digest::Digest;
use crate::time::UnixTime;

pub use bundle::Bundle;
pub use cert::Identity;
pub use check::verify;
pub use key::GivenKey;
pub use legacy::{ENVELOPE, PAYLOAD};
pub use root::TrustedRoot;
pub use shipped::ShippedRoots;
pub use statement::Predicate;

/// The expected thing, and the found one.
type Mismatching = (&'static str, &'static str);

/// The question about a signature.
#[derive(Clone, Copy, Debug)]
pub struct BundleQuestion<'a> {
    /// The thing that has to be signed.
    pub artifact: Artifact<'a>,
    /// The authorities and logs that are trusted.
    pub root: &'a TrustedRoot,
    /// Who has to have signed: without it, whoever did is found, and nothing is said of whether they should have.
    pub by: Option<&'a Expected>,
    /// The time as of which is asked.
    pub now: UnixTime,
}

/// The thing that has to be signed.
#[derive(Clone, Copy, Debug)]
pub enum Artifact<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The bytes that have this digest.
    Digest(&'a Digest),
}

/// Who has to have signed.
#[derive(Clone, Debug)]
pub enum Expected {
    /// A certificate's identity, exactly.
    Identity {
        /// The name in the certificate: the address of a person or of a workflow. `email:`, `uri:`, `other:` or `dns:`
        /// before it says which kind of name it has to be.
        identity: String,
        /// The issuer that vouched for it; empty where the certificate names nobody.
        issuer: String,
    },
    /// One of these keys.
    Keys(Vec<GivenKey>),
}

impl Expected {
    /// Whether whoever signed is whom was asked for, by name and by issuer. A kind of name is compared where the
    /// expected one says which.
    pub fn admits(&self, signer: &BundleSigner) -> bool {
        match (self, signer) {
            (
                Expected::Identity { identity, issuer },
                BundleSigner::Certificate {
                    identity: found,
                    issuer: by,
                    ..
                },
            ) => found.is(identity) && by.as_deref().unwrap_or_default() == issuer,
            (Expected::Keys(keys), BundleSigner::Key(id)) => keys.iter().any(|key| key.id() == id),
            _ => false,
        }
    }
}

/// The signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleSigner {
    /// The holder of a certificate.
    Certificate {
        /// Whom it is for.
        identity: Identity,
        /// The issuer that vouched for that.
        issuer: Option<String>,
        /// The other facts that it states about whoever asked for it, by Fulcio's names for them.
        claims: Vec<(&'static str, String)>,
    },
    /// The holder of a key, by the SHA-256 of that in hex.
    Key(String),
}

/// A time at which the signature was there, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTime {
    /// The time.
    pub at: UnixTime,
    /// The log or the timestamp authority.
    pub by: String,
}

/// The result for a signature.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Every check.
    pub findings: Vec<RuleFinding>,
    /// The signer. It is known only where the signature holds.
    pub signer: Option<BundleSigner>,
    /// The signer's statement about the artifact, where it is not the artifact itself that is signed.
    pub predicate: Option<Predicate>,
    /// The name that whoever signed knew the artifact by, where the payload has one. Nobody compared it.
    pub name: Option<String>,
    /// Times that were checked.
    pub seen: Vec<SignedTime>,
}

impl Verified {
    /// True if every check was made, and held.
    pub fn holds(&self) -> bool {
        self.signer.is_some() && self.findings.iter().all(|finding| finding.outcome.holds())
    }

    /// The checks that failed or could not be made, by name.
    pub fn reasons(&self) -> Vec<&'static str> {
        let failed = self
            .findings
            .iter()
            .filter(|finding| !finding.outcome.holds());
        failed.map(|finding| finding.rule).collect()
    }
}

/// A check and how it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFinding {
    /// Its stable name.
    pub rule: &'static str,
    /// Its outcome.
    pub outcome: RuleOutcome,
}

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleOutcome {
    /// It does not hold.
    Fails {
        /// The expected thing.
        expected: String,
        /// The found thing.
        found: String,
    },
    /// It holds: what was checked.
    Holds(String),
    /// It could not be made: what is not known, and what would settle it.
    Unknown {
        /// The thing that is not known.
        text: String,
        /// What would settle it.
        wanted: RuleWant,
    },
    /// Something is there that was not needed and is not counted.
    Unused(String),
}

/// The want for a rule that could not be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleWant {
    /// A newer trusted root.
    NewerRoot,
    /// Something else, in words.
    Words(&'static str),
}

impl RuleOutcome {
    /// True if nothing speaks against the signature.
    pub fn holds(&self) -> bool {
        matches!(self, RuleOutcome::Holds(_) | RuleOutcome::Unused(_))
    }
}
