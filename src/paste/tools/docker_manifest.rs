//! `docker manifest inspect` (docker/cli: cli/command/manifest/inspect.go).
//!
//! For one manifest it indents the registry's bytes. For a list it prints a new one, made from
//! the manifests that it fetched: annotations and more are lost (`printManifestList`).

mod verbose;

use crate::json::Value;
use crate::paste::{DOCKER, Fidelity, Output, Reading, Shape, Tool, Verb, always};

pub(super) const TOOL: Tool = Tool {
    commands: &[&INSPECT],
    json,
    ..Tool::NONE
};

static INSPECT: Verb = Verb {
    manifest: always,
    ..Verb::new(DOCKER, "docker manifest inspect|+podman manifest inspect")
};

fn json(output: &Output, value: &Value) -> Option<Reading> {
    if let Some(reading) = verbose::json(output, value) {
        return Some(reading);
    }
    let fidelity = if Shape::of(value) == Some(Shape::Index) {
        Fidelity::Rebuilt
    } else {
        Fidelity::Indented
    };
    output.printed(value, true, fidelity)
}
