//! Lines that were broken on the way, made whole: by terminals at their right edge, by mail
//! between words. JSON has no line end within a string, so a line end there was put in.

use super::edit::Edit;
use super::prefix::{BRACKETS, begins_value};

use crate::text::Parts;

/// The text with lines joined that were broken inside a string, where JSON has no line end:
/// as a terminal of fixed width breaks them.
pub(super) fn joined(text: &str) -> Option<(String, Edit)> {
    join(text, &|_, _| "").map(|text| (text, Edit::Joined))
}

/// As [`joined`], where the break took the place of a space, as in mail.
pub(super) fn joined_by_space(text: &str) -> Option<(String, Edit)> {
    join(text, &|_, _| " ").map(|text| (text, Edit::JoinedBySpace))
}

/// As [`joined_by_space`], but not where a word was too long for the line, or ended in a hyphen.
pub(super) fn joined_by_width(text: &str) -> Option<(String, Edit)> {
    by_width(text, &|_| true)
}

/// As [`joined_by_width`], where a word that is too long begins a line of its own.
pub(super) fn joined_by_words(text: &str) -> Option<(String, Edit)> {
    by_width(text, &|line| !line.trim().has(" "))
}

/// `cuts`: whether a line that reaches the edge was cut there.
fn by_width(text: &str, cuts: &dyn Fn(&str) -> bool) -> Option<(String, Edit)> {
    let edge = text.lines().map(width).max()?;
    let between = |before: &str, after: &str| {
        let spaced = before.ends(" \t") || after.begins(" \t");
        let hyphen = before.without_end("-");
        // Of other alphabets all is taken for letters: Rust's tables of them are large.
        let letter = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
        let broken = hyphen.len() + 1 == before.len() && hyphen.ends_with(letter);
        if spaced || broken || width(before) >= edge && cuts(before) {
            ""
        } else {
            " "
        }
    };
    join(text, &between).map(|text| (text, Edit::JoinedBySpace))
}

/// As [`joined`], without the space before what a line goes on with: where the rest of a line
/// was set below its beginning.
pub(super) fn joined_hanging(text: &str) -> Option<(String, Edit)> {
    let start = value_start(text)?;
    let mut parts = Strings::default();
    let (mut out, mut found) = (text.get(..start)?.to_owned(), false);
    for line in text.get(start..)?.split_inclusive('\n') {
        let inside = parts.quoted;
        let line = if inside {
            line.without_start(" \t")
        } else {
            line
        };
        found |= inside;
        for c in line.chars() {
            if !(parts.goes(c) && matches!(c, '\r' | '\n')) {
                out.push(c);
            }
        }
    }
    found.then_some((out, Edit::Joined))
}

/// All lines from the JSON on as one, for compact JSON that was broken at a fixed width: also
/// between the digits of a number.
pub(super) fn on_one_line(text: &str) -> Option<(String, Edit)> {
    let (before, json) = text.split_at_checked(value_start(text)?)?;
    let json = json.trim_end();
    json.has("\n").then(|| {
        let json = json.chars().filter(|c| !matches!(c, '\r' | '\n'));
        (before.chars().chain(json).collect(), Edit::Joined)
    })
}

/// Lines that reach the right edge joined with the next, where some line was broken within a
/// string: also between the digits of a number.
pub(super) fn joined_at_edge(text: &str) -> Option<(String, Edit)> {
    let (before, json) = text.split_at_checked(value_start(text)?)?;
    let mut parts = Strings::default();
    let broken = json.split_inclusive('\n').find(|line| {
        let mut within = false;
        line.chars().for_each(|c| within = parts.goes(c));
        within && line.ends_with('\n')
    })?;
    let edge = width(broken.without_end("\r\n"));
    let mut out = before.to_owned();
    for line in json.split_inclusive('\n') {
        let content = line.without_end("\r\n");
        out.push_str(if width(content) == edge {
            content
        } else {
            line
        });
    }
    Some((out, Edit::Joined))
}

/// Lines as wide as the widest joined with the next: before it is known what is a string, as in a page
/// that escapes quotes.
pub(super) fn joined_in_html(text: &str) -> Option<(String, Edit)> {
    if !text.has("&") || !text.has("\n") {
        return None;
    }
    let edge = text.lines().map(width).max()?;
    let full = |line: &&str| width(line) == edge;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.without_end("\r\n");
        out.push_str(if full(&content) { content } else { line });
    }
    Some((out, Edit::Joined))
}

/// Joins lines with a text that is chosen for each pair of lines.
fn join(text: &str, between: &dyn Fn(&str, &str) -> &'static str) -> Option<String> {
    if !text.has("\n") && !text.has("\r") {
        return None;
    }
    let (before, json) = text.split_at_checked(value_start(text)?)?;
    let mut out = before.to_owned();
    let mut parts = Strings::default();
    let mut found = false;
    let mut lines = json.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        for c in line.chars() {
            if !(parts.goes(c) && matches!(c, '\r' | '\n')) {
                out.push(c);
                continue;
            }
            found = true;
            if c == '\n' {
                let next = lines.peek().copied().unwrap_or_default();
                out.push_str(between(line.without_end("\r\n"), next));
            }
        }
    }
    found.then_some(out)
}

fn width(line: &str) -> usize {
    line.chars().count()
}

/// Tells where in JSON its strings are.
#[derive(Default)]
pub(super) struct Strings {
    quoted: bool,
    escaped: bool,
}

impl Strings {
    /// Goes over a character: true if it is within a string.
    pub(super) fn goes(&mut self, c: char) -> bool {
        let within = self.quoted;
        self.quoted ^= c == '"' && !self.escaped;
        self.escaped = self.quoted && c == '\\' && !self.escaped;
        within
    }
}

/// Where the first line begins that looks like JSON, else the first bracket.
pub(super) fn value_start(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start();
        if content.starts_with(BRACKETS) && begins_value(content) {
            return Some(at + line.len() - content.len());
        }
        at += line.len();
    }
    text.find('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn mends(step: fn(&str) -> Option<(String, Edit)>, text: &str, expected: Option<&str>) {
        let mended = step(text).map(|(text, _)| text);
        assert_eq!(mended.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn joins_broken_lines() {
        let broken = "$ x\n{\n\"a\": \"b\\\"\r\nc\"\n}";
        mends(joined, broken, Some("$ x\n{\n\"a\": \"b\\\"c\"\n}"));
        mends(joined_by_space, "{\"a\":\"b\nc\"}", Some("{\"a\":\"b c\"}"));
        mends(joined, "{\n\"a\": \"b\"\n}", None);
        mends(on_one_line, "$ x\n{\"a\":1\n2}\n", Some("$ x\n{\"a\":12}"));
        mends(
            joined_hanging,
            "{\"a\":\"b\n   c\",\n  \"d\":1}",
            Some("{\"a\":\"bc\",\n  \"d\":1}"),
        );
    }

    #[test]
    fn the_width_tells_how_a_line_was_broken() {
        let numbers = "{\n\"a\":\"bcx\nd\",\"e\":1\n2}\n";
        mends(
            joined_at_edge,
            numbers,
            Some("{\n\"a\":\"bcxd\",\"e\":12}\n"),
        );
        mends(joined_at_edge, "{\n\"a\":1\n}", None);
        let words = "{\"a\":\"one\ntwo three-\nfour abcdef\nghijklmnopq\nrs\"}";
        mends(
            joined_by_width,
            words,
            Some("{\"a\":\"one two three-four abcdefghijklmnopqrs\"}"),
        );
    }
}
