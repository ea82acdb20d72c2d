//! Sessions that are served by digest, as any transport would serve them.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod vector;

use std::collections::BTreeMap;

use pullproof::UnixTime;
use pullproof::claim::{Level, Source, Standing, Statement};
use pullproof::question::{Asked, Question, Trust};
use pullproof::session::{Report, Session};
use pullproof::{Digest, Document, Verdict};

use vector::Vector;

fn reference(repository: &str, root: &str) -> pullproof::Reference {
    format!("{repository}@{}", vector::document(root).key("digest"))
        .parse()
        .unwrap()
}

/// Serves wants from the documents until nothing more is wanted that they have.
fn serve(session: &mut Session, documents: &BTreeMap<String, Vector>) {
    let mut served = std::collections::BTreeSet::new();
    loop {
        let wants = session.wants();
        let next = wants.into_iter().find_map(|want| {
            let url = want.url.clone()?;
            let document = documents.get(url.rsplit('/').next()?)?;
            served.insert(url).then_some((want, document))
        });
        let Some((want, document)) = next else { return };
        session
            .supply(&want, document.bytes.clone(), from(&want))
            .unwrap();
    }
}

/// From the very address at which it is wanted.
fn from(want: &pullproof::Want) -> Source {
    Source::Fetched {
        url: want.url.clone().unwrap(),
        at: "2026-11-23T14:02:00Z".to_owned(),
    }
}

fn answer(question: Question) -> Report {
    let mut session = Session::new(question);
    serve(&mut session, &vector::documents());
    session.report(UnixTime(0))
}

fn same(left: &str, right: &str, level: Level) -> Report {
    let (left, right) = (
        reference("a.example/x", left),
        reference("b.example/x", right),
    );
    answer(Question::Same { left, right, level })
}

/// The levels that the answer gives, by platform.
fn levels(report: &Report) -> Vec<(String, Level, Verdict)> {
    let row = |claim: &pullproof::Claim| match &claim.statement {
        Statement::Same {
            platform, level, ..
        } => Some((
            platform.clone().unwrap_or_default(),
            *level,
            claim.standing.verdict(),
        )),
        _ => None,
    };
    report.claims.iter().filter_map(row).collect()
}

/// Printed answers depend on this: the verdict is the weakest of the first claims, and a
/// contradiction in those beside does not change it.
#[test]
fn a_report_says_how_many_of_its_claims_the_verdict_is_the_weakest_of() {
    let mut beside = 0;
    for report in [
        same(
            "mirror-relisted-index",
            "mirror-recompressed-index",
            Level::Config,
        ),
        same(
            "mirror-relisted-index",
            "mirror-recompressed-index",
            Level::Manifest,
        ),
        published("buildx-attested-index", &["buildx-attested-index"]),
        published("buildx-attested-index", &["docker-manifest-push-index"]),
        answer(Question::What),
    ] {
        let (rests, others) = report.claims.split_at(report.rests);
        let weakest = Verdict::weakest(rests.iter().map(|claim| &claim.standing));
        assert_eq!(report.verdict, weakest);
        beside += others.len();
        let written = serde_json::to_value(&report).unwrap();
        assert_eq!(written["rests"], report.rests);
    }
    assert!(beside > 0, "expected claims that no verdict rests on");
}

#[track_caller]
fn assert_levels(report: &Report, verdict: Verdict, level: Level) {
    let found = levels(report);
    assert!(!found.is_empty(), "{report:#?}");
    assert!(
        found.iter().all(|(_, l, v)| *l == level && *v == verdict),
        "{found:?}"
    );
    assert_eq!(report.verdict, verdict, "{}", report.summary);
}

#[test]
fn an_image_is_the_same_as_itself() {
    let report = same(
        "buildx-attested-index",
        "buildx-attested-index",
        Level::Index,
    );
    assert_levels(&report, Verdict::Proven, Level::Index);
}

#[test]
fn other_lists_over_the_same_manifests() {
    let report = same(
        "buildx-attested-index",
        "mirror-relisted-index",
        Level::Config,
    );
    assert_levels(&report, Verdict::Proven, Level::Manifest);
}

#[test]
fn other_manifests_over_the_same_configurations() {
    let report = same(
        "buildx-attested-index",
        "mirror-recompressed-index",
        Level::Config,
    );
    assert_levels(&report, Verdict::Proven, Level::Config);
    assert_eq!(report.headline, "Same image");
    let said = " have the same configuration on linux/amd64 and linux/arm64.";
    assert!(report.summary.ends_with(said), "{}", report.summary);
    for (condition, beginning) in report.conditions.iter().zip([
        "Layers were not downloaded: ",
        "This does not say who published",
    ]) {
        assert!(condition.starts_with(beginning), "{condition}");
    }
    assert_eq!(report.conditions.len(), 2);
}

#[test]
fn asked_for_more_than_there_is() {
    let report = same(
        "buildx-attested-index",
        "mirror-recompressed-index",
        Level::Manifest,
    );
    assert_levels(&report, Verdict::Contradicted, Level::Config);
    let report = same(
        "buildx-attested-index",
        "mirror-relisted-index",
        Level::Index,
    );
    assert_eq!(report.verdict, Verdict::Contradicted);
}

#[test]
fn other_configurations_over_the_same_layers() {
    let report = same(
        "buildx-attested-index",
        "mirror-relabelled-index",
        Level::Rootfs,
    );
    assert_levels(&report, Verdict::Proven, Level::Rootfs);
    let report = same(
        "buildx-attested-index",
        "mirror-relabelled-index",
        Level::Config,
    );
    assert_levels(&report, Verdict::Contradicted, Level::Rootfs);
}

#[test]
fn nothing_in_hand_is_open() {
    let (left, right) = (
        reference("a/x", "buildx-attested-index"),
        reference("b/x", "mirror-relisted-index"),
    );
    let mut session = Session::new(Question::Same {
        left,
        right,
        level: Level::Config,
    });
    let report = session.report(UnixTime(0));
    assert_eq!(report.verdict, Verdict::Open);
    assert!(
        report
            .wants
            .iter()
            .any(|want| want.hint.contains("imagetools inspect --raw"))
    );
}

#[test]
fn one_missing_document_keeps_the_answer_open() {
    for missing in ["-amd64-manifest", "-arm64-manifest"] {
        let mut documents = vector::documents();
        let name = |v: &Vector| v.name.starts_with("mirror-recompressed");
        let digests: Vec<String> = documents
            .iter()
            .filter(|(_, v)| name(v) && v.name.ends_with(missing))
            .map(|(d, _)| d.clone())
            .collect();
        assert_eq!(digests.len(), 1, "{missing}");
        documents.retain(|digest, _| !digests.contains(digest));
        let (left, right) = (
            reference("a/x", "buildx-attested-index"),
            reference("b/x", "mirror-recompressed-index"),
        );
        let mut session = Session::new(Question::Same {
            left,
            right,
            level: Level::Config,
        });
        serve(&mut session, &documents);
        assert_eq!(session.report(UnixTime(0)).verdict, Verdict::Open);
    }
}

#[test]
fn wrong_bytes_are_contradicted_not_an_error() {
    let left = reference("a/x", "buildx-attested-index");
    let right = left.clone();
    let mut session = Session::new(Question::Same {
        left,
        right,
        level: Level::Config,
    });
    let want = pullproof::Want {
        what: pullproof::claim::WantKind::Document,
        hint: String::new(),
        command: false,
        digest: Some(
            vector::document("buildx-attested-index")
                .key("digest")
                .parse()
                .unwrap(),
        ),
        url: None,
        accept: None,
    };
    session
        .supply(&want, b"{}".to_vec(), Source::File { name: "x".into() })
        .unwrap();
    let report = session.report(UnixTime(0));
    let contradicted =
        |claim: &pullproof::Claim| matches!(claim.standing, Standing::Contradicted { .. });
    assert!(report.claims.iter().any(contradicted));
}

fn published(root: &str, digests: &[&str]) -> Report {
    let image = reference("a.example/x", root);
    let digests = digests
        .iter()
        .map(|name| vector::document(name).key("digest").parse().unwrap());
    answer(Question::Published {
        image,
        by: Trust::Digests(digests.collect()),
    })
}

#[test]
fn published_by_the_digest_of_any_level() {
    let all = published("buildx-attested-index", &["buildx-attested-index"]);
    assert_eq!(all.verdict, Verdict::Proven, "{}", all.summary);
    let other = published("buildx-attested-index", &["docker-manifest-push-index"]);
    assert_eq!(other.verdict, Verdict::Contradicted, "{}", other.summary);
}

#[test]
fn one_platform_only() {
    let image = reference("a.example/x", "buildx-attested-index");
    let documents = vector::documents();
    let amd64 = vector::document("buildx-attested-amd64-config");
    let by = Trust::Digests(vec![amd64.key("digest").parse().unwrap()]);
    let mut session = Session::new(Question::Published {
        image: image.clone(),
        by: by.clone(),
    });
    serve(&mut session, &documents);
    assert_eq!(
        session.report(UnixTime(0)).verdict,
        Verdict::Open,
        "the other platform is not covered"
    );
    let question = Question::Published { image, by };
    let platform = Some("linux/amd64".parse().unwrap());
    let mut session = Session::asking(Asked {
        linked: pullproof::question::Linked::default(),
        question,
        platform,
        image: None,
    });
    serve(&mut session, &documents);
    assert_eq!(session.report(UnixTime(0)).verdict, Verdict::Proven);
}

#[test]
fn every_document_of_ours_reads_without_contradiction() {
    let mut session = Session::new(Question::What);
    for (digest, vector) in vector::documents() {
        let digest: pullproof::Digest = digest.parse().unwrap();
        if Document::expect(vector.bytes.clone(), &digest).is_err() {
            assert_eq!(vector.key("kind"), "schema1", "{}", vector.name);
            continue;
        }
        let want = pullproof::Want {
            what: pullproof::claim::WantKind::Document,
            hint: String::new(),
            command: false,
            digest: Some(digest),
            url: None,
            accept: None,
        };
        session
            .supply(&want, vector.bytes, Source::File { name: vector.name })
            .unwrap();
    }
    let report = session.report(UnixTime(0));
    for claim in &report.claims {
        assert!(
            !matches!(claim.standing, Standing::Contradicted { .. }),
            "{claim:#?}"
        );
    }
}

/// A contradiction is one disagreement, whatever is asked.
#[test]
fn each_disagreement_counts_once() {
    let digest = |name: &str| vector::document(name).key("digest").to_owned();
    let (one, other) = (
        digest("buildx-attested-index"),
        digest("mirror-relisted-index"),
    );
    let image: pullproof::Reference = "a.example/x:1".parse().unwrap();
    let pulled = format!(
        "$ docker pull a.example/x:1\n1: Pulling from x\nDigest: {one}\n1: Pulling from x\nDigest: {other}\n\
         Status: Downloaded newer image for a.example/x:1\n"
    );
    let questions = [
        Question::What,
        Question::Published {
            image: image.clone(),
            by: Trust::Digests(vec![one.parse().unwrap()]),
        },
        Question::Same {
            left: image,
            right: "b.example/x:1".parse().unwrap(),
            level: Level::Config,
        },
    ];
    for question in questions {
        let mut session = Session::new(question);
        session.paste(pulled.as_bytes(), None).unwrap();
        let report = session.report(UnixTime(0));
        assert_eq!(report.verdict, Verdict::Contradicted, "{}", report.summary);
        let contradicted =
            |claim: &&pullproof::Claim| claim.standing.verdict() == Verdict::Contradicted;
        let count = report.claims.iter().filter(contradicted).count();
        assert_eq!(count, 1, "{report:#?}");
    }
}

/// Tags move: what a registry answers now is the answer, and what was printed before is shown.
#[test]
fn a_registrys_answer_is_not_contradicted_by_an_older_print() {
    let (now, before) = (
        vector::document("buildx-attested-index"),
        vector::document("mirror-relisted-index"),
    );
    let image: pullproof::Reference = "a.example/x:1".parse().unwrap();
    let by = Trust::Digests(vec![now.key("digest").parse().unwrap()]);
    let mut session = Session::new(Question::Published { image, by });
    let want = session
        .wants()
        .into_iter()
        .find(|want| want.digest.is_none())
        .unwrap();
    let url = "https://a.example/v2/x/manifests/1".to_owned();
    let at = "2026-11-23T12:00:00Z".to_owned();
    session
        .supply(&want, now.bytes.clone(), Source::Fetched { url, at })
        .unwrap();
    let pulled = format!(
        "$ docker pull a.example/x:1\n1: Pulling from x\nDigest: {}\nStatus: Image is up to date for a.example/x:1\n",
        before.key("digest")
    );
    session.paste(pulled.as_bytes(), None).unwrap();
    serve(&mut session, &vector::documents());
    let report = session.report(UnixTime(0));
    assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
    let shown = format!(
        "docker pull says that a.example/x:1 is {}, which is not among the author's",
        before.key("digest")
    );
    let says = |claim: &pullproof::Claim| matches!(&claim.statement, Statement::Note { text, .. } if text.starts_with(&shown));
    assert!(report.claims.iter().any(says), "{report:#?}");
}

/// Two pastes have no order: the answer is the same whichever is given first.
#[test]
fn what_moved_between_two_pastes_is_open_in_either_order() {
    let digest = |name: &str| vector::document(name).key("digest").to_owned();
    let digests = [
        digest("buildx-attested-index"),
        digest("mirror-relisted-index"),
    ];
    for order in [[0, 1], [1, 0]] {
        let image: pullproof::Reference = "a.example/x:1".parse().unwrap();
        let by = Trust::Digests(vec![digests[0].parse().unwrap()]);
        let mut session = Session::new(Question::Published { image, by });
        for at in order {
            let pulled = format!("$ crane digest a.example/x:1\n{}\n", digests[at]);
            session.paste(pulled.as_bytes(), None).unwrap();
        }
        serve(&mut session, &vector::documents());
        let report = session.report(UnixTime(0));
        assert_eq!(report.verdict, Verdict::Open, "{report:#?}");
    }
}

/// An author who vouches for a digest vouches for the digests that its bytes name, for tools'
/// statements too: but only for an image that an index is here for, and never more than stated.
#[test]
fn a_signature_that_is_stated_of_an_index_is_of_the_images_in_it() {
    let manifest = r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:228156692c16392ad6f41377f08024094495eca57475338910edd143634c1af2","size":225},"layers":[]}"#;
    let digest = Digest::sha256(manifest.as_bytes());
    let size = manifest.len();
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"platform":{{"os":"linux","architecture":"amd64"}}}}]}}"#
    );
    let signed = Digest::sha256(index.as_bytes());
    let printed = format!(
        r#"[{{"critical":{{"identity":{{"docker-reference":"a.example/beacon"}},"image":{{"docker-manifest-digest":"{signed}"}},"type":"cosign container image signature"}},"optional":{{"Issuer":"https://accounts.example","Subject":"keeper@lighthouse.example"}}}}]"#
    );
    let ask = |identity: &str, texts: &[&str]| {
        let mut session = Session::new(Question::Published {
            image: format!("a.example/beacon@{digest}").parse().unwrap(),
            by: Trust::Identity {
                identity: identity.to_owned(),
                issuer: "https://accounts.example".to_owned(),
            },
        });
        for text in texts {
            session.paste(text.as_bytes(), None).unwrap();
        }
        session.report(UnixTime(0)).verdict
    };
    let keeper = "keeper@lighthouse.example";
    assert_eq!(ask(keeper, &[&printed, manifest]), Verdict::Open);
    let all = [printed.as_str(), manifest, &index];
    assert_eq!(ask(keeper, &all), Verdict::Stated);
    assert_eq!(ask("mallory@example.org", &all), Verdict::Contradicted);
}
