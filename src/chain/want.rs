//! Wants for the missing documents of an image: each with its address, and the command that prints it.

use crate::claim::{Want, WantKind};
use crate::digest::Digest;
use crate::document::MANIFEST_TYPES;
use crate::name::Reference;
use crate::registry::address;

/// A want for a manifest or an index, with its address and the command that prints its exact bytes.
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

/// A want for a configuration, with its address and the command that prints its exact bytes.
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
