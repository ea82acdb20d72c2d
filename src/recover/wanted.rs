//! The digests looked for.

use crate::digest::{Algorithm, ByDigest, Digest};

/// The digests looked for, each with the size in bytes where somebody stated it. Where all
/// have one, texts of other sizes are not hashed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    digests: ByDigest<Option<u64>>,
    /// The first digits of the digests, which is what a search remembers of a candidate.
    marks: Ascending,
    sizes: Ascending,
    any_size: bool,
    algorithms: Vec<Algorithm>,
}

/// The first 64 bits of a digest: enough to tell that a candidate is worth checking.
pub(super) type Mark = u64;

impl Wanted {
    /// Adds a digest: whether anything is looked for that was not before. Where two sizes are
    /// stated for one, neither is believed.
    pub fn add(&mut self, digest: &Digest, size: Option<u64>) -> bool {
        let Some(algorithm) = digest.algorithm() else {
            return false;
        };
        if !self.algorithms.contains(&algorithm) {
            // In one order, in whichever order the digests came.
            let least = algorithm == Algorithm::Sha256;
            let place = if least { 0 } else { self.algorithms.len() };
            self.algorithms.insert(place, algorithm);
        }
        let new = self.digests.insert(digest, size);
        if new {
            self.marks.add(mark(digest));
        }
        let Some(known) = self.digests.get_mut(digest) else {
            return new;
        };
        if !new && (known.is_none() || *known == size) {
            return false;
        }
        if *known != size {
            *known = None;
        }
        match *known {
            None => self.any_size = true,
            Some(size) => self.sizes.add(size),
        }
        true
    }

    /// Those of the digests of which this does not hold.
    pub(crate) fn without(&self, holds: impl Fn(&Digest) -> bool) -> Self {
        let mut others = Wanted::default();
        others.add_those(self, |digest| !holds(digest));
        others
    }

    /// Adds those of the others for which this is true.
    pub(crate) fn add_those(&mut self, others: &Self, holds: impl Fn(&Digest) -> bool) {
        for (digest, size) in others.digests.iter().filter(|(digest, _)| holds(digest)) {
            self.add(digest, *size);
        }
    }

    /// True if nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.digests.len() == 0
    }

    /// True if a text of this length may be one of those looked for.
    pub(crate) fn admits(&self, length: usize) -> bool {
        self.any_size || self.sizes.has(length as u64)
    }

    /// True if a text of one of these lengths may be one of those looked for.
    pub(super) fn admits_any(&self, lengths: &Ascending) -> bool {
        self.any_size || self.sizes.meets(lengths)
    }

    /// Whether a text whose length lies between these may be one of those looked for.
    pub(super) fn admits_between(&self, least: usize, most: usize) -> bool {
        let sizes = &self.sizes.0;
        let place = sizes.partition_point(|size| *size < least as u64);
        self.any_size || sizes.get(place).is_some_and(|size| *size <= most as u64)
    }

    /// The algorithms of the digests.
    pub(crate) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// True if this digest is looked for.
    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.digests.contains(digest)
    }

    /// True if a digest looked for begins with this mark.
    pub(super) fn has_marked(&self, mark: Mark) -> bool {
        self.marks.has(mark)
    }

    /// True if a digest looked for begins like one of these.
    pub(super) fn has_any_marked(&self, marks: &Ascending) -> bool {
        self.marks.meets(marks)
    }
}

/// Numbers, each once, in ascending order.
#[derive(Clone, Debug, Default)]
pub(super) struct Ascending(Vec<u64>);

impl Ascending {
    pub(super) fn add(&mut self, number: u64) {
        if let Err(place) = self.0.binary_search(&number) {
            self.0.insert(place, number);
        }
    }

    pub(super) fn has(&self, number: u64) -> bool {
        self.0.binary_search(&number).is_ok()
    }

    /// True if both have a number.
    fn meets(&self, other: &Self) -> bool {
        let (few, many) = if self.0.len() < other.0.len() {
            (self, other)
        } else {
            (other, self)
        };
        few.0.iter().any(|number| many.has(*number))
    }
}

pub(super) fn mark(digest: &Digest) -> Mark {
    let digits = digest.encoded().get(..16);
    digits
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .unwrap_or(0)
}
