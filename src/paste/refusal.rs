//! The answer of a registry, or of a tool that asked one, in place of an image: that there is no such image, that
//! it is for others, that the asker has to wait; and that no signature was found. It states no digest.
//!
//! Registries answer with an object `errors` (OCI distribution spec, "Error codes"); tools put its `code` or its
//! `message` at the end of a line with the name or the address that they asked for.

use crate::claim::Code;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{
    Command, LINE_BYTES, Line, Output, Reading, at, image_at, is_identifier, is_platform,
    repository, text_at,
};
use crate::text::{Parts, parsed};

/// Reads the failure of a command that asked a registry, or that verifies signatures.
pub(super) fn refused(command: Option<&Command>, lines: &[Line]) -> Option<(Reading, usize)> {
    let text = lines.first()?.text.trimmed().without_start("#0123456789. ");
    let begins = |starts: &str| starts.split('|').any(|start| text.starts_with(start));
    // Nearly no line begins so, which is cheap to see.
    if !text.begins("EFUdefmntu") || text.len() > LINE_BYTES || !begins(STARTS) {
        return None;
    }
    let about = command.and_then(Command::about);
    let next = lines.get(1).map_or("", |line| line.text);
    let again = next.has("error during command execution: ");
    let read = 1 + usize::from(again);
    let error = text.after_all("Error: ");
    if let (Some(command), Some(about)) = (command, about)
        && UNSIGNED.split('|').any(|words| error.starts_with(words))
    {
        let mut reading = Reading::new(command.name(), None);
        let text = format!("{} accepted no signature of {about}", command.name());
        reading.note(None, Code::NotSigned, text);
        return Some((reading, read));
    }
    // Files of this machine are refused with these words, by no registry.
    let said = text.put("permission denied", "");
    let reason = REFUSALS.iter().find(|reason| reason.is_in(&said))?;
    let named = text.split_whitespace().find_map(image_in);
    let named = named.as_ref().map(|named| match about {
        Some(about) if about.same_repository(named) => about,
        _ => named,
    });
    let named = named.or(about).map(of);
    // Other programs have errors too.
    if named.is_none() && !begins(CERTAIN) {
        return None;
    }
    let tool = command.map_or("a registry's answer", Command::name);
    let mut reading = Reading::new(tool, None);
    reason.state(&mut reading, named.as_deref().unwrap_or(UNNAMED));
    Some((reading, read))
}

/// Reads the object in which a registry says why it does not answer.
pub(super) fn errors(output: &Output, value: &Value) -> Option<Reading> {
    let tool = output.command.map_or("a registry's answer", Command::name);
    let mut reading = Reading::new(tool, None);
    for error in at(value, "errors").into_iter().take(16) {
        let code = text_at(error, "code")?;
        let reason = REFUSALS.iter().find(|reason| reason.is_in(code))?;
        let named = output.about.map(of);
        reason.state(&mut reading, named.as_deref().unwrap_or(UNNAMED));
    }
    (!reading.statements.is_empty()).then_some(reading)
}

const UNNAMED: &str = "what was asked for";

/// The beginnings of lines that say that something failed.
const STARTS: &str = "ERROR|Error|FATA|Failed|Unable|denied: |error|failed|manifest unknown|no matching manifest|no such manifest|\
     time=\"|toomanyrequests: |unauthorized: ";

/// Those of a registry's, or docker's, alone.
const CERTAIN: &str =
    "Error response from daemon: |denied: |manifest unknown|toomanyrequests: |unauthorized: ";

/// The beginnings of the errors of cosign, notation, gh and docker that found no signature, or accepted none.
const UNSIGNED: &str = "no matching signatures|no signatures found|no signature is associated|\
     signature verification failed|no attestations found|remote trust data does not exist";

/// A reason for which something is not answered.
struct Reason {
    /// The words of which one is said, or its code.
    words: &'static str,
    code: Code,
    /// The words before the name, and behind it.
    says: (&'static str, &'static str),
}

const REFUSALS: &[Reason] = &[
    Reason {
        words: "toomanyrequests|TOOMANYREQUESTS|oo many requests|oo Many Requests|rate limit",
        code: Code::RateLimited,
        says: (
            "for a while the registry does not answer for ",
            ": wait, or log in",
        ),
    },
    Reason {
        words: "no matching manifest for |no image found in manifest list|no child with platform ",
        code: Code::PlatformAbsent,
        says: (
            "the registry has an index, but no manifest of the platform that was asked for, in ",
            ": list its platforms with docker buildx imagetools inspect",
        ),
    },
    Reason {
        words: "denied|DENIED|unauthorized|UNAUTHORIZED|authentication required|no basic auth credentials|\
             insufficient_scope|401 Unauthorized|403 Forbidden",
        code: Code::Unauthorized,
        says: (
            "the registry refused access to ",
            ": log in there, and check the name, since most say so of what does not exist, too",
        ),
    },
    Reason {
        words: "daemon: manifest for |manifest unknown|MANIFEST_UNKNOWN|name unknown|NAME_UNKNOWN|no such manifest|: not found|\
             BLOB_UNKNOWN|404 Not Found|http 404|not found: manifest|NOT_FOUND",
        code: Code::NotFound,
        says: (
            "the registry answered that it does not have ",
            ": check the name and the tag",
        ),
    },
];

impl Reason {
    fn is_in(&self, text: &str) -> bool {
        self.words.split('|').any(|words| text.has(words))
    }

    fn state(&self, reading: &mut Reading, named: &str) {
        let (before, behind) = self.says;
        reading.note(None, self.code, format!("{before}{named}{behind}"));
    }
}

/// The image that a word of an error names, by an address or by its name.
fn image_in(word: &str) -> Option<Reference> {
    let word = word.without("\"'`()[]{}<>,;").without_end(":.");
    let name = word.after_all("docker://").after_all("oci://");
    if name.has("://") {
        return image_at(name);
    }
    // A word with neither sign may be any, and one that begins with a sign is a path or a time.
    let may = name.has("/") || name.has(":") && !name.begins("0123456789");
    let other = is_identifier(name) || is_platform(name) || name.begins("/.-:");
    parsed(name).filter(|_| may && !other)
}

/// The image, without the tag that is taken for one that has no tag.
fn of(image: &Reference) -> String {
    match image.tag() {
        Some("latest") => repository(image),
        _ => image.to_string(),
    }
}
