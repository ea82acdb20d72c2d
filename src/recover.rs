//! From pasted text to the bytes that have the expected digest.
//!
//! Only the digest decides: every candidate is hashed, so a wrong guess cannot pass, and every
//! edit that led to the bytes is named. Candidates come cheapest and likeliest first: the text
//! as it came, its ends and line endings; the text inside prompts, code fences and other wrapping;
//! the JSON in it printed again, tokens kept, in every layout and spelling known; its keys in the
//! orders of known writers; and the output of lossy tools, made whole again.

mod cut;
mod edit;
mod escape;
mod form;
mod hand;
mod join;
mod likely;
mod list;
mod mend;
mod order;
mod prefix;
mod prepared;
mod print;
mod schema1;
mod search;
mod source;
mod spell;
mod terminal;
mod tree;
mod values;
mod wanted;
mod wrapping;
mod writers;

use crate::digest::Digest;
use crate::document::Document;
use crate::limits;

pub(crate) use edit::Edit;
pub(crate) use likely::{Fidelity, How, Likely};
pub use search::Search;
pub use wanted::Wanted;

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

/// The serialisation of `pasted` whose digest is `expected`, and the edits that led there.
///
/// Nothing is recovered from a text without content, or over [`limits::PASTE_BYTES`], whatever is
/// expected.
pub fn recover(pasted: &[u8], expected: &Digest) -> Option<Recovered> {
    if pasted.len() > limits::PASTE_BYTES {
        return None;
    }
    let mut wanted = Wanted::default();
    wanted.add(expected, None);
    search(pasted, &wanted)
}

/// The first serialisation of `pasted`, cheapest first, that has a wanted digest.
pub(crate) fn search(pasted: &[u8], wanted: &Wanted) -> Option<Recovered> {
    Search::new(pasted.to_vec()).find(wanted)
}
