//! Damage to a text on its way: each function is one piece of the way.

use pullproof::json::{self, Kind, Value};

pub(crate) fn newline_added(text: &[u8]) -> Vec<u8> {
    [text, b"\n"].concat()
}

pub(crate) fn newline_removed(text: &[u8]) -> Vec<u8> {
    text.strip_suffix(b"\n").unwrap_or(text).to_vec()
}

pub(crate) fn crlf(text: &[u8]) -> Vec<u8> {
    replace(&replace(text, "\r\n", "\n"), "\n", "\r\n")
}

pub(crate) fn byte_order_mark(text: &[u8]) -> Vec<u8> {
    [b"\xef\xbb\xbf", text].concat()
}

/// The encoding that Windows PowerShell writes into a file.
pub(crate) fn utf16(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(crlf(&newline_added(text))).unwrap();
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

/// A command line above and the next prompt right behind.
pub(crate) fn prompts(text: &[u8]) -> Vec<u8> {
    [
        b"[me@host ~]$ crane manifest registry.example/a:1 '{{json .}}'\n",
        text,
        b"[me@host ~]$ ",
    ]
    .concat()
}

pub(crate) fn code_fence(text: &[u8]) -> Vec<u8> {
    let end: &[u8] = if text.ends_with(b"\n") { b"" } else { b"\n" };
    [b"```json\n", text, end, b"```\n"].concat()
}

pub(crate) fn quoted_mail(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().flat_map(|line| ["> ", line, "\n"]);
    lines.collect::<String>().into_bytes()
}

pub(crate) fn indented(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().flat_map(|line| ["    ", line, "\n"]);
    lines.collect::<String>().into_bytes()
}

pub(crate) fn numbered(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let lines = text
        .lines()
        .enumerate()
        .map(|(at, line)| format!("{:6}\t{line}\n", at + 1));
    lines.collect::<String>().into_bytes()
}

pub(crate) fn html(text: &[u8]) -> Vec<u8> {
    let pairs = [
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("\"", "&quot;"),
    ];
    pairs
        .iter()
        .fold(text.to_vec(), |text, (from, to)| replace(&text, from, to))
}

/// Lines broken after this many characters, as a terminal of fixed width shows them.
pub(crate) fn wrapped(text: &[u8]) -> Vec<u8> {
    const WIDTH: usize = 80;
    let text = String::from_utf8_lossy(text);
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        for (at, c) in line.chars().enumerate() {
            if at > 0 && at % WIDTH == 0 && c != '\n' {
                out.push('\n');
            }
            out.push(c);
        }
    }
    out.into_bytes()
}

pub(crate) fn no_break_spaces(text: &[u8]) -> Vec<u8> {
    replace(text, "  ", "\u{a0} ")
}

fn replace(text: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(text).replace(from, to).into_bytes()
}

/// `docker manifest inspect` of a single manifest: Go's `json.Indent` with tabs, tokens as they
/// are, what white space stood at the end, and a newline.
pub(crate) fn docker_manifest_inspect(raw: &[u8]) -> Option<Vec<u8>> {
    let json = json::parse(raw).ok()?;
    let mut out = String::new();
    indent(json.root(), "\t", 0, &mut out);
    let end = raw.trim_ascii_end().len();
    out.push_str(std::str::from_utf8(&raw[end..]).ok()?);
    out.push('\n');
    Some(out.into_bytes())
}

/// `docker manifest inspect` of a list: made anew from the children.
pub(crate) fn docker_manifest_inspect_list(raw: &[u8]) -> Option<Vec<u8>> {
    let json = json::parse(raw).ok()?;
    let entries = json.root().get("manifests")?.items()?;
    let first = entries.first()?.get("mediaType")?.as_str()?;
    let media_type = match first {
        "application/vnd.oci.image.manifest.v1+json" => "application/vnd.oci.image.index.v1+json",
        _ => "application/vnd.docker.distribution.manifest.list.v2+json",
    };
    let entries: Option<Vec<String>> = entries.iter().map(|e| entry(e, raw)).collect();
    let made = format!(
        r#"{{"schemaVersion":2,"mediaType":"{media_type}","manifests":[{}]}}"#,
        entries?.join(",")
    );
    let mut out = String::new();
    indent(
        json::parse(made.as_bytes()).ok()?.root(),
        "   ",
        0,
        &mut out,
    );
    out.push('\n');
    Some(out.into_bytes())
}

fn entry(entry: &Value, raw: &[u8]) -> Option<String> {
    let written = |value: &Value| String::from_utf8_lossy(&raw[value.span.clone()]).into_owned();
    let member = |name| Some(format!("\"{name}\":{}", written(entry.get(name)?)));
    let platform = entry.get("platform");
    let mut fields = Vec::new();
    for (name, always) in [
        ("architecture", true),
        ("os", true),
        ("os.version", false),
        ("os.features", false),
        ("variant", false),
    ] {
        match platform.and_then(|platform| platform.get(name)) {
            Some(value) => fields.push(format!("\"{name}\":{}", written(value))),
            None if always => fields.push(format!("\"{name}\":\"\"")),
            None => {}
        }
    }
    let (kind, size, digest) = (member("mediaType")?, member("size")?, member("digest")?);
    Some(format!(
        "{{{kind},{size},{digest},\"platform\":{{{}}}}}",
        fields.join(",")
    ))
}

/// Go's `json.Indent` without prefix.
fn indent(value: &Value, unit: &str, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&unit.repeat(depth));
    };
    match &value.kind {
        Kind::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(depth + 1, out);
                indent(item, unit, depth + 1, out);
            }
            if !items.is_empty() {
                line(depth, out);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            out.push('{');
            for (at, member) in members.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(depth + 1, out);
                out.push_str(member.key.raw);
                out.push_str(": ");
                indent(&member.value, unit, depth + 1, out);
            }
            if !members.is_empty() {
                line(depth, out);
            }
            out.push('}');
        }
        Kind::Bool(value) => out.push_str(&value.to_string()),
        Kind::Null => out.push_str("null"),
        Kind::Number(raw) => out.push_str(raw),
        Kind::String(text) => out.push_str(text.raw),
    }
}
