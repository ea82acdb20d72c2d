//! What an answer by keys or by a policy takes from the metadata of notary servers.
//!
//! Of several states of a repository the newest answers, among those that a given key vouches
//! for; the others are shown beside it. That two of them cannot be of one history contradicts the
//! answer. What no given key vouches for weakens nothing.

use crate::answer::Answer;
use crate::chain::{Chain, assemble};
use crate::claim::{Claim, Code, Seen, Source, Standing, Statement, Verdict, Want};
use crate::digest::Digest;
use crate::document::Document;
use crate::name::Reference;
use crate::platform::Platform;
use crate::question::Trust;
use crate::record::Record;
use crate::text::{joined, shortened};
use crate::time::UnixTime;
use crate::trust::dct::{self, Signature};
use crate::tuf::Age;

use super::metadata::{self, Archive, Store, of, said};
use super::policed;
use super::published::{self, ByDigests};

/// What the metadata says to a question of who published an image.
#[derive(Debug, Default)]
pub(super) struct Signed {
    rests: Vec<Claim>,
    beside: Vec<Claim>,
    proven: Option<Signature>,
    /// Whether it is of another name than the image's, whose images that has to have too.
    elsewhere: bool,
}

/// Whether an image is what its author published, by what of it is signed too.
pub(super) fn published(
    (evidence, store): (&Record, &Store),
    chain: Chain,
    (by, only): (&Trust, Option<&Platform>),
    now: Option<UnixTime>,
) -> (Chain, Answer) {
    let signed = weigh((evidence, store), &chain.reference, by, now);
    let chain = match &signed {
        Some(signed) => signed.onward(evidence, chain),
        None => chain,
    };
    let mut answer = match (by, signed) {
        (Trust::Policy(policy), signed) => {
            let mut answer = published::disputed(&chain);
            policed::add(evidence, &chain, (policy, signed, only), &mut answer);
            answer
        }
        (Trust::Keys(_), Some(signed)) if signed.answers() => {
            let mut answer = published::disputed(&chain);
            let by = published::by_digests(evidence, &chain, (&[], only));
            signed.answer(&by, &mut answer);
            answer
        }
        (by, signed) => {
            let mut answer = published::published(evidence, &chain, by, only);
            let verdict = Verdict::weakest(answer.rests.iter().map(|claim| &claim.standing));
            if verdict == Verdict::Stated {
                answer.beside.extend(unproven(store, &chain.reference, by));
            }
            answer
                .beside
                .extend(signed.into_iter().flat_map(Signed::notes));
            answer
        }
    };
    answer.beside.extend(store.stray().iter().cloned());
    (chain, answer)
}

/// What the metadata in hand says of an image; none where there is none.
fn weigh(
    (evidence, store): (&Record, &Store),
    image: &Reference,
    by: &Trust,
    now: Option<UnixTime>,
) -> Option<Signed> {
    let names = names(image, by);
    let mut words = Vec::new();
    let mut signed = Signed::default();
    for archive in store.archives() {
        let repository = store.repository(archive);
        signed.beside.extend(store.notes(archive));
        if names.is_empty() {
            continue;
        }
        let name = match repository {
            Some(name) if !names.iter().any(|known| known == name) => {
                signed.beside.push(of_another(name, image, &archive.from));
                continue;
            }
            Some(name) => name.to_owned(),
            None => of(image),
        };
        let elsewhere = name != of(image);
        let asked = dct::Asked {
            repository: name,
            tag: image.tag(),
            digest: image.digest().filter(|_| !elsewhere),
            pins: store.pins(),
            now: now.map(|now| now.0),
            from: &archive.from,
            edits: archive.edits(),
        };
        let word = dct::weigh(store.checked(archive), &asked);
        words.push(Weighed {
            archive,
            repository: asked.repository,
            elsewhere,
            word,
        });
    }
    let any = !words.is_empty() || !signed.beside.is_empty();
    signed.take((evidence, store), words);
    any.then_some(signed)
}

/// The repositories whose metadata says something of an image: its own, and where a policy has it
/// as a mirror the policy's. None where no keys are asked for.
fn names(image: &Reference, by: &Trust) -> Vec<String> {
    match by {
        Trust::Keys(_) => vec![of(image)],
        Trust::Policy(policy) if policy.dct().is_some() => {
            let mut names = vec![of(image)];
            if policy.knows(image) {
                names.extend(policy.names().iter().map(of));
            }
            names
        }
        Trust::Digests(_) | Trust::Identity { .. } | Trust::Policy(_) => Vec::new(),
    }
}

/// The metadata that an image's signatures could be proven by, where none of it is here.
pub(super) fn wanted(store: &Store, image: &Reference, by: &Trust) -> Option<Want> {
    let names = names(image, by);
    let of_these = |name: &str| names.iter().any(|known| known == name);
    let here = |archive| store.repository(archive).is_none_or(of_these);
    let none = !names.is_empty() && !store.archives().any(here);
    none.then(|| metadata::wanted(image))
}

/// That who signed an image was only stated, and what could prove it.
fn unproven(store: &Store, image: &Reference, by: &Trust) -> Option<Claim> {
    let want = wanted(store, image, by)?;
    let text = format!(
        "who signed {image} was only stated: the signed metadata of {} is not here",
        of(image)
    );
    let statement = Statement::note(None, Code::DctMetadata, text);
    Some(Claim::new(statement, Standing::missing(want)))
}

fn of_another(name: &str, image: &Reference, from: &Source) -> Claim {
    let text = format!(
        "the metadata is of {}, not of {}: it says nothing of it",
        shortened(name),
        of(image)
    );
    said(Code::DctRepository, text, from)
}

/// What one state of a repository says.
struct Weighed<'a> {
    archive: &'a Archive,
    repository: String,
    elsewhere: bool,
    word: dct::Word,
}

impl Signed {
    /// Takes the newest of what a given key vouches for; where there is none, what says most.
    fn take(&mut self, (evidence, store): (&Record, &Store), mut words: Vec<Weighed>) {
        let mut newest: Option<usize> = None;
        for (at, new) in words.iter().enumerate() {
            let older = |known: &usize| {
                let known = words.get(*known).map(|known| store.checked(known.archive));
                known.is_some_and(|known| known.age(store.checked(new.archive)) == Age::Older)
            };
            if new.word.holds && newest.as_ref().is_none_or(older) {
                newest = Some(at);
            }
        }
        let weight = |one: &Weighed| one.word.proven.is_some() || !one.word.rests.is_empty();
        let Some(at) = newest.or_else(|| words.iter().position(weight)) else {
            for one in words {
                self.beside.extend(one.word.beside);
            }
            return;
        };
        let first = words.swap_remove(at);
        let checked = store.checked(first.archive);
        let about = (first.repository.as_str(), &first.archive.from);
        let differ = dct::disagreements(checked, &evidence.said, about);
        for other in words {
            let split = store.split(first.archive, other.archive);
            if let (Some(split), true) = (split, first.word.holds && other.word.holds) {
                self.rests.push(split);
                self.rests.extend(other.word.rests);
            } else if checked.age(store.checked(other.archive)) == Age::Newer {
                self.older(&other);
            } else if checked != store.checked(other.archive) {
                self.beside.extend(other.word.rests);
                self.beside.extend(other.word.beside);
            }
        }
        self.rests.extend(first.word.rests);
        self.beside.extend(first.word.files);
        self.beside.extend(first.word.beside);
        self.beside.extend(differ);
        self.proven = first.word.proven;
        self.elsewhere = first.elsewhere;
        self.weigh_document(evidence);
    }

    /// What an older state said, which the newer replaced.
    fn older(&mut self, other: &Weighed) {
        let digest = other
            .word
            .proven
            .as_ref()
            .map(|signed| signed.digest.as_str());
        let text = format!(
            "there is an older state of the metadata too, which the newer replaces; in it the tag is {}",
            digest.unwrap_or("nothing that is proven")
        );
        self.beside
            .push(said(Code::DctOlder, text, &other.archive.from));
    }

    /// Whether the document that was signed is as long as was signed, and has the other hash that
    /// was signed: where one of them does not hold, the signature is of something else.
    fn weigh_document(&mut self, evidence: &Record) {
        let Some(signed) = &self.proven else {
            return;
        };
        let Some(held) = evidence.pool.get(&signed.digest) else {
            return;
        };
        let by = signed.standing.sources().last().copied();
        let by = by.unwrap_or(&signed.premise).clone();
        let mut wrong = Vec::new();
        if held.size() != signed.length {
            let expected = format!("{} bytes", signed.length);
            wrong.push((Code::DctLength, expected, format!("{} bytes", held.size())));
        }
        if let Some(sha512) = &signed.sha512 {
            let bytes = held.document.bytes().to_vec();
            if let Err(mismatch) = Document::expect(bytes, sha512) {
                wrong.push((
                    Code::DctSha512,
                    sha512.to_string(),
                    mismatch.found.to_string(),
                ));
            }
        }
        for (code, expected, found) in wrong {
            let text = "the document that is signed is another than what else is signed of it";
            let (expected, found) = (
                Seen::new(expected, by.clone()),
                Seen::new(found, held.source()),
            );
            let standing = Standing::contradicted(expected, found);
            self.rests.push(Claim::new(
                Statement::note(None, code, text.to_owned()),
                standing,
            ));
        }
    }

    /// Whether an answer rests on it.
    pub(super) fn answers(&self) -> bool {
        !self.rests.is_empty()
    }

    /// Of a mirror's image: what the policy's own name has signed for it.
    pub(super) fn of_main_name(&self) -> Option<&Signature> {
        self.proven.as_ref().filter(|_| self.elsewhere)
    }

    /// What there is to see where no answer rests on it.
    pub(super) fn notes(self) -> Vec<Claim> {
        self.beside
    }

    /// Both what an answer rests on, and what else there is to see.
    pub(super) fn add_to(self, answer: &mut Answer) {
        answer.rests.extend(self.rests);
        answer.beside.extend(self.beside);
    }

    /// What was signed, where an author also lists digests: that these are others contradicts it.
    /// What cannot be said of the signature stays beside.
    pub(super) fn against(&mut self, listed: &[Digest], author: &Source) -> Vec<Claim> {
        let rests = std::mem::take(&mut self.rests);
        let open = |claim: &Claim| claim.standing.verdict() == Verdict::Open;
        let (open, mut claims): (Vec<_>, Vec<_>) = rests.into_iter().partition(open);
        self.beside.extend(open);
        let Some(signed) = &self.proven else {
            return claims;
        };
        if !listed.is_empty() && !listed.contains(&signed.digest) {
            let expected: Vec<&str> = listed.iter().map(Digest::as_str).collect();
            let by = signed.standing.sources().last().copied();
            let found = Seen::new(signed.digest.as_str(), by.unwrap_or(author).clone());
            let expected = Seen::new(joined(&expected, " or "), author.clone());
            let text = "what is signed is none of the digests that are listed".to_owned();
            let standing = Standing::contradicted(expected, found);
            claims.push(Claim::new(
                Statement::note(None, Code::DctDigest, text),
                standing,
            ));
        }
        claims
    }

    /// The chain of an image, which goes on from the digest that was signed where nobody else says
    /// what the image is.
    fn onward(&self, evidence: &Record, chain: Chain) -> Chain {
        let standings = self.rests.iter().map(|claim| &claim.standing);
        let holds = Verdict::weakest(standings) == Verdict::Proven && !self.elsewhere;
        match (&self.proven, &chain.root) {
            (Some(signed), None) if holds => {
                let at = chain.reference.pinned(&signed.digest);
                let mut onward = assemble(&evidence.pool, &evidence.hearsay(), &at);
                // Nobody gave that reference: its digest is what the signature says.
                if let Some((_, known)) = &mut onward.root {
                    *known = signed.standing.clone();
                }
                onward
            }
            _ => chain,
        }
    }

    /// What is signed, and that the image is that.
    pub(super) fn answer(self, by: &ByDigests, answer: &mut Answer) {
        answer.rests.extend(self.rests);
        answer.beside.extend(self.beside);
        let Some(signed) = self.proven else {
            return;
        };
        let digests = std::slice::from_ref(&signed.digest);
        let author = signed.premise;
        let by = ByDigests {
            digests,
            author,
            ..*by
        };
        match &by.chain.root {
            Some((root, known)) if *root == signed.digest => {
                let known = known.clone().or(signed.standing);
                answer.rests.push(by.whole(root, &known));
            }
            _ => by.answer(answer),
        }
    }
}
