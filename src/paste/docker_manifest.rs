//! `docker manifest inspect` (docker/cli: cli/command/manifest/inspect.go).
//!
//! For one manifest it indents the registry's bytes. For a list it prints a new one, made from
//! the manifests that it fetched: annotations and more are lost (`printManifestList`).

mod verbose;

use crate::json::Value;
use crate::paste::{Command, Form, Output, Reading, document_kind};

const TOOL: &str = "docker manifest inspect";

pub(super) fn prints(command: &Command) -> bool {
    command.verb == TOOL && command.whole()
}

pub(super) fn json(output: &Output, value: &Value) -> Option<Reading> {
    if let Some(reading) = verbose::json(output, value) {
        return Some(reading);
    }
    let form = if document_kind(value) == Some("JSON index") {
        Form::Rebuilt
    } else {
        Form::Indented
    };
    output.printed(value, true, form)
}
