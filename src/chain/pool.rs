//! The documents in hand, by digest.

use crate::claim::{Check, Proof, Source, Standing, add_source};
use crate::digest::{Algorithm, ByDigest, Digest};
use crate::document::{Document, View};
use crate::error::Error;

/// A document in hand.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) document: Document,
    pub(crate) view: Result<View, Error>,
    /// The sources of its bytes.
    pub(crate) sources: Vec<Source>,
    /// What was changed in the text that they were found in.
    pub(crate) edits: Vec<String>,
}

impl Held {
    pub(crate) fn new(document: Document, source: Source, edits: Vec<String>) -> Self {
        let view = document.view();
        Held::seen(document, view, source, edits)
    }

    /// A document whose view is there already.
    pub(crate) fn seen(
        document: Document,
        view: Result<View, Error>,
        source: Source,
        edits: Vec<String>,
    ) -> Self {
        Held {
            document,
            view,
            sources: vec![source],
            edits,
        }
    }

    pub(crate) fn digest(&self) -> &Digest {
        self.document.digest()
    }

    pub(crate) fn size(&self) -> u64 {
        self.document.bytes().len() as u64
    }

    /// The first source of the bytes.
    pub(crate) fn source(&self) -> Source {
        let nowhere = || Source::given("the evidence");
        self.sources.first().cloned().unwrap_or_else(nowhere)
    }

    /// The content of these bytes is proven: their digest was computed from them.
    pub(crate) fn proven(&self) -> Standing {
        Standing::Proven(Proof::assertion(Check::Hash, self.sources.clone()))
    }
}

/// All documents in hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    held: ByDigest<Held>,
}

impl Pool {
    /// Adds a document, or one more source of a document that is there.
    pub(crate) fn add(&mut self, held: Held) {
        let digest = held.digest().clone();
        match self.held.get_mut(&digest) {
            None => {
                self.held.insert(&digest, held);
            }
            Some(there) => {
                if held.edits.len() < there.edits.len() {
                    there.edits = held.edits;
                }
                for source in held.sources {
                    add_source(&mut there.sources, source);
                }
            }
        }
    }

    pub(crate) fn get(&self, digest: &Digest) -> Option<&Held> {
        self.held.get(digest)
    }

    /// True if two digests name the same bytes: they are equal, or of one document by two
    /// algorithms.
    pub(crate) fn same(&self, a: &Digest, b: &Digest) -> bool {
        let bytes = |digest| self.get(digest).map(|held| held.document.bytes());
        a == b || (a.algorithm() != b.algorithm() && bytes(a).is_some() && bytes(a) == bytes(b))
    }

    /// One name for all digests of the same bytes: SHA-256, where another was given and they are here.
    pub(crate) fn name(&self, digest: &Digest) -> Digest {
        let other = digest.algorithm() != Some(Algorithm::Sha256);
        match self.get(digest).filter(|_| other) {
            Some(held) => Digest::sha256(held.document.bytes()),
            None => digest.clone(),
        }
    }

    /// True if one of these names the same bytes.
    pub(crate) fn any(&self, all: &[Digest], digest: &Digest) -> bool {
        all.iter().any(|known| self.same(known, digest))
    }

    pub(crate) fn view(&self, digest: &Digest) -> Option<&View> {
        self.held.get(digest)?.view.as_ref().ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().map(|(_, held)| held)
    }

    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }
}
