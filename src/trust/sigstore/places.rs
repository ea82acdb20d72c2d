//! The places of signatures of an image: what to fetch, and which documents in hand are some.

use crate::chain::{Held, links, want_document};
use crate::claim::{Role, Source, Standing, Want, WantKind};
use crate::digest::Digest;
use crate::document::{Descriptor, View};
use crate::error::Error;
use crate::limits;
use crate::name::Reference;
use crate::question::Trust;
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
    let asked = |url: &str| evidence.places.iter().any(|(place, _)| place == url);
    wants.extend(listing(about, root));
    for at in tags(image, root) {
        let here = |held: &Held| held.sources.iter().any(|source| is_at(source, &at));
        if !asked(&address::manifest(&at)) && !evidence.pool.iter().any(here) {
            wants.push(Want {
                what: WantKind::Signatures,
                ..want_document(&at, None)
            });
        }
    }
    // Whoever is asked for has most often signed the whole: its parts are looked at where they did not, or nobody is named.
    let anybody = matches!(about.by, Trust::Digests(digests) if digests.is_empty());
    if anybody || (wants.is_empty() && layers(evidence).is_empty()) {
        wants.extend(
            parts(about)
                .into_iter()
                .filter_map(|part| listing(about, part)),
        );
    }
    let mut bytes = 0;
    let entries = evidence
        .referrers
        .iter()
        .flat_map(|(_, entries, _)| entries);
    for digest in entries.take(limits::SIGNATURE_REQUESTS) {
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

/// The want for the list of what refers to a part of an image, unless it is here or could not be had.
fn listing(about: &About, part: &Digest) -> Option<Want> {
    let (evidence, image) = (about.evidence, &about.chain.reference);
    let list = address::referrers(image, part);
    let is_here = evidence.referrers.iter().any(|(of, ..)| of == part);
    let is_asked = evidence.places.iter().any(|(place, _)| *place == list);
    (!is_here && !is_asked).then(|| Want {
        what: WantKind::Referrers,
        digest: Some(part.clone()),
        url: Some(list),
        ..Want::of(format!("what refers to {}", image.at(part)))
    })
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
    parts.truncate(limits::SIGNED_PARTS);
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
