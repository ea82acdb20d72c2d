//! The digests looked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::{Algorithm, Digest};

/// The digests looked for, each with the size in bytes where somebody stated it. Where all
/// have one, texts of other sizes are not hashed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    digests: BTreeMap<Digest, Option<u64>>,
    /// The digests by their first digits, which is what a search remembers of a candidate.
    marks: BTreeMap<Mark, Vec<Digest>>,
    sizes: BTreeSet<u64>,
    any_size: bool,
    /// The algorithms of the digests.
    sha256: bool,
    sha512: bool,
}

/// The first 64 bits of a digest: enough to tell that a candidate is worth checking.
pub(super) type Mark = u64;

impl Wanted {
    /// Adds a digest. Where two sizes are stated for one, neither is believed.
    pub fn add(&mut self, digest: &Digest, size: Option<u64>) {
        let Some(algorithm) = digest.algorithm() else {
            return;
        };
        self.sha256 |= algorithm == Algorithm::Sha256;
        self.sha512 |= algorithm == Algorithm::Sha512;
        let known = self.digests.entry(digest.clone()).or_insert_with(|| {
            self.marks
                .entry(mark(digest))
                .or_default()
                .push(digest.clone());
            size
        });
        if *known != size {
            *known = None;
        }
        self.any_size |= known.is_none();
        self.sizes.extend(*known);
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// Whether a text of this length may be one of those looked for.
    pub(super) fn admits(&self, length: usize) -> bool {
        self.any_size || self.sizes.contains(&(length as u64))
    }

    /// Whether a text of one of these lengths may be one of those looked for.
    pub(super) fn admits_any(&self, lengths: &BTreeSet<u64>) -> bool {
        self.any_size || self.sizes.iter().any(|size| lengths.contains(size))
    }

    /// Whether a text whose length lies between these may be one of those looked for.
    pub(super) fn admits_between(&self, least: usize, most: usize) -> bool {
        self.any_size
            || self
                .sizes
                .range(least as u64..=most as u64)
                .next()
                .is_some()
    }

    /// The algorithms of the digests.
    pub(super) fn algorithms(&self) -> impl Iterator<Item = Algorithm> + use<> {
        let sha256 = self.sha256.then_some(Algorithm::Sha256);
        let sha512 = self.sha512.then_some(Algorithm::Sha512);
        sha256.into_iter().chain(sha512)
    }

    /// Whether this digest is looked for.
    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.digests.contains_key(digest)
    }

    /// The digests that begin as this one.
    pub(super) fn marked(&self, mark: Mark) -> &[Digest] {
        self.marks.get(&mark).map(Vec::as_slice).unwrap_or_default()
    }
}

pub(super) fn mark(digest: &Digest) -> Mark {
    let digits = digest.encoded().get(..16);
    digits
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .unwrap_or(0)
}
