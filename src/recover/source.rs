//! Where in a paste a document may stand: the texts from which candidates are made.
//!
//! The value inside prompts and fences, the text under terminal codes, quotation marks, HTML
//! or base64, and the documents that tools print inside other JSON. All is linear in the
//! paste: after a failed reading of JSON the next one begins where it failed, not one byte on.

use super::edit::Edit;
use super::escape::unescaped;
use super::tree::{Node, Tokens, take_apart};
use super::values::{is_document, is_loose, is_quoted, is_written, values};
use super::wrapping::{JOINS, LAYERS, Layer, Undo};
use crate::json::{self, Json, Kind, Value};
use crate::text::Parts;

/// A text from which candidates are made, and how it was got from the paste.
#[derive(Clone, Debug)]
pub(super) struct SourceText {
    pub(super) edits: Vec<Edit>,
    pub(super) bytes: Vec<u8>,
    /// The white space that stood behind it.
    pub(super) tail: String,
    /// The JSON, taken apart, where it was read on the way.
    pub(super) apart: Option<(Node, Tokens)>,
}

/// Texts taken from one paste. More than the images of any real index, and small enough that
/// all can be tried.
const MOST_SOURCES: usize = 256;

/// Values taken from a text in which others are broken: those are pieces.
const MOST_PIECES: usize = 16;

/// Ways to undo what was done to a text that are followed at a time.
const MOST_READINGS: usize = 8;

/// So many times the bytes of a paste may be looked at for JSON, in all the ways to undo changes.
const LOOKS: usize = 64;

/// So many steps take as long as looking for JSON once.
const STEPS_TO_A_LOOK: usize = 8;

/// The same in bytes, at least and at most.
const LEAST_BYTES: usize = 1 << 16;
const MOST_BYTES: usize = 96 << 20;

/// Encodings inside encodings, as base64 of a text that quotes base64.
const MOST_LEVELS: usize = 3;

/// The shortest text taken for base64: shorter ones are words.
const SHORTEST_BASE64: usize = 64;

/// The members under which tools print a document inside other JSON: `oras manifest fetch
/// --format json`, `docker buildx imagetools inspect`, `docker manifest inspect -v`.
const INSIDE: [&str; 5] = [
    "content",
    "manifest",
    "OCIManifest",
    "SchemaV2Manifest",
    "image",
];

/// The sources in a paste, the text as it came not among them; most likely first.
pub(super) fn sources(pasted: &[u8]) -> Vec<SourceText> {
    let mut found = Finder {
        sources: Vec::new(),
        left: (pasted.len() * LOOKS).clamp(LEAST_BYTES, MOST_BYTES.max(pasted.len())),
    };
    found.bytes(pasted, &[], 0);
    // What took little to read is likelier than what was mended in many ways.
    let mut left = found.sources;
    let mut sources = Vec::with_capacity(left.len());
    // A sort of its own would be large, and there are few costs.
    for rank in 0.. {
        sources.extend(left.extract_if(.., |source| cost(&source.edits) == rank));
        if left.is_empty() {
            break;
        }
    }
    sources
}

/// The cost of edits: changing a text counts for more than unwrapping it.
fn cost(edits: &[Edit]) -> usize {
    let one = |edit: &Edit| if edit.changes_text() { 3 } else { 1 };
    edits.iter().map(one).sum()
}

/// Adds a reading before those that reach less far.
#[inline(never)]
fn rank(all: &mut Vec<Unwrapped>, reading: Unwrapped) {
    let reach = reading.looked.reach;
    let place = all.iter().position(|known| known.looked.reach < reach);
    all.insert(place.unwrap_or(all.len()), reading);
}

struct Finder {
    sources: Vec<SourceText>,
    /// Bytes that may still be looked at.
    left: usize,
}

/// A text after some steps.
struct Unwrapped {
    text: String,
    edits: Vec<Edit>,
    looked: Looked,
}

/// The JSON in a text.
#[derive(Clone, Copy)]
struct Looked {
    /// The length of the longest value.
    largest: usize,
    /// The same, or how much of a value could be read that is broken.
    reach: usize,
    /// Whether all that looks like JSON can be read.
    settled: bool,
    /// True if some is in quotes, with backslashes that may be those of the quotes.
    quoted: bool,
}

impl Finder {
    fn bytes(&mut self, bytes: &[u8], edits: &[Edit], level: usize) {
        if let Some(text) = from_utf16(bytes) {
            let edits = with(edits, Edit::Utf16);
            self.add(text.clone().into_bytes(), &edits, "");
            return self.text(&text, &edits, level);
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        match text.strip_prefix('\u{feff}') {
            None => self.text(text, edits, level),
            Some(text) => {
                let edits = with(edits, Edit::Bom);
                self.add(text.into(), &edits, "");
                self.text(text, &edits, level);
            }
        }
    }

    fn text(&mut self, text: &str, edits: &[Edit], level: usize) {
        let (mut text, mut edits) = (text.to_owned(), edits.to_vec());
        if !text.has("\n") && text.has("\r") {
            text = text.put("\r", "\n");
            edits.push(Edit::CrToLf);
        }
        let Some(looked) = self.values(&text, &edits, level) else {
            return;
        };
        if looked.settled && is_plain(&text) && !looked.quoted {
            return;
        }
        let mut readings = vec![Unwrapped {
            text,
            edits,
            looked,
        }];
        for layer in &LAYERS {
            readings = self.layer(layer, readings, level);
        }
        let mut joined = Vec::new();
        for reading in readings.iter().filter(|reading| !reading.looked.settled) {
            for join in JOINS {
                joined.extend(self.step(join, reading, level));
            }
        }
        readings.append(&mut joined);
        self.written(&readings, level);
    }

    /// Undoes a layer in each reading. Where that does not make all of it JSON, it is kept as it
    /// was as well.
    fn layer(&mut self, layer: &Layer, readings: Vec<Unwrapped>, level: usize) -> Vec<Unwrapped> {
        let mut all: Vec<Unwrapped> = Vec::new();
        for reading in readings {
            let reach = reading.looked.reach;
            let mut whole = false;
            let admits = layer.of.admits(reading.looked.settled);
            for step in layer.steps.iter().filter(|_| admits) {
                let undone = self.step(*step, &reading, level);
                let Some(undone) = undone.filter(|undone| undone.looked.reach >= reach) else {
                    continue;
                };
                whole |= undone.looked.settled && undone.looked.reach > reach;
                if !all.iter().any(|known| known.text == undone.text) {
                    rank(&mut all, undone);
                }
            }
            if !whole {
                rank(&mut all, reading);
            }
        }
        all.truncate(MOST_READINGS);
        all
    }

    fn step(&mut self, step: Undo, reading: &Unwrapped, level: usize) -> Option<Unwrapped> {
        self.left = self
            .left
            .checked_sub(reading.text.len() / STEPS_TO_A_LOOK)?;
        let (text, edit) = step(&reading.text)?;
        let edits = with(&reading.edits, edit);
        let looked = self.values(&text, &edits, level)?;
        Some(Unwrapped {
            text,
            edits,
            looked,
        })
    }

    /// Documents written as a string of some language, or in base64, where no JSON was read.
    fn written(&mut self, readings: &[Unwrapped], level: usize) {
        if level >= MOST_LEVELS {
            return;
        }
        let written = |reading: &&Unwrapped| !reading.looked.settled || reading.looked.quoted;
        for reading in readings.iter().filter(written) {
            if let Some((text, edit)) = unescaped(&reading.text) {
                self.text(&text, &with(&reading.edits, edit), level + 1);
            }
        }
        let unread = readings.iter().all(|reading| reading.looked.largest == 0);
        if let Some(reading) = readings.first().filter(|_| unread) {
            self.encoded(&reading.text, &reading.edits, level);
        }
    }

    /// Takes the JSON values in a text, and says what they are of it. Nothing if too much was
    /// looked at before.
    fn values(&mut self, text: &str, edits: &[Edit], level: usize) -> Option<Looked> {
        self.left = self.left.checked_sub(text.len())?;
        if text.trim_start().starts_with('"') && level < MOST_LEVELS {
            self.string(text, edits, level);
        }
        let (found, read) = values(text);
        let broken = read > 0;
        let rank = |(json, _): &(Json, usize)| (usize::MAX - json.root().span.len(), "");
        let order = json::sorted(found.iter().map(rank).collect());
        let most = if broken { MOST_PIECES } else { MOST_SOURCES };
        for (json, end) in order
            .iter()
            .take(most)
            .filter_map(|(_, _, at)| found.get(*at))
        {
            let span = json.root().span.clone();
            let (before, after) = (text.get(..span.start), text.get(*end..).unwrap_or_default());
            let mut edits = edits.to_vec();
            edits.extend(around(before.unwrap_or_default(), after));
            let space = after.len() - after.trim_start().len();
            let tail = after.get(..space).unwrap_or_default();
            self.add_value_and_like(text, json.root(), &edits, tail);
            self.inside(text, json.root(), &edits, level);
        }
        let lengths = found.iter().map(|(json, _)| json.root().span.len());
        let largest = lengths.max().unwrap_or(0);
        Some(Looked {
            largest,
            reach: largest.max(read),
            settled: !broken && !found.is_empty() && !is_loose(text, &found),
            quoted: text.has("\\\\") && found.iter().any(|(json, _)| is_quoted(text, json)),
        })
    }

    fn add(&mut self, bytes: Vec<u8>, edits: &[Edit], tail: &str) {
        self.add_value(bytes, edits, tail, None);
    }

    /// Adds a value, and the same with no list of layers where it has an empty one, or the other
    /// way around: Go writes both, and printers make one of the other.
    fn add_value_and_like(&mut self, text: &str, value: &Value, edits: &[Edit], tail: &str) {
        let span = value.span.clone();
        let bytes = text.get(span.clone()).unwrap_or_default();
        self.add_value(bytes.into(), edits, tail, Some(value));
        let Some(layers) = value.get("layers") else {
            return;
        };
        let other = match &layers.kind {
            Kind::Null => "[]",
            Kind::Array(items) if items.is_empty() => "null",
            _ => return,
        };
        let before = text.get(span.start..layers.span.start).unwrap_or_default();
        let after = text.get(layers.span.end..span.end).unwrap_or_default();
        let other = [before, other, after].concat().into_bytes();
        self.add(other, &with(edits, Edit::EmptyLayers), tail);
    }

    /// Adds a text, which is that of a value where one is given.
    fn add_value(&mut self, bytes: Vec<u8>, edits: &[Edit], tail: &str, value: Option<&Value>) {
        let mut sources = self.sources.iter_mut();
        if let Some(known) = sources.find(|source| source.bytes == bytes) {
            if cost(edits) < cost(&known.edits) {
                known.edits = edits.to_vec();
            }
        } else if self.sources.len() < MOST_SOURCES {
            self.sources.push(SourceText {
                edits: edits.to_vec(),
                bytes,
                tail: tail.to_owned(),
                apart: value.map(take_apart),
            });
        }
    }

    /// A whole document written as one JSON string.
    fn string(&mut self, text: &str, edits: &[Edit], level: usize) {
        if let Ok((json, _)) = json::parse_prefix(text, 0)
            && let Some(inner) = json.root().as_str()
        {
            let edits = with(edits, Edit::JsonString);
            self.add(inner.into(), &edits, "");
            self.text(inner, &edits, level + 1);
        }
    }

    /// Takes the documents that a tool printed inside a value.
    fn inside(&mut self, text: &str, root: &Value, edits: &[Edit], level: usize) {
        let alone = std::slice::from_ref(root);
        for member in root
            .items()
            .unwrap_or(alone)
            .iter()
            .filter_map(Value::members)
            .flatten()
        {
            let name = INSIDE.iter().find(|name| member.key.text == **name);
            if let (Some(name), Kind::Object(_)) = (name, &member.value.kind) {
                self.printed(text, &member.value, &with(edits, Edit::Inside(name)));
            }
            if let ("Raw", Some(raw)) = (member.key.text.as_ref(), member.value.as_str()) {
                self.base64(raw, &with(edits, Edit::Inside("Raw")), level);
            }
        }
        self.nested(text, root, edits, level);
    }

    /// Takes the documents anywhere in a value, as JSON or as a string of it.
    fn nested(&mut self, text: &str, value: &Value, edits: &[Edit], level: usize) {
        if self.sources.len() >= MOST_SOURCES {
            return;
        }
        for item in value.items().unwrap_or_default() {
            self.nested_one(text, item, edits, level);
        }
        for member in value.members().unwrap_or_default() {
            self.nested_one(text, &member.value, edits, level);
        }
    }

    fn nested_one(&mut self, text: &str, value: &Value, edits: &[Edit], level: usize) {
        if is_document(value) {
            self.printed(text, value, &with(edits, Edit::Within));
        }
        match value.as_str() {
            Some(inner) if level < MOST_LEVELS && is_written(inner) => {
                let edits = with(edits, Edit::InString);
                self.add(inner.into(), &edits, "");
                self.text(inner, &edits, level + 1);
            }
            _ => self.nested(text, value, edits, level),
        }
    }

    fn printed(&mut self, text: &str, value: &Value, edits: &[Edit]) {
        let members = value.members().unwrap_or_default();
        let mut add = |value: &Value| {
            let printed = text.get(value.span.clone()).unwrap_or_default();
            self.add(printed.into(), edits, "\n");
        };
        // An image per platform, where there are several.
        if members.iter().all(|member| member.key.text.has("/")) {
            for member in members {
                add(&member.value);
            }
        } else {
            add(value);
        }
    }

    fn encoded(&mut self, text: &str, edits: &[Edit], level: usize) {
        let run = longest_base64(text);
        let encoded: String = run.split_ascii_whitespace().collect();
        let edits = if run.len() < text.trim().len() {
            with(edits, Edit::Around)
        } else {
            edits.to_vec()
        };
        self.base64(&encoded, &edits, level);
    }

    fn base64(&mut self, text: &str, edits: &[Edit], level: usize) {
        let standard = |b: u8| match b {
            b'-' => '+',
            b'_' => '/',
            b => char::from(b),
        };
        let text: String = text.without_end("=").bytes().map(standard).collect();
        if text.len() < SHORTEST_BASE64 || level >= MOST_LEVELS {
            return;
        }
        if let Some(bytes) = json::from_base64_unpadded(&text) {
            let edits = with(edits, Edit::Base64);
            self.add(bytes.clone(), &edits, "");
            self.bytes(&bytes, &edits, level + 1);
        }
    }
}

fn with(edits: &[Edit], edit: Edit) -> Vec<Edit> {
    let mut edits = edits.to_vec();
    edits.push(edit);
    edits
}

/// Whether this is one line of ASCII in which there is nothing to undo.
fn is_plain(text: &str) -> bool {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'&')
}

/// The longest run of lines that are nothing but base64.
fn longest_base64(text: &str) -> &str {
    let (mut longest, mut start, mut at) = (0..0, 0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        if !line.trim().bytes().all(in_base64) {
            start = at;
        } else if at - start > longest.len() {
            longest = start..at;
        }
    }
    text.get(longest).unwrap_or_default().trim()
}

fn in_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// Edits for the surroundings of the value: a code fence, or other text.
fn around(before: &str, after: &str) -> Vec<Edit> {
    let fence = |line: &str| line.starts_with("```") || line.starts_with("~~~");
    let (before, after) = (before.trim(), after.trim());
    let line_before = before.behind_any("\n");
    let line_after = after.lines().next().unwrap_or_default();
    let fenced = fence(line_before) && fence(line_after);
    let alone = fenced && before == line_before && after == line_after;
    let other = !(alone || before.is_empty() && after.is_empty());
    let mut edits = Vec::new();
    edits.extend(fenced.then_some(Edit::Fence));
    edits.extend(other.then_some(Edit::Around));
    edits
}

/// The text, if this is UTF-16 with a byte order mark, as Windows PowerShell writes files.
fn from_utf16(bytes: &[u8]) -> Option<String> {
    let unit = |pair: &[u8], read: fn([u8; 2]) -> u16| match pair {
        [a, b] => read([*a, *b]),
        _ => 0xfffd,
    };
    let (read, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        _ => return None,
    };
    let units: Vec<u16> = rest.chunks(2).map(|pair| unit(pair, read)).collect();
    String::from_utf16(&units).ok()
}
