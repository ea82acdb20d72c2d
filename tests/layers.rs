//! The layers of the crate, as a table, and a test that reads every source file against it.
//!
//! A module uses modules of lower rows, its own children and what its parents declare. The files of
//! one folder may know each other, but not around in a circle, and not at all where each file is one
//! tool or one scheme.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that reads files, and fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Row by row, lowest first. `lib.rs` is above all: it only names the modules.
const ROWS: [&[&str]; 13] = [
    &["limits", "time"],
    &["text"],
    &["error"],
    &["json", "digest"],
    &["name", "platform", "signature"],
    &["document"],
    &["claim", "policy"],
    &["question", "answer", "recover", "registry"],
    &["evidence", "paste", "chain", "sigstore", "tuf"],
    &["record"],
    &["compare", "trust"],
    &["session"],
    &["wasm"],
];

/// Folders whose files do not know each other.
const STRANGERS: [&str; 3] = ["paste", "paste/tools", "trust"];

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

/// The content of a file, and the complaint about it.
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
        "paste/reader.rs",
        "use crate::paste::tool::f;",
        "paste::reader uses paste::tool",
    ),
    (
        "paste/tools/crane.rs",
        "use crate::paste::tool::f;",
        "paste::tools::crane uses paste::tool",
    ),
    (
        "paste/tools/crane.rs",
        "use crate::paste::tools::docker::f;",
        "paste::tools::crane uses paste::tools::docker",
    ),
    (
        "paste/tools/crane.rs",
        "use super::docker::f;",
        "paste::tools::crane uses paste::tools::docker",
    ),
    (
        "paste/tools/crane.rs",
        "use crate::paste::tools::{self, docker};",
        "paste::tools::crane uses paste::tools::docker",
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
        ("paste/tools.rs", "use crate::paste::tools::crane;"),
        (
            "paste/tools/docker.rs",
            "use crate::paste::tools::docker::verbose;",
        ),
        (
            "paste/tools/docker/verbose.rs",
            "use super::f;\nuse crate::paste::tools::docker::g;",
        ),
        (
            "paste/tools/crane.rs",
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

#[test]
fn no_files_use_each_other() {
    assert_eq!(circles(&sources()), [""; 0]);
}

#[test]
fn a_circle_of_files_is_named() {
    let crate_of = |texts: &[(&str, &str)]| -> Vec<Source> {
        let file = |&(path, text): &(&str, &str)| (path.to_owned(), text.to_owned());
        texts.iter().map(file).collect()
    };
    let two = [
        ("json.rs", ""),
        ("json/read.rs", "use super::write::f;"),
        ("json/write.rs", "use crate::json::{Value, read};"),
    ];
    assert_eq!(
        circles(&crate_of(&two)),
        ["json::read → json::write → json::read"]
    );
    let three = [
        ("json.rs", "use self::start::f;"),
        ("json/deep.rs", "use super::write::f;"),
        ("json/deep/read.rs", "use super::super::write::f;"),
        ("json/last.rs", "fn f() { super::deep::read::g() }"),
        ("json/start.rs", "use super::write::f;"),
        ("json/write.rs", "use super::last::f;"),
    ];
    assert_eq!(
        circles(&crate_of(&three)),
        ["json::write → json::last → json::deep::read → json::write"]
    );
    let parents = [
        ("json.rs", "use self::read::f;\nuse crate::json::write::g;"),
        ("json/read.rs", "use super::Value;\nuse super::write::g;"),
        ("json/write.rs", "use crate::json::Value;"),
    ];
    assert_eq!(circles(&crate_of(&parents)), [""; 0]);
}

/// A file that is not in the list would read nothing, and nobody would notice.
#[test]
fn every_tool_is_in_the_list() {
    let sources = sources();
    let (_, list) = &sources
        .iter()
        .find(|(path, _)| path == "paste/tools.rs")
        .unwrap();
    let mut files = 0;
    for (path, text) in &sources {
        let name = path
            .strip_prefix("paste/tools/")
            .map(|p| p.trim_end_matches(".rs"));
        let Some(name) = name.filter(|name| !name.contains('/')) else {
            continue;
        };
        files += 1;
        assert!(
            text.contains("\npub(super) const TOOL: Tool = Tool {\n"),
            "{path} has no TOOL"
        );
        assert!(
            list.contains(&format!("\n    {name}::TOOL,\n")),
            "the TOOL of {path} is not in TOOLS"
        );
    }
    assert_eq!(list.matches("::TOOL,\n").count(), files);
    assert!(files > 10, "expected the tools' files, found {files}");
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
        "paste/reader.rs",
        "paste/tool.rs",
        "paste/tools.rs",
        "paste/tools/crane.rs",
        "paste/tools/docker.rs",
        "paste/tools/docker/verbose.rs",
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
            match owner(&modules, &used) {
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

/// Files that use each other, however far around, as they are met first. A module and its parents are
/// one thing in this.
fn circles(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|(path, _)| module(path)).collect();
    let mut uses = BTreeMap::new();
    for (path, text) in sources {
        let module = module(path);
        let code = without_comments(&without_tests(text));
        let others: BTreeSet<Vec<String>> = used(&code, &module)
            .iter()
            .filter_map(|path| owner(&modules, path))
            .filter(|other| !module.starts_with(other) && !other.starts_with(&module))
            .cloned()
            .collect();
        if module.last().is_some_and(|name| name != "tests") {
            uses.insert(module, others);
        }
    }
    let mut found = Vec::new();
    let mut left = BTreeSet::new();
    for module in uses.keys() {
        follow(module, &uses, &mut Vec::new(), &mut left, &mut found);
    }
    found
}

type Module = Vec<String>;

/// Goes on from a module to all that it uses. Those that were left before lead into no other circle.
fn follow(
    module: &Module,
    uses: &BTreeMap<Module, BTreeSet<Module>>,
    path: &mut Vec<Module>,
    left: &mut BTreeSet<Module>,
    found: &mut Vec<String>,
) {
    if let Some(at) = path.iter().position(|other| other == module) {
        let circle = path[at..].iter().chain([module]);
        found.push(
            circle
                .map(|module| module.join("::"))
                .collect::<Vec<_>>()
                .join(" → "),
        );
        return;
    }
    if left.contains(module) {
        return;
    }
    path.push(module.clone());
    for other in uses.get(module).into_iter().flatten() {
        follow(other, uses, path, left, found);
    }
    path.pop();
    left.insert(module.clone());
}

/// The file that a path leads into.
fn owner<'a>(modules: &'a BTreeSet<Module>, path: &[String]) -> Option<&'a Module> {
    let leads_into = |module: &&Module| !module.is_empty() && path.starts_with(module);
    modules.iter().filter(leads_into).max_by_key(|m| m.len())
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
    let related = module.starts_with(other) || other.starts_with(module);
    related || !STRANGERS.iter().any(|f| are_strangers(f, module, other))
}

/// True if both are in this folder, and in two of its files or folders.
fn are_strangers(folder: &str, module: &[String], other: &[String]) -> bool {
    let folder: Vec<String> = folder.split('/').map(str::to_owned).collect();
    let file = folder.len();
    module.starts_with(&folder) && other.starts_with(&folder) && module.get(file) != other.get(file)
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

/// Reads one path or `{group}` of paths, with all paths in it, and stops behind it.
fn tree(base: &[String], rest: &mut &str, found: &mut Vec<Vec<String>>) {
    *rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        *rest = group;
        loop {
            tree(base, rest, found);
            // `as other` and anything else before the next item.
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
