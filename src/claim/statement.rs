//! Statements: the sentences that claims are made of.

use std::fmt;

use serde::Serialize;

use crate::digest::Digest;

/// The sentence of a claim. Kinds may be added; those that are there keep their shape.
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
        /// The changes to the pasted text that gave them again.
        edits: Vec<String>,
        /// Their number, in digits, if they are here.
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<String>,
    },
    /// A text whose bytes are not certain would have this digest if it had been changed thus.
    Candidate {
        /// The digest that it would have.
        digest: Digest,
        /// The changes that would have been made to the pasted text.
        edits: Vec<String>,
        /// The reason why it may be the document's digest, or the condition for that.
        meaning: String,
        /// The tools that write in this form, where it is theirs.
        #[serde(skip_serializing_if = "Option::is_none")]
        writer: Option<String>,
        /// The number of its bytes, in digits.
        size: String,
        /// The layout of these bytes: "indented with 3 spaces, no final newline".
        form: String,
    },
    /// The reference is for an image with this identifier.
    Identifies {
        /// The image.
        reference: String,
        /// The identifier, as it was given.
        id: String,
        /// The kind of thing that it identifies.
        #[serde(rename = "as")]
        role: IdKind,
    },
    /// The reference includes this digest; it is not certain which document in it names the digest.
    Includes {
        /// The image.
        reference: String,
        /// The digest.
        digest: Digest,
        /// Its role there.
        #[serde(rename = "as")]
        role: Role,
        /// The platform that it is for.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
    },
    /// A machine keeps the image under this name with this digest: it once pulled, pushed, built or
    /// tagged it so. What the registry in the name has, that does not say.
    Keeps {
        /// The name that it is kept under.
        reference: String,
        /// The digest that is shown for it.
        digest: Digest,
    },
    /// A role's file of a repository's signed metadata, whose keys the file of the role above it
    /// lists (of a root its own), and what it has of the tag that was asked for.
    Metadata {
        /// The repository, with its registry.
        repository: String,
        /// The role: `root`, `1.root`, `targets`, `targets/releases`, `snapshot`, `timestamp`.
        role: String,
        /// Until when it is valid, as it says.
        expires: String,
        /// The ids of the keys that signed it, as the file above it names them.
        keys: Vec<String>,
        /// Of a root, the ids of the keys of the root before it that signed it too.
        before: Vec<String>,
        /// Of a root, those of its keys that are in certificates.
        certificates: Vec<CertifiedKey>,
        /// What was changed in the text that was given, to find its bytes again.
        edits: Vec<String>,
        /// The tag, where the file has it.
        #[serde(skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// The digest of the tag in it.
        #[serde(skip_serializing_if = "Option::is_none")]
        digest: Option<Digest>,
    },
    /// The document `parent` names `digest`.
    Names {
        /// The document that names.
        parent: Digest,
        /// The digest that it names.
        digest: Digest,
        /// The platform that it is named for.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
        /// The role that it is named in.
        #[serde(rename = "as")]
        role: Role,
        /// The size that it is named with, in digits.
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<String>,
    },
    /// Something that a reader should know of a document or a paste and that proves nothing.
    Note {
        /// The document that it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<Digest>,
        /// A stable name for it.
        code: String,
        /// It in words.
        text: String,
    },
    /// A file, a list or a signed statement names the image with this digest: it says which image is
    /// meant. What a registry or a machine has under the name, that does not say.
    Pins {
        /// The image.
        reference: String,
        /// The digest that it is named with.
        digest: Digest,
    },
    /// The document is for this platform.
    Platform {
        /// The manifest.
        digest: Digest,
        /// The platform.
        platform: String,
    },
    /// A registry lists the document as referring to another (OCI distribution spec, "Listing
    /// Referrers").
    Refers {
        /// The document that is listed.
        digest: Digest,
        /// The document that it refers to, by the list.
        subject: Digest,
        /// The type that it is listed with, where it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        artifact_type: Option<String>,
        /// The size that it is listed with, in digits.
        size: String,
        /// The kind of list.
        listed: Listing,
    },
    /// The reference names this digest.
    Resolves {
        /// The reference.
        reference: String,
        /// The digest that it names.
        digest: Digest,
    },
    /// The images are the same at this level.
    Same {
        /// The platform, where the images are compared by platform.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
        /// The level at which the two are the same.
        level: Level,
        /// The reasons why it is no higher, or how it was found.
        reasons: Vec<String>,
    },
    /// Somebody signed this digest.
    Signs {
        /// The signed digest.
        digest: Digest,
        /// The tag that it was signed for.
        #[serde(skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// The signer.
        by: Signatory,
        /// The type of the signed statement about it, where it is not the document itself that is signed.
        #[serde(skip_serializing_if = "Option::is_none")]
        predicate: Option<String>,
        /// Times at which the signature was there, that were checked.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        seen: Vec<Witnessed>,
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
        /// Its first byte.
        offset: usize,
        /// The number of its bytes.
        length: usize,
        /// The code of the error, where reading was tried.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why, and the beginning of the text.
        text: String,
    },
}

/// A key in a certificate, which has an id of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CertifiedKey {
    /// The id of the key in its certificate.
    pub id: String,
    /// The id of the bare key.
    pub bare: String,
    /// From when the certificate is valid (RFC 3339).
    pub from: String,
    /// Until when the certificate is valid (RFC 3339).
    pub until: String,
}

/// A time, and the log or timestamp authority that says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Witnessed {
    /// The time (RFC 3339).
    pub at: String,
    /// Whoever says it.
    pub by: String,
}

/// A signer, as far as the source gives it. Only a key and an identity tell one signer from
/// another; a name can be anybody's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Signatory {
    /// A key.
    Key {
        /// Its id.
        key: String,
    },
    /// An identity in a certificate.
    Identity {
        /// The identity.
        identity: String,
        /// The issuer of its token, which vouches for it.
        issuer: String,
    },
    /// Whatever a tool calls the signer.
    Name {
        /// The name.
        name: String,
    },
}

impl Signatory {
    pub(crate) fn key(id: impl Into<String>) -> Self {
        let key = id.into();
        Signatory::Key { key }
    }

    pub(crate) fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        Signatory::Name { name }
    }

    pub(crate) fn identity(identity: impl Into<String>, issuer: impl Into<String>) -> Self {
        let (identity, issuer) = (identity.into(), issuer.into());
        Signatory::Identity { identity, issuer }
    }
}

impl fmt::Display for Signatory {
    /// In words for a reader; nothing is decided by them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signatory::Key { key: only } | Signatory::Name { name: only } => f.write_str(only),
            Signatory::Identity { identity, issuer } => write!(f, "{identity} (issuer {issuer})"),
        }
    }
}

/// The role in which a document names another.
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
    /// The document that an artifact refers to.
    Subject,
}

/// The ways a registry lists the documents that refer to another (OCI distribution spec, "Listing
/// Referrers").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Listing {
    /// The referrers API.
    Api,
    /// An index under the fallback tag, which anybody who pushes may write.
    FallbackTag,
    /// Neither is there.
    None,
}

/// The documents that an image identifier may identify: docker's classic image store uses the
/// configuration's digest, the containerd store that of the manifest or index that was pulled.
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

impl IdKind {
    /// Its description, for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            IdKind::Config => "the image configuration",
            IdKind::Index => "the index",
            IdKind::Manifest => "the manifest",
            IdKind::Unknown => "it was not said of what",
        }
    }
}

/// The levels at which two images can be the same. Each level includes those before it.
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

impl Statement {
    /// The claim about bytes that are not here.
    pub(crate) fn absent(digest: Digest, media_type: Option<String>) -> Self {
        Self::Bytes {
            digest,
            media_type,
            edits: Vec::new(),
            size: None,
        }
    }

    /// Says the same of another document, where it is about this one.
    pub(crate) fn rename(&mut self, digest: &Digest, other: &Digest) {
        let about = match self {
            Statement::Names { parent, .. } => Some(parent),
            Statement::Note { subject, .. } => subject.as_mut(),
            Statement::Platform { digest, .. } => Some(digest),
            _ => None,
        };
        if let Some(about) = about.filter(|about| **about == *digest) {
            *about = other.clone();
        }
    }

    /// The digest that is stated of a document, where the statement has one.
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Statement::Bytes { digest, .. }
            | Statement::Candidate { digest, .. }
            | Statement::Includes { digest, .. }
            | Statement::Keeps { digest, .. }
            | Statement::Names { digest, .. }
            | Statement::Pins { digest, .. }
            | Statement::Platform { digest, .. }
            | Statement::Refers { digest, .. }
            | Statement::Resolves { digest, .. }
            | Statement::Signs { digest, .. }
            | Statement::Size { digest, .. } => Some(digest),
            Statement::Metadata { digest, .. } => digest.as_ref(),
            Statement::Note { subject, .. } => subject.as_ref(),
            Statement::Authorises { .. }
            | Statement::Identifies { .. }
            | Statement::Same { .. }
            | Statement::Unread { .. } => None,
        }
    }
}
