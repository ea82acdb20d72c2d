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

#[test]
fn the_scripts_know_the_codes_that_nobody_tells_but_the_crate() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/js/codes.js");
    let text = fs::read_to_string(file).unwrap();
    let (_, list) = text.split_once("new Set([").unwrap();
    let (list, _) = list.split_once("]);").unwrap();
    let written: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let own = Code::ALL.iter().filter(|code| !code.is_told());
    // These are known by how they begin.
    let listed = |word: &&str| !word.starts_with("dct-");
    let known: Vec<&str> = own.map(|code| code.word()).filter(listed).collect();
    assert!(known.len() > 50, "expected the codes, found {known:?}");
    assert_eq!(written, known);
    let told = |code: &&Code| code.word().starts_with("dct-") && code.is_told();
    assert_eq!(Code::ALL.iter().find(told), None);
}
