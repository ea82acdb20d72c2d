//! Archived metadata of a notary server in a session: the proofs it allows, and its limits.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod notary;

use base64ct::{Base64, Encoding};
use pullproof::claim::{Signatory, Source, Standing, Statement, Verdict, Want};
use pullproof::tuf::Files;
use pullproof::{Digest, Question, Reference, Report, Session, Trust, UnixTime};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use notary::asked::{CONFIG, IMAGE, MANIFEST, NAME, NOW, by, evidence, is, noted};
use notary::{Key, OTHER, RELEASES, ROOT, Repository, TARGETS, complete, entry, file};

/// A repository whose root has a certificate; its tag 1.0 is the manifest, in `targets`.
fn repository() -> Repository {
    of(NAME, 1)
}

fn of(name: &str, serial: u8) -> Repository {
    let mut keys = vec![Key::certified(1, name, serial)];
    keys.extend((2..=4).map(Key::new));
    let mut repository = Repository::with(keys);
    repository.targets["targets"]["1.0"] = entry(MANIFEST.as_bytes());
    repository
}

/// The same with one more delegation, to a person, in whose file only this tag stands.
fn personal(tags: &Value, released: &Value) -> Files {
    let mut repository = repository();
    repository.targets["targets"] = json!({});
    repository.releases["targets"] = released.clone();
    let person = &repository.keys[OTHER];
    let delegated = json!({ "name": "targets/nicolasff", "paths": [""], "threshold": 1, "keyids": [person.id] });
    let delegations = &mut repository.targets["delegations"];
    delegations["roles"].as_array_mut().unwrap().push(delegated);
    delegations["keys"][&person.id] = notary::keys(&[person])[&person.id].clone();
    let signed = json!({ "_type": "Targets", "version": 1, "expires": notary::DAY, "targets": tags,
        "delegations": { "keys": {}, "roles": [] } });
    let mut files = repository.files();
    files.insert(
        "targets/nicolasff".to_owned(),
        file(&signed, &[&repository.keys[OTHER]]),
    );
    complete(&mut files, &[&repository.keys[TARGETS]]);
    files
}

/// A session with the metadata and the manifest that it signs.
fn session(image: &str, trust: Trust, files: &Files) -> Session {
    let image: Reference = image.parse().unwrap();
    let mut session = Session::new(Question::Published { image, by: trust });
    let found = session.paste(&evidence(NAME, files), None).unwrap();
    assert_eq!(found[0].tool, "pullproof rescue");
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    session
}

fn ask(trust: Trust, files: &Files) -> Report {
    session(IMAGE, trust, files).report(NOW)
}

/// The signed digests, by the key that signed or the name that a tool printed, and how each is
/// known.
fn signatures(report: &Report) -> Vec<(&str, &str, Verdict)> {
    let signs = report
        .claims
        .iter()
        .filter_map(|claim| match &claim.statement {
            Statement::Signs {
                digest,
                by: Signatory::Key { key: by } | Signatory::Name { name: by },
                ..
            } => Some((digest.as_str(), by.as_str(), claim.standing.verdict())),
            _ => None,
        });
    signs.collect()
}

#[test]
fn a_tag_is_proven_from_a_pinned_root_and_leads_on_to_the_image() {
    let repository = repository();
    let root = &repository.keys[ROOT];
    for pin in [&root.id, &root.bare] {
        let report = ask(by(&[pin]), &repository.files());
        is(&report, Verdict::Proven, "dct-pinned");
        println!("{}", report.summary);
        let signed = Digest::sha256(MANIFEST.as_bytes());
        let key = repository.keys[TARGETS].id.as_str();
        assert_eq!(
            signatures(&report),
            [(signed.as_str(), key, Verdict::Proven)]
        );
        let Standing::Proven(proof) = &report.claims[0].standing else {
            panic!("{:?}", report.claims[0]);
        };
        let what = format!("the root key {pin}");
        assert!(proof.from().contains(&Source::Given { what }), "{proof:?}");
    }
}

#[test]
fn without_the_manifest_it_is_wanted_by_the_digest_that_is_signed() {
    let repository = repository();
    let image = IMAGE.parse().unwrap();
    let mut session = Session::new(Question::Published {
        image,
        by: by(&[&repository.keys[ROOT].id]),
    });
    let want = Want {
        what: pullproof::claim::WantKind::Notary,
        hint: "the metadata".to_owned(),
        command: false,
        digest: None,
        url: None,
        accept: None,
    };
    let from = Source::File {
        name: "webdis-trust.json".to_owned(),
    };
    session
        .supply(&want, evidence(NAME, &repository.files()), from.clone())
        .unwrap();
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Open);
    let digest = Digest::sha256(MANIFEST.as_bytes());
    assert!(
        session
            .wants()
            .iter()
            .any(|want| want.digest.as_ref() == Some(&digest))
    );
    assert!(
        report.claims[0].standing.sources().contains(&&from),
        "{:?}",
        report.claims[0]
    );
    let want = session
        .wants()
        .into_iter()
        .find(|want| want.digest.is_some())
        .unwrap();
    session
        .supply(&want, MANIFEST.as_bytes().to_vec(), from)
        .unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Proven);
}

#[test]
fn what_was_only_said_to_be_signed_could_be_proven_by_the_metadata() {
    let repository = repository();
    let image = IMAGE.parse().unwrap();
    // Of the repository's key docker says that it signed, the root's leads to it.
    let by = by(&[&repository.keys[TARGETS].id, &repository.keys[ROOT].id]);
    let mut session = Session::new(Question::Published { image, by });
    let wanted = |session: &mut Session| {
        let hints = session.wants().into_iter().map(|want| want.hint);
        hints
            .filter(|hint| hint.starts_with("pullproof"))
            .collect::<Vec<_>>()
    };
    let rescue = [format!("pullproof rescue {NAME}")];
    assert_eq!(wanted(&mut session), rescue, "when nothing is known");
    let printed = printed(&repository).to_string();
    let text = format!("$ docker trust inspect {IMAGE}\n{printed}\n");
    session.paste(text.as_bytes(), None).unwrap();
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Stated, "{}", report.summary);
    assert!(report.wants.is_empty(), "{:?}", report.wants);
    assert_eq!(noted(&report, "dct-metadata").len(), 1);
    assert_eq!(wanted(&mut session), rescue, "when it was said");
    session
        .paste(
            &evidence("docker.io/nicolas/other", &repository.files()),
            None,
        )
        .unwrap();
    assert_eq!(wanted(&mut session), rescue, "of another repository");
    session
        .paste(&evidence(NAME, &repository.files()), None)
        .unwrap();
    assert_eq!(wanted(&mut session), [""; 0], "when it is here");
    assert_eq!(session.report(NOW).verdict, Verdict::Proven);
}

#[test]
fn k09_k33_what_expired_is_signed_and_open_and_depends_on_the_time_asked() {
    let repository = repository();
    let mut session = session(IMAGE, by(&[&repository.keys[ROOT].id]), &repository.files());
    for (now, verdict, code) in [
        // A day before the root's certificate, on which nothing can have been signed with it.
        (UnixTime(1_577_836_799), Verdict::Open, "dct-not-yet"),
        (UnixTime(1_577_836_800), Verdict::Proven, "dct-freshness"),
        (UnixTime(2_082_758_399), Verdict::Proven, "dct-freshness"),
        (UnixTime(2_082_758_400), Verdict::Open, "dct-expired"),
        (UnixTime(4_607_000_000), Verdict::Open, "dct-expired"),
    ] {
        let report = session.report(now);
        is(&report, verdict, code);
        assert_eq!(signatures(&report)[0].2, Verdict::Proven);
    }
    assert!(
        session
            .report(UnixTime(4_607_000_000))
            .summary
            .contains("had expired")
    );
}

#[test]
fn k25_a_tag_that_only_a_person_signed_is_not_released() {
    let tags = json!({ "1.0": entry(MANIFEST.as_bytes()) });
    let files = personal(&tags, &json!({}));
    let report = ask(by(&[&repository().keys[ROOT].id]), &files);
    is(&report, Verdict::Open, "dct-unreleased");
    assert_eq!(signatures(&report)[0].1, repository().keys[OTHER].id);
}

fn policy(repository: &Repository, signer: usize) -> Trust {
    let text = json!({ "pullproof": "policy", "version": 1, "project": "Webdis", "names": [NAME],
        "releases": [{ "tag": "1.0" }], "signers": { "dct": { "root": [repository.keys[ROOT].id],
        "signers": { "nicolasff": [repository.keys[signer].id] } } } });
    Trust::Policy(std::sync::Arc::new(text.to_string().parse().unwrap()))
}

#[test]
fn k26_k27_a_policy_whose_signer_did_not_sign() {
    let repository = repository();
    // Signed by the repository's key alone, while the signer's key is listed.
    is(
        &ask(policy(&repository, RELEASES), &repository.files()),
        Verdict::Open,
        "dct-signer",
    );
    // Not at all, while the signer's key is listed.
    let files = personal(&json!({}), &json!({}));
    is(
        &ask(policy(&repository, OTHER), &files),
        Verdict::Open,
        "dct-tag",
    );
    // As docker signs: by the person, in the release and in the person's own delegation.
    let tags = json!({ "1.0": entry(MANIFEST.as_bytes()) });
    let report = ask(policy(&repository, OTHER), &personal(&tags, &tags));
    is(&report, Verdict::Proven, "dct-pinned");
    println!("{}", report.summary);
}

#[test]
fn k28_a_certificate_issued_again_has_another_id_and_the_same_key() {
    let (first, second) = (of(NAME, 1), of(NAME, 2));
    let (old, new) = (&first.keys[ROOT], &second.keys[ROOT]);
    assert_eq!(old.bare, new.bare);
    let report = ask(by(&[&old.id]), &second.files());
    is(&report, Verdict::Open, "dct-unpinned");
    let report = ask(by(&[&old.bare]), &second.files());
    is(&report, Verdict::Proven, "dct-pinned");
    let (text, _) = noted(&report, "dct-root")[0];
    assert!(text.contains(&new.id) && text.contains(&new.bare), "{text}");
}

#[test]
fn k29_which_link_is_pinned_is_said_and_without_any_nothing_is_proven() {
    let repository = repository();
    // For which repository its key signs is said by a root alone, and no root key is given.
    let report = ask(by(&[&repository.keys[TARGETS].id]), &repository.files());
    is(&report, Verdict::Open, "dct-unrooted");
    assert!(
        noted(&report, "dct-pinned")[0]
            .0
            .starts_with("the repository's key")
    );
    // The key of a delegation does not say for which repository it signs.
    for pin in [RELEASES, OTHER] {
        let report = ask(by(&[&repository.keys[pin].id]), &repository.files());
        is(&report, Verdict::Open, "dct-unpinned");
        assert_eq!(signatures(&report)[0].2, Verdict::Stated);
    }
    assert!(
        repository.keys[ROOT].id[..12]
            .parse::<pullproof::signature::PublicKey>()
            .is_err()
    );
}

#[test]
fn k18_k19_the_document_is_as_long_as_signed_and_has_each_hash() {
    let mut repository = repository();
    let pin = repository.keys[ROOT].id.clone();
    let sha512 = |bytes: &[u8]| json!(Base64::encode_string(&Sha512::digest(bytes)));
    let entry = repository.targets["targets"]["1.0"].clone();
    repository.targets["targets"]["1.0"]["hashes"]["sha512"] = sha512(MANIFEST.as_bytes());
    is(
        &ask(by(&[&pin]), &repository.files()),
        Verdict::Proven,
        "dct-pinned",
    );
    repository.targets["targets"]["1.0"]["hashes"]["sha512"] = sha512(b"another");
    let report = ask(by(&[&pin]), &repository.files());
    is(&report, Verdict::Contradicted, "dct-sha512");
    repository.targets["targets"]["1.0"] = entry;
    repository.targets["targets"]["1.0"]["length"] = json!(MANIFEST.len() + 1);
    let report = ask(by(&[&pin]), &repository.files());
    is(&report, Verdict::Contradicted, "dct-length");
    let Standing::Contradicted { expected, found } = noted(&report, "dct-length")[0].1 else {
        panic!("{:#?}", report.claims);
    };
    let bytes = |n: usize| format!("{n} bytes");
    assert_eq!(expected.value, bytes(MANIFEST.len() + 1));
    assert_eq!(found.value, bytes(MANIFEST.len()));
}

#[test]
fn k30_a_certificate_for_another_name_or_for_many_or_that_is_over() {
    let with = |key: Key| {
        let mut keys = vec![key];
        keys.extend((2..=4).map(Key::new));
        let mut repository = Repository::with(keys);
        repository.targets["targets"]["1.0"] = entry(MANIFEST.as_bytes());
        let pin = repository.keys[ROOT].id.clone();
        (by(&[&pin]), repository.files())
    };
    for name in [
        "docker.io/nicolas/webdis2",
        "docker.io/nicolas/*",
        "*",
        "docker.io/NICOLAS/webdis",
    ] {
        let (pins, files) = with(Key::certified(1, name, 1));
        is(&ask(pins, &files), Verdict::Contradicted, "dct-repository");
    }
    let (pins, files) = with(Key::certified_until(1, NAME, b"261201000000Z"));
    let mut session = session(IMAGE, pins, &files);
    let report = session.report(NOW);
    is(&report, Verdict::Open, "dct-expired");
    let (text, _) = noted(&report, "dct-expired")[0];
    assert!(
        text.contains("the root's certificate, valid until 2026-12-01 00:00 UTC"),
        "{text}"
    );
    assert_eq!(
        signatures(&report)[0].2,
        Verdict::Proven,
        "it is signed all the same"
    );
    // The same as of a day before.
    is(
        &session.report(UnixTime(1_796_000_000)),
        Verdict::Proven,
        "dct-pinned",
    );
}

/// The output of `docker trust inspect` for the repository, in which a test changes one thing.
fn printed(repository: &Repository) -> Value {
    let key = |id: &str| json!([{ "ID": id }]);
    json!([{ "Name": NAME,
        "SignedTags": [{ "SignedTag": "1.0", "Digest": Digest::sha256(MANIFEST.as_bytes()).encoded(),
            "Signers": ["Repo Admin"] }],
        "Signers": [],
        "AdministrativeKeys": [
            { "Name": "Root", "Keys": key(&repository.keys[ROOT].id) },
            { "Name": "Repository", "Keys": key(&repository.keys[TARGETS].id) }] }])
}

/// What a report has where this was printed, and both sides where the metadata has something else.
fn differ(repository: &Repository, printed: &Value) -> (Report, Vec<(String, String)>) {
    let pin = repository.keys[ROOT].id.as_str();
    let mut session = session(IMAGE, by(&[pin]), &repository.files());
    session.paste(printed.to_string().as_bytes(), None).unwrap();
    let report = session.report(NOW);
    let printed = |source: &Source| matches!(source, Source::Pasted { tool, .. } if tool == "docker trust inspect");
    let mut seen = Vec::new();
    for claim in &report.claims {
        if let Standing::Contradicted { expected, found } = &claim.standing {
            assert!(printed(&found.source) && !printed(&expected.source));
            seen.push((expected.value.clone(), found.value.clone()));
        }
    }
    (report, seen)
}

/// Each field of it: where it is, what it is changed to, what the metadata has, and what is found.
fn changes(repository: &Repository) -> Vec<(&'static str, Value, String, String)> {
    let id = |key: usize| repository.keys[key].id.clone();
    let (own, bare) = (id(TARGETS), repository.keys[ROOT].bare.clone());
    let (signed, other) = (
        Digest::sha256(MANIFEST.as_bytes()),
        Digest::sha256(b"other"),
    );
    let listed = json!([{ "Name": "nicolasff", "Keys": [{ "ID": own }] }]);
    let found = |key: &str, role: &str| format!("{key} for {role}");
    let admin = "Repo Admin".to_owned();
    let (at_digest, at_signer) = ("/0/SignedTags/0/Digest", "/0/SignedTags/0/Signers/0");
    let (at_root, at_own) = (
        "/0/AdministrativeKeys/0/Keys/0/ID",
        "/0/AdministrativeKeys/1/Keys/0/ID",
    );
    let none = "no such role".to_owned();
    vec![
        (
            at_digest,
            json!(other.encoded()),
            signed.to_string(),
            other.to_string(),
        ),
        (at_signer, json!("nicolasff"), admin, "nicolasff".to_owned()),
        (at_root, json!(own), id(ROOT), found(&own, "Root")),
        (at_own, json!(bare), own.clone(), found(&bare, "Repository")),
        ("/0/Signers", listed, none, found(&own, "nicolasff")),
    ]
}

#[test]
fn what_docker_printed_and_the_metadata_are_compared_field_by_field() {
    let repository = repository();
    let differ = |printed: &Value| differ(&repository, printed);
    let same = printed(&repository);
    let (report, seen) = differ(&same);
    is(&report, Verdict::Proven, "dct-pinned");
    assert_eq!(seen, []);
    for (at, value, expected, found) in changes(&repository) {
        let mut changed = same.clone();
        *changed.pointer_mut(at).unwrap() = value;
        let (report, seen) = differ(&changed);
        assert!(seen.contains(&(expected, found)), "{at}: {seen:?}");
        // The other side of it: what the metadata has, and docker did not print.
        assert_eq!(
            seen.iter()
                .filter(|(_, found)| found != "no such line")
                .count(),
            1,
            "{at}"
        );
        // Both are read. That the tag is said to be another digest keeps it from being proven.
        let tag = at.ends_with("/Digest");
        assert_eq!(
            report.verdict < Verdict::Stated,
            tag,
            "{at}: {:#?}",
            report.claims
        );
    }
    // Of another repository, or of one without its metadata here, nothing is compared.
    let mut another = same.clone();
    another[0]["Name"] = json!("docker.io/nicolas/other");
    another[0]["AdministrativeKeys"][0]["Keys"][0]["ID"] = json!(repository.keys[TARGETS].id);
    assert_eq!(differ(&another).1, []);
}

/// A policy that lists a release without digests, and a mirror; its release is signed under its name.
fn mirrored(repository: &Repository) -> Trust {
    let text = json!({ "pullproof": "policy", "version": 1, "project": "Webdis", "names": [NAME],
        "mirrors": ["public.ecr.aws/nicolas/webdis"], "releases": [{ "tag": "1.0" }],
        "signers": { "dct": { "root": [repository.keys[ROOT].id] } } });
    Trust::Policy(std::sync::Arc::new(text.to_string().parse().unwrap()))
}

#[test]
fn a_mirrors_image_is_held_to_what_is_signed_for_the_policys_own_name() {
    let repository = repository();
    let mirror = "public.ecr.aws/nicolas/webdis:1.0";
    let resolved = |document: &str| {
        let image = mirror;
        let mut session = session(image, mirrored(&repository), &repository.files());
        let wants = session.wants();
        let at = "/v2/nicolas/webdis/manifests/1.0";
        let want = wants
            .iter()
            .find(|want| want.url.as_ref().is_some_and(|url| url.ends_with(at)));
        let from = Source::Fetched {
            url: format!("https://public.ecr.aws{at}"),
            at: "2026-11-25T12:00:00Z".to_owned(),
        };
        session
            .supply(want.unwrap(), document.as_bytes().to_vec(), from)
            .unwrap();
        session
    };
    // Not known yet what the mirror has.
    let report = session(mirror, mirrored(&repository), &repository.files()).report(NOW);
    assert_eq!(report.verdict, Verdict::Open, "{:#?}", report.claims);
    // The very manifest that is signed.
    let mut session = resolved(MANIFEST);
    let report = session.report(NOW);
    is(&report, Verdict::Proven, "dct-pinned");
    assert_eq!(signatures(&report)[0].2, Verdict::Proven);
    // Another manifest of the same configuration, and the configuration.
    let copied = MANIFEST.replace("\"layers\":[]", "\"layers\":[],\"annotations\":{}");
    let mut session = resolved(&copied);
    session.paste(CONFIG.as_bytes(), None).unwrap();
    let report = session.report(NOW);
    is(&report, Verdict::Proven, "dct-pinned");
    // Another configuration is another image.
    let changed = CONFIG.replace("amd64", "arm64");
    let [config, other] = [CONFIG, &changed].map(|text| Digest::sha256(text.as_bytes()));
    let mut session = resolved(&MANIFEST.replace(config.as_str(), other.as_str()));
    session.paste(changed.as_bytes(), None).unwrap();
    session.paste(CONFIG.as_bytes(), None).unwrap();
    let report = session.report(NOW);
    assert_eq!(
        report.verdict,
        Verdict::Contradicted,
        "{:#?}",
        report.claims
    );
    // By a key alone, nothing says that the mirror has to have what the name has.
    let mut session = Session::new(Question::Published {
        image: mirror.parse().unwrap(),
        by: by(&[&repository.keys[ROOT].id]),
    });
    session
        .paste(&evidence(NAME, &repository.files()), None)
        .unwrap();
    session.paste(MANIFEST.as_bytes(), None).unwrap();
    is(&session.report(NOW), Verdict::Open, "dct-repository");
}

#[test]
fn k32_metadata_of_another_repository() {
    let other = of("docker.io/nicolas/other", 1);
    let pin = other.keys[ROOT].id.clone();
    // Said to be of the one that is asked about, and not so.
    is(
        &ask(by(&[&pin]), &other.files()),
        Verdict::Contradicted,
        "dct-repository",
    );
    // Rightly said to be of another.
    let image = IMAGE.parse().unwrap();
    let mut session = Session::new(Question::Published {
        image,
        by: by(&[&pin]),
    });
    session
        .paste(&evidence("docker.io/nicolas/other", &other.files()), None)
        .unwrap();
    is(&session.report(NOW), Verdict::Open, "dct-repository");
    // A root key without a certificate may be of any repository.
    let bare = Repository::new();
    let pin = bare.keys[ROOT].id.clone();
    let image = "nicolas/webdis:2.0".parse().unwrap();
    let mut session = Session::new(Question::Published {
        image,
        by: by(&[&pin]),
    });
    session.paste(&evidence(NAME, &bare.files()), None).unwrap();
    is(&session.report(NOW), Verdict::Open, "dct-no-certificate");
}

#[test]
fn k34_archived_metadata_says_that_its_freshness_cannot_be_proven() {
    let repository = repository();
    let mut files = repository.files();
    files.remove("timestamp");
    let report = ask(by(&[&repository.keys[ROOT].id]), &files);
    is(&report, Verdict::Proven, "dct-missing");
    let (text, _) = noted(&report, "dct-freshness")[0];
    assert!(text.contains("archived metadata"), "{text}");
    let conditions = report.conditions.join(" ");
    assert!(conditions.contains("cannot be proven"), "{conditions}");
}

#[test]
fn one_tag_with_two_digests_in_two_roles() {
    let mut repository = repository();
    repository.releases["targets"]["1.0"] = entry(b"another");
    let report = ask(by(&[&repository.keys[ROOT].id]), &repository.files());
    is(&report, Verdict::Contradicted, "dct-two-digests");
    assert_eq!(signatures(&report).len(), 2);
}

#[test]
fn another_digest_than_the_one_that_is_signed() {
    let repository = repository();
    let pin = repository.keys[ROOT].id.as_str();
    let other = Digest::sha256(b"other");
    let image = format!("{IMAGE}@{other}");
    let report = session(&image, by(&[pin]), &repository.files()).report(NOW);
    assert_ne!(report.verdict, Verdict::Proven);
    // A manifest whose configuration is known, so that nothing published can be in it.
    let second = MANIFEST.replace("\"layers\"", " \"layers\"");
    let image = format!("{IMAGE}@{}", Digest::sha256(second.as_bytes()));
    let mut session = session(&image, by(&[pin]), &repository.files());
    session.paste(second.as_bytes(), None).unwrap();
    let report = session.report(NOW);
    assert_eq!(
        report.verdict,
        Verdict::Contradicted,
        "{:#?}",
        report.claims
    );
    // What a tool printed of the tag is shown beside what is signed.
    let image = IMAGE.parse().unwrap();
    let mut session = Session::new(Question::Published {
        image,
        by: by(&[pin]),
    });
    session
        .paste(&evidence(NAME, &repository.files()), None)
        .unwrap();
    let printed = json!([{ "Name": IMAGE, "SignedTags": [{ "SignedTag": "1.0", "Digest": other.encoded(),
        "Signers": ["nicolasff"] }], "Signers": [], "AdministrativeKeys": [] }]);
    session.paste(printed.to_string().as_bytes(), None).unwrap();
    let report = session.report(NOW);
    assert!(report.verdict < Verdict::Stated);
    let signed: Vec<_> = signatures(&report)
        .iter()
        .map(|(digest, ..)| (*digest).to_owned())
        .collect();
    assert!(signed.contains(&other.to_string()), "{signed:?}");
    assert!(
        signed.contains(&Digest::sha256(MANIFEST.as_bytes()).to_string()),
        "{signed:?}"
    );
}

#[test]
fn any_other_byte_never_proves_more() {
    let repository = repository();
    let files = repository.files();
    let good = Digest::sha256(MANIFEST.as_bytes());
    let (mut tried, mut proven) = (0, 0);
    for (name, bytes) in &files {
        for at in (0..bytes.len()).step_by(5) {
            let mut other = files.clone();
            other.get_mut(name).unwrap()[at] ^= 1;
            let report = ask(by(&[&repository.keys[ROOT].id]), &other);
            tried += 1;
            if report.verdict == Verdict::Proven {
                // Only freshness rests on these.
                assert!(
                    name == "timestamp" || name == "snapshot" || name == "targets/releases",
                    "{name} byte {at}"
                );
                proven += 1;
            }
            for (digest, _, verdict) in signatures(&report) {
                assert!(
                    verdict < Verdict::Proven || digest == good.as_str(),
                    "{name} byte {at}"
                );
            }
        }
    }
    println!("{tried} mutations: {proven} still proven, of files that the tag does not rest on");
    assert!(tried > 150 && proven < tried);
}

#[test]
fn what_it_is_lists_what_the_metadata_says() {
    let mut session = Session::new(Question::What);
    session
        .paste(&evidence(NAME, &repository().files()), None)
        .unwrap();
    let report = session.report(NOW);
    for code in ["dct-metadata", "dct-root", "dct-role", "dct-tag"] {
        assert!(
            noted(&report, code)
                .iter()
                .all(|(_, s)| matches!(s, Standing::Stated { .. }))
        );
        assert!(!noted(&report, code).is_empty(), "{code}");
    }
    assert!(
        signatures(&report)
            .iter()
            .all(|(.., verdict)| *verdict == Verdict::Stated)
    );
}

/// The files that a report leads through: the role, the keys that signed it, and what the tag is there.
fn path(report: &Report) -> Vec<(&str, &[String], Option<&str>)> {
    let mut found = Vec::new();
    for claim in &report.claims {
        if let Statement::Metadata {
            role, keys, digest, ..
        } = &claim.statement
        {
            assert_eq!(claim.standing.verdict(), Verdict::Proven);
            found.push((
                role.as_str(),
                keys.as_slice(),
                digest.as_ref().map(Digest::as_str),
            ));
        }
    }
    found
}

#[test]
fn the_files_from_the_pinned_key_to_the_tag_are_named_and_no_others() {
    let repository = repository();
    let signed = Digest::sha256(MANIFEST.as_bytes());
    let id = |key: usize| std::slice::from_ref(&repository.keys[key].id);
    let (tag, none) = (Some(signed.as_str()), None);
    let current = [
        ("snapshot", id(TARGETS), none),
        ("timestamp", id(TARGETS), none),
    ];
    for pin in [&repository.keys[ROOT].id, &repository.keys[ROOT].bare] {
        let report = ask(by(&[pin]), &repository.files());
        let mut expected = vec![("root", id(ROOT), none), ("targets", id(TARGETS), tag)];
        expected.extend(current);
        assert_eq!(path(&report), expected);
    }
    // Without a proof there is no path.
    for key in [TARGETS, OTHER] {
        let report = ask(by(&[&repository.keys[key].id]), &repository.files());
        assert_eq!(path(&report), []);
    }
}
