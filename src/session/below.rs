//! The documents below those that an answer depends on: each must match the documents above it, or
//! the answer does not hold.
//!
//! A proof is final: no true document may take it back. What is proven by equal digests of bytes that
//! are here needs nothing more. What is proven by parts of an image (two manifests over one
//! configuration, a platform of an index) waits for every document that the chain names, since any of
//! them could be at odds with the others.

use crate::answer::Answer;
use crate::chain::{self, Chain, Link, want_config, want_document};
use crate::claim::{Claim, Code, Role, Standing, Statement, Verdict, Want};
use crate::digest::{Digest, DigestSet};
use crate::limits;
use crate::question::Question;

use super::Session;

/// The findings below the root of a chain.
#[derive(Default)]
struct Below {
    /// The faults of the documents in hand.
    faults: Vec<Claim>,
    /// The documents that are named and not here.
    absent: Vec<Claim>,
}

impl Session {
    /// Lets an answer rest on what lies below it too. What is named and not here is missing only
    /// where the answer would be proven without it.
    pub(super) fn hold_below(&self, answer: &mut Answer, chains: &[&Chain], attestations: bool) {
        let whole = self.is_of_whole(answer);
        let mut absent = Vec::new();
        for chain in chains {
            let below = self.below(chain, attestations);
            if whole {
                answer.beside.extend(below.faults);
            } else {
                answer.rests.extend(below.faults);
                absent.extend(below.absent);
            }
        }
        let standings = answer.rests.iter().map(|claim| &claim.standing);
        if Verdict::weakest(standings) == Verdict::Proven {
            let mut seen = DigestSet::default();
            absent.retain(|claim| {
                let digest = claim.statement.digest();
                digest.is_none_or(|digest| seen.insert(digest, ()))
            });
            answer.rests.extend(absent);
        }
    }

    /// Whether the author published the very bytes that the image's name leads to: then whatever
    /// they name was published with them, be it at odds with itself or not.
    fn is_of_whole(&self, answer: &Answer) -> bool {
        let part = |claim: &Claim| matches!(claim.statement, Statement::Includes { .. });
        matches!(self.asked.question, Question::Published { .. })
            && self.asked.platform.is_none()
            && !answer.rests.iter().any(part)
    }

    fn below(&self, chain: &Chain, attestations: bool) -> Below {
        let mut below = Below::default();
        let Some((root, _)) = &chain.root else {
            return below;
        };
        below.faults.extend(chain.too_deep.iter().map(too_deep));
        if root.algorithm().is_none() {
            below.faults.push(Claim::uncomputed(None, root));
        }
        let root_want = want_document(&chain.reference, Some(root));
        let mut open = vec![(root.clone(), root_want)];
        let mut seen = DigestSet::default();
        while let Some((digest, want)) = open.pop() {
            if !seen.insert(&digest, ()) {
                continue;
            }
            let Some(held) = self.evidence.pool.get(&digest) else {
                if digest.algorithm().is_some() {
                    let statement = Statement::absent(digest, None);
                    let missing = Standing::missing(want);
                    below.absent.push(Claim::new(statement, missing));
                }
                continue;
            };
            let mut claims = Vec::new();
            chain::check_document(&self.evidence.pool, held, false, &mut claims);
            let (mut followed, mut others) = (DigestSet::default(), DigestSet::default());
            for link in held.view.as_ref().map(chain::links).unwrap_or_default() {
                if self.follows(&link, attestations) {
                    followed.insert(link.digest(), ());
                    let want = want_link(chain, &digest, &link);
                    open.push((link.digest().clone(), want));
                } else if !link.content {
                    others.insert(link.digest(), ());
                }
            }
            // What is wrong with another platform's image is nothing to this one.
            let is_of_other = |claim: &Claim| {
                let digest = claim.statement.digest();
                digest.is_some_and(|about| others.contains(about) && !followed.contains(about))
            };
            claims.retain(|claim| is_fault(claim, attestations) && !is_of_other(claim));
            below.faults.extend(claims);
        }
        for claim in &self.evidence.mismatches {
            let digest = claim.statement.digest();
            if digest.is_some_and(|digest| seen.contains(digest)) {
                below.faults.push(claim.clone());
            }
        }
        below
    }

    /// Whether what is at the end of a link belongs to the image that is asked about.
    fn follows(&self, link: &Link, attestations: bool) -> bool {
        let asked = match (&self.asked.platform, link.platform()) {
            (Some(asked), Some(platform)) => platform.may_be_taken_for(asked),
            _ => true,
        };
        let of_image = link.role != Role::Attestation || attestations;
        asked && of_image && link.role != Role::Subject && !link.content
    }
}

fn want_link(chain: &Chain, parent: &Digest, link: &Link) -> Want {
    match link.role {
        Role::Config => want_config(&chain.reference, Some(parent), link.digest()),
        _ => want_document(&chain.reference, Some(link.digest())),
    }
}

/// True if a claim about a document weakens an answer that depends on the document.
fn is_fault(claim: &Claim, attestations: bool) -> bool {
    let of_attestation = claim.statement.noted(Code::AttestationSubject).is_some();
    claim.standing.verdict() <= Verdict::Open && (attestations || !of_attestation)
}

fn too_deep(digest: &Digest) -> Claim {
    let statement = Statement::note(
        Some(digest),
        Code::LimitExceeded,
        format!(
            "lies deeper than {} indexes, and was not followed",
            limits::INDEX_DEPTH
        ),
    );
    Claim::new(
        statement,
        Standing::missing(Want::of("an index with fewer levels")),
    )
}
