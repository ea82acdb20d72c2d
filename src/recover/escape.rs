//! Documents that were written as a string of some language, undone: JSON's own strings, those of
//! C, Python and shells, what Python prints of what it read, Markdown, quoted-printable mail.
//!
//! Each step undoes one level and is linear in the text. What follows the document is undone with
//! it, which does no harm: a document ends at its last bracket.

use super::edit::Edit;
use super::prefix::BRACKETS;
use super::spell::quoted;

use crate::text::Parts;

/// One level of backslashes resolved, as JSON, C, Python and shells put them before what is special.
pub(super) fn unescaped(text: &str) -> Option<(String, Edit)> {
    let marked = ["{\\", "[\\", "\\{", "\\[", "\\\\", "\\'"];
    if !marked.iter().any(|mark| text.has(mark)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            escape(&mut rest, &mut out);
        } else {
            out.push(c);
        }
    }
    Some((out, Edit::Unescaped))
}

/// Reads an escape after its backslash, and appends the character that it means.
fn escape(rest: &mut std::str::Chars, out: &mut String) {
    let c = match rest.next() {
        None => return,
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('u') => return unit(rest, 4, out),
        Some('U') => return unit(rest, 8, out),
        Some('x') => return unit(rest, 2, out),
        Some(c) => c,
    };
    out.push(c);
}

/// A character by its number; what is no number stays.
fn unit(rest: &mut std::str::Chars, digits: usize, out: &mut String) {
    let Some(mut code) = hex(rest.as_str(), digits) else {
        return;
    };
    *rest = rest.as_str().get(digits..).unwrap_or_default().chars();
    // What lies beyond sixteen bits is written as two.
    let second = rest
        .as_str()
        .strip_prefix("\\u")
        .and_then(|rest| hex(rest, 4));
    if let (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) = (code, second) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        *rest = rest.as_str().get(6..).unwrap_or_default().chars();
    }
    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
}

fn hex(text: &str, digits: usize) -> Option<u32> {
    let digits = text.get(..digits)?;
    let all = digits.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all)
}

/// `'\''` and `'"'"'`, as a quote is written in a shell's quotes.
pub(super) fn without_shell(text: &str) -> Option<(String, Edit)> {
    let found = text.has("'\\''") || text.has("'\"'\"'");
    found.then(|| {
        (
            text.put("'\\''", "'").put("'\"'\"'", "'"),
            Edit::ShellQuotes,
        )
    })
}

/// The backslashes taken off that Markdown puts before punctuation, those of JSON kept.
pub(super) fn without_markdown(text: &str) -> Option<(String, Edit)> {
    let is_mark = |c: char| c.is_ascii_punctuation() && !matches!(c, '"' | '\\' | '/');
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut found = false;
    while let Some(c) = rest.next() {
        let next = rest.as_str().chars().next();
        match (c, next) {
            ('\\', Some(mark)) if is_mark(mark) => found = true,
            ('\\', Some('\\')) => {
                rest.next();
                out.push_str("\\\\");
            }
            _ => out.push(c),
        }
    }
    found.then_some((out, Edit::Markdown))
}

/// The text of a mail that was written in quoted-printable (RFC 2045, 6.7).
pub(super) fn from_quoted_printable(text: &str) -> Option<(String, Edit)> {
    const LONGEST_LINE: usize = 76;
    let short = |line: &str| line.trim_end().len() <= LONGEST_LINE;
    if !text.contains(BRACKETS) || !text.has("=") || !text.lines().all(short) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.cut("=") {
        out.extend_from_slice(before.as_bytes());
        let line_end = after
            .strip_prefix("\r\n")
            .or_else(|| after.strip_prefix('\n'));
        let byte = hex(after, 2).and_then(|code| u8::try_from(code).ok());
        rest = match (line_end, byte) {
            (Some(after), _) => after,
            (None, Some(byte)) => {
                out.push(byte);
                after.get(2..)?
            }
            // In such a text every sign of equality is one of these.
            (None, None) => return None,
        };
    }
    out.extend_from_slice(rest.as_bytes());
    Some((String::from_utf8(out).ok()?, Edit::QuotedPrintable))
}

/// What Python prints of JSON that it read: `{'a': None}`.
pub(super) fn from_python(text: &str) -> Option<(String, Edit)> {
    let start = text.find(BRACKETS).filter(|_| text.has("{'"))?;
    let (before, mut rest) = text.split_at_checked(start)?;
    let mut out = before.to_owned();
    while let Some(c) = rest.chars().next() {
        let word = ["True", "False", "None"]
            .iter()
            .find(|word| rest.starts_with(**word));
        let length = match (c, word) {
            ('\'' | '"', _) => {
                let (text, length) = literal(rest, c)?;
                out.push_str(&quoted(&text));
                length
            }
            (_, Some(word)) => {
                let json = if *word == "None" { "null" } else { word };
                out.push_str(&json.to_ascii_lowercase());
                word.len()
            }
            _ => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..)?;
    }
    Some((out, Edit::Python))
}

/// A string of Python, and its length as written. One that does not end is what follows the JSON.
fn literal(text: &str, quote: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut rest = text.get(1..)?.chars();
    while let Some(c) = rest.next() {
        match c {
            c if c == quote => break,
            '\\' => escape(&mut rest, &mut out),
            c => out.push(c),
        }
    }
    Some((out, text.len() - rest.as_str().len()))
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
    fn resolves_backslashes() {
        mends(
            unescaped,
            r#""{\"a\":\"\\u003c\"}""#,
            Some(r#""{"a":"\u003c"}""#),
        );
        mends(
            unescaped,
            r"b'{\n \x22a\x22: \u00e9\ud834\udd1e\U0001d11e}'",
            Some("b'{\n \"a\": é𝄞𝄞}'"),
        );
        mends(unescaped, r"\{\[\,\ \zz\", Some("{[, zz"));
        mends(unescaped, r"{\ud834\u0041\uzz", Some("{\u{fffd}Azz"));
        mends(unescaped, r#"{"a":"b\n"}"#, None);
    }

    #[test]
    fn undoes_shells_markdown_mail_and_python() {
        mends(
            without_shell,
            r#"'{"a":"it'\''s"}'"#,
            Some(r#"'{"a":"it's"}'"#),
        );
        mends(without_shell, r#"'it'"'"'s'"#, Some("'it's'"));
        mends(without_shell, "it's", None);
        mends(
            without_markdown,
            r#"\{"a\_b":\["\\n\n"\]\}"#,
            Some(r#"{"a_b":["\\n\n"]}"#),
        );
        mends(without_markdown, r#"{"a":"\n"}"#, None);
        mends(
            from_quoted_printable,
            "{\"a\"=3A=\r\n\"=C3=A9=3Dzz\"}",
            Some("{\"a\":\"é=zz\"}"),
        );
        mends(from_quoted_printable, "{=3D=FF", None);
        mends(from_quoted_printable, "{a=b", None);
        let printed = r#"x {'a': [True, None], "it's": 'say "hi"\n\\'}"#;
        mends(
            from_python,
            printed,
            Some(r#"x {"a": [true, null], "it's": "say \"hi\"\n\\"}"#),
        );
        mends(from_python, "{\"a\": 1}", None);
    }
}
