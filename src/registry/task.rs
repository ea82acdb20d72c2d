//! Something to be got, and how far it is.

use std::collections::{BTreeSet, VecDeque};

use url::Url;

use crate::document;
use crate::limits;

use super::list;

/// Something to be got.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) kind: Kind,
    pub(super) repository: String,
    /// The address that it is about.
    pub(super) home: Url,
    /// The address to ask next: after a redirect or for a further page another than `home`.
    pub(super) at: Url,
    pub(super) redirects: usize,
    pub(super) tries: u32,
    /// How often it was answered that who asks is not known.
    pub(super) denied: u32,
    pub(super) wait: u64,
    /// Pages of a list that were asked for.
    pub(super) pages: BTreeSet<Url>,
    /// Whether something secret was shown: a server may repeat it.
    pub(super) showed: bool,
    pub(super) notes: Vec<String>,
}

/// What is to be got.
#[derive(Debug)]
pub(super) enum Kind {
    Document {
        /// The media types to ask for, in one header each; the next where one finds nothing.
        accept: VecDeque<String>,
        blob: bool,
    },
    Referrers(list::Referrers),
    Tags(list::Tags),
}

impl Kind {
    pub(super) fn accept(&self) -> Option<String> {
        match self {
            Kind::Document { accept, .. } => accept.front().cloned(),
            Kind::Referrers(_) => Some(document::OCI_INDEX.to_owned()),
            Kind::Tags(_) => None,
        }
    }
}

impl Task {
    /// Whether to send it again after a fault that may pass, after what time.
    pub(super) fn retry(&mut self, seconds: Option<u64>) -> bool {
        self.tries += 1;
        if self.tries >= limits::TRIES || seconds.is_some_and(|s| s > limits::RETRY_SECONDS) {
            return false;
        }
        self.wait = match seconds {
            Some(seconds) => seconds * 1000,
            None => 250 << self.tries,
        };
        true
    }
}
