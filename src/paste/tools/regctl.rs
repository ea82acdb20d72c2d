//! `regctl manifest get` and `regctl image digest` (regclient/regclient: cmd/regctl/manifest.go,
//! types/manifest/oci1.go `MarshalPretty`).
//!
//! `--format raw` prints the response as it came: header lines, an empty line, the body.

use crate::claim::Role;
use crate::digest::Digest;
use crate::json::Value;
use crate::paste::{
    Fidelity, Line, LineForm, Output, Program, Reading, Sheet, Tool, Verb, Words, always,
    entry_role, field_of, headers, log, platform_of,
};
use crate::text::parsed;

pub(super) const TOOL: Tool = Tool {
    commands: &[&CONFIG, &COPY, &DIGEST, &GET],
    json,
    lines,
    ..Tool::NONE
};

const PROGRAM: &Program = &Program::new("--format --host --logopt --platform --verbosity -p -v");

static CONFIG: Verb = Verb::new(PROGRAM, "regctl image config|+regctl image inspect");
/// The image that is written, and how much of it was sent: no digests.
static COPY: Verb = Verb::new(
    &Program {
        words: Words::Target,
        ..Program::new("--host --logopt --platform --platforms --verbosity -p -v")
    },
    "regctl image copy|regctl image cp",
);

const LOGS: &[LineForm] = &[LineForm {
    verbs: &[&COPY],
    ..LineForm::of(
        COPY.name,
        "+INFO[*\n+WARN[*\n+time=*\n+level=*\n+Manifests: *\n+$x",
    )
}];
static DIGEST: Verb = Verb::new(
    PROGRAM,
    "regctl image digest|regctl manifest digest|regctl manifest head",
);
static GET: Verb = Verb {
    manifest: always,
    exact: |command| is_body(command.value("--format").unwrap_or_default()),
    ..Verb::new(PROGRAM, "regctl manifest get|regctl image manifest")
};

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let command = output.command?;
    let format = command.value("--format").unwrap_or_default();
    let exact = format == "raw" || is_body(format);
    let fidelity = if exact {
        Fidelity::Exact
    } else {
        Fidelity::Rebuilt
    };
    let named = command.runs(&GET) && !command.has("--platform -p");
    output.printed(value, named, fidelity)
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if output.runs(&DIGEST) {
        let platform = output
            .command
            .and_then(|command| command.value("--platform -p"));
        return output.one_digest(DIGEST.name, lines.first()?.text, platform);
    }
    if let Some(copied) = log(output, lines, LOGS) {
        return Some(copied);
    }
    let own = output.runs(&GET);
    let raw = own.then(|| headers(output, lines, GET.name)).flatten();
    raw.or_else(|| sheet(output, lines))
}

/// True if the body is printed as it came, and nothing else.
fn is_body(format: &str) -> bool {
    matches!(format, "raw-body" | "rawBody" | "body")
}

fn sheet(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let sheet = Sheet::read(lines)?;
    if !sheet.has_more() && output.command.is_none() {
        return None;
    }
    let (mut reading, _, digest) = sheet.reading(GET.name, output)?;
    for (section, fields) in &sheet.entries {
        let Some(Ok(child)) = field_of(fields, "Digest").map(str::parse::<Digest>) else {
            continue;
        };
        let (role, platform) = match *section {
            "Config" => (Role::Config, None),
            "Layers" => (Role::Layer, None),
            "Subject" => (Role::Subject, None),
            _ => entry_role(platform_of(fields).as_ref()),
        };
        reading.names(&digest, &child, role, platform);
        if let Some(size) = field_of(fields, "Size").and_then(exact_size) {
            reading.size(&child, size);
        }
    }
    Some((reading, sheet.lines))
}

/// `2071B`; what is printed in kB or MB is rounded.
fn exact_size(size: &str) -> Option<u64> {
    parsed(size.strip_suffix('B')?)
}
