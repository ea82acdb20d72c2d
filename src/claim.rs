//! Claims, and how each is known.
//!
//! Every sentence that is printed is a [`Claim`]: a [`Statement`] and its [`Standing`]. A proof
//! can be made in this crate only, at one door (`Proof::assertion`), so that a search for it
//! lists every line that can prove something:
//!
//! ```compile_fail
//! use pullproof::claim::{Check, Proof};
//! let forged = Proof { check: Check::Hash, from: Vec::new() };
//! ```
//!
//! ```compile_fail
//! use pullproof::claim::{Check, Proof};
//! let forged = Proof::assertion(Check::Hash, Vec::new());
//! ```

mod difference;
mod note;
mod statement;

use std::cmp::Ordering;

use serde::Serialize;

use crate::digest::Digest;
use crate::limits;
use crate::text::shortened;

pub use difference::{Difference, Field};
pub use note::Code;
pub use statement::{CertifiedKey, Witnessed};
pub use statement::{IdKind, Level, Listing, Role, Signatory, Statement};

/// A statement and how it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The sentence that is claimed.
    pub statement: Statement,
    /// The way it is known.
    pub standing: Standing,
}

/// The ways to know a claim, weakest first.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
pub enum Standing {
    /// Two sides say different things.
    Contradicted {
        /// The expected value, and who expects it.
        expected: Seen,
        /// The value found, and where.
        found: Seen,
    },
    /// Not known; this would settle it.
    Missing {
        /// The thing to paste or fetch next.
        want: Want,
    },
    /// Somebody says so.
    Stated {
        /// Who.
        by: Vec<Source>,
    },
    /// Recomputed here from bytes in hand.
    Proven(Proof),
}

/// A value and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The value.
    pub value: String,
    /// The source of the value.
    pub source: Source,
}

/// That something was recomputed here, and the premises that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    check: Check,
    from: Vec<Source>,
}

/// The recomputation that proves a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Check {
    /// A digest over exact bytes.
    Hash,
    /// A signature.
    Signature,
}

impl Proof {
    /// The one way to a proof: call it where the check has just been carried out.
    pub(crate) fn assertion(check: Check, from: Vec<Source>) -> Self {
        Proof { check, from }
    }

    /// The recomputation that was done.
    pub fn check(&self) -> Check {
        self.check
    }

    /// The sources of the bytes and of the premises.
    pub fn from(&self) -> &[Source] {
        &self.from
    }
}

/// The origin of a claim: a person, a tool or a server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "via", rename_all = "camelCase")]
pub enum Source {
    /// Fetched from a server.
    Fetched {
        /// The address.
        url: String,
        /// When, in RFC 3339.
        at: String,
    },
    /// Read from a file.
    File {
        /// Its name.
        name: String,
    },
    /// Given with the question: a premise.
    Given {
        /// The part of the question that was given.
        what: String,
    },
    /// A premise that came from a link, and not from the person who asks.
    Link {
        /// The part of the question that the link brought.
        what: String,
    },
    /// Pasted text, or that of a file that was given.
    Pasted {
        /// The tool that printed it, as far as its form tells.
        tool: String,
        /// The name of the file that it was in.
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<String>,
    },
}

/// The name of the list of an image layout, whose manifests may be in no registry.
pub(crate) const LAYOUT: &str = "image layout";

/// The subject of a tool whose output was pasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tells {
    /// Signatures of Docker Content Trust.
    ContentTrust,
    /// Answers of a registry, or the images that a machine keeps.
    #[default]
    Names,
    /// Signatures of any other kind.
    Signatures,
    /// The digest of output that the same machine printed before.
    Sums,
}

/// What would settle a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Want {
    /// The kind of thing that is wanted.
    pub what: WantKind,
    /// The command whose output to paste, or in words what to look for.
    pub hint: String,
    /// True if it is a command.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub command: bool,
    /// The digest of the bytes wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The address to fetch them from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The media types to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept: Option<Vec<String>>,
}

/// The kind of thing that is wanted: this decides who can be asked for it, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WantKind {
    /// A blob of a registry, such as an image configuration.
    Blob,
    /// A manifest or an index.
    Document,
    /// Files of a notary server.
    Notary,
    /// The list of documents that refer to this one.
    Referrers,
    /// A document that signs this one, if there is one.
    Signatures,
    /// A trusted root of Sigstore, newer than the one in use.
    TrustedRoot,
    /// Something that a person has to find.
    Words,
}

/// The answer to a question: the weakest standing among the claims that it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Two sides say different things.
    Contradicted,
    /// Something is missing.
    Open,
    /// Somebody says so.
    Stated,
    /// Recomputed here.
    Proven,
}

impl Verdict {
    /// The weakest of these standings. Without any there is nothing that an answer could rest
    /// on, so the question is open.
    pub fn weakest<'a>(standings: impl IntoIterator<Item = &'a Standing>) -> Self {
        let verdicts = standings.into_iter().map(Standing::verdict);
        verdicts.min().unwrap_or(Verdict::Open)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Contradicted => "contradicted",
            Verdict::Open => "open",
            Verdict::Stated => "stated",
            Verdict::Proven => "proven",
        }
    }
}

impl Standing {
    /// The verdict if the question rested on this alone.
    pub fn verdict(&self) -> Verdict {
        match self {
            Standing::Contradicted { .. } => Verdict::Contradicted,
            Standing::Missing { .. } => Verdict::Open,
            Standing::Stated { .. } => Verdict::Stated,
            Standing::Proven(_) => Verdict::Proven,
        }
    }

    /// What is known when both are needed: the weaker of the two, or where they are equally
    /// strong, resting on the sources of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Standing::Proven(a), Standing::Proven(b)) => {
                let check = a.check.max(b.check);
                Standing::Proven(Proof::assertion(check, union(a.from, b.from)))
            }
            (Standing::Stated { by: a }, Standing::Stated { by: b }) => {
                Standing::Stated { by: union(a, b) }
            }
            (a, b) if a.verdict() <= b.verdict() => a,
            (_, b) => b,
        }
    }

    /// What is known when either is enough: the stronger of the two, or where they are equally
    /// strong, resting on the sources of both.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        match self.verdict().cmp(&other.verdict()) {
            // Either is enough, so that enough of them are.
            Ordering::Equal if self.sources().len() < limits::SOURCES => self.and(other),
            Ordering::Equal | Ordering::Greater => self,
            Ordering::Less => other,
        }
    }

    /// True because it was given with the question; the proof names it as its premise.
    pub(crate) fn premise(given: Source) -> Self {
        Standing::Proven(Proof::assertion(Check::Hash, vec![given]))
    }

    /// Somebody says so.
    pub(crate) fn stated(by: Source) -> Self {
        Standing::Stated { by: vec![by] }
    }

    /// Not known.
    pub(crate) fn missing(want: Want) -> Self {
        Standing::Missing { want }
    }

    /// Two sides say different things.
    pub(crate) fn contradicted(expected: Seen, found: Seen) -> Self {
        Standing::Contradicted { expected, found }
    }

    /// The first of what this rests on.
    pub(crate) fn first_source(&self) -> Option<&Source> {
        match self {
            Standing::Contradicted { expected, .. } => Some(&expected.source),
            Standing::Missing { .. } => None,
            Standing::Stated { by } => by.first(),
            Standing::Proven(proof) => proof.from.first(),
        }
    }

    /// The sources that this depends on.
    pub fn sources(&self) -> Vec<&Source> {
        match self {
            Standing::Contradicted { expected, found } => vec![&expected.source, &found.source],
            Standing::Missing { .. } => Vec::new(),
            Standing::Stated { by } => by.iter().collect(),
            Standing::Proven(proof) => proof.from.iter().collect(),
        }
    }

    /// Says who or what this rests on in another way, wherever `other` knows one.
    pub(crate) fn rename_sources(&mut self, other: &dyn Fn(&Source) -> Option<Source>) {
        let rename = |source: &mut Source| {
            if let Some(name) = other(source) {
                *source = name;
            }
        };
        match self {
            Standing::Contradicted { expected, found } => {
                rename(&mut expected.source);
                rename(&mut found.source);
            }
            Standing::Missing { .. } => {}
            Standing::Stated { by } => by.iter_mut().for_each(rename),
            Standing::Proven(proof) => proof.from.iter_mut().for_each(rename),
        }
    }
}

/// Adds somebody who says or has the same, unless enough do.
pub(crate) fn add_source(sources: &mut Vec<Source>, source: Source) {
    if sources.len() < limits::SOURCES && !sources.contains(&source) {
        sources.push(source);
    }
}

fn union(mut a: Vec<Source>, b: Vec<Source>) -> Vec<Source> {
    for source in b {
        if !a.contains(&source) {
            a.push(source);
        }
    }
    a
}

impl Seen {
    pub(crate) fn new(value: impl Into<String>, source: Source) -> Self {
        let value = value.into();
        Seen { value, source }
    }
}

impl Claim {
    /// That a digest is named whose algorithm is not computed here, so that nothing can have it.
    pub(crate) fn uncomputed(by: Option<&Digest>, digest: &Digest) -> Self {
        let statement = Statement::note(
            by,
            Code::DigestAlgorithm,
            format!(
                "names {}, by an algorithm that is not computed here",
                shortened(digest.as_str())
            ),
        );
        let want = Want::of("the same named by a sha256 or sha512 digest");
        Claim::new(statement, Standing::missing(want))
    }

    pub(crate) fn new(statement: Statement, standing: Standing) -> Self {
        Claim {
            statement,
            standing,
        }
    }
}

impl Want {
    /// What somebody has to do, where no digest is known.
    pub(crate) fn of(hint: impl Into<String>) -> Self {
        Want {
            what: WantKind::Words,
            hint: hint.into(),
            command: false,
            digest: None,
            url: None,
            accept: None,
        }
    }

    /// A command whose output settles it.
    pub(crate) fn run(command: impl Into<String>) -> Self {
        Want {
            command: true,
            ..Want::of(command)
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Fetched { url, at } => write!(f, "{url} at {at}"),
            Source::File { name } => write!(f, "the file {name}"),
            Source::Given { what } => write!(f, "{what}, as given"),
            Source::Link { what } => write!(f, "{what}, from the link"),
            Source::Pasted {
                tool,
                file: Some(file),
            } => write!(f, "{file} ({tool})"),
            Source::Pasted { tool, .. } => write!(f, "pasted {tool}"),
        }
    }
}

impl Source {
    /// Pasted text in the form of a tool's output.
    pub(crate) fn pasted(tool: &str) -> Self {
        Source::text(tool, None)
    }

    /// Text in the form of a tool's output, pasted or in a file.
    pub(crate) fn text(tool: &str, file: Option<&str>) -> Self {
        Source::Pasted {
            tool: tool.to_owned(),
            file: file.map(str::to_owned),
        }
    }

    /// True for text in the form of this tool's output.
    pub(crate) fn is_text_of(&self, wanted: &str) -> bool {
        matches!(self, Source::Pasted { tool, .. } if tool == wanted)
    }

    /// A file.
    pub(crate) fn file(name: &str) -> Self {
        let name = name.to_owned();
        Source::File { name }
    }

    /// A premise.
    pub(crate) fn given(what: &str) -> Self {
        let what = what.to_owned();
        Source::Given { what }
    }

    /// A premise that a link brought.
    pub(crate) fn link(what: &str) -> Self {
        let what = what.to_owned();
        Source::Link { what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weakest_decides_and_nothing_is_open() {
        let stated = Standing::Stated { by: Vec::new() };
        let proven = Standing::Proven(Proof::assertion(Check::Hash, Vec::new()));
        let missing = Standing::Missing { want: Want::of("") };
        assert_eq!(Verdict::weakest([]), Verdict::Open);
        assert_eq!(Verdict::weakest([&proven]), Verdict::Proven);
        assert_eq!(Verdict::weakest([&proven, &stated]), Verdict::Stated);
        assert_eq!(
            Verdict::weakest([&proven, &stated, &missing]),
            Verdict::Open
        );
    }
}
