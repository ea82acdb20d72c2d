//! Repositories as notary makes them, signed here, and what is wrong with them named.

#![cfg(feature = "trust")]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use base64ct::{Base64, Encoding};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::EncodePublicKey;
use pullproof::Digest;
use pullproof::tuf::{self, Checked, Files};
use serde_json::{Map, Value, json};

/// A key that signs, by its id.
struct Key {
    signing: SigningKey,
    id: String,
    value: Value,
}

impl Key {
    fn new(seed: u8) -> Self {
        let signing = SigningKey::from_slice(&[seed; 32]).unwrap();
        let der = signing.verifying_key().to_public_key_der().unwrap();
        let public = Base64::encode_string(der.as_bytes());
        // serde_json keeps keys sorted, and nothing here has to be escaped: its form is canonical.
        let value = json!({ "keytype": "ecdsa", "keyval": { "private": null, "public": public } });
        let digest = Digest::sha256(value.to_string().as_bytes());
        let id = digest.encoded().to_owned();
        Key { signing, id, value }
    }

    fn signature(&self, signed: &Value) -> Value {
        let signature: p256::ecdsa::Signature = self.signing.sign(signed.to_string().as_bytes());
        let sig = Base64::encode_string(&signature.to_bytes());
        json!({ "keyid": self.id, "method": "ecdsa", "sig": sig })
    }
}

fn keys(keys: &[&Key]) -> Value {
    let pairs = keys.iter().map(|key| (key.id.clone(), key.value.clone()));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn role(keys: &[&Key]) -> Value {
    let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
    json!({ "keyids": ids, "threshold": 1 })
}

fn file(signed: &Value, signers: &[&Key]) -> Vec<u8> {
    let signatures: Vec<Value> = signers.iter().map(|key| key.signature(signed)).collect();
    json!({ "signed": signed, "signatures": signatures })
        .to_string()
        .into_bytes()
}

fn entry(bytes: &[u8]) -> Value {
    let digest = Digest::sha256(bytes);
    let hex = digest.encoded();
    let hash: Vec<u8> = (0..32)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect();
    json!({ "hashes": { "sha256": Base64::encode_string(&hash) }, "length": bytes.len() })
}

const DAY: &str = "2036-01-01T00:00:00Z";

/// What a repository is made of; a test changes a part before it is signed.
struct Repository {
    keys: Vec<Key>,
    root: Value,
    targets: Value,
    releases: Value,
}

const ROOT: usize = 0;
const TARGETS: usize = 1;
const RELEASES: usize = 2;
const OTHER: usize = 3;

impl Repository {
    fn new() -> Self {
        let all: Vec<Key> = (1..=4).map(Key::new).collect();
        let (root, own, delegate) = (&all[ROOT], &all[TARGETS], &all[RELEASES]);
        let tag = |text: &str| entry(text.as_bytes());
        let roles = json!({ "root": role(&[root]), "timestamp": role(&[own]), "snapshot": role(&[own]), "targets": role(&[own]) });
        let signed_root = json!({ "_type": "Root", "version": 1, "expires": DAY, "consistent_snapshot": false,
            "keys": keys(&[root, own]), "roles": roles });
        let delegated = json!({ "name": "targets/releases", "paths": [""], "threshold": 1, "keyids": [delegate.id] });
        let targets = json!({ "_type": "Targets", "version": 2, "expires": DAY, "targets": { "1.0": tag("one") },
            "delegations": { "keys": keys(&[delegate]), "roles": [delegated] } });
        let releases = json!({ "_type": "Targets", "version": 3, "expires": DAY, "targets": { "2.0": tag("two") },
            "delegations": { "keys": {}, "roles": [] } });
        Repository {
            keys: all,
            root: signed_root,
            targets,
            releases,
        }
    }

    fn files(&self) -> Files {
        let own = [&self.keys[TARGETS]];
        let root = file(&self.root, &[&self.keys[ROOT]]);
        let targets = file(&self.targets, &own);
        let releases = file(&self.releases, &[&self.keys[RELEASES]]);
        named(root, targets, releases, &own)
    }

    fn check(&self) -> Checked {
        tuf::check(&self.files(), &[])
    }
}

fn named(root: Vec<u8>, targets: Vec<u8>, releases: Vec<u8>, own: &[&Key]) -> Files {
    let meta = json!({ "root": entry(&root), "targets": entry(&targets), "targets/releases": entry(&releases) });
    let snapshot = file(
        &json!({ "_type": "Snapshot", "version": 4, "expires": DAY, "meta": meta }),
        own,
    );
    let meta = json!({ "snapshot": entry(&snapshot) });
    let timestamp = file(
        &json!({ "_type": "Timestamp", "version": 5, "expires": DAY, "meta": meta }),
        own,
    );
    let files = [
        ("root", root),
        ("targets", targets),
        ("targets/releases", releases),
        ("snapshot", snapshot),
        ("timestamp", timestamp),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

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
