//! What is claimed, and how it is known.
//!
//! Every sentence that is printed is a [`Claim`]: a [`Statement`] and its [`Standing`]. A proof
//! can be made in this crate only, at one door ([`Proof::assertion`]), so that a search for it
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

use serde::Serialize;

use crate::digest::Digest;

/// A statement and how it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// What is claimed.
    pub statement: Statement,
    /// How it is known.
    pub standing: Standing,
}

/// What a claim says. Kinds may be added; those that are there keep their shape.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Statement {
    /// This key may sign for this role of the reference's repository. That is not a signature.
    Authorises {
        /// The repository or tag.
        reference: String,
        /// The role, for example `Repository`, `Root`, or a signer's name.
        role: String,
        /// The key id, as it was given.
        key: String,
    },
    /// These bytes are in the evidence and have this digest.
    Bytes {
        /// Their digest.
        digest: Digest,
        /// Their media type, where they state one.
        #[serde(skip_serializing_if = "Option::is_none")]
        media_type: Option<String>,
        /// What was changed in the pasted text to find them again.
        edits: Vec<String>,
    },
    /// A text whose bytes are not certain would have this digest if it had been changed thus.
    Candidate {
        /// The digest that it would have.
        digest: Digest,
        /// The changes that would have been made to the pasted text.
        edits: Vec<String>,
        /// What has to be so for this to be the document's digest.
        meaning: String,
    },
    /// The reference is for an image with this identifier.
    Identifies {
        /// The image.
        reference: String,
        /// The identifier, as it was given.
        id: String,
        /// What it identifies.
        #[serde(rename = "as")]
        role: IdKind,
    },
    /// What the reference names includes this digest; by which document is not certain.
    Includes {
        /// The image.
        reference: String,
        /// The digest.
        digest: Digest,
        /// What it is there as.
        #[serde(rename = "as")]
        role: Role,
        /// The platform that it is for.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
    },
    /// The document `parent` names `digest`.
    Names {
        /// The document that names.
        parent: Digest,
        /// What it names.
        digest: Digest,
        /// The platform that it is named for.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
        /// What it is named as.
        #[serde(rename = "as")]
        role: Role,
    },
    /// Something that a reader should know of a document or a paste and that proves nothing.
    Note {
        /// What it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<Digest>,
        /// A stable name for it.
        code: String,
        /// It in words.
        text: String,
    },
    /// The document is for this platform.
    Platform {
        /// The manifest.
        digest: Digest,
        /// The platform.
        platform: String,
    },
    /// The reference names this digest.
    Resolves {
        /// The reference.
        reference: String,
        /// What it names.
        digest: Digest,
    },
    /// The images are the same at this level.
    Same {
        /// The platform, where the images are compared by platform.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
        /// How far the sameness goes.
        level: Level,
        /// Why it goes no further, or how it was found.
        reasons: Vec<String>,
    },
    /// The key signed this digest.
    Signs {
        /// What is signed.
        digest: Digest,
        /// The tag that it was signed for.
        #[serde(skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// Who signed: a key id, or a name where the source gives no more.
        key: String,
    },
    /// The document has this many bytes.
    Size {
        /// The document.
        digest: Digest,
        /// Its size, in digits, since not every size fits a JavaScript number.
        size: String,
    },
    /// A part of the evidence that could not be read.
    Unread {
        /// Where it begins.
        offset: usize,
        /// How many bytes it has.
        length: usize,
        /// The code of the error, where reading was tried.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why, and the beginning of the text.
        text: String,
    },
}

/// What a document names another as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// An attestation manifest in an index.
    Attestation,
    /// The configuration of a manifest.
    Config,
    /// A layer of a manifest.
    Layer,
    /// A manifest, or an index, in an index.
    Manifest,
    /// What an artifact refers to.
    Subject,
}

/// What an image identifier identifies: docker's classic image store uses the configuration's
/// digest, the containerd store that of the manifest or index that was pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum IdKind {
    /// The image configuration.
    Config,
    /// The index.
    Index,
    /// The manifest.
    Manifest,
    /// It was not said.
    Unknown,
}

/// How far two images are the same. Each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Not at all.
    Different,
    /// The same uncompressed layers, by the digests that the configurations state.
    Rootfs,
    /// The same configuration, byte for byte.
    Config,
    /// The same manifest, byte for byte.
    Manifest,
    /// The same index, byte for byte.
    Index,
}

/// How a claim is known, weakest first.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
pub enum Standing {
    /// Two sides say different things.
    Contradicted {
        /// What was expected, and by whom.
        expected: Seen,
        /// What was found, and where.
        found: Seen,
    },
    /// Not known; this would settle it.
    Missing {
        /// What to paste or fetch next.
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
    /// Where it came from.
    pub source: Source,
}

/// That something was recomputed here, and the premises that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    check: Check,
    from: Vec<Source>,
}

/// What was recomputed.
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

    /// What was recomputed.
    pub fn check(&self) -> Check {
        self.check
    }

    /// Where the bytes and the premises came from.
    pub fn from(&self) -> &[Source] {
        &self.from
    }
}

/// Who or what something comes from.
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
        /// What was given.
        what: String,
    },
    /// Pasted text.
    Pasted {
        /// The tool that printed it, as far as its form tells.
        tool: String,
    },
}

/// What would settle a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Want {
    /// What to do, with the exact command where there is one.
    pub hint: String,
    /// The digest of the bytes wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Where they can be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The media types to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept: Option<Vec<String>>,
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

    /// Who or what this rests on.
    pub fn sources(&self) -> Vec<&Source> {
        match self {
            Standing::Contradicted { expected, found } => vec![&expected.source, &found.source],
            Standing::Missing { .. } => Vec::new(),
            Standing::Stated { by } => by.iter().collect(),
            Standing::Proven(proof) => proof.from.iter().collect(),
        }
    }
}

impl Want {
    /// What somebody has to do, where no digest is known.
    pub(crate) fn of(hint: impl Into<String>) -> Self {
        Want {
            hint: hint.into(),
            digest: None,
            url: None,
            accept: None,
        }
    }
}

impl Source {
    /// Pasted text in the form of a tool's output.
    pub(crate) fn pasted(tool: &str) -> Self {
        let tool = tool.to_owned();
        Source::Pasted { tool }
    }

    /// A premise.
    pub(crate) fn given(what: &str) -> Self {
        let what = what.to_owned();
        Source::Given { what }
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
