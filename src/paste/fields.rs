//! Reads fields and lines of a tool's output.

use crate::claim::Role;
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::platform::Platform;
use crate::text::{Parts, parsed};

/// True for an identifier of an image in a local store, or the beginning of one, though the grammar
/// of references would take it for a name: `sha256:…`, or only hexadecimal digits.
pub(crate) fn is_identifier(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:");
    digits.is_some() || !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A digest in a field of JSON.
pub(crate) fn digest_at(value: &Value, name: &str) -> Option<Digest> {
    parsed(value.get(name)?.as_str()?)
}

/// A field of JSON, whatever letters of its name are capitals.
pub(crate) fn spelled<'v, 'a>(value: &'v Value<'a>, name: &str) -> Option<&'v Value<'a>> {
    let mut members = value.members()?.iter();
    let found = members.find(|member| member.key.text.eq_ignore_ascii_case(name));
    found.map(|member| &member.value)
}

/// A string in a field of JSON.
pub(crate) fn text_at<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

/// The platform in a field of JSON, or in the value itself if the field has no name.
pub(crate) fn platform_in(value: &Value) -> Option<Platform> {
    let text = |name| text_at(value, name).unwrap_or_default().to_owned();
    let mut platform = Platform {
        os: text("os"),
        architecture: text("architecture"),
        variant: text("variant"),
        os_version: text("os.version"),
        os_features: Vec::new(),
    };
    for feature in value.texts_of("os.features") {
        platform.os_features.push(feature.to_owned());
    }
    (!platform.is_empty()).then_some(platform)
}

/// True for a platform as it is written, or for a part of one, though it could be the name of an image too.
pub(crate) fn is_platform(word: &str) -> bool {
    let first = word.before_any("/");
    (word.len() > first.len() && SYSTEMS.has_word(first)) || PLATFORM_WORDS.has_word(word)
}

const SYSTEMS: &str = "darwin freebsd linux unknown windows";
const PLATFORM_WORDS: &str =
    "386 amd64 arm arm64 linux loong64 mips64le ppc64le riscv64 s390x unknown v5 v6 v7 v8 windows";

/// The words of a line, of which some are digests, images or a platform.
#[derive(Default)]
pub(crate) struct DigestRow {
    pub(crate) digest: Option<Digest>,
    pub(crate) image: Option<Reference>,
    pub(crate) platform: String,
    /// The number of other words, and of those of which one came before.
    pub(crate) others: usize,
}

impl DigestRow {
    pub(crate) fn of(line: &str) -> Self {
        let mut row = DigestRow::default();
        for word in line.split(|c: char| c.is_whitespace() || matches!(c, '|' | ',' | '"')) {
            let word = word.without("\\'`;(){}[]<>*-=→").behind_any("=");
            if word.is_empty() || LABELS.has_word(&word.to_ascii_lowercase()) {
                continue;
            }
            let word = word.without_end(":");
            if is_platform(word) {
                let slash = if row.platform.is_empty() { "" } else { "/" };
                row.platform += slash;
                row.platform += word;
            } else if let (None, Some(digest)) = (&row.digest, whole_digest(word)) {
                row.digest = Some(digest);
            } else if row.image.is_none() && word.has("/") && !word.has("@") {
                row.image = parsed(word);
                row.others += usize::from(row.image.is_none());
            } else {
                row.others += 1;
            }
        }
        row
    }
}

/// A digest by an algorithm that is computed here.
fn whole_digest(word: &str) -> Option<Digest> {
    parsed(word).filter(|digest: &Digest| digest.algorithm().is_some())
}

/// Words beside a digest that change nothing.
const LABELS: &str = "digest digest: image image: is sha256 tag tag:";

/// The role of an entry in an index, and its platform in words.
pub(crate) fn entry_role(platform: Option<&Platform>) -> (Role, Option<String>) {
    match platform {
        Some(platform) if platform.is_unknown() => (Role::Attestation, None),
        platform => (Role::Manifest, platform.map(ToString::to_string)),
    }
}

/// `repository@digest`, or a digest alone.
pub(crate) fn digest_line(line: &str) -> Option<(Option<Reference>, Digest)> {
    let line = line.trimmed();
    if line.len() > 1200 || line.contains(char::is_whitespace) {
        return None;
    }
    if let Some((_, digest)) = line.split_once('@') {
        let reference: Reference = parsed(line)?;
        return Some((Some(reference), parsed(digest)?));
    }
    let digest: Digest = parsed(line)?;
    digest.algorithm().map(|_| (None, digest))
}

/// The repository, without a tag.
pub(crate) fn repository(reference: &Reference) -> String {
    format!("{}/{}", reference.registry(), reference.repository())
}
