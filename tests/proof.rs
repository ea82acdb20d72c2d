//! A proof is final: no true document takes it back, and nothing less than all that an answer rests on
//! is enough for it.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod vector;

use std::collections::BTreeMap;

use pullproof::UnixTime;
use pullproof::claim::{Source, Want, WantKind};
use pullproof::document::View;
use pullproof::question::Asked;
use pullproof::session::{Report, Session};
use pullproof::{Digest, Document, Evidence, Verdict};

use vector::Vector;
use vector::case::{Case, cases, run_with};

const AT: &str = "2026-11-28T12:00:00Z";

/// Every selection of the evidence, as bits; what is more than this is left as it is.
const MOST: usize = 7;

/// Every digest that these bytes name as a part of an image, or as content.
fn named(bytes: &[u8]) -> Vec<Digest> {
    match View::read(bytes) {
        Ok(View::Index(index)) => index.manifests.iter().map(|m| m.digest.clone()).collect(),
        Ok(View::Manifest(manifest)) => {
            let all = std::iter::once(&manifest.config).chain(&manifest.layers);
            all.map(|descriptor| descriptor.digest.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// True if one of these documents names another.
fn is_named(document: &Vector, by: &[&Vector]) -> bool {
    let digest = Digest::sha256(&document.bytes);
    by.iter().any(|by| named(&by.bytes).contains(&digest))
}

fn selected(case: &Case, bits: usize) -> Vec<&Vector> {
    let all = case.evidence.iter().enumerate();
    all.filter(|(at, _)| bits & (1 << at) != 0)
        .map(|(_, one)| one)
        .collect()
}

#[test]
fn a_proof_is_final_over_every_vector() {
    let (mut wrong, mut pairs) = (Vec::new(), 0);
    for case in cases() {
        if case.keys.get("call") == Some("digest") || case.evidence.len() > MOST {
            continue;
        }
        let verdict = |bits| {
            let report = run_with(&case, &selected(&case, bits)).ok()?;
            Some(report.verdict)
        };
        let all = 1 << case.evidence.len();
        let verdicts: Vec<Option<Verdict>> = (0..all).map(verdict).collect();
        for (bits, _) in verdicts
            .iter()
            .enumerate()
            .filter(|(_, v)| **v == Some(Verdict::Proven))
        {
            for (at, more) in case.evidence.iter().enumerate() {
                let with = bits | (1 << at);
                if with == bits || !is_named(more, &selected(&case, bits)) {
                    continue;
                }
                pairs += 1;
                if verdicts[with] < Some(Verdict::Proven) {
                    wrong.push(format!(
                        "{}: {bits:b} is weaker with {}",
                        case.keys.name, more.name
                    ));
                }
            }
        }
    }
    println!("{pairs} proofs were given one document more");
    assert!(pairs > 5, "{pairs}");
    assert_eq!(wrong, Vec::<String>::new());
}

/// Documents of ours, and sessions that are given some of them.
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Shelf {
    fn ours() -> Self {
        let all = vector::documents().into_iter();
        Shelf(all.map(|(digest, v)| (digest, v.bytes)).collect())
    }

    fn add(&mut self, text: &str) -> Digest {
        let digest = Digest::sha256(text.as_bytes());
        self.0.insert(digest.to_string(), text.as_bytes().to_vec());
        digest
    }

    /// Gives a session all that it wants and that is here, but for `kept` digests; the verdict after
    /// each.
    fn serve(&self, session: &mut Session, kept: &[&Digest]) -> Vec<Verdict> {
        let mut verdicts = vec![session.report(UnixTime(0)).verdict];
        let mut asked = std::collections::BTreeSet::new();
        loop {
            let wants = session.wants().into_iter();
            // What refers to an image is no document of it.
            let mut documents = wants.filter(|want| want.what != WantKind::Referrers);
            let next = documents.find_map(|want| {
                let url = want.url.clone()?;
                let name = url.rsplit('/').next()?.to_owned();
                let is_kept = kept.iter().any(|kept| kept.as_str() == name);
                let bytes = self.0.get(&name).filter(|_| !is_kept)?;
                asked.insert(url).then_some((want, bytes))
            });
            let Some((want, bytes)) = next else {
                return verdicts;
            };
            session.supply(&want, bytes.clone(), from(&want)).unwrap();
            verdicts.push(session.report(UnixTime(0)).verdict);
        }
    }
}

fn from(want: &Want) -> Source {
    let (url, at) = (want.url.clone().unwrap(), AT.to_owned());
    Source::Fetched { url, at }
}

fn asking(question: &serde_json::Value) -> Session {
    Session::asking(question.to_string().parse::<Asked>().unwrap())
}

fn same(left: &Digest, right: &Digest, level: &str) -> Session {
    let (left, right) = (format!("a.io/x@{left}"), format!("b.io/x@{right}"));
    asking(&serde_json::json!({ "ask": "same", "left": left, "right": right, "level": level }))
}

fn verdict(session: &mut Session) -> Verdict {
    session.report(UnixTime(0)).verdict
}

const DIFF: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn config(shelf: &mut Shelf, layers: usize) -> (Digest, usize) {
    let diffs = vec![DIFF; layers];
    let text = serde_json::json!({ "architecture": "amd64", "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": diffs } })
    .to_string();
    (shelf.add(&text), text.len())
}

fn manifest(
    shelf: &mut Shelf,
    (config, size): &(Digest, usize),
    layers: usize,
    note: &str,
) -> Digest {
    let layer = serde_json::json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
        "digest": Digest::sha256(b"a layer"), "size": 7 });
    let text = serde_json::json!({ "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": config, "size": size },
        "layers": vec![layer; layers], "annotations": { "note": note } });
    shelf.add(&text.to_string())
}

fn index(shelf: &mut Shelf, manifest: &Digest) -> Digest {
    let size = shelf.0[manifest.as_str()].len();
    let text = serde_json::json!({ "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{ "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": manifest, "size": size,
            "platform": { "os": "linux", "architecture": "amd64" } }] });
    shelf.add(&text.to_string())
}

#[test]
fn two_manifests_over_one_configuration_wait_for_it() {
    for (name, layers, more) in [
        ("a layer more", 2, 0),
        ("no layers", 0, 0),
        ("a wrong size", 1, 1),
    ] {
        for indexed in [false, true] {
            let mut shelf = Shelf(BTreeMap::new());
            let config = config(&mut shelf, 1);
            let honest = manifest(&mut shelf, &config, 1, "honest");
            let (digest, size) = config.clone();
            let other = manifest(&mut shelf, &(digest, size + more), layers, "other");
            let good = manifest(&mut shelf, &config, 1, "written anew");
            let of =
                |shelf: &mut Shelf, m: &Digest| if indexed { index(shelf, m) } else { m.clone() };
            let [honest, other, good] = [&honest, &other, &good].map(|m| of(&mut shelf, m));
            for level in ["config", "rootfs"] {
                let mut session = same(&honest, &other, level);
                shelf.serve(&mut session, &[&config.0]);
                assert_eq!(
                    verdict(&mut session),
                    Verdict::Open,
                    "{name} {indexed} {level}, without"
                );
                let wanted =
                    |want: &Want| want.digest.as_ref() == Some(&config.0) && want.url.is_some();
                assert!(session.wants().iter().any(wanted), "{name}");
                shelf.serve(&mut session, &[]);
                assert_eq!(
                    verdict(&mut session),
                    Verdict::Contradicted,
                    "{name} {indexed} {level}"
                );
                let mut session = same(&honest, &good, level);
                shelf.serve(&mut session, &[]);
                assert_eq!(verdict(&mut session), Verdict::Proven, "{indexed} {level}");
            }
        }
    }
}

#[test]
fn what_is_no_configuration_configures_no_image() {
    for text in [
        "{}",
        r#"{"a":1}"#,
        r#"{"schemaVersion":2,"layers":[],"config":{}}"#,
    ] {
        let mut shelf = Shelf(BTreeMap::new());
        let config = (shelf.add(text), text.len());
        let [one, two] = ["one", "two"].map(|note| manifest(&mut shelf, &config, 2, note));
        for level in ["config", "rootfs"] {
            let mut session = same(&one, &two, level);
            shelf.serve(&mut session, &[]);
            assert!(verdict(&mut session) < Verdict::Stated, "{text} {level}");
        }
    }
}

/// The verdict on `a.io/x@D` and `b.io/x@D`: the left registry answers, and the right one as told.
fn answered(right: &dyn Fn(&mut Session, &Want, &[u8])) -> Verdict {
    let root = vector::document("mirror-recompressed-index");
    let digest: Digest = root.key("digest").parse().unwrap();
    let shelf = Shelf::ours();
    let mut session = same(&digest, &digest, "config");
    let is_of = |host: &'static str| {
        move |want: &Want| want.url.as_ref().is_some_and(|url| url.contains(host))
    };
    let missing = |session: &mut Session| session.report(UnixTime(0)).wants;
    while let Some(want) = missing(&mut session).into_iter().find(is_of("//a.io/")) {
        let name = want.digest.as_ref().unwrap().to_string();
        session
            .supply(&want, shelf.0[&name].clone(), from(&want))
            .unwrap();
    }
    assert_eq!(
        verdict(&mut session),
        Verdict::Stated,
        "the right side was never asked"
    );
    let want = session.wants().into_iter().find(is_of("//b.io/")).unwrap();
    right(&mut session, &want, &root.bytes);
    while let Some(want) = session
        .wants()
        .into_iter()
        .find(|want| want.digest.is_some())
    {
        let name = want.digest.as_ref().unwrap().to_string();
        session
            .supply(&want, shelf.0[&name].clone(), from(&want))
            .unwrap();
    }
    verdict(&mut session)
}

#[test]
fn each_registry_answers_for_its_own_reference() {
    let not_found = |session: &mut Session, want: &Want, _: &[u8]| {
        let failed = Evidence::Failed {
            want: want.clone(),
            code: "not-found".to_owned(),
            text: "404".to_owned(),
            from: from(want),
        };
        session.take(failed).unwrap();
    };
    assert_eq!(answered(&not_found), Verdict::Open);
    let itself = |session: &mut Session, want: &Want, bytes: &[u8]| {
        session.supply(want, bytes.to_vec(), from(want)).unwrap();
    };
    assert_eq!(answered(&itself), Verdict::Proven);
    let elsewhere = |place: &'static str| {
        move |session: &mut Session, want: &Want, bytes: &[u8]| {
            let url = want.url.as_ref().unwrap().replace("https://b.io", place);
            let at = AT.to_owned();
            session
                .supply(want, bytes.to_vec(), Source::Fetched { url, at })
                .unwrap();
        }
    };
    assert_eq!(answered(&elsewhere("https://g.io/b.io")), Verdict::Proven);
    assert_eq!(answered(&elsewhere("https://evil.io")), Verdict::Stated);
    let other = |session: &mut Session, want: &Want, _: &[u8]| {
        session.supply(want, b"{}".to_vec(), from(want)).unwrap();
    };
    assert_eq!(answered(&other), Verdict::Contradicted);
}

/// One reference on both sides is one place; the same digest in two places is not.
#[test]
fn a_document_given_by_hand_is_for_the_side_whose_digest_it_has() {
    let index = vector::document("mirror-recompressed-index");
    let shelf = Shelf::ours();
    for (right, expected) in [("a.io/x", Verdict::Proven), ("b.io/x", Verdict::Stated)] {
        let [left, right] = ["a.io/x", right].map(|name| format!("{name}@{}", index.key("digest")));
        let mut session =
            asking(&serde_json::json!({ "ask": "same", "left": left, "right": right }));
        session.paste(&index.bytes, None).unwrap();
        while let Some(digest) = session.wants().into_iter().find_map(|want| want.digest) {
            session.paste(&shelf.0[digest.as_str()], None).unwrap();
        }
        assert_eq!(verdict(&mut session), expected, "{right}");
    }
}

#[test]
fn a_platforms_manifest_of_one_registry_is_not_what_the_other_has() {
    let index = vector::document("buildx-attested-index");
    let View::Index(view) = View::read(&index.bytes).unwrap() else {
        panic!("an index")
    };
    let (root, entry) = (
        index.key("digest").parse().unwrap(),
        &view.manifests[0].digest,
    );
    let mut session = same(&root, entry, "config");
    let right = |want: &Want| want.url.as_ref().is_some_and(|url| url.contains("//b.io/"));
    let shelf = Shelf::ours();
    loop {
        let next = session
            .wants()
            .into_iter()
            .find(|want| !right(want) && want.digest.is_some());
        let Some(want) = next else { break };
        let name = want.digest.as_ref().unwrap().to_string();
        session
            .supply(&want, shelf.0[&name].clone(), from(&want))
            .unwrap();
    }
    assert!(session.wants().iter().any(right));
    assert_ne!(verdict(&mut session), Verdict::Proven);
}

#[test]
fn what_an_image_is_takes_all_that_it_names() {
    let index = vector::document("buildx-attested-index");
    let image = format!("a.io/x@{}", index.key("digest"));
    let mut session = asking(&serde_json::json!({ "ask": "what", "image": image }));
    let shelf = Shelf::ours();
    let verdicts = shelf.serve(&mut session, &[]);
    let (last, before) = verdicts.split_last().unwrap();
    assert_eq!(
        *last,
        Verdict::Proven,
        "{}",
        session.report(UnixTime(0)).summary
    );
    assert!(
        before.len() > 4,
        "manifests and configurations are wanted: {before:?}"
    );
    assert!(before.iter().all(|v| *v == Verdict::Open), "{before:?}");
}

#[test]
fn a_lone_document_is_a_question_about_its_own_digest() {
    let index = vector::document("buildx-attested-index");
    let digest = index.key("digest");
    let mut session = Session::new(pullproof::question::Question::What);
    let about = format!("a.io/x@{digest}").parse().unwrap();
    session.paste(&index.bytes, Some(&about)).unwrap();
    assert_eq!(verdict(&mut session), Verdict::Proven);
}

/// Layers, and documents that a descriptor has whole, may be anything.
#[test]
fn the_very_content_that_is_named_weakens_nothing() {
    let mut shelf = Shelf(BTreeMap::new());
    let config = config(&mut shelf, 1);
    let root = manifest(&mut shelf, &config, 1, "of a layer");
    let image = format!("a.io/x@{root}");
    for question in [
        serde_json::json!({ "ask": "what", "image": image }),
        serde_json::json!({ "ask": "published", "image": image, "by": { "digests": [config.0] } }),
    ] {
        let mut session = asking(&question);
        shelf.serve(&mut session, &[]);
        assert_eq!(verdict(&mut session), Verdict::Proven, "{question}");
        let want = Want {
            what: pullproof::claim::WantKind::Blob,
            hint: String::new(),
            command: false,
            url: None,
            accept: None,
            digest: Some(Digest::sha256(b"a layer")),
        };
        let file = Source::File {
            name: "layer".to_owned(),
        };
        session.supply(&want, b"a layer".to_vec(), file).unwrap();
        assert_eq!(verdict(&mut session), Verdict::Proven, "{question}");
        session.paste(b"a layer", None).unwrap();
        assert_eq!(verdict(&mut session), Verdict::Proven, "{question}");
    }
}

#[test]
fn one_text_serves_both_of_its_serialisations() {
    let value = serde_json::json!({ "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] });
    let (compact, spaced) = (
        value.to_string(),
        serde_json::to_string_pretty(&value).unwrap(),
    );
    let printed = format!("{}\n", spaced.replace("  ", "    "));
    for order in [[&compact, &spaced], [&spaced, &compact]] {
        let [one, two] = order.map(|text| Digest::sha256(text.as_bytes()));
        let mut session = same(&one, &two, "index");
        session.paste(printed.as_bytes(), None).unwrap();
        let found = |report: &Report, digest: &Digest| {
            report.claims.iter().any(|claim| {
                matches!(&claim.statement, pullproof::claim::Statement::Bytes { digest: d, .. } if d == digest)
                    && claim.standing.verdict() == Verdict::Proven
            })
        };
        let report = session.report(UnixTime(0));
        assert!(
            found(&report, &one) && found(&report, &two),
            "{:#?}",
            report.claims
        );
    }
}

fn hear(session: &mut Session, want: &Want, digest: &Digest) {
    let (want, digest, from) = (want.clone(), digest.clone(), from(want));
    let header = Evidence::Header { want, digest, from };
    session.take(header).unwrap();
}

#[test]
fn one_document_may_be_named_by_two_algorithms() {
    let index = vector::document("buildx-attested-index");
    let sha512 = pullproof::digest::Algorithm::Sha512.digest(&index.bytes);
    let question = serde_json::json!({ "ask": "published", "image": "a.io/x:1", "by": { "digests": [sha512] } });
    for heard in [None, Some(&sha512)] {
        let mut session = asking(&question);
        let want = session
            .wants()
            .into_iter()
            .find(|want| want.url.is_some())
            .unwrap();
        if let Some(digest) = heard {
            hear(&mut session, &want, digest);
        }
        session
            .supply(&want, index.bytes.clone(), from(&want))
            .unwrap();
        let report = session.report(UnixTime(0));
        assert_eq!(report.verdict, Verdict::Proven, "{:#?}", report.claims);
    }
    // One that is of other bytes is still another.
    let lie = pullproof::digest::Algorithm::Sha512.digest(b"lie");
    let mut session = asking(&question);
    let want = session
        .wants()
        .into_iter()
        .find(|want| want.url.is_some())
        .unwrap();
    hear(&mut session, &want, &lie);
    session
        .supply(&want, index.bytes.clone(), from(&want))
        .unwrap();
    assert_eq!(verdict(&mut session), Verdict::Contradicted);
    // Of a document wanted by its digest, likewise.
    let root = Document::new(index.bytes.clone()).digest().clone();
    for (said, contradicted) in [(&sha512, false), (&lie, true)] {
        let mut session =
            asking(&serde_json::json!({ "ask": "what", "image": format!("a.io/x@{root}") }));
        let want = session
            .wants()
            .into_iter()
            .find(|want| want.url.is_some())
            .unwrap();
        hear(&mut session, &want, said);
        session
            .supply(&want, index.bytes.clone(), from(&want))
            .unwrap();
        let text = serde_json::to_string(&session.report(UnixTime(0)).claims).unwrap();
        assert_eq!(text.contains("content-digest"), contradicted);
    }
}
