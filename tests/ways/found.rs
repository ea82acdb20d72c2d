//! Finds documents in a session, and prints them as `jq .` does.

use pullproof::UnixTime;
use pullproof::claim::{Standing, Statement};
use pullproof::session::Session;
use pullproof::{Digest, json};

/// An index that names a document, as somebody pastes it before.
pub(crate) fn index_of(digest: &Digest, size: u64) -> String {
    format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"platform":{{"architecture":"amd64","os":"linux"}}}}]}}"#
    )
}

/// Whether a document is found in what is pasted after the index that names it.
pub(crate) fn in_session(index: &str, pasted: &str, expected: &Digest) -> bool {
    let mut session = Session::asking(r#"{"ask":"what"}"#.parse().unwrap());
    session.paste(index.as_bytes(), None).unwrap();
    session.paste(pasted.as_bytes(), None).unwrap();
    let report = session.report(UnixTime(0));
    report.claims.iter().any(|claim| {
        let is_it =
            matches!(&claim.statement, Statement::Bytes { digest, .. } if digest == expected);
        is_it && matches!(claim.standing, Standing::Proven(_))
    })
}

/// A document as `jq .` prints it.
pub(crate) fn printed(bytes: &[u8]) -> String {
    let json = json::parse(bytes).unwrap();
    let mut out = String::new();
    print(json.root(), 0, &mut out);
    out + "\n"
}

fn print(value: &json::Value, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| *out += &format!("\n{}", "  ".repeat(depth));
    match &value.kind {
        json::Kind::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                out.push(if at > 0 { ',' } else { '[' });
                line(depth + 1, out);
                print(item, depth + 1, out);
            }
            line(depth, out);
            out.push(']');
        }
        json::Kind::Object(members) if !members.is_empty() => {
            for (at, member) in members.iter().enumerate() {
                out.push(if at > 0 { ',' } else { '{' });
                line(depth + 1, out);
                *out += &format!("{}: ", member.key.raw);
                print(&member.value, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
        json::Kind::Array(_) => *out += "[]",
        json::Kind::Object(_) => *out += "{}",
        json::Kind::Bool(value) => *out += &value.to_string(),
        json::Kind::Null => *out += "null",
        json::Kind::Number(raw) => *out += raw,
        json::Kind::String(text) => *out += text.raw,
    }
}
