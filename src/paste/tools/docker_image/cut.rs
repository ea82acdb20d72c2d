//! An inspection of an image of which not all is there: what a template, `jq` or `grep` chose, and what was
//! cut by hand or by `head`.

use crate::claim::Code;
use crate::paste::{Command, Line, Output, Reading, digest, digest_line};
use crate::text::{Parts, joined};

use super::{Inspect, InspectedImage, identify};

/// The most lines that a template, or `jq`, makes of an image.
const ROWS: usize = 200;

/// True if a line is one of JSON, and not a value alone.
fn is_json(line: &str) -> bool {
    line.has("\":") || matches!(line.trimmed(), "{" | "[" | "]" | "]," | "}" | "},")
}

/// Reads what a template, `jq` or `grep` chose: the digests in a text, each of which is what it says itself or
/// else what was asked for.
pub(super) fn picked(by: &Inspect, chosen: &str, text: &str, reading: &mut Reading) -> bool {
    let about = reading.about.clone();
    let is = |field: &str| chosen.has(field);
    let id = is(".Id") || is(".ID");
    // Beside an Id, the digests of repositories have names before them.
    let of = is("Digest") || is(".digest");
    if is("RepoDigests") && (text == "[]" || text.has("RepoDigests 0>: error")) {
        let none = "no digest in a registry is known here: the image was neither pulled nor pushed";
        reading.note(None, Code::NoDigest, none);
        return true;
    }
    let mut diff_ids = Vec::new();
    let before = reading.statements.len();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '"' | ',' | '[' | ']')) {
        if let Some((Some(reference), digest)) = digest_line(word) {
            reading.keeps(&reference, &digest);
            if let Some(asked) = about
                .as_ref()
                .filter(|about| about.same_repository(&reference))
            {
                reading.keeps(asked, &digest);
            }
        } else if let Some(digest) = digest(word) {
            match &about {
                _ if is(".Layers") => diff_ids.push(word),
                None => reading.unattributed(Some(&digest)),
                Some(about) if of && !id => reading.keeps(about, &digest),
                Some(_) if id && (!of || text.has("@")) => identify(by, reading, &digest),
                Some(_) => reading.note(
                    Some(&digest),
                    Code::UnknownRole,
                    "a digest of this image; the text does not say of what",
                ),
            }
        }
    }
    if !diff_ids.is_empty() {
        reading.note(None, Code::DiffIds, joined(&diff_ids, " "));
    }
    reading.statements.len() > before
}

/// Reads what was chosen, line by line, and how many lines that is. The first digest is looked for in a few
/// lines only, which keeps the time linear.
pub(super) fn picked_lines(
    output: &Output,
    by: &Inspect,
    lines: &[Line],
    reading: &mut Reading,
) -> Option<usize> {
    let chosen = output.command?.chosen();
    if chosen.is_empty() {
        return None;
    }
    let printed = |line: &&Line| !line.text.trimmed().is_empty() && !is_json(line.text);
    let rows = lines.iter().take(ROWS).take_while(printed);
    let mut read = 0;
    for (n, line) in rows.enumerate() {
        if picked(by, chosen, line.text, reading) {
            read = n + 1;
        } else if read == 0 && n == FEW {
            break;
        }
    }
    (read > 0).then_some(read)
}

const FEW: usize = 8;

/// An image inspection that was cut: by hand, until it is no JSON any more (`[`, `{` and then `"Id": …` and
/// `"RepoTags": [`), or by `head` and `grep`. And of how many lines.
pub(super) fn pieces(output: &Output, lines: &[Line]) -> Option<(InspectedImage, usize)> {
    let chosen = output.command.is_some_and(Command::selects);
    let most = if chosen { ROWS } else { lines.len() };
    if chosen {
        let first = lines.first()?.text.trimmed();
        (first.has("\"") || lines.len() < ROWS).then_some(())?;
    } else {
        let mut rest = lines.iter().take(3);
        let opened =
            rest.position(|line| field(line.text).is_some_and(|(name, _)| name == "Id"))?;
        let next = lines.get(opened + 1).map_or("", |line| line.text.trimmed());
        let lists = next.starts_with("\"RepoTags\"") || next.starts_with("\"RepoDigests\"");
        if opened == 0 || !lists && output.command.is_none() {
            return None;
        }
    }
    let lines = lines.iter().take(most);
    let lines: Vec<&Line> = lines.take_while(|line| belongs(line.text)).collect();
    let mut image = InspectedImage::default();
    let mut list = "";
    for line in &lines {
        let text = line.text.trimmed().without_end(",");
        match field(text) {
            Some((name, value)) => image.set(name, value),
            _ if text.ends_with('[') => list = text.without_end("[ :").without("\""),
            _ if text.starts_with(']') => {
                image.whole |= list == "RepoDigests" && !image.tags.is_empty();
                list = "";
            }
            _ => image.set(list, text.without("\"")),
        }
    }
    (!lines.is_empty()).then_some((image, lines.len()))
}

/// A line of JSON, as far as it can be told without its neighbours.
fn belongs(line: &str) -> bool {
    let line = line.trimmed();
    line.is_empty() || line.begins("\"{}[]")
}

/// `"name": "value",`
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trimmed().without_end(",").split_once(':')?;
    let name = name.trim().strip_prefix('"')?.strip_suffix('"')?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some((name, value))
}
