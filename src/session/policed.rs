//! Is an image what its author published, as a publisher's policy says: by name, release and
//! digests. The premise of every proof here is the policy.
//!
//! A name or a tag that the policy does not list is not contradicted by it: nothing is known, and
//! that is said. A listed release is: what it does not consist of is not that release.

use crate::answer::Answer;
use crate::chain::{Chain, Image, assemble, want_config, want_document};
use crate::claim::{Claim, Code, Role, Seen, Source, Standing, Statement, Want};
use crate::digest::Digest;
use crate::name::Reference;
use crate::platform::Platform;
use crate::policy::{Policy, Release};
use crate::record::Record;
use crate::text::{joined, shortened};

use super::metadata;
use super::published::{ByDigests, resolves};
use super::signed::Signed;

/// Names that are listed in a sentence before the others are left out.
const NAMED: usize = 20;

pub(super) fn add(
    evidence: &Record,
    chain: &Chain,
    (policy, signed, only): (&Policy, Option<Signed>, Option<&Platform>),
    answer: &mut Answer,
) {
    let policed = Policed {
        evidence,
        chain,
        policy,
        only,
        signed: None,
    };
    match policed.release() {
        Ok(release) => policed.with(release, signed, answer),
        Err(claim) => answer.rests.push(*claim),
    }
}

struct Policed<'a> {
    evidence: &'a Record,
    chain: &'a Chain,
    policy: &'a Policy,
    only: Option<&'a Platform>,
    /// The key that its digests are signed with, where they are not those of the policy.
    signed: Option<Source>,
}

/// What a platform's configuration has to be, as far as that is known.
#[derive(Default)]
struct Expected {
    known: Vec<(Digest, Standing)>,
    want: Option<Want>,
}

impl<'a> Policed<'a> {
    fn of_project(&self) -> String {
        format!("the policy of {}", shortened(self.policy.project()))
    }

    /// Whose word the digests of a release are.
    fn author(&self) -> Source {
        let policy = || Source::given(&self.of_project());
        self.signed.clone().unwrap_or_else(policy)
    }

    fn digests<'d>(&'d self, digests: &'d [Digest]) -> ByDigests<'d> {
        ByDigests {
            evidence: self.evidence,
            chain: self.chain,
            digests,
            only: self.only,
            author: self.author(),
        }
    }

    /// The release that the image is said to be, or why it is none.
    fn release(&self) -> Result<&'a Release, Box<Claim>> {
        let image = &self.chain.reference;
        let of = self.of_project();
        let repository = |name: &Reference| format!("{}/{}", name.registry(), name.repository());
        if !self.policy.knows(image) {
            let mut names = Vec::new();
            for name in self.policy.names().iter().chain(self.policy.mirrors()) {
                names.push(repository(name));
            }
            let text = format!(
                "{of} does not list {}: who publishes there it does not say",
                repository(image)
            );
            return Err(unlisted(Code::PolicyName, text, &names));
        }
        let found = match image.tag() {
            Some(tag) => self.policy.release(tag),
            None => self.by_digest()?,
        };
        found.ok_or_else(|| {
            let mut tags = Vec::new();
            for release in self.policy.releases().iter().rev() {
                tags.push(release.tag.clone());
            }
            let what = match (image.tag(), image.digest()) {
                (Some(tag), _) => format!("release {tag}"),
                (None, Some(digest)) => format!("release with {digest}"),
                (None, None) => "such release".to_owned(),
            };
            unlisted(Code::PolicyRelease, format!("{of} lists no {what}"), &tags)
        })
    }

    /// The release that a digest without a tag belongs to.
    fn by_digest(&self) -> Result<Option<&'a Release>, Box<Claim>> {
        let Some((root, _)) = &self.chain.root else {
            return Ok(None);
        };
        let images = self.digests(&[]).wanted_images();
        let mut releases = self.policy.releases().iter();
        let found = releases.find(|release| {
            let of = |part: &Option<(Digest, Standing)>, among: &[Digest]| {
                part.as_ref()
                    .is_some_and(|(d, _)| self.evidence.pool.any(among, d))
            };
            let digests = release.all();
            let of_release = |image: &Image| {
                of(&image.manifest, &release.digests) || of(&image.config, &digests)
            };
            self.evidence.pool.any(&release.digests, root)
                || images.iter().any(|image| of_release(image))
        });
        let unknown = images.iter().find(|image| image.config.is_none());
        let want = match (found, unknown) {
            (Some(_), _) => return Ok(found),
            (None, Some(image)) => self.want_manifest(image),
            (None, None) if self.chain.complete => return Ok(None),
            (None, None) => want_document(&self.chain.reference, Some(root)),
        };
        let statement = resolves(&self.chain.reference, root);
        Err(Box::new(Claim::new(statement, Standing::missing(want))))
    }

    /// By the digests that the policy lists, and where it lists none, by what its keys signed. Where
    /// there are both, both have to hold: what cannot be proven of the signature is only shown.
    fn with(&self, release: &Release, signed: Option<Signed>, answer: &mut Answer) {
        answer.release = Some(release.tag.clone());
        let listed = release.all();
        match signed {
            Some(signed) if listed.is_empty() && signed.of_main_name().is_some() => {
                self.by_signature(release, signed, answer);
            }
            Some(signed) if listed.is_empty() && signed.answers() => {
                signed.answer(&self.digests(&[]), answer);
            }
            Some(mut signed) => {
                answer
                    .rests
                    .extend(signed.against(&release.digests, &self.author()));
                answer.beside.extend(signed.notes());
                self.by(release, answer);
            }
            None => self.by(release, answer),
        }
    }

    /// An image on a mirror, by what is signed for the policy's own name: it has to be that, or
    /// consist of what that consists of.
    fn by_signature(&self, release: &Release, signed: Signed, answer: &mut Answer) {
        let main = signed.of_main_name().cloned();
        signed.add_to(answer);
        let Some(main) = main else {
            return;
        };
        let release = Release {
            digests: vec![main.digest],
            ..release.clone()
        };
        let by = Policed {
            signed: Some(main.premise),
            ..*self
        };
        by.by(&release, answer);
    }

    fn by(&self, release: &Release, answer: &mut Answer) {
        let image = &self.chain.reference;
        let text = format!(
            "{} lists {image} as release {}",
            self.of_project(),
            release.tag
        );
        let listed = Statement::note(None, Code::PolicyRelease, text);
        let listed = Claim::new(listed, Standing::stated(Source::given(&self.of_project())));
        answer.beside.push(listed);
        let all = release.all();
        if all.is_empty() {
            let text = format!(
                "{} lists release {} without digests: only its signatures can settle this",
                self.of_project(),
                release.tag
            );
            let want = metadata::wanted(image);
            let unsigned = Claim::new(
                Statement::note(None, Code::PolicyDigests, text),
                Standing::missing(want),
            );
            return answer.rests.push(unsigned);
        }
        answer.beside.extend(self.digests(&all).others());
        let by = self.digests(&release.digests);
        let images = by.wanted_images();
        let Some((root, standing)) = &self.chain.root else {
            if images.is_empty() {
                return answer.rests.extend(self.digests(&all).without_root());
            }
            return answer.rests.extend(self.images(&by, release, &images));
        };
        if self.evidence.pool.any(&release.digests, root) {
            return answer.rests.push(by.whole(root, standing));
        }
        if let Some(claims) = by.inside_published(root, standing) {
            return answer.rests.extend(claims);
        }
        if !images.is_empty() {
            return answer.rests.extend(self.images(&by, release, &images));
        }
        if !self.chain.complete {
            let missing = Standing::missing(want_document(image, Some(root)));
            let claims = self.digests(&all).not_among(root, missing);
            return answer.rests.extend(claims);
        }
        let standing = self.digests(&all).nowhere(root, standing);
        answer
            .rests
            .push(Claim::new(resolves(image, root), standing));
    }

    /// Every platform has to be what the release has for it.
    fn images(&self, by: &ByDigests, release: &Release, images: &[&Image]) -> Vec<Claim> {
        let mut claims = Vec::with_capacity(images.len());
        for image in images {
            claims.push(match by.image(image) {
                Some(claim) => claim,
                None => self.image(release, image),
            });
        }
        claims
    }

    fn image(&self, release: &Release, image: &Image) -> Claim {
        let Some((config, standing)) = &image.config else {
            let text = format!(
                "the configuration of {} is not known yet",
                image.name().unwrap_or_else(|| "the image".to_owned())
            );
            let missing = Standing::missing(self.want_manifest(image));
            return Claim::new(Statement::note(None, Code::PolicyConfig, text), missing);
        };
        let statement = Statement::Includes {
            reference: self.chain.reference.to_string(),
            digest: config.clone(),
            role: Role::Config,
            platform: image.name(),
        };
        let expected = self.expected(release, image, config);
        let equal = expected
            .known
            .iter()
            .find(|(known, _)| self.evidence.pool.same(known, config));
        let standing = match (equal, expected.want) {
            (Some((_, known)), _) => standing.clone().and(known.clone()),
            (None, Some(want)) => Standing::missing(want),
            (None, None) => {
                let mut known = Vec::new();
                for (digest, _) in &expected.known {
                    known.push(digest.as_str());
                }
                let found = standing.first_source().cloned();
                let found = Seen::new(config.as_str(), found.unwrap_or_else(|| self.author()));
                let value = match known.as_slice() {
                    [] => "no image for this platform".to_owned(),
                    known => joined(known, " or "),
                };
                Standing::contradicted(Seen::new(value, self.author()), found)
            }
        };
        Claim::new(statement, standing)
    }

    /// What the policy lists for the platform; where it lists none, what the published indexes
    /// name for it.
    fn expected(&self, release: &Release, image: &Image, config: &Digest) -> Expected {
        let given = || Standing::premise(self.author());
        let mut expected = Expected::default();
        // Of what names no platform it is said by whoever asks what it is taken for.
        let taken_for = self
            .only
            .filter(|_| image.unsaid && image.platform.is_some());
        let Some(platform) = taken_for.or(image.platform.as_ref()) else {
            // One configuration is for one platform, whichever that is.
            for (_, known) in &release.configs {
                expected.known.push((known.clone(), given()));
            }
            let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
            if self.evidence.pool.get(config).is_none() {
                expected.want = Some(want_config(&self.chain.reference, manifest, config));
            }
            for digest in &release.digests {
                if let Some(name) = self.policy.names().first() {
                    self.expected_any(&name.at(digest), &mut expected);
                }
            }
            return expected;
        };
        for known in release.taken_for(platform) {
            expected.known.push((known.clone(), given()));
        }
        if !expected.known.is_empty() {
            return expected;
        }
        let name = self.policy.names().first();
        for digest in &release.digests {
            if let Some(name) = name {
                self.expected_by(&name.at(digest), platform, &mut expected);
            }
        }
        if release.digests.is_empty() {
            let hint = format!("the digest that the author published for {platform}");
            expected.want = Some(Want::of(hint));
        }
        expected
    }

    /// Every configuration that a published index or manifest has.
    fn expected_any(&self, published: &Reference, expected: &mut Expected) {
        let chain = assemble(&self.evidence.pool, &self.evidence.hearsay(), published);
        if !chain.complete {
            expected.want = Some(want_document(published, published.digest()));
        }
        for image in &chain.images {
            let given = Standing::premise(self.author());
            match (&image.config, &image.manifest) {
                (Some((config, standing)), _) => {
                    let known = (config.clone(), standing.clone().and(given));
                    expected.known.push(known);
                }
                (None, manifest) => {
                    let manifest = manifest.as_ref().map(|(digest, _)| digest);
                    expected.want = Some(want_document(published, manifest));
                }
            }
        }
    }

    /// What a published index or manifest has for a platform.
    fn expected_by(&self, published: &Reference, platform: &Platform, expected: &mut Expected) {
        let chain = assemble(&self.evidence.pool, &self.evidence.hearsay(), published);
        if !chain.complete {
            expected.want = Some(want_document(published, published.digest()));
        }
        for image in &chain.images {
            let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
            match (&image.platform, &image.config) {
                (Some(other), _) if !other.may_be_taken_for(platform) => {}
                (_, None) => expected.want = Some(want_document(published, manifest)),
                (None, Some((config, _))) if self.evidence.pool.get(config).is_none() => {
                    expected.want = Some(want_config(published, manifest, config));
                }
                (_, Some((config, standing))) => {
                    let given = Standing::premise(self.author());
                    expected
                        .known
                        .push((config.clone(), standing.clone().and(given)));
                }
            }
        }
    }

    fn want_manifest(&self, image: &Image) -> Want {
        let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
        want_document(&self.chain.reference, manifest)
    }
}

/// That the policy says nothing of what was asked, and what it does list.
fn unlisted(code: Code, text: String, listed: &[String]) -> Box<Claim> {
    let first = listed.get(..NAMED).unwrap_or(listed);
    let more = if first.len() < listed.len() {
        ", …"
    } else {
        ""
    };
    let hint = format!("one that the policy lists: {}{more}", joined(first, ", "));
    let missing = Standing::missing(Want::of(hint));
    Box::new(Claim::new(Statement::note(None, code, text), missing))
}
