//! A publisher's policy as a scheme: names, releases and digests. The premise of every proof here
//! is the policy.
//!
//! A name or a tag that the policy does not list is not contradicted by it: nothing is known, and
//! that is said. A listed release is: what it does not consist of is not that release.

use crate::answer::Answer;
use crate::chain::{Image, want_document};
use crate::claim::{Claim, Code, Source, Standing, Statement, Want};
use crate::digest::Digest;
use crate::platform::Platform;
use crate::policy::{Policy, Release};
use crate::question::Trust;
use crate::text::{joined, shortened};

use super::{About, Of, Scheme, Testimony, Vouched, Weight, repository, resolves, want_metadata};

/// Names that are listed in a sentence before the others are left out.
const NAMED: usize = 20;

/// The releases of the policy in the question.
#[derive(Debug)]
pub(super) struct Listed;

impl Scheme for Listed {
    fn vouches(&self, about: &About) -> Option<Testimony> {
        let Trust::Policy(policy) = about.by else {
            return None;
        };
        let asked = PolicyAsked { about, policy };
        Some(match asked.release() {
            Ok(release) => asked.of_release(release),
            Err(claim) => Testimony {
                weight: Weight::Listed,
                vouched: Vec::new(),
                answer: Answer {
                    rests: vec![*claim],
                    ..Answer::default()
                },
                unproven: None,
            },
        })
    }
}

/// The question to a policy.
struct PolicyAsked<'a> {
    about: &'a About<'a>,
    policy: &'a Policy,
}

impl<'a> PolicyAsked<'a> {
    fn of_project(&self) -> String {
        format!("the policy of {}", shortened(self.policy.project()))
    }

    /// Every digest of a release, those of what its tag names first.
    fn of_release(&self, release: &Release) -> Testimony {
        let of = self.of_project();
        let text = format!(
            "{of} lists {} as release {}",
            self.about.chain.reference, release.tag
        );
        let listed = Statement::note(None, Code::PolicyRelease, text);
        let mut answer = Answer {
            beside: vec![Claim::new(listed, Standing::stated(Source::given(&of)))],
            release: Some(release.tag.clone()),
            ..Answer::default()
        };
        let mut vouched = Vec::new();
        for digest in &release.digests {
            vouched.push(self.vouched(digest, None));
        }
        for (platform, config) in &release.configs {
            vouched.push(self.vouched(config, Some(platform)));
        }
        let mut weight = Weight::Listed;
        if vouched.is_empty() {
            weight = Weight::Unlisted;
            let text = format!(
                "{of} lists release {} without digests: only its signatures can settle this",
                release.tag
            );
            let statement = Statement::note(None, Code::PolicyDigests, text);
            let missing = Standing::missing(self.signature());
            answer.rests.push(Claim::new(statement, missing));
        }
        Testimony {
            weight,
            vouched,
            answer,
            unproven: None,
        }
    }

    /// The want for a release without digests. Where signatures are kept beside the image, it is the image.
    fn signature(&self) -> Want {
        let chain = &self.about.chain;
        if self.policy.dct().is_some() {
            return want_metadata(&chain.reference);
        }
        let root = chain.root.as_ref().map(|(root, _)| root);
        let is_here = root.is_some_and(|root| self.about.evidence.pool.get(root).is_some());
        if is_here {
            Want::of("a signature by a signer that the policy names")
        } else {
            want_document(&chain.reference, root)
        }
    }

    fn vouched(&self, digest: &Digest, platform: Option<&Platform>) -> Vouched {
        let by = Source::given(&self.of_project());
        let name = self.policy.names().first();
        Vouched {
            digest: digest.clone(),
            platform: platform.cloned(),
            standing: Standing::premise(by.clone()),
            by,
            of: name.map_or(Of::Any, |name| Of::Name(name.clone())),
        }
    }

    /// The release that the image is said to be, or the reason it is not one.
    fn release(&self) -> Result<&'a Release, Box<Claim>> {
        let image = &self.about.chain.reference;
        let of = self.of_project();
        if !self.policy.knows(image) {
            let mut names = Vec::new();
            for name in self.policy.names().iter().chain(self.policy.mirrors()) {
                names.push(repository(name));
            }
            let text = format!("{of} does not cover {}", repository(image));
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
        let Some((root, _)) = &self.about.chain.root else {
            return Ok(None);
        };
        let images = self.about.chain.taken_for(self.about.only);
        let mut releases = self.policy.releases().iter();
        let found = releases.find(|release| {
            let of = |part: &Option<(Digest, Standing)>, among: &[Digest]| {
                part.as_ref()
                    .is_some_and(|(d, _)| self.about.evidence.pool.any(among, d))
            };
            let digests = release.all();
            let of_release = |image: &Image| {
                of(&image.manifest, &release.digests) || of(&image.config, &digests)
            };
            self.about.evidence.pool.any(&release.digests, root)
                || images.iter().any(|image| of_release(image))
        });
        let unknown = images.iter().find(|image| image.config.is_none());
        let want = match (found, unknown) {
            (Some(_), _) => return Ok(found),
            (None, Some(image)) => {
                let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
                want_document(&self.about.chain.reference, manifest)
            }
            (None, None) if self.about.chain.complete => return Ok(None),
            (None, None) => want_document(&self.about.chain.reference, Some(root)),
        };
        let statement = resolves(&self.about.chain.reference, root);
        Err(Box::new(Claim::new(statement, Standing::missing(want))))
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
