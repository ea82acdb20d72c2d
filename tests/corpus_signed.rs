//! Signed metadata of real notary servers and clients: what of it is accepted, and for which reason
//! the rest is not. Needs the folder of the corpus.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pullproof::tuf::{self, Checked, Files};

/// The day that the corpus was made; its timestamps are valid for two weeks.
const THAT_DAY: &str = "2026-11-23T12:00:00Z";

fn folder() -> PathBuf {
    let folder = std::env::var_os("PULLPROOF_CORPUS").expect("PULLPROOF_CORPUS names the corpus");
    PathBuf::from(folder)
}

fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    add(folder, "", &mut files);
    files
}

fn add(folder: &Path, before: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            add(&path, &format!("{before}{name}/"), files);
        } else if let Some(role) = name.strip_suffix(".json") {
            files.insert(format!("{before}{role}"), fs::read(&path).expect("a file"));
        }
    }
}

/// The faults that another checker found, as a row of the list has them, in our names.
fn stated(outcome: &str) -> BTreeSet<(String, String)> {
    let (_, clauses) = outcome
        .split_once("checker: ")
        .expect("what the checker said");
    let clauses = clauses
        .split("; ")
        .map(|clause| match clause.split_once(": ") {
            None => ("root".to_owned(), "key-id".to_owned()),
            Some((role, said)) => {
                let code = match said {
                    "missing file" => "missing",
                    "sha256 mismatch" => "sha256",
                    "sha512 mismatch" => "sha512",
                    said if said.starts_with("length ") => "length",
                    said if said.ends_with(" valid signatures") => "signatures",
                    other => panic!("{other}"),
                };
                (role.to_owned(), code.to_owned())
            }
        });
    clauses.collect()
}

fn found(checked: &Checked) -> BTreeSet<(String, String)> {
    let faults = checked.faults.iter();
    faults
        .map(|fault| (fault.role.clone(), fault.code.to_owned()))
        .collect()
}

#[test]
fn every_row_of_notary_has_its_outcome_and_its_reason() {
    let list = fs::read_to_string(folder().join("SIGNED.tsv")).expect("SIGNED.tsv");
    let rows = list
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let (mut accepted, mut refused) = (0, 0);
    for row in rows {
        let [path, "tuf-notary-v1", _, outcome, ..] = row.as_slice() else {
            continue;
        };
        let checked = tuf::check(&files(&folder().join(path)), &[]);
        if outcome.starts_with("REJECT") {
            refused += 1;
            assert_eq!(found(&checked), stated(outcome), "{path}");
            continue;
        }
        accepted += 1;
        assert_eq!(checked.faults, [], "{path}");
        assert!(
            !checked.targets.is_empty() || path.contains("compat"),
            "{path}"
        );
        let current = checked
            .roles
            .iter()
            .all(|role| role.expires.as_str() > THAT_DAY);
        let notary_0_3 = checked
            .roles
            .iter()
            .any(|role| role.expires.starts_with("2116"));
        assert!(
            current || outcome.contains("expired") || notary_0_3,
            "{path}"
        );
    }
    println!("tuf-notary-v1: {accepted} accepted, {refused} refused, each for its stated reasons");
    assert_eq!((accepted, refused), (7, 12));
}

#[test]
fn a_pin_of_the_first_root_leads_to_the_newest() {
    let all = files(&folder().join("data/signed-notary-v1/generated-dct/repo2-after-rotation"));
    let newest = tuf::check(&all, &[]);
    assert_eq!(newest.pinned, None);
    let first = tuf::check(
        &Files::from([("root".to_owned(), all["1.root"].clone())]),
        &[],
    );
    let (certificate, bare) = first.root_keys.first().expect("a key").clone();
    assert!(certificate.starts_with("e597d168"), "{certificate}");
    for pin in [certificate, bare] {
        let pin = pin.parse().expect("a key id");
        let checked = tuf::check(&all, std::slice::from_ref(&pin));
        assert_eq!(
            (checked.pinned, checked.faults),
            (Some(pin.clone()), Vec::new())
        );
        let mut gap = all.clone();
        gap.remove("2.root");
        let checked = tuf::check(&gap, &[pin]);
        assert_eq!(checked.pinned, None, "without 2.root.json");
    }
}

#[test]
fn one_tag_with_two_digests_in_two_roles_is_both() {
    let repository = files(&folder().join("data/signed-notary-v1/generated-dct/repo1"));
    let checked = tuf::check(&repository, &[]);
    let of = |tag: &str| -> Vec<&str> {
        let targets = checked.targets.iter().filter(|target| target.tag == tag);
        targets.map(|target| target.role.as_str()).collect()
    };
    let conflict = ["targets", "targets/nicolasff", "targets/releases"];
    assert_eq!(of("v6-conflict"), conflict);
    let digests = checked
        .targets
        .iter()
        .filter(|target| target.tag == "v6-conflict");
    let digests: BTreeSet<_> = digests.map(|target| &target.digest).collect();
    assert_eq!(digests.len(), 2);
    assert_eq!(of("v1-admin"), ["targets"]);
    assert_eq!(of("v4-unreleased"), ["targets/bob"]);
    assert_eq!(of("v5-relonly"), ["targets/releases"]);
}
