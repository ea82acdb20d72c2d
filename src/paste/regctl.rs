//! `regctl manifest get` and `regctl image digest` (regclient/regclient: cmd/regctl/manifest.go,
//! types/manifest/oci1.go `MarshalPretty`).
//!
//! `--format raw` prints the response as it came: header lines, an empty line, the body. So
//! does `curl -i`, and it is read in the same way.

use crate::claim::Role;
use crate::digest::Digest;
use crate::json::Value;
use crate::paste::{
    Command, Form, Line, Output, Reading, Sheet, entry_role, field_of, platform_of,
};
use crate::text::{Parts, parsed};

const TOOL: &str = "regctl manifest get";

pub(super) fn prints(command: &Command) -> bool {
    command.verb.starts_with("regctl ") && command.whole()
}

pub(super) fn json(output: &Output, value: &Value) -> Option<Reading> {
    let command = output.command?;
    let format = command.value("--format").unwrap_or_default();
    let exact = matches!(format, "raw" | "raw-body" | "rawBody" | "body");
    let form = if exact { Form::Exact } else { Form::Rebuilt };
    let named = command.verb == TOOL && !command.has("--platform -p");
    output.printed(value, named, form)
}

pub(super) fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    if output.verb() == "regctl image digest" {
        let platform = output
            .command
            .and_then(|command| command.value("--platform -p"));
        return output.one_digest(output.verb(), lines.first()?.text, platform);
    }
    headers(output, lines).or_else(|| sheet(output, lines))
}

/// The headers of a response, if the digest of its body is among them.
fn headers(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text;
    // A digest is that long; looking for it first keeps the time linear.
    let wanted = |line: &Line| {
        let name = line.text.get(..22);
        line.text.len() > 90
            && name.is_some_and(|name| name.eq_ignore_ascii_case("docker-content-digest:"))
    };
    let begins = first.starts_with("HTTP/") || header(first).is_some();
    if !begins || !lines.iter().take(40).any(wanted) {
        return None;
    }
    let (mut digest, mut size, mut read) = (None, None, 0);
    for (n, line) in lines.iter().enumerate().take(40) {
        match header(line.text) {
            Some((name, value)) if name.eq_ignore_ascii_case("docker-content-digest") => {
                digest = parsed::<Digest>(value);
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                size = parsed(value);
            }
            Some(_) => {}
            None if n == 0 => {}
            None => break,
        }
        read = n + 1;
    }
    let digest = digest?;
    let tool = if output.command.is_some() {
        TOOL
    } else {
        "HTTP response headers"
    };
    let mut reading = Reading::new(tool, output.about);
    reading.described(&digest, size);
    reading.next = Some((digest, size));
    Some((reading, read))
}

/// `Docker-Content-Digest: sha256:…`
fn header(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_end().cut(": ")?;
    let token = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (!name.is_empty() && name.len() < 64 && name.bytes().all(token)).then_some((name, value.trim()))
}

fn sheet(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let sheet = Sheet::read(lines)?;
    if !sheet.has_more() && output.command.is_none() {
        return None;
    }
    let (mut reading, _, digest) = sheet.reading(TOOL, output)?;
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
