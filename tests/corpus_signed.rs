//! Signed metadata of real notary servers and clients: what of it is accepted, and for which reason
//! the rest is not. Needs the folder of the corpus.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pullproof::tuf::{self, Checked, Files};
use serde_json::{Value, json};

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

/// What notary's own tests do to a file of metadata (notary: `tuf/testutils/swizzler.go`), as far
/// as it needs no key: its name, and the reason that has to be among those for the refusal.
const SWIZZLES: [(&str, &str); 10] = [
    ("set invalid JSON", "json"),
    ("add extra space", "sha256"),
    ("set invalid signed", "metadata or role"),
    ("remove signed", "metadata"),
    ("set invalid metadata type", "role"),
    ("invalidate signatures", "signatures"),
    ("sign with another key", "signatures"),
    ("remove signatures", "signatures"),
    ("offset version", "signatures"),
    ("expire", "signatures"),
];

fn swizzled(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut all: Value = serde_json::from_slice(bytes).expect("JSON");
    match name {
        "set invalid JSON" => return [b"}", bytes].concat(),
        "add extra space" => return [bytes, b" "].concat(),
        "set invalid signed" => all["signed"] = json!("a string"),
        "remove signed" => all = json!({ "signatures": all["signatures"] }),
        "set invalid metadata type" => all["signed"]["_type"] = json!("Unexpected"),
        "invalidate signatures" => {
            for one in all["signatures"].as_array_mut().expect("some") {
                one["sig"] = json!("aW52YWxpZA==");
            }
        }
        "sign with another key" => {
            let signatures = all["signatures"].as_array_mut().expect("some");
            for (i, one) in signatures.iter_mut().enumerate() {
                one["keyid"] = json!(format!("{i:064x}"));
            }
        }
        "remove signatures" => all["signatures"] = json!([]),
        "offset version" => {
            all["signed"]["version"] =
                json!(all["signed"]["version"].as_u64().expect("a version") + 1)
        }
        "expire" => all["signed"]["expires"] = json!("2000-01-01T00:00:00Z"),
        other => panic!("{other}"),
    }
    serde_json::to_vec(&all).expect("JSON")
}

#[test]
fn what_notary_s_own_tests_do_to_a_repository_is_refused_by_its_name() {
    let list = fs::read_to_string(folder().join("SIGNED.tsv")).expect("SIGNED.tsv");
    let mut refused = 0;
    for row in list
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
    {
        let [path, "tuf-notary-v1", _, outcome, ..] = row.as_slice() else {
            continue;
        };
        let good = files(&folder().join(path));
        if outcome.starts_with("REJECT") {
            continue;
        }
        for role in good.keys().filter(|role| !role.contains(".root")) {
            let mut without = good.clone();
            without.remove(role);
            let faults = found(&tuf::check(&without, &[]));
            assert!(
                faults.contains(&(role.clone(), "missing".to_owned())),
                "{path} {role}: {faults:?}"
            );
            refused += 1;
            for (name, code) in SWIZZLES {
                // Nothing names the timestamp by hash: there only its signature speaks, of what it says.
                if (name, role.as_str()) == ("add extra space", "timestamp") {
                    continue;
                }
                let mut all = good.clone();
                all.insert(role.clone(), swizzled(name, &good[role]));
                let faults = found(&tuf::check(&all, &[]));
                let named = faults.iter().any(|(of, why)| {
                    of == role && code.split(" or ").any(|code| why.starts_with(code))
                });
                assert!(named, "{path} {role} {name} {code}: {faults:?}");
                refused += 1;
            }
        }
    }
    println!(
        "tuf-notary-v1: {refused} changed repositories refused, each by the file and the reason"
    );
    assert!(refused > 100);
}
