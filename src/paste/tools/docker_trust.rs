//! `docker trust inspect`, and `docker trust view` before 18.05 (docker/cli:
//! `cmd/docker-trust/trust/inspect.go`, `inspect_pretty.go`, `common.go`): what docker says of a repository's Content Trust metadata.
//!
//! It lists who signed each tag, and apart from that who may sign. `Repo Admin` is no person:
//! it is printed where no named delegate signed (`matchReleasedSignatures`), and stands for the
//! repository key or for any key of `targets/releases`.

use crate::claim::{Code, Signatory, Statement, Tells};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Command, DOCKER, Line, Output, Reading, Tool, Verb, at, repository, text_at};
use crate::text::{Ascii, Parts, joined, shown};

pub(super) const TOOL: Tool = Tool {
    commands: &[&INSPECT],
    reads: Command::is_shown,
    tells: Tells::ContentTrust,
    json,
    lines,
    plain: Ascii::of("NS"),
    ..Tool::NONE
};

const TABLE: [&str; 4] = ["SIGNED", "TAG", "DIGEST", "SIGNERS"];
const PRETTY: &str = "docker trust inspect --pretty";
const ADMIN: &str = "Repo Admin";
const ADMIN_MEANING: &str = "Repo Admin is what docker prints where no named signer signed the tag: \
     the signature is by the repository key or by any key of the targets/releases role, and \
     the signers that are listed did not sign this tag";

static INSPECT: Verb = Verb::new(DOCKER, "docker trust inspect|docker trust view");

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let items = value.items()?;
    let is_entry = |item: &Value| {
        text_at(item, "Name").is_some()
            && item
                .get("SignedTags")
                .is_some_and(|tags| tags.items().is_some())
            && item.get("AdministrativeKeys").is_some()
    };
    if items.is_empty() && output.command.is_some() {
        let mut reading = Reading::new(INSPECT.name, output.about);
        reading.note(
            None,
            Code::NoTrustData,
            "docker found no Content Trust metadata for this image",
        );
        return Some(reading);
    }
    if items.is_empty() || !items.iter().all(is_entry) {
        return None;
    }
    let mut trust = Inspection::new(INSPECT.name, output.about.filter(|_| items.len() == 1));
    for item in items {
        trust.entry(output, item);
    }
    Some(trust.reading)
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text.trimmed();
    let name = first
        .strip_prefix("Signatures for ")
        .or_else(|| without_any(first));
    let named = name.is_some_and(|name| name.parse::<Reference>().is_ok());
    // `view` printed its tables without the name.
    if named || output.runs(&INSPECT) && first.split_whitespace().eq(TABLE) {
        return Some(Pretty::read(output, lines));
    }
    let second = lines.get(1).map(|line| line.text.trimmed());
    if first.starts_with("Name: ") && second == Some("SignedTags:") {
        return Some(cleaned(output, lines));
    }
    None
}

/// What is read, by which name it is stated.
struct Inspection {
    reading: Reading,
    name: Option<Reference>,
    asked: Option<Reference>,
}

impl Inspection {
    fn new(tool: &'static str, about: Option<&Reference>) -> Self {
        Inspection {
            reading: Reading::new(tool, about),
            name: about.cloned(),
            asked: about.cloned(),
        }
    }

    /// The name that docker prints is that of its argument, as it was written.
    fn named(&mut self, named: &str) {
        let Ok(name) = named.parse::<Reference>() else {
            return;
        };
        if let Some(asked) = self
            .asked
            .as_ref()
            .filter(|asked| !asked.same_repository(&name))
        {
            let text = format!("the text is about {name}, its command line about {asked}");
            self.reading.note(None, Code::OtherReference, text);
        }
        // A whole repository is no image, though without a tag the name reads as `latest`.
        let tagged = named.behind_any("/").has_any(":@");
        self.reading.about = tagged.then(|| name.clone());
        self.name = Some(name);
    }

    fn unsigned(&mut self, name: &str) {
        let text = format!("docker found no signature for {}", shown(name));
        self.reading.note(None, Code::NotSigned, text);
    }

    /// A tag, in the line or the object that has its digest.
    fn signed(&mut self, tag: &str, hex: &str, signers: &[&str], line: Line) {
        let digest = match Digest::from_sha256_hex(hex) {
            Ok(digest) => digest,
            Err(error) => return self.reading.unread(line, &error),
        };
        let digest = &digest;
        let reference = self.name.as_ref().and_then(|name| name.with_tag(tag).ok());
        match reference {
            Some(reference) => self.reading.resolves_for(&reference, digest),
            None => self.reading.unattributed(Some(digest)),
        }
        for signer in signers {
            let signer = signer.without("()");
            self.reading
                .signs(digest, Some(tag), Signatory::named(shown(signer)));
            if signer == ADMIN {
                self.reading
                    .note(Some(digest), Code::RepoAdmin, ADMIN_MEANING);
            }
        }
    }

    fn key(&mut self, role: &str, key: &str) {
        let Some(name) = &self.name else {
            return;
        };
        let reference = repository(name);
        self.reading.state(Statement::Authorises {
            reference,
            role: shown(role),
            key: shown(key),
        });
        if key.len() < 64 {
            let text = format!(
                "docker printed only the beginning of the key id {}: {} bits of it",
                shown(key),
                key.len() * 4
            );
            self.reading.note(None, Code::PrefixOnly, text);
        }
    }

    fn entry(&mut self, output: &Output, item: &Value) {
        let name = text_at(item, "Name").unwrap_or_default();
        self.named(name);
        if item.items_of("SignedTags").is_empty() {
            self.unsigned(name);
        }
        for tag in item.items_of("SignedTags") {
            let (Some(name), Some(hex)) = (text_at(tag, "SignedTag"), text_at(tag, "Digest"))
            else {
                continue;
            };
            let (text, at) = (output.written(tag), tag.span.start);
            self.signed(name, hex, &tag.texts_of("Signers"), Line { text, at });
        }
        for role in [at(item, "Signers"), at(item, "AdministrativeKeys")].concat() {
            let name = text_at(role, "Name").unwrap_or_default();
            for key in at(role, "Keys/ID") {
                if let Some(key) = key.as_str() {
                    self.key(name, key);
                }
            }
        }
    }
}

/// The tables of `--pretty`, whatever became of the spaces in them.
struct Pretty {
    trust: Inspection,
    section: Section,
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Admins,
    Signers,
    Start,
    Tags,
}

impl Pretty {
    fn read(output: &Output, lines: &[Line]) -> (Reading, usize) {
        let mut pretty = Pretty {
            trust: Inspection::new(PRETTY, output.about),
            section: Section::Start,
        };
        let mut read = 0;
        for (n, line) in lines.iter().enumerate() {
            let text = line.text.trimmed();
            if text.is_empty() {
                continue;
            }
            // Another of these begins a part of its own.
            let again = n > 0
                && (text.starts_with("Signatures for ") || text.starts_with("No signatures for "));
            if again || !pretty.line(*line, text) {
                break;
            }
            read = n + 1;
        }
        (pretty.trust.reading, read)
    }

    /// True if the line belongs to the output.
    fn line(&mut self, line: Line, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().take(64).collect();
        if let Some(name) = text.strip_prefix("Signatures for ") {
            self.trust.named(name);
            return true;
        }
        if let Some(name) = without_any(text) {
            self.trust.named(name);
            self.trust.unsigned(name);
            return true;
        }
        match words.as_slice() {
            words if *words == TABLE => self.section = Section::Tags,
            ["List", "of", "signers", "and", "their", ..] => {
                self.section = Section::Signers;
            }
            ["SIGNER", "KEYS"] if self.section == Section::Signers => {}
            ["Administrative", "keys", "for", ..] => self.section = Section::Admins,
            _ => return self.row(line, &words),
        }
        true
    }

    fn row(&mut self, line: Line, words: &[&str]) -> bool {
        match (self.section, words) {
            (Section::Tags, [tag, hex, signers @ ..]) if is_hex(hex) && !signers.is_empty() => {
                let signers = joined(signers, " ");
                let signers: Vec<&str> = signers.split(',').map(str::trim).collect();
                self.trust.signed(tag, hex, &signers, line);
            }
            (Section::Signers, [name, keys @ ..]) if are_keys(keys) => self.keys(name, keys),
            (Section::Admins, [name @ ("Repository" | "Root"), "Key:", keys @ ..])
                if are_keys(keys) =>
            {
                self.keys(name, keys);
            }
            _ => return false,
        }
        true
    }

    fn keys(&mut self, role: &str, keys: &[&str]) {
        for key in keys {
            self.trust.key(role, key.without_end(","));
        }
    }
}

/// The name of an image without signatures.
fn without_any(line: &str) -> Option<&str> {
    line.strip_prefix("No signatures for ")
        .or_else(|| line.strip_prefix("No signatures or cannot access "))
}

fn is_hex(word: &str) -> bool {
    word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

fn are_keys(words: &[&str]) -> bool {
    !words.is_empty() && words.iter().all(|word| is_hex(word.without_end(",")))
}

/// The JSON with its brackets and quotes taken off by `sed`, as the first guide prints it: the
/// order of the lines says what belongs to what.
fn cleaned(output: &Output, lines: &[Line]) -> (Reading, usize) {
    let mut trust = Inspection::new(INSPECT.name, output.about);
    let mut tags: Vec<(String, Line, Vec<&str>)> = Vec::new();
    let mut tag = String::new();
    let mut role = String::new();
    let (mut in_tags, mut read) = (true, 0);
    for (n, line) in lines.iter().enumerate() {
        let text = line.text.trimmed();
        match text
            .split_once(':')
            .map(|(name, value)| (name, value.trim()))
        {
            _ if text.is_empty() => continue,
            Some(("Name", name)) if n == 0 => trust.named(name),
            Some(("SignedTags" | "Keys", "")) => {}
            Some(("SignedTag", name)) if in_tags => name.clone_into(&mut tag),
            Some(("Digest", _)) if in_tags => tags.push((tag.clone(), *line, Vec::new())),
            // The signers of a tag come before the next tag; the list of all signers has names.
            Some(("Signers" | "AdministrativeKeys", "")) => {
                in_tags = names_a_tag(lines.get(n + 1..).unwrap_or_default());
            }
            Some(("Name", name)) if !in_tags => name.clone_into(&mut role),
            Some(("ID", key)) if !in_tags && is_hex(key) => trust.key(&role, key),
            None if in_tags && is_name(text) => match tags.last_mut() {
                Some((_, _, signers)) => signers.push(text),
                None => break,
            },
            _ => break,
        }
        read = n + 1;
    }
    for (tag, line, signers) in &tags {
        let hex = line.text.trimmed().after_all("Digest:").trim();
        trust.signed(tag, hex, signers, *line);
    }
    (trust.reading, read)
}

fn names_a_tag(after: &[Line]) -> bool {
    let next = after
        .iter()
        .map(|line| line.text.trimmed())
        .find(|text| !text.is_empty());
    next.is_some_and(|text| !text.has(":"))
}

/// A signer's name as docker prints it alone on a line; prose has more words.
fn is_name(text: &str) -> bool {
    text == ADMIN || (text.len() <= 128 && !text.contains(char::is_whitespace))
}
