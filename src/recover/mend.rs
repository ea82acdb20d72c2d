//! What chat programs, mail programs, pagers and web pages do to a text, undone. Each step is
//! linear in the text and gives nothing where it would change nothing.

use super::edit::Edit;
use crate::json::{Parts, parsed};

/// What JSON documents begin with.
const BRACKETS: [char; 2] = ['{', '['];

/// The text of the lines that all begin with what stands before the first `{` or `[`:
/// quotation marks of a mail, the indentation of a list, the name of a log.
pub(super) fn without_prefix(text: &str) -> Option<(String, Edit)> {
    if !text.contains(BRACKETS) {
        return None;
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let Some(end) = line.find(BRACKETS) else {
            continue;
        };
        if end == 0 && begins_value(line) {
            return None;
        }
        let (prefix, rest) = (line.get(..end)?, lines.get(at..)?);
        let prefixed = rest
            .iter()
            .take_while(|line| tail(line, prefix).is_some())
            .count();
        if end > 0 && prefixed > 1 {
            let edit = if prefix.trim().is_empty() {
                Edit::Dedented
            } else {
                Edit::Prefix
            };
            let mut stripped = String::with_capacity(text.len());
            for (n, line) in lines.iter().enumerate() {
                let within = (at..at + prefixed).contains(&n);
                stripped.push_str(if within { tail(line, prefix)? } else { line });
            }
            return Some((stripped, edit));
        }
    }
    None
}

/// The line behind the prefix; programs leave the space of a prefix out where nothing follows.
fn tail<'a>(line: &'a str, prefix: &str) -> Option<&'a str> {
    let content = line.without_end("\r\n");
    if content == prefix.trim_end() {
        return line.get(content.len()..);
    }
    line.strip_prefix(prefix)
}

/// Whether a line that begins with a bracket begins JSON, and not a prompt such as `[me@host]$`.
fn begins_value(line: &str) -> bool {
    let next = line
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

/// The text with the spaces and quotes of a word processor made those of JSON.
pub(super) fn with_plain_spaces(text: &str) -> Option<(String, Edit)> {
    let odd = |c: char| {
        matches!(
            c,
            '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{200b}' | '\u{feff}'
        )
    };
    let plain = |c: char| match c {
        '\u{200b}' | '\u{feff}' => None,
        c if odd(c) => Some(' '),
        c => Some(c),
    };
    let found = !text.is_ascii() && text.contains(odd);
    found.then(|| {
        (
            text.chars().filter_map(plain).collect(),
            Edit::NoBreakSpaces,
        )
    })
}

/// As [`with_plain_spaces`], for quotes.
pub(super) fn with_straight_quotes(text: &str) -> Option<(String, Edit)> {
    let double = |c: char| matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '″');
    let single = |c: char| matches!(c, '‘' | '’' | '‚' | '‛');
    let straight = |c: char| match c {
        c if double(c) => '"',
        c if single(c) => '\'',
        c => c,
    };
    let found = !text.is_ascii() && text.contains(double);
    found.then(|| (text.chars().map(straight).collect(), Edit::Quotes))
}

/// The text with HTML character references resolved, those that programs write in escaping.
pub(super) fn without_html(text: &str) -> Option<(String, Edit)> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at_checked(at)?;
        out.push_str(before);
        let (text, length) = match resolve(reference) {
            Some((c, length)) => (c, length),
            None => ('&', 1),
        };
        found |= length > 1;
        out.push(text);
        rest = reference.get(length..)?;
    }
    out.push_str(rest);
    found.then_some((out, Edit::Html))
}

/// What the reference at the start of this text stands for, and its length.
fn resolve(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let c = match text.get(1..end)? {
        "amp" => '&',
        "apos" => '\'',
        "gt" => '>',
        "lt" => '<',
        "nbsp" => ' ',
        "quot" => '"',
        numeric => number(numeric.strip_prefix('#')?)?,
    };
    Some((c, end + 1))
}

fn number(digits: &str) -> Option<char> {
    let code = match digits.after_any("xX") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    char::from_u32(u32::try_from(code.ok()?).ok()?)
}

/// The text with lines joined that were broken inside a string, where JSON has no line end:
/// as a terminal of fixed width breaks them.
pub(super) fn joined(text: &str) -> Option<(String, Edit)> {
    join(text, "").map(|text| (text, Edit::Joined))
}

/// As [`joined`], where the break took the place of a space, as in mail.
pub(super) fn joined_by_space(text: &str) -> Option<(String, Edit)> {
    join(text, " ").map(|text| (text, Edit::JoinedBySpace))
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

fn join(text: &str, by: &str) -> Option<String> {
    if !text.has("\n") && !text.has("\r") {
        return None;
    }
    let (before, json) = text.split_at_checked(value_start(text)?)?;
    let mut out = before.to_owned();
    let (mut quoted, mut escaped, mut found) = (false, false, false);
    for c in json.chars() {
        if quoted && matches!(c, '\r' | '\n') {
            out.push_str(if c == '\n' { by } else { "" });
            found = true;
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        out.push(c);
    }
    found.then_some(out)
}

/// Where the first line begins that looks like JSON, else the first bracket.
fn value_start(text: &str) -> Option<usize> {
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
        assert_eq!(
            step(text).map(|(text, _)| text).as_deref(),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn takes_off_what_stands_before_every_line() {
        let marked = "x wrote:\n> {\n>   \"a\": 1\n>\n> }\nregards\n";
        mends(
            without_prefix,
            marked,
            Some("x wrote:\n{\n  \"a\": 1\n\n}\nregards\n"),
        );
        mends(
            without_prefix,
            "    {\n      \"a\": 1\n    }",
            Some("{\n  \"a\": 1\n}"),
        );
        mends(without_prefix, "[me@host]$ x\n{\n  \"a\": [\n  ]\n}", None);
        mends(without_prefix, "$ x '{{.}}'\n{\"a\":1}", None);
        mends(
            without_numbers,
            "     1\t{\n     2\t  \"a\": 1\n     3\t}\n",
            Some("{\n  \"a\": 1\n}\n"),
        );
        mends(without_numbers, "  9 │ {\n 10 │ }\n", Some("{\n}\n"));
        mends(without_numbers, "1,\n2,\n", None);
    }

    #[test]
    fn undoes_web_pages_and_word_processors() {
        mends(
            without_html,
            "{&quot;a&#34;:&#x3c;&amp;lt;&x; & &",
            Some("{\"a\":<&lt;&x; & &"),
        );
        mends(without_html, "a & b", None);
        mends(with_plain_spaces, "{\u{a0}}\u{200b}", Some("{ }"));
        mends(with_straight_quotes, "{“a”: 1}", Some("{\"a\": 1}"));
    }

    #[test]
    fn joins_broken_lines() {
        mends(
            joined,
            "$ x\n{\n\"a\": \"b\\\"\r\nc\"\n}",
            Some("$ x\n{\n\"a\": \"b\\\"c\"\n}"),
        );
        mends(joined_by_space, "{\"a\":\"b\nc\"}", Some("{\"a\":\"b c\"}"));
        mends(joined, "{\n\"a\": \"b\"\n}", None);
        mends(on_one_line, "$ x\n{\"a\":1\n2}\n", Some("$ x\n{\"a\":12}"));
    }
}
