//! The three questions, and what an author is known by.

mod fields;
mod form;
mod linked;

use std::sync::Arc;

use crate::claim::Level;
use crate::digest::Digest;
use crate::name::Reference;
use crate::platform::Platform;
use crate::policy::{Policy, PolicySigner};
use crate::signature::PublicKey;

pub(crate) use fields::{FormFields, wrong};
pub(crate) use form::QuestionForm;
pub use linked::{Linked, LinkedPart};

/// The premises of a question that are in neither an author's nor a policy's name.
pub(crate) const GIVEN_DIGEST: &str = "a digest in the question";
pub(crate) const GIVEN_REFERENCE: &str = "the reference in the question";

/// The premise of a digest that was given.
pub(crate) const AUTHOR: &str = "a digest that the author published";

/// The question itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Is `image` what its author published?
    Published {
        /// The image.
        image: Reference,
        /// The trust in the author.
        by: Trust,
    },
    /// Is `right` the image that `left` is?
    Same {
        /// The image to compare with.
        left: Reference,
        /// The image to compare.
        right: Reference,
        /// How far the sameness has to go.
        level: Level,
    },
    /// Which documents are these, and how do they link?
    What,
}

/// The means by which an author is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Digests that the author published.
    Digests(Vec<Digest>),
    /// An identity in certificates, exactly.
    Identity {
        /// The subject, for example an email address or a workflow's address.
        identity: String,
        /// The issuer that vouches for it.
        issuer: String,
    },
    /// Keys of the author.
    Keys(Vec<PublicKey>),
    /// Signers with Sigstore, each of whom is enough.
    Signers(Vec<PolicySigner>),
    /// The author's statement about all releases.
    Policy(Arc<Policy>),
}

impl Question {
    /// The digests that the question names.
    pub(crate) fn digests(&self) -> Vec<Digest> {
        let mut digests = Vec::new();
        match self {
            Question::Published { image, by } => {
                digests.extend(image.digest().cloned());
                digests.extend(by.digests(image));
            }
            Question::Same { left, right, .. } => {
                digests.extend(left.digest().cloned());
                digests.extend(right.digest().cloned());
            }
            Question::What => {}
        }
        digests
    }
}

impl Trust {
    /// The digests that an image may have for this trust: text that was pasted may be theirs.
    pub(crate) fn digests(&self, image: &Reference) -> Vec<Digest> {
        match self {
            Trust::Digests(digests) => digests.clone(),
            Trust::Policy(policy) => policy.digests_of(image),
            Trust::Identity { .. } | Trust::Keys(_) | Trust::Signers(_) => Vec::new(),
        }
    }

    /// The repositories, each once, where the signers' signatures of an image are looked for, beside its own. A policy
    /// that does not cover the image names none for it.
    pub(crate) fn signatures(&self, image: &Reference) -> Vec<Reference> {
        let signers = match self {
            Trust::Policy(policy) if policy.knows(image) => policy.sigstore(),
            Trust::Signers(signers) => signers,
            _ => &[],
        };
        let mut places: Vec<Reference> = Vec::new();
        for place in signers.iter().filter_map(PolicySigner::signatures) {
            if !place.same_repository(image) && !places.contains(place) {
                places.push(place.clone());
            }
        }
        places
    }
}

/// A question and the platform that it is limited to: the form that crosses the boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// Only this platform, where one is named.
    pub platform: Option<Platform>,
    /// Of the question what something is: the image that is to be described, beside what is pasted.
    pub image: Option<Reference>,
    /// The parts of it that came from a link.
    pub linked: Linked,
}

impl From<Question> for Asked {
    /// Asked by a person, of every platform.
    fn from(question: Question) -> Self {
        Asked {
            question,
            platform: None,
            image: None,
            linked: Linked::default(),
        }
    }
}
