//! The answers of registries to `curl`, `wget`, `HTTPie`, `PowerShell` and `gh api`: the distribution API (OCI
//! distribution spec, "Pulling manifests"), and the interfaces of Docker Hub (v2), Quay (v1), Harbor (v2.0,
//! goharbor/harbor: api/v2.0/swagger.yaml), GitHub's packages, GitLab's registry and Artifactory. The image is
//! in the address.

use crate::json::Value;
use crate::paste::{
    ANSWERED, Command, Fidelity, JsonForm, Line, LineForm, Output, Reading, Shape, Table, Tool,
    WEB, answer, asks_for_index, errors, headers, log, table,
};
use crate::text::{Ascii, Parts};

pub(super) const TOOL: Tool = Tool {
    commands: &[&WEB],
    reads: Command::is_shown,
    json,
    lines,
    plain: Ascii::of("*D"),
    ..Tool::NONE
};

/// The rows that people copy from the page of a tag.
const LOGS: &[LineForm] = &[LineForm::of(
    "a page of Docker Hub",
    "Digest OS/ARCH *\n+$m $x *",
)];

const TABLES: &[Table] = &[Table {
    verb: &WEB,
    means: ANSWERED,
    headers: &[],
    looks: |_, _| false,
}];

const fn of(tool: &'static str, images: &'static str, parts: &'static str) -> JsonForm {
    JsonForm {
        tool,
        means: ANSWERED,
        images,
        parts,
    }
}

const HUB: &str = "the API of Docker Hub";
const HARBOR: &str = "the API of Harbor";
const QUAY: &str = "the API of Quay";

/// The sizes in them are those of the layers together, the times those of other things than documents.
const ANSWERS: &[JsonForm] = &[
    of(
        HUB,
        "results t=name x=full_size ? d=digest k=media_type",
        "images m=digest A=architecture o=os v=variant V=os_version",
    ),
    of(
        HUB,
        ". t=name x=full_size ? d=digest k=media_type",
        "images m=digest A=architecture o=os v=variant V=os_version",
    ),
    of(
        HUB,
        ". m=digest A=architecture o=os x=last_pushed ? v=variant V=os_version",
        "",
    ),
    of(
        QUAY,
        "tags t=name d=manifest_digest ? k=is_manifest_list z=end_ts j=docker_image_id",
        "",
    ),
    of(QUAY, "tags/* t=name d=manifest_digest", ""),
    of(QUAY, ". d=digest b=manifest_data ? k=config_media_type", ""),
    of(
        HARBOR,
        ". d=digest x=push_time ? k=manifest_media_type t=tags/name r=repository_name A=extra_attrs/architecture o=extra_attrs/os",
        "references m=child_digest A=platform/architecture o=platform/os v=platform/variant",
    ),
    of(
        "the API of GitHub",
        ". d=name x=package_html_url ? t=metadata/container/tags",
        "",
    ),
    of(
        "the API of GitLab",
        ". g=location d=digest ? c=revision",
        "",
    ),
    of(
        "the API of Artifactory",
        ". y=path d=checksums/sha256 h=repo r=path",
        "",
    ),
];

fn json(output: &Output, value: &Value) -> Option<Reading> {
    if let Some(reading) = answer(output, value, ANSWERS).or_else(|| errors(output, value)) {
        return Some(reading);
    }
    let command = output.command?;
    let by_digest = output.about.is_some_and(|about| about.digest().is_some());
    let index = Shape::of(value) == Some(Shape::Index);
    let named = by_digest || index || asks_for_index(command);
    if named {
        return output.printed(value, true, Fidelity::Exact);
    }
    let mut reading = output.of_document(value)?;
    let mut text = output.document(Fidelity::Exact);
    // Some registries answer with the manifest of one platform in place of an index.
    text.about = None;
    reading.texts.push(text);
    Some(reading)
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    headers(output, lines, "HTTP response headers")
        .or_else(|| log(output, lines, LOGS))
        .or_else(|| picked(output, lines))
}

/// The digest, or the rows, that `jq` chose.
fn picked(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let (command, about) = (output.command?, output.about?);
    // Of several tags the first is not that of the address.
    let one = match command.picked.as_str() {
        ".digest" => true,
        ".tags[0].manifest_digest" => about.tag() != Some("latest"),
        _ => false,
    };
    if one {
        return output.one_digest(command.name(), lines.first()?.text, None);
    }
    // Other registries also list the digests that their tags once had.
    let now = command.has("onlyActiveTags");
    let listed = now || "docker.io ghcr.io".has_word(about.registry());
    table(output, lines, TABLES).filter(|_| listed)
}
