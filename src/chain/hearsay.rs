//! What was said of references, by whom and when.

use crate::claim::{IdKind, Role, Source, Standing, Tells};
use crate::digest::Digest;
use crate::name::Reference;
use crate::platform::Platform;
use crate::registry::word::{Word, word_of};

/// What a tool or a person said of a reference.
#[derive(Clone, Debug)]
pub(crate) struct Hearsay {
    pub(crate) about: Reference,
    pub(crate) told: Told,
    pub(crate) by: Source,
    pub(crate) tells: Tells,
    pub(crate) moment: Moment,
}

impl Hearsay {
    /// How what was said is known. What the registry named in the reference answers is what the
    /// reference means now; what somebody pasted, or what any other host answered, is what they say.
    pub(crate) fn standing(&self) -> Standing {
        if self.by_registry() {
            Standing::premise(self.by.clone())
        } else {
            Standing::stated(self.by.clone())
        }
    }

    /// What the registry named in this reference, or a gateway, answered that it means.
    pub(crate) fn answered(&self, reference: &Reference) -> Option<&Digest> {
        match &self.told {
            Told::Resolves(digest) if self.by_registry() && self.about.names_same(reference) => {
                Some(digest)
            }
            _ => None,
        }
    }

    /// Whether it is the answer of the registry named in the reference, or of a gateway named as such.
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
    /// What it names includes this, for this platform.
    Includes(Digest, Role, Option<Platform>),
    /// A machine keeps this digest under its name.
    Keeps(Digest),
    /// The registry's header says that it names this digest. It is what clients believe that do
    /// not hash, so bytes that are something else are a dispute.
    Header(Digest),
    /// Its image has this identifier.
    Identifies(String, IdKind),
}

impl Told {
    /// The digest that the reference as a whole is said to be.
    pub(super) fn root(&self) -> Option<&Digest> {
        match self {
            Told::Header(digest) | Told::Keeps(digest) | Told::Resolves(digest) => Some(digest),
            Told::Identifies(..) | Told::Includes(..) => None,
        }
    }
}

/// In which paste something was said, and in which part of that. Within a paste what was printed
/// later is newer; which of two pastes is newer nobody says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) paste: usize,
    pub(crate) part: usize,
}
