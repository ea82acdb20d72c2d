//! The list of the codes of notes, as callers and `tests/js/codes.test.js` read it.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that reads files, and fails by panicking"
)]

use std::fs;

use pullproof::claim::Code;

#[test]
fn the_list_in_the_file_is_the_list_in_the_crate() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/codes.json");
    let text = fs::read_to_string(file).unwrap();
    let written: Vec<(String, String)> =
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text)
            .unwrap()
            .into_iter()
            .map(|(word, meaning)| (word, meaning.as_str().unwrap().to_owned()))
            .collect();
    let known: Vec<(String, String)> = Code::ALL
        .iter()
        .map(|code| (code.word().to_owned(), code.meaning().to_owned()))
        .collect();
    assert!(known.len() > 100, "expected the codes, found {known:?}");
    assert_eq!(written, known);
}
