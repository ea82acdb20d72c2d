//! Takes off the text before every line: the marks of quoted mail and diffs, the indentation of a
//! list, line numbers, the time and the name that logs put before a line.
//!
//! The prefix is that of the first line on which JSON begins. Other lines have the same, except
//! that what has digits in it may differ: times, numbers, identifiers. All is linear in the text.

use super::edit::Edit;

use crate::text::{Parts, parsed};

/// The characters that JSON documents begin with.
pub(super) const BRACKETS: [char; 2] = ['{', '['];

/// So many lines below the first one may be somebody else's: logs of several programs are mixed.
const NEAR: usize = 8;

/// A prefix longer than this is a text.
const LONGEST: usize = 256;

/// What a line is to have before its content.
struct Prefix<'t> {
    text: &'t str,
    runs: Vec<Run<'t>>,
}

/// A part of a prefix.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Run<'t> {
    /// A word of the calendar or the clock.
    Calendar,
    Exact(&'t str),
    /// Spaces, as many as it takes to fill a column; none where a number fills it.
    Padding,
    /// A word with digits in it.
    Varying,
}

/// The lines that have the prefix without it, the others as they are.
pub(super) fn without_prefix(text: &str) -> Option<(String, Edit)> {
    let block = LineBlock::find(text)?;
    Some((block.stripped(true), block.edit()))
}

/// As [`without_prefix`], without the lines between that have another prefix or none.
pub(super) fn without_others(text: &str) -> Option<(String, Edit)> {
    let block = LineBlock::find(text)?;
    block
        .has_others()
        .then(|| (block.stripped(false), Edit::Prefix))
}

/// The lines of a text, from one on which JSON begins behind a prefix.
struct LineBlock<'t> {
    lines: Vec<&'t str>,
    at: usize,
    /// The last line with the prefix.
    last: usize,
    prefix: Prefix<'t>,
}

impl<'t> LineBlock<'t> {
    fn find(text: &'t str) -> Option<Self> {
        if !text.contains(BRACKETS) {
            return None;
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(end) = value_in(line) else {
                continue;
            };
            if end == 0 {
                return None;
            }
            let Some(prefix) = line.get(..end).filter(|prefix| prefix.len() <= LONGEST) else {
                continue;
            };
            let prefix = Prefix::of(prefix);
            let near = lines.iter().skip(at + 1).take(NEAR);
            if near.into_iter().any(|line| prefix.tail(line).is_some()) {
                let last = lines.iter().rposition(|line| prefix.tail(line).is_some());
                let block = LineBlock {
                    last: last.unwrap_or(at),
                    lines,
                    at,
                    prefix,
                };
                // What is indented here and less below is part of what is not.
                return Some(block).filter(|block| !block.is_indented() || !block.has_others());
            }
        }
        None
    }

    fn is_indented(&self) -> bool {
        self.prefix.text.trim().is_empty()
    }

    fn edit(&self) -> Edit {
        if self.is_indented() {
            Edit::Dedented
        } else {
            Edit::Prefix
        }
    }

    fn within(&self) -> &[&'t str] {
        self.lines.get(self.at..=self.last).unwrap_or_default()
    }

    fn has_others(&self) -> bool {
        let other = |line: &&str| self.prefix.tail(line).is_none();
        self.within().iter().any(other)
    }

    fn stripped(&self, others: bool) -> String {
        let mut text = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            let tail = (at >= self.at).then(|| self.prefix.tail(line)).flatten();
            match tail {
                Some(tail) => text.push_str(tail),
                None if others || at < self.at || at > self.last => text.push_str(line),
                None => {}
            }
        }
        text
    }
}

impl<'t> Prefix<'t> {
    fn of(text: &'t str) -> Self {
        let mut runs = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let run = run_at(rest, first);
            let (run_text, after) = rest.split_at_checked(run).unwrap_or((rest, ""));
            runs.push(match () {
                () if is_space(first) && after.is_empty() => Run::Exact(run_text),
                () if is_space(first) => Run::Padding,
                () if has_digit(run_text) => Run::Varying,
                () if is_calendar(run_text) => Run::Calendar,
                () => Run::Exact(run_text),
            });
            rest = after;
        }
        Prefix { text, runs }
    }

    /// The line behind the prefix, with its end. Programs leave the space of a prefix out where
    /// nothing follows.
    fn tail<'l>(&self, line: &'l str) -> Option<&'l str> {
        if let Some(tail) = line.strip_prefix(self.text) {
            return Some(tail);
        }
        let content = line.without_end("\r\n");
        let end = line.get(content.len()..)?;
        if content == self.text.trim_end() {
            return Some(end);
        }
        let rest = self.behind(content)?;
        line.get(content.len() - rest.len()..)
    }

    fn behind<'l>(&self, content: &'l str) -> Option<&'l str> {
        let mut rest = content;
        let mut runs = self.runs.iter().enumerate();
        while let Some((at, run)) = runs.next() {
            rest = match run {
                Run::Exact(text) if is_point(text) && !rest.starts_with(text) => {
                    // A fraction of a second that is zero is left out, with its point.
                    runs.next().filter(|(_, run)| **run == Run::Varying)?;
                    rest
                }
                Run::Exact(text) => {
                    let last = at + 1 == self.runs.len() && text.trim().is_empty();
                    match rest.strip_prefix(text) {
                        Some(after) => after,
                        None if last && rest.is_empty() => rest,
                        None => return None,
                    }
                }
                Run::Padding => rest.without_start(" \t"),
                Run::Calendar => word(rest)
                    .filter(|word| is_calendar(word))
                    .and_then(|word| rest.get(word.len()..))?,
                Run::Varying => {
                    let pad = rest.without_start(" ");
                    let word = word(pad).filter(|word| has_digit(word))?;
                    let after = pad.get(word.len()..)?;
                    let next = self.runs.get(at + 1);
                    let fraction =
                        next.is_some_and(|run| matches!(run, Run::Exact(text) if is_point(text)));
                    if fraction {
                        after
                    } else {
                        without_fraction(after)
                    }
                }
            };
        }
        Some(rest)
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn is_point(text: &str) -> bool {
    matches!(text, "." | ",")
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// The length of the run at the start of a text.
fn run_at(text: &str, first: char) -> usize {
    let of = |same: fn(char) -> bool| text.find(|c| !same(c)).unwrap_or(text.len());
    match first {
        c if is_space(c) => of(is_space),
        c if c.is_ascii_alphanumeric() => of(|c| c.is_ascii_alphanumeric()),
        c => c.len_utf8(),
    }
}

/// The word at the start of a text.
fn word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    text.get(..end.unwrap_or(text.len()))
}

/// The text without a point and digits at its start.
fn without_fraction(text: &str) -> &str {
    let digits = text
        .after_any(".,")
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let after = digits.and_then(|rest| rest.get(word(rest)?.len()..));
    after.unwrap_or(text)
}

fn is_calendar(word: &str) -> bool {
    const WORDS: &str =
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun AM PM";
    WORDS.has_word(word)
}

/// Where in a line JSON begins, and not a prompt such as `[me@host]$` or a time in brackets.
fn value_in(line: &str) -> Option<usize> {
    let brackets = line.match_indices(BRACKETS).take(NEAR);
    let mut begins = brackets.filter(|(at, _)| begins_value(line.get(*at..).unwrap_or_default()));
    begins.next().map(|(at, _)| at)
}

/// Whether a text that begins with a bracket begins JSON.
pub(super) fn begins_value(text: &str) -> bool {
    let next = text
        .get(1..)
        .unwrap_or_default()
        .trim_start()
        .chars()
        .next();
    matches!(next, None | Some('"' | '{' | '[' | '}' | ']'))
}

/// The text without the line numbers that a pager or an editor puts before each line.
pub(super) fn without_numbers(text: &str) -> Option<(String, Edit)> {
    let line = text.lines().find(|line| line.contains(BRACKETS))?;
    numbered(line)?;
    let mut out = String::new();
    let mut next = None;
    let mut run = 0;
    for line in text.split_inclusive('\n') {
        match numbered(line) {
            Some((number, rest)) if next.is_none_or(|next| next == number) => {
                next = number.checked_add(1);
                run += 1;
                out.push_str(rest);
            }
            Some(_) => return None,
            None => out.push_str(line),
        }
    }
    (run > 1).then_some((out, Edit::LineNumbers))
}

/// `  12  rest`, `12:rest`, `12│ rest`.
fn numbered(line: &str) -> Option<(u64, &str)> {
    let line = line.without_start(" ");
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = line.split_at_checked(end)?;
    let number = parsed(number)?;
    for bar in ['|', '│'] {
        if let Some(rest) = rest.without_start(" ").strip_prefix(bar) {
            return Some((number, rest.strip_prefix(' ').unwrap_or(rest)));
        }
    }
    let rest = rest.after_any(" \t:");
    let rest = rest.or_else(|| line.get(end..).filter(|rest| rest.trim().is_empty()));
    Some((number, rest?))
}

/// The text without the borders of a table or a box around it, at both ends of lines.
pub(super) fn without_borders(text: &str) -> Option<(String, Edit)> {
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let inner = ['|', '│', '┃', '║']
            .iter()
            .find_map(|bar| content.strip_prefix(*bar)?.strip_suffix(*bar));
        match inner {
            Some(inner) => {
                found = true;
                out.push_str(inner.strip_prefix(' ').unwrap_or(inner).trim_end());
                out.push('\n');
            }
            None => out.push_str(line),
        }
    }
    found.then_some((out, Edit::Borders))
}

/// One side of a diff: the lines that it has, and those that both have.
pub(super) fn new_of_diff(text: &str) -> Option<(String, Edit)> {
    side(text, '+', '-').map(|text| (text, Edit::DiffNew))
}

/// As [`new_of_diff`], the other side.
pub(super) fn old_of_diff(text: &str) -> Option<(String, Edit)> {
    side(text, '-', '+').map(|text| (text, Edit::DiffOld))
}

fn side(text: &str, of: char, other: char) -> Option<String> {
    let marked = |line: &str| line.starts_with(['+', '-']);
    let head = |line: &str| line.starts_with("@@ ");
    if !text.lines().any(head)
        && !text
            .lines()
            .any(|line| line == "+{" || line == "-{" || line == " {")
    {
        return None;
    }
    text.lines()
        .find(|line| marked(line) && !line.starts_with("+++") && !line.starts_with("---"))?;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if !line.starts_with(other) {
            out.push_str(line.strip_prefix([of, ' ']).unwrap_or(line));
        }
    }
    Some(out)
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
    fn takes_off_what_stands_before_every_line() {
        let marked = "x wrote:\n> {\n>   \"a\": 1\n>\n> }\nregards\n";
        let plain = "x wrote:\n{\n  \"a\": 1\n\n}\nregards\n";
        mends(without_prefix, marked, Some(plain));
        let moved = "    {\n      \"a\": 1\n    }";
        mends(without_prefix, moved, Some("{\n  \"a\": 1\n}"));
        mends(without_prefix, "[me@host]$ x\n{\n  \"a\": [\n  ]\n}", None);
        mends(without_prefix, "$ x '{{.}}'\n{\"a\":1}", None);
        let listed = "     1\t{\n     2\t  \"a\": 1\n     3\t}\n";
        mends(without_numbers, listed, Some("{\n  \"a\": 1\n}\n"));
        mends(without_numbers, "  9 │ {\n 10 │ }\n", Some("{\n}\n"));
        mends(without_numbers, "1,\n2,\n", None);
    }

    /// The first of the prefixes is before `{`, the others are before the lines below.
    #[test]
    fn takes_off_what_differs_from_line_to_line() {
        for prefixes in [
            [
                "2024-05-01T12:00:00.1234567Z ",
                "2024-05-01T12:00:00Z ",
                "2024-05-01T23:59:59.1Z ",
            ],
            [
                "2024-05-01T12:00:00Z ",
                "2024-05-01T12:00:00.1234567Z ",
                "2024-05-02T00:00:00Z ",
            ],
            [
                "2024-05-01 12:00:00,123 [main] INFO a.b - ",
                "2024-05-01 12:00:01,5 [main] INFO a.b - ",
                "2024-05-01 12:00:01,5 [main] INFO a.b - ",
            ],
            [
                "[2024-05-01T12:00:00.123Z] ",
                "[2024-05-01T12:00:00.124Z] ",
                "[2024-05-01T12:00:10.125Z] ",
            ],
            [
                "2024-05-01T12:00:00.123456Z 00O ",
                "2024-05-01T12:00:00.123456Z 01O ",
                "2024-05-01T12:00:00.123457Z 00O ",
            ],
            [
                "Apr 30 23:59:59 host run[7]: ",
                "May  1 00:00:00 host run[7]: ",
                "May 10 00:00:00 host run[1007]: ",
            ],
            [
                "<34>1 2024-05-01T12:00:00Z host app 1 ID47 - ",
                "<34>1 2024-05-01T12:00:01Z host app 1 ID48 - ",
                "<34>1 2024-05-01T12:00:01Z host app 1 ID9 - ",
            ],
            ["#9 0.345 ", "#9 0.346 ", "#9 10.1 "],
            ["[    1.234567] ", "[   12.234567] ", "[12345.234567] "],
            [
                "web-1  | 2024-05-01 12:00:00 ",
                "web-1  | 2024-05-01 12:00:01 ",
                "web-1  | 2024-05-01 12:00:02 ",
            ],
            ["> > 12:00 PM ", "> > 1:00 AM ", "> > 01:00 AM "],
        ] {
            let [first, second, third] = prefixes;
            let text = format!("{first}{{\n{second}  \"a\": 1\n{third}}}\n");
            mends(without_prefix, &text, Some("{\n  \"a\": 1\n}\n"));
        }
    }

    #[test]
    fn leaves_out_the_lines_of_others() {
        let mixed = "a | {\nb | x\na |   \"a\": 1\nb | {\na | }\nend\n";
        mends(without_others, mixed, Some("{\n  \"a\": 1\n}\nend\n"));
        mends(without_others, "a | {\na | }\n", None);
        let boxed = "+-----+\n| {   |\n|   1 |\n| }   |\n";
        mends(without_borders, boxed, Some("+-----+\n{\n  1\n}\n"));
        let diff = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n {\n-  \"a\": 1\n+  \"a\": 2\n }\n";
        mends(
            new_of_diff,
            diff,
            Some("++ b\n@@ -1,3 +1,3 @@\n{\n  \"a\": 2\n}\n"),
        );
        mends(
            old_of_diff,
            diff,
            Some("-- a\n@@ -1,3 +1,3 @@\n{\n  \"a\": 1\n}\n"),
        );
        mends(new_of_diff, "{\n  \"a\": 1\n}\n", None);
    }
}
