//! A text in a paste that is a document, or was one before a tool printed it.

use crate::claim::{Claim, Standing, Statement, Want};
use crate::digest::Digest;
use crate::document::View;
use crate::error::Error;
use crate::name::Reference;
use crate::recover::{Edit, Fidelity, How, Likely, Search};

/// A text that is a document, or was one before it was printed.
#[derive(Clone, Debug)]
pub(crate) struct Printout {
    /// The text, and what may be made of it.
    pub(crate) search: Search,
    /// The reference that the document was printed for.
    pub(crate) about: Option<Reference>,
    /// The digest that the tool states for exactly this document, with its size if stated.
    pub(crate) expected: Option<(Digest, Option<u64>)>,
    /// The tool's treatment of the registry's bytes.
    pub(crate) fidelity: Fidelity,
    /// What was changed already in what was pasted, to get this text.
    pub(crate) edits: Vec<Edit>,
    /// The text as it is read as a document, where that is known already.
    pub(crate) view: Option<Result<View, Error>>,
}

impl Printout {
    /// All that was changed in what was pasted, with what was changed in this text.
    pub(crate) fn edits(&self, more: &[String]) -> Vec<String> {
        let mut edits: Vec<String> = self.edits.iter().map(ToString::to_string).collect();
        edits.extend(more.iter().cloned());
        edits
    }

    /// The digests that it may have had before it was printed, likeliest first. It is what the registry sent
    /// only where nothing was taken off it and the tool prints what it gets.
    pub(crate) fn likely(&self) -> Vec<Likely> {
        let mut all = self.search.likely(self.fidelity).to_vec();
        for likely in &mut all {
            if !self.edits.is_empty() {
                likely.certain = false;
                if matches!(likely.how, How::AsPasted | How::Less) {
                    CLEANED.clone_into(&mut likely.meaning);
                }
            }
            likely.edits = self.edits(&likely.edits);
        }
        all
    }

    /// The text, as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.search.text().bytes()
    }

    /// The digests that it may have, each open until something states one of them.
    pub(super) fn add_candidates(&self, claims: &mut Vec<Claim>) {
        let of = self
            .about
            .as_ref()
            .map(|about| format!(" of {about}"))
            .unwrap_or_default();
        for likely in self.likely() {
            let want = Want {
                digest: Some(likely.digest.clone()),
                ..Want::of(format!(
                    "compare with the digest{of} that its author or its registry gives"
                ))
            };
            claims.push(Claim::new(candidate(likely), Standing::missing(want)));
        }
    }
}

/// A digest that a text may have, as a statement.
pub(crate) fn candidate(likely: Likely) -> Statement {
    Statement::Candidate {
        digest: likely.digest,
        edits: likely.edits,
        meaning: likely.meaning,
        writer: likely.writer.map(str::to_owned),
        size: likely.size.to_string(),
        form: likely.form,
    }
}

/// The meaning of a text taken as it is that did not come from a registry.
const CLEANED: &str = "if nothing else than this was changed in what the registry sent";
