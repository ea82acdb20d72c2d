//! `az acr` (Azure/azure-cli: src/azure-cli/azure/cli/command_modules/acr). The name of a registry is not
//! that of its host, which is not in the output.

use crate::paste::{ANSWERED, Command, JsonForm, Program, Tool, Verb, Words, answer};

pub(super) const TOOL: Tool = Tool {
    commands: &[&ACR],
    reads: Command::is_shown,
    json: |output, value| answer(output, value, ANSWERS),
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
