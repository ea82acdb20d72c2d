//! The places of signatures of an image: what to fetch, and which documents in hand are some.

use crate::chain::{Held, links, want_document};
use crate::claim::{Role, Source, Standing, Want, WantKind};
use crate::digest::Digest;
use crate::document::{Descriptor, View};
use crate::error::Error;
use crate::limits;
use crate::name::Reference;
use crate::question::Trust;
use crate::record::{Failure, Record};
use crate::registry::address;
use crate::registry::word::{Word, word_of};
use crate::sigstore::{ENVELOPE, PAYLOAD};
use crate::text::Parts;

use super::About;

/// How the type of a layer that is a bundle begins.
pub(super) const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// How the tag begins and ends under which cosign keeps signatures and attestations of a digest.
const TAGS: [&str; 2] = [".sig", ".att"];

/// The requests that the signatures of an image need.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// So many were answered, or failed.
    pub(super) done: usize,
    /// Those that are still to be sent.
    pub(super) open: Vec<Want>,
    /// Those that are past another limit than that of requests.
    pub(super) past: Vec<Want>,
}

impl Requests {
    pub(super) fn of(about: &About) -> Self {
        let mut all = Requests::default();
        let Some((root, _)) = &about.chain.root else {
            return all;
        };
        for at in repositories(about) {
            all.list(about, at, root);
            for tag in tags(at, root) {
                let here = |held: &Held| held.sources.iter().any(|source| is_at(source, &tag));
                let want = Want {
                    what: WantKind::Signatures,
                    ..want_document(&tag, None)
                };
                all.add(about, want, about.evidence.pool.iter().any(here));
            }
        }
        all.documents(about);
        // Whoever is asked for has most often signed the whole: its parts are looked at where they did not, or nobody is
        // named.
        let anybody = matches!(about.by, Trust::Digests(digests) if digests.is_empty());
        if anybody || (all.open.is_empty() && layers(about.evidence).is_empty()) {
            for (at, part) in parts(about).into_iter().enumerate() {
                for place in repositories(about) {
                    if at < limits::SIGNED_PARTS {
                        all.list(about, place, part);
                    } else {
                        all.past.push(listing(place, part));
                    }
                }
            }
        }
        all
    }

    fn list(&mut self, about: &About, at: &Reference, part: &Digest) {
        let want = listing(at, part);
        let place = want.url.as_deref().unwrap_or_default();
        let mut lists = about.evidence.referrers.iter();
        let is_here = lists.any(|list| list.is_for(part, place));
        self.add(about, want, is_here);
    }

    /// What is listed, and the signatures that are in it or under a tag.
    fn documents(&mut self, about: &About) {
        let (evidence, image) = (about.evidence, &about.chain.reference);
        for list in &evidence.referrers {
            let at = evidence.home(image, &list.place);
            for digest in &list.entries {
                let want = want_document(at, Some(digest));
                self.add(about, want, evidence.pool.get(digest).is_some());
            }
        }
        let mut bytes = 0;
        for (manifest, layer) in layers(evidence) {
            let digest = &layer.digest;
            bytes += layer.size;
            let from = manifest.sources.iter().find_map(|source| match source {
                Source::Fetched { url, .. } => Some(url.as_str()),
                _ => None,
            });
            let at = evidence.home(image, from.unwrap_or_default());
            let want = Want {
                what: WantKind::Blob,
                digest: Some(digest.clone()),
                url: Some(address::blob(at, digest)),
                ..Want::of(format!("the signature {digest}"))
            };
            let is_here = evidence.pool.get(digest).is_some();
            if bytes <= limits::SIGNATURE_BYTES || is_here {
                self.add(about, want, is_here);
            } else {
                self.past.push(want);
            }
        }
    }

    fn add(&mut self, about: &About, want: Want, is_here: bool) {
        let evidence = about.evidence;
        let url = want.url.as_deref().unwrap_or_default();
        let failed = || {
            let failed = |other: &Failure| other.want.url.as_deref() == Some(url);
            evidence.places.iter().any(|(place, _)| place == url)
                || evidence.failures.iter().any(failed)
        };
        let uncomputed = |digest: &Digest| digest.algorithm().is_none();
        if is_here || failed() {
            self.done += 1;
        } else if want.digest.as_ref().is_some_and(uncomputed) {
            self.past.push(want);
        } else {
            self.open.push(want);
        }
    }

    /// Those that are not sent, if the limit of requests is met.
    pub(super) fn left(mut self) -> Vec<Want> {
        if self.done >= limits::SIGNATURE_REQUESTS {
            self.past.append(&mut self.open);
        }
        self.past
    }
}

/// The repositories that may have its signatures, its own first.
pub(super) fn repositories<'a>(about: &About<'a>) -> impl Iterator<Item = &'a Reference> {
    let own = [&about.chain.reference];
    own.into_iter().chain(&about.evidence.beside)
}

/// The want for the list of what refers to a part of an image.
fn listing(at: &Reference, part: &Digest) -> Want {
    Want {
        what: WantKind::Referrers,
        digest: Some(part.clone()),
        url: Some(address::referrers(at, part)),
        ..Want::of(format!("what refers to {}", at.at(part)))
    }
}

/// The manifests and attestations of an image, which may be signed by themselves.
pub(super) fn parts<'a>(about: &About<'a>) -> Vec<&'a Digest> {
    let root = about.chain.root.as_ref().map(|(root, _)| root);
    let view = root.and_then(|root| about.evidence.pool.view(root));
    let mut parts = Vec::new();
    for link in view.map(links).unwrap_or_default() {
        if matches!(link.role, Role::Manifest | Role::Attestation) {
            parts.push(link.digest());
        }
    }
    parts
}

/// True if a digest is one of the image in question, or of an index that has it.
pub(super) fn is_of(about: &About, digest: &Digest) -> bool {
    let pool = &about.evidence.pool;
    let root = about.chain.root.as_ref();
    let images = about.chain.taken_for(about.only);
    let same = |part: &Option<(Digest, Standing)>| {
        part.as_ref()
            .is_some_and(|(known, _)| pool.same(known, digest))
    };
    root.is_some_and(|(root, _)| pool.same(root, digest))
        || images
            .iter()
            .any(|image| same(&image.manifest) || same(&image.config))
        || about.entry(digest).is_some()
}

/// The layers that are signatures, each with its manifest.
pub(super) fn layers(evidence: &Record) -> Vec<(&Held, &Descriptor)> {
    let mut found = Vec::new();
    for held in evidence.pool.iter() {
        let Ok(View::Manifest(manifest)) = &held.view else {
            continue;
        };
        let signatures = manifest.layers.iter().filter(|layer| signs(layer));
        found.extend(signatures.map(|layer| (held, layer)));
    }
    // One more, so that it is seen that there are more.
    found.truncate(limits::BUNDLES + 1);
    found
}

/// The tags under which cosign keeps signatures and attestations of a digest (cosign: `specs/SIGNATURE_SPEC.md`).
pub(super) fn tags(image: &Reference, digest: &Digest) -> Vec<Reference> {
    let name = digest.as_str().put(":", "-");
    let tag = |end: &str| image.with_tag(&[&name, end].concat()).ok();
    TAGS.iter().filter_map(|end| tag(end)).collect()
}

/// True if this is what the registry answered for a reference.
pub(super) fn is_at(source: &Source, at: &Reference) -> bool {
    matches!(source, Source::Fetched { url, .. } if word_of(url, at) != Word::Other)
}

/// True if a layer is a signature, by its type.
fn signs(layer: &Descriptor) -> bool {
    let kind = layer.media_type.as_deref().unwrap_or_default();
    kind.starts_with(BUNDLE) || kind == PAYLOAD || kind == ENVELOPE
}

/// True if a document is a manifest of signatures.
pub(crate) fn is_signature(view: &Result<View, Error>) -> bool {
    match view {
        Ok(View::Manifest(manifest)) => manifest.layers.iter().any(signs),
        _ => false,
    }
}
