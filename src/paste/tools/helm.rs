//! `helm push`, `helm pull` and `helm show` of a chart in a registry (helm/helm 3.17:
//! `pkg/registry/client.go`): the reference, and the digest of the chart's manifest.

use crate::digest::Digest;
use crate::paste::{Line, Output, Reading, Tool};
use crate::text::{Parts, parsed};

pub(super) const TOOL: Tool = Tool {
    lines,
    ..Tool::NONE
};

fn lines(_: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let text = |n: usize| lines.get(n).map(|line| line.text.trim());
    let (word, name) = text(0)?.cut(": ")?;
    let tool = match word {
        "Pulled" => "helm pull",
        "Pushed" => "helm push",
        _ => return None,
    };
    let digest: Digest = parsed(text(1)?.strip_prefix("Digest: ")?.trim())?;
    let mut reading = Reading::new(tool, None);
    reading.resolves_for(&parsed(name.trim())?, &digest);
    Some((reading, 2))
}
