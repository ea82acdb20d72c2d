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
use crate::text::{Parts, parsed, shown};

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
    let again = next.has("error during command execution: ") || next.starts_with("See 'docker ");
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
    let reason = REFUSALS.iter().find(|reason| reason.is_in(text))?;
    let named = text.split([' ', '"', '`']).find_map(image_in);
    let named = match (named, about) {
        (Some((name, _)), Some(about)) if about.same_repository(&name) => Some(about.to_string()),
        (Some((_, text)), _) => Some(text),
        (None, about) => about.map(ToString::to_string),
    };
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
        let named = match (output.about, text_at(error, "message")) {
            (Some(about), _) => about.to_string(),
            (None, Some(said)) => format!("{UNNAMED} ({})", shown(said)),
            (None, None) => UNNAMED.to_owned(),
        };
        reason.state(&mut reading, &named);
    }
    (!reading.statements.is_empty()).then_some(reading)
}

const UNNAMED: &str = "what was asked for";

/// The beginnings of lines that say that something failed.
const STARTS: &str = "ERROR|Error|FATA|Failed|Unable|denied: |error|failed|manifest unknown|no such manifest|\
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
    /// What is said before the name, and behind it.
    says: (&'static str, &'static str),
}

const REFUSALS: &[Reason] = &[
    Reason {
        words: "toomanyrequests|TOOMANYREQUESTS|oo many requests|oo Many Requests|rate limit",
        code: Code::RateLimited,
        says: (
            "the registry answers no more for a while, so it did not answer for ",
            ": wait, or log in, for which most have a higher limit",
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
             insufficient_scope|401 Unauthorized|403 Forbidden|authorization failed",
        code: Code::Unauthorized,
        says: (
            "the registry refused this to whoever asked: ",
            ". Log in there first, and check the name: most answer so for what does not exist, too",
        ),
    },
    Reason {
        words: "daemon: manifest for |manifest unknown|MANIFEST_UNKNOWN|name unknown|NAME_UNKNOWN|no such manifest|: not found|\
             BLOB_UNKNOWN|404 Not Found|http 404|repository name not known|not found: manifest|NOT_FOUND",
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

/// The image that a word of an error names, by an address or by its name; with its tag only if it has one.
fn image_in(word: &str) -> Option<(Reference, String)> {
    let word = word.without("()[]{}<>',;").without_end(":.");
    let name = word.after_all("docker://").after_all("oci://");
    if name.has("://") {
        let image = image_at(name)?;
        let text = image.to_string();
        return Some((image, text));
    }
    let tagged = name.behind_any("/").has_any(":@");
    // A word with neither sign may be any, and one with a few is a path or a time.
    let may = name.has_any("/:") && !name.begins("/.-:") && !name.has("://");
    let image = parsed::<Reference>(name).filter(|_| may)?;
    let other = is_identifier(name) || is_platform(name) || !tagged && !name.has("/");
    let text = if tagged {
        image.to_string()
    } else {
        repository(&image)
    };
    (!other && !name.bytes().all(|b| !b.is_ascii_alphabetic())).then_some((image, text))
}
