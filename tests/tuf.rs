//! Repositories as notary makes them, signed here, and what is wrong with them named.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod notary;

use base64ct::{Base64, Encoding};
use pullproof::Digest;
use pullproof::tuf::{self, Checked, Files};
use serde_json::{Value, json};

use notary::{DAY, Key, OTHER, RELEASES, ROOT, Repository, TARGETS, file, named};

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

/// With a threshold of two for the targets, and the keys that may sign them.
fn of_two(repository: &mut Repository, keys: &[&Key]) {
    let mut role = notary::role(keys);
    role["threshold"] = json!(2);
    repository.root["roles"]["targets"] = role;
    for (id, key) in notary::keys(keys).as_object().unwrap() {
        repository.root["keys"][id] = key.clone();
    }
}

#[test]
fn k01_one_key_twice_does_not_reach_a_threshold_of_two() {
    let mut repository = Repository::new();
    let (own, other) = (Key::new(2), Key::new(4));
    of_two(&mut repository, &[&own, &other]);
    let with = |repository: &Repository, signers: &[&Key]| {
        let targets = file(&repository.targets, signers);
        let all = repository.files();
        let (root, releases) = (all["root"].clone(), all["targets/releases"].clone());
        tuf::check(
            &named(root, targets, releases, &[&repository.keys[TARGETS]]),
            &[],
        )
    };
    assert_eq!(with(&repository, &[&own, &other]).faults, []);
    has(&with(&repository, &[&own]), "targets", "signatures");
    has(
        &with(&repository, &[&own, &own]),
        "targets",
        "signature-twice",
    );
    // Listed twice, it is one key still.
    repository.root["roles"]["targets"]["keyids"] = json!([own.id, own.id]);
    has(&with(&repository, &[&own]), "targets", "signatures");
    // The same of a delegation.
    let mut repository = Repository::new();
    let delegate = &repository.keys[RELEASES];
    let role = &mut repository.targets["delegations"]["roles"][0];
    role["keyids"] = json!([delegate.id, delegate.id]);
    role["threshold"] = json!(2);
    has(&repository.check(), "targets/releases", "signatures");
}

#[test]
fn k02_one_public_key_under_two_ids_counts_once() {
    let mut repository = Repository::new();
    // The bare key, and the same key in two certificates.
    let keys = [
        Key::new(2),
        Key::certified(2, "a/b", 1),
        Key::certified(2, "a/b", 2),
    ];
    assert_eq!(keys[0].bare, keys[2].bare);
    let keys: Vec<&Key> = keys.iter().collect();
    of_two(&mut repository, &keys);
    let targets = file(&repository.targets, &keys);
    let all = repository.files();
    let (root, releases) = (all["root"].clone(), all["targets/releases"].clone());
    let files = named(root, targets, releases, &[&repository.keys[TARGETS]]);
    let checked = tuf::check(&files, &[]);
    has(&checked, "targets", "signatures");
    assert_eq!(checked.targets, []);
}

/// A root, and those after it: each version with its root key, signed by these.
fn rotated(versions: &[(u64, &Key, &[&Key])]) -> Files {
    let mut repository = Repository::new();
    let mut roots = Vec::new();
    for (version, key, signers) in versions {
        let own = &repository.keys[TARGETS];
        repository.root["version"] = json!(version);
        repository.root["keys"] = notary::keys(&[key, own]);
        repository.root["roles"]["root"] = notary::role(&[key]);
        roots.push((*version, file(&repository.root, signers)));
    }
    let all = repository.files();
    let newest = roots.last().unwrap().1.clone();
    let (targets, releases) = (all["targets"].clone(), all["targets/releases"].clone());
    let mut files = named(newest, targets, releases, &[&repository.keys[TARGETS]]);
    for (version, root) in roots {
        files.insert(format!("{version}.root"), root);
    }
    files
}

#[test]
fn k12_roots_follow_one_by_one_signed_by_old_and_new() {
    let (a, b, c) = (Key::new(21), Key::new(22), Key::new(23));
    let pin = [a.id.parse().unwrap()];
    let check = |versions: &[(u64, &Key, &[&Key])]| tuf::check(&rotated(versions), &pin);
    let good = check(&[(1, &a, &[&a]), (2, &b, &[&a, &b]), (3, &c, &[&b, &c])]);
    assert_eq!(
        (good.pinned, good.faults),
        (Some(pin[0].clone()), Vec::new())
    );
    // Not signed by the keys of the root before it.
    let checked = check(&[(1, &a, &[&a]), (2, &b, &[&b])]);
    has(&checked, "root", "root-chain");
    // Not signed by its own.
    let checked = check(&[(1, &a, &[&a]), (2, &b, &[&a])]);
    has(&checked, "root", "signatures");
    // A version left out: nothing leads there from the pinned root.
    let mut files = rotated(&[(1, &a, &[&a]), (2, &b, &[&a, &b]), (3, &c, &[&b, &c])]);
    files.remove("2.root");
    assert_eq!(tuf::check(&files, &pin).pinned, None);
    let checked = check(&[(1, &a, &[&a]), (3, &c, &[&a, &c])]);
    assert_eq!(checked.pinned, None);
    // Nothing of the pinned root at all.
    let checked = check(&[(2, &b, &[&b]), (3, &c, &[&b, &c])]);
    assert_eq!(checked.pinned, None);
    // A file that says it is another version than its name.
    let mut files = rotated(&[(1, &a, &[&a]), (2, &b, &[&a, &b])]);
    files.insert("1.root".to_owned(), files["2.root"].clone());
    has(&tuf::check(&files, &pin), "1.root", "root-chain");
}

#[test]
fn k17_only_hashes_of_an_unknown_algorithm() {
    let repository = Repository::new();
    let mut files = repository.files();
    let mut snapshot: Value = serde_json::from_slice(&files["snapshot"]).unwrap();
    let hashes = &mut snapshot["signed"]["meta"]["targets"]["hashes"];
    *hashes = json!({ "md5": "1B2M2Y8AsgTpgAmY7PhCfg==" });
    let own = [&repository.keys[TARGETS]];
    files.insert("snapshot".to_owned(), file(&snapshot["signed"], &own));
    has(&tuf::check(&files, &[]), "targets", "hash-algorithm");
}

/// A file of targets for a delegation.
fn delegation(tags: &Value, roles: &Value, keys: &[&Key]) -> Value {
    json!({ "_type": "Targets", "version": 1, "expires": DAY, "targets": tags,
        "delegations": { "keys": notary::keys(keys), "roles": roles } })
}

fn role(name: &str, key: &Key, paths: &Value) -> Value {
    json!({ "name": name, "paths": paths, "threshold": 1, "keyids": [key.id] })
}

#[test]
fn k20_delegations_are_gone_through_in_order_each_with_what_is_under_it() {
    let (one, two) = (Key::new(31), Key::new(32));
    let mut repository = Repository::new();
    let all = json!([""]);
    repository.targets["delegations"] = json!({ "keys": notary::keys(&[&one, &two]),
        "roles": [role("targets/b", &one, &all), role("targets/a", &two, &all)] });
    let tag = json!({ "1.0": notary::entry(b"theirs") });
    let inner = json!([role("targets/b/c", &two, &all)]);
    let mut files = repository.files();
    files.remove("targets/releases");
    files.insert(
        "targets/b".to_owned(),
        file(&delegation(&tag, &inner, &[&two]), &[&one]),
    );
    let leaf = delegation(&tag, &json!([]), &[]);
    files.insert("targets/a".to_owned(), file(&leaf, &[&two]));
    files.insert("targets/b/c".to_owned(), file(&leaf, &[&two]));
    notary::complete(&mut files, &[&repository.keys[TARGETS]]);
    let checked = tuf::check(&files, &[]);
    assert_eq!(checked.faults, []);
    let roles: Vec<&str> = checked
        .targets
        .iter()
        .map(|target| target.role.as_str())
        .collect();
    assert_eq!(roles, ["targets", "targets/b", "targets/b/c", "targets/a"]);
}

#[test]
fn k23_a_role_is_its_parents_alone_and_checked_by_its_parents_keys() {
    let (one, two) = (Key::new(31), Key::new(32));
    let all = json!([""]);
    let tag = json!({ "1.0": notary::entry(b"theirs") });
    let leaf = file(&delegation(&tag, &json!([]), &[]), &[&two]);
    let with = |top: &Value, inner: &Value| {
        let mut repository = Repository::new();
        repository.targets["delegations"] =
            json!({ "keys": notary::keys(&[&one, &two]), "roles": top });
        let mut files = repository.files();
        files.remove("targets/releases");
        let inside = delegation(&json!({}), inner, &[&one, &two]);
        files.insert("targets/b".to_owned(), file(&inside, &[&one]));
        files.insert("targets/b/c".to_owned(), leaf.clone());
        notary::complete(&mut files, &[&repository.keys[TARGETS]]);
        tuf::check(&files, &[])
    };
    let parent = json!([role("targets/b", &one, &all)]);
    let good = with(&parent, &json!([role("targets/b/c", &two, &all)]));
    assert_eq!((good.faults.len(), good.targets.len()), (0, 2));
    // Another reaches past its child.
    let past = json!([
        role("targets/b/c", &two, &all),
        role("targets/b", &one, &all)
    ]);
    let checked = with(&past, &json!([]));
    has(&checked, "targets", "delegation");
    assert_eq!(checked.targets.len(), 1);
    // The parent names another key for it.
    let checked = with(&parent, &json!([role("targets/b/c", &one, &all)]));
    has(&checked, "targets/b/c", "signatures");
    assert_eq!(checked.targets.len(), 1);
    // A child may sign for nothing that its parent may not.
    let narrow = json!([role("targets/b", &one, &json!(["0."]))]);
    let checked = with(
        &narrow,
        &json!([role("targets/b/c", &two, &json!(["", "1."]))]),
    );
    has(&checked, "targets/b/c", "path");
    assert_eq!(checked.targets.len(), 1);
}

#[test]
fn k24_a_star_in_a_path_is_a_star() {
    for (paths, own) in [(json!(["*"]), 1), (json!(["2.*"]), 1), (json!(["2.0"]), 2)] {
        let mut repository = Repository::new();
        repository.targets["delegations"]["roles"][0]["paths"] = paths;
        assert_eq!(repository.check().targets.len(), own);
    }
}

/// The changes that notary's own tests make to a role before they sign again (notary:
/// `tuf/testutils/swizzler.go`), with the keys that the repository has.
const SWIZZLES: [&str; 8] = [
    "offset version",
    "set threshold",
    "expire",
    "change the root key",
    "rotate a key",
    "set invalid metadata type",
    "mutate a hash",
    "sign with another key",
];

/// The name of the fault that a swizzle of a role has to end in; none where it is no fault.
type Outcome = Option<&'static str>;

/// Changes a role before it and all above it are signed.
fn swizzled_before(repository: &mut Repository, name: &str, of: &str) -> Option<Outcome> {
    let (own, other) = (Key::new(2), Key::new(60));
    match (name, of) {
        ("offset version", "targets") => {
            repository.targets["version"] = json!(99);
            Some(None)
        }
        ("set threshold", "targets" | "timestamp" | "snapshot" | "root") => {
            repository.root["roles"][of]["threshold"] = json!(2);
            Some(Some("threshold"))
        }
        // The role is signed by the old key still.
        ("rotate a key", "targets" | "timestamp" | "snapshot") => {
            repository.root["keys"][&other.id] = notary::keys(&[&other])[&other.id].clone();
            repository.root["roles"][of] = notary::role(&[&other]);
            Some(Some("signatures"))
        }
        ("change the root key", "root") => {
            repository.root["keys"] = notary::keys(&[&other, &own]);
            repository.root["roles"]["root"] = notary::role(&[&other]);
            Some(Some("signatures"))
        }
        ("set invalid metadata type", "targets") => {
            repository.targets["_type"] = json!("Unexpected");
            Some(Some("role"))
        }
        ("set invalid metadata type", "targets/releases") => {
            repository.releases["_type"] = json!("Unexpected");
            Some(Some("role"))
        }
        _ => None,
    }
}

/// Changes a role of files that are signed, and signs it again.
fn swizzled_after(files: &mut Files, name: &str, of: &str) -> Option<Outcome> {
    let (own, other) = (Key::new(2), Key::new(60));
    let signed = |role: &str| -> Value {
        let value: Value = serde_json::from_slice(&files[role]).unwrap();
        value["signed"].clone()
    };
    let mut changed = signed(of);
    let (role, key, outcome) = match (name, of) {
        // What names it was not signed again.
        ("offset version", "root" | "targets/releases" | "snapshot") => {
            changed["version"] = json!(99);
            let seeds = [("root", 1), ("snapshot", 2), ("targets/releases", 3)];
            let seed = seeds.into_iter().find(|(role, _)| *role == of).unwrap().1;
            (of, Key::new(seed), Some("sha256"))
        }
        ("expire", "timestamp") => {
            changed["expires"] = json!("2000-01-01T00:00:00Z");
            (of, own, None)
        }
        ("mutate a hash", "targets" | "targets/releases" | "root") => {
            changed = signed("snapshot");
            changed["meta"][of] = notary::entry(b"something else");
            ("snapshot", own, Some("sha256"))
        }
        ("sign with another key", _) => (of, other, Some("signatures")),
        _ => return None,
    };
    files.insert(role.to_owned(), file(&changed, &[&key]));
    if name == "sign with another key" && !matches!(of, "snapshot" | "timestamp") {
        notary::complete(files, &[&Key::new(2)]);
    }
    Some(outcome)
}

fn swizzled(name: &str, of: &str) -> Option<(Files, Outcome)> {
    let mut repository = Repository::new();
    let before = swizzled_before(&mut repository, name, of);
    let mut files = repository.files();
    let outcome = before.or_else(|| swizzled_after(&mut files, name, of))?;
    Some((files, outcome))
}

#[test]
fn what_notary_s_own_tests_sign_again_is_refused_by_its_name() {
    let pin = [Key::new(1).id.parse().unwrap()];
    let (mut refused, mut taken) = (0, 0);
    for name in SWIZZLES {
        let before = refused + taken;
        for of in [
            "root",
            "timestamp",
            "snapshot",
            "targets",
            "targets/releases",
        ] {
            let Some((files, outcome)) = swizzled(name, of) else {
                continue;
            };
            let checked = tuf::check(&files, &pin);
            if let Some(code) = outcome {
                let at = if code == "threshold" { "root" } else { of };
                has(&checked, at, code);
                refused += 1;
            } else {
                // A version or a day that its own key signed is what it says: data, no fault.
                let of_other = checked.faults.iter().filter(|fault| fault.role != of);
                assert_eq!(of_other.count(), 0, "{name} {of}: {:?}", checked.faults);
                taken += 1;
            }
        }
        assert!(refused + taken > before, "{name}");
    }
    println!("{refused} swizzles with keys refused by name, {taken} taken for what they say");
    assert_eq!((refused, taken), (21, 2));
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
        for at in 0..bytes.len() {
            let mut other = files.clone();
            other.get_mut(name).unwrap()[at] ^= 1;
            assert_ne!(tuf::check(&other, &pins).faults, [], "{name} byte {at}");
            tried += 1;
        }
    }
    println!("{tried} mutations, each a fault");
    assert!(tried > 3000, "{tried}");
}
