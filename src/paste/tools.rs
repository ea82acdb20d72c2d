//! The tools whose output is read, one file each.

mod archive;
mod attestation;
mod aws;
mod azure;
mod builders;
mod buildx;
mod containerd;
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
mod gcloud;
mod helm;
mod kubectl;
mod manifest_tool;
mod names;
mod notary;
mod notation;
mod oc;
mod oras;
mod regctl;
mod shasum;
mod skopeo;
mod web;

use crate::paste::Tool;
use crate::text::Ascii;

pub(super) use names::UNPINNED;

/// All of them; for the output of a command the first that reads it is taken. Without a
/// command line only one may.
pub(super) static TOOLS: &[Tool] = &[
    shasum::TOOL,
    buildx::TOOL,
    web::TOOL,
    oc::TOOL,
    manifest_tool::TOOL,
    gcloud::TOOL,
    containerd::TOOL,
    builders::TOOL,
    azure::TOOL,
    aws::TOOL,
    attestation::TOOL,
    cosign::TOOL,
    crane::TOOL,
    docker_image::TOOL,
    docker_images::TOOL,
    docker_info::TOOL,
    docker_manifest::TOOL,
    docker_pull::TOOL,
    docker_trust::TOOL,
    helm::TOOL,
    kubectl::TOOL,
    notary::TOOL,
    notation::TOOL,
    oras::TOOL,
    regctl::TOOL,
    skopeo::TOOL,
    archive::TOOL,
    fragment::TOOL,
    document::TOOL,
    names::TOOL,
];

/// The signs that lines without `:/@{` begin with from which one of them reads.
pub(super) static PLAIN: Ascii = {
    let mut all = Ascii::of("");
    let mut rest = TOOLS;
    while let [tool, after @ ..] = rest {
        all = all.and(tool.plain);
        rest = after;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paste::{Block, Splitter};

    #[test]
    fn every_command_is_known_by_each_of_its_spellings() {
        let mut spellings = 0;
        for verb in TOOLS.iter().flat_map(|tool| tool.commands) {
            for spelled in verb.spelled.split('|') {
                let own = spelled.strip_prefix('+');
                let line = format!("$ {} a/b:1\n", own.unwrap_or(spelled));
                let Some(Block::Command(command)) = Splitter::new(&line).next() else {
                    panic!("{line}");
                };
                assert!(command.runs(verb), "{line}");
                assert_eq!(command.name(), own.unwrap_or(verb.name), "{line}");
                spellings += 1;
            }
        }
        assert_eq!(spellings, 171);
    }
}
