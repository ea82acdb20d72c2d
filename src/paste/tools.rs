//! The tools whose output is read, one file each.

mod buildx;
mod cosign;
mod crane;
mod docker_image;
mod docker_images;
mod docker_info;
mod docker_manifest;
mod docker_pull;
mod docker_trust;
mod document;
mod fragment;
mod kubectl;
mod notation;
mod oras;
mod regctl;
mod shasum;
mod skopeo;

use crate::paste::Tool;

/// All of them; for the output of a command the first that reads it is taken. Without a
/// command line only one may.
pub(super) static TOOLS: &[Tool] = &[
    shasum::TOOL,
    buildx::TOOL,
    cosign::TOOL,
    crane::TOOL,
    docker_image::TOOL,
    docker_images::TOOL,
    docker_info::TOOL,
    docker_manifest::TOOL,
    docker_pull::TOOL,
    docker_trust::TOOL,
    kubectl::TOOL,
    notation::TOOL,
    oras::TOOL,
    regctl::TOOL,
    skopeo::TOOL,
    fragment::TOOL,
    document::TOOL,
];
