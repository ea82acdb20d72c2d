//! Everything in the evidence, described: each document, what it names, what was said, what
//! could not be read, and what is named and not here.

use crate::chain::{
    Hearsay, Held, Told, check_content, check_document, disagreements, links, want_document,
};
use crate::claim::{
    Claim, Code, IdKind, LAYOUT, Role, Seen, Source, Standing, Statement, Tells, Verdict, Want,
    WantKind, add_source,
};
use crate::digest::{ByDigest, ByText, Digest};
use crate::document::{Document, View};
use crate::error::Error;
use crate::json;
use crate::name::Reference;
use crate::paste::{Finding, candidate};
use crate::record::{Open, Record};
use crate::recover::{How, Likely};
use crate::text::{Parts, joined, shortened};
use crate::trust::is_signature;

/// The evidence in claims.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// Claims about what somebody expected of the documents in the evidence.
    pub(super) expected: Vec<Claim>,
    /// All others.
    pub(super) beside: Vec<Claim>,
    /// The documents that are named and not here.
    pub(super) wants: Vec<Want>,
}

/// `image`: the image that is to be described, where one is named.
pub(super) fn describe(evidence: &Record, image: Option<&Reference>) -> Described {
    let hearsay = evidence.hearsay();
    let mut describer = Describer {
        evidence,
        image,
        named: named_digests(evidence),
        known_as: repositories(evidence, &hearsay),
        hearsay,
        found: Described::default(),
    };
    for held in evidence.pool.iter() {
        describer.held(held);
    }
    for open in &evidence.open {
        describer.open(open);
    }
    describer
        .found
        .expected
        .extend(evidence.mismatches.iter().cloned());
    describer
        .found
        .beside
        .extend(evidence.remarks.iter().cloned());
    describer.said();
    describer.absent();
    describer.found
}

/// A file with the digest that its name says, or that it has another.
pub(super) fn document(evidence: &Record, digest: &Digest) -> Option<Finding> {
    let (tool, claim) = match evidence.pool.get(digest) {
        Some(held) => {
            let kind = held.view.as_ref().map_or("document", View::kind);
            (kind, Claim::new(bytes(held), held.proven()))
        }
        None => ("document", evidence.mismatches.last()?.clone()),
    };
    Some(Finding {
        tool: format!("JSON {tool}"),
        claims: vec![claim],
    })
}

pub(super) struct Describer<'a> {
    pub(super) evidence: &'a Record,
    pub(super) image: Option<&'a Reference>,
    /// Every digest that a document names, and whether it is named as more than content.
    pub(super) named: ByDigest<bool>,
    /// A repository in which a document is known to be.
    pub(super) known_as: ByDigest<Reference>,
    /// The statements about references.
    pub(super) hearsay: Vec<Hearsay>,
    pub(super) found: Described,
}

fn named_digests(evidence: &Record) -> ByDigest<bool> {
    let mut named = ByDigest::default();
    let mut add = |view: &Result<View, Error>| {
        for link in view.as_ref().map(links).unwrap_or_default() {
            named.insert(link.digest(), false);
            if let Some(document) = named.get_mut(link.digest()) {
                *document |= !link.content;
            }
        }
    };
    evidence.pool.iter().for_each(|held| add(&held.view));
    evidence.open.iter().for_each(|open| add(&open.view));
    named
}

/// For each digest the repository that it was printed for, or that what names it was.
fn repositories(evidence: &Record, hearsay: &[Hearsay]) -> ByDigest<Reference> {
    let mut known = ByDigest::default();
    let mut open: Vec<(Digest, Reference)> = Vec::new();
    for h in hearsay {
        match &h.told {
            // An archive has a manifest that no registry needs to have.
            _ if h.by.is_text_of(LAYOUT) => {}
            Told::Keeps(digest)
            | Told::Pins(digest)
            | Told::Resolves(digest)
            | Told::Includes(digest, Role::Manifest, _) => {
                open.push((digest.clone(), h.about.clone()));
            }
            Told::Header(_) | Told::Includes(..) | Told::Identifies(..) => {}
        }
    }
    while let Some((digest, reference)) = open.pop() {
        if known.contains(&digest) {
            continue;
        }
        for link in evidence.pool.view(&digest).map(links).unwrap_or_default() {
            open.push((link.digest().clone(), reference.clone()));
        }
        known.insert(&digest, reference);
    }
    known
}

impl Describer<'_> {
    fn add(&mut self, claim: Claim) {
        if claim.standing.verdict() <= Verdict::Open {
            self.found.expected.push(claim);
        } else {
            self.found.beside.push(claim);
        }
    }

    fn held(&mut self, held: &Held) {
        let digest = held.digest();
        let claim = Claim::new(bytes(held), held.proven());
        let by_somebody = !self.evidence.expectations(digest).is_empty();
        if by_somebody || self.named.contains(digest) {
            self.found.expected.push(claim);
        } else {
            self.found.beside.push(claim);
        }
        if self.evidence.is_circular(digest) {
            self.found.beside.push(circular(held));
        }
        // Content may be anything: that it is no document says nothing against it.
        if held.view.is_ok() || self.named.get(digest) != Some(&false) {
            self.contents(held);
        }
    }

    fn contents(&mut self, held: &Held) {
        if let Ok(view) = &held.view {
            self.found.beside.extend(explanation(held, view));
        }
        let mut claims = Vec::new();
        check_document(&self.evidence.pool, held, true, &mut claims);
        // Anybody who may push can put one beside an image: that says nothing of the image.
        if self.is_beside(held) {
            self.found.beside.extend(claims);
            return;
        }
        for claim in claims {
            self.add(claim);
        }
        check_content(&self.evidence.pool, held, &mut self.found.beside);
    }

    /// True for a manifest of signatures, where an image is described.
    pub(super) fn is_beside(&self, held: &Held) -> bool {
        self.image.is_some() && is_signature(&held.view)
    }

    /// A text that no named digest was found for: it is shown as it is, with the digests that
    /// it may have had before it was printed.
    fn open(&mut self, open: &Open) {
        let (document, source) = (open.text.search.text().clone(), open.source.clone());
        let edits = open.text.edits(&[]);
        let held = Held::seen(document, open.view.clone(), source, edits);
        let other = self.not_as_expected(open, &held);
        // What was said of its reference is of another document then, or of another moment.
        let own = open.own_digest().is_some() || !open.is_exact();
        let contradicted = |claim: &Claim| claim.standing.verdict() == Verdict::Contradicted;
        let alone = other
            .as_ref()
            .is_none_or(|other| !own && !contradicted(other));
        self.found.expected.extend(other);
        if !alone {
            return self.contents(&held);
        }
        let want = match &open.text.about {
            Some(about) => want_document(about, None),
            None => Want::of("the digest that the author or the registry gives for it"),
        };
        let likely = open.text.likely();
        let first = likely.first().cloned();
        let held = match &first {
            Some(first) if first.how == How::Less => Held::seen(
                Document::new(without_newline(held.document.bytes()).to_vec()),
                held.view,
                open.source.clone(),
                first.edits.clone(),
            ),
            _ => held,
        };
        match first {
            Some(first) if !matches!(first.how, How::AsPasted | How::Less) => {
                self.unsure(&held, &first, &want);
            }
            _ => {
                self.found
                    .beside
                    .push(Claim::new(bytes(&held), held.proven()));
                self.contents(&held);
            }
        }
        if !self.found.wants.contains(&want) {
            self.found.wants.push(want.clone());
        }
        let candidates = likely.into_iter().map(candidate);
        let claims = candidates.map(|one| Claim::new(one, Standing::missing(want.clone())));
        self.found.beside.extend(claims);
    }

    /// A text that most probably had other bytes where it was published: that it has the digest which those
    /// would have is open, and what it names is what its printer says.
    fn unsure(&mut self, held: &Held, likely: &Likely, want: &Want) {
        let view = held.view.as_ref().ok();
        let statement = Statement::Bytes {
            digest: likely.digest.clone(),
            media_type: view.and_then(View::media_type).map(shortened),
            edits: likely.edits.clone(),
            size: None,
        };
        let missing = Claim::new(statement, Standing::missing(want.clone()));
        let (expected, beside) = (self.found.expected.len(), self.found.beside.len());
        self.contents(held);
        self.found.beside.insert(beside, missing);
        let expected = self.found.expected.iter_mut().skip(expected);
        let beside = self.found.beside.iter_mut().skip(beside);
        for claim in expected.chain(beside) {
            claim.statement.rename(held.digest(), &likely.digest);
            if let Standing::Proven(_) = claim.standing {
                claim.standing = Standing::stated(held.source());
            }
        }
    }

    /// That somebody named a digest for this very text, and that it was not found: by a tool
    /// that prints bytes as they are it is another document, else its bytes are not known.
    fn not_as_expected(&self, open: &Open, held: &Held) -> Option<Claim> {
        let (digest, by, one_source) = match open.own_digest() {
            Some(digest) => (digest.clone(), self.who_named(digest), true),
            None => self.resolved(open)?,
        };
        let statement = Statement::absent(digest.clone(), None);
        // What another command was told of the tag is of another moment.
        let standing = if one_source && open.is_exact() {
            let expected = Seen::new(digest.as_str(), by);
            let found = Seen::new(as_printed(held), open.source.clone());
            Standing::contradicted(expected, found)
        } else {
            let about = open.text.about.as_ref();
            Standing::missing(match about {
                Some(about) => want_document(about, Some(&digest)),
                None => Want {
                    what: WantKind::Document,
                    digest: Some(digest),
                    ..Want::of("the exact bytes of this document")
                },
            })
        };
        Some(Claim::new(statement, standing))
    }

    /// What the reference that the text was printed for was said to name, by whom, unless that is
    /// something inside the text; and whether it is the sum of what the same command printed.
    fn resolved(&self, open: &Open) -> Option<(Digest, Source, bool)> {
        let about = open.text.about.as_ref()?;
        let inside = open.view.as_ref().map(links).unwrap_or_default();
        self.hearsay.iter().find_map(|h| match &h.told {
            Told::Resolves(digest) if h.about.names_same(about) => {
                let inner = inside.clone().any(|link| link.digest() == digest);
                let here = self.evidence.pool.get(digest).is_some();
                let one_source = h.tells == Tells::Sums && h.moment.paste == open.moment().paste;
                (!inner && !here).then(|| (digest.clone(), h.by.clone(), one_source))
            }
            _ => None,
        })
    }

    fn who_named(&self, digest: &Digest) -> Source {
        let first = self.evidence.expectations(digest).first();
        first.map_or_else(|| Source::given("the reference"), |e| e.by.clone())
    }

    /// Adds the statements of tools and people, each once with all who said it.
    fn said(&mut self) {
        let mut said: ByText<(&Statement, Vec<Source>)> = ByText::default();
        for (statement, source) in &self.evidence.said {
            let text = json::write(statement).unwrap_or_default();
            said.insert(&text, (statement, Vec::new()));
            if let Some((_, by)) = said.get_mut(&text) {
                add_source(by, source.clone());
            }
        }
        let mut claims = Vec::new();
        for (statement, by) in said.into_values() {
            claims.push(self.stated(statement, by));
        }
        claims.extend(disagreements(&self.evidence.pool, &self.hearsay));
        for claim in claims {
            if matches!(claim.standing, Standing::Contradicted { .. }) {
                self.found.expected.push(claim);
            } else {
                self.found.beside.push(claim);
            }
        }
    }

    fn stated(&self, statement: &Statement, by: Vec<Source>) -> Claim {
        if let Some(digest) = statement
            .digest()
            .filter(|digest| digest.algorithm().is_none())
        {
            return Claim::uncomputed(None, digest);
        }
        let standing = match statement {
            Statement::Unread { .. } => {
                Standing::missing(Want::of("say what this is, or ignore it"))
            }
            Statement::Names { parent, digest, .. } => self
                .named_otherwise(parent, digest, &by)
                .unwrap_or(Standing::Stated { by }),
            Statement::Size { digest, size } => self
                .sized(digest, size, &by)
                .unwrap_or(Standing::Stated { by }),
            _ => Standing::Stated { by },
        };
        let statement = match statement {
            Statement::Identifies {
                reference,
                id,
                role: IdKind::Unknown,
            } => Statement::Identifies {
                reference: reference.clone(),
                id: id.clone(),
                role: self.evidence.kind_of(id),
            },
            statement => statement.clone(),
        };
        Claim::new(statement, standing)
    }

    /// That a document was said to name what it does not name, where it is here.
    fn named_otherwise(&self, parent: &Digest, digest: &Digest, by: &[Source]) -> Option<Standing> {
        let held = self.evidence.pool.get(parent)?;
        let links = held.view.as_ref().map(links).ok()?;
        if links.clone().any(|link| link.digest() == digest) {
            return None;
        }
        let named: Vec<&str> = links.map(|link| link.digest().as_str()).collect();
        let found = if named.is_empty() {
            "nothing".to_owned()
        } else {
            joined(&named, " ")
        };
        let expected = Seen::new(digest.as_str(), by.first()?.clone());
        Some(Standing::contradicted(
            expected,
            Seen::new(shortened(&found), held.source()),
        ))
    }

    /// A size that was stated, against the document where it is here.
    fn sized(&self, digest: &Digest, size: &str, by: &[Source]) -> Option<Standing> {
        let held = self.evidence.pool.get(digest)?;
        let found = held.size().to_string();
        let expected = Seen::new(format!("{size} bytes"), by.first()?.clone());
        let found_here = Seen::new(format!("{found} bytes"), held.source());
        (found != size).then(|| Standing::contradicted(expected, found_here))
    }
}

/// The digest of a text as it was pasted, and without the final newline that a terminal adds.
fn as_printed(held: &Held) -> String {
    let digest = held.digest();
    match held.document.bytes() {
        [text @ .., b'\n'] => {
            let without = Digest::sha256(text);
            format!("{without}, or with the final newline {digest}")
        }
        _ => digest.to_string(),
    }
}

fn without_newline(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}

fn bytes(held: &Held) -> Statement {
    let view = held.view.as_ref().ok();
    Statement::Bytes {
        digest: held.digest().clone(),
        media_type: view.and_then(View::media_type).map(shortened),
        edits: held.edits.clone(),
        size: Some(held.size().to_string()),
    }
}

/// Explains an unusual kind of document to the reader.
fn explanation(held: &Held, view: &View) -> Option<Claim> {
    let (code, text) = match view {
        View::Other(crate::document::Other::Schema1 { signed: true }) => (
            Code::Schema1,
            "a docker schema 1 manifest: its digest is that of its payload without the signatures, \
             docker no longer pulls it, and its signatures are not checked here",
        ),
        View::Other(crate::document::Other::Schema1 { signed: false }) => (
            Code::Schema1,
            "a docker schema 1 manifest without signatures; docker no longer pulls it",
        ),
        View::Other(crate::document::Other::Json(Some(kind))) if kind.has("sigstore.bundle") => (
            Code::Other,
            "a Sigstore bundle: a signature, with what is needed to verify it; no image itself",
        ),
        View::Other(crate::document::Other::Json(_)) => (
            Code::Other,
            "JSON that is no image index, manifest or configuration",
        ),
        _ => return None,
    };
    let statement = Statement::note(Some(held.digest()), code, text);
    Some(Claim::new(statement, Standing::stated(held.source())))
}

fn circular(held: &Held) -> Claim {
    let text = "the digest and the document come from the same paste, so a match does not show \
                where they came from";
    let statement = Statement::note(Some(held.digest()), Code::SamePaste, text.to_owned());
    Claim::new(statement, Standing::stated(held.source()))
}
