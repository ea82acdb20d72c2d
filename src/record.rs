//! The record of all evidence: documents by digest, texts that may become documents, and what was
//! said, by whom.
//!
//! Linking is a fixpoint: every digest that some document, statement or question names is
//! looked for in every text, so the order in which things were pasted does not matter.

mod beside;
mod linking;
mod told;
mod unread;

use crate::answer::Once;
use crate::chain::{Hearsay, Held, Moment, Pool, Told, links};
use crate::claim::{
    Claim, Code, IdKind, LAYOUT, Role, Seen, Source, Standing, Statement, Tells, Want,
};
use crate::digest::{Algorithm, ByDigest, Digest};
use crate::document::{Document, Mismatch, Other, View};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::name::Reference;
use crate::paste::{Content, Fidelity, Part, Printout};
use crate::recover::{self, Search, Wanted};
use crate::text::{Parts, parsed};

pub(crate) use beside::ReferrersAt;
use linking::Served;
use told::told;
use unread::UnreadPaste;

/// The file of a layout that lists its images (OCI image spec, image-layout.md).
const TABLE: &str = "index.json";

/// Everything that was given to a session.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) pool: Pool,
    /// Statements with their sources, in the order in which they came.
    pub(crate) said: Vec<(Statement, Source)>,
    /// Those of them that docker printed of Content Trust: its metadata may be here too.
    pub(crate) inspected: Vec<(Statement, Source)>,
    /// Texts for which no named digest was found.
    pub(crate) open: Vec<Open>,
    /// Pastes of which not all was understood.
    unread: Vec<UnreadPaste>,
    /// Claims that came with the evidence itself: bytes supplied that are not what was wanted.
    pub(crate) mismatches: Vec<Claim>,
    /// What was wanted and could not be got.
    pub(crate) failures: Vec<Failure>,
    /// What there is to know of how the evidence was got.
    pub(crate) remarks: Vec<Claim>,
    remarked: Once,
    hearsay: Vec<Hearsay>,
    /// The digests that headers gave for documents wanted by their digest: the digest wanted, the
    /// one in the header.
    headers: Vec<(Digest, Digest, Source)>,
    expected: ByDigest<Vec<Expectation>>,
    /// Every digest that anything names, and those of them that no text was searched for yet.
    wanted: Wanted,
    fresh: Wanted,
    /// Those of them that texts were searched for as they came only.
    later: Wanted,
    /// Those of them for which no size was stated: few, named by people and tools.
    without_size: Vec<Digest>,
    /// What was named since the texts below were searched, and how many of those without a size were
    /// named before.
    since: Wanted,
    served_to: usize,
    /// Texts for which a named digest was found; each may be another document too, as what `jq`
    /// printed is of two that differ in white space only.
    served: Vec<Served>,
    /// The paste that each document came with.
    came_with: ByDigest<usize>,
    pastes: usize,
    /// The part of a paste that is being read.
    part: usize,
    /// The subject of its tool's statements.
    tells: Tells,
    pub(crate) referrers: Vec<ReferrersAt>,
    /// Repositories beside the image's own that have its signatures, as somebody says.
    pub(crate) beside: Vec<Reference>,
    /// Addresses where signatures may be that could not be read, or are not there; and the code of the reason.
    pub(crate) places: Vec<(String, String)>,
    bytes: usize,
}

/// That something wanted could not be got, and why.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) want: Want,
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) from: Source,
}

/// A text whose bytes are not certain.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) text: Printout,
    pub(crate) source: Source,
    pub(crate) view: Result<View, Error>,
    /// The text as it came, if it had to be mended before it was read.
    came: Option<Search>,
    /// True if it was searched as it came, and if all that may be made of it was.
    searched: bool,
    settled: bool,
    paste: usize,
    part: usize,
}

/// That somebody named a digest.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    pub(crate) by: Source,
    size: Option<u64>,
    paste: Option<usize>,
}

impl Record {
    /// Counts bytes that are about to be kept.
    pub(crate) fn weigh(&mut self, bytes: usize) -> Result<(), Error> {
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

    /// Takes in the parts of one paste, and links. `taken`: whether somebody else has taken a part.
    pub(crate) fn add_parts(
        &mut self,
        parts: Vec<Part>,
        pasted: &[u8],
        file: Option<&str>,
        mut taken: impl FnMut(&mut Self, &Part, &Source) -> bool,
    ) {
        self.pastes += 1;
        self.unread
            .extend(UnreadPaste::of(&parts, pasted, file, self.pastes));
        let mut mended = false;
        for (at, part) in parts.into_iter().enumerate() {
            self.part = at;
            self.tells = part.tells;
            let source = Source::text(part.tool, file);
            if taken(self, &part, &source) {
                continue;
            }
            let raw = pasted.get(part.span).unwrap_or_default();
            for statement in part.statements {
                self.say(statement, &source);
            }
            // The table of a layout is made where the layout is: its own digest is nobody's question.
            let is_table =
                source.is_text_of(LAYOUT) && file.is_some_and(|file| file.ends_with(TABLE));
            for text in part.texts.into_iter().filter(|_| !is_table) {
                // What had to be mended is looked for in what came, so that each edit is named.
                let came = mended.then(|| Search::new(raw.to_vec()));
                self.add_text(text, source.clone(), came);
            }
            mended = part.content == Content::Mended;
        }
        self.tells = Tells::Names;
        self.link();
    }

    /// Takes in bytes that were wanted by their digest.
    pub(crate) fn add_wanted(&mut self, bytes: Vec<u8>, digest: &Digest, from: Source) {
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
    pub(crate) fn add_exact(&mut self, bytes: Vec<u8>, about: Option<Reference>, from: Source) {
        let document = Document::new(bytes);
        self.pastes += 1;
        if let Some(about) = about {
            let told = Told::Resolves(document.digest().clone());
            self.tell(about, told, from.clone());
        }
        self.expect(document.digest(), from.clone(), None, None);
        self.keep(Held::new(document, from, Vec::new()));
        self.link();
    }

    /// Takes in a document that is kept beside an image and that nobody named.
    pub(crate) fn add_beside(&mut self, bytes: Vec<u8>, from: Source) {
        self.keep(Held::new(Document::new(bytes), from, Vec::new()));
        self.link();
    }

    /// Takes what a server said the digest of a document is. The reference that it was asked for
    /// decides who is told; a document wanted by its digest is held against it here.
    pub(crate) fn hear(
        &mut self,
        about: Option<Reference>,
        wanted: Option<&Digest>,
        digest: &Digest,
        by: Source,
    ) {
        if digest.algorithm().is_none() {
            // Nothing here can tell whether it is of the same bytes.
            return self.remarks.push(Claim::uncomputed(wanted, digest));
        }
        if let Some(about) = about {
            // Its document may be here by another algorithm, or come.
            self.want(digest, None);
            self.tell(about, Told::Header(digest.clone()), by);
            return self.link();
        }
        let Some(wanted) = wanted.filter(|wanted| *wanted != digest) else {
            return;
        };
        self.headers.push((wanted.clone(), digest.clone(), by));
        if let Some(held) = self.pool.get(wanted).cloned() {
            self.hold_headers(&held);
        } else if wanted.algorithm() == digest.algorithm() {
            self.headers_differ(wanted);
        }
    }

    /// Compares a new document with the digests in headers: a digest by another algorithm may be of
    /// the same bytes.
    fn hold_headers(&mut self, held: &Held) {
        let bytes = held.document.bytes();
        let of = |algorithm: Algorithm| algorithm.digest(bytes);
        self.headers.retain(|(wanted, said, _)| {
            wanted != held.digest() || said.algorithm().map(of).as_ref() != Some(said)
        });
        self.headers_differ(held.digest());
    }

    fn headers_differ(&mut self, wanted: &Digest) {
        let of = |(about, _, _): &mut (Digest, Digest, Source)| about == wanted;
        for (wanted, digest, by) in self.headers.extract_if(.., of).collect::<Vec<_>>() {
            let statement = Statement::note(
                Some(&wanted),
                Code::ContentDigest,
                "the header Docker-Content-Digest names another digest",
            );
            let expected = Seen::new(wanted.as_str(), Source::given("the digest asked for"));
            let standing = Standing::contradicted(expected, Seen::new(digest.as_str(), by));
            self.remarks.push(Claim::new(statement, standing));
        }
    }

    /// Takes something to know of how the evidence was got.
    pub(crate) fn remark(&mut self, statement: Statement, from: Source) {
        let claim = Claim::new(statement, Standing::stated(from));
        if self.remarked.add(&claim) {
            self.remarks.push(claim);
        }
    }

    /// Notes that somebody named a digest.
    pub(crate) fn expect(
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
        let is_known = |e: &Expectation| e.by == by && e.size == size;
        if known.len() < limits::SOURCES && !known.iter().any(is_known) {
            known.push(Expectation { by, size, paste });
        }
    }

    /// The sources, apart from documents, that named this digest.
    pub(crate) fn expectations(&self, digest: &Digest) -> &[Expectation] {
        self.expected
            .get(digest)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// True if only the paste that contains a document names its digest.
    pub(crate) fn is_circular(&self, digest: &Digest) -> bool {
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
            self.tell(about, told, by.clone());
        }
        if self.tells == Tells::ContentTrust {
            self.inspected.push((statement.clone(), by.clone()));
        }
        self.said.push((statement, by.clone()));
    }

    /// Notes what was said of a reference in the part that is being taken in.
    fn tell(&mut self, about: Reference, told: Told, by: Source) {
        let (paste, part) = (self.pastes, self.part);
        let moment = Moment { paste, part };
        self.hearsay.push(Hearsay {
            about,
            told,
            by,
            tells: self.tells,
            moment,
        });
    }

    fn add_text(&mut self, mut text: Printout, source: Source, came: Option<Search>) {
        let (paste, part) = (self.pastes, self.part);
        if let Some((digest, size)) = &text.expected {
            self.expect(&digest.clone(), source.clone(), *size, Some(paste));
        }
        if let Some(digest) = text.about.as_ref().and_then(Reference::digest) {
            self.expect(&digest.clone(), source.clone(), None, Some(paste));
        }
        let read = text.view.take();
        let view = read.unwrap_or_else(|| text.search.text().view());
        self.want_links(&view);
        self.open.push(Open {
            text,
            source,
            view,
            came,
            searched: false,
            settled: false,
            paste,
            part,
        });
    }

    fn want(&mut self, digest: &Digest, size: Option<u64>) {
        if self.wanted.add(digest, size) {
            self.fresh.add(digest, size);
            self.since.add(digest, size);
            if size.is_none() {
                self.without_size.push(digest.clone());
            }
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

    /// The same bytes by another algorithm, where something names them so.
    fn named_otherwise(&self, held: &Held) -> Option<Held> {
        let mut algorithms = self.wanted.algorithms().iter();
        algorithms.find_map(|algorithm| {
            if held.digest().algorithm() == Some(*algorithm) {
                return None;
            }
            let document = Document::by(*algorithm, held.document.bytes().to_vec());
            let named = self.wanted.has(document.digest());
            named.then(|| Held {
                document,
                ..held.clone()
            })
        })
    }

    /// Adds a document and the documents embedded in it (`data`), at any depth.
    fn keep(&mut self, held: Held) {
        let mut new = vec![held];
        while let Some(held) = new.pop() {
            if self.pool.get(held.digest()).is_none() {
                self.want(held.digest(), Some(held.size()));
                self.want_links(&held.view);
                new.extend(held.embedded());
                new.extend(self.named_otherwise(&held));
                self.hold_headers(&held);
            }
            self.pool.add(held);
        }
    }

    /// All statements about references, and texts that were printed for one.
    pub(crate) fn hearsay(&self) -> Vec<Hearsay> {
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
                all.push(Hearsay {
                    about,
                    told,
                    by,
                    tells: Tells::Names,
                    moment: open.moment(),
                });
            }
        }
        all
    }
}

/// The digest of a document that a statement expects to be somewhere.
fn expected_by(statement: &Statement) -> Option<&Digest> {
    match statement {
        Statement::Bytes { .. } | Statement::Candidate { .. } | Statement::Note { .. } => None,
        statement => statement.digest(),
    }
}

/// Bytes that are not what they were said to be.
pub(crate) fn mismatched(expected: &Digest, found: &Digest, from: Source) -> Claim {
    let statement = Statement::absent(expected.clone(), None);
    let expected = Seen::new(expected.as_str(), Source::given("the digest asked for"));
    Claim::new(
        statement,
        Standing::contradicted(expected, Seen::new(found.as_str(), from)),
    )
}

impl Open {
    /// The moment when it was printed.
    pub(crate) fn moment(&self) -> Moment {
        let (paste, part) = (self.paste, self.part);
        Moment { paste, part }
    }

    fn search(&self) -> &Search {
        self.came.as_ref().unwrap_or(&self.text.search)
    }

    fn search_mut(&mut self) -> &mut Search {
        self.came.as_mut().unwrap_or(&mut self.text.search)
    }

    /// The digest that exactly this text was said to have, by itself or its reference.
    pub(crate) fn own_digest(&self) -> Option<&Digest> {
        let stated = self.text.expected.as_ref().map(|(digest, _)| digest);
        stated.or_else(|| self.text.about.as_ref()?.digest())
    }

    /// Whether the tool prints bytes as they are, so that another digest is another document.
    pub(crate) fn is_exact(&self) -> bool {
        self.text.fidelity == Fidelity::Exact
    }
}
