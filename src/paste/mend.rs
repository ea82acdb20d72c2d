//! JSON that came through something on its way: a terminal that broke its lines, a page that
//! escaped it, base64. What was done to it is named, and only what is JSON afterwards counts.

use crate::claim::Code;
use crate::json;
use crate::recover::Edit;
use crate::text::Parts;

/// JSON again, and what was done for it.
pub(crate) struct Mended {
    pub(crate) text: String,
    pub(crate) edit: Edit,
    pub(crate) code: Code,
    pub(crate) how: &'static str,
}

/// The text before it was changed, if that is JSON.
pub(crate) fn mend_json(text: &str) -> Option<Mended> {
    let text = text.trim();
    if text.has("&quot;") || text.has("&#34;") {
        let how = "the text was escaped as HTML; its quotes and angle brackets were put back";
        return mended(unescaped(text), Edit::Html, Code::HtmlEscaped, how);
    }
    if text.begins("{[") {
        let how = "lines that a terminal had broken at its right edge were joined again";
        return mended(joined(text), Edit::Joined, Code::JoinedLines, how);
    }
    let decoded = String::from_utf8(decoded(text)?).ok()?;
    let how = "the text was base64 and was decoded";
    mended(decoded, Edit::Base64, Code::Base64, how)
}

/// True if a line may be base64 of JSON.
pub(crate) fn is_base64(line: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    line.len() >= 40 && line.begins("eW") && line.bytes().all(plain)
}

fn mended(text: String, edit: Edit, code: Code, how: &'static str) -> Option<Mended> {
    json::parse(text.as_bytes()).ok()?;
    Some(Mended {
        text,
        edit,
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

fn decoded(text: &str) -> Option<Vec<u8>> {
    if !text
        .lines()
        .all(|line| is_base64(line.trim()) || line.trim().len() < 80)
    {
        return None;
    }
    let digits: String = text.split_whitespace().collect();
    json::from_base64(&digits)
}
