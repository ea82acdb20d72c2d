//! The pool of evidence: documents by digest, texts that may become documents, and what was
//! said, by whom.
//!
//! Linking is a fixpoint: every digest that some document, statement or question names is
//! looked for in every text, so the order in which things were pasted does not matter.

mod told;
mod unread;

use crate::chain::{Hearsay, Held, Pool, Told, links};
use crate::claim::{Claim, IdKind, Role, Seen, Source, Standing, Statement, Want};
use crate::digest::{ByDigest, Digest};
use crate::document::{Document, Mismatch, Other, View};
use crate::error::{Error, ErrorKind};
use crate::json::{Parts, parsed};
use crate::limits;
use crate::name::Reference;
use crate::paste::{self, Form, Part, Text};
use crate::recover::{self, Recovered, Search, Wanted};

#[cfg(feature = "trust")]
use super::metadata::Store;
use told::told;
use unread::Unread;

/// Everything that was given to a session.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) pool: Pool,
    /// Statements with their sources, in the order in which they came.
    pub(super) said: Vec<(Statement, Source)>,
    /// Texts for which no named digest was found.
    pub(super) open: Vec<Open>,
    /// Pastes of which not all was understood.
    unread: Vec<Unread>,
    /// Claims that came with the evidence itself: bytes supplied that are not what was wanted.
    pub(super) mismatches: Vec<Claim>,
    /// What was wanted and could not be got.
    pub(super) failures: Vec<Failure>,
    /// What there is to know of how the evidence was got.
    pub(super) remarks: Vec<Claim>,
    /// Signed metadata of notary servers.
    #[cfg(feature = "trust")]
    pub(super) metadata: Store,
    hearsay: Vec<Hearsay>,
    expected: ByDigest<Vec<Expectation>>,
    /// Every digest that anything names, and those of them that no text was searched for yet.
    wanted: Wanted,
    fresh: Wanted,
    /// Which paste a document came with.
    came_with: ByDigest<usize>,
    pastes: usize,
    bytes: usize,
}

/// That something wanted could not be got, and why.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) want: Want,
    pub(super) code: String,
    pub(super) text: String,
    pub(super) from: Source,
}

/// A text whose bytes are not certain.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) text: Text,
    pub(super) source: Source,
    pub(super) view: Result<View, Error>,
    /// What came, where that had to be mended before it was read.
    came: Option<Search>,
    searched: bool,
    paste: usize,
}

/// That somebody named a digest.
#[derive(Clone, Debug)]
pub(super) struct Expectation {
    pub(super) by: Source,
    size: Option<u64>,
    paste: Option<usize>,
}

impl Evidence {
    /// Counts bytes that are about to be kept.
    pub(super) fn weigh(&mut self, bytes: usize) -> Result<(), Error> {
        let over = |limit, allowed: usize| {
            let allowed = allowed as u64;
            Err(Error::new(ErrorKind::LimitExceeded { limit, allowed }))
        };
        if self.bytes.saturating_add(bytes) > limits::EVIDENCE_BYTES {
            return over("bytes of evidence", limits::EVIDENCE_BYTES);
        }
        if self.pool.len() + self.open.len() > limits::DOCUMENTS {
            return over("documents", limits::DOCUMENTS);
        }
        if self.said.len() > limits::STATEMENTS {
            return over("statements", limits::STATEMENTS);
        }
        self.bytes += bytes;
        Ok(())
    }

    /// Takes in the parts of one paste, and links.
    pub(super) fn add_parts(&mut self, parts: Vec<Part>, pasted: &[u8]) {
        self.pastes += 1;
        self.unread.extend(Unread::of(&parts, pasted, self.pastes));
        let mut mended = false;
        for part in parts {
            let source = Source::pasted(part.tool);
            #[cfg(feature = "trust")]
            if part.is_metadata()
                && let Some(text) = part.texts.first()
                && self.add_single(text.bytes(), &source)
            {
                continue;
            }
            let raw = pasted.get(part.span).unwrap_or_default();
            for statement in part.statements {
                self.say(statement, &source);
            }
            for text in part.texts {
                // What had to be mended is looked for in what came, so that each edit is named.
                let came = mended.then(|| Search::new(raw.to_vec()));
                self.add_text(text, source.clone(), came);
            }
            mended = part.tool == paste::MENDED;
        }
        self.link();
    }

    /// Takes in bytes that were wanted by their digest.
    pub(super) fn add_wanted(&mut self, bytes: Vec<u8>, digest: &Digest, from: Source) {
        // The digest of a schema 1 manifest is that of its payload, without the signatures.
        let payload = match View::read(&bytes) {
            Ok(View::Other(Other::Schema1 { signed: true })) => recover::recover(&bytes, digest),
            _ => None,
        };
        if let Some(payload) = payload {
            let (document, edits) = payload.into_parts();
            self.keep(Held::new(document, from, edits));
            return self.link();
        }
        match Document::expect(bytes, digest) {
            Ok(document) => self.keep(Held::new(document, from, Vec::new())),
            Err(mismatch) => self.mismatch(digest, &mismatch, from),
        }
        self.link();
    }

    fn mismatch(&mut self, digest: &Digest, mismatch: &Mismatch, from: Source) {
        self.mismatches.push(if digest.algorithm().is_some() {
            mismatched(digest, &mismatch.found, from)
        } else {
            Claim::uncomputed(None, digest)
        });
    }

    /// Takes in bytes that were wanted for a reference.
    pub(super) fn add_exact(&mut self, bytes: Vec<u8>, about: Option<Reference>, from: Source) {
        let document = Document::new(bytes);
        if let Some(about) = about {
            let told = Told::Resolves(document.digest().clone());
            self.hearsay.push(Hearsay {
                about,
                told,
                by: from.clone(),
            });
        }
        self.expect(document.digest(), from.clone(), None, None);
        self.keep(Held::new(document, from, Vec::new()));
        self.link();
    }

    /// Takes what a server said the digest of a document is. The reference that it was asked for
    /// decides who is told; a document wanted by its digest is held against it here.
    pub(super) fn hear(
        &mut self,
        about: Option<Reference>,
        wanted: Option<&Digest>,
        digest: &Digest,
        by: Source,
    ) {
        if let Some(about) = about {
            let told = Told::Header(digest.clone());
            return self.hearsay.push(Hearsay { about, told, by });
        }
        if let Some(wanted) = wanted.filter(|wanted| *wanted != digest) {
            let statement = Statement::Note {
                subject: Some(wanted.clone()),
                code: "content-digest".to_owned(),
                text: "the header Docker-Content-Digest names another digest".to_owned(),
            };
            let expected = Seen::new(wanted.as_str(), Source::given("the digest asked for"));
            let standing = Standing::contradicted(expected, Seen::new(digest.as_str(), by));
            self.remarks.push(Claim::new(statement, standing));
        }
    }

    /// Takes something to know of how the evidence was got.
    pub(super) fn remark(&mut self, statement: Statement, from: Source) {
        let claim = Claim::new(statement, Standing::stated(from));
        if !self.remarks.contains(&claim) {
            self.remarks.push(claim);
        }
    }

    /// Notes that somebody named a digest.
    pub(super) fn expect(
        &mut self,
        digest: &Digest,
        by: Source,
        size: Option<u64>,
        paste: Option<usize>,
    ) {
        self.want(digest, size);
        self.expected.insert(digest, Vec::new());
        let Some(known) = self.expected.get_mut(digest) else {
            return;
        };
        if !known.iter().any(|e| e.by == by && e.size == size) {
            known.push(Expectation { by, size, paste });
        }
    }

    /// Whether anything names the digest of exactly these bytes.
    pub(super) fn names(&self, text: &Document) -> bool {
        self.wanted.admits(text.bytes().len()) && self.wanted.has(text.digest())
    }

    /// Who named this digest, apart from documents.
    pub(super) fn expectations(&self, digest: &Digest) -> &[Expectation] {
        self.expected
            .get(digest)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether the digest of a document was named by nothing but the paste that it stands in.
    pub(super) fn is_circular(&self, digest: &Digest) -> bool {
        let with = self.came_with.get(digest);
        let expected = self.expectations(digest);
        with.is_some() && !expected.is_empty() && expected.iter().all(|e| e.paste.as_ref() == with)
    }

    fn say(&mut self, statement: Statement, by: &Source) {
        let paste = Some(self.pastes);
        if let Some(digest) = expected_by(&statement) {
            self.expect(digest, by.clone(), None, paste);
        }
        if let Statement::Size { digest, size } = &statement {
            self.expect(digest, by.clone(), parsed(size), paste);
        }
        if let Some((about, told)) = told(&statement) {
            let by = by.clone();
            self.hearsay.push(Hearsay { about, told, by });
        }
        self.said.push((statement, by.clone()));
    }

    fn add_text(&mut self, text: Text, source: Source, came: Option<Search>) {
        let paste = self.pastes;
        if let Some((digest, size)) = &text.expected {
            self.expect(&digest.clone(), source.clone(), *size, Some(paste));
        }
        if let Some(digest) = text.about.as_ref().and_then(Reference::digest) {
            self.expect(&digest.clone(), source.clone(), None, Some(paste));
        }
        let view = text.search.text().view();
        self.want_links(&view);
        let searched = false;
        self.open.push(Open {
            text,
            source,
            view,
            came,
            searched,
            paste,
        });
    }

    fn want(&mut self, digest: &Digest, size: Option<u64>) {
        if self.wanted.add(digest, size) {
            self.fresh.add(digest, size);
        }
    }

    fn want_links(&mut self, view: &Result<View, Error>) {
        for link in view.as_ref().map(links).unwrap_or_default() {
            // No text is an archive.
            let media_type = link.descriptor.media_type.as_deref().unwrap_or_default();
            if link.role != Role::Layer || !media_type.has("tar") {
                self.want(link.digest(), Some(link.descriptor.size));
            }
        }
    }

    /// Adds a document, and what stands whole inside it (`data`), as deep as that goes.
    fn keep(&mut self, held: Held) {
        let mut new = vec![held];
        while let Some(held) = new.pop() {
            if self.pool.get(held.digest()).is_none() {
                self.want(held.digest(), Some(held.size()));
                self.want_links(&held.view);
                new.extend(held.embedded());
            }
            self.pool.add(held);
        }
    }

    /// Looks for every named digest in every text until nothing more is found. A text that was
    /// searched before is searched only for what was named since.
    pub(super) fn link(&mut self) {
        loop {
            let fresh = std::mem::take(&mut self.fresh);
            let read = self.open.iter().all(|text| text.searched);
            if fresh.is_empty() && read && self.unread.iter().all(|text| text.searched) {
                return;
            }
            let mut hits = Vec::new();
            for (at, text) in self.open.iter_mut().enumerate() {
                let wanted = if text.searched { &fresh } else { &self.wanted };
                if wanted.is_empty() && text.searched {
                    continue;
                }
                text.searched = true;
                let search = text.came.as_mut().unwrap_or(&mut text.text.search);
                if let Some(recovered) = search.find(wanted) {
                    hits.push((at, recovered));
                }
            }
            let mut found = Vec::new();
            take_hits(&mut self.open, hits, &mut found);
            for (recovered, text) in found {
                let (document, edits) = recovered.into_parts();
                self.hold(document, edits, text);
            }
            self.link_unread(&fresh);
        }
    }

    /// As [`Self::link`], for the digests of documents that are not here yet, in what was not read.
    fn link_unread(&mut self, fresh: &Wanted) {
        let mut unread = std::mem::take(&mut self.unread);
        for text in &mut unread {
            let wanted = if text.searched { fresh } else { &self.wanted };
            let missing = wanted.without(|digest| self.pool.get(digest).is_some());
            for (held, paste) in text.find(&missing) {
                self.came_with.insert(held.digest(), paste);
                self.keep(held);
            }
        }
        self.unread = unread;
    }

    fn hold(&mut self, document: Document, edits: Vec<String>, text: Open) {
        let digest = document.digest().clone();
        if let Some(about) = text.text.about.clone() {
            let told = Told::Resolves(digest.clone());
            let by = text.source.clone();
            self.hearsay.push(Hearsay { about, told, by });
        }
        self.came_with.insert(&digest, text.paste);
        let held = if document.bytes() == text.text.bytes() {
            Held::seen(document, text.view, text.source, edits)
        } else {
            Held::new(document, text.source, edits)
        };
        self.keep(held);
    }

    /// What an identifier identifies, as far as the documents tell.
    pub(super) fn kind_of(&self, id: &str) -> IdKind {
        let Ok(digest) = id.parse::<Digest>() else {
            return IdKind::Unknown;
        };
        match self.pool.view(&digest) {
            Some(View::Config(_)) => return IdKind::Config,
            Some(View::Index(_)) => return IdKind::Index,
            Some(View::Manifest(_)) => return IdKind::Manifest,
            Some(View::Other(_)) | None => {}
        }
        let views = self.pool.iter().filter_map(|held| held.view.as_ref().ok());
        let is_config =
            |view: &View| matches!(view, View::Manifest(m) if m.config.digest == digest);
        let named = views.into_iter().any(is_config);
        if named {
            IdKind::Config
        } else {
            IdKind::Unknown
        }
    }

    /// What was said of references: by statements, and by texts that were printed for one.
    pub(super) fn hearsay(&self) -> Vec<Hearsay> {
        let mut all = self.hearsay.clone();
        for h in &mut all {
            if let Told::Identifies(id, kind @ IdKind::Unknown) = &mut h.told {
                *kind = self.kind_of(id);
            }
        }
        for open in &self.open {
            let Some(about) = &open.text.about else {
                continue;
            };
            for link in open.view.as_ref().map(links).unwrap_or_default() {
                let digest = link.digest().clone();
                let told = Told::Includes(digest, link.role, link.platform().cloned());
                let (about, by) = (about.clone(), open.source.clone());
                all.push(Hearsay { about, told, by });
            }
        }
        all
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

/// The digest of a document that a statement expects to be somewhere.
fn expected_by(statement: &Statement) -> Option<&Digest> {
    match statement {
        Statement::Bytes { .. } | Statement::Candidate { .. } | Statement::Note { .. } => None,
        statement => statement.digest(),
    }
}

/// Bytes that are not what they were said to be.
pub(super) fn mismatched(expected: &Digest, found: &Digest, from: Source) -> Claim {
    let statement = Statement::absent(expected.clone(), None);
    let expected = Seen::new(expected.as_str(), Source::given("the digest asked for"));
    Claim::new(
        statement,
        Standing::contradicted(expected, Seen::new(found.as_str(), from)),
    )
}

impl Open {
    /// The digest that exactly this text was said to have, by itself or its reference.
    pub(super) fn own_digest(&self) -> Option<&Digest> {
        let stated = self.text.expected.as_ref().map(|(digest, _)| digest);
        stated.or_else(|| self.text.about.as_ref()?.digest())
    }

    /// Whether the tool prints bytes as they are, so that another digest is another document.
    pub(super) fn is_exact(&self) -> bool {
        self.text.form == Form::Exact
    }
}
