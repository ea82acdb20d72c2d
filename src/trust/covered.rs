//! A digest that is vouched for covers the digests that its bytes name: the one rule for all
//! schemes, and for images that are copies of published ones under another name.
//!
//! The digest may be that of the index, of a platform's manifest, of its configuration, or of an
//! index that names the image.

mod named;

use std::cell::OnceCell;

use crate::answer::Answer;
use crate::chain::{Image, want_config, want_document};
use crate::claim::{Claim, Code, Role, Seen, Source, Standing, Statement, Want};
use crate::digest::{ByDigest, Digest, DigestSet};
use crate::platform::Platform;
use crate::text::{joined, parsed};

use super::{About, Of, Vouched, resolves};
use named::Named;

/// The parts of an image that are covered by digests that are vouched for, and other sources'
/// statements about it.
pub(crate) fn covered(about: &About, vouched: &[Vouched]) -> Answer {
    let Some(first) = vouched.first() else {
        return Answer::default();
    };
    let pool = &about.evidence.pool;
    let mut covering = Covering {
        about,
        vouched,
        author: &first.by,
        whole: ByDigest::default(),
        all: DigestSet::default(),
        named: OnceCell::new(),
    };
    for one in vouched {
        let name = pool.name(&one.digest);
        covering.all.insert(&name, ());
        if one.platform.is_none() {
            covering.whole.insert(&name, one);
        }
    }
    covering.answer()
}

struct Covering<'a> {
    about: &'a About<'a>,
    vouched: &'a [Vouched],
    /// Whose word they are.
    author: &'a Source,
    /// Those for any platform.
    whole: ByDigest<&'a Vouched>,
    all: DigestSet,
    named: OnceCell<Named<'a>>,
}

impl<'a> Covering<'a> {
    fn answer(&self) -> Answer {
        let root = self.about.chain.root.as_ref();
        let whole = root.and_then(|(root, _)| self.vouched_for(root));
        // No bytes prove what is only stated, so none are waited for.
        if self.vouched.iter().all(Vouched::is_stated) {
            let apart = root.filter(|_| whole.is_none());
            let inside = apart.and_then(|(root, known)| self.inside(root, known));
            return Answer {
                rests: inside.unwrap_or_default(),
                ..Answer::default()
            };
        }
        // What a reference is signed to be it is, whatever else was said of it.
        let signed = whole.is_some_and(|vouched| matches!(vouched.of, Of::Image));
        let beside = if signed { Vec::new() } else { self.others() };
        let rests = match (root, whole) {
            (None, _) => self.without_root(),
            (Some((root, known)), Some(vouched)) => vec![self.whole(root, known, vouched)],
            (Some((root, known)), None) => {
                let inside = self.inside(root, known);
                inside.unwrap_or_else(|| self.by_platform(root, known))
            }
        };
        Answer {
            rests,
            beside,
            ..Answer::default()
        }
    }

    fn vouched_for(&self, digest: &Digest) -> Option<&'a Vouched> {
        let name = self.about.evidence.pool.name(digest);
        self.whole.get(&name).copied()
    }

    /// The reference names a digest that is vouched for. It takes the bytes to prove more than that
    /// two strings are equal.
    fn whole(&self, root: &Digest, known: &Standing, vouched: &Vouched) -> Claim {
        let reference = &self.about.chain.reference;
        let known = match vouched.of {
            Of::Image => known.clone().or(vouched.standing.clone()),
            Of::Any | Of::Name(_) => known.clone(),
        };
        let standing = match self.about.evidence.pool.get(root) {
            Some(held) => known.and(held.proven()).and(vouched.premise()),
            None if matches!(known, Standing::Stated { .. }) => known,
            None => Standing::missing(want_document(reference, Some(root))),
        };
        Claim::new(resolves(reference, root), standing)
    }

    /// An index that is vouched for and names the root as one of its images.
    fn inside(&self, root: &Digest, known: &Standing) -> Option<Vec<Claim>> {
        let mut whole = self.whole.iter();
        whole.find_map(|(_, vouched)| {
            let (held, link) = self.about.entry(&vouched.digest)?;
            let names = Statement::Names {
                parent: vouched.digest.clone(),
                digest: root.clone(),
                platform: link.platform().map(Platform::to_string),
                role: link.role,
                size: Some(link.descriptor.size.to_string()),
            };
            let names = Claim::new(names, held.proven().and(vouched.premise()));
            let resolves = resolves(&self.about.chain.reference, root);
            Some(vec![names, Claim::new(resolves, known.clone())])
        })
    }

    /// Whether it is known all of what was published the image has to be.
    fn is_all(&self) -> bool {
        let named = |vouched: &Vouched| matches!(vouched.of, Of::Name(_));
        self.vouched.iter().any(named)
    }

    /// Claims for the parts of each image that are vouched for or not: if everything published is
    /// known, or else if any part of an image is.
    fn images(&self, images: &[&Image]) -> Option<Vec<Claim>> {
        let all = self.is_all();
        let mut covered = all && !images.is_empty();
        let mut claims = Vec::with_capacity(images.len());
        for image in images {
            let found = self.own(image).or_else(|| self.config(image));
            covered |= found.is_some();
            claims.push(match found {
                Some(claim) => claim,
                None if all => self.unlike(image),
                None => self.not_covered(image),
            });
        }
        covered.then_some(claims)
    }

    /// A platform whose manifest or configuration is vouched for.
    fn own(&self, image: &Image) -> Option<Claim> {
        let parts = [
            (Role::Manifest, &image.manifest),
            (Role::Config, &image.config),
        ];
        parts.into_iter().find_map(|(role, part)| {
            let (digest, known) = part.as_ref()?;
            let vouched = self.vouched_for(digest)?;
            let statement = self.includes(image, digest, role);
            Some(Claim::new(statement, known.clone().and(vouched.premise())))
        })
    }

    /// A platform whose configuration is vouched for as its own, or is named for it by what is.
    fn config(&self, image: &Image) -> Option<Claim> {
        let (config, known) = image.config.as_ref()?;
        let pool = &self.about.evidence.pool;
        let platform = self.platform(image);
        let listed = self.listed(platform);
        let same = |listed: &&&Vouched| pool.same(&listed.digest, config);
        let how = match listed.iter().find(same) {
            Some(listed) => Some(listed.premise()),
            None if is_settled(platform, &listed) => None,
            None => self.named().find(platform, config),
        };
        let statement = self.includes(image, config, Role::Config);
        Some(Claim::new(statement, known.clone().and(how?)))
    }

    /// What is known of an image of which nothing is vouched for yet, where all of what was
    /// published is.
    fn unlike(&self, image: &Image) -> Claim {
        let reference = &self.about.chain.reference;
        let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
        let Some((config, known)) = &image.config else {
            let text = format!(
                "the configuration of {} is not known yet",
                image.name().unwrap_or_else(|| "the image".to_owned())
            );
            let missing = Standing::missing(want_document(reference, manifest));
            return Claim::new(Statement::note(None, Code::PolicyConfig, text), missing);
        };
        let platform = self.platform(image);
        let listed = self.listed(platform);
        let mut expected: Vec<&str> = listed.iter().map(|one| one.digest.as_str()).collect();
        let mut want = None;
        if !is_settled(platform, &listed) {
            want = self.named().want(platform);
            want = want.or_else(|| match platform {
                Some(platform) if self.whole.len() == 0 => Some(want_digest(&platform.to_string())),
                Some(_) => None,
                // One configuration is for one platform, whichever that is.
                None => {
                    let read = self.about.evidence.pool.get(config).is_some();
                    (!read).then(|| want_config(reference, manifest, config))
                }
            });
            if want.is_none() {
                expected.extend(self.named().configs(platform));
            }
        }
        let standing = want.map_or_else(
            || {
                let value = match expected.as_slice() {
                    [] => "no image for this platform".to_owned(),
                    known => joined(known, " or "),
                };
                let found = known.first_source().unwrap_or(self.author);
                let found = Seen::new(config.as_str(), found.clone());
                Standing::contradicted(Seen::new(value, self.author.clone()), found)
            },
            Standing::missing,
        );
        Claim::new(self.includes(image, config, Role::Config), standing)
    }

    fn includes(&self, image: &Image, digest: &Digest, role: Role) -> Statement {
        Statement::Includes {
            reference: self.about.chain.reference.to_string(),
            digest: digest.clone(),
            role,
            platform: image.name(),
        }
    }

    /// The platform to compare an image for. If it names no platform, the question says which one
    /// it is taken for.
    fn platform<'p>(&'p self, image: &'p Image) -> Option<&'p Platform> {
        let taken_for = self
            .about
            .only
            .filter(|_| image.unsaid && image.platform.is_some());
        taken_for.or(image.platform.as_ref())
    }

    /// The digests for this platform; without any, those of the platforms that a client may take
    /// for this one. All of them if no platform is known.
    fn listed(&self, platform: Option<&Platform>) -> Vec<&'a Vouched> {
        let mut listed = Vec::new();
        for vouched in self.vouched {
            match (&vouched.platform, platform) {
                (None, _) => {}
                (Some(own), Some(platform)) if own.matches(platform) => return vec![vouched],
                (Some(own), Some(platform)) if !platform.may_be_taken_for(own) => {}
                (Some(_), _) => listed.push(vouched),
            }
        }
        listed
    }

    /// What the bytes of all that is vouched for name.
    fn named(&self) -> &Named<'a> {
        self.named.get_or_init(|| {
            let whole = self.whole.iter().map(|(_, vouched)| *vouched);
            Named::of(self.about, whole)
        })
    }

    fn wanted_images(&self) -> Vec<&'a Image> {
        self.about.chain.taken_for(self.about.only)
    }

    fn by_platform(&self, root: &Digest, known: &Standing) -> Vec<Claim> {
        let chain = self.about.chain;
        let images = self.wanted_images();
        if let Some(claims) = self.images(&images) {
            return claims;
        }
        let unknown = images.iter().find(|image| image.config.is_none());
        let want = match unknown {
            _ if !chain.complete => want_document(&chain.reference, Some(root)),
            Some(image) => {
                let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
                want_document(&chain.reference, manifest)
            }
            None => {
                let standing = self.nowhere(root, known);
                return vec![Claim::new(resolves(&chain.reference, root), standing)];
            }
        };
        self.not_among(root, Standing::missing(want))
    }

    /// Claims that the reference is said to be something that does not match the author's digests:
    /// a document that is still `missing` may show that one of them leads there.
    fn not_among(&self, root: &Digest, missing: Standing) -> Vec<Claim> {
        let mut claims = Vec::new();
        let reference = &self.about.chain.reference;
        let known = self.about.chain.root.as_ref().map(|(_, known)| known);
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

    /// Statements about the image by other sources than those that the answer uses, if they do not
    /// match the author's digests.
    fn others(&self) -> Vec<Claim> {
        let (evidence, chain) = (self.about.evidence, self.about.chain);
        let reference = &chain.reference;
        let mut claims = Vec::new();
        let mut seen = DigestSet::default();
        let pool = &evidence.pool;
        let root = chain.root.as_ref().map(|(root, _)| root);
        let known = |digest: &Digest| self.all.contains(&pool.name(digest));
        for (digest, by, how) in evidence.said_of(reference) {
            if !seen.insert(digest, ()) || known(digest) {
                continue;
            }
            let answers = root.is_some_and(|root| {
                pool.same(root, digest) || evidence.leads_to(root, &|found| found == digest)
            });
            if answers || evidence.leads_to(digest, &known) {
                continue;
            }
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
    fn nowhere(&self, root: &Digest, known: &Standing) -> Standing {
        let all: Vec<&str> = self.vouched.iter().map(|one| one.digest.as_str()).collect();
        let expected = Seen::new(joined(&all, " or "), self.author.clone());
        let by = known.sources().last().copied().unwrap_or(self.author);
        Standing::contradicted(expected, Seen::new(root.as_str(), by.clone()))
    }

    fn not_covered(&self, image: &Image) -> Claim {
        let chain = self.about.chain;
        let platform = image.name().unwrap_or_else(|| "this platform".to_owned());
        let statement = match &image.manifest {
            Some((digest, _)) => self.includes(image, digest, Role::Manifest),
            None => Statement::note(
                None,
                Code::NotPublished,
                format!("no published digest is for {platform}"),
            ),
        };
        // What it is for decides whether it has to be covered.
        let unread = match (self.about.only, &image.platform) {
            (Some(_), None) => image.unread(&self.about.evidence.pool, &chain.reference),
            _ => None,
        };
        let want = unread.unwrap_or_else(|| want_digest(&platform));
        Claim::new(statement, Standing::missing(want))
    }

    /// That a machine keeps the image with a digest of the author's.
    fn kept(&self) -> Option<Claim> {
        let pool = &self.about.evidence.pool;
        let mut kept = self.about.chain.kept.iter();
        let (digest, standing) = kept.find(|(digest, _)| self.all.contains(&pool.name(digest)))?;
        let statement = Statement::Keeps {
            reference: self.about.chain.reference.to_string(),
            digest: digest.clone(),
        };
        Some(Claim::new(statement, standing.clone()))
    }

    /// Nothing says what the reference names: what was said of its parts, or its identifier.
    fn without_root(&self) -> Vec<Claim> {
        if let Some(claims) = self.images(&self.wanted_images()) {
            return claims;
        }
        let chain = self.about.chain;
        let by_id = chain.ids.iter().find_map(|(id, role, standing)| {
            let digest: Digest = parsed(id)?;
            let statement = Statement::Identifies {
                reference: chain.reference.to_string(),
                id: id.clone(),
                role: *role,
            };
            let vouched = self.vouched.iter().any(|one| one.digest == digest);
            vouched.then(|| Claim::new(statement, standing.clone()))
        });
        let missing = Standing::missing(want_document(&chain.reference, None));
        if let Some(claim) = self.kept().or(by_id) {
            let note = Statement::note(None, Code::Kept, chain.unanswered());
            return vec![claim, Claim::new(note, missing)];
        }
        let first = self.vouched.first();
        let first = first.map(|one| resolves(&chain.reference, &one.digest));
        Vec::from_iter(first.map(|first| Claim::new(first, missing)))
    }
}

/// Whether what is vouched for as a platform's own is all that its configuration may be.
fn is_settled(platform: Option<&Platform>, listed: &[&Vouched]) -> bool {
    platform.is_some() && !listed.is_empty()
}

fn want_digest(platform: &str) -> Want {
    Want::of(format!(
        "the digest that the author published for {platform}"
    ))
}

fn not_published(subject: &Digest, text: String) -> Statement {
    Statement::note(Some(subject), Code::NotPublished, text)
}

/// The name of a source, as the subject of a sentence.
fn speaker(by: &Source) -> String {
    match by {
        Source::Fetched { url, .. } => url.clone(),
        Source::Pasted { tool, file: None } => tool.clone(),
        by => by.to_string(),
    }
}
