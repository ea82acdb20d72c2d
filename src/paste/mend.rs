//! JSON that came through something on its way: a terminal that broke its lines, a page that
//! escaped it, base64, a person who left parts out. What was done to it is named, and only what is
//! JSON afterwards counts.

use crate::claim::Code;
use crate::json;
use crate::recover::Edit;
use crate::text::{Ascii, Parts};

/// JSON again, and what was done for it.
pub(crate) struct Mended {
    pub(crate) text: String,
    /// None where parts of it are missing, so that it is no document's text.
    pub(crate) edit: Option<Edit>,
    pub(crate) code: Code,
    pub(crate) how: &'static str,
}

/// The text before it was changed, if that is JSON.
pub(crate) fn mend_json(text: &str) -> Option<Mended> {
    let text = text.trimmed();
    if text.has("&quot;") || text.has("&#34;") {
        let how = "the text was escaped as HTML; its quotes and angle brackets were put back";
        return mended(unescaped(text), Edit::Html, Code::HtmlEscaped, how);
    }
    if text.begins("{[") {
        let how = "lines that a terminal had broken at its right edge were joined again";
        return mended(joined(text), Edit::Joined, Code::JoinedLines, how).or_else(|| {
            let how = "parts were left out, or the end is missing; what is there was read";
            mended(closed(text)?, None, Code::Elided, how)
        });
    }
    if text.begins("\"") {
        let how = "the text was a string of JSON";
        let json = json::parse(text.as_bytes()).ok()?;
        let inner = json.root().as_str()?.to_owned();
        return mended(inner, Edit::JsonString, Code::Wrapped, how);
    }
    let decoded = String::from_utf8(decoded(text)?).ok()?;
    let how = "the text was base64 and was decoded";
    mended(decoded, Edit::Base64, Code::Base64, how)
}

/// True if a line may begin JSON in base64, or as a string.
pub(crate) fn is_written(line: &str) -> bool {
    is_base64(line) || line.starts_with("\"{\\") || line.starts_with("\"[")
}

/// True if a line says that something was left out where it is.
pub(crate) fn is_cut(line: &str) -> bool {
    let words = line.without_start("[](){}<>/*#\"-, \t");
    if words.starts_with("...") || words.begins("…") {
        return true;
    }
    if line.len() >= 60 {
        return false;
    }
    let signs = Ascii::of(words);
    CUT.iter()
        .any(|(word, of)| signs.holds(*of) && words.has(word))
}

/// The words that say so, and their signs.
const CUT: [(&str, Ascii); 4] = [
    ("omitted", Ascii::of("omitted")),
    ("truncated", Ascii::of("truncated")),
    ("left out", Ascii::of("left out")),
    ("snip", Ascii::of("snip")),
];

/// True if a line may be base64 of JSON.
fn is_base64(line: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    line.len() >= 40 && line.begins("eW") && line.bytes().all(plain)
}

fn mended(
    text: String,
    edit: impl Into<Option<Edit>>,
    code: Code,
    how: &'static str,
) -> Option<Mended> {
    json::parse(text.as_bytes()).ok()?;
    Some(Mended {
        text,
        edit: edit.into(),
        code,
        how,
    })
}

/// The ampersand last, so that nothing is put back twice.
fn unescaped(text: &str) -> String {
    let names = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    names
        .iter()
        .fold(text.to_owned(), |text, (name, sign)| text.put(name, sign))
}

/// Lines that reach the right edge go on in the next.
fn joined(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let width = |line: &str| line.chars().count();
    let edge = lines.iter().map(|line| width(line)).max().unwrap_or(0);
    let mut joined = String::with_capacity(text.len());
    for line in lines {
        joined.push_str(line);
        if width(line) < edge {
            joined.push('\n');
        }
    }
    joined
}

/// JSON of which parts were left out: without the lines that say so, and with its brackets closed. It
/// says of itself that it is not whole. Nothing where nothing was left out.
fn closed(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut open: Vec<char> = Vec::new();
    let mut cut = false;
    // The place where a string began that has not ended.
    let mut string = None;
    for line in text.lines() {
        if string.is_some() {
            return None;
        }
        if is_cut(line) && !line.has("\":") {
            cut = true;
            continue;
        }
        let mut escaped = false;
        for c in line.trimmed().chars() {
            match c {
                _ if string.is_some() => {
                    string = string.filter(|_| escaped || c != '"');
                    escaped = !escaped && c == '\\';
                }
                '}' | ']' if open.last() != Some(&c) => continue,
                '}' | ']' => {
                    out.truncate(out.without_end(", ").len());
                    open.pop();
                }
                '"' | '{' | '[' => {
                    let last = out.chars().next_back();
                    if last.is_some_and(|last| !matches!(last, '{' | '[' | ':' | ',' | ' ')) {
                        out.push(',');
                    }
                    match c {
                        '{' => open.push('}'),
                        '[' => open.push(']'),
                        _ => string = Some(out.len()),
                    }
                }
                _ => {}
            }
            out.push(c);
        }
    }
    if !cut && open.is_empty() {
        return None;
    }
    out.truncate(string.unwrap_or(out.len()));
    out.truncate(out.without_end(", ").len());
    if out.ends_with(':') {
        out.push_str("null");
    }
    out.extend(open.iter().rev());
    let first = out.place_of("{")?;
    out.insert_str(first + 1, "\"...\":\"\",");
    Some(out)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    if !text
        .lines()
        .all(|line| is_base64(line.trimmed()) || line.trimmed().len() < 80)
    {
        return None;
    }
    let digits: String = text.split_whitespace().collect();
    json::from_base64(&digits)
}
