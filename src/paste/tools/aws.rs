//! `aws ecr` and `aws ecr-public` (Amazon ECR API reference: `DescribeImages`, `BatchGetImage`, `ListImages`,
//! `PutImage`, `DescribeImageTags`), and the answers of that API themselves.
//!
//! The account is in the output, the region at best on the command line: only both make the registry's
//! name. A public registry's name has an alias that the output does not have.

use crate::paste::{ANSWERED, Command, JsonForm, Program, Table, Tool, Verb, Words, answer, table};

pub(super) const TOOL: Tool = Tool {
    commands: &[&ECR, &PUBLIC],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, ANSWERS),
    lines: |output, lines| table(output, lines, TABLES),
    ..Tool::NONE
};

const PROGRAM: &Program = &Program {
    words: Words::Flags,
    values_like: Some("--"),
    ..Program::new("")
};

const fn verb(spelled: &'static str) -> Verb {
    Verb {
        lists: true,
        ..Verb::new(PROGRAM, spelled)
    }
}

static ECR: Verb = verb("aws ecr");
static PUBLIC: Verb = verb("aws ecr-public");

const fn of(images: &'static str) -> JsonForm {
    JsonForm {
        tool: "aws ecr",
        means: ANSWERED,
        images,
        parts: "",
    }
}

/// Rows that a query leaves.
const TABLES: &[Table] = &[Table {
    verb: &ECR,
    means: ANSWERED,
    headers: &[],
    looks: |_, _| false,
}];

const ANSWERS: &[JsonForm] = &[
    of(
        "imageDetails d=imageDigest r=repositoryName ? h=registryId t=imageTags k=imageManifestMediaType",
    ),
    of(
        "images d=imageId/imageDigest r=repositoryName ? h=registryId t=imageId/imageTag b=imageManifest",
    ),
    of(
        "image d=imageId/imageDigest r=repositoryName ? h=registryId t=imageId/imageTag b=imageManifest",
    ),
    of("imageTagDetails t=imageTag d=imageDetail/imageDigest"),
    of("imageIds d=imageDigest ? t=imageTag"),
    // Objects that a query leaves.
    of(". d=imageDigest t=imageTag"),
    of(". d=imageDigest r=repositoryName ? h=registryId t=imageTags k=imageManifestMediaType"),
];
