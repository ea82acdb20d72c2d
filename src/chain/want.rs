//! The documents of an image that are missing: where they can be fetched, and what prints them.

use crate::claim::{Want, WantKind};
use crate::digest::Digest;
use crate::document::MANIFEST_TYPES;
use crate::name::Reference;
use crate::registry::address;

/// A manifest or an index: where it can be fetched, and the command that prints its exact bytes.
pub(crate) fn want_document(reference: &Reference, digest: Option<&Digest>) -> Want {
    let pinned = digest.map_or_else(|| reference.clone(), |digest| reference.at(digest));
    Want {
        what: WantKind::Document,
        digest: digest.cloned(),
        url: Some(address::manifest(&pinned)),
        accept: Some(MANIFEST_TYPES.map(str::to_owned).to_vec()),
        ..Want::run(format!("docker buildx imagetools inspect --raw {pinned}"))
    }
}

/// A configuration: where it can be fetched, and the command that prints its exact bytes.
pub(crate) fn want_config(
    reference: &Reference,
    manifest: Option<&Digest>,
    config: &Digest,
) -> Want {
    let pinned = manifest.map_or_else(|| reference.clone(), |digest| reference.at(digest));
    Want {
        what: WantKind::Blob,
        digest: Some(config.clone()),
        url: Some(address::blob(reference, config)),
        ..Want::run(format!("crane config {pinned}"))
    }
}
