//! The layers of the crate, as a table, and a test that reads every source file against it.
//!
//! A module uses modules of lower rows, its own children and what its parents declare. The files of
//! one folder may know each other, but for the folders where each file is one tool or one scheme.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that reads files, and fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Row by row, lowest first. `lib.rs` stands above all: it only names the modules.
const ROWS: [&[&str]; 13] = [
    &["limits", "time"],
    &["text"],
    &["error"],
    &["json", "digest"],
    &["name", "platform", "signature"],
    &["document"],
    &["claim", "policy"],
    &["question", "answer", "recover", "registry"],
    &["paste", "chain", "tuf"],
    &["evidence"],
    &["compare", "trust"],
    &["session"],
    &["wasm"],
];

/// Folders whose files do not know each other.
const STRANGERS: [&str; 2] = ["paste", "trust"];

/// What only the top row may name: JavaScript, files, clocks.
const OUTSIDE: [&str; 6] = [
    "wasm_bindgen",
    "js_sys",
    "web_sys",
    "std::fs",
    "std::time",
    "SystemTime",
];

const MOST_LINES: usize = 500;

/// What a file says, and what is said about it.
const BREACHES: &[(&str, &str, &str)] = &[
    (
        "digest.rs",
        "use crate::session::Session;",
        "digest uses session",
    ),
    ("digest.rs", "use crate::json;", "digest uses json"),
    (
        "digest.rs",
        "use crate::{\n    error::Error,\n    json::{self, Value},\n};",
        "digest uses json",
    ),
    (
        "digest.rs",
        "fn f() { crate::session::new() }",
        "digest uses session",
    ),
    (
        "digest.rs",
        "use super::session::Session;",
        "digest uses session",
    ),
    (
        "digest.rs",
        "use crate::Session;",
        "digest names Session, which is no module",
    ),
    (
        "digest.rs",
        "use crate::*;",
        "digest names *, which is no module",
    ),
    (
        "json/read.rs",
        "use super::super::session;",
        "json::read uses session",
    ),
    (
        "paste/crane.rs",
        "use crate::paste::docker::f;",
        "paste::crane uses paste::docker",
    ),
    (
        "paste/crane.rs",
        "use super::docker::f;",
        "paste::crane uses paste::docker",
    ),
    (
        "paste/crane.rs",
        "use crate::paste::{self, docker};",
        "paste::crane uses paste::docker",
    ),
    ("util.rs", "", "util is in no row"),
    (
        "session.rs",
        "use std::time::Instant;",
        "session names std::time",
    ),
    (
        "session.rs",
        "use serde_wasm_bindgen::to_value;",
        "session names wasm_bindgen",
    ),
];

#[test]
fn every_module_keeps_to_its_row() {
    let sources = sources();
    assert!(
        sources.len() > 5,
        "expected the crate's sources, found {}",
        sources.len()
    );
    assert_eq!(complaints(&sources), Vec::<String>::new());
}

#[test]
fn a_module_that_does_not_is_named() {
    for &(path, text, complaint) in BREACHES {
        assert_eq!(
            complaints(&with(path, text)),
            [complaint],
            "for {path}: {text}"
        );
    }
    let long = "fn f() {}\n".repeat(MOST_LINES + 1);
    assert_eq!(
        complaints(&with("digest.rs", &long)),
        ["digest has 501 lines, more than 500"]
    );
}

#[test]
fn a_module_that_does_is_not_named() {
    for (path, text) in [
        ("digest.rs", "use crate::error::{Error, ErrorKind};"),
        (
            "digest.rs",
            "/// See [`crate::session`].\n// crate::session",
        ),
        (
            "digest.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::session::Session;\n}\n",
        ),
        (
            "json/read.rs",
            "use super::{Value, write::f};\nuse crate::json::write;",
        ),
        ("json.rs", "use self::read::f;\nuse crate::json::read;"),
        ("paste.rs", "use crate::paste::crane;"),
        (
            "paste/crane.rs",
            "use crate::paste::Finding;\nuse super::Finding;\npub(in crate::paste) fn f() {}",
        ),
        (
            "wasm.rs",
            "use wasm_bindgen::prelude::*;\nuse crate::session::Session;",
        ),
        (
            "lib.rs",
            "pub use session::Session;\npub use crate::digest::Digest;",
        ),
    ] {
        assert_eq!(complaints(&with(path, text)), [""; 0], "for {path}: {text}");
    }
    let tested = format!(
        "fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        "    // line\n".repeat(MOST_LINES)
    );
    assert_eq!(complaints(&with("digest.rs", &tested)), [""; 0]);
}

/// A source file: its path under `src/` with `/` between the parts, and its text.
type Source = (String, String);

/// A small crate of empty files, in which one file has this text.
fn with(path: &str, text: &str) -> Vec<Source> {
    let mut files = BTreeSet::from([
        "error.rs",
        "digest.rs",
        "json.rs",
        "json/read.rs",
        "json/write.rs",
        "lib.rs",
        "paste.rs",
        "paste/crane.rs",
        "paste/docker.rs",
        "session.rs",
        "wasm.rs",
    ]);
    files.insert(path);
    let text_of = |file| if file == path { text } else { "" };
    files
        .into_iter()
        .map(|file| (file.to_owned(), text_of(file).to_owned()))
        .collect()
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        "",
        &mut found,
    );
    found.sort();
    found
}

fn collect(folder: &Path, prefix: &str, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn complaints(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|(path, _)| module(path)).collect();
    let mut found = BTreeSet::new();
    for (path, text) in sources {
        let module = module(path);
        // The root only names modules, and tests may look at whatever they like.
        if module.is_empty() || module.last().is_some_and(|name| name == "tests") {
            continue;
        }
        let name = module.join("::");
        let text = without_tests(text);
        let lines = text.lines().count();
        if lines > MOST_LINES {
            found.insert(format!("{name} has {lines} lines, more than {MOST_LINES}"));
        }
        let code = without_comments(&text);
        let Some(row) = row(&module) else {
            found.insert(format!("{name} is in no row"));
            continue;
        };
        for used in used(&code, &module) {
            match modules
                .iter()
                .filter(|m| !m.is_empty() && used.starts_with(m))
                .max_by_key(|m| m.len())
            {
                None => found.insert(format!(
                    "{name} names {}, which is no module",
                    used.join("::")
                )),
                Some(other) if allowed(&module, other) => false,
                Some(other) => found.insert(format!("{name} uses {}", other.join("::"))),
            };
        }
        if row + 1 < ROWS.len() {
            found.extend(
                OUTSIDE
                    .iter()
                    .filter(|o| code.contains(**o))
                    .map(|o| format!("{name} names {o}")),
            );
        }
    }
    found.into_iter().collect()
}

/// `json/read.rs` is `json::read`, `json.rs` and `json/mod.rs` are `json`, `lib.rs` is the root.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/')
        .filter(|part| *part != "lib")
        .map(str::to_owned)
        .collect()
}

fn row(module: &[String]) -> Option<usize> {
    ROWS.iter()
        .position(|row| row.contains(&module[0].as_str()))
}

fn allowed(module: &[String], other: &[String]) -> bool {
    if module[0] != other[0] {
        return row(other) < row(module);
    }
    let related =
        module.starts_with(other) || other.starts_with(module) || module.get(1) == other.get(1);
    related || !STRANGERS.contains(&module[0].as_str())
}

/// The file but for its `#[cfg(test)]` module, which ends at the first `}` at a line's start.
fn without_tests(text: &str) -> String {
    let Some((code, rest)) = text.split_once("#[cfg(test)]\nmod ") else {
        return text.to_owned();
    };
    let after = rest.split_once("\n}\n").map_or("", |(_, after)| after);
    format!("{code}{after}")
}

fn without_comments(text: &str) -> String {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// Every path that starts at the crate's root or at a parent, from the root on.
fn used(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("::") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let start = before.rfind(|c: char| !is_word(c)).map_or(0, |i| i + 1);
        let parents = match &before[start..] {
            "crate" => module.len(),
            "super" => 1,
            _ => 0,
        };
        rest = after;
        let mut base = module.to_vec();
        base.truncate(module.len() - parents.min(module.len()));
        while parents == 1 && rest.starts_with("super::") {
            base.pop();
            rest = &rest["super::".len()..];
        }
        if parents > 0 {
            tree(&base, &mut rest, &mut found);
        }
    }
    found
}

/// Reads one path or `{group}` of paths, with all paths in it, and stands behind it.
fn tree(base: &[String], rest: &mut &str, found: &mut Vec<Vec<String>>) {
    *rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        *rest = group;
        loop {
            tree(base, rest, found);
            // `as other` and whatever else stands before the next item.
            let Some(end) = rest.find([',', '}']) else {
                return;
            };
            let more = rest[end..].starts_with(',');
            *rest = rest[end + 1..].trim_start();
            if !more {
                return;
            }
        }
    }
    let end = rest.find(|c| !is_word(c) && c != '*').unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after;
    let mut path = base.to_vec();
    if !word.is_empty() && word != "self" {
        path.push(word.to_owned());
    }
    match after.strip_prefix("::") {
        Some(after) => {
            *rest = after;
            tree(&path, rest, found);
        }
        None if word.is_empty() => {}
        None => found.push(path),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
