//! `helm push`, `helm pull` and `helm show` of a chart in a registry (helm/helm 3.17:
//! `pkg/registry/client.go`): the reference, and the digest of the chart's manifest.

use crate::paste::{LineForm, Tool, log};

pub(super) const TOOL: Tool = Tool {
    lines: |output, lines| log(output, lines, LOGS),
    ..Tool::NONE
};

const fn of(tool: &'static str, lines: &'static str) -> LineForm {
    LineForm {
        needs: "Digest: ",
        ..LineForm::of(tool, lines)
    }
}

const LOGS: &[LineForm] = &[
    of("helm pull", "Pulled: $n\n+Digest: $d"),
    of("helm push", "Pushed: $n\n+Digest: $d"),
];
