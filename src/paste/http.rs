//! The headers of a registry's answer, as `curl -i`, `-I` and `-v`, `wget -S`, `HTTPie`, `PowerShell` and
//! `regctl manifest get --format raw` show them.

use crate::claim::Code;
use crate::digest::Digest;
use crate::paste::{Command, Line, Output, Reading, is_index_type};
use crate::text::{Parts, parsed};

/// The most lines that are looked at for a digest.
const LINES: usize = 60;

/// No line that is read as the first is shorter.
const SHORTEST: usize = 6;

/// The headers of a response, if the digest of its body is among them.
pub(crate) fn headers(
    output: &Output,
    lines: &[Line],
    own: &'static str,
) -> Option<(Reading, usize)> {
    let first = lines.first()?.text.trim_start();
    if first.len() < SHORTEST {
        return None;
    }
    let begins = first.starts_with("HTTP/")
        || first.starts_with("* ")
        || header(first).is_some()
        || content_digest(first).is_some();
    // A digest is that long; looking for it first keeps the time linear.
    let wanted = |line: &Line| line.text.len() > 85 && content_digest(line.text).is_some();
    let answer = first.starts_with("HTTP/");
    if !begins || !answer && !lines.iter().take(LINES).any(wanted) {
        return None;
    }
    let (mut digest, mut size, mut kind, mut read) = (None, None, "", 0);
    for (n, line) in lines.iter().enumerate().take(LINES) {
        let text = line.text.trimmed();
        match header(text) {
            _ if content_digest(text).is_some() => digest = content_digest(text),
            Some(("content-length", value)) => size = parsed(value),
            Some(("content-type", value)) => kind = value,
            Some(_) => {}
            None if n == 0
                || text.starts_with("HTTP/")
                || text.begins("<>*") && !text.starts_with("<!") => {}
            None => break,
        }
        read = n + 1;
    }
    let tool = output.command.map_or("HTTP response headers", |_| own);
    let mut reading = Reading::new(tool, output.about);
    let Some(digest) = digest else {
        return answer.then_some((reading, read));
    };
    answered(&mut reading, &digest, kind, output);
    if let Some(size) = size {
        reading.size(&digest, size);
    }
    reading.next = Some((digest, size));
    Some((reading, read))
}

/// States the answer's facts about the image. A registry may make an older form of it for who does not ask for
/// the newer ones.
fn answered(reading: &mut Reading, digest: &Digest, kind: &str, output: &Output) {
    let by_digest = output.about.is_some_and(|about| about.digest().is_some());
    if kind.has("manifest.v1+prettyjws") || kind.has("manifest.v1+json") && kind.has("docker") {
        let of = reading.about.as_ref();
        let of = of.map_or(String::new(), |about| format!(" for {about}"));
        let text = format!(
            "the registry answered{of} in the old form of schema 1, which has a digest of its own; who asks for \
             the newer types gets another"
        );
        reading.note(Some(digest), Code::Schema1, text);
        return;
    }
    let asked = by_digest || is_index_type(kind) || output.command.is_none_or(asks_for_index);
    if !asked {
        let text = "the request does not ask for an index, in place of which some registries answer with the manifest of one platform";
        reading.note(Some(digest), Code::Accept, text);
    }
    if asked || kind.is_empty() {
        reading.resolves(digest);
    }
}

/// True if the answer may be an index.
pub(crate) fn asks_for_index(command: &Command) -> bool {
    let mut words = command
        .flags
        .iter()
        .filter_map(|(_, value)| value.as_deref());
    !command.runs(&super::WEB) || words.any(|word| word.has("index") || word.has("manifest.list"))
}

/// `Docker-Content-Digest: sha256:…`, whatever its letters and the signs between.
fn content_digest(line: &str) -> Option<Digest> {
    let line = line.without_start("<>*[{ \t");
    let line = line.after_all("Headers").without_start(" \t:{[");
    let (name, value) = line.split_at_checked(21)?;
    let value = value.without_start(" \t:,={[\"'").before_any(" ,]}\"'");
    parsed(value).filter(|_| name.eq_ignore_ascii_case("docker-content-digest"))
}

/// `name: value`, with whatever `curl -v` has before it; the names that are read in lower case.
fn header(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_end().after_all("< ").after_all("> ");
    let line = line.trim_start();
    // PowerShell has a table of them.
    let braced = || {
        line.cut(" ")
            .filter(|(_, value)| value.trim_start().begins("{"))
    };
    let empty = || line.strip_suffix(':').map(|name| (name, ""));
    let (name, value) = line.cut(": ").or_else(braced).or_else(empty)?;
    let token = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let is_name = !name.is_empty() && name.len() < 64 && name.bytes().all(token);
    let mut known = ["content-length", "content-type"].into_iter();
    let known = known.find(|known| known.eq_ignore_ascii_case(name));
    is_name.then_some((known.unwrap_or_default(), value.without(" \t{}")))
}
