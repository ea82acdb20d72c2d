//! The part of an answer that comes from asking registries: the meaning of references when they
//! were asked, and failed requests.

use crate::answer::{Answer, By, Once, Resolved, missing};
use crate::chain::{Chain, Hearsay, Held, Told, want_document};
use crate::claim::{Claim, Code, Seen, Source, Standing, Statement, Want};
use crate::name::Reference;
use crate::question::Question;
use crate::record::Failure;
use crate::registry::address;
use crate::registry::word::{Word, word_of};

use super::{Session, tagged};

impl Session {
    /// The tags in question that no registry was asked for yet. What a registry answers is a
    /// premise, what somebody says that it answered a statement; and beside a digest the tag is
    /// of interest too.
    pub(super) fn tags_to_ask(&self) -> impl Iterator<Item = Want> {
        let hearsay = self.evidence.hearsay();
        self.references().into_iter().filter_map(move |reference| {
            let tag = match reference.digest() {
                Some(_) => tagged(&reference)?,
                None => reference,
            };
            let answered = |h: &Hearsay| h.answered(&tag).is_some();
            (!hearsay.iter().any(answered)).then(|| want_document(&tag, None))
        })
    }

    /// Of two registries each has to answer for its own reference: that a digest is written in a
    /// reference, or that its document came from elsewhere, does not show that this registry has it.
    /// A document that was given by hand is for the side whose digest it has; where the `other` side
    /// has the same digest in another repository it may be from either. Gives how it is known, and what
    /// would ask the registry where it was not asked yet; nothing for a reference without a digest.
    pub(super) fn own_answer(
        &self,
        reference: &Reference,
        other: &Reference,
        hearsay: &[Hearsay],
    ) -> Option<(Standing, Option<Want>)> {
        let digest = reference.digest()?;
        let own = |source: &Source| match source {
            Source::Fetched { url, .. } => word_of(url, reference) != Word::Other,
            _ => false,
        };
        let held = self.evidence.pool.get(digest);
        if let Some(held) = held
            && let Some(from) = held.sources.iter().find(|source| own(source))
        {
            let answered = Standing::premise(from.clone());
            return Some((held.proven().and(answered), None));
        }
        let given = Source::given(&format!("the reference {reference}"));
        let answered = hearsay.iter().find_map(|h| match &h.told {
            Told::Resolves(found) if h.about == *reference && own(&h.by) => Some((found, &h.by)),
            _ => None,
        });
        if let Some((found, by)) = answered {
            let expected = Seen::new(digest.as_str(), given);
            let found = Seen::new(found.as_str(), by.clone());
            return Some((Standing::contradicted(expected, found), None));
        }
        // With the digest, as long as its bytes are wanted anyway.
        let want = want_document(reference, Some(digest).filter(|_| held.is_none()));
        let failed = |failure: &Failure| failure.want.url == want.url;
        let by_hand = |held: &&Held| {
            let mut sources = held.sources.iter();
            sources.any(|source| !matches!(source, Source::Fetched { .. }))
        };
        let is_for_this_side = other.digest() != Some(digest) || other.same_repository(reference);
        let standing = match held {
            _ if self.evidence.failures.iter().any(failed) => Standing::missing(want.clone()),
            // Nothing is proven of what is not here, whoever has it.
            None => return None,
            Some(held) if by_hand(&held) && is_for_this_side => {
                held.proven().and(Standing::premise(given))
            }
            Some(_) => Standing::stated(given),
        };
        Some((standing, Some(want)))
    }

    /// The registries' answers about the references in question: premises, each shown once. Another
    /// host's answer is its statement.
    pub(super) fn resolutions(&self) -> Vec<Claim> {
        let references = self.references();
        let about = |h: &Hearsay| references.iter().any(|r| h.about.names_same(r));
        let claim = |h: Hearsay| match (&h.told, &h.by) {
            (Told::Resolves(digest), Source::Fetched { .. }) if about(&h) => {
                let statement = Statement::Resolves {
                    reference: h.about.to_string(),
                    digest: digest.clone(),
                };
                Some(Claim::new(statement, h.standing()))
            }
            _ => None,
        };
        self.evidence
            .hearsay()
            .into_iter()
            .filter_map(claim)
            .collect()
    }

    /// What the image that is described was answered to name. Where only others than its registry
    /// answered, what it is rests on their statement.
    pub(super) fn describe_resolutions(&self, answer: &mut Answer) {
        let tag = |image: &&Reference| image.digest().is_none();
        let image = self.asked.image.as_ref().filter(tag);
        let hearsay = self.evidence.hearsay();
        let mut about = image
            .into_iter()
            .flat_map(|i| hearsay.iter().filter(|h| h.about.names_same(i)));
        let by_registry = about.any(Hearsay::by_registry);
        for claim in self.resolutions() {
            let stated = matches!(claim.standing, Standing::Stated { .. });
            if stated && image.is_some() && !by_registry {
                answer.rests.push(claim);
            } else {
                answer.beside.push(claim);
            }
        }
    }

    /// The image that is to be described, as long as nothing says what it names.
    pub(super) fn image_wanted(&self) -> Option<Want> {
        let image = self.asked.image.as_ref()?;
        let known = |h: &Hearsay| h.about.names_same(image);
        let digest = image.digest();
        let here = match digest {
            Some(digest) => self.evidence.pool.get(digest).is_some(),
            None => self.evidence.hearsay().iter().any(known),
        };
        (!here).then(|| want_document(image, digest))
    }

    /// Adds failed requests: as long as a document is wanted the answer waits for it.
    pub(super) fn failed(&self, answer: &mut Answer, wants: &[Want]) {
        let known = Once::of(wants);
        let mut needed = Once::of(&missing(&answer.rests));
        for failure in &self.evidence.failures {
            let statement = Statement::told(
                failure.want.digest.as_ref(),
                &failure.code,
                failure.text.clone(),
            );
            let what = self.asked.question == Question::What;
            let wanted = known.has(&failure.want);
            let is_needed = (what && wanted) || needed.has(&failure.want);
            let standing = if wanted {
                answer.failed.push(failure.text.clone());
                Standing::missing(failure.want.clone())
            } else {
                Standing::stated(failure.from.clone())
            };
            let claim = Claim::new(statement, standing);
            if is_needed {
                if wanted {
                    needed.add(&failure.want);
                }
                answer.rests.push(claim);
            } else {
                answer.beside.push(claim);
            }
        }
    }

    /// Where a reference was resolved, and when, if it was asked for here.
    pub(super) fn resolved(side: &Chain) -> Option<Resolved> {
        let (_, standing) = side.root.as_ref()?;
        let reference = &side.reference;
        let stated = reference.digest().is_none() && matches!(standing, Standing::Stated { .. });
        let resolved = |source: &Source, others: bool| {
            let Source::Fetched { url, at } = source else {
                return None;
            };
            let by = match word_of(url, reference) {
                Word::Registry => By::Registry,
                Word::Gateway(gateway) => By::Gateway(gateway.to_owned()),
                Word::Other if others => By::Other(url.clone()),
                Word::Other => return None,
            };
            let own = address::origin(reference.registry());
            let direct = matches!(by, By::Registry);
            Some(Resolved {
                reference: reference.clone(),
                by,
                plainly: direct && own.starts_with("https:") && url.starts_with("http:"),
                at: at.clone(),
            })
        };
        let sources = standing.sources();
        let mut found = sources.iter().filter_map(|source| resolved(source, false));
        let first = found.next();
        first.or_else(|| {
            let mut others = sources.iter().filter_map(|source| resolved(source, true));
            others.next().filter(|_| stated)
        })
    }
}

/// The claim that nothing is known yet of the image.
pub(super) fn unknown_image(want: &Want) -> Claim {
    let statement = Statement::note(
        want.digest.as_ref(),
        Code::Image,
        "nothing is known about this image yet",
    );
    Claim::new(statement, Standing::missing(want.clone()))
}
