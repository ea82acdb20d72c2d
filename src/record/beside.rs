//! Where what is beside an image is: its lists of referrers, and the repositories that have them.

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
    /// The repository in which an address is: one of those beside the image's own, or that.
    pub(crate) fn home<'a>(&'a self, image: &'a Reference, url: &str) -> &'a Reference {
        let mut beside = self.beside.iter();
        let home = beside.find(|one| address::is_in(one, url));
        home.unwrap_or(image)
    }
}
