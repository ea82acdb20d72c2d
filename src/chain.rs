//! From an index to manifests, configurations and layers, by digest.
//!
//! The documents in hand are a pool: they are found by digest, so the order in which they came
//! does not matter. A link is a descriptor in one of them. What a link says of the document at
//! its end (size, media type, platform, number of layers) is checked as soon as that document
//! is there too.

mod check;
mod pool;
mod walk;

pub(crate) use check::check_document;
pub(crate) use pool::{Held, Pool};
pub(crate) use walk::{Chain, Hearsay, Image, Told, assemble, want_config, want_document};

use crate::claim::Role;
use crate::digest::Digest;
use crate::document::{Descriptor, Index, Manifest, View};
use crate::platform::Platform;

/// A descriptor in a document whose bytes are in hand.
#[derive(Clone, Debug)]
pub(crate) struct Link<'a> {
    pub(crate) role: Role,
    pub(crate) descriptor: &'a Descriptor,
}

impl Link<'_> {
    pub(crate) fn digest(&self) -> &Digest {
        &self.descriptor.digest
    }

    pub(crate) fn platform(&self) -> Option<&Platform> {
        self.descriptor
            .platform
            .as_ref()
            .filter(|p| !p.is_unknown())
    }
}

/// What a document names, in its order.
pub(crate) fn links(view: &View) -> Vec<Link<'_>> {
    match view {
        View::Index(index) => index_links(index),
        View::Manifest(manifest) => manifest_links(manifest),
        View::Config(_) | View::Other(_) => Vec::new(),
    }
}

fn index_links(index: &Index) -> Vec<Link<'_>> {
    let entry = |descriptor| {
        let role = match Descriptor::attests(descriptor) {
            Some(_) => Role::Attestation,
            None => Role::Manifest,
        };
        Link { role, descriptor }
    };
    let subject = index.subject.iter().map(|descriptor| Link {
        role: Role::Subject,
        descriptor,
    });
    index.manifests.iter().map(entry).chain(subject).collect()
}

fn manifest_links(manifest: &Manifest) -> Vec<Link<'_>> {
    let link = |role| move |descriptor| Link { role, descriptor };
    std::iter::once(&manifest.config)
        .map(link(Role::Config))
        .chain(manifest.layers.iter().map(link(Role::Layer)))
        .chain(manifest.subject.iter().map(link(Role::Subject)))
        .collect()
}

/// Whether a manifest is for an image: attestations, signatures and other artifacts have a
/// configuration of another type (OCI image spec, manifest.md, "Guidelines for Artifact Usage").
pub(crate) fn is_image(manifest: &Manifest) -> bool {
    manifest.artifact_type.is_none()
        && matches!(
            manifest.config.media_type.as_deref(),
            None | Some(
                "application/vnd.oci.image.config.v1+json"
                    | "application/vnd.docker.container.image.v1+json"
            )
        )
        && !manifest
            .layers
            .iter()
            .any(|layer| layer.media_type.as_deref() == Some("application/vnd.in-toto+json"))
}
