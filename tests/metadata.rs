//! Single files of metadata, pasted one by one: which they are, which belong together, and their
//! exact bytes again where they were printed.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod notary;

use pullproof::claim::{Source, Standing, Statement, Verdict, Want};
use pullproof::tuf::{self, Files};
use pullproof::{Question, Report, Session, recognise};
use serde_json::{Value, json};

use notary::asked::{IMAGE, MANIFEST, NAME, NOW, by, evidence, is, noted};
use notary::{Key, OTHER, RELEASES, ROOT, Repository, TARGETS, entry, file};

const OTHER_NAME: &str = "docker.io/nicolas/other";

/// A repository with a certificate for this name, its tag 1.0 in the releases.
fn repository(name: &str, seed: u8) -> Repository {
    let mut keys = vec![Key::certified(seed, name, 1)];
    keys.extend((seed + 1..seed + 4).map(Key::new));
    let mut repository = Repository::with(keys);
    repository.targets["targets"] = json!({});
    repository.releases["targets"]["1.0"] = entry(MANIFEST.as_bytes());
    repository
}

/// One file as something prints it.
fn printed(bytes: &[u8], how: &str) -> Vec<u8> {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    match how {
        "as it is" => bytes.to_vec(),
        "with a newline" => [bytes, b"\n"].concat(),
        // serde_json sorts: then the signatures come before the signed part.
        "jq -S" => serde_json::to_vec_pretty(&value).unwrap(),
        "sorted, compact" => serde_json::to_vec(&value).unwrap(),
        "tabs" => String::from_utf8(serde_json::to_vec_pretty(&value).unwrap())
            .unwrap()
            .replace("  ", "\t")
            .into_bytes(),
        "after a prompt" => {
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            format!("$ cat metadata.json\n{pretty}\n$ ").into_bytes()
        }
        other => panic!("{other}"),
    }
}

fn session(pin: &str) -> Session {
    let image = IMAGE.parse().unwrap();
    Session::new(Question::Published {
        image,
        by: by(&[pin]),
    })
}

fn give(session: &mut Session, files: &[Vec<u8>]) {
    for file in files {
        let found = session.paste(file, None).unwrap();
        assert!(
            found
                .iter()
                .any(|finding| finding.tool.starts_with("Notary v1 ")),
            "{found:?}"
        );
    }
}

fn ask(pin: &str, files: &[Vec<u8>]) -> Report {
    let mut session = session(pin);
    give(&mut session, files);
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    session.report(NOW)
}

fn all(files: &Files) -> Vec<Vec<u8>> {
    files.values().cloned().collect()
}

#[test]
fn single_files_in_any_order_and_print_are_the_repository() {
    let repository = repository(NAME, 1);
    let pin = &repository.keys[ROOT].id;
    let files = all(&repository.files());
    for how in [
        "as it is",
        "with a newline",
        "jq -S",
        "sorted, compact",
        "tabs",
        "after a prompt",
    ] {
        for turned in 0..files.len() {
            let mut given: Vec<_> = files.iter().map(|bytes| printed(bytes, how)).collect();
            given.rotate_left(turned);
            let report = ask(pin, &given);
            is(&report, Verdict::Proven, "dct-pinned");
            assert_eq!(noted(&report, "dct-sha256"), [], "{how}");
            let (text, _) = noted(&report, "dct-metadata")[0];
            assert!(
                text.contains("as the certificate of the root names it"),
                "{text}"
            );
            assert!(text.contains("5 files"), "{text}");
            let recovered = noted(&report, "dct-recovered").len();
            let expected = match how {
                "as it is" => 0,
                // Nothing names a timestamp, so it is as it was given.
                _ => 4,
            };
            assert_eq!(recovered, expected, "{how}");
        }
    }
}

#[test]
fn all_in_one_paste_and_each_as_a_file() {
    let repository = repository(NAME, 1);
    let pin = &repository.keys[ROOT].id;
    let mut text = Vec::new();
    for (name, bytes) in &repository.files() {
        text.extend(format!("$ cat {name}.json\n").into_bytes());
        text.extend(printed(bytes, "jq -S"));
        text.push(b'\n');
    }
    is(&ask(pin, &[text]), Verdict::Proven, "dct-pinned");
    let mut session = session(pin);
    let want = Want {
        what: pullproof::claim::WantKind::Notary,
        hint: "a file".to_owned(),
        command: false,
        digest: None,
        url: None,
        accept: None,
    };
    for (name, bytes) in repository.files() {
        let from = Source::File {
            name: format!("{name}.json"),
        };
        session.supply(&want, bytes, from).unwrap();
    }
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    let report = session.report(NOW);
    is(&report, Verdict::Proven, "dct-pinned");
    let from = Source::File {
        name: "targets.json".to_owned(),
    };
    assert!(
        report
            .claims
            .iter()
            .any(|claim| claim.standing.sources().contains(&&from))
    );
}

#[test]
fn each_file_is_recognised_by_its_name() {
    for (name, bytes) in repository(NAME, 1).files() {
        let found = recognise(&bytes);
        let role = name.split('/').next().unwrap();
        assert_eq!(found[0].tool, format!("Notary v1 {role} metadata"));
    }
    // Metadata of another dialect is not taken for it.
    let other = json!({ "signed": { "_type": "root", "version": 1 }, "signatures": [] });
    assert_eq!(
        recognise(other.to_string().as_bytes())[0].tool,
        "JSON trust metadata"
    );
    assert_eq!(tuf::heading(other.to_string().as_bytes()), None);
}

#[test]
fn k15_what_cannot_be_found_again_keeps_its_signature_and_not_its_hash() {
    let repository = repository(NAME, 1);
    let mut files = repository.files();
    // A further signature, which no role asks for: what is signed stays signed.
    let mut releases: Value = serde_json::from_slice(&files["targets/releases"]).unwrap();
    let further = repository.keys[OTHER].signature(&releases["signed"]);
    releases["signatures"].as_array_mut().unwrap().push(further);
    let further = notary::written(&releases["signed"], &releases["signatures"]);
    files.insert("targets/releases".to_owned(), further);
    let report = ask(&repository.keys[ROOT].id, &all(&files));
    is(&report, Verdict::Open, "dct-fault");
    let (text, _) = noted(&report, "dct-sha256")[0];
    let both = "the signature of what it says is valid all the same";
    assert!(
        text.starts_with("targets/releases: ") && text.ends_with(both),
        "{text}"
    );
    assert_eq!(noted(&report, "dct-recovered"), []);
}

#[test]
fn two_repositories_in_one_session_are_kept_apart() {
    let (first, second) = (repository(NAME, 1), repository(OTHER_NAME, 11));
    let mut given = all(&first.files());
    for (n, file) in all(&second.files()).into_iter().enumerate() {
        given.insert(2 * n, printed(&file, "jq -S"));
    }
    let report = ask(&first.keys[ROOT].id, &given);
    is(&report, Verdict::Proven, "dct-pinned");
    is(&report, Verdict::Proven, "dct-repository");
    assert_eq!(noted(&report, "dct-metadata").len(), 2);
    // The key of the other proves nothing of this one.
    let report = ask(&second.keys[ROOT].id, &given);
    is(&report, Verdict::Open, "dct-unpinned");
}

/// A repository whose delegate signs for another one too, with the same key.
#[test]
fn a_delegates_file_of_another_repository_is_not_taken_for_this_ones() {
    let (mut first, second) = (repository(NAME, 1), repository(OTHER_NAME, 11));
    let delegate = &second.keys[RELEASES];
    first.targets["delegations"]["keys"] = notary::keys(&[delegate]);
    first.targets["delegations"]["roles"][0]["keyids"] = json!([delegate.id]);
    let mut files = first.files();
    let own = [&first.keys[TARGETS]];
    files.remove("targets/releases");
    notary::complete(&mut files, &own);
    let pin = &first.keys[ROOT].id;
    let mut given = all(&files);
    given.push(second.files()["targets/releases"].clone());
    // With the snapshot it is a file too many; without it nothing says whose the file is.
    is(&ask(pin, &given), Verdict::Open, "dct-not-in-snapshot");
    files.remove("snapshot");
    let mut given = all(&files);
    given.push(second.files()["targets/releases"].clone());
    is(&ask(pin, &given), Verdict::Open, "dct-snapshot");
    // Where both repositories are here, it stays with its own.
    let both = [all(&files), all(&second.files())].concat();
    let report = ask(pin, &both);
    assert_eq!(report.verdict, Verdict::Open);
    assert_eq!(noted(&report, "dct-metadata").len(), 2);
}

/// The next state of a repository: a tag moved, all versions one higher.
fn next(repository: &mut Repository, bytes: &[u8]) -> Files {
    repository.releases["targets"]["1.0"] = entry(bytes);
    repository.releases["version"] = json!(repository.releases["version"].as_u64().unwrap() + 1);
    repository.snapshot += 1;
    repository.timestamp += 1;
    repository.files()
}

#[test]
fn of_two_states_the_newer_answers_and_the_older_is_said() {
    let mut repository = repository(NAME, 1);
    let pin = repository.keys[ROOT].id.clone();
    let old = next(&mut repository, b"what it was before");
    let new = next(&mut repository, MANIFEST.as_bytes());
    for given in [
        [all(&old), all(&new)].concat(),
        [all(&new), all(&old)].concat(),
    ] {
        let report = ask(&pin, &given);
        is(&report, Verdict::Proven, "dct-older");
        let (text, _) = noted(&report, "dct-older")[0];
        let before = pullproof::Digest::sha256(b"what it was before");
        assert!(text.contains(before.as_str()), "{text}");
        assert_eq!(noted(&report, "dct-metadata").len(), 2, "none is lost");
    }
    // The same of files that were saved together.
    let mut session = session(&pin);
    for files in [&new, &old] {
        session.paste(&evidence(NAME, files), None).unwrap();
    }
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    is(&session.report(NOW), Verdict::Proven, "dct-older");
    // A tag that the newer state no longer has is not what the older says.
    let mut gone = repository;
    gone.releases["targets"] = json!({});
    gone.releases["version"] = json!(9);
    (gone.snapshot, gone.timestamp) = (9, 9);
    let report = ask(&pin, &[all(&new), all(&gone.files())].concat());
    is(&report, Verdict::Open, "dct-tag");
}

#[test]
fn k10_a_version_that_went_back_or_says_two_things_is_a_contradiction() {
    let mut repository = repository(NAME, 1);
    let pin = repository.keys[ROOT].id.clone();
    let old = next(&mut repository, MANIFEST.as_bytes());
    // Rollback: a newer timestamp of an older snapshot.
    let new = next(&mut repository, MANIFEST.as_bytes());
    (repository.snapshot, repository.timestamp) = (2, 20);
    let back = repository.files();
    let report = ask(&pin, &[all(&new), all(&back)].concat());
    is(&report, Verdict::Contradicted, "dct-rollback");
    let (text, standing) = noted(&report, "dct-rollback")[0];
    assert!(
        text.contains("timestamp went on while snapshot went back"),
        "{text}"
    );
    assert!(matches!(standing, Standing::Contradicted { .. }));
    // The same version with other content.
    let mut twice = notary_of(&old);
    twice.releases["targets"]["2.0"] = entry(b"another");
    let report = ask(&pin, &[all(&old), all(&twice.files())].concat());
    is(&report, Verdict::Contradicted, "dct-rollback");
    let (text, _) = noted(&report, "dct-rollback")[0];
    assert!(text.contains("have the version"), "{text}");
}

/// The repository that has these files, to be changed and signed anew.
fn notary_of(files: &Files) -> Repository {
    let signed = |name: &str| {
        let value: Value = serde_json::from_slice(&files[name]).unwrap();
        value["signed"].clone()
    };
    let mut repository = repository(NAME, 1);
    repository.releases = signed("targets/releases");
    repository.snapshot = signed("snapshot")["version"].as_u64().unwrap();
    repository.timestamp = signed("timestamp")["version"].as_u64().unwrap();
    repository
}

#[test]
fn k11_after_a_leap_forward_new_keys_begin_anew() {
    let mut leapt = repository(NAME, 1);
    let pin = leapt.keys[ROOT].id.clone();
    leapt.timestamp = 9_223_372_036_854_775_807;
    leapt.snapshot = 9_223_372_036_854_775_807;
    let far = leapt.files();
    is(&ask(&pin, &all(&far)), Verdict::Proven, "dct-pinned");
    // With the same keys lower versions go back.
    let mut low = repository(NAME, 1);
    let later = next(&mut low, MANIFEST.as_bytes());
    is(
        &ask(&pin, &[all(&far), all(&later)].concat()),
        Verdict::Contradicted,
        "dct-rollback",
    );
    // A new root with a new key for them lets them begin anew.
    let fresh = Key::new(40);
    low.root["version"] = json!(2);
    let own = &low.keys[TARGETS];
    low.root["keys"] = notary::keys(&[&low.keys[ROOT], own, &fresh]);
    for role in ["snapshot", "timestamp"] {
        low.root["roles"][role] = notary::role(&[&fresh]);
    }
    let mut files = low.files();
    notary::versioned(&mut files, &[&fresh], [1, 1]);
    let report = ask(&pin, &[all(&far), all(&files)].concat());
    is(&report, Verdict::Proven, "dct-older");
}

#[test]
fn k13_k35_what_is_not_signed_is_never_kept_for_what_is() {
    let repository = repository(NAME, 1);
    let pin = &repository.keys[ROOT].id;
    let good = all(&repository.files());
    // A newer root and a newer timestamp that nobody of the repository signed, given first.
    let mut forged = self::repository(NAME, 21);
    forged.root["version"] = json!(7);
    let bad_root = file(&forged.root, &[&forged.keys[TARGETS]]);
    let timestamp = forged.files()["timestamp"].clone();
    let mut stolen: Value = serde_json::from_slice(&timestamp).unwrap();
    stolen["signed"]["version"] = json!(99);
    stolen["signatures"][0]["keyid"] = json!(repository.keys[TARGETS].id);
    let given = [
        vec![bad_root, stolen.to_string().into_bytes()],
        good.clone(),
    ]
    .concat();
    let report = ask(pin, &given);
    is(&report, Verdict::Proven, "dct-pinned");
    assert_eq!(noted(&report, "dct-stray").len(), 2);
    // Saved together, the bad state is beside the good one.
    let mut files = repository.files();
    files.insert("timestamp".to_owned(), stolen.to_string().into_bytes());
    let mut session = session(pin);
    session.paste(&evidence(NAME, &files), None).unwrap();
    session
        .paste(&evidence(NAME, &repository.files()), None)
        .unwrap();
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    is(&session.report(NOW), Verdict::Proven, "dct-pinned");
}

#[test]
fn a_file_that_nothing_signed_is_said_to_belong_to_nothing() {
    let repository = repository(NAME, 1);
    let files = repository.files();
    let report = ask(&repository.keys[ROOT].id, &[files["targets"].clone()]);
    is(&report, Verdict::Open, "dct-stray");
    let (text, _) = noted(&report, "dct-stray")[0];
    assert!(
        text.starts_with("targets metadata, version 2, valid until 2036"),
        "{text}"
    );
    // And the root alone says what else is missing.
    let report = ask(&repository.keys[ROOT].id, &[files["root"].clone()]);
    is(&report, Verdict::Open, "dct-missing");
}

#[test]
fn evidence_above_the_limit_of_one_document_is_read() {
    let mut repository = repository(NAME, 1);
    for n in 0..36_000 {
        repository.releases["targets"][format!("tag-{n}")] = entry(MANIFEST.as_bytes());
    }
    let files = repository.files();
    let saved = evidence(NAME, &files);
    assert!(saved.len() > 4 << 20, "{}", saved.len());
    let mut session = session(&repository.keys[ROOT].id);
    assert_eq!(
        session.paste(&saved, None).unwrap()[0].tool,
        "pullproof rescue"
    );
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    is(&session.report(NOW), Verdict::Proven, "dct-pinned");
}

#[test]
fn more_files_keys_and_roles_than_any_repository_has_are_refused_and_said() {
    let mut repository = repository(NAME, 1);
    let pin = repository.keys[ROOT].id.clone();
    let good = all(&repository.files());
    // A thousand timestamps that only look like some, before or after.
    let mut session = session(&pin);
    give(&mut session, &good);
    for version in 1..1_010 {
        let signed =
            json!({ "_type": "Timestamp", "version": version, "expires": notary::DAY, "meta": {} });
        session
            .paste(&notary::written(&signed, &json!([])), None)
            .unwrap();
    }
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    let report = session.report(NOW);
    is(&report, Verdict::Proven, "limit-exceeded");
    // More roles than are read: the file is at fault, and so are its contents.
    let role = repository.targets["delegations"]["roles"][0].clone();
    let roles = (0..1_001).map(|n| {
        let mut role = role.clone();
        role["name"] = json!(format!("targets/{n}"));
        role
    });
    let roles: Vec<Value> = std::iter::once(role.clone()).chain(roles).collect();
    repository.targets["delegations"]["roles"] = json!(roles);
    let report = ask(&pin, &all(&repository.files()));
    is(&report, Verdict::Open, "dct-limit-exceeded");
    // And more signatures.
    let mut files = self::repository(NAME, 1).files();
    let targets: Value = serde_json::from_slice(&files["targets"]).unwrap();
    let many = vec![targets["signatures"][0].clone(); 101];
    files.insert(
        "targets".to_owned(),
        notary::written(&targets["signed"], &json!(many)),
    );
    has_fault(&files, "targets", "limit-exceeded");
}

fn has_fault(files: &Files, role: &str, code: &str) {
    let faults = tuf::check(files, &[]).faults;
    assert!(
        faults
            .iter()
            .any(|fault| fault.role == role && fault.code == code),
        "{faults:?}"
    );
}

#[test]
fn any_other_byte_of_a_single_file_proves_no_more_and_beside_the_file_no_less() {
    let repository = repository(NAME, 1);
    let pin = &repository.keys[ROOT].id;
    let files = repository.files();
    let signed = pullproof::Digest::sha256(MANIFEST.as_bytes());
    let (mut tried, mut proven) = (0, 0);
    for (name, bytes) in &files {
        for at in (0..bytes.len()).step_by(11) {
            let mut other = bytes.clone();
            other[at] ^= 1;
            let mut given = files.clone();
            given.insert(name.clone(), other.clone());
            let mut session = session(pin);
            for file in all(&given) {
                session.paste(&file, None).unwrap();
            }
            session.paste(MANIFEST.as_bytes(), None).unwrap();
            let report = session.report(NOW);
            tried += 1;
            if report.verdict == Verdict::Proven {
                // Nothing rests on the timestamp but how new the metadata is.
                assert_eq!(name, "timestamp", "byte {at}");
                proven += 1;
            }
            for claim in &report.claims {
                if let (Statement::Signs { digest, .. }, Verdict::Proven) =
                    (&claim.statement, claim.standing.verdict())
                {
                    assert_eq!(*digest, signed, "{name} byte {at}");
                }
            }
            // What is spoilt takes nothing from the file that is not.
            session.paste(bytes, None).unwrap();
            let report = session.report(NOW);
            assert_eq!(
                report.verdict,
                Verdict::Proven,
                "{name} byte {at}: {:#?}",
                report.claims
            );
        }
    }
    println!("{tried} mutations of single files: {proven} still proven, all of the timestamp");
    assert!(tried > 250 && proven < tried / 4);
}
