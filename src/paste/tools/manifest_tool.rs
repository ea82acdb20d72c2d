//! `manifest-tool` (estesp/manifest-tool: v2/cmd/manifest-tool/inspect.go, push.go) and `docker manifest
//! create` and `push` (docker/cli: cli/command/manifest/push.go), which print the digest of the list alone
//! on the last line. What a push prints of the manifests has two digests: which of them the list names is
//! not said.

use crate::paste::{Command, DOCKER, LineForm, Program, Tool, Verb, log};
use crate::text::Ascii;

pub(super) const TOOL: Tool = Tool {
    commands: &[&INSPECT, &PUSH, &CREATE],
    reads: Command::is_shown,
    lines: |output, lines| log(output, lines, LOGS),
    plain: Ascii::of("CP"),
    ..Tool::NONE
};

static INSPECT: Verb = Verb::new(
    &Program::new("--docker-cfg --password --username"),
    "manifest-tool inspect",
);
static PUSH: Verb = Verb::new(DOCKER, "docker manifest push");
static CREATE: Verb = Verb {
    lists: true,
    ..Verb::new(DOCKER, "docker manifest create")
};

const LOGS: &[LineForm] = &[
    LineForm {
        marks: "[]0123456789 -*",
        verbs: &[&INSPECT],
        ..LineForm::of(
            INSPECT.name,
            "Name: $n (Type: $k\n\
             +Digest: $e\n\
             +Contains $q manifest *\n\
             +OS: $o\n\
             +OS Vers: $V\n\
             +Arch: $A\n\
             +Variant: $v\n\
             +$x: *\n\
             +# Layers: *\n\
             +layer $x digest = $l\n\
             +layer *\n\
             +Platform:",
        )
    },
    LineForm::of("manifest-tool push", "Digest: $d $s"),
    LineForm {
        verbs: &[&PUSH],
        ..LineForm::of(
            PUSH.name,
            "Pushed manifest $x@$B with digest: $B\n\
             Pushed ref $x with digest: $x\n\
             Pushed blob *\n\
             +$d",
        )
    },
    LineForm {
        verbs: &[&CREATE],
        ..LineForm::of(CREATE.name, "Created manifest list $x")
    },
];
