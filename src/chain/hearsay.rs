//! Statements about references: each with its speaker and its time.

use crate::claim::{IdKind, Role, Source, Standing, Tells};
use crate::digest::Digest;
use crate::name::Reference;
use crate::platform::Platform;
use crate::registry::word::{Word, word_of};

/// A statement by a tool, a person or a server about a reference.
#[derive(Clone, Debug)]
pub(crate) struct Hearsay {
    pub(crate) about: Reference,
    pub(crate) told: Told,
    pub(crate) by: Source,
    pub(crate) tells: Tells,
    pub(crate) moment: Moment,
}

impl Hearsay {
    /// The standing of the statement. The registry named in the reference decides what the reference means now: its
    /// answer is a premise. Pasted text, or the answer of any other host, is only a statement.
    pub(crate) fn standing(&self) -> Standing {
        if self.by_registry() {
            Standing::premise(self.by.clone())
        } else {
            Standing::stated(self.by.clone())
        }
    }

    /// The digest that the registry named in this reference, or a gateway, gave for it.
    pub(crate) fn answered(&self, reference: &Reference) -> Option<&Digest> {
        match &self.told {
            Told::Resolves(digest) if self.by_registry() && self.about.names_same(reference) => {
                Some(digest)
            }
            _ => None,
        }
    }

    /// True for an answer of the registry named in the reference, and for that of a gateway named as such.
    pub(crate) fn by_registry(&self) -> bool {
        match &self.by {
            Source::Fetched { url, .. } => word_of(url, &self.about) != Word::Other,
            _ => false,
        }
    }
}

/// The things that can be said of a reference.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// It names this digest.
    Resolves(Digest),
    /// The image includes this digest, for this platform.
    Includes(Digest, Role, Option<Platform>),
    /// A machine keeps this digest under its name.
    Keeps(Digest),
    /// Somebody names its image with this digest.
    Pins(Digest),
    /// The registry's header says that it names this digest. Clients that do not hash trust this header, so a mismatch
    /// with the bytes is a dispute.
    Header(Digest),
    /// Its image has this identifier.
    Identifies(String, IdKind),
}

impl Told {
    /// The digest that the reference as a whole is said to be.
    pub(super) fn root(&self) -> Option<&Digest> {
        match self {
            Told::Header(digest)
            | Told::Keeps(digest)
            | Told::Pins(digest)
            | Told::Resolves(digest) => Some(digest),
            Told::Identifies(..) | Told::Includes(..) => None,
        }
    }
}

/// The paste, and the part of it, that a statement is from. Within one paste, later output is newer; the order of two
/// pastes is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) paste: usize,
    pub(crate) part: usize,
}
