//! A type's name means one thing in the whole crate.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that reads files, and fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The class of JavaScript is the session itself.
const SHARED: [&str; 1] = ["Session"];

#[test]
fn no_two_types_share_a_name() {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    collect(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut named,
    );
    assert!(
        named.len() > 300,
        "expected the types, found {}",
        named.len()
    );
    named.retain(|name, places| places.len() > 1 && !SHARED.contains(&name.as_str()));
    assert_eq!(named, BTreeMap::new());
}

fn collect(folder: &Path, named: &mut BTreeMap<String, Vec<String>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, named);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for name in text.lines().filter_map(defined) {
                let places = named.entry(name.to_owned()).or_default();
                places.push(path.display().to_string());
            }
        }
    }
}

/// The type that a line defines. Those of an `impl` are indented.
fn defined(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").map_or(line, |rest| {
        let rest = rest
            .split_once(')')
            .filter(|_| rest.starts_with('('))
            .map_or(rest, |(_, rest)| rest);
        rest.trim_start()
    });
    let kinds = ["struct ", "enum ", "trait ", "type "];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    rest.get(..end)
}
