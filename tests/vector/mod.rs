//! Reading `tests/vectors`: `key: value` lines, a blank line, then the exact bytes.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing
)]
#![allow(clippy::unwrap_used)]

pub(crate) mod case;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One file of `tests/vectors`.
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    keys: Vec<(String, String)>,
}

impl Vector {
    #[track_caller]
    pub(crate) fn read(path: &Path) -> Self {
        let file = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let end = file.windows(2).position(|two| two == b"\n\n");
        let end = end.unwrap_or_else(|| panic!("{}: no blank line", path.display()));
        let head = std::str::from_utf8(&file[..end]).expect("keys are UTF-8");
        let key = |line: &str| {
            let (key, value) = line
                .split_once(':')
                .unwrap_or_else(|| panic!("{}: {line}", path.display()));
            (key.to_owned(), value.trim().to_owned())
        };
        Vector {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            bytes: file[end + 2..].to_vec(),
            keys: head.lines().map(key).collect(),
        }
    }

    /// The value of a key that every such file has.
    #[track_caller]
    pub(crate) fn key(&self, name: &str) -> &str {
        self.get(name)
            .unwrap_or_else(|| panic!("{}: no key {name}", self.name))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.keys.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All values of a key that may occur several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.keys.iter().filter(move |(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The folder of a kind of vectors.
pub(crate) fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(kind)
}

/// The entries of a folder, sorted, so that every run takes them in one order.
#[track_caller]
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut found: Vec<PathBuf> = read.map(|entry| entry.unwrap().path()).collect();
    assert!(!found.is_empty(), "{} is empty", folder.display());
    found.sort();
    found
}

/// The documents that the project writes itself, by digest.
pub(crate) fn documents() -> BTreeMap<String, Vector> {
    let read = entries(&folder("documents"))
        .into_iter()
        .map(|path| Vector::read(&path));
    read.map(|vector| (vector.key("digest").to_owned(), vector))
        .collect()
}

/// The one document of this file name.
#[track_caller]
pub(crate) fn document(name: &str) -> Vector {
    Vector::read(&folder("documents").join(format!("{name}.txt")))
}
