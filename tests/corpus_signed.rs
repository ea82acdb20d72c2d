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

use pullproof::claim::{Source, Standing, Statement};
use pullproof::tuf::{self, Checked, Files};
use pullproof::{Question, Report, Session, UnixTime};
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

/// The changes that notary's own tests make to a file of metadata (notary:
/// `tuf/testutils/swizzler.go`), as far as they need no key: the name, and the reason that has to
/// be among those for the refusal.
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
                json!(all["signed"]["version"].as_u64().expect("a version") + 1);
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

/// The good repositories of the list, by their folder.
fn good() -> Vec<(String, Files)> {
    let list = fs::read_to_string(folder().join("SIGNED.tsv")).expect("SIGNED.tsv");
    let mut good = Vec::new();
    for row in list.lines() {
        let row: Vec<&str> = row.split('\t').collect();
        if let [path, "tuf-notary-v1", _, outcome, ..] = row.as_slice()
            && !outcome.starts_with("REJECT")
        {
            good.push(((*path).to_owned(), files(&folder().join(path))));
        }
    }
    good
}

fn described(pasted: &[Vec<u8>]) -> Report {
    let mut session = Session::new(Question::What);
    for text in pasted {
        session.paste(text, None).expect("a paste");
    }
    session.report(UnixTime(1_795_435_200))
}

fn codes(report: &Report) -> Vec<&str> {
    let codes = report
        .claims
        .iter()
        .filter_map(|claim| match &claim.statement {
            Statement::Note { code, .. } => Some(code.as_str()),
            _ => None,
        });
    codes.collect()
}

/// As tools print a file: none of them keeps the bytes that a snapshot names.
fn printed(bytes: &[u8], how: &str) -> Vec<u8> {
    let value: Value = serde_json::from_slice(bytes).expect("JSON");
    let pretty = || serde_json::to_string_pretty(&value).expect("JSON");
    match how {
        "jq" => {
            // In the order of the file, as jq leaves it.
            let (signed, signatures) = (&value["signed"], &value["signatures"]);
            let part = |value: &Value| serde_json::to_string_pretty(value).expect("JSON");
            let text = format!(
                "{{\n\"signed\": {},\n\"signatures\": {}\n}}\n",
                part(signed),
                part(signatures)
            );
            text.into_bytes()
        }
        "jq -S" => format!("{}\n", pretty()).into_bytes(),
        "with CRLF" => pretty().replace('\n', "\r\n").into_bytes(),
        other => panic!("{other}"),
    }
}

#[test]
fn printed_files_pasted_one_by_one_are_the_repository_again() {
    let (mut found, mut tried) = (0, 0);
    for (path, files) in good() {
        for how in ["jq", "jq -S", "with CRLF"] {
            let all: Vec<_> = files.values().map(|bytes| printed(bytes, how)).collect();
            let report = described(&all);
            let codes = codes(&report);
            let recovered = codes
                .iter()
                .filter(|code| **code == "dct-recovered")
                .count();
            let faults = [
                "dct-sha256",
                "dct-length",
                "dct-stray",
                "dct-signatures",
                "dct-missing",
            ];
            let wrong: Vec<_> = codes.iter().filter(|code| faults.contains(code)).collect();
            assert_eq!(wrong, Vec::<&&str>::new(), "{path} {how}");
            assert_eq!(
                codes.iter().filter(|code| **code == "dct-metadata").count(),
                1,
                "{path} {how}"
            );
            // The snapshot by its timestamp, the others by the snapshot.
            let snapshot: Value = serde_json::from_slice(&files["snapshot"]).expect("JSON");
            let named = snapshot["signed"]["meta"].as_object().expect("names").len() + 1;
            assert_eq!(recovered, named, "{path} {how}");
            found += recovered;
            tried += named;
        }
    }
    println!("tuf-notary-v1: {found} of {tried} printed files found again byte for byte");
    assert!(found > 50);
}

#[test]
fn all_repositories_pasted_at_once_are_kept_apart() {
    let mut all = Vec::new();
    let mut names = 0;
    for (path, files) in good() {
        // One of the two states of a repository before and after it rotated its keys is older.
        names += 1;
        println!("{path}: {} files", files.len());
        all.extend(files.into_values());
    }
    let report = described(&all);
    let codes = codes(&report);
    let archives = codes.iter().filter(|code| **code == "dct-metadata").count();
    assert!(archives >= names, "{archives} of {names}");
    assert!(!codes.contains(&"dct-stray"), "{codes:?}");
}

/// The places of whole digests and key ids in a text.
fn ids(text: &str) -> Vec<usize> {
    let digits = |at: usize| {
        let rest = text[at..].bytes();
        rest.take_while(u8::is_ascii_hexdigit).count()
    };
    let starts = (0..text.len()).filter(|&at| text.is_char_boundary(at));
    let whole = starts.filter(|&at| digits(at) == 64);
    whole
        .filter(|&at| at == 0 || !text.as_bytes()[at - 1].is_ascii_hexdigit())
        .collect()
}

/// The output of the real docker client (28.2.2) for the real repositories, compared with their
/// metadata: every digest, signer and key id of it.
#[test]
fn what_docker_printed_of_a_repository_is_what_its_metadata_says() {
    let at = folder().join("data/signed-notary-v1/generated-dct");
    let (mut texts, mut fields, mut changed) = (0, 0, 0);
    for entry in fs::read_dir(&at).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let Some((repository, _)) = name
            .split_once('.')
            .filter(|(_, rest)| rest.contains("trust-inspect"))
        else {
            continue;
        };
        if name.contains("nosuch") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let files: Vec<_> = files(&at.join(repository)).into_values().collect();
        let with =
            |text: &str| described(&[files.clone(), vec![text.as_bytes().to_vec()]].concat());
        let report = with(&text);
        let said = |standing: &Standing| {
            standing.sources().iter().any(|source| {
            matches!(source, Source::Pasted { tool, .. } if tool.starts_with("docker trust inspect"))
        })
        };
        // docker itself printed two digests for one tag where two roles have two: that is no
        // difference between its output and the metadata.
        let by = |source: &Source, begins: &str| matches!(source, Source::Pasted { tool, .. } if tool.starts_with(begins));
        let differ = |report: &Report| {
            let claims = report.claims.iter().filter(|claim| match &claim.standing {
                Standing::Contradicted { expected, found } => {
                    by(&expected.source, "Notary v1") && by(&found.source, "docker trust inspect")
                }
                _ => false,
            });
            claims.count()
        };
        let stated = report.claims.iter().filter(|claim| {
            matches!(
                claim.statement,
                Statement::Authorises { .. } | Statement::Signs { .. } | Statement::Resolves { .. }
            ) && said(&claim.standing)
        });
        fields += stated.count();
        texts += 1;
        assert_eq!(differ(&report), 0, "{name}");
        // A digit changed of any digest or key id is seen.
        for at in ids(&text) {
            let other = if &text[at..=at] == "0" { "1" } else { "0" };
            let mut wrong = text.clone();
            wrong.replace_range(at..=at, other);
            assert_ne!(differ(&with(&wrong)), 0, "{name} at {at}");
            changed += 1;
        }
    }
    println!(
        "docker trust inspect: {texts} outputs, {fields} fields as the metadata has them; {changed} changed ids, each seen"
    );
    assert!(texts >= 20 && changed > 60);
}
