//! Is an image what its author published: by digests of the author, or by what else is known of them.

use crate::answer::Answer;
use crate::chain::{Chain, Image, want_document};
use crate::claim::{Claim, Code, Role, Seen, Source, Standing, Statement, Want};
use crate::digest::{Digest, DigestSet};
use crate::name::Reference;
use crate::platform::Platform;
use crate::question::{AUTHOR, Trust};
use crate::record::Record;
use crate::text::{joined, parsed};

use super::signer::{Signer, by_signer};

pub(super) fn published(
    evidence: &Record,
    chain: &Chain,
    by: &Trust,
    only: Option<&Platform>,
) -> Answer {
    let mut answer = disputed(chain);
    match by {
        Trust::Digests(digests) => {
            by_digests(evidence, chain, (digests, only)).answer(&mut answer);
        }
        Trust::Identity { identity, issuer } => {
            let signer = Signer::Identity { identity, issuer };
            by_signer(evidence, chain, signer, &mut answer);
        }
        Trust::Keys(keys) => by_signer(evidence, chain, Signer::Keys(keys), &mut answer),
        // By what is signed too.
        Trust::Policy(_) => {}
    }
    answer
}

/// An answer to begin with: it rests on what the image is, where that is disputed.
pub(super) fn disputed(chain: &Chain) -> Answer {
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

/// What an image is by digests that its author published.
pub(super) fn by_digests<'a>(
    evidence: &'a Record,
    chain: &'a Chain,
    (digests, only): (&'a [Digest], Option<&'a Platform>),
) -> ByDigests<'a> {
    ByDigests {
        evidence,
        chain,
        digests,
        only,
        author: author(),
    }
}

pub(super) fn resolves(reference: &Reference, digest: &Digest) -> Statement {
    Statement::Resolves {
        reference: reference.to_string(),
        digest: digest.clone(),
    }
}

pub(super) fn author() -> Source {
    Source::given(AUTHOR)
}

/// The author may have published the digest of the index, of a platform's manifest, of its
/// configuration, or of an index that the image stands in.
pub(super) struct ByDigests<'a> {
    pub(super) evidence: &'a Record,
    pub(super) chain: &'a Chain,
    pub(super) digests: &'a [Digest],
    pub(super) only: Option<&'a Platform>,
    pub(super) author: Source,
}

impl<'a> ByDigests<'a> {
    pub(super) fn answer(&self, answer: &mut Answer) {
        answer.beside.extend(self.others());
        let Some((root, standing)) = &self.chain.root else {
            return answer.rests.extend(self.without_root());
        };
        if self.evidence.pool.any(self.digests, root) {
            answer.rests.push(self.whole(root, standing));
        } else if let Some(claims) = self.inside_published(root, standing) {
            answer.rests.extend(claims);
        } else {
            answer.rests.extend(self.by_platform(root, standing));
        }
    }

    /// The reference names a published digest. It takes the bytes to prove more than that two
    /// strings are equal.
    pub(super) fn whole(&self, root: &Digest, standing: &Standing) -> Claim {
        let statement = resolves(&self.chain.reference, root);
        let standing = match self.evidence.pool.get(root) {
            Some(held) => {
                let given = Standing::premise(self.author.clone());
                standing.clone().and(held.proven()).and(given)
            }
            None if matches!(standing, Standing::Stated { .. }) => standing.clone(),
            None => Standing::missing(want_document(&self.chain.reference, Some(root))),
        };
        Claim::new(statement, standing)
    }

    /// A published index that names the root as one of its images: an artifact that refers to
    /// the image, or an attestation, does not make the image what was published.
    pub(super) fn inside_published(&self, root: &Digest, how: &Standing) -> Option<Vec<Claim>> {
        self.digests.iter().find_map(|published| {
            let held = self.evidence.pool.get(published)?;
            let view = held.view.as_ref().ok()?;
            let link = crate::chain::links(view).find(|link| {
                link.role == Role::Manifest && self.evidence.pool.same(link.digest(), root)
            })?;
            let names = Statement::Names {
                parent: published.clone(),
                digest: root.clone(),
                platform: link.platform().map(Platform::to_string),
                role: link.role,
                size: Some(link.descriptor.size.to_string()),
            };
            let given = Standing::premise(self.author.clone());
            let names = Claim::new(names, held.proven().and(given));
            let resolves = Claim::new(resolves(&self.chain.reference, root), how.clone());
            Some(vec![names, resolves])
        })
    }

    pub(super) fn wanted_images(&self) -> Vec<&'a Image> {
        self.chain.taken_for(self.only)
    }

    /// Where a part of any image was published: what of each was, and which is not covered.
    fn covered(&self, images: &[&Image]) -> Option<Vec<Claim>> {
        let mut covered = false;
        let mut claims = Vec::with_capacity(images.len());
        for image in images {
            let found = self.image(image);
            covered |= found.is_some();
            claims.push(found.unwrap_or_else(|| self.not_covered(image)));
        }
        covered.then_some(claims)
    }

    fn by_platform(&self, root: &Digest, standing: &Standing) -> Vec<Claim> {
        let images = self.wanted_images();
        if let Some(claims) = self.covered(&images) {
            return claims;
        }
        let unknown = images.iter().find(|image| image.config.is_none());
        let standing = match unknown {
            _ if !self.chain.complete => {
                Standing::missing(want_document(&self.chain.reference, Some(root)))
            }
            Some(image) => {
                let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
                Standing::missing(want_document(&self.chain.reference, manifest))
            }
            None => {
                let standing = self.nowhere(root, standing);
                return vec![Claim::new(resolves(&self.chain.reference, root), standing)];
            }
        };
        self.not_among(root, standing)
    }

    /// What the reference is said to be, by whom, and that it is none of the author's digests: what
    /// is still `missing` may show that it has to do with one of them.
    pub(super) fn not_among(&self, root: &Digest, missing: Standing) -> Vec<Claim> {
        let mut claims = Vec::new();
        let reference = &self.chain.reference;
        let known = self.chain.root.as_ref().map(|(_, known)| known);
        let said = known.filter(|_| reference.digest().is_none());
        if let Some(known) = said {
            claims.push(Claim::new(resolves(reference, root), known.clone()));
        }
        let who = match said.and_then(Standing::first_source) {
            Some(by) => format!("{} says that {reference} is", speaker(by)),
            None => format!("{reference} names"),
        };
        let text = format!(
            "{who} {root}, which is not among the author's digests: whether it is an index that names \
             one of them, or is named by one, is not known yet"
        );
        claims.push(Claim::new(not_published(root, text), missing));
        claims
    }

    /// What else was said of the image, by others than those that the answer goes by, where that is
    /// none of the author's digests.
    pub(super) fn others(&self) -> Vec<Claim> {
        let reference = &self.chain.reference;
        let mut claims = Vec::new();
        let mut seen = DigestSet::default();
        let pool = &self.evidence.pool;
        let root = self.chain.root.as_ref().map(|(root, _)| root);
        let leads = |from: &Digest, to: &Digest| self.evidence.leads_to(from, to);
        for (digest, by, keeps) in self.evidence.said_of(reference) {
            if !seen.insert(digest, ()) || pool.any(self.digests, digest) {
                continue;
            }
            let answers = root.is_some_and(|root| pool.same(root, digest) || leads(root, digest));
            if answers || self.digests.iter().any(|known| leads(digest, known)) {
                continue;
            }
            let how = if keeps { "is kept as" } else { "is" };
            let text = format!(
                "{} says that {reference} {how} {digest}, which is not among the author's digests",
                speaker(by)
            );
            let standing = Standing::stated(by.clone());
            claims.push(Claim::new(not_published(digest, text), standing));
        }
        claims
    }

    /// The image is known down to its configurations, and no digest in it was published.
    pub(super) fn nowhere(&self, root: &Digest, standing: &Standing) -> Standing {
        let all: Vec<&str> = self.digests.iter().map(Digest::as_str).collect();
        let expected = Seen::new(joined(&all, " or "), self.author.clone());
        let by = standing
            .sources()
            .last()
            .copied()
            .cloned()
            .unwrap_or_else(|| self.author.clone());
        Standing::contradicted(expected, Seen::new(root.as_str(), by))
    }

    /// A platform whose manifest or configuration was published.
    pub(super) fn image(&self, image: &Image) -> Option<Claim> {
        let parts = [
            (Role::Manifest, &image.manifest),
            (Role::Config, &image.config),
        ];
        parts.into_iter().find_map(|(role, part)| {
            let (digest, standing) = part.as_ref()?;
            if !self.evidence.pool.any(self.digests, digest) {
                return None;
            }
            let statement = Statement::Includes {
                reference: self.chain.reference.to_string(),
                digest: digest.clone(),
                role,
                platform: image.name(),
            };
            let given = Standing::premise(self.author.clone());
            Some(Claim::new(statement, standing.clone().and(given)))
        })
    }

    fn not_covered(&self, image: &Image) -> Claim {
        let platform = image.name().unwrap_or_else(|| "this platform".to_owned());
        let digest = image.manifest.as_ref().map(|(digest, _)| digest.clone());
        let statement = match digest {
            Some(digest) => Statement::Includes {
                reference: self.chain.reference.to_string(),
                digest,
                role: Role::Manifest,
                platform: image.name(),
            },
            None => Statement::note(
                None,
                Code::NotPublished,
                format!("no published digest is for {platform}"),
            ),
        };
        // What it is for decides whether it has to be covered.
        let unread = match (self.only, &image.platform) {
            (Some(_), None) => image.unread(&self.evidence.pool, &self.chain.reference),
            _ => None,
        };
        let digest = || {
            Want::of(format!(
                "the digest that the author published for {platform}"
            ))
        };
        Claim::new(statement, Standing::missing(unread.unwrap_or_else(digest)))
    }

    /// That a machine keeps the image with a digest of the author's.
    fn kept(&self) -> Option<Claim> {
        let mut kept = self.chain.kept.iter();
        let (digest, standing) =
            kept.find(|(digest, _)| self.evidence.pool.any(self.digests, digest))?;
        let statement = Statement::Keeps {
            reference: self.chain.reference.to_string(),
            digest: digest.clone(),
        };
        Some(Claim::new(statement, standing.clone()))
    }

    /// Nothing says what the reference names: what was said of its parts, or its identifier.
    pub(super) fn without_root(&self) -> Vec<Claim> {
        let images = self.wanted_images();
        if let Some(claims) = self.covered(&images) {
            return claims;
        }
        let by_id = self.chain.ids.iter().find_map(|(id, role, standing)| {
            let digest: Digest = parsed(id)?;
            let statement = Statement::Identifies {
                reference: self.chain.reference.to_string(),
                id: id.clone(),
                role: *role,
            };
            self.digests
                .contains(&digest)
                .then(|| Claim::new(statement, standing.clone()))
        });
        let want = want_document(&self.chain.reference, None);
        let missing = Standing::missing(want);
        if let Some(claim) = self.kept().or(by_id) {
            let note = Statement::note(None, Code::Kept, self.chain.unanswered());
            return vec![claim, Claim::new(note, missing)];
        }
        let resolves = |digest| resolves(&self.chain.reference, digest);
        let first = self.digests.first().map(resolves);
        Vec::from_iter(first.map(|first| Claim::new(first, missing)))
    }
}

fn not_published(subject: &Digest, text: String) -> Statement {
    Statement::note(Some(subject), Code::NotPublished, text)
}

/// Who says something, as the subject of a sentence.
fn speaker(by: &Source) -> String {
    match by {
        Source::Fetched { url, .. } => url.clone(),
        Source::Pasted { tool } => tool.clone(),
        by => by.to_string(),
    }
}
