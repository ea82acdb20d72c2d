//! Links texts to documents: searches every text for every named digest.

use crate::chain::{Hearsay, Held, Told};
use crate::claim::Tells;
use crate::digest::{Algorithm, Digest};
use crate::document::Document;
use crate::recover::{Recovered, Wanted};

use super::{Open, Record};

/// A text that was found to be a document.
#[derive(Debug)]
pub(super) struct Served {
    open: Open,
    /// True if it is that document as it came.
    exact: bool,
    /// Whether it was searched for all else that is named.
    searched: bool,
}

impl Record {
    /// Looks for every named digest in the texts as they came, until nothing more is found.
    pub(crate) fn link(&mut self) {
        loop {
            self.name_again();
            let fresh = std::mem::take(&mut self.fresh);
            // The last text that came is searched last.
            let read = self.open.last().is_none_or(|text| text.searched);
            if fresh.is_empty() && read {
                return;
            }
            let from = if fresh.is_empty() {
                self.open.partition_point(|text| text.searched)
            } else {
                0
            };
            self.hold_hits(from, &mut |text, wanted| {
                let wanted = if text.searched { &fresh } else { wanted };
                text.searched = true;
                text.search().as_it_came(wanted)
            });
            self.later.add_those(&fresh, |_| true);
        }
    }

    /// Looks for every named digest in all that may be made of the texts, until nothing more is found. This takes
    /// longer than all else, so it is left until an answer is asked for: most texts are documents as they came. A
    /// text that was searched before is searched only for what was named since.
    pub(crate) fn settle(&mut self) {
        self.link();
        loop {
            let later = std::mem::take(&mut self.later);
            let read = self.open.last().is_none_or(|text| text.settled);
            let all = self.unread.last().is_none_or(|text| text.searched);
            if later.is_empty() && read && all && !self.serve_again() {
                return;
            }
            self.hold_hits(0, &mut |text, wanted| {
                let wanted = if text.settled { &later } else { wanted };
                text.settled = true;
                text.search_mut().find(wanted)
            });
            self.link_unread(&later);
            self.link();
        }
    }

    /// Holds the texts, from the n-th on, in which a document is found.
    fn hold_hits(
        &mut self,
        from: usize,
        find: &mut dyn FnMut(&mut Open, &Wanted) -> Option<Recovered>,
    ) {
        let mut hits = Vec::new();
        let texts = self.open.get_mut(from..).unwrap_or_default();
        for (at, text) in (from..).zip(texts) {
            if let Some(recovered) = find(text, &self.wanted) {
                hits.push((at, recovered));
            }
        }
        let mut found = Vec::new();
        take_hits(&mut self.open, hits, &mut found);
        for (recovered, text) in found {
            let exact = recovered.edits().is_empty();
            self.hold(recovered, &text);
            let searched = false;
            self.served.push(Served {
                open: text,
                exact,
                searched,
            });
        }
    }

    /// As [`Self::settle`], for the digests of documents that are not here yet, in what was not read.
    fn link_unread(&mut self, fresh: &Wanted) {
        let mut unread = std::mem::take(&mut self.unread);
        let here = |digest: &Digest| self.pool.get(digest).is_some();
        let new = unread.partition_point(|text| text.searched);
        let (old, new) = unread.split_at_mut(new);
        let mut found = Vec::new();
        let fresh = fresh.without(here);
        for text in old.iter_mut().filter(|_| !fresh.is_empty()) {
            found.extend(text.find(&fresh));
        }
        if !new.is_empty() {
            let all = self.wanted.without(here);
            for text in new {
                found.extend(text.find(&all));
            }
        }
        for (held, paste) in found {
            self.came_with.insert(held.digest(), paste);
            self.keep(held);
        }
        self.unread = unread;
    }

    /// Documents that are named by another algorithm than they were taken by: the same bytes have
    /// both names.
    fn name_again(&mut self) {
        let algorithms = self.fresh.algorithms().iter();
        let others: Vec<Algorithm> = algorithms
            .copied()
            .filter(|algorithm| *algorithm != Algorithm::Sha256)
            .collect();
        for algorithm in others {
            let mut found = Vec::new();
            for held in self.pool.iter() {
                let bytes = held.document.bytes();
                if !self.fresh.admits(bytes.len()) || held.digest().algorithm() == Some(algorithm) {
                    continue;
                }
                let document = Document::by(algorithm, bytes.to_vec());
                if self.fresh.has(document.digest()) {
                    found.push(Held {
                        document,
                        ..held.clone()
                    });
                }
            }
            for held in found {
                self.keep(held);
            }
        }
    }

    /// Looks in the texts that were found already for what is still not here. What came as it is has
    /// another serialisation only where somebody names one, so it is not searched for every size.
    fn serve_again(&mut self) -> bool {
        let later = self.without_size.get(self.served_to..).unwrap_or_default();
        let here = |digest: &Digest| self.pool.get(digest).is_some();
        let named = |digests: &[Digest]| {
            let mut named = Wanted::default();
            for digest in digests.iter().filter(|digest| !here(digest)) {
                named.add(digest, None);
            }
            named
        };
        let new = self.served.partition_point(|served| served.searched);
        let is_new = |exact| {
            let mut new = self.served.iter().skip(new);
            new.any(|served| served.exact == exact)
        };
        let [mut by_name, mut by_size] = [Wanted::default(), Wanted::default()];
        if is_new(true) {
            by_name = named(&self.without_size);
        }
        if is_new(false) {
            by_size = self.wanted.without(here);
        }
        let all = [by_name, by_size];
        let since = [named(later), self.since.without(here)];
        let from = if since.iter().all(Wanted::is_empty) {
            new
        } else {
            0
        };
        self.since = Wanted::default();
        self.served_to = self.without_size.len();
        let mut found = Vec::new();
        for (at, served) in self.served.iter_mut().enumerate().skip(from) {
            let [by_name, by_size] = if served.searched { &since } else { &all };
            let wanted = if served.exact { by_name } else { by_size };
            served.searched = true;
            if wanted.is_empty() {
                continue;
            }
            let hits = served.open.search_mut().find_all(wanted);
            found.extend(hits.into_iter().map(|recovered| (at, recovered)));
        }
        let any = !found.is_empty();
        let served = std::mem::take(&mut self.served);
        for (at, recovered) in found {
            if let Some(served) = served.get(at) {
                self.hold(recovered, &served.open);
            }
        }
        self.served = served;
        any
    }

    fn hold(&mut self, recovered: Recovered, text: &Open) {
        let (document, mut edits) = recovered.into_parts();
        // The text was searched as it came; else its mended form is.
        if text.came.is_none() {
            edits = text.text.edits(&edits);
        }
        let digest = document.digest().clone();
        if let Some(about) = text.text.about.clone() {
            let told = Told::Resolves(digest.clone());
            let (by, moment) = (text.source.clone(), text.moment());
            self.hearsay.push(Hearsay {
                about,
                told,
                by,
                tells: Tells::Names,
                moment,
            });
        }
        self.came_with.insert(&digest, text.paste);
        let source = text.source.clone();
        let held = if document.bytes() == text.text.bytes() {
            Held::seen(document, text.view.clone(), source, edits)
        } else {
            Held::new(document, source, edits)
        };
        self.keep(held);
    }
}

/// Moves the texts with a hit, which are few, from among the others, which keep their order.
fn take_hits(
    texts: &mut Vec<Open>,
    hits: Vec<(usize, Recovered)>,
    found: &mut Vec<(Recovered, Open)>,
) {
    let Some(first) = hits.first().map(|(at, _)| *at) else {
        return;
    };
    let places: Vec<usize> = hits.iter().map(|(at, _)| *at).collect();
    let (mut at, mut places) = (first..texts.len(), places.into_iter().peekable());
    let hit = texts.extract_if(first.., |_| {
        places.next_if(|hit| at.next() == Some(*hit)).is_some()
    });
    found.extend(hits.into_iter().map(|(_, recovered)| recovered).zip(hit));
}
