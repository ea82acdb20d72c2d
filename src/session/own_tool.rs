//! Wants in the user's own tool: the commands that print the same exact bytes.

use crate::claim::{Source, Standing, Want, WantKind};
use crate::name::Reference;
use crate::record::Record;
use crate::text::{Parts, parsed};

use crate::answer::Answer;

const SKOPEO: [&str; 2] = [
    "skopeo inspect --raw docker://",
    "skopeo inspect --config --raw docker://",
];

/// The first word of a tool's name, and how it prints a manifest or an index, and a configuration.
const TOOLS: [(&str, [&str; 2]); 6] = [
    ("crane", ["crane manifest ", "crane config "]),
    ("skopeo", SKOPEO),
    ("podman", SKOPEO),
    ("buildah", SKOPEO),
    (
        "regctl",
        [
            "regctl manifest get --format raw-body ",
            "regctl image config --format raw-body ",
        ],
    ),
    (
        "oras",
        ["oras manifest fetch ", "oras manifest fetch-config "],
    ),
];

/// Says in the commands of the tool whose output came last what is wanted, where it has such commands.
pub(super) fn in_own_tool(evidence: &Record, answer: &mut Answer, wants: &mut [Want]) {
    let tool = evidence.said.iter().rev().find_map(|(_, by)| match by {
        Source::Pasted { tool, .. } => own(tool),
        _ => None,
    });
    let Some(own) = tool else {
        return;
    };
    for claim in answer.rests.iter_mut().chain(&mut answer.beside) {
        if let Standing::Missing { want } = &mut claim.standing {
            put(own, want);
        }
    }
    for want in wants {
        put(own, want);
    }
}

type Own = Option<[&'static str; 2]>;

/// The commands of a tool; none in particular for that of Amazon's registry.
fn own(tool: &str) -> Option<Own> {
    let first = tool.before_any(" ");
    if tool == "aws ecr" {
        return Some(None);
    }
    let known = TOOLS.iter().find(|(name, _)| *name == first);
    known.map(|(_, commands)| Some(*commands))
}

fn put(own: Own, want: &mut Want) {
    let Some((_, name)) = want.hint.cut_last(" ").filter(|_| want.command) else {
        return;
    };
    let at = match want.what {
        WantKind::Document => 0,
        WantKind::Blob => 1,
        _ => return,
    };
    let command = match own {
        Some(commands) => commands.get(at).map(|command| format!("{command}{name}")),
        None => parsed(name)
            .filter(|_| at == 0)
            .and_then(|name| of_ecr(&name)),
    };
    if let Some(command) = command {
        want.hint = command;
    }
}

/// `aws ecr batch-get-image`, for an image in one of its registries.
fn of_ecr(name: &Reference) -> Option<String> {
    let (account, rest) = name.registry().cut(".dkr.ecr.")?;
    let region = rest.before_any(".");
    let id = match (name.digest(), name.tag()) {
        (Some(digest), _) => format!("imageDigest={digest}"),
        (None, tag) => format!("imageTag={}", tag?),
    };
    Some(format!(
        "aws ecr batch-get-image --region {region} --registry-id {account} --repository-name {} --image-ids {id} \
         --query 'images[0].imageManifest' --output text",
        name.repository()
    ))
}
