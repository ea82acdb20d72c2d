//! A question being answered: evidence in, wants out, a report at any time.
//!
//! A session does no I/O and reads no clock. A person who pastes, a file that is dropped or a fetch
//! gives it the bytes that it wants. All evidence comes through one door, [`Session::take`].
//!
//! ```
//! use pullproof::claim::Verdict;
//! use pullproof::question::Question;
//! use pullproof::session::Session;
//! use pullproof::UnixTime;
//!
//! let mut session = Session::new(Question::What);
//! session.paste(b"nothing that any tool prints", None)?;
//! let report = session.report(UnixTime(0));
//! assert_eq!(report.verdict, Verdict::Open);
//! # Ok::<(), pullproof::Error>(())
//! ```

mod absent;
mod below;
mod described;
mod fetched;
mod limited;
mod own_tool;
mod referrers;
mod report;
mod summary;

use crate::answer::{Answer, Once};
use crate::chain::{self, Told};
use crate::claim::{
    Claim, Code, Level, Seen, Source, Standing, Statement, Verdict, Want, WantKind,
};
use crate::compare;
use crate::document::View;
use crate::error::{Error, ErrorKind};
use crate::evidence::Evidence;
use crate::limits;
use crate::name::Reference;
use crate::paste::{self, Finding};
use crate::question::{Asked, GIVEN_DIGEST, GIVEN_REFERENCE, Question, Trust, wrong};
use crate::record::{Failure, Record};
use crate::registry::address;
use crate::sigstore::ShippedRoots;
use crate::text::{cut_to, shortened};
use crate::time::UnixTime;
use crate::trust::{self, About, Schemes};

use own_tool::in_own_tool;
use referrers::ListedReferrers;

pub use report::{Report, Subject};

/// A question being answered.
#[derive(Debug)]
pub struct Session {
    asked: Asked,
    evidence: Record,
    /// The ways to be known as an author, each with evidence of its own.
    schemes: Schemes,
    referrers: Vec<ListedReferrers>,
    /// The addresses that were wanted for signatures.
    offered: Vec<String>,
}

impl Session {
    /// A question without any evidence yet.
    pub fn new(question: Question) -> Self {
        Session::asking(question.into())
    }

    /// A question, perhaps limited to one platform.
    pub fn asking(asked: Asked) -> Self {
        Session::with_roots(asked, &ShippedRoots::default())
    }

    /// A question to whose signatures these trusted roots belong, unless one is given.
    pub fn with_roots(asked: Asked, roots: &ShippedRoots) -> Self {
        let mut evidence = Record::default();
        let of_image = asked.image.as_ref().and_then(Reference::digest).cloned();
        for digest in asked.question.digests().into_iter().chain(of_image) {
            evidence.expect(&digest, Source::given(GIVEN_DIGEST), None, None);
        }
        if let Question::Published { image, by } = &asked.question {
            evidence.beside = by.signatures(image);
        }
        Session {
            schemes: Schemes::of(&asked.question, roots),
            asked,
            evidence,
            referrers: Vec::new(),
            offered: Vec::new(),
        }
    }

    /// Takes evidence, in any order; returns what was recognised in pasted text.
    ///
    /// # Errors
    /// The evidence is over a limit, alone or with all that is here, or a list cannot be read.
    pub fn take(&mut self, evidence: Evidence) -> Result<Vec<Finding>, Error> {
        match evidence {
            Evidence::Bytes { want, bytes, from } => return self.take_bytes(&want, bytes, from),
            Evidence::Failed {
                want,
                code,
                text,
                from,
            } => self.take_failure(want, code, &text, from),
            Evidence::Header { want, digest, from } => {
                let about = self.named_by(&want).filter(|_| want.digest.is_none());
                self.evidence
                    .hear(about, want.digest.as_ref(), &digest, from);
            }
            Evidence::Listed {
                want,
                by,
                descriptors,
                from,
            } => {
                self.evidence.weigh(descriptors.len())?;
                let listed = ListedReferrers::read(want, by, &descriptors, from)?;
                self.evidence
                    .referrers
                    .extend(listed.as_ref().map(ListedReferrers::named));
                self.referrers.extend(listed);
            }
            Evidence::Note { code, text, from } => {
                if code == Code::SignaturesIn.word() {
                    self.evidence.look_in(text.parse()?);
                }
                self.remark(&code, &text, from);
            }
            Evidence::Paste {
                pasted,
                about,
                file,
            } => return self.take_paste(&pasted, about.as_ref(), file.as_deref()),
        }
        Ok(Vec::new())
    }

    /// A short hand for [`Evidence::Paste`]. `about`: the reference of the text, where it names none.
    ///
    /// # Errors
    /// As [`Session::take`].
    pub fn paste(
        &mut self,
        pasted: &[u8],
        about: Option<&Reference>,
    ) -> Result<Vec<Finding>, Error> {
        let (pasted, about) = (pasted.to_vec(), about.cloned());
        let file = None;
        self.take(Evidence::Paste {
            pasted,
            about,
            file,
        })
    }

    /// A short hand for [`Evidence::Bytes`].
    ///
    /// # Errors
    /// As [`Session::take`].
    pub fn supply(&mut self, want: &Want, bytes: Vec<u8>, from: Source) -> Result<(), Error> {
        let want = want.clone();
        self.take(Evidence::Bytes { want, bytes, from }).map(drop)
    }

    fn take_paste(
        &mut self,
        pasted: &[u8],
        about: Option<&Reference>,
        file: Option<&str>,
    ) -> Result<Vec<Finding>, Error> {
        if pasted.len() > limits::PASTE_BYTES {
            return Err(Error::new(ErrorKind::LimitExceeded {
                limit: "bytes of one paste",
                allowed: limits::PASTE_BYTES as u64,
            }));
        }
        self.evidence.weigh(pasted.len())?;
        let from = file.map(Source::file);
        if let Some(finding) = self
            .schemes
            .add_saved(&mut self.evidence, pasted, from.as_ref())
        {
            return Ok(vec![finding]);
        }
        let parts = paste::read(pasted, about)?;
        let mut findings = paste::findings(&parts);
        self.schemes.describe(&parts, &mut findings);
        let schemes = &mut self.schemes;
        self.evidence
            .add_parts(parts, pasted, file, |evidence, part, source| {
                schemes.add_part(evidence, part, source)
            });
        Ok(findings)
    }

    fn take_bytes(
        &mut self,
        want: &Want,
        bytes: Vec<u8>,
        from: Source,
    ) -> Result<Vec<Finding>, Error> {
        // The want has the digest of the document that is referred to, not of the list.
        if want.what == WantKind::Referrers {
            return Err(wrong("what is listed as referring to it", "bytes"));
        }
        if bytes.len() > limits::DOCUMENT_BYTES {
            return Err(Error::new(ErrorKind::LimitExceeded {
                limit: "bytes of one document",
                allowed: limits::DOCUMENT_BYTES as u64,
            }));
        }
        self.evidence.weigh(bytes.len())?;
        if let Some(digest) = &want.digest {
            let is_file = matches!(from, Source::File { .. });
            self.evidence.add_wanted(bytes, digest, from);
            let found = described::document(&self.evidence, digest);
            return Ok(Vec::from_iter(found.filter(|_| is_file)));
        }
        if want.what == WantKind::Signatures {
            // Anybody may push under that tag: what is no signature has no part in the answer.
            if trust::is_signature(&View::read(&bytes)) {
                self.evidence.add_beside(bytes, from);
            } else {
                let place = want.url.clone().unwrap_or_default();
                self.evidence.places.push((place, "other-bytes".to_owned()));
            }
            return Ok(Vec::new());
        }
        let (schemes, evidence) = (&mut self.schemes, &mut self.evidence);
        if schemes.add_saved(evidence, &bytes, Some(&from)).is_some()
            || schemes.add_single(evidence, &bytes, &from)
        {
            return Ok(Vec::new());
        }
        let about = self.named_by(want);
        self.evidence.add_exact(bytes, about, from);
        Ok(Vec::new())
    }

    /// A failed want remains a want. Referrers are not part of the question, so failing to list them is only a remark.
    fn take_failure(&mut self, want: Want, code: String, text: &str, from: Source) {
        if matches!(want.what, WantKind::Referrers | WantKind::Signatures) {
            let place = want.url.unwrap_or_default();
            self.evidence.places.push((place, code.clone()));
            // Few images have any.
            if want.what == WantKind::Signatures && code == Code::NotFound.word() {
                return;
            }
            let text = format!("its referrers could not be listed: {text}");
            return self.remark(Code::Referrers.word(), &text, from);
        }
        let text = shortened(text);
        self.evidence.failures.push(Failure {
            want,
            code,
            text,
            from,
        });
    }

    fn remark(&mut self, code: &str, text: &str, from: Source) {
        let most = match code {
            code if code == Code::PolicySource.word() => limits::POLICY_SOURCE_CHARS,
            _ => limits::QUOTED_CHARS,
        };
        let statement = Statement::told(None, code, cut_to(text, most));
        self.evidence.remark(statement, from);
    }

    /// The reference whose document is wanted.
    fn named_by(&self, want: &Want) -> Option<Reference> {
        let all = self.references().into_iter();
        let all = all.flat_map(|reference| [tagged(&reference), Some(reference)]);
        all.flatten()
            .find(|reference| want.url.as_ref() == Some(&address::manifest(reference)))
    }

    /// Everything that would help to answer: missing documents; what a tag means now, until a registry
    /// was asked; the referrers of an image; and signed metadata.
    pub fn wants(&mut self) -> Vec<Want> {
        self.evidence.settle();
        let mut wants = match self.asked.question {
            Question::What => self.answer(None).1,
            _ => self.asked(None).wanted(),
        };
        for want in self.tags_to_ask() {
            if !wants.contains(&want) {
                wants.push(want);
            }
        }
        if let Question::Published { image, by } = &self.asked.question {
            for want in self.schemes.wants(image, by) {
                if !wants.contains(&want) {
                    wants.push(want);
                }
            }
        }
        self.offer(&mut wants);
        wants
    }

    /// The answer as far as the evidence goes, at this time: signatures are for a while, digests
    /// for ever.
    pub fn report(&mut self, now: UnixTime) -> Report {
        self.evidence.settle();
        let (mut answer, mut wants) = self.answer(Some(now));
        in_own_tool(&self.evidence, &mut answer, &mut wants);
        let all = answer.rests.iter_mut().chain(&mut answer.beside);
        self.asked.linked.mark(&self.asked, all);
        let verdict = Verdict::weakest(answer.rests.iter().map(|claim| &claim.standing));
        let summary = summary::summary(&self.asked, verdict, &answer, &self.evidence);
        let rests = answer.rests.len();
        let mut claims = answer.rests;
        claims.extend(answer.beside);
        Report {
            question: self.asked.question.clone(),
            verdict,
            headline: summary.headline,
            summary: summary.sentence,
            conditions: summary.conditions,
            rests,
            claims,
            wants,
            platform: self.asked.platform.clone(),
            image: self.asked.image.clone(),
            differences: answer.differences,
            linked: self.asked.linked.clone(),
            release: answer.release,
            subject: summary.subject,
        }
    }

    fn references(&self) -> Vec<Reference> {
        match &self.asked.question {
            Question::Published { image, .. } => vec![image.clone()],
            Question::Same { left, right, .. } => vec![left.clone(), right.clone()],
            Question::What => self.asked.image.iter().cloned().collect(),
        }
    }

    /// The answer to the question itself, without other information.
    fn asked(&self, now: Option<UnixTime>) -> Answer {
        match &self.asked.question {
            Question::Published { image, by } => self.published(image, by, now),
            Question::Same { left, right, level } => self.same(left, right, *level),
            Question::What => Answer::default(),
        }
    }

    fn answer(&self, now: Option<UnixTime>) -> (Answer, Vec<Want>) {
        let mut answer = self.asked(now);
        let described = described::describe(&self.evidence, self.asked.image.as_ref());
        if self.asked.question == Question::What {
            answer.rests = described.expected;
            answer.beside = described.beside;
            answer.beside.extend(self.shown(now));
            let mut wants = described.wants;
            if let Some(image) = &self.asked.image {
                let chain = chain::assemble(&self.evidence.pool, &self.evidence.hearsay(), image);
                answer.resolved.extend(Self::resolved(&chain));
            }
            if let Some(want) = self.image_wanted() {
                answer.rests.push(fetched::unknown_image(&want));
                wants.push(want);
            }
            self.describe_resolutions(&mut answer);
            self.referred(&mut answer, &mut wants);
            self.failed(&mut answer, &wants);
            return (answer, wants);
        }
        let wants = answer.wanted();
        let rests = Once::of(&answer.rests);
        let statements = Once::of(answer.rests.iter().map(|claim| &claim.statement));
        let expected = described.expected.into_iter();
        answer
            .beside
            .extend(expected.filter(|claim| !rests.has(claim)));
        for claim in described.beside {
            let stated = claim.standing.verdict() == Verdict::Stated;
            if !stated || !statements.has(&claim.statement) {
                answer.beside.push(claim);
            }
        }
        answer.beside.extend(self.resolutions());
        self.failed(&mut answer, &wants);
        (answer, wants)
    }

    /// What schemes have to show, when no question asks for it.
    fn shown(&self, now: Option<UnixTime>) -> Vec<Claim> {
        let evidence = &self.evidence;
        let Some(image) = &self.asked.image else {
            return self.schemes.shows(evidence, None, now);
        };
        let chain = chain::assemble(&evidence.pool, &evidence.hearsay(), image);
        let about = About {
            evidence,
            chain: &chain,
            by: &Trust::Digests(Vec::new()),
            only: None,
            now,
        };
        self.schemes.shows(evidence, Some(&about), now)
    }

    fn same(&self, left: &Reference, right: &Reference, level: Level) -> Answer {
        let hearsay = self.evidence.hearsay();
        let pool = &self.evidence.pool;
        let mut wants = Vec::new();
        let [left, right] = [(left, right), (right, left)].map(|(side, other)| {
            let (named, want) = self.own_answer(side, other, &hearsay).unzip();
            wants.extend(want.flatten());
            chain::assemble_as(pool, &hearsay, side, named)
        });
        let found = compare::compare(pool, (&left, &right), level, self.asked.platform.as_ref());
        wants.extend(found.wants);
        let mut answer = Answer {
            rests: found.rests,
            beside: found.beside,
            wants,
            resolved: [&left, &right]
                .into_iter()
                .filter_map(Self::resolved)
                .collect(),
            failed: Vec::new(),
            release: None,
            differences: found.differences,
        };
        let attestations = level == Level::Index;
        self.hold_below(&mut answer, &[&left, &right], attestations);
        for side in [&left, &right] {
            answer.beside.extend(self.moved(&side.reference));
        }
        answer
    }

    fn published(&self, image: &Reference, by: &Trust, now: Option<UnixTime>) -> Answer {
        let chain = chain::assemble(&self.evidence.pool, &self.evidence.hearsay(), image);
        let only = self.asked.platform.as_ref();
        let about = About {
            evidence: &self.evidence,
            chain: &chain,
            by,
            only,
            now,
        };
        let (onward, mut answer) = self.schemes.published(&about);
        let chain = onward.unwrap_or(chain);
        if let Some(only) = only {
            // Wanted first: it decides whether the rest matters.
            let without = limited::without(&self.evidence, &chain, only);
            answer.rests.splice(..0, without);
        }
        self.hold_below(&mut answer, &[&chain], false);
        answer.resolved.extend(Self::resolved(&chain));
        answer.beside.extend(self.moved(image));
        answer
    }

    /// A reference with a tag and a digest names the digest. What the tag alone was said to name
    /// is shown where it is something else.
    fn moved(&self, reference: &Reference) -> Option<Claim> {
        let digest = reference.digest()?;
        let tagged = tagged(reference)?;
        self.evidence
            .hearsay()
            .into_iter()
            .find_map(|h| match h.told {
                Told::Resolves(found) | Told::Header(found)
                    if h.about.names_same(&tagged) && found != *digest =>
                {
                    let statement = Statement::Resolves {
                        reference: tagged.to_string(),
                        digest: digest.clone(),
                    };
                    let given = Source::given(GIVEN_REFERENCE);
                    let expected = Seen::new(digest.as_str(), given);
                    let found = Seen::new(found.as_str(), h.by);
                    Some(Claim::new(
                        statement,
                        Standing::contradicted(expected, found),
                    ))
                }
                _ => None,
            })
    }
}

/// The tag of a reference that has a digest too.
fn tagged(reference: &Reference) -> Option<Reference> {
    reference.digest()?;
    reference.with_tag(reference.tag()?).ok()
}
