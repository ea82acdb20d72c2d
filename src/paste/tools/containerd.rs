//! The output of containerd's clients as they pull and push: ctr (containerd: cmd/ctr/commands/images/pull.go,
//! core/transfer progress trees), nerdctl (pkg/imgutil/jobs); and crictl (cri-tools:
//! cmd/crictl/image.go), which shows the digest of the configuration where it pulled by containerd.

use crate::claim::IdKind;
use crate::paste::{
    Command, JsonForm, KEPT, LineForm, Means, NERDCTL, PODMAN, Tool, Verb, answer, log,
};

pub(super) const TOOL: Tool = Tool {
    commands: &[&PULL, &PUSH, &CTR_PULL, &CTR_PUSH, &APPLE, &CRICTL_PULL],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, ANSWERS),
    lines: |output, lines| log(output, lines, LOGS),
    ..Tool::NONE
};

static PULL: Verb = Verb::new(NERDCTL, "nerdctl pull|nerdctl image pull");
static PUSH: Verb = Verb::new(NERDCTL, "nerdctl push|nerdctl image push");
static CTR_PULL: Verb = Verb::new(NERDCTL, "ctr images pull|ctr image pull|ctr i pull");
static CTR_PUSH: Verb = Verb::new(NERDCTL, "ctr images push|ctr image push|ctr i push");
static APPLE: Verb = Verb::new(NERDCTL, "container image pull|container image push");
static CRICTL_PULL: Verb = Verb {
    local: true,
    ..Verb::new(PODMAN, "crictl pull")
};
const LOGS: &[LineForm] = &[
    LineForm {
        marks: "├└│─ \u{a0}",
        verbs: &[&PULL, &PUSH, &CTR_PULL, &CTR_PUSH, &APPLE],
        ..LineForm::of(
            "nerdctl pull",
            "$g: resolved*\n\
             $g saved*\n\
             +$x $x saved*\n\
             $g fetching*\n\
             index-$d: *\n\
             manifest-$e: *\n\
             config-$c: *\n\
             layer-$l: *\n\
             index ($d) *\n\
             manifest ($m) *\n\
             config ($c) *\n\
             layer ($l) *\n\
             attestation *\n\
             +elapsed: *\n\
             +unpacking *\n\
             +Completed pull *\n\
             +application/vnd.$x *\n\
             +done*",
        )
    },
    LineForm {
        means: KEPT,
        verbs: &[&CRICTL_PULL],
        ..LineForm::of(
            "crictl pull",
            "Image is update to date for $i\n\
             Image is up to date for $i\n\
             Image is up to date for $n",
        )
    },
];

const INDEX: Means = Means {
    id: Some(IdKind::Unknown),
    ..KEPT
};

const ANSWERS: &[JsonForm] = &[JsonForm {
    tool: "container image inspect",
    means: INDEX,
    images: ". n=name d=index/digest ? k=index/mediaType",
    parts: "variants m=digest A=platform/architecture o=platform/os v=platform/variant",
}];
