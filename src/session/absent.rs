//! Documents that are named and not here: what would tell more, and what an answer waits for.

use crate::chain::{Held, Link, Told, links, want_config, want_document};
use crate::claim::{Claim, LAYOUT, Role, Standing, Statement, Want, WantKind};
use crate::digest::{Digest, DigestSet};
use crate::name::Reference;

use super::described::Describer;

impl Describer<'_> {
    /// Documents that are named and not here. What a document of a chain names could be at odds with
    /// it: the answer waits for that. One that nothing here is linked to is a question about itself.
    pub(super) fn absent(&mut self) {
        let mut absent = Vec::new();
        for held in self.evidence.pool.iter() {
            if self.is_beside(held) {
                continue;
            }
            let repository = self.known_as.get(held.digest()).or(self.image);
            let chained = self.is_chained(held);
            for link in held.view.as_ref().map(links).unwrap_or_default() {
                // The contents of an artifact are not asked for.
                let waited = chained && !link.content;
                if waited || (is_wanted(link.role) && !link.content) {
                    let want = want(link.digest(), link.role, repository, Some(held.digest()));
                    absent.push(Absent::of(&link, want, waited));
                }
            }
        }
        for open in &self.evidence.open {
            let own = open.text.about.clone();
            let links = open.view.as_ref().map(links).unwrap_or_default();
            for link in links.filter(|link| is_wanted(link.role)) {
                let want = want(link.digest(), link.role, own.as_ref(), None);
                absent.push(Absent::of(&link, want, false));
            }
        }
        for h in &self.hearsay {
            let (digest, role) = match &h.told {
                Told::Keeps(digest) | Told::Pins(digest) | Told::Resolves(digest) => {
                    (digest, Role::Manifest)
                }
                Told::Includes(digest, role, _) if is_wanted(*role) => (digest, *role),
                _ => continue,
            };
            let want = if h.by.is_text_of(LAYOUT) {
                Want {
                    what: WantKind::Document,
                    digest: Some(digest.clone()),
                    ..Want::of(format!("the file of {digest} in the archive"))
                }
            } else {
                want(digest, role, Some(&h.about), h.about.digest())
            };
            absent.push(Absent {
                digest: digest.clone(),
                media_type: None,
                want,
                waited: false,
            });
        }
        // Those first that the answer waits for.
        let (first, rest): (Vec<_>, Vec<_>) = absent.into_iter().partition(|one| one.waited);
        let mut seen = DigestSet::default();
        for absent in first.into_iter().chain(rest) {
            let here = self.evidence.pool.get(&absent.digest).is_some();
            let known = here || absent.digest.algorithm().is_none();
            if !known && seen.insert(&absent.digest, ()) {
                self.lacking(absent);
            }
        }
    }

    fn lacking(&mut self, absent: Absent) {
        let statement = Statement::absent(absent.digest, absent.media_type);
        let claim = Claim::new(statement, Standing::missing(absent.want.clone()));
        if absent.waited {
            self.found.expected.push(claim);
        } else {
            self.found.beside.push(claim);
        }
        self.found.wants.push(absent.want);
    }

    /// Whether a document is part of what is described: the image that was named, or several
    /// documents of which one names the other.
    fn is_chained(&self, held: &Held) -> bool {
        let mut below = held.view.as_ref().map(links).unwrap_or_default();
        self.image.is_some()
            || self.named.contains(held.digest())
            || below.any(|link| !link.content && self.evidence.pool.get(link.digest()).is_some())
    }
}

/// A document that is named and not here.
struct Absent {
    digest: Digest,
    media_type: Option<String>,
    want: Want,
    /// True if the answer waits for it.
    waited: bool,
}

impl Absent {
    fn of(link: &Link, want: Want, waited: bool) -> Self {
        Absent {
            digest: link.digest().clone(),
            media_type: link.descriptor.media_type.clone(),
            want,
            waited,
        }
    }
}

fn want(digest: &Digest, role: Role, at: Option<&Reference>, parent: Option<&Digest>) -> Want {
    match (role, at) {
        (Role::Config, Some(at)) => want_config(at, parent, digest),
        (_, Some(at)) => want_document(at, Some(digest)),
        (Role::Config, None) => Want {
            what: WantKind::Blob,
            digest: Some(digest.clone()),
            ..Want::of(format!(
                "the image configuration {digest}, as crane config prints it"
            ))
        },
        (_, None) => Want {
            what: WantKind::Document,
            digest: Some(digest.clone()),
            ..Want::of(format!(
                "the manifest {digest}, as crane manifest prints it"
            ))
        },
    }
}

fn is_wanted(role: Role) -> bool {
    matches!(role, Role::Manifest | Role::Config)
}
