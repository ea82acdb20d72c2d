//! The lists of what refers to an image, and the repositories that have them.

use crate::claim::Listing;
use crate::digest::Digest;
use crate::name::Reference;
use crate::registry::address;

use super::Record;

/// The digests that a registry lists as referring to a document.
#[derive(Debug)]
pub(crate) struct ReferrersAt {
    /// The address of the list, which has the digest of the document.
    pub(crate) place: String,
    pub(crate) entries: Vec<Digest>,
    pub(crate) by: Listing,
}

impl Record {
    /// Takes note of a repository that has signatures; one that is named by its policy, too, is one place.
    pub(crate) fn look_in(&mut self, repository: Reference) {
        if !self
            .beside
            .iter()
            .any(|one| one.same_repository(&repository))
        {
            self.beside.push(repository);
        }
    }

    /// The repository of an address: one that is named beside the image's own, or else its own.
    pub(crate) fn home<'a>(&'a self, image: &'a Reference, url: &str) -> &'a Reference {
        let mut beside = self.beside.iter();
        let home = beside.find(|one| address::is_in(one, url));
        home.unwrap_or(image)
    }
}
