//! The places of signatures of an image: what to fetch, and which documents in hand are some.

use crate::chain::{Held, want_document};
use crate::claim::{Source, Standing, Want, WantKind};
use crate::digest::Digest;
use crate::document::{Descriptor, View};
use crate::limits;
use crate::name::Reference;
use crate::record::Record;
use crate::registry::address;
use crate::registry::word::{Word, word_of};
use crate::sigstore::{ENVELOPE, PAYLOAD};
use crate::text::Parts;

use super::About;

/// How the type of a layer that is a bundle begins.
pub(super) const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// How the tag begins and ends under which cosign keeps signatures and attestations of a digest.
const TAGS: [&str; 2] = [".sig", ".att"];

/// The fetches that the signatures of an image need.
pub(super) fn fetches(about: &About) -> Vec<Want> {
    let mut wants = Vec::new();
    let Some((root, _)) = &about.chain.root else {
        return wants;
    };
    let evidence = about.evidence;
    let image = &about.chain.reference;
    let listed = evidence.referrers.iter().find(|(target, _)| target == root);
    let asked = |url: &str| evidence.places.iter().any(|(place, _)| place == url);
    let list = address::referrers(image, root);
    if listed.is_none() && !asked(&list) {
        wants.push(Want {
            what: WantKind::Referrers,
            digest: Some(root.clone()),
            url: Some(list),
            ..Want::of(format!("what refers to {}", image.at(root)))
        });
    }
    for at in tags(image, root) {
        let here = |held: &Held| held.sources.iter().any(|source| is_at(source, &at));
        if !asked(&address::manifest(&at)) && !evidence.pool.iter().any(here) {
            wants.push(Want {
                what: WantKind::Signatures,
                ..want_document(&at, None)
            });
        }
    }
    let mut bytes = 0;
    for digest in listed.into_iter().flat_map(|(_, entries)| entries) {
        if evidence.pool.get(digest).is_none() && digest.algorithm().is_some() {
            wants.push(want_document(image, Some(digest)));
        }
    }
    for (_, layer) in layers(evidence) {
        let digest = &layer.digest;
        bytes += layer.size;
        let small = bytes <= limits::SIGNATURE_BYTES;
        if small && evidence.pool.get(digest).is_none() && digest.algorithm().is_some() {
            wants.push(Want {
                what: WantKind::Blob,
                digest: Some(digest.clone()),
                url: Some(address::blob(image, digest)),
                ..Want::of(format!("the signature {digest}"))
            });
        }
    }
    wants.truncate(limits::SIGNATURE_REQUESTS);
    wants
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
fn is_at(source: &Source, at: &Reference) -> bool {
    matches!(source, Source::Fetched { url, .. } if word_of(url, at) != Word::Other)
}

/// True if a layer is a signature, by its type.
fn signs(layer: &Descriptor) -> bool {
    let kind = layer.media_type.as_deref().unwrap_or_default();
    kind.starts_with(BUNDLE) || kind == PAYLOAD || kind == ENVELOPE
}

/// True if a document is a manifest of signatures.
pub(crate) fn is_signature(bytes: &[u8]) -> bool {
    match View::read(bytes) {
        Ok(View::Manifest(manifest)) => manifest.layers.iter().any(signs),
        _ => false,
    }
}
