//! A newer trusted root by the TUF specification: repositories signed here, and what is wrong with them named.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;

use p256::ecdsa::signature::Signer;
use p256::pkcs8::{EncodePublicKey, LineEnding};
use pullproof::tuf::RootRefresh;
use pullproof::{Digest, Error, UnixTime};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha512};

/// 2026-11-29.
const NOW: UnixTime = UnixTime(1_795_910_400);
const LATER: &str = "2026-12-05T00:00:00Z";
const EARLIER: &str = "2026-11-28T23:59:59Z";
const TARGET: &[u8] =
    b"{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"}";

type Files = BTreeMap<String, Vec<u8>>;

/// A key by its number: even ones are Ed25519, of which those from 6 on are written as PEM and the others in hex; odd ones
/// are P-256.
#[derive(Clone, Copy)]
struct Key(u8);

impl Key {
    fn id(self) -> String {
        format!("key-{}", self.0)
    }

    fn value(self) -> Value {
        let (scheme, pem, hex) = if self.0.is_multiple_of(2) {
            let key = ed25519_dalek::SigningKey::from_bytes(&[self.0 + 1; 32]).verifying_key();
            let pem = key.to_public_key_pem(LineEnding::LF).unwrap();
            ("ed25519", (self.0 >= 6).then_some(pem), hex(key.as_bytes()))
        } else {
            let key = self.ecdsa();
            let key = key.verifying_key();
            let pem = key.to_public_key_pem(LineEnding::LF).unwrap();
            ("ecdsa-sha2-nistp256", Some(pem), String::new())
        };
        let public = pem.unwrap_or(hex);
        json!({ "keytype": scheme.split('-').next(), "scheme": scheme, "keyval": { "public": public } })
    }

    fn ecdsa(self) -> p256::ecdsa::SigningKey {
        p256::ecdsa::SigningKey::from_slice(&[self.0 + 1; 32]).unwrap()
    }

    fn signature(self, message: &str) -> String {
        if self.0.is_multiple_of(2) {
            let key = ed25519_dalek::SigningKey::from_bytes(&[self.0 + 1; 32]);
            let signature: ed25519_dalek::Signature = key.sign(message.as_bytes());
            return hex(&signature.to_bytes());
        }
        let signature: p256::ecdsa::Signature = self.ecdsa().sign(message.as_bytes());
        hex(signature.to_der().as_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().concat()
}

/// Canonical JSON, in which only quotes and backslashes are escaped.
fn canonical(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Value::Array(all) => format!(
            "[{}]",
            all.iter().map(canonical).collect::<Vec<_>>().join(",")
        ),
        Value::Object(all) => {
            let pairs = all.iter();
            let pairs = pairs
                .map(|(name, value)| format!("{}:{}", canonical(&json!(name)), canonical(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn signed(signed: &Value, by: &[Key]) -> Vec<u8> {
    let message = canonical(signed);
    let signature = |key: &Key| json!({ "keyid": key.id(), "sig": key.signature(&message) });
    let signatures: Vec<Value> = by.iter().map(signature).collect();
    serde_json::to_vec_pretty(&json!({ "signatures": signatures, "signed": signed })).unwrap()
}

/// The keys of the root and the targets, of which two have to sign, and the one that is online.
const FIRST: [Key; 3] = [Key(0), Key(1), Key(6)];
const SECOND: [Key; 3] = [Key(2), Key(7), Key(0)];
const ONLINE: Key = Key(3);

fn root(version: u64, keys: &[Key], expires: &str) -> Value {
    let listed = keys
        .iter()
        .chain([&ONLINE])
        .map(|key| (key.id(), key.value()));
    let ids: Vec<String> = keys.iter().map(|key| key.id()).collect();
    let online = json!({ "keyids": [ONLINE.id()], "threshold": 1 });
    let own = json!({ "keyids": ids, "threshold": 2 });
    json!({
        "_type": "root", "spec_version": "1.0", "version": version, "expires": expires, "consistent_snapshot": true,
        "keys": Value::Object(listed.collect::<Map<_, _>>()),
        "roles": { "root": own, "targets": own, "timestamp": online, "snapshot": online },
    })
}

fn role(kind: &str, version: u64, list: &str, name: &str, entry: &Value) -> Value {
    json!({ "_type": kind, "spec_version": "1.0", "version": version, "expires": LATER, list: { name: entry } })
}

fn named(version: u64, bytes: &[u8]) -> Value {
    let hashes =
        json!({ "sha256": Digest::sha256(bytes).encoded(), "sha512": hex(&Sha512::digest(bytes)) });
    json!({ "version": version, "length": bytes.len(), "hashes": hashes })
}

/// A repository whose root changed hands once, before any of it is signed: each test changes a part.
struct Repository {
    roots: Vec<(Value, Vec<Key>)>,
    timestamp: Value,
    snapshot: Value,
    targets: Value,
    target: Vec<u8>,
    online: Key,
    /// True if files name others by their hashes too.
    hashed: bool,
}

impl Repository {
    fn new() -> Self {
        let both = [FIRST[0], FIRST[1], SECOND[0], SECOND[1]].to_vec();
        let mut entry = named(1, TARGET);
        entry.as_object_mut().unwrap().remove("version");
        Repository {
            roots: vec![
                (root(1, &FIRST, EARLIER), FIRST.to_vec()),
                (root(2, &SECOND, LATER), both),
            ],
            timestamp: role(
                "timestamp",
                9,
                "meta",
                "snapshot.json",
                &json!({ "version": 5 }),
            ),
            snapshot: role(
                "snapshot",
                5,
                "meta",
                "targets.json",
                &json!({ "version": 7 }),
            ),
            targets: role("targets", 7, "targets", "trusted_root.json", &entry),
            target: TARGET.to_vec(),
            online: ONLINE,
            hashed: true,
        }
    }

    fn files(mut self) -> Files {
        let mut files = Files::new();
        for (root, by) in &self.roots {
            files.insert(format!("{}.root.json", root["version"]), signed(root, by));
        }
        let targets = signed(&self.targets, &SECOND);
        if self.hashed {
            let version = self.snapshot["meta"]["targets.json"]["version"]
                .as_u64()
                .unwrap();
            self.snapshot["meta"]["targets.json"] = named(version, &targets);
        }
        let snapshot = signed(&self.snapshot, &[self.online]);
        if self.hashed {
            let version = self.timestamp["meta"]["snapshot.json"]["version"]
                .as_u64()
                .unwrap();
            self.timestamp["meta"]["snapshot.json"] = named(version, &snapshot);
        }
        files.insert(
            "timestamp.json".to_owned(),
            signed(&self.timestamp, &[self.online]),
        );
        files.insert("5.snapshot.json".to_owned(), snapshot);
        files.insert("7.targets.json".to_owned(), targets);
        let hash = Digest::sha256(TARGET);
        files.insert(
            format!("targets/{}.trusted_root.json", hash.encoded()),
            self.target,
        );
        files
    }
}

/// A refresh that began with a root, and the path that it wants.
fn begun(root: &[u8]) -> Result<(RootRefresh, Option<String>), Error> {
    let mut refresh = RootRefresh::new(NOW);
    let wanted = refresh.take(Some(root))?;
    Ok((refresh, wanted))
}

/// The files that were asked for, from the first root on, and what came of it.
fn refresh(files: &Files) -> (Vec<String>, Result<Vec<u8>, String>) {
    let mut asked = Vec::new();
    let (mut refresh, path) = begun(&files["1.root.json"]).unwrap();
    let mut path = path.unwrap();
    loop {
        let found = files.get(&path);
        asked.push(path);
        path = match refresh.take(found.map(Vec::as_slice)) {
            Ok(Some(next)) => next,
            Ok(None) => return (asked, Ok(found.cloned().unwrap())),
            Err(error) => return (asked, Err(error.to_string())),
        };
    }
}

#[test]
fn a_newer_root_by_a_chain_of_keys_that_change() {
    for hashed in [true, false] {
        let mut repository = Repository::new();
        repository.hashed = hashed;
        let (asked, found) = refresh(&repository.files());
        assert_eq!(found.unwrap(), TARGET);
        let target = format!(
            "targets/{}.trusted_root.json",
            Digest::sha256(TARGET).encoded()
        );
        let wanted = [
            "2.root.json",
            "3.root.json",
            "timestamp.json",
            "5.snapshot.json",
            "7.targets.json",
            &target,
        ];
        assert_eq!(asked, wanted);
    }
}

#[test]
fn a_target_that_is_named_by_its_sha_512_alone_is_asked_for_and_checked_by_that() {
    let repository = |bytes: &[u8]| {
        let mut repository = Repository::new();
        let hash = hex(&Sha512::digest(TARGET));
        repository.targets["targets"]["trusted_root.json"]["hashes"] = json!({ "sha512": hash });
        repository.target = bytes.to_vec();
        let mut files = repository.files();
        let plain = format!(
            "targets/{}.trusted_root.json",
            Digest::sha256(TARGET).encoded()
        );
        let target = files.remove(&plain).unwrap();
        files.insert(format!("targets/{hash}.trusted_root.json"), target);
        files
    };
    let (asked, found) = refresh(&repository(TARGET));
    assert_eq!(found.unwrap(), TARGET, "{asked:?}");
    let mut changed = TARGET.to_vec();
    changed[1] ^= 1;
    let (_, found) = refresh(&repository(&changed));
    assert!(found.is_err());
}

#[test]
fn without_consistent_snapshots_files_have_their_plain_names() {
    let mut repository = Repository::new();
    repository.roots[1].0["consistent_snapshot"] = json!(false);
    let mut files = repository.files();
    let target = format!(
        "targets/{}.trusted_root.json",
        Digest::sha256(TARGET).encoded()
    );
    for (from, to) in [
        ("5.snapshot.json", "snapshot.json"),
        ("7.targets.json", "targets.json"),
        (&target, "targets/trusted_root.json"),
    ] {
        let bytes = files.remove(from).unwrap();
        files.insert(to.to_owned(), bytes);
    }
    assert_eq!(refresh(&files).1.unwrap(), TARGET);
}

type Change = fn(&mut Repository);

/// Faults of a repository, and the words for each.
const FAULTS: &[(&str, Change, &str)] = &[
    (
        "the new root is not signed by the old keys",
        |all| all.roots[1].1 = SECOND.to_vec(),
        "expected enough valid signatures in the root, found fewer",
    ),
    (
        "the new root is not signed by its own keys",
        |all| all.roots[1].1 = FIRST.to_vec(),
        "expected enough valid signatures in the root, found fewer",
    ),
    (
        "one key counts once, also under two ids",
        |all| {
            let mut own = all.roots[1].0["keys"].as_object().unwrap().clone();
            own.insert("key-2".to_owned(), Key(7).value());
            all.roots[1].0["keys"] = Value::Object(own);
            all.roots[1].1 = vec![FIRST[0], FIRST[1], Key(7)];
            all.roots[1].0["roles"]["root"]["keyids"] = json!(["key-2", "key-7"]);
        },
        "expected enough valid signatures in the root, found fewer",
    ),
    (
        "one signature twice",
        |all| all.roots[1].1.push(SECOND[0]),
        "expected TUF metadata in the root, found expected one signature by key-2, found two",
    ),
    (
        "a root of another version than its name",
        |all| all.roots[1].0["version"] = json!(3),
        "expected the version that was asked for in the root, found another",
    ),
    (
        "the newest root has expired",
        |all| all.roots[1].0["expires"] = json!(EARLIER),
        "expected metadata that is still valid in the root, found 2026-11-28T23:59:59Z",
    ),
    (
        "a time that cannot be read is no time",
        |all| all.timestamp["expires"] = json!("tomorrow"),
        "expected metadata that is still valid in the timestamp, found tomorrow",
    ),
    (
        "the timestamp has expired",
        |all| all.timestamp["expires"] = json!(EARLIER),
        "expected metadata that is still valid in the timestamp, found 2026-11-28T23:59:59Z",
    ),
    (
        "the snapshot has expired",
        |all| all.snapshot["expires"] = json!(EARLIER),
        "expected metadata that is still valid in the snapshot, found 2026-11-28T23:59:59Z",
    ),
    (
        "the targets have expired",
        |all| all.targets["expires"] = json!(EARLIER),
        "expected metadata that is still valid in the targets, found 2026-11-28T23:59:59Z",
    ),
    (
        "the timestamp is signed by another key",
        |all| all.online = Key(5),
        "expected enough valid signatures in the timestamp, found fewer",
    ),
    (
        "an older snapshot than the timestamp names",
        |all| all.snapshot["version"] = json!(4),
        "expected the version that was asked for in the snapshot, found another",
    ),
    (
        "older targets than the snapshot names",
        |all| all.targets["version"] = json!(6),
        "expected the version that was asked for in the targets, found another",
    ),
    (
        "a role's file in place of another's",
        |all| all.timestamp["_type"] = json!("snapshot"),
        "expected TUF metadata in the timestamp, found expected metadata of the type timestamp, found snapshot",
    ),
    (
        "a target of other bytes",
        |all| all.target = TARGET.to_ascii_uppercase(),
        "expected the bytes that are named in the target, found others",
    ),
    (
        "a longer target",
        |all| all.target.push(b'\n'),
        "expected the bytes that are named in the target, found others",
    ),
    (
        "a target whose SHA-512 alone is another's",
        |all| {
            all.targets["targets"]["trusted_root.json"]["hashes"]["sha512"] =
                json!(hex(&Sha512::digest(b"other")));
        },
        "expected the bytes that are named in the target, found others",
    ),
    (
        "a target without a hash",
        |all| all.targets["targets"]["trusted_root.json"]["hashes"] = json!({}),
        "expected the version or hash of the next file in the targets, found none",
    ),
    (
        "a hash by an algorithm that is not known here",
        |all| all.targets["targets"]["trusted_root.json"]["hashes"] = json!({ "blake3": "00" }),
        "expected the version or hash of the next file in the targets, found none",
    ),
    (
        "no trusted root among the targets",
        |all| all.targets["targets"] = json!({}),
        "expected the version or hash of the next file in the targets, found none",
    ),
    (
        "a root without keys for the timestamp",
        |all| {
            drop(
                all.roots[1].0["roles"]
                    .as_object_mut()
                    .unwrap()
                    .remove("timestamp"),
            );
        },
        "expected enough valid signatures in the timestamp, found fewer",
    ),
];

#[test]
fn whatever_is_wrong_ends_it_and_is_named() {
    for (what, change, wanted) in FAULTS {
        let mut repository = Repository::new();
        change(&mut repository);
        let mut files = repository.files();
        // It is where the one after the first is looked for.
        if let Some(third) = files.remove("3.root.json") {
            files.insert("2.root.json".to_owned(), third);
        }
        let found = refresh(&files).1.unwrap_err();
        assert_eq!(found, *wanted, "{what}");
    }
}

#[test]
fn files_of_two_states_do_not_go_together() {
    let old = Repository::new().files();
    let mut newer = Repository::new();
    newer.targets["expires"] = json!("2026-12-06T00:00:00Z");
    newer.snapshot["expires"] = json!("2026-12-06T00:00:00Z");
    let newer = newer.files();
    for (name, wanted) in [
        ("5.snapshot.json", "bytes that are named in the snapshot"),
        ("7.targets.json", "bytes that are named in the targets"),
    ] {
        let mut mixed = newer.clone();
        mixed.insert(name.to_owned(), old[name].clone());
        let found = refresh(&mixed).1.unwrap_err();
        assert!(found.contains(wanted), "{found}");
    }
    for name in ["timestamp.json", "5.snapshot.json", "7.targets.json"] {
        let mut without = old.clone();
        without.remove(name);
        let found = refresh(&without).1.unwrap_err();
        assert!(
            found.starts_with("expected a file in the "),
            "{name} {found}"
        );
    }
}

#[test]
fn no_byte_of_the_metadata_can_change() {
    let files = Repository::new().files();
    for (name, bytes) in &files {
        if name == "1.root.json" {
            continue;
        }
        for at in (0..bytes.len())
            .step_by(7)
            .filter(|at| bytes[*at].is_ascii_alphanumeric())
        {
            let mut changed = files.clone();
            let byte = &mut changed.get_mut(name).unwrap()[at];
            *byte = if *byte == b'1' { b'2' } else { b'1' };
            // A signature that more than the threshold have, or that counts for nobody, may be any.
            if name == "2.root.json" && at < bytes.len() / 3 {
                continue;
            }
            let (_, found) = refresh(&changed);
            assert!(found.is_err(), "{name} {at}");
        }
    }
}

const SIGSTORE: &[u8] = include_bytes!("../src/js/fetch/tuf/tuf-repo-cdn.sigstore.dev.json");
const GITHUB: &[u8] = include_bytes!("../src/js/fetch/tuf/tuf-repo.github.com.json");
const SIGSTORE_15: &[u8] = include_bytes!("tuf/sigstore-root-15.json");

#[test]
fn the_roots_that_are_in_use_can_be_begun_with() {
    for (root, next) in [(SIGSTORE, "17.root.json"), (GITHUB, "10.root.json")] {
        let (mut refresh, wanted) = begun(root).unwrap();
        assert_eq!(wanted.as_deref(), Some(next));
        let wanted = refresh.take(None).unwrap();
        assert_eq!(wanted.as_deref(), Some("timestamp.json"));
    }
    // Sigstore's of 2026-11-05 follows from the one before, which has expired.
    let (mut refresh, wanted) = begun(SIGSTORE_15).unwrap();
    assert_eq!(wanted.as_deref(), Some("16.root.json"));
    assert!(refresh.take(Some(GITHUB)).is_err());
    let wanted = refresh.take(Some(SIGSTORE)).unwrap();
    assert_eq!(wanted.as_deref(), Some("17.root.json"));
    refresh.take(None).unwrap();
    let (mut expired, _) = begun(SIGSTORE_15).unwrap();
    let error = expired.take(None).unwrap_err().to_string();
    assert_eq!(
        error,
        "expected metadata that is still valid in the root, found 2026-11-20T13:58:18Z"
    );
}

#[test]
fn a_root_that_is_none_begins_nothing() {
    for text in [
        "",
        "{}",
        "[]",
        "{\"signed\":{}}",
        "{\"signatures\":[],\"signed\":{\"_type\":\"root\",\"version\":1,\"expires\":\"2026-12-05T00:00:00Z\"}}",
    ] {
        assert!(begun(text.as_bytes()).is_err(), "{text}");
    }
    let mut unsigned: Value = serde_json::from_slice(SIGSTORE).unwrap();
    unsigned["signed"]["version"] = json!(17);
    assert!(begun(unsigned.to_string().as_bytes()).is_err());
}
