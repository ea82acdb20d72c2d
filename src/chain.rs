//! From an index to manifests, configurations and layers, by digest.
//!
//! The documents in hand are a pool: they are found by digest, so the order in which they came
//! does not matter. A link is a descriptor in one of them. What a link says of the document at
//! its end (size, media type, platform, number of layers) is checked as soon as that document
//! is there too.

mod check;
mod hearsay;
mod pool;
mod root;
mod taken;
mod walk;
mod want;

pub(crate) use check::{check_content, check_document, check_named};
pub(crate) use hearsay::{Hearsay, Moment, Told};
pub(crate) use pool::{Held, Pool};
pub(crate) use root::disagreements;
pub(crate) use taken::{ByPlatform, Few, Leads};
pub(crate) use walk::{Chain, Image, assemble, assemble_as};
pub(crate) use want::{want_config, want_document};

use crate::claim::Role;
use crate::digest::Digest;
use crate::document::{Descriptor, Index, Manifest, View};
use crate::platform::Platform;

/// A descriptor in a document whose bytes are in hand.
#[derive(Clone, Debug)]
pub(crate) struct Link<'a> {
    pub(crate) role: Role,
    pub(crate) descriptor: &'a Descriptor,
    /// Whether what is named is content and no document of an image: a layer, or what an artifact
    /// that is no image has in a configuration's place.
    pub(crate) content: bool,
}

impl<'a> Link<'a> {
    pub(crate) fn digest(&self) -> &'a Digest {
        &self.descriptor.digest
    }

    pub(crate) fn platform(&self) -> Option<&'a Platform> {
        self.descriptor
            .platform
            .as_ref()
            .filter(|p| !p.is_unknown())
    }
}

/// The descriptors in a document, in its order.
pub(crate) fn links(view: &View) -> Links<'_> {
    let (view, next) = (Some(view), 0);
    Links { view, next }
}

/// The links of a document, from the `next`-th on; none by default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links<'a> {
    view: Option<&'a View>,
    next: usize,
}

impl<'a> Iterator for Links<'a> {
    type Item = Link<'a>;

    #[inline(never)]
    fn next(&mut self) -> Option<Link<'a>> {
        let at = self.next;
        self.next += 1;
        match self.view? {
            View::Index(index) => index_link(index, at),
            View::Manifest(manifest) => manifest_link(manifest, at),
            View::Config(_) | View::Other(_) => None,
        }
    }
}

fn index_link(index: &Index, at: usize) -> Option<Link<'_>> {
    let Some(descriptor) = index.manifests.get(at) else {
        return subject(
            index
                .subject
                .as_ref()
                .filter(|_| at == index.manifests.len()),
        );
    };
    let role = match descriptor.attests() {
        Some(_) => Role::Attestation,
        None => Role::Manifest,
    };
    Some(Link {
        role,
        descriptor,
        content: false,
    })
}

/// The configuration comes before the layers.
fn manifest_link(manifest: &Manifest, at: usize) -> Option<Link<'_>> {
    let Some(at) = at.checked_sub(1) else {
        return Some(Link {
            role: Role::Config,
            descriptor: &manifest.config,
            content: !is_image(manifest),
        });
    };
    match manifest.layers.get(at) {
        Some(descriptor) => Some(Link {
            role: Role::Layer,
            descriptor,
            content: true,
        }),
        None => subject(
            manifest
                .subject
                .as_ref()
                .filter(|_| at == manifest.layers.len()),
        ),
    }
}

fn subject(descriptor: Option<&Descriptor>) -> Option<Link<'_>> {
    descriptor.map(|descriptor| Link {
        role: Role::Subject,
        descriptor,
        content: false,
    })
}

/// True if a manifest is for an image: attestations, signatures and other artifacts have a
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
