//! The images of one side, found by platform, and which of them clients take for another's.

use std::collections::BTreeMap;

use crate::chain::{Chain, Image};
use crate::digest::ByText;
use crate::platform::Platform;

/// The images of a chain by the keys of their platforms, so that each of as many as an index may
/// name is found at once.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    images: &'a [Image],
    by_key: ByText<Found>,
    by_machine: ByText<Machine>,
    /// What crane takes for `linux/amd64`.
    default: Option<usize>,
    /// The first whose platform the index does not say.
    unsaid: Option<usize>,
    /// The first whose platform neither its index nor its configuration tells.
    pub(super) unknown: Option<&'a Image>,
}

/// The images for one system and architecture: the first, and the first of each variant.
#[derive(Debug)]
struct Machine {
    first: usize,
    variants: BTreeMap<u32, usize>,
}

/// The images for a platform.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    One(usize),
    /// There are others, the first of which is another image.
    More(usize),
}

impl<'a> Entries<'a> {
    pub(super) fn of(chain: &'a Chain) -> Self {
        let images = chain.images.as_slice();
        let mut entries = Entries {
            images,
            by_key: ByText::default(),
            by_machine: ByText::default(),
            default: chain.default_entry(),
            unsaid: images.iter().position(|image| image.unsaid),
            unknown: images.iter().find(|image| image.platform.is_none()),
        };
        for (at, image) in images.iter().enumerate() {
            if let Some(platform) = &image.platform {
                entries.add(platform, at);
            }
        }
        entries
    }

    fn add(&mut self, platform: &Platform, at: usize) {
        for key in platform.keys() {
            let both = self.both(self.by_key.get(&key).copied(), Found::One(at));
            self.by_key.insert(&key, both);
            if let Some(there) = self.by_key.get_mut(&key) {
                *there = both;
            }
        }
        let machine = platform.machine();
        let new = Machine {
            first: at,
            variants: BTreeMap::new(),
        };
        self.by_machine.insert(&machine, new);
        if let Some(there) = self.by_machine.get_mut(&machine) {
            there.variants.entry(platform.generation()).or_insert(at);
        }
    }

    pub(super) fn image(&self, at: usize) -> Option<&'a Image> {
        self.images.get(at)
    }

    /// The image or images for the same platform as another side's. Two single images are a pair
    /// without one; a platform that neither its index nor its configuration tells is nobody's pair.
    pub(super) fn for_same(&self, other: &Image, others: usize) -> Option<Found> {
        let found = other.platform.as_ref().and_then(|p| self.for_platform(p));
        match (found, self.images) {
            (None, [one]) if others == 1 => {
                let unknown = one.platform.is_none() || other.platform.is_none();
                unknown.then_some(Found::One(0))
            }
            (found, _) => found,
        }
    }

    fn for_platform(&self, platform: &Platform) -> Option<Found> {
        let mut found = None;
        for ask in platform.asks() {
            if let Some(there) = self.by_key.get(&ask) {
                found = Some(self.both(found, *there));
            }
        }
        found
    }

    fn both(&self, found: Option<Found>, there: Found) -> Found {
        let manifest = |at| {
            let (digest, _) = self.image(at)?.manifest.as_ref()?;
            Some(digest)
        };
        let same = |a, b| a == b || (manifest(a).is_some() && manifest(a) == manifest(b));
        match (found, there) {
            (None, there) => there,
            (Some(Found::One(a)), Found::One(b)) if same(a, b) => Found::One(a),
            (Some(Found::One(a) | Found::More(a)), _) => Found::More(a),
        }
    }

    /// Whether an entry of the index says that it is for the same platform.
    fn says(&self, platform: &Platform) -> bool {
        let said = |at| self.image(at).is_some_and(|image| !image.unsaid);
        match self.for_platform(platform) {
            Some(Found::One(at)) => said(at),
            Some(Found::More(_)) => true,
            None => false,
        }
    }

    /// The image that clients take here where they take `other` there, for whose platform nothing is
    /// here: the next lower variant, or for what is asked for without a variant the first.
    pub(super) fn instead_of(&self, there: &Entries, other: usize) -> Option<usize> {
        let image = there.image(other)?;
        let blindly = image.unsaid.then(|| self.taken_blindly(there, other));
        if let Some(at) = blindly.flatten() {
            return Some(at);
        }
        let platform = image.platform.as_ref()?;
        let machine = platform.machine();
        let here = self.by_machine.get(&machine)?;
        let lower = here.variants.range(..=platform.generation()).next_back();
        let is_first = there.by_machine.get(&machine)?.first == other;
        lower.map(|(_, at)| *at).or(is_first.then_some(here.first))
    }

    /// The image here for which clients that do not look into images take one there whose index does
    /// not say its platform.
    fn taken_blindly(&self, there: &Entries, other: usize) -> Option<usize> {
        if there.default == Some(other) && self.default.is_some() {
            return self.default;
        }
        if there.unsaid != Some(other) {
            return None;
        }
        let unsaid_there = |image: &Image| {
            let platform = image.platform.as_ref();
            platform.is_some_and(|platform| !there.says(platform))
        };
        self.images.iter().position(unsaid_there)
    }
}
