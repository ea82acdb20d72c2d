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

use crate::paste::{Tool, never, no_lines, none};

/// All of them; for the output of a command the first that reads it is taken. Without a
/// command line only one may.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        general: false,
        prints: shasum::prints,
        json: none,
        lines: shasum::lines,
    },
    Tool {
        general: false,
        prints: buildx::prints,
        json: buildx::json,
        lines: buildx::lines,
    },
    Tool {
        general: false,
        prints: cosign::prints,
        json: cosign::json,
        lines: cosign::lines,
    },
    Tool {
        general: false,
        prints: crane::prints,
        json: crane::json,
        lines: crane::lines,
    },
    Tool {
        general: false,
        prints: docker_image::prints,
        json: docker_image::json,
        lines: docker_image::lines,
    },
    Tool {
        general: false,
        prints: docker_images::prints,
        json: none,
        lines: docker_images::lines,
    },
    Tool {
        general: false,
        prints: docker_info::prints,
        json: none,
        lines: docker_info::lines,
    },
    Tool {
        general: false,
        prints: docker_manifest::prints,
        json: docker_manifest::json,
        lines: no_lines,
    },
    Tool {
        general: false,
        prints: docker_pull::prints,
        json: none,
        lines: docker_pull::lines,
    },
    Tool {
        general: false,
        prints: docker_trust::prints,
        json: docker_trust::json,
        lines: docker_trust::lines,
    },
    Tool {
        general: false,
        prints: kubectl::prints,
        json: kubectl::json,
        lines: kubectl::lines,
    },
    Tool {
        general: false,
        prints: notation::prints,
        json: notation::json,
        lines: notation::lines,
    },
    Tool {
        general: false,
        prints: oras::prints,
        json: oras::json,
        lines: oras::lines,
    },
    Tool {
        general: false,
        prints: regctl::prints,
        json: regctl::json,
        lines: regctl::lines,
    },
    Tool {
        general: false,
        prints: skopeo::prints,
        json: skopeo::json,
        lines: skopeo::lines,
    },
    Tool {
        general: true,
        prints: fragment::prints,
        json: fragment::json,
        lines: fragment::lines,
    },
    Tool {
        general: true,
        prints: never,
        json: document::json,
        lines: no_lines,
    },
];
