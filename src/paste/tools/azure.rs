//! `az acr` (Azure/azure-cli: src/azure-cli/azure/cli/command_modules/acr). The name of a registry is not
//! that of its host, which is not in the output.

use crate::paste::{ANSWERED, Command, JsonForm, Program, Table, Tool, Verb, Words, answer, table};

pub(super) const TOOL: Tool = Tool {
    commands: &[&ACR],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, ANSWERS),
    lines: |output, lines| table(output, lines, TABLES),
    ..Tool::NONE
};

static ACR: Verb = Verb {
    lists: true,
    ..Verb::new(
        &Program {
            words: Words::Flags,
            ..Program::new(
                "--image --name --orderby --output --registry --repository --query --top -n -o -r -t",
            )
        },
        "az acr",
    )
};

/// `--output table`; the rows of `tsv` have no header.
const TABLES: &[Table] = &[Table {
    verb: &ACR,
    means: ANSWERED,
    headers: &[
        "Digest Timestamp",
        "Digest Tag",
        "Architecture CreatedTime Digest",
    ],
    looks: |_, _| false,
}];

const fn of(images: &'static str) -> JsonForm {
    JsonForm {
        tool: "az acr",
        means: ANSWERED,
        images,
        parts: "",
    }
}

const ANSWERS: &[JsonForm] = &[
    of(". t=name d=digest x=lastUpdateTime"),
    of(". d=digest x=lastUpdateTime ? t=tags A=architecture o=os k=mediaType"),
    of(". d=digest x=timestamp ? t=tags A=architecture o=os k=mediaType"),
];
