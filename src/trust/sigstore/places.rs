//! The places of signatures of an image: what to fetch, and which documents in hand are some.

use crate::chain::{Held, links, want_document};
use crate::claim::{Listing, Role, Source, Standing, Want, WantKind};
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

/// A place that may have signatures, and what is known of it.
pub(super) struct Spot<'a> {
    pub(super) name: String,
    want: Want,
    is_part: bool,
    /// True if signatures are there.
    pub(super) found: bool,
    /// None if it was not read; else true if all that it lists is here.
    pub(super) read: Option<bool>,
    /// The code of the reason why it was not.
    pub(super) why: Option<&'a str>,
}

/// The names of the places under [`TAGS`].
const TAGGED: [&str; 2] = [
    "the tag of cosign's signatures",
    "the tag of cosign's attestations",
];

/// Every place: in the image's own repository, and in those that are named beside it.
pub(super) fn spots<'a>(about: &About<'a>) -> Vec<Spot<'a>> {
    let mut all = Vec::new();
    let Some((root, _)) = &about.chain.root else {
        return all;
    };
    let parts = parts(about);
    let own = [&about.chain.reference].into_iter();
    for (number, at) in own.chain(&about.evidence.beside).enumerate() {
        let before = all.len();
        all.push(listed(about.evidence, at, root, false));
        for part in parts.iter().take(limits::SIGNED_PARTS) {
            all.push(listed(about.evidence, at, part, true));
        }
        for (tag, name) in tags(at, root).iter().zip(TAGGED) {
            all.push(tagged(about.evidence, tag, name));
        }
        if number > 0 {
            let within = [" in ", at.registry(), "/", at.repository()].concat();
            for spot in all.iter_mut().skip(before) {
                spot.name.push_str(&within);
            }
        }
    }
    all
}

/// The list of what refers to an image, or to a part of it.
fn listed<'a>(evidence: &'a Record, at: &Reference, of: &Digest, is_part: bool) -> Spot<'a> {
    let url = address::referrers(at, of);
    let mut lists = evidence.referrers.iter();
    let list = lists.find(|list| list.place == url);
    let name = match list.map(|list| list.by) {
        _ if is_part => "the lists of what refers to its parts",
        Some(Listing::FallbackTag) => "the fallback tag of what refers to it",
        _ => "the list of what refers to it",
    };
    let mut spot = Spot {
        is_part,
        read: list.map(|_| true),
        ..Spot::of(
            evidence,
            name,
            Want {
                what: WantKind::Referrers,
                digest: Some(of.clone()),
                url: Some(url),
                ..Want::of(format!("what refers to {}", at.at(of)))
            },
        )
    };
    for digest in list.map(|list| &*list.entries).unwrap_or_default() {
        match evidence.pool.get(digest) {
            Some(held) => spot.found |= is_signature(&held.view),
            None => spot.read = Some(false),
        }
    }
    spot
}

/// A tag of cosign's.
fn tagged<'a>(evidence: &'a Record, tag: &Reference, name: &str) -> Spot<'a> {
    let want = Want {
        what: WantKind::Signatures,
        ..want_document(tag, None)
    };
    let here = |held: &Held| held.sources.iter().any(|source| is_at(source, tag));
    let found = evidence.pool.iter().any(here);
    Spot {
        found,
        read: found.then_some(true),
        ..Spot::of(evidence, name, want)
    }
}

impl<'a> Spot<'a> {
    fn of(evidence: &'a Record, name: &str, want: Want) -> Self {
        let mut places = evidence.places.iter();
        let place = places.find(|(place, _)| want.url.as_ref() == Some(place));
        Spot {
            name: name.to_owned(),
            is_part: false,
            found: false,
            read: None,
            why: place.map(|(_, code)| code.as_str()),
            want,
        }
    }
}

/// The requests that the signatures of an image need.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// So many were answered, or failed.
    done: usize,
    /// Those that are still to be sent.
    pub(super) open: Vec<Want>,
    /// So many are past another limit than that of requests.
    past: usize,
}

impl Requests {
    pub(super) fn of(about: &About) -> Self {
        let mut all = Requests::default();
        let mut parts = Vec::new();
        for spot in spots(about) {
            if spot.read.is_some() || spot.why.is_some() {
                all.done += 1;
            } else if spot.is_part {
                parts.push(spot.want);
            } else {
                all.open.push(spot.want);
            }
        }
        all.documents(about);
        // Whoever is asked for has most often signed the whole: its parts are looked at where they did not, or nobody is
        // named.
        let anybody = matches!(about.by, Trust::Digests(digests) if digests.is_empty());
        if anybody || (all.open.is_empty() && layers(about.evidence).is_empty()) {
            all.open.extend(parts);
            all.past += self::parts(about)
                .len()
                .saturating_sub(limits::SIGNED_PARTS);
        }
        all
    }

    /// Those for listed documents, and for the signatures that are in them or under a tag.
    fn documents(&mut self, about: &About) {
        let (evidence, image) = (about.evidence, &about.chain.reference);
        for list in &evidence.referrers {
            let at = evidence.home(image, &list.place);
            for digest in &list.entries {
                self.document(evidence, digest, want_document(at, Some(digest)));
            }
        }
        let mut bytes = 0;
        for (manifest, layer) in layers(evidence) {
            let digest = &layer.digest;
            bytes += layer.size;
            let mut from = manifest.sources.iter();
            let url = from.find_map(|source| match source {
                Source::Fetched { url, .. } => Some(url.as_str()),
                _ => None,
            });
            let at = evidence.home(image, url.unwrap_or_default());
            let want = Want {
                what: WantKind::Blob,
                digest: Some(digest.clone()),
                url: Some(address::blob(at, digest)),
                ..Want::of(format!("the signature {digest}"))
            };
            if bytes <= limits::SIGNATURE_BYTES {
                self.document(evidence, digest, want);
            } else {
                self.past += 1;
            }
        }
    }

    fn document(&mut self, evidence: &Record, digest: &Digest, want: Want) {
        let failed = |other: &Failure| other.want.url == want.url;
        if evidence.pool.get(digest).is_some() || evidence.failures.iter().any(failed) {
            self.done += 1;
        } else if digest.algorithm().is_none() {
            self.past += 1;
        } else {
            self.open.push(want);
        }
    }

    /// So many are not sent.
    pub(super) fn left(&self) -> usize {
        // The image itself is one of them where it is named by its digest.
        let stopped = self.done + 1 >= limits::SIGNATURE_REQUESTS;
        self.past + if stopped { self.open.len() } else { 0 }
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
