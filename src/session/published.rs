//! Is an image what its author published: by digests, keys or an identity of the author.

use crate::chain::{Chain, Image, want_document};
use crate::claim::{Claim, Role, Seen, Source, Standing, Statement, Want};
use crate::digest::Digest;
use crate::json::{Parts, joined, parsed};
use crate::name::Reference;
use crate::platform::Platform;
use crate::signature::PublicKey;

use super::evidence::Evidence;
use super::signed::Signed;
use super::{Answer, Trust};

pub(super) fn published(
    evidence: &Evidence,
    chain: &Chain,
    (by, signed): (&Trust, Option<Signed>),
    only: Option<&Platform>,
) -> Answer {
    let mut answer = Answer::default();
    if let (Some(standing), Some((digest, _))) = (&chain.disputed, &chain.root) {
        let statement = resolves(&chain.reference, digest);
        answer.rests.push(Claim::new(statement, standing.clone()));
    }
    let by_digests = |digests| ByDigests {
        evidence,
        chain,
        digests,
        only,
        author: author(),
    };
    match by {
        Trust::Digests(digests) => by_digests(digests).answer(&mut answer),
        Trust::Identity { identity, issuer } => {
            let author = Signer::Identity { identity, issuer };
            by_signer(evidence, chain, author, &mut answer);
        }
        Trust::Keys(keys) => match signed {
            Some(signed) if signed.answers() => signed.answer(&by_digests(&[]), &mut answer),
            signed => {
                answer
                    .beside
                    .extend(signed.into_iter().flat_map(Signed::notes));
                by_signer(evidence, chain, Signer::Keys(keys), &mut answer);
            }
        },
        #[cfg(feature = "trust")]
        Trust::Policy(policy) => {
            super::policed::add(evidence, chain, (policy, signed, only), &mut answer);
        }
    }
    answer
}

pub(super) fn resolves(reference: &Reference, digest: &Digest) -> Statement {
    Statement::Resolves {
        reference: reference.to_string(),
        digest: digest.clone(),
    }
}

fn author() -> Source {
    Source::given("a digest that the author published")
}

/// The author may have published the digest of the index, of a platform's manifest, of its
/// configuration, or of an index that the image stands in.
pub(super) struct ByDigests<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) chain: &'a Chain,
    pub(super) digests: &'a [Digest],
    pub(super) only: Option<&'a Platform>,
    pub(super) author: Source,
}

impl<'a> ByDigests<'a> {
    pub(super) fn answer(&self, answer: &mut Answer) {
        let Some((root, standing)) = &self.chain.root else {
            return answer.rests.extend(self.without_root());
        };
        if self.digests.contains(root) {
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
            let link = crate::chain::links(view)
                .find(|link| link.role == Role::Manifest && link.digest() == root)?;
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
        let mut wanted = Vec::new();
        for image in &self.chain.images {
            let asked = match (self.only, &image.platform) {
                (Some(only), Some(platform)) => only.matches(platform),
                _ => true,
            };
            if asked {
                wanted.push(image);
            }
        }
        wanted
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
            None => self.nowhere(root, standing),
        };
        vec![Claim::new(resolves(&self.chain.reference, root), standing)]
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
            if !self.digests.contains(digest) {
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
            None => Statement::Note {
                subject: None,
                code: "not-published".to_owned(),
                text: format!("no published digest is for {platform}"),
            },
        };
        let want = Want::of(format!(
            "the digest that the author published for {platform}"
        ));
        Claim::new(statement, Standing::missing(want))
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
        if let Some(claim) = by_id {
            return vec![claim];
        }
        let want = want_document(&self.chain.reference, None);
        let missing = Standing::missing(want);
        let resolves = |digest| resolves(&self.chain.reference, digest);
        let first = self.digests.first().map(resolves);
        Vec::from_iter(first.map(|first| Claim::new(first, missing)))
    }
}

/// Who has to have signed.
enum Signer<'a> {
    Identity { identity: &'a str, issuer: &'a str },
    Keys(&'a [PublicKey]),
}

fn by_signer(evidence: &Evidence, chain: &Chain, signer: Signer, answer: &mut Answer) {
    BySigner {
        evidence,
        chain,
        signer,
    }
    .answer(answer);
}

/// What tools stated of signatures, compared in full.
struct BySigner<'a> {
    evidence: &'a Evidence,
    chain: &'a Chain,
    signer: Signer<'a>,
}

impl BySigner<'_> {
    fn answer(&self, answer: &mut Answer) {
        let signatures = self.signatures();
        answer.beside.extend(self.pins());
        if signatures.is_empty() {
            return answer.rests.push(self.unsigned());
        }
        let mut good = Vec::new();
        let mut other = Vec::new();
        for (statement, source) in signatures {
            let standing = self.judge(statement, source);
            let fits = matches!(standing, Standing::Stated { .. });
            let claims: &mut Vec<Claim> = if fits { &mut good } else { &mut other };
            match claims
                .iter_mut()
                .find(|claim| claim.statement == *statement)
            {
                Some(claim) => claim.standing = claim.standing.clone().and(standing),
                None => claims.push(Claim::new(statement.clone(), standing)),
            }
        }
        if good.is_empty() {
            answer.rests.extend(other);
        } else {
            answer.rests.extend(good);
            answer.beside.extend(other);
        }
    }

    /// The stated signatures for the tag, or for the digest, of the image asked about.
    fn signatures(&self) -> Vec<(&Statement, &Source)> {
        let root = self.chain.root.as_ref().map(|(digest, _)| digest);
        let tag = self.chain.reference.tag();
        let repository = |source: &Source| self.about_repository(source);
        let fits = |statement: &Statement, source: &Source| match statement {
            Statement::Signs {
                digest,
                tag: Some(signed),
                ..
            } => tag.map_or(Some(digest) == root, |tag| tag == signed) && repository(source),
            Statement::Signs {
                digest, tag: None, ..
            } => Some(digest) == root,
            _ => false,
        };
        let mut signatures = Vec::new();
        for (statement, source) in &self.evidence.said {
            if fits(statement, source) && self.of_scheme(statement) {
                signatures.push((statement, source));
            }
        }
        signatures
    }

    /// Whether a signature is of the kind that was asked for: an identity signs with a
    /// certificate that names its issuer, a key of Content Trust signs without one.
    fn of_scheme(&self, statement: &Statement) -> bool {
        let certified = matches!(statement, Statement::Signs { key, .. } if key.has(" (issuer "));
        certified == matches!(self.signer, Signer::Identity { .. })
    }

    /// Whether the tool that stated a tag's signature also named the repository asked about:
    /// a tag alone says nothing of which repository it is in.
    fn about_repository(&self, source: &Source) -> bool {
        self.evidence
            .said
            .iter()
            .any(|(statement, by)| match statement {
                Statement::Resolves { reference, .. } if by == source => {
                    let reference = reference.parse::<Reference>();
                    reference.is_ok_and(|r| {
                        r.names_same(&self.chain.reference)
                            || (self.chain.reference.digest().is_some()
                                && r.same_repository(&self.chain.reference))
                    })
                }
                _ => false,
            })
    }

    /// A stated signature stays stated if it is by the pinned signer and for what the image
    /// resolves to.
    fn judge(&self, statement: &Statement, source: &Source) -> Standing {
        let stated = Standing::stated(source.clone());
        let Statement::Signs { digest, key, .. } = statement else {
            return stated;
        };
        if let Some((root, standing)) = self.chain.root.as_ref().filter(|(root, _)| root != digest)
        {
            let by = standing.first_source().cloned().unwrap_or_else(author);
            let expected = Seen::new(digest.as_str(), source.clone());
            return Standing::contradicted(expected, Seen::new(root.as_str(), by));
        }
        match &self.signer {
            Signer::Identity { identity, issuer } => {
                let wanted = format!("{identity} (issuer {issuer})");
                if *key == wanted {
                    stated
                } else {
                    another(&wanted, key, source)
                }
            }
            Signer::Keys(pins) => self.not_pinned(pins, key, source).unwrap_or(stated),
        }
    }

    /// `docker trust inspect` names signers; which keys they have stands elsewhere in it.
    /// "Repo Admin" is what it prints when no named delegate signed: the repository key, or any
    /// key of `targets/releases`.
    fn not_pinned(&self, pins: &[PublicKey], signer: &str, source: &Source) -> Option<Standing> {
        let keys = self.keys_of(signer, source);
        let pinned = |key: &str| pins.iter().any(|pin| pin.id() == key);
        if keys.iter().any(|key| pinned(key)) || pinned(signer) {
            return None;
        }
        let prefix = |key: &str| key.len() < 64 && pins.iter().any(|pin| pin.id().starts_with(key));
        if keys.is_empty() || keys.iter().any(|key| prefix(key)) {
            let hint = format!("docker trust inspect {}", self.chain.reference);
            return Some(Standing::missing(Want::of(hint)));
        }
        let wanted: Vec<&str> = pins.iter().map(PublicKey::id).collect();
        let found = format!("{signer} ({})", joined(&keys, ", "));
        Some(another(&joined(&wanted, " or "), &found, source))
    }

    fn keys_of(&self, signer: &str, source: &Source) -> Vec<&str> {
        let role = if signer == "Repo Admin" {
            "Repository"
        } else {
            signer
        };
        let mut keys = Vec::new();
        for (statement, by) in &self.evidence.said {
            if let Statement::Authorises {
                role: r,
                reference,
                key,
            } = statement
                && r == role
                && by == source
                && let Ok(reference) = reference.parse::<Reference>()
                && reference.same_repository(&self.chain.reference)
            {
                keys.push(key.as_str());
            }
        }
        keys
    }

    /// Every key that was listed, held against the pins in full.
    fn pins(&self) -> Vec<Claim> {
        let Signer::Keys(pins) = &self.signer else {
            return Vec::new();
        };
        let mut claims = Vec::new();
        for (statement, source) in &self.evidence.said {
            let Statement::Authorises { role, key, .. } = statement else {
                continue;
            };
            let equal = pins.iter().any(|pin| pin.id() == key);
            let prefix = !equal && pins.iter().any(|pin| pin.id().starts_with(key.as_str()));
            let (code, text) = match (equal, prefix) {
                (true, _) => ("pinned", "is one of the keys given"),
                (_, true) => (
                    "prefix-only",
                    "is only the beginning of a key given, which proves nothing",
                ),
                _ => ("not-pinned", "is none of the keys given"),
            };
            let statement = Statement::Note {
                subject: None,
                code: code.to_owned(),
                text: format!("the key {key} ({role}) {text}"),
            };
            claims.push(Claim::new(statement, Standing::stated(source.clone())));
        }
        claims
    }

    fn unsigned(&self) -> Claim {
        let reference = &self.chain.reference;
        // A word as a shell takes it literally.
        let word = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let (hint, key) = match &self.signer {
            Signer::Identity { identity, issuer } => (
                format!(
                    "cosign verify --certificate-identity {} --certificate-oidc-issuer {} {reference}",
                    word(identity),
                    word(issuer),
                ),
                format!("{identity} (issuer {issuer})"),
            ),
            Signer::Keys(keys) => {
                let keys: Vec<&str> = keys.iter().map(PublicKey::id).collect();
                let hint = format!("docker trust inspect {reference}");
                (hint, joined(&keys, " or "))
            }
        };
        let statement = match &self.chain.root {
            Some((digest, _)) => Statement::Signs {
                digest: digest.clone(),
                tag: reference.tag().map(str::to_owned),
                key,
            },
            None => Statement::Note {
                subject: None,
                code: "unsigned".to_owned(),
                text: format!("nothing says that {key} signed {reference}"),
            },
        };
        Claim::new(statement, Standing::missing(Want::of(hint)))
    }
}

/// Somebody else than the one asked for.
fn another(wanted: &str, found: &str, source: &Source) -> Standing {
    let expected = Seen::new(wanted, Source::given("the signer in the question"));
    Standing::contradicted(expected, Seen::new(found, source.clone()))
}
