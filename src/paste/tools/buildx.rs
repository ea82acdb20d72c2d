//! `docker buildx imagetools inspect` (docker/buildx: util/imagetools/printers.go).
//!
//! `--raw` prints the registry's bytes. `{{json .}}` prints an index with its digest and size
//! among its fields: without these two it is the index again but for the order of its fields.

use crate::claim::Code;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Command, DOCKER, Fidelity, LEFT_OUT, Line, Output, Printout, Reading, Sheet, Tool, Verb,
    digest_at, entry_role, field_of, is_cut, platform_in, platform_of, text_at,
};
use crate::recover::{Edit, Search};
use crate::text::{Parts, parsed};

pub(super) const TOOL: Tool = Tool {
    commands: &[&INSPECT, &HUB],
    reads: |command| command.whole() || picks_digest(command),
    json,
    lines,
    ..Tool::NONE
};

static INSPECT: Verb = Verb {
    manifest: |command| {
        let picks = command.chosen().has(".Manifest.Manifests");
        picks || command.has("--raw") && !command.has("--config")
    },
    exact: |command| command.has("--raw"),
    ..Verb::new(
        DOCKER,
        "docker buildx imagetools inspect|docker-buildx imagetools inspect|\
         buildx imagetools inspect",
    )
};

/// The early tool of Docker Hub, which prints the same form.
static HUB: Verb = Verb::new(DOCKER, "hub-tool tag inspect|docker hub tag inspect");

fn json(output: &Output, value: &Value) -> Option<Reading> {
    if let (Some(name), Some(manifest)) = (text_at(value, "name"), value.get("manifest")) {
        let name: Reference = parsed(name)?;
        let mut reading = manifest_json(output, manifest, Some(&name))?;
        images(&mut reading, manifest, value.get("image"));
        return Some(reading);
    }
    let is_manifest = value.get("manifests").is_some() && digest_at(value, "digest").is_some();
    if is_manifest || (output.command.is_some() && digest_at(value, "digest").is_some()) {
        return manifest_json(output, value, None);
    }
    if output.command?.has("--raw") {
        return output.printed(value, true, Fidelity::Exact);
    }
    let mut reading = output.of_document(value)?;
    reading.document(output.document(Fidelity::Rebuilt));
    Some(reading)
}

/// True if its own digest was chosen, and not that of a manifest in it.
fn picks_digest(command: &Command) -> bool {
    let format = command.value("--format").unwrap_or_default();
    let picked = ".digest .manifest.digest".has_word(&command.picked);
    format.has(".Manifest.Digest") || format.has("json") && picked
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if let (Some(command), [first, ..]) = (output.command, lines)
        && picks_digest(command)
        && let Some(read) = output.one_digest(INSPECT.name, first.text.without("\""), None)
    {
        return Some(read);
    }
    // hub-tool begins with what it is.
    let title = usize::from(
        lines
            .first()
            .is_some_and(|line| line.text.trimmed() == "Manifest List:"),
    );
    let mut sheet = Sheet::read(lines.get(title..)?)?;
    if sheet.has_more() {
        return None;
    }
    sheet.lines += title;
    let tool = output.command.map_or(INSPECT.name, Command::name);
    let (mut reading, name, digest) = sheet.reading(tool, output)?;
    for (_, fields) in &sheet.entries {
        let child = field_of(fields, "Name").and_then(parsed::<Reference>);
        let child = child.filter(|child| child.same_repository(&name));
        if let Some(child) = child.as_ref().and_then(Reference::digest) {
            let (role, platform) = entry_role(platform_of(fields).as_ref());
            reading.names(&digest, child, role, platform);
        }
    }
    let cut = lines.get(sheet.lines).is_some_and(|line| is_cut(line.text));
    if cut {
        reading.note(None, Code::Elided, LEFT_OUT);
    }
    Some((reading, sheet.lines + usize::from(cut)))
}

/// A descriptor, or an index that has its own digest and size among its fields.
fn manifest_json(output: &Output, manifest: &Value, name: Option<&Reference>) -> Option<Reading> {
    let digest = digest_at(manifest, "digest")?;
    let size = manifest.get("size").and_then(Value::as_u64);
    let mut reading = Reading::new(INSPECT.name, name.or(output.about));
    reading.described(&digest, size);
    for entry in manifest.items_of("manifests") {
        let Some(child) = digest_at(entry, "digest") else {
            continue;
        };
        let platform = entry.get("platform").and_then(platform_in);
        let (role, platform) = entry_role(platform.as_ref());
        reading.names(&digest, &child, role, platform);
    }
    if manifest.get("manifests").is_some() || manifest.get("layers").is_some() {
        reading.texts.push(Printout {
            search: Search::new(without(output, manifest, &["digest", "size"]).into_bytes()),
            about: reading.about.clone(),
            expected: Some((digest, size)),
            fidelity: Fidelity::Rebuilt,
            edits: vec![Edit::ImagetoolsFields],
            view: None,
        });
    }
    Some(reading)
}

/// The object without these members, in the spelling that it has.
fn without(output: &Output, object: &Value, names: &[&str]) -> String {
    let members = object.members().unwrap_or_default();
    let mut written = String::from("{");
    let mut from = object.span.start + 1;
    for member in members {
        let text = output
            .text
            .get(from..member.value.span.end)
            .unwrap_or_default();
        from = member.value.span.end;
        if !names.contains(&member.key.text.as_ref()) {
            let comma = if written.len() > 1 { "," } else { "" };
            written.push_str(comma);
            written.push_str(text.without_start(" \n\r\t").without_start(","));
        }
    }
    written.push('}');
    written
}

/// The configurations, printed anew: of an image alone, or by platform. They have no digest here.
fn images(reading: &mut Reading, manifest: &Value, image: Option<&Value>) {
    let Some(image) = image else {
        return;
    };
    let alone = manifest.get("manifests").is_none();
    if let (true, Some(digest), Some(platform)) =
        (alone, digest_at(manifest, "digest"), platform_in(image))
    {
        reading.platform(&digest, &platform);
    }
}
