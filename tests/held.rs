//! What a proof by signed metadata rests on has to hold: at the time that is asked about, for the
//! repository that is asked about, and in every file that another names.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod notary;

use base64ct::{Base64, Encoding};
use pullproof::claim::{Statement, Verdict};
use pullproof::tuf::Files;
use pullproof::{Digest, Question, Report, Session, Trust, UnixTime};
use serde_json::{Value, json};

use notary::asked::{IMAGE, MANIFEST, NAME, NOW, by, evidence, is, noted};
use notary::{Days, Key, OTHER, RELEASES, ROOT, Repository, TARGETS, entry, file};

const OTHER_NAME: &str = "docker.io/nicolas/other";
/// 2025-01-01 and 2028-01-01, in seconds and as certificates have them.
const FROM: i64 = 1_735_689_600;
const UNTIL: i64 = 1_830_297_600;
const DAYS: Days = (b"250101000000Z", b"280101000000Z");

fn of(name: &str, seed: u8) -> Repository {
    let mut keys = vec![Key::certified(seed, name, 1)];
    keys.extend((seed + 1..seed + 4).map(Key::new));
    with(keys)
}

/// With these keys; the tag 1.0 is the manifest, of the repository and in the releases.
fn with(keys: Vec<Key>) -> Repository {
    let mut repository = Repository::with(keys);
    repository.targets["targets"]["1.0"] = entry(MANIFEST.as_bytes());
    repository.releases["targets"]["1.0"] = entry(MANIFEST.as_bytes());
    repository
}

fn session(image: &str, by: Trust, files: &Files) -> Session {
    let image = image.parse().unwrap();
    let mut session = Session::new(Question::Published { image, by });
    session.paste(&evidence(NAME, files), None).unwrap();
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    session
}

fn ask(pin: &str, files: &Files) -> Report {
    session(IMAGE, by(&[pin]), files).report(NOW)
}

fn signed(files: &Files, role: &str) -> Value {
    let value: Value = serde_json::from_slice(&files[role]).unwrap();
    value["signed"].clone()
}

// Time.

/// That a repository proves its tag while this certificate holds, and neither before nor after.
#[track_caller]
fn holds_within(pin: &str, files: &Files) {
    let mut session = session(IMAGE, by(&[pin]), files);
    for (now, verdict, code) in [
        (FROM - 1, Verdict::Open, "dct-not-yet"),
        (FROM, Verdict::Proven, "dct-pinned"),
        (UNTIL - 1, Verdict::Proven, "dct-pinned"),
        (UNTIL, Verdict::Open, "dct-expired"),
        (0, Verdict::Open, "dct-not-yet"),
    ] {
        is(&session.report(UnixTime(now)), verdict, code);
    }
}

#[test]
fn nothing_is_proven_before_or_after_a_certificate_of_any_role_holds() {
    for role in [ROOT, TARGETS, RELEASES] {
        let mut keys = vec![Key::certified(1, NAME, 1)];
        keys.extend((2..=4).map(Key::new));
        keys[role] = Key::certified_between(u8::try_from(role).unwrap() + 1, NAME, DAYS);
        let repository = with(keys);
        holds_within(&repository.keys[ROOT].id, &repository.files());
    }
}

#[test]
fn a_certificate_that_ends_before_it_begins_never_holds() {
    let mut keys = vec![Key::certified_between(1, NAME, (DAYS.1, DAYS.0))];
    keys.extend((2..=4).map(Key::new));
    let repository = with(keys);
    let mut session = session(IMAGE, by(&[&repository.keys[ROOT].id]), &repository.files());
    for now in [
        0,
        FROM - 1,
        FROM,
        i64::midpoint(FROM, UNTIL),
        UNTIL,
        UNTIL + 1,
    ] {
        let report = session.report(UnixTime(now));
        assert_eq!(report.verdict, Verdict::Open, "{now}");
    }
}

#[test]
fn a_root_that_was_rotated_is_not_proven_before_the_older_ones_certificate_and_is_after_it() {
    let old = Key::certified_between(21, NAME, DAYS);
    let repository = of(NAME, 1);
    let own = &repository.keys[TARGETS];
    let mut files = repository.files();
    let mut first = repository.root.clone();
    first["keys"] = notary::keys(&[&old, own]);
    first["roles"]["root"] = notary::role(&[&old]);
    let mut second = repository.root.clone();
    second["version"] = json!(2);
    files.insert("1.root".to_owned(), file(&first, &[&old]));
    let signers = [&old, &repository.keys[ROOT]];
    files.insert("root".to_owned(), file(&second, &signers));
    notary::complete(&mut files, &[own]);
    let mut session = session(IMAGE, by(&[&old.id]), &files);
    for (now, verdict, code) in [
        (FROM - 1, Verdict::Open, "dct-not-yet"),
        (FROM, Verdict::Proven, "dct-pinned"),
        // It was replaced: since when does not matter.
        (UNTIL, Verdict::Proven, "dct-pinned"),
    ] {
        is(&session.report(UnixTime(now)), verdict, code);
    }
}

#[test]
fn nothing_is_proven_after_a_file_that_it_rests_on_is_over_or_by_a_time_that_is_none() {
    for role in ["root", "targets", "targets/releases", "snapshot"] {
        for day in [
            "2026-12-01T00:00:00Z",
            "2027-02-29T00:00:00Z",
            "2099-12-31T23:59:60Z",
            "10000-01-01T00:00:00Z",
            "2099-01-01T00:00:00+99:00",
            "2099-01-01",
            "",
        ] {
            let mut repository = of(NAME, 1);
            match role {
                "root" => repository.root["expires"] = json!(day),
                "targets" => repository.targets["expires"] = json!(day),
                "targets/releases" => repository.releases["expires"] = json!(day),
                _ => {}
            }
            let mut files = repository.files();
            if role == "snapshot" {
                let own = [&repository.keys[TARGETS]];
                let mut snapshot = signed(&files, role);
                snapshot["expires"] = json!(day);
                files.insert(role.to_owned(), file(&snapshot, &own));
                let meta = json!({ "snapshot": entry(&files[role]) });
                let timestamp = json!({ "_type": "Timestamp", "version": 5, "expires": notary::DAY, "meta": meta });
                files.insert("timestamp".to_owned(), file(&timestamp, &own));
            }
            let report = ask(&repository.keys[ROOT].id, &files);
            is(&report, Verdict::Open, "dct-expired");
        }
    }
}

// The repository.

/// The files of another repository, under a root that somebody made for the one that is asked
/// about: it lists the other's key for the targets.
fn stolen(other: &Repository) -> Files {
    let forger = Key::certified(91, NAME, 1);
    let own = &other.keys[TARGETS];
    let mut root = other.root.clone();
    root["keys"] = notary::keys(&[&forger, own]);
    root["roles"]["root"] = notary::role(&[&forger]);
    let mut files = other.files();
    files.insert("root".to_owned(), file(&root, &[&forger]));
    notary::complete(&mut files, &[own]);
    files
}

#[test]
fn a_root_that_no_given_key_leads_to_does_not_say_for_which_repository_a_key_signs() {
    let other = of(OTHER_NAME, 1);
    let files = stolen(&other);
    let own = other.keys[TARGETS].id.as_str();
    let text = json!({ "pullproof": "policy", "version": 1, "project": "Webdis",
        "names": [NAME, OTHER_NAME], "releases": [{ "tag": "1.0" }],
        "signers": { "dct": { "repository": [own] } } });
    let policy = || Trust::Policy(std::sync::Arc::new(text.to_string().parse().unwrap()));
    for by in [by(&[own]), policy()] {
        let report = session(IMAGE, by.clone(), &files).report(NOW);
        is(&report, Verdict::Open, "dct-unrooted");
        // As single files, of which the root alone says whose they are.
        let image = IMAGE.parse().unwrap();
        let mut session = Session::new(Question::Published { image, by });
        for bytes in files.values() {
            session.paste(bytes, None).unwrap();
        }
        session.paste(MANIFEST.as_bytes(), None).unwrap();
        is(&session.report(NOW), Verdict::Open, "dct-unrooted");
    }
    // The other's own root says of which repository they are.
    let root = other.keys[ROOT].id.as_str();
    let report = ask(root, &other.files());
    is(&report, Verdict::Contradicted, "dct-repository");
    // Without its key that is nobody's word.
    let report = ask(own, &other.files());
    is(&report, Verdict::Open, "dct-repository");
    assert_eq!(report.verdict, Verdict::Open);
}

#[test]
fn a_root_that_was_rotated_stays_one_repositorys() {
    let old = Key::certified(21, OTHER_NAME, 1);
    let repository = of(NAME, 1);
    let own = &repository.keys[TARGETS];
    let mut files = repository.files();
    let mut first = repository.root.clone();
    first["keys"] = notary::keys(&[&old, own]);
    first["roles"]["root"] = notary::role(&[&old]);
    let mut second = repository.root.clone();
    second["version"] = json!(2);
    files.insert("1.root".to_owned(), file(&first, &[&old]));
    let signers = [&old, &repository.keys[ROOT]];
    files.insert("root".to_owned(), file(&second, &signers));
    notary::complete(&mut files, &[own]);
    is(
        &ask(&old.id, &files),
        Verdict::Contradicted,
        "dct-repository",
    );
    let newest = &repository.keys[ROOT].id;
    is(&ask(newest, &files), Verdict::Proven, "dct-pinned");
}

// Documents that are named and not here.

#[test]
fn the_releases_that_are_held_back_leave_a_tag_of_the_repository_open() {
    let mut repository = of(NAME, 1);
    repository.releases["targets"]["1.0"] = entry(b"what docker would take");
    let pin = repository.keys[ROOT].id.as_str();
    let whole = repository.files();
    let report = ask(pin, &whole);
    is(&report, Verdict::Contradicted, "dct-two-digests");
    for (held_back, code) in [
        (&["targets/releases"][..], "dct-releases"),
        (
            &["targets/releases", "snapshot", "timestamp"][..],
            "dct-releases",
        ),
        (&["targets/releases", "timestamp"][..], "dct-releases"),
        (&["snapshot"][..], "dct-snapshot"),
    ] {
        let mut files = whole.clone();
        files.retain(|role, _| !held_back.contains(&role.as_str()));
        is(&ask(pin, &files), Verdict::Open, code);
    }
    // Asked for by the digest that only the repository's own tag has.
    let image = format!("{NAME}@{}", Digest::sha256(MANIFEST.as_bytes()));
    let report = session(&image, by(&[pin]), &whole).report(NOW);
    is(&report, Verdict::Contradicted, "dct-two-digests");
    // A delegation whose signer never signed anything has no file, and no snapshot names one.
    let mut files = whole.clone();
    files.remove("targets/releases");
    notary::complete(&mut files, &[&repository.keys[TARGETS]]);
    is(&ask(pin, &files), Verdict::Proven, "dct-pinned");
}

#[test]
fn a_snapshot_that_the_timestamp_does_not_name_is_not_taken_for_the_one_it_names() {
    let mut repository = of(NAME, 1);
    let pin = repository.keys[ROOT].id.clone();
    let old = repository.files();
    is(&ask(&pin, &old), Verdict::Proven, "dct-pinned");
    repository.targets["targets"] = json!({});
    repository.targets["version"] = json!(3);
    repository.releases["targets"] = json!({});
    repository.releases["version"] = json!(4);
    (repository.snapshot, repository.timestamp) = (5, 6);
    let new = repository.files();
    // Every mixture of the files of two states, each of which is signed.
    let mixed = ["timestamp", "snapshot", "targets", "targets/releases"];
    for bits in 1..15_u32 {
        let mut files = old.clone();
        for (at, role) in mixed.iter().enumerate() {
            if bits >> at & 1 == 1 {
                files.insert((*role).to_owned(), new[*role].clone());
            }
        }
        let report = ask(&pin, &files);
        assert_ne!(report.verdict, Verdict::Proven, "{bits:04b}");
    }
}

// Two statements about one digest.

#[test]
fn k18_two_roles_that_sign_another_length_or_sha512_of_one_digest() {
    let sha512 = |byte| json!(Base64::encode_string(&[byte; 64]));
    for code in ["dct-length", "dct-sha512"] {
        let mut repository = of(NAME, 1);
        let [own, delegated] = [&mut repository.targets, &mut repository.releases]
            .map(|role| &mut role["targets"]["1.0"]);
        if code == "dct-length" {
            delegated["length"] = json!(0);
        } else {
            own["hashes"]["sha512"] = sha512(1);
            delegated["hashes"]["sha512"] = sha512(2);
        }
        let pin = repository.keys[ROOT].id.clone();
        is(&ask(&pin, &repository.files()), Verdict::Contradicted, code);
    }
}

// Names.

/// The name of a role that is longer than what is repeated of a text.
fn long(last: char) -> String {
    format!("targets/{}{last}", "a".repeat(500))
}

#[test]
fn a_role_of_any_name_keeps_its_faults() {
    // Two roles whose names begin alike; one has the tag, and the snapshot names other bytes.
    let mut repository = of(NAME, 1);
    let person = &repository.keys[OTHER];
    let id = person.id.clone();
    let names = [long('x'), long('y'), "targets/short".to_owned()];
    for name in &names {
        let role = json!({ "name": name, "paths": [""], "threshold": 1, "keyids": [id] });
        let delegations = &mut repository.targets["delegations"];
        delegations["keys"][&id] = notary::keys(&[person])[&id].clone();
        delegations["roles"].as_array_mut().unwrap().push(role);
    }
    let tags = json!({ "1.0": entry(MANIFEST.as_bytes()) });
    let leaf = |version: u64| {
        let signed = json!({ "_type": "Targets", "version": version, "expires": notary::DAY, "targets": tags,
            "delegations": { "keys": {}, "roles": [] } });
        file(&signed, &[person])
    };
    let text = json!({ "pullproof": "policy", "version": 1, "project": "Webdis", "names": [NAME],
        "releases": [{ "tag": "1.0" }], "signers": { "dct": { "root": [repository.keys[ROOT].id],
        "signers": { "nicolasff": [id] } } } });
    let policy = || Trust::Policy(std::sync::Arc::new(text.to_string().parse().unwrap()));
    let own = [&repository.keys[TARGETS]];
    for name in &names {
        let mut files = repository.files();
        files.insert(name.clone(), leaf(1));
        notary::complete(&mut files, &own);
        let good = session(IMAGE, policy(), &files).report(NOW);
        is(&good, Verdict::Proven, "dct-pinned");
        files.insert(name.clone(), leaf(2));
        let checked = pullproof::tuf::check(&files, &[]);
        let fault = |code: &str| {
            let mut faults = checked.faults.iter();
            faults.any(|fault| fault.role == *name && fault.code == code)
        };
        assert!(fault("sha256"), "{:?}", checked.faults);
        let report = session(IMAGE, policy(), &files).report(NOW);
        is(&report, Verdict::Open, "dct-signer");
        let (text, _) = noted(&report, "dct-sha256")[0];
        assert!(
            text.chars().count() < 600 && text.contains("signature of what it says"),
            "{text}"
        );
    }
}

#[test]
fn k21_a_role_that_is_called_like_a_root_is_none() {
    let mut repository = of(NAME, 1);
    let person = &repository.keys[OTHER];
    let role =
        json!({ "name": "targets/1.root", "paths": [""], "threshold": 1, "keyids": [person.id] });
    let delegations = &mut repository.targets["delegations"];
    delegations["keys"][&person.id] = notary::keys(&[person])[&person.id].clone();
    delegations["roles"].as_array_mut().unwrap().push(role);
    let signed = json!({ "_type": "Targets", "version": 1, "expires": "2000-01-01T00:00:00Z",
        "targets": { "": 1 }, "delegations": { "keys": {}, "roles": [] } });
    let mut files = repository.files();
    files.insert("targets/1.root".to_owned(), file(&signed, &[person]));
    notary::complete(&mut files, &[&repository.keys[TARGETS]]);
    let pin = &repository.keys[ROOT].id;
    is(&ask(pin, &files), Verdict::Proven, "dct-target");
}

#[test]
fn a_version_at_the_end_of_all_numbers_has_none_after_it() {
    let mut repository = of(NAME, 1);
    let old = Key::certified(21, NAME, 1);
    let mut first = repository.root.clone();
    first["keys"] = notary::keys(&[&old, &repository.keys[TARGETS]]);
    first["roles"]["root"] = notary::role(&[&old]);
    first["version"] = json!(u64::MAX);
    repository.root["version"] = json!(2);
    let mut files = repository.files();
    files.insert("1.root".to_owned(), file(&first, &[&old]));
    let signers = [&old, &repository.keys[ROOT]];
    files.insert("root".to_owned(), file(&repository.root, &signers));
    notary::complete(&mut files, &[&repository.keys[TARGETS]]);
    is(&ask(&old.id, &files), Verdict::Open, "dct-root-chain");
}

#[test]
fn one_file_under_two_names_is_a_file_that_cannot_be_read() {
    let repository = of(NAME, 1);
    let files = repository.files();
    let mut saved: Value = serde_json::from_slice(&evidence(NAME, &files)).unwrap();
    saved["files"]["root"] = json!(Base64::encode_string(&files["targets"]));
    let image = IMAGE.parse().unwrap();
    let by = by(&[&repository.keys[ROOT].id]);
    let mut session = Session::new(Question::Published { image, by });
    session.paste(saved.to_string().as_bytes(), None).unwrap();
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    is(&session.report(NOW), Verdict::Open, "dct-json-syntax");
}

/// The output of `docker trust inspect` for the tag: its signer, and keys by role.
fn printed(signer: &str, keys: &[(&str, &str)]) -> Vec<u8> {
    let key = |(name, id): &(&str, &str)| json!({ "Name": name, "Keys": [{ "ID": id }] });
    let (admin, named): (Vec<_>, Vec<_>) = keys
        .iter()
        .partition(|(name, _)| matches!(*name, "Root" | "Repository"));
    let of = |all: Vec<&(&str, &str)>| all.into_iter().map(key).collect::<Vec<_>>();
    json!([{ "Name": NAME, "SignedTags": [{ "SignedTag": "1.0",
        "Digest": Digest::sha256(MANIFEST.as_bytes()).encoded(), "Signers": [signer] }],
        "Signers": of(named), "AdministrativeKeys": of(admin) }])
    .to_string()
    .into_bytes()
}

#[test]
fn a_signer_that_is_called_like_a_key_or_like_an_identity_is_neither() {
    let id = "ab".repeat(32);
    let identity = Trust::Identity {
        identity: "me@example.org".to_owned(),
        issuer: "https://issuer.example".to_owned(),
    };
    let called = "me@example.org (issuer https://issuer.example)";
    for (by, signer, keys, verdict) in [
        (by(&[&id]), id.as_str(), vec![], Verdict::Open),
        (
            by(&[&id]),
            "keeper",
            vec![("keeper", id.as_str())],
            Verdict::Stated,
        ),
        (identity, called, vec![], Verdict::Open),
    ] {
        let image = IMAGE.parse().unwrap();
        let mut session = Session::new(Question::Published { image, by });
        session.paste(&printed(signer, &keys), None).unwrap();
        session.paste(MANIFEST.as_bytes(), None).unwrap();
        let report = session.report(NOW);
        assert_eq!(report.verdict, verdict, "{signer}: {:#?}", report.claims);
    }
}

/// Nobody is named as the one that has to have signed where any of several may.
#[test]
fn that_one_of_several_keys_has_to_have_signed_is_no_signature_by_all_of_them() {
    let ids = ["ab".repeat(32), "cd".repeat(32)];
    for (pins, code) in [(&ids[..1], None), (&ids[..], Some("unsigned"))] {
        let pins: Vec<&str> = pins.iter().map(String::as_str).collect();
        let mut session = Session::new(Question::Published {
            image: format!("{IMAGE}@{}", Digest::sha256(b"x")).parse().unwrap(),
            by: by(&pins),
        });
        session.paste(b"hello", None).unwrap();
        let report = session.report(NOW);
        assert_eq!(report.verdict, Verdict::Open);
        let [claim] = &report.claims[..report.rests] else {
            panic!("{:#?}", report.claims);
        };
        match (&claim.statement, code) {
            (Statement::Signs { by, .. }, None) => assert_eq!(by.to_string(), ids[0]),
            (Statement::Note { code, text, .. }, Some(expected)) => {
                assert_eq!(code, expected);
                assert!(ids.iter().all(|id| text.contains(id)), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
}

/// How often what was printed and the metadata do not say the same.
fn differences(repository: &Repository, printed: &[u8]) -> usize {
    let pin = repository.keys[ROOT].id.as_str();
    let mut session = session(IMAGE, by(&[pin]), &repository.files());
    session.paste(printed, None).unwrap();
    let report = session.report(NOW);
    let claims = report.claims.iter();
    claims
        .filter(|claim| claim.standing.verdict() == Verdict::Contradicted)
        .count()
}

#[test]
fn the_beginning_of_a_key_id_is_as_long_as_docker_prints_it() {
    let repository = of(NAME, 1);
    let [root, own] = [ROOT, TARGETS].map(|key| repository.keys[key].id.as_str());
    let of = |root, own| printed("Repo Admin", &[("Root", root), ("Repository", own)]);
    assert_eq!(differences(&repository, &of(root, own)), 0);
    assert_eq!(differences(&repository, &of(root, &own[..12])), 0);
    for short in ["", "9", &own[..11]] {
        assert!(differences(&repository, &of(root, short)) > 0, "{short:?}");
    }
}

#[test]
fn a_name_that_spells_a_hidden_character_is_another_than_one_that_has_it() {
    // The metadata has a delegate with a hidden character in its name, docker printed another.
    let mut repository = of(NAME, 1);
    let person = &repository.keys[OTHER];
    let id = person.id.clone();
    let (hidden, spelled) = ("a\u{200b}b", "a\\u{200b}b");
    let role = json!({ "name": format!("targets/{hidden}"), "paths": [""], "threshold": 1, "keyids": [id] });
    let delegations = &mut repository.targets["delegations"];
    delegations["keys"][&id] = notary::keys(&[person])[&id].clone();
    delegations["roles"].as_array_mut().unwrap().push(role);
    let [root, own] = [ROOT, TARGETS].map(|key| repository.keys[key].id.as_str());
    let of = |name| {
        printed(
            "Repo Admin",
            &[("Root", root), ("Repository", own), (name, &id)],
        )
    };
    assert_eq!(differences(&repository, &of(hidden)), 0);
    assert!(differences(&repository, &of(spelled)) > 0);
}
