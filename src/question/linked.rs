//! The parts of a question that came from a link, and not from the person who asks.
//!
//! Whoever made the link chose it. So it is named in the answer, and no premise that came from
//! there is said to be given by an author or by a reader.

use serde::{Serialize, Serializer};

use crate::claim::{Claim, Source};
use crate::error::Error;
use crate::name::Reference;
use crate::text::joined;

use super::fields::wrong;
use super::{AUTHOR, Asked, GIVEN_DIGEST, GIVEN_REFERENCE, Question, Trust};

/// A field of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkedPart {
    /// The means by which the author is known.
    By,
    /// The image.
    Image,
    /// The image to compare with.
    Left,
    /// How far the sameness has to go.
    Level,
    /// The platform that the question is limited to.
    Platform,
    /// The image to compare.
    Right,
}

/// The names of all, in order.
const NAMES: [(&str, LinkedPart); 6] = [
    ("by", LinkedPart::By),
    ("image", LinkedPart::Image),
    ("left", LinkedPart::Left),
    ("level", LinkedPart::Level),
    ("platform", LinkedPart::Platform),
    ("right", LinkedPart::Right),
];

/// The fields of a question that came from a link; none where it did not come from one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked(Vec<LinkedPart>);

impl Linked {
    /// Reads the names of fields; only those that the question has count.
    pub(super) fn read(names: &[&str]) -> Result<Self, Error> {
        let is_other = |name: &&&str| !NAMES.iter().any(|(known, _)| known == *name);
        if let Some(other) = names.iter().find(is_other) {
            return Err(wrong("by, image, left, level, platform or right", other));
        }
        let mut parts = Vec::new();
        for (name, part) in NAMES {
            if names.contains(&name) {
                parts.push(part);
            }
        }
        Ok(Linked(parts))
    }

    /// True if nothing came from a link.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if a field came from there.
    pub fn has(&self, part: LinkedPart) -> bool {
        self.0.contains(&part)
    }

    /// Names the link as the source of every premise that came from it.
    pub(crate) fn mark<'c>(&self, asked: &Asked, claims: impl Iterator<Item = &'c mut Claim>) {
        if self.is_empty() {
            return;
        }
        for claim in claims {
            claim
                .standing
                .rename_sources(&|source| self.source(asked, source));
        }
    }

    fn source(&self, asked: &Asked, source: &Source) -> Option<Source> {
        let Source::Given { what } = source else {
            return None;
        };
        let linked = match what.as_str() {
            "the digest asked for"
            | "the evidence"
            | "the question"
            | "the reference"
            | "the rules of Sigstore" => false,
            other if other.starts_with("the trusted root ") => false,
            GIVEN_DIGEST => self.has(LinkedPart::By) || self.references(asked).next().is_some(),
            GIVEN_REFERENCE => self.has(LinkedPart::Image),
            other => match other.strip_prefix("the reference ") {
                Some(name) => self
                    .references(asked)
                    .any(|reference| reference.to_string() == name),
                None => self.has(LinkedPart::By),
            },
        };
        let what = if what == AUTHOR { "a digest" } else { what };
        linked.then(|| Source::link(what))
    }

    /// The references of the question that came from the link.
    fn references<'q>(&self, asked: &'q Asked) -> impl Iterator<Item = &'q Reference> {
        let (image, left, right) = match &asked.question {
            Question::Published { image, .. } => (Some(image), None, None),
            Question::Same { left, right, .. } => (None, Some(left), Some(right)),
            Question::What => (asked.image.as_ref(), None, None),
        };
        let all = [
            (LinkedPart::Image, image),
            (LinkedPart::Left, left),
            (LinkedPart::Right, right),
        ];
        let linked = all.map(|(part, reference)| reference.filter(|_| self.has(part)));
        linked.into_iter().flatten()
    }

    /// The parts from the link, as a sentence of the answer. `address`: where a policy was fetched.
    pub(crate) fn sentence(&self, asked: &Asked, address: Option<&str>) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut words = Vec::new();
        for part in &self.0 {
            words.push(match (part, &asked.question) {
                (LinkedPart::By, Question::Published { by, .. }) => trusted(by, address),
                (LinkedPart::Image, _) => "the image".to_owned(),
                (LinkedPart::Left, _) => "the image to compare with".to_owned(),
                (LinkedPart::Right, _) => "the image in question".to_owned(),
                (LinkedPart::Level, _) => "how far the same".to_owned(),
                (LinkedPart::Platform, _) => "the platform".to_owned(),
                (LinkedPart::By, _) => continue,
            });
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Some(format!(
            "The link chose {}: check that it is what you mean to ask.",
            joined(&words, ", ")
        ))
    }
}

/// The trust in an author, in words.
fn trusted(by: &Trust, address: Option<&str>) -> String {
    match by {
        Trust::Digests(digests) if digests.len() == 1 => "the digest".to_owned(),
        Trust::Digests(_) => "the digests".to_owned(),
        Trust::Identity { .. } => "the identity and its issuer".to_owned(),
        Trust::Keys(_) => "the keys".to_owned(),
        Trust::Signers(_) => "the signer".to_owned(),
        Trust::Policy(_) => match address {
            Some(address) => format!("the policy, at {address}"),
            None => "the policy".to_owned(),
        },
    }
}

impl Serialize for Linked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
