//! Repositories as notary makes them, signed here, and what is wrong with them named.

#![cfg(feature = "trust")]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod notary;

use base64ct::{Base64, Encoding};
use pullproof::Digest;
use pullproof::tuf::{self, Checked};
use serde_json::{Value, json};

use notary::{DAY, OTHER, ROOT, Repository, TARGETS, file, named};

#[track_caller]
fn has(checked: &Checked, role: &str, code: &str) {
    let found = checked
        .faults
        .iter()
        .any(|fault| fault.role == role && fault.code == code);
    assert!(found, "{:?}", checked.faults);
}

#[test]
fn a_good_repository_has_no_fault_and_says_who_signed_what() {
    let repository = Repository::new();
    let pin = repository.keys[ROOT].id.parse().unwrap();
    let checked = tuf::check(&repository.files(), std::slice::from_ref(&pin));
    assert_eq!(checked.faults, []);
    assert_eq!(checked.pinned, Some(pin));
    let targets: Vec<_> = checked
        .targets
        .iter()
        .map(|t| (t.role.as_str(), t.tag.as_str(), t.digest.clone(), t.length))
        .collect();
    assert_eq!(
        targets,
        [
            ("targets", "1.0", Digest::sha256(b"one"), 3),
            ("targets/releases", "2.0", Digest::sha256(b"two"), 3)
        ]
    );
    let roles: Vec<_> = checked
        .roles
        .iter()
        .map(|role| (role.name.as_str(), role.version, role.keys.len()))
        .collect();
    assert_eq!(
        roles,
        [
            ("root", 1, 1),
            ("timestamp", 5, 1),
            ("snapshot", 4, 1),
            ("targets", 2, 1),
            ("targets/releases", 3, 1)
        ]
    );
    assert!(checked.roles.iter().all(|role| role.expires == DAY));
}

#[test]
fn k29_a_pin_of_another_key_pins_nothing() {
    let repository = Repository::new();
    let pins = [TARGETS, OTHER].map(|key| repository.keys[key].id.parse().unwrap());
    assert_eq!(tuf::check(&repository.files(), &pins).pinned, None);
    assert_eq!(repository.check().pinned, None);
}

#[test]
fn k29_a_pinned_key_that_a_root_lists_and_that_did_not_sign_it_pins_nothing() {
    let mut repository = Repository::new();
    let listed = repository.keys[OTHER].id.clone();
    let key = notary::keys(&[&repository.keys[OTHER]])[&listed].clone();
    repository.root["keys"][&listed] = key;
    let ids = repository.root["roles"]["root"]["keyids"].as_array_mut();
    ids.unwrap().push(json!(listed));
    let checked = tuf::check(&repository.files(), &[listed.parse().unwrap()]);
    assert_eq!((checked.pinned, checked.faults), (None, Vec::new()));
}

#[test]
fn k03_one_key_id_twice_among_the_signatures() {
    let repository = Repository::new();
    let twice = file(
        &repository.targets,
        &[&repository.keys[TARGETS], &repository.keys[TARGETS]],
    );
    let mut files = repository.files();
    files.insert("targets".to_owned(), twice);
    let checked = tuf::check(&files, &[]);
    has(&checked, "targets", "signature-twice");
    assert_eq!(checked.targets, []);
}

#[test]
fn k04_thresholds_that_cannot_be() {
    for threshold in [
        json!(0),
        json!(-1),
        json!(2),
        json!(2_147_483_648_u64),
        Value::Null,
        json!("1"),
    ] {
        let mut repository = Repository::new();
        repository.root["roles"]["targets"]["threshold"] = threshold.clone();
        has(&repository.check(), "root", "threshold");
        assert_eq!(repository.check().targets, [], "{threshold}");
        let mut repository = Repository::new();
        repository.targets["delegations"]["roles"][0]["threshold"] = threshold;
        has(&repository.check(), "targets", "threshold");
    }
}

#[test]
fn k05_a_key_under_an_id_that_is_not_its_hash() {
    let mut repository = Repository::new();
    let forged = "0".repeat(64);
    let key = repository.root["keys"][&repository.keys[TARGETS].id].clone();
    repository.root["keys"][&forged] = key;
    has(&repository.check(), "root", "key-id");
}

#[test]
fn k06_k07_signatures_by_others_and_garbage_count_nothing_and_harm_nothing() {
    let repository = Repository::new();
    let garbage = json!({ "keyid": "x", "method": "ecdsa", "sig": "!" });
    let mut signed = serde_json::from_slice::<Value>(&repository.files()["targets"]).unwrap();
    signed["signatures"].as_array_mut().unwrap().push(garbage);
    let own = [&repository.keys[TARGETS]];
    let releases = repository.files()["targets/releases"].clone();
    let root = repository.files()["root"].clone();
    let files = named(
        root.clone(),
        signed.to_string().into_bytes(),
        releases.clone(),
        &own,
    );
    assert_eq!(tuf::check(&files, &[]).faults, []);
    let other = file(&repository.targets, &[&repository.keys[OTHER]]);
    has(
        &tuf::check(&named(root, other, releases, &own), &[]),
        "targets",
        "signatures",
    );
}

#[test]
fn k08_metadata_of_another_role() {
    let mut repository = Repository::new();
    repository.releases["_type"] = json!("Snapshot");
    has(&repository.check(), "targets/releases", "role");
}

#[test]
fn k14_k15_other_bytes_than_are_named() {
    let mut files = Repository::new().files();
    files.get_mut("targets").unwrap().push(b' ');
    let checked = tuf::check(&files, &[]);
    has(&checked, "targets", "length");
    has(&checked, "targets", "sha256");
    assert!(
        checked.roles.iter().any(|role| role.name == "targets"),
        "its signature still holds"
    );
}

#[test]
fn k16_duplicate_names_are_a_fault_of_the_file() {
    let mut files = Repository::new().files();
    let text = String::from_utf8(files["targets"].clone()).unwrap();
    let twice = text.replacen("\"version\":2", "\"version\":2,\"version\":2", 1);
    assert_ne!(text, twice);
    files.insert("targets".to_owned(), twice.into_bytes());
    let checked = tuf::check(&files, &[]);
    has(&checked, "targets", "json-duplicate-key");
    assert_eq!(checked.targets, []);
}

#[test]
fn k18_hashes_of_a_wrong_length() {
    for hash in [
        json!("AA=="),
        json!(Base64::encode_string(&[0; 33])),
        json!(1),
    ] {
        let mut repository = Repository::new();
        repository.targets["targets"]["1.0"]["hashes"]["sha256"] = hash;
        has(&repository.check(), "targets", "target");
    }
}

#[test]
fn k21_roles_outside_their_parent_are_not_followed() {
    for name in [
        "../releases",
        "targets",
        "targets2/x",
        "targets/",
        "root",
        "",
    ] {
        let mut repository = Repository::new();
        repository.targets["delegations"]["roles"][0]["name"] = json!(name);
        has(&repository.check(), "targets", "delegation");
    }
}

#[test]
fn k22_a_file_that_the_snapshot_does_not_name() {
    let mut files = Repository::new().files();
    files.insert(
        "targets/extra".to_owned(),
        files["targets/releases"].clone(),
    );
    has(&tuf::check(&files, &[]), "targets/extra", "not-in-snapshot");
}

#[test]
fn tags_outside_the_paths_of_a_delegation_are_not_its_own() {
    let mut repository = Repository::new();
    repository.targets["delegations"]["roles"][0]["paths"] = json!(["1."]);
    let checked = repository.check();
    has(&checked, "targets/releases", "path");
    assert_eq!(checked.targets.len(), 1);
}

#[test]
fn any_other_byte_of_any_file_is_a_fault() {
    let repository = Repository::new();
    let files = repository.files();
    let pins = [repository.keys[ROOT].id.parse().unwrap()];
    let mut tried = 0;
    for (name, bytes) in &files {
        for at in (0..bytes.len()).step_by(7) {
            let mut other = files.clone();
            other.get_mut(name).unwrap()[at] ^= 1;
            assert_ne!(tuf::check(&other, &pins).faults, [], "{name} byte {at}");
            tried += 1;
        }
    }
    println!("{tried} mutations, each a fault");
    assert!(tried > 400);
}
