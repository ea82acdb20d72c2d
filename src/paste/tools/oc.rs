//! `oc image info` and `oc adm release info` (openshift/oc: pkg/cli/image/info/info.go,
//! pkg/cli/admin/release/info.go). Where there is a list, `Digest` is that of the manifest chosen from it.

use crate::paste::{Command, LineForm, Program, Tool, Verb, log};

pub(super) const TOOL: Tool = Tool {
    commands: &[&INFO, &RELEASE],
    reads: Command::is_shown,
    lines: |output, lines| log(output, lines, LOGS),
    ..Tool::NONE
};

const PROGRAM: &Program = &Program::new("--filter-by-os --output --registry-config -a -o");

static INFO: Verb = Verb::new(PROGRAM, "oc image info");
static RELEASE: Verb = Verb::new(PROGRAM, "oc adm release info");

const LOGS: &[LineForm] = &[
    LineForm {
        needs: "Media Type: ",
        verbs: &[&INFO],
        ..LineForm::of(
            INFO.name,
            "Name: $n\n\
             +Manifest List: $d\n\
             +Digest: $e\n\
             +Media Type: $k\n\
             +Created: *\n\
             +Image Size: *\n\
             +Layers: $x $l\n\
             +OS: $o\n\
             +Arch: $A\n\
             +Entrypoint: *\n\
             +Command: *\n\
             +Working Dir: *\n\
             +User: *\n\
             +Exposes Ports: *\n\
             +Environment: *\n\
             +Labels: *\n\
             +$x $l\n\
             +$x=*",
        )
    },
    LineForm {
        verbs: &[&RELEASE],
        ..LineForm::of(
            RELEASE.name,
            "Pull From: $n\n\
             +Name: *\n\
             +Digest: $d\n\
             +Created: *\n\
             +OS/Arch: *\n\
             +Manifests: *",
        )
    },
];
