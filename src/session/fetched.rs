//! What asking registries adds to an answer: what references meant when they were asked, and what
//! could not be got.

use std::collections::BTreeSet;

use crate::chain::{Chain, Hearsay, Told, want_document};
use crate::claim::{Claim, Source, Standing, Statement, Want};
use crate::name::Reference;
use crate::registry::address;

use super::wanted::missing;
use super::{Answer, Question, Session, tagged};

/// That a registry was asked what a reference means.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) reference: Reference,
    /// The address of the gateway that asked for us, where one did.
    pub(super) by: Option<String>,
    /// Whether nothing kept others on the way from answering in the registry's place.
    pub(super) plainly: bool,
    pub(super) at: String,
}

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
            let answered = |h: &Hearsay| {
                matches!(
                    (&h.told, &h.by),
                    (Told::Resolves(_), Source::Fetched { .. })
                ) && h.about.names_same(&tag)
            };
            (!hearsay.iter().any(answered)).then(|| want_document(&tag, None))
        })
    }

    /// What registries answered to the references in question: premises, each shown once.
    pub(super) fn resolutions(&self) -> Vec<Claim> {
        let references = self.references();
        let about = |h: &Hearsay| references.iter().any(|r| h.about.names_same(r));
        let claim = |h: Hearsay| match (&h.told, &h.by) {
            (Told::Resolves(digest), Source::Fetched { .. }) if about(&h) => {
                let statement = Statement::Resolves {
                    reference: h.about.to_string(),
                    digest: digest.clone(),
                };
                Some(Claim::new(statement, Standing::premise(h.by)))
            }
            _ => None,
        };
        self.evidence
            .hearsay()
            .into_iter()
            .filter_map(claim)
            .collect()
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

    /// What could not be got: as long as it is wanted the answer waits for it.
    pub(super) fn failed(&self, answer: &mut Answer, wants: &[Want]) {
        // Each failure is looked for in them, and there may be one for each.
        let wants: BTreeSet<&Want> = wants.iter().collect();
        let missing: BTreeSet<Want> = missing(&answer.rests).into_iter().collect();
        for failure in &self.evidence.failures {
            let statement = Statement::Note {
                subject: failure.want.digest.clone(),
                code: failure.code.clone(),
                text: failure.text.clone(),
            };
            let what = self.asked.question == Question::What;
            let wanted = wants.contains(&failure.want);
            let needed = (what && wanted) || missing.contains(&failure.want);
            let standing = if wanted {
                answer.failed.push(failure.text.clone());
                Standing::missing(failure.want.clone())
            } else {
                Standing::stated(failure.from.clone())
            };
            let claim = Claim::new(statement, standing);
            if needed {
                answer.rests.push(claim);
            } else {
                answer.beside.push(claim);
            }
        }
    }

    /// Where a reference was resolved, and when, if it was asked for here.
    pub(super) fn resolved(side: &Chain) -> Option<Resolved> {
        let (_, standing) = side.root.as_ref()?;
        let address = address::manifest(&side.reference);
        let own = address::origin(side.reference.registry());
        standing.sources().into_iter().find_map(|source| {
            let Source::Fetched { url, at } = source else {
                return None;
            };
            let path = address.get(own.len()..)?;
            let direct = address::is_direct(url, &own, path);
            // Through a gateway the address begins with the gateway's, and ends as the registry's.
            (direct || url.ends_with(path)).then(|| Resolved {
                reference: side.reference.clone(),
                by: (!direct).then(|| gateway_of(url, path)),
                plainly: direct && own.starts_with("https:") && url.starts_with("http:"),
                at: at.clone(),
            })
        })
    }
}

/// The address of the gateway in one that was asked through it: what stands before the registry.
fn gateway_of(url: &str, path: &str) -> String {
    let before = url.strip_suffix(path).unwrap_or(url);
    let end = before.rfind('/').map_or(before.len(), |slash| slash + 1);
    before.get(..end).unwrap_or(before).to_owned()
}
