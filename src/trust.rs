//! Who an author is known by, and what they vouch for.
//!
//! A [`Scheme`] is one way to be known as an author: by digests that are given, by a publisher's
//! policy, by signed metadata, by what tools state of signatures. Each is one file here, and none
//! knows another. A scheme says for which digests somebody vouches ([`Vouched`]); what of an image
//! that covers is one rule for all of them ([`covered`]), and how several go together is said here.
//! A new scheme is a file and a row of [`SCHEMES`].

mod covered;
mod dct;
mod digests;
mod policy;
mod stated;

use crate::answer::Answer;
use crate::chain::{Chain, Held, Link, assemble, links};
use crate::claim::{Claim, Code, Role, Seen, Source, Standing, Statement, Verdict, Want};
use crate::digest::Digest;
use crate::evidence::Evidence;
use crate::name::Reference;
use crate::paste::{Finding, Part};
use crate::platform::Platform;
use crate::question::{Question, Trust};
use crate::text::joined;
use crate::time::UnixTime;

pub(crate) use covered::covered;

/// Every scheme, in the order in which they are asked: lists of an author before signatures, and
/// what can be proven before what tools state.
const SCHEMES: [fn(&Question) -> Box<dyn Scheme>; 4] = [
    |_| Box::new(digests::Digests),
    |_| Box::new(policy::Listed),
    |question| Box::new(dct::Store::of(question)),
    |_| Box::new(stated::Stated),
];

/// One way to be known as an author: what it still wants, what it vouches for, what there is to
/// see. One that has evidence of its own takes that, too.
pub(crate) trait Scheme: std::fmt::Debug {
    /// What it says of an image; nothing where the author is not known in this way.
    fn vouches(&self, about: &About) -> Option<Testimony>;

    /// What only others than tools could say of the image, as long as none of it is here.
    fn wants(&self, _image: &Reference, _by: &Trust) -> Option<Want> {
        None
    }

    /// What its evidence says, where nothing is asked of it.
    fn shows(&self, _evidence: &Evidence) -> Vec<Claim> {
        Vec::new()
    }

    /// What of its evidence belongs to nothing that could be asked about.
    fn strays(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// Takes files of its own that were saved together, if these are such.
    fn add_saved(
        &mut self,
        _evidence: &mut Evidence,
        _bytes: &[u8],
        _from: Option<&Source>,
    ) -> Option<Finding> {
        None
    }

    /// Takes a single file of its own, if this is one.
    fn add_single(&mut self, _evidence: &mut Evidence, _bytes: &[u8], _from: &Source) -> bool {
        false
    }

    /// Which of its files this is.
    fn heading(&self, _bytes: &[u8], _from: &Source) -> Option<Claim> {
        None
    }
}

/// What is asked of a scheme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) evidence: &'a Evidence,
    /// The image, and what it leads to.
    pub(crate) chain: &'a Chain,
    /// What the author is known by.
    pub(crate) by: &'a Trust,
    /// The one platform that is asked about.
    pub(crate) only: Option<&'a Platform>,
    pub(crate) now: Option<UnixTime>,
}

/// A digest that somebody vouches for: the author, a policy, a key, an identity.
#[derive(Clone, Debug)]
pub(crate) struct Vouched {
    pub(crate) digest: Digest,
    /// The one platform that it is for, where whoever vouches for it says so.
    pub(crate) platform: Option<Platform>,
    /// How it is known that they do.
    pub(crate) standing: Standing,
    /// Whose word it is: the premise of what follows from it.
    pub(crate) by: Source,
    pub(crate) of: Of,
}

/// What a digest is vouched for as.
#[derive(Clone, Debug)]
pub(crate) enum Of {
    /// As what the author published, wherever that was. There may be more that they published.
    Any,
    /// As what the reference in question means.
    Image,
    /// As what is published under this name. An image is that, or it consists of what that
    /// consists of; what it consists of else is not what was published.
    Name(Reference),
}

/// What a scheme says of an image.
#[derive(Debug)]
pub(crate) struct Testimony {
    pub(crate) weight: Weight,
    pub(crate) vouched: Vec<Vouched>,
    /// What rests on the scheme alone, and what else there is to see.
    pub(crate) answer: Answer,
    /// What is shown where another scheme answers, and only states it.
    pub(crate) unproven: Option<Claim>,
}

/// How much what one scheme says counts beside what others say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The author's list: the image has to be on it, whatever is signed.
    Listed,
    /// A signature: enough where the author has no list. Where both are there, what is signed has
    /// to be what is listed; the code is that of the note that it is not.
    Signed(Code),
    /// The author's word that signatures alone decide.
    Unlisted,
}

/// The schemes of one question, each with its own evidence.
#[derive(Debug)]
pub(crate) struct Schemes(Vec<Box<dyn Scheme>>);

/// What all of them said, by how much it counts.
#[derive(Debug, Default)]
struct Said {
    listed: Option<Testimony>,
    signed: Option<Testimony>,
    unlisted: Option<Testimony>,
    /// Those that do not answer.
    silent: Vec<Testimony>,
}

impl Schemes {
    pub(crate) fn of(question: &Question) -> Self {
        Schemes(SCHEMES.iter().map(|scheme| scheme(question)).collect())
    }

    /// Whether an image is what its author published. With it comes the chain of the image, where
    /// that goes on from what is signed.
    pub(crate) fn published(&self, about: &About) -> (Option<Chain>, Answer) {
        let mut said = Said::default();
        for scheme in &self.0 {
            // The first signature that answers does: the schemes after it are not asked.
            if said.signed.is_none()
                && let Some(testimony) = scheme.vouches(about)
            {
                said.add(testimony);
            }
        }
        let onward = said.onward(about);
        let chain = onward.as_ref().unwrap_or(about.chain);
        let mut answer = disputed(chain);
        answer.add(said.answer(&About { chain, ..*about }));
        let strays = self.0.iter().flat_map(|scheme| scheme.strays());
        answer.beside.extend(strays);
        (onward, answer)
    }

    /// What only others than tools could say of who signed an image.
    pub(crate) fn wants(&self, image: &Reference, by: &Trust) -> Vec<Want> {
        let wants = self.0.iter().filter_map(|scheme| scheme.wants(image, by));
        wants.collect()
    }

    pub(crate) fn shows(&self, evidence: &Evidence) -> Vec<Claim> {
        let all = self.0.iter().flat_map(|scheme| scheme.shows(evidence));
        all.collect()
    }

    pub(crate) fn add_saved(
        &mut self,
        evidence: &mut Evidence,
        bytes: &[u8],
        from: Option<&Source>,
    ) -> Option<Finding> {
        let mut all = self.0.iter_mut();
        all.find_map(|scheme| scheme.add_saved(evidence, bytes, from))
    }

    pub(crate) fn add_single(
        &mut self,
        evidence: &mut Evidence,
        bytes: &[u8],
        from: &Source,
    ) -> bool {
        let mut all = self.0.iter_mut();
        all.any(|scheme| scheme.add_single(evidence, bytes, from))
    }

    /// Takes a part of a paste that is a file of one of them, if it is.
    pub(crate) fn add_part(&mut self, evidence: &mut Evidence, part: &Part, from: &Source) -> bool {
        let text = part.texts.first().filter(|_| part.is_metadata());
        text.is_some_and(|text| self.add_single(evidence, text.bytes(), from))
    }

    /// Says of each part that is a file of one of them which one it is.
    pub(crate) fn describe(&self, parts: &[Part], findings: &mut [Finding]) {
        for (part, finding) in parts.iter().zip(findings) {
            let Some(text) = part.texts.first().filter(|_| part.is_metadata()) else {
                continue;
            };
            let from = Source::pasted(part.tool);
            let mut all = self.0.iter();
            if let Some(claim) = all.find_map(|scheme| scheme.heading(text.bytes(), &from)) {
                finding.claims = vec![claim];
            }
        }
    }
}

impl Said {
    fn add(&mut self, one: Testimony) {
        match one.weight {
            Weight::Listed => self.listed = Some(one),
            Weight::Unlisted => self.unlisted = Some(one),
            Weight::Signed(_) if one.answers() => self.signed = Some(one),
            Weight::Signed(_) => self.silent.push(one),
        }
    }

    /// The chain of an image, which goes on from the digest that is signed for it where nobody else
    /// says what the image is.
    fn onward(&self, about: &About) -> Option<Chain> {
        let signed = self.signed.as_ref()?;
        let standings = signed.answer.rests.iter().map(|claim| &claim.standing);
        if about.chain.root.is_some() || Verdict::weakest(standings) != Verdict::Proven {
            return None;
        }
        let of_image = |vouched: &&Vouched| matches!(vouched.of, Of::Image);
        let vouched = signed.vouched.iter().find(of_image)?;
        let at = about.chain.reference.pinned(&vouched.digest);
        let mut onward = assemble(&about.evidence.pool, &about.evidence.hearsay(), &at);
        // Nobody gave that reference: its digest is what the signature says.
        if let Some((_, known)) = &mut onward.root {
            *known = vouched.standing.clone();
        }
        Some(onward)
    }

    fn answer(self, about: &About) -> Answer {
        let mut answer = Answer::default();
        match (self.listed, self.signed, self.unlisted) {
            // A list that says nothing of the image: no more is known of its signatures.
            (Some(listed), _, _) if listed.vouched.is_empty() => return listed.answer,
            (Some(listed), signed, _) => {
                let signed = signed.map(|signed| signed.beside(&listed.vouched));
                answer.add(signed.unwrap_or_default());
                answer.add(listed.answer);
                answer.add(covered(about, &listed.vouched));
            }
            (None, Some(signed), unlisted) => {
                answer.add(signed.answer);
                let named = |vouched: &Vouched| matches!(vouched.of, Of::Name(_));
                if let Some(unlisted) = unlisted {
                    answer.release = unlisted.answer.release;
                    // Only by the author's word is the image to be what another name has.
                    if signed.vouched.iter().any(named) {
                        answer.beside.extend(unlisted.answer.beside);
                    }
                }
                answer.add(covered(about, &signed.vouched));
            }
            (None, None, unlisted) => {
                answer.add(unlisted.map(|one| one.answer).unwrap_or_default())
            }
        }
        let standings = answer.rests.iter().map(|claim| &claim.standing);
        let stated = Verdict::weakest(standings) == Verdict::Stated;
        for silent in self.silent {
            answer.beside.extend(silent.unproven.filter(|_| stated));
            answer.beside.extend(silent.answer.beside);
        }
        answer
    }
}

impl Testimony {
    /// Whether an answer can rest on it.
    fn answers(&self) -> bool {
        !self.vouched.is_empty() || !self.answer.rests.is_empty()
    }

    /// What is signed, where an author also lists digests: that these are others contradicts it.
    /// What cannot be said of the signature stays beside.
    fn beside(self, listed: &[Vouched]) -> Answer {
        let open = |claim: &Claim| claim.standing.verdict() == Verdict::Open;
        let Answer { rests, beside, .. } = self.answer;
        let (open, rests): (Vec<_>, Vec<_>) = rests.into_iter().partition(open);
        let mut answer = Answer {
            rests,
            beside,
            ..Answer::default()
        };
        answer.beside.extend(open);
        let listed = listed.iter().filter(|listed| listed.platform.is_none());
        let listed: Vec<&Vouched> = listed.collect();
        let (Weight::Signed(code), Some(first)) = (self.weight, listed.first()) else {
            return answer;
        };
        for signed in &self.vouched {
            if listed.iter().any(|listed| listed.digest == signed.digest) {
                continue;
            }
            let expected: Vec<&str> = listed.iter().map(|one| one.digest.as_str()).collect();
            let by = signed.standing.sources().last().copied();
            let found = Seen::new(signed.digest.as_str(), by.unwrap_or(&first.by).clone());
            let expected = Seen::new(joined(&expected, " or "), first.by.clone());
            let text = "what is signed is none of the digests that are listed";
            let standing = Standing::contradicted(expected, found);
            let claim = Claim::new(Statement::note(None, code, text), standing);
            answer.rests.push(claim);
        }
        answer
    }
}

impl<'a> About<'a> {
    /// Where a document is an index that names what the image is as one of its images: an artifact
    /// that refers to the image, or an attestation, does not make the image what was published.
    fn entry(&self, index: &Digest) -> Option<(&'a Held, Link<'a>)> {
        let (root, _) = self.chain.root.as_ref()?;
        let held = self.evidence.pool.get(index)?;
        let mut links = links(held.view.as_ref().ok()?);
        let names = |link: &Link| {
            link.role == Role::Manifest && self.evidence.pool.same(link.digest(), root)
        };
        links.find(names).map(|link| (held, link))
    }
}

impl Vouched {
    /// The premise of what follows from it: it is as good as their word is known.
    fn premise(&self) -> Standing {
        match &self.standing {
            Standing::Proven(_) => Standing::premise(self.by.clone()),
            standing => standing.clone(),
        }
    }

    fn is_stated(&self) -> bool {
        matches!(self.standing, Standing::Stated { .. })
    }
}

/// An answer to begin with: it rests on what the image is, where that is disputed.
fn disputed(chain: &Chain) -> Answer {
    let mut answer = Answer::default();
    if let Some(standing) = &chain.disputed {
        let statement = match &chain.root {
            Some((digest, _)) => resolves(&chain.reference, digest),
            None => Statement::note(None, Code::SeveralDigests, chain.unanswered()),
        };
        answer.rests.push(Claim::new(statement, standing.clone()));
    }
    answer
}

fn resolves(reference: &Reference, digest: &Digest) -> Statement {
    Statement::Resolves {
        reference: reference.to_string(),
        digest: digest.clone(),
    }
}

/// A repository with its registry, as docker names it to a notary server.
fn repository(image: &Reference) -> String {
    format!("{}/{}", image.registry(), image.repository())
}

/// The signed metadata of an image's repository, as `pullproof rescue` saves it.
fn want_metadata(image: &Reference) -> Want {
    Want::run(format!("pullproof rescue {}", repository(image)))
}
