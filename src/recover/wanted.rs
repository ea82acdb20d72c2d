//! The digests looked for.

use crate::digest::{Algorithm, ByDigest, ByText, Digest};

/// The digests looked for, each with the size in bytes where somebody stated it. Where all
/// have one, texts of other sizes are not hashed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    digests: ByDigest<Option<u64>>,
    /// The digests by their first digits, which is what a search remembers of a candidate.
    marks: ByText<Vec<Digest>>,
    sizes: Lengths,
    any_size: bool,
    sha256: bool,
    sha512: bool,
}

/// The first 64 bits of a digest: enough to tell that a candidate is worth checking.
pub(super) type Mark = u64;

impl Wanted {
    /// Adds a digest. Where two sizes are stated for one, neither is believed.
    pub fn add(&mut self, digest: &Digest, size: Option<u64>) {
        match digest.algorithm() {
            Some(Algorithm::Sha256) => self.sha256 = true,
            Some(Algorithm::Sha512) => self.sha512 = true,
            None => return,
        }
        if self.digests.insert(digest, size) {
            let mark = written(mark(digest));
            self.marks.insert(&mark, Vec::new());
            if let Some(marked) = self.marks.get_mut(&mark) {
                marked.push(digest.clone());
            }
        }
        let Some(known) = self.digests.get_mut(digest) else {
            return;
        };
        if *known != size {
            *known = None;
        }
        match *known {
            None => self.any_size = true,
            Some(size) => self.sizes.add(size),
        }
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.digests.len() == 0
    }

    /// Whether a text of this length may be one of those looked for.
    pub(super) fn admits(&self, length: usize) -> bool {
        self.any_size || self.sizes.has(length as u64)
    }

    /// Whether a text of one of these lengths may be one of those looked for.
    pub(super) fn admits_any(&self, lengths: &Lengths) -> bool {
        self.any_size || self.sizes.0.iter().any(|size| lengths.has(*size))
    }

    /// Whether a text whose length lies between these may be one of those looked for.
    pub(super) fn admits_between(&self, least: usize, most: usize) -> bool {
        let sizes = &self.sizes.0;
        let place = sizes.partition_point(|size| *size < least as u64);
        self.any_size || sizes.get(place).is_some_and(|size| *size <= most as u64)
    }

    /// The algorithms of the digests.
    pub(super) fn algorithms(&self) -> impl Iterator<Item = Algorithm> + use<> {
        let sha256 = self.sha256.then_some(Algorithm::Sha256);
        let sha512 = self.sha512.then_some(Algorithm::Sha512);
        sha256.into_iter().chain(sha512)
    }

    /// Whether this digest is looked for.
    pub(crate) fn has(&self, digest: &Digest) -> bool {
        self.digests.contains(digest)
    }

    /// The digests that begin as this one.
    pub(super) fn marked(&self, mark: Mark) -> &[Digest] {
        let marked = self.marks.get(&written(mark));
        marked.map(Vec::as_slice).unwrap_or_default()
    }
}

/// Lengths of texts, each once, in ascending order.
#[derive(Clone, Debug, Default)]
pub(super) struct Lengths(Vec<u64>);

impl Lengths {
    pub(super) fn add(&mut self, length: u64) {
        if let Err(place) = self.0.binary_search(&length) {
            self.0.insert(place, length);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, length: u64) -> bool {
        self.0.binary_search(&length).is_ok()
    }
}

pub(super) fn mark(digest: &Digest) -> Mark {
    let digits = digest.encoded().get(..16);
    digits
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .unwrap_or(0)
}

fn written(mark: Mark) -> String {
    format!("{mark:x}")
}
