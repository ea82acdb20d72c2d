//! Evaluates the metadata of notary servers for an image.
//!
//! Of several states of a repository the newest answers, among those that a given key vouches
//! for; the others are shown beside it. That two of them cannot be of one history contradicts the
//! answer. What no given key vouches for weakens nothing.

use crate::answer::Answer;
use crate::claim::{Claim, Code, Seen, Source, Standing, Statement, Want};
use crate::document::Document;
use crate::name::Reference;
use crate::paste::Finding;
use crate::question::Trust;
use crate::record::Record;
use crate::text::shortened;
use crate::time::UnixTime;
use crate::tuf::{self, Age};

use super::super::{About, Of, Scheme, Testimony, Vouched, Weight, repository, want_metadata};
use super::store::{Archive, Store, said};
use super::{KeysAsked, Signature, TagWord, disagreements, weigh};

/// The metadata's answer to the question who published an image.
#[derive(Debug, Default)]
struct Signed {
    rests: Vec<Claim>,
    beside: Vec<Claim>,
    proven: Option<Signature>,
    /// The name that it is of, if it differs from the image's, which has to have its images.
    elsewhere: Option<Reference>,
}

impl Scheme for Store {
    fn vouches(&self, about: &About) -> Option<Testimony> {
        let signed = self.weigh(about);
        let of = match signed.elsewhere {
            Some(name) => Of::Name(name),
            None => Of::Image,
        };
        let vouched = signed.proven.map(|signed| Vouched {
            digest: signed.digest,
            platform: None,
            standing: signed.standing,
            by: signed.premise,
            of,
        });
        Some(Testimony {
            weight: Weight::Signed(Code::DctDigest),
            vouched: Vec::from_iter(vouched),
            answer: Answer {
                rests: signed.rests,
                beside: signed.beside,
                ..Answer::default()
            },
            unproven: self.unproven(&about.chain.reference, about.by),
        })
    }

    fn wants(&self, image: &Reference, by: &Trust) -> Option<Want> {
        let names = names(image, by);
        let of_these = |name: &str| names.iter().any(|known| repository(known) == name);
        let here = |archive| self.repository(archive).is_none_or(of_these);
        let none = !names.is_empty() && !self.archives().any(here);
        none.then(|| want_metadata(image))
    }

    fn shows(
        &self,
        evidence: &Record,
        _about: Option<&About>,
        _now: Option<UnixTime>,
    ) -> Vec<Claim> {
        self.describe(evidence)
    }

    fn strays(&self) -> Vec<Claim> {
        self.stray().to_vec()
    }

    fn add_saved(
        &mut self,
        evidence: &mut Record,
        bytes: &[u8],
        from: Option<&Source>,
    ) -> Option<Finding> {
        self.take_saved(evidence, bytes, from)
    }

    fn add_single(&mut self, evidence: &mut Record, bytes: &[u8], from: &Source) -> bool {
        self.take_single(evidence, bytes, from)
    }

    fn heading(&self, bytes: &[u8], from: &Source) -> Option<Claim> {
        Some(said(Code::DctFile, tuf::heading(bytes)?, from))
    }
}

impl Store {
    /// Evaluates the metadata of an image; nothing without metadata.
    fn weigh(&self, about: &About) -> Signed {
        let image = &about.chain.reference;
        let names = names(image, about.by);
        let mut words = Vec::new();
        let mut signed = Signed::default();
        for archive in self.archives() {
            signed.beside.extend(self.notes(archive));
            if names.is_empty() {
                continue;
            }
            let is = |name: &str| names.iter().find(|known| repository(known) == name);
            let own = self.repository(archive);
            let Some(name) = own.map_or(Some(image), is) else {
                let of = own.unwrap_or_default();
                signed.beside.push(of_another(of, image, &archive.from));
                continue;
            };
            let elsewhere = (!name.same_repository(image)).then(|| name.clone());
            let asked = KeysAsked {
                repository: repository(name),
                tag: image.tag(),
                digest: image.digest().filter(|_| elsewhere.is_none()),
                pins: self.pins(),
                now: about.now.map(|now| now.0),
                from: &archive.from,
                edits: archive.edits(),
            };
            let word = weigh(self.checked(archive), &asked);
            words.push(Weighed {
                archive,
                repository: asked.repository,
                elsewhere,
                word,
            });
        }
        signed.take((about.evidence, self), words);
        signed
    }

    /// That who signed an image was only stated, and what could prove it.
    fn unproven(&self, image: &Reference, by: &Trust) -> Option<Claim> {
        let want = self.wants(image, by)?;
        let text = format!(
            "who signed {image} was only stated: the signed metadata of {} is not here",
            repository(image)
        );
        let statement = Statement::note(None, Code::DctMetadata, text);
        Some(Claim::new(statement, Standing::missing(want)))
    }
}

/// The names whose metadata says something of an image: its own, and where a policy has it as a
/// mirror the policy's. None where no keys are asked for.
fn names(image: &Reference, by: &Trust) -> Vec<Reference> {
    match by {
        Trust::Keys(_) => vec![image.clone()],
        Trust::Policy(policy) if policy.dct().is_some() => {
            let mut names = vec![image.clone()];
            if policy.knows(image) {
                names.extend(policy.names().iter().cloned());
            }
            names
        }
        Trust::Digests(_) | Trust::Identity { .. } | Trust::Policy(_) | Trust::Signers(_) => {
            Vec::new()
        }
    }
}

fn of_another(name: &str, image: &Reference, from: &Source) -> Claim {
    let text = format!(
        "this metadata is for {}, not {}",
        shortened(name),
        repository(image)
    );
    said(Code::DctRepository, text, from)
}

/// What one state of a repository says.
struct Weighed<'a> {
    archive: &'a Archive,
    repository: String,
    elsewhere: Option<Reference>,
    word: TagWord,
}

impl Signed {
    /// Takes the newest state that a given key vouches for, or else the one that says most.
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
        let differ = disagreements(checked, &evidence.inspected, about);
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

    /// Describes an older state, which the newer one replaced.
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
            let text = "the document does not have the signed length or SHA-512";
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
}
