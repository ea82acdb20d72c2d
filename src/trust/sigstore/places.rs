//! The places of signatures of an image: what to fetch, and which documents in hand are some.

use crate::chain::{Held, links, want_document};
use crate::claim::{Claim, Code, Listing, Role, Source, Standing, Want, WantKind};
use crate::digest::Digest;
use crate::document::{Descriptor, View};
use crate::limits;
use crate::name::Reference;
use crate::question::Trust;
use crate::record::Record;
use crate::registry::address;
use crate::registry::word::{Word, word_of};
use crate::sigstore::{ENVELOPE, PAYLOAD};
use crate::text::{Parts, shortened};

use super::{About, claims};

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
    let listed = evidence
        .referrers
        .iter()
        .find(|(target, ..)| target == root);
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
    // Whoever is asked for has most often signed the whole: its parts are looked at where they did not, or nobody is named.
    let anybody = matches!(about.by, Trust::Digests(digests) if digests.is_empty());
    if anybody || (wants.is_empty() && layers(evidence).is_empty()) {
        for part in parts(about) {
            let list = address::referrers(image, part);
            if !asked(&list) && !evidence.referrers.iter().any(|(of, ..)| of == part) {
                wants.push(Want {
                    what: WantKind::Referrers,
                    digest: Some(part.clone()),
                    url: Some(list),
                    ..Want::of(format!("what refers to {part}"))
                });
            }
        }
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

/// The manifests and attestations of an image, which may be signed by themselves.
fn parts<'a>(about: &About<'a>) -> Vec<&'a Digest> {
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

/// The places where signatures of an image may be, and what is known of each.
pub(super) fn looked(about: &About) -> Vec<Claim> {
    let Some((root, _)) = &about.chain.root else {
        return Vec::new();
    };
    let (evidence, image) = (about.evidence, &about.chain.reference);
    let list = |of: &Digest| evidence.referrers.iter().find(|(target, ..)| target == of);
    let holds = |digest: &Digest| {
        let manifest = evidence.pool.view(digest);
        matches!(manifest, Some(View::Manifest(manifest)) if manifest.layers.iter().any(signs))
    };
    let name = match list(root) {
        Some((.., Listing::FallbackTag)) => "the fallback tag of what refers to it",
        _ => "the list of what refers to it",
    };
    let mut all = Vec::new();
    for (at, of) in [root].into_iter().chain(parts(about)).enumerate() {
        let listed = list(of);
        let here = listed.is_some_and(|(_, entries, _)| entries.iter().any(holds));
        let name = if at == 0 {
            name
        } else {
            "the lists of what refers to its parts"
        };
        all.push((name, address::referrers(image, of), here, listed.is_some()));
    }
    let names = [
        "the tag of cosign's signatures",
        "the tag of cosign's attestations",
    ];
    for (at, name) in tags(image, root).iter().zip(names) {
        let here = |held: &Held| held.sources.iter().any(|source| is_at(source, at));
        let here = evidence.pool.iter().any(here);
        all.push((name, address::manifest(at), here, false));
    }
    let mut claims: Vec<(Code, &str, String)> = Vec::new();
    for (what, url, here, listed) in all {
        let place = evidence.places.iter().find(|(place, _)| *place == url);
        let (code, text) = match place.map(|(_, code)| code.as_str()) {
            _ if here => (Code::SigstoreFound, ["signatures are in ", what].concat()),
            Some("other-bytes") => {
                let text = ["what is in ", what, " is not a signature"].concat();
                (Code::SigstoreNone, text)
            }
            Some("not-found") => (Code::SigstoreNone, ["no signature is in ", what].concat()),
            None if listed => (Code::SigstoreNone, ["no signature is in ", what].concat()),
            Some(why) => {
                let why = shortened(why);
                let text = [what, " could not be read (", &why, ")"].concat();
                (Code::SigstoreUnread, text)
            }
            None => (Code::SigstoreUnasked, ["nobody looked in ", what].concat()),
        };
        // Of several that have one name, each outcome once.
        if !claims
            .iter()
            .any(|known| known.0 == code && known.1 == what)
        {
            claims.push((code, what, text));
        }
    }
    // Where some of those are, it is of no use that others have none.
    let found = |what: &str| {
        claims
            .iter()
            .any(|one| one.0 == Code::SigstoreFound && one.1 == what)
    };
    let from = Source::given("the evidence");
    let told = claims
        .iter()
        .filter(|one| one.0 != Code::SigstoreNone || !found(one.1));
    told.map(|(code, _, text)| claims::said(Some(root), code.word(), text.clone(), &from))
        .collect()
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
