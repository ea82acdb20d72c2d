//! Undoes the changes that chat programs, word processors and web pages make to the characters of a
//! text. Each step is linear in the text and gives nothing where it would change nothing.
//!
//! A document may itself have what these programs put in: a no-break space, a typographic quote.
//! So one step changes only the characters where JSON has its own, and another step changes all.

use super::edit::Edit;
use super::join::{Strings, value_start};

use crate::text::Parts;

/// The text with the odd spaces outside of strings made those of JSON.
pub(super) fn with_plain_spaces_between(text: &str) -> Option<(String, Edit)> {
    let start = value_start(text).filter(|_| has_odd_space(text))?;
    let (before, json) = text.split_at_checked(start)?;
    let mut parts = Strings::default();
    let kept = |c: char| {
        if parts.goes(c) {
            Some(c)
        } else {
            plain_space(c)
        }
    };
    let json: String = json.chars().filter_map(kept).collect();
    Some((before.to_owned() + &json, Edit::NoBreakSpaces))
}

/// As [`with_plain_spaces_between`], and in strings those next to another space: programs put
/// them in where there are several.
pub(super) fn with_plain_runs_of_spaces(text: &str) -> Option<(String, Edit)> {
    let start = value_start(text).filter(|_| has_odd_space(text))?;
    let mut out = text.get(..start)?.to_owned();
    let mut parts = Strings::default();
    // Where quotes are typographic too, it is not known yet what is a string.
    let unknown = has_double(text);
    let mut rest = text.get(start..)?.chars();
    let mut before = '\0';
    while let Some(c) = rest.next() {
        let next = rest.as_str().chars().next().unwrap_or('\0');
        let spaces = [before, next].iter().any(|c| *c == ' ' || is_odd_space(*c));
        let within = parts.goes(c) || unknown;
        out.extend(if within && !spaces {
            Some(c)
        } else {
            plain_space(c)
        });
        before = c;
    }
    Some((out, Edit::NoBreakSpaces))
}

/// The text with all odd spaces made those of JSON.
pub(super) fn with_plain_spaces(text: &str) -> Option<(String, Edit)> {
    has_odd_space(text).then(|| {
        let plain = text.chars().filter_map(plain_space).collect();
        (plain, Edit::NoBreakSpaces)
    })
}

fn has_odd_space(text: &str) -> bool {
    !text.is_ascii() && text.contains(is_odd_space)
}

fn is_odd_space(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

fn plain_space(c: char) -> Option<char> {
    match c {
        '\u{200b}' | '\u{feff}' => None,
        c if is_odd_space(c) => Some(' '),
        c => Some(c),
    }
}

/// The text with straight quotes in place of the typographic ones where JSON has its own.
pub(super) fn with_straight_quotes_around(text: &str) -> Option<(String, Edit)> {
    quotes_around(text).map(|text| (text, Edit::Quotes))
}

/// As [`with_straight_quotes_around`], and single ones made straight wherever they stand.
pub(super) fn with_straight_quotes_around_and_single(text: &str) -> Option<(String, Edit)> {
    let text = quotes_around(text)?;
    let single = text.contains(is_single);
    single.then(|| (straight(&text, is_single, '\''), Edit::Quotes))
}

/// The text with all typographic quotes made straight but single ones.
pub(super) fn with_straight_double_quotes(text: &str) -> Option<(String, Edit)> {
    has_double(text).then(|| (straight(text, is_double, '"'), Edit::Quotes))
}

/// The text with all typographic quotes made straight.
pub(super) fn with_straight_quotes(text: &str) -> Option<(String, Edit)> {
    has_double(text).then(|| {
        let text = straight(text, is_double, '"');
        (straight(&text, is_single, '\''), Edit::Quotes)
    })
}

/// The text with what programs make of two hyphens or three dots as it was typed.
pub(super) fn with_plain_dashes(text: &str) -> Option<(String, Edit)> {
    let found = !text.is_ascii() && text.contains(['—', '–', '…']);
    found.then(|| {
        let text = text.put("—", "--").put("–", "--").put("…", "...");
        (text, Edit::Dashes)
    })
}

fn has_double(text: &str) -> bool {
    !text.is_ascii() && text.contains(is_double)
}

fn is_double(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}

fn is_single(c: char) -> bool {
    matches!(c, '‘' | '’' | '‚' | '‛' | '′')
}

fn straight(text: &str, odd: fn(char) -> bool, plain: char) -> String {
    text.chars()
        .map(|c| if odd(c) { plain } else { c })
        .collect()
}

/// Quotes that begin a string, those that end one, and those that are escaped within.
fn quotes_around(text: &str) -> Option<String> {
    let start = value_start(text).filter(|_| has_double(text))?;
    let (before, json) = text.split_at_checked(start)?;
    let mut out = before.to_owned();
    let (mut within, mut escaped) = (false, false);
    let mut rest = json.chars();
    while let Some(c) = rest.next() {
        let quote = match c {
            '"' => !escaped,
            c if is_double(c) && within => !escaped && ends_string(rest.as_str()),
            c => is_double(c),
        };
        within ^= quote;
        let put = quote || escaped && is_double(c);
        out.push(if put { '"' } else { c });
        escaped = within && c == '\\' && !escaped;
    }
    Some(out)
}

/// Whether what follows a quote is what follows a string in JSON.
fn ends_string(rest: &str) -> bool {
    let space = |c: char| c.is_whitespace();
    let rest = rest.trim_start_matches(space);
    let Some(after) = rest.strip_prefix(',') else {
        return rest.is_empty() || rest.begins(":}]");
    };
    let after = after.trim_start_matches(space);
    let value = after.starts_with(|c: char| is_double(c) || c.is_ascii_digit());
    let word = ["true", "false", "null"]
        .iter()
        .any(|word| after.starts_with(word));
    value || word || after.is_empty() || after.begins("\"{[-")
}

/// The text without the tags of HTML; one that breaks a line does so.
pub(super) fn without_tags(text: &str) -> Option<(String, Edit)> {
    const LONGEST: usize = 400;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.cut("<") {
        out.push_str(before);
        let name = after.strip_prefix('/').unwrap_or(after);
        let end = after.bytes().take(LONGEST).position(|b| b == b'>');
        let end = end.filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic()));
        out.push_str(if end.is_none() {
            "<"
        } else if name
            .get(..2)
            .is_some_and(|name| name.eq_ignore_ascii_case("br"))
        {
            "\n"
        } else {
            ""
        });
        found |= end.is_some();
        rest = after.get(end.map_or(0, |end| end + 1)..)?;
    }
    out.push_str(rest);
    found.then_some((out, Edit::Tags))
}

/// The text with HTML character references resolved, those that programs write in escaping.
pub(super) fn without_html(text: &str) -> Option<(String, Edit)> {
    let mut out = String::with_capacity(text.len());
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

/// The names that programs write, each behind its character.
const NAMES: &str = "&amp 'apos >gt <lt \"quot \u{a0}nbsp :colon ,comma .period {lcub {lbrace }rcub \
    }rbrace [lsqb [lbrack ]rsqb ]rbrack /sol \\bsol _lowbar @commat =equals +plus ;semi #num \
    \tTab \nNewLine “ldquo ”rdquo ‘lsquo ’rsquo …hellip —mdash –ndash";

/// Resolves the reference at the start of this text: its character, and its length.
fn resolve(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(digits) => number(digits)?,
        None => named(name)?,
    };
    Some((c, end + 1))
}

fn named(name: &str) -> Option<char> {
    let mut names = NAMES.split(' ').filter(|known| !known.is_empty());
    names.find_map(|known| {
        let mut rest = known.chars();
        let c = rest.next()?;
        (rest.as_str() == name).then_some(c)
    })
}

fn number(digits: &str) -> Option<char> {
    let code = match digits.after_any("xX") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    char::from_u32(u32::try_from(code.ok()?).ok()?)
}

/// The text without white space at the end of its lines.
pub(super) fn without_trailing_space(text: &str) -> Option<(String, Edit)> {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.without_end("\r\n");
        out.push_str(content.without_end(" \t"));
        out.push_str(line.get(content.len()..)?);
    }
    (out.len() < text.len()).then_some((out, Edit::TrailingSpaces))
}

/// The text without carriage returns but those of line endings.
pub(super) fn without_returns(text: &str) -> Option<(String, Edit)> {
    let plain = text.put("\r\n", "\n");
    plain
        .has("\r")
        .then(|| (plain.put("\r", ""), Edit::CrRemoved))
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
    fn undoes_web_pages() {
        let escaped = "{&quot;a&#34;:&#x3c;&amp;lt;&x; & &";
        mends(without_html, escaped, Some("{\"a\":<&lt;&x; & &"));
        mends(without_html, "&lcub;&nbsp;&colon;", Some("{\u{a0}:"));
        mends(without_html, "a & b", None);
        let tags = "<pre class=\"x\">{<br/>\"a\":<b>1</b>}</pre> 1 < 2";
        mends(without_tags, tags, Some("{\n\"a\":1} 1 < 2"));
        mends(without_tags, "1 < 2", None);
    }

    #[test]
    fn undoes_word_processors() {
        mends(with_plain_spaces, "{\u{a0}}\u{200b}", Some("{ }"));
        let spaced = "{\u{a0}\"a\":\u{a0}\"b\u{a0}c\u{a0} d\"}";
        mends(
            with_plain_spaces_between,
            spaced,
            Some("{ \"a\": \"b\u{a0}c\u{a0} d\"}"),
        );
        mends(
            with_plain_runs_of_spaces,
            spaced,
            Some("{ \"a\": \"b\u{a0}c  d\"}"),
        );
        mends(with_plain_spaces, "{ }", None);
        mends(with_straight_quotes, "{“a”: 1}", Some("{\"a\": 1}"));
        let quoted = "{“a”: „it’s “b”, not \\“c\\”“}";
        mends(
            with_straight_quotes_around,
            quoted,
            Some("{\"a\": \"it’s “b”, not \\\"c\\\"\"}"),
        );
        let single = "{\"a\": \"it's “b”, not \\\"c\\\"\"}";
        mends(with_straight_quotes_around_and_single, quoted, Some(single));
        mends(with_plain_dashes, "—x … –y", Some("--x ... --y"));
        mends(without_trailing_space, "{ \t\r\n}  ", Some("{\r\n}"));
        mends(without_returns, "{\r\"a\r\":\r\n1}", Some("{\"a\":\n1}"));
        mends(without_returns, "{\r\n}", None);
    }
}
