//! What is listed as referring to an image, held against the documents; by the ids of the hostile cases.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use pullproof::UnixTime;
use pullproof::claim::{Listing, Source, Standing, Statement};
use pullproof::question::Asked;
use pullproof::session::{Report, Session};
use pullproof::{Digest, Verdict, limits};

const KIND: &str = "application/vnd.example.signature";

/// An artifact that refers to a digest, or to nothing.
fn artifact(subject: Option<&Digest>) -> Vec<u8> {
    let empty = Digest::sha256(b"{}");
    let blob = format!(
        r#"{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{empty}","size":2}}"#
    );
    let manifest = "application/vnd.oci.image.manifest.v1+json";
    let (index, size) = ("application/vnd.oci.image.index.v1+json", IMAGE.len());
    let subject = subject.map(|digest| {
        format!(r#","subject":{{"mediaType":"{index}","digest":"{digest}","size":{size}}}"#)
    });
    let subject = subject.unwrap_or_default();
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{manifest}","artifactType":"{KIND}","config":{blob},"layers":[{blob}]{subject}}}"#
    )
    .into_bytes()
}

fn entry(document: &[u8], kind: &str, size: usize) -> String {
    let digest = Digest::sha256(document);
    format!(
        r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"artifactType":"{kind}"}}"#
    )
}

fn from() -> Source {
    Source::Given {
        what: "a registry".to_owned(),
    }
}

const IMAGE: &[u8] =
    br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;

/// A session about an image that is there, and what is listed as referring to it.
fn listing(by: &str, entries: &[String]) -> Session {
    let target = Digest::sha256(IMAGE);
    let question = format!(r#"{{"ask":"what","image":"r.io/a/b@{target}"}}"#);
    let mut session = Session::asking(question.parse::<Asked>().unwrap());
    let want = session.wants().swap_remove(0);
    session.supply(&want, IMAGE.to_vec(), from()).unwrap();
    let list = format!("[{}]", entries.join(","));
    session.refers(&target, by, &list, from()).unwrap();
    session
}

fn reported(document: &[u8], entry: String) -> Report {
    let mut session = listing("api", &[entry]);
    let digest = Digest::sha256(document);
    let wants = session.wants();
    let want = wants
        .iter()
        .find(|want| want.digest.as_ref() == Some(&digest));
    let want = want.unwrap();
    assert_eq!(
        want.url.as_deref().unwrap(),
        format!("https://r.io/v2/a/b/manifests/{digest}")
    );
    session.supply(want, document.to_vec(), from()).unwrap();
    session.report(UnixTime(0))
}

#[track_caller]
fn contradicted(report: &Report, document: &[u8], code: &str, wanted: &str, seen: &str) {
    assert_eq!(report.verdict, Verdict::Contradicted);
    let found = report
        .claims
        .iter()
        .find_map(|claim| match (&claim.statement, &claim.standing) {
            (
                Statement::Note {
                    subject: Some(subject),
                    code: own,
                    ..
                },
                Standing::Contradicted { expected, found },
            ) if own == code && *subject == Digest::sha256(document) => {
                Some((expected.value.clone(), found.value.clone()))
            }
            _ => None,
        });
    assert_eq!(found, Some((wanted.to_owned(), seen.to_owned())));
}

#[test]
fn a_referrer_that_is_what_it_is_listed_as() {
    let document = artifact(Some(&Digest::sha256(IMAGE)));
    let report = reported(&document, entry(&document, KIND, document.len()));
    assert_eq!(report.verdict, Verdict::Proven, "{report:?}");
    // What it consists of is neither asked for nor missed.
    let empty = Digest::sha256(b"{}");
    assert!(
        report
            .wants
            .iter()
            .all(|want| want.digest.as_ref() != Some(&empty))
    );
    let names = report.claims.iter().any(|claim| {
        matches!(&claim.statement, Statement::Names { parent, digest, .. }
            if *parent == Digest::sha256(&document) && *digest == Digest::sha256(IMAGE))
    });
    assert!(names);
}

#[test]
fn m23_a_referrer_of_another_image_is_contradicted() {
    let target = Digest::sha256(IMAGE);
    let other = Digest::sha256(b"another image");
    let document = artifact(Some(&other));
    let report = reported(&document, entry(&document, KIND, document.len()));
    contradicted(
        &report,
        &document,
        "referrer-subject",
        target.as_str(),
        other.as_str(),
    );
}

#[test]
fn m24_what_refers_to_nothing_is_contradicted() {
    let document = artifact(None);
    let report = reported(&document, entry(&document, KIND, document.len()));
    let target = Digest::sha256(IMAGE);
    contradicted(
        &report,
        &document,
        "referrer-subject",
        target.as_str(),
        "none",
    );
}

#[test]
fn m25_an_artifact_listed_as_another_kind_is_contradicted() {
    let document = artifact(Some(&Digest::sha256(IMAGE)));
    let report = reported(&document, entry(&document, "text/x-log", document.len()));
    contradicted(&report, &document, "artifact-type", "text/x-log", KIND);
}

#[test]
fn m25_an_artifact_that_says_it_is_a_signature_has_to_hold_one() {
    let bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    let old = "application/vnd.dev.sigstore.bundle+json;version=0.3";
    let notary = "application/vnd.cncf.notary.signature";
    let cosign = "application/vnd.dev.cosign.artifact.sig.v1+json";
    let payload = "application/vnd.dev.cosign.simplesigning.v1+json";
    for (kind, layer, expected) in [
        (bundle, bundle, None),
        (old, bundle, None),
        (notary, "application/jose+json", None),
        (notary, "application/cose", None),
        (cosign, payload, None),
        (KIND, "text/plain", None),
        (
            bundle,
            "text/plain",
            Some("application/vnd.dev.sigstore.bundle"),
        ),
        (notary, bundle, Some("application/jose+json")),
        (
            cosign,
            "text/plain",
            Some("application/vnd.dev.cosign.simplesigning."),
        ),
    ] {
        let text = String::from_utf8(artifact(Some(&Digest::sha256(IMAGE)))).unwrap();
        let text = text.replace(KIND, kind);
        let digest = Digest::sha256(b"{}");
        let empty = format!(
            "\"layers\":[{{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"{digest}\""
        );
        assert!(text.contains(&empty));
        // Two types of one digest would contradict each other.
        let digest = Digest::sha256(b"[]");
        let file = format!("\"layers\":[{{\"mediaType\":\"{layer}\",\"digest\":\"{digest}\"");
        let text = text.replace(&empty, &file);
        let document = text.into_bytes();
        let report = reported(&document, entry(&document, kind, document.len()));
        match expected {
            None => assert_eq!(report.verdict, Verdict::Proven, "{kind} {layer}"),
            Some(wanted) => contradicted(&report, &document, "artifact-content", wanted, layer),
        }
    }
}

#[test]
fn m24_a_size_that_is_another_is_contradicted() {
    let document = artifact(Some(&Digest::sha256(IMAGE)));
    let report = reported(&document, entry(&document, KIND, 7));
    assert_eq!(report.verdict, Verdict::Contradicted);
}

#[test]
fn what_is_only_listed_is_stated_and_wanted() {
    let document = artifact(None);
    for (by, listed) in [("api", Listing::Api), ("fallbackTag", Listing::FallbackTag)] {
        let session = listing(by, &[entry(&document, KIND, document.len())]);
        let report = session.report(UnixTime(0));
        let statement = Statement::Refers {
            digest: Digest::sha256(&document),
            subject: Digest::sha256(IMAGE),
            artifact_type: Some(KIND.to_owned()),
            size: document.len().to_string(),
            listed,
        };
        let stated = report.claims.iter().any(|claim| {
            claim.statement == statement && matches!(claim.standing, Standing::Stated { .. })
        });
        assert!(stated, "{report:?}");
        assert_eq!(report.wants.len(), 1);
    }
}

#[test]
fn no_more_are_wanted_than_the_limit() {
    let entries: Vec<String> = (0..limits::REFERRERS + 5)
        .map(|n| entry(n.to_string().as_bytes(), KIND, 1))
        .collect();
    let session = listing("api", &entries);
    let report = session.report(UnixTime(0));
    assert_eq!(report.wants.len(), limits::REFERRERS);
    let text = "5 more refer to it, which are not looked at";
    assert!(
        report.claims.iter().any(
            |claim| matches!(&claim.statement, Statement::Note { text: own, .. } if own == text)
        )
    );
}

#[test]
fn a_list_that_is_none_is_refused() {
    let target = Digest::sha256(IMAGE);
    let mut session = listing("none", &[]);
    let error = session.refers(&target, "api", r#"[{"digest":"x"}]"#, from());
    assert!(error.is_err());
}
