//! An answer: the claims that it rests on, what else there is to see, and what would tell more.

use serde::Serialize;

use crate::claim::{Claim, Difference, Standing, Want};
use crate::digest::ByText;
use crate::json;
use crate::name::Reference;

/// The claims of an answer.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Those that the question rests on.
    pub(crate) rests: Vec<Claim>,
    /// Other claims, for information.
    pub(crate) beside: Vec<Claim>,
    /// What would tell more, where no claim is missing it.
    pub(crate) wants: Vec<Want>,
    /// The meaning of the references now, by the registries that were asked.
    pub(crate) resolved: Vec<Resolved>,
    /// Why what is still wanted could not be got.
    pub(crate) failed: Vec<String>,
    /// The release of the policy that the image is held against.
    pub(crate) release: Option<String>,
    /// The differences between two images that do not match at the level asked for.
    pub(crate) differences: Vec<Difference>,
}

impl Answer {
    /// Adds what is said by another, too.
    pub(crate) fn add(&mut self, other: Answer) {
        self.rests.extend(other.rests);
        self.beside.extend(other.beside);
        self.wants.extend(other.wants);
        self.resolved.extend(other.resolved);
        self.failed.extend(other.failed);
        self.release = self.release.take().or(other.release);
        self.differences.extend(other.differences);
    }

    /// What would settle or tell more, each once.
    pub(crate) fn wanted(&self) -> Vec<Want> {
        let mut wants = missing(&self.rests);
        let mut known = Once::of(&wants);
        let more = self.wants.iter().filter(|want| known.add(want));
        wants.extend(more.cloned());
        wants
    }
}

/// That a registry was asked what a reference means.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) reference: Reference,
    pub(crate) by: By,
    /// True if nothing kept others from answering in the registry's place.
    pub(crate) plainly: bool,
    pub(crate) at: String,
}

/// The speaker who said what a reference means.
#[derive(Debug)]
pub(crate) enum By {
    Registry,
    /// A gateway, by its address.
    Gateway(String),
    /// Another host, by its address: the registry led there, or it was asked in its place.
    Other(String),
}

/// The wants of the missing claims among these, each once.
pub(crate) fn missing(claims: &[Claim]) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    let mut known = Once::default();
    for claim in claims {
        if let Standing::Missing { want } = &claim.standing
            && known.add(want)
        {
            wants.push(want.clone());
        }
    }
    wants
}

/// A set of things that were told already, by their written form, so that each is told once however
/// many there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Once(ByText<()>);

impl Once {
    /// All of these.
    pub(crate) fn of<'a, T: Serialize + 'a>(all: impl IntoIterator<Item = &'a T>) -> Self {
        let mut once = Once::default();
        for one in all {
            once.add(one);
        }
        once
    }

    /// Adds one: whether it is new.
    pub(crate) fn add<T: Serialize>(&mut self, one: &T) -> bool {
        self.0.insert(&text(one), ())
    }

    pub(crate) fn has<T: Serialize>(&self, one: &T) -> bool {
        self.0.get(&text(one)).is_some()
    }
}

fn text<T: Serialize>(one: &T) -> String {
    json::write(one).unwrap_or_default()
}
