//! Listed referrers, compared with their documents; by the ids of the hostile cases.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use pullproof::UnixTime;
use pullproof::claim::{Listing, Source, Standing, Statement, WantKind};
use pullproof::question::Asked;
use pullproof::session::{Report, Session};
use pullproof::{Digest, Evidence, Verdict, Want, limits};

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
fn listing(by: Listing, entries: &[String]) -> Session {
    let target = Digest::sha256(IMAGE);
    let question = format!(r#"{{"ask":"what","image":"r.io/a/b@{target}"}}"#);
    let mut session = Session::asking(question.parse::<Asked>().unwrap());
    let want = session.wants().swap_remove(0);
    session.supply(&want, IMAGE.to_vec(), from()).unwrap();
    let list = format!("[{}]", entries.join(","));
    session.take(listed(target, by, list)).unwrap();
    session
}

fn wanted(subject: Digest) -> Want {
    Want {
        what: WantKind::Referrers,
        hint: String::new(),
        command: false,
        digest: Some(subject),
        url: None,
        accept: None,
    }
}

fn listed(subject: Digest, by: Listing, descriptors: String) -> Evidence {
    let (want, from) = (wanted(subject), from());
    Evidence::Listed {
        want,
        by,
        descriptors,
        from,
    }
}

fn reported(document: &[u8], entry: String) -> Report {
    let mut session = listing(Listing::Api, &[entry]);
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
    // Its contents are neither asked for nor missed.
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
    for listed in [Listing::Api, Listing::FallbackTag] {
        let mut session = listing(listed, &[entry(&document, KIND, document.len())]);
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
    let mut session = listing(Listing::Api, &entries);
    let report = session.report(UnixTime(0));
    assert_eq!(report.wants.len(), limits::REFERRERS);
    let text = "5 more referrers were not checked";
    assert!(
        report.claims.iter().any(
            |claim| matches!(&claim.statement, Statement::Note { text: own, .. } if own == text)
        )
    );
}

#[test]
fn a_list_that_is_none_is_refused() {
    let target = Digest::sha256(IMAGE);
    let mut session = listing(Listing::None, &[]);
    let list = r#"[{"digest":"x"}]"#.to_owned();
    assert!(
        session
            .take(listed(target.clone(), Listing::Api, list))
            .is_err()
    );
    let before = session.report(UnixTime(0));
    let given = session.supply(&wanted(target), b"[]".to_vec(), from());
    assert_eq!(
        given.unwrap_err().to_string(),
        "expected what is listed as referring to it in the question, found bytes"
    );
    assert_eq!(session.report(UnixTime(0)), before);
}

/// A session about a tag, or about a digest, and what it wants of referrers.
fn referrers_wanted(session: &mut Session) -> Vec<Want> {
    let wants = session.wants().into_iter();
    wants
        .filter(|want| want.what == WantKind::Referrers)
        .collect()
}

#[test]
fn what_refers_to_an_image_is_wanted_once_its_registry_said_which_it_is() {
    let digest = Digest::sha256(IMAGE);
    for (image, question) in [
        ("r.io/a/b:1".to_owned(), "what"),
        (format!("r.io/a/b@{digest}"), "what"),
        ("r.io/a/b:1".to_owned(), "published"),
    ] {
        let by = match question {
            "published" => format!(r#","by":{{"digests":["{digest}"]}}"#),
            _ => String::new(),
        };
        let asked = format!(r#"{{"ask":"{question}","image":"{image}"{by}}}"#);
        let mut session = Session::asking(asked.parse::<Asked>().unwrap());
        assert_eq!(referrers_wanted(&mut session), []);
        let want = session.wants().swap_remove(0);
        let (url, at) = (want.url.clone().unwrap(), "2026-11-20T12:00:00Z".to_owned());
        let source = Source::Fetched { url, at };
        session.supply(&want, IMAGE.to_vec(), source).unwrap();
        let wants = referrers_wanted(&mut session);
        if question != "what" {
            assert_eq!(wants, []);
            continue;
        }
        let [want] = wants.as_slice() else {
            panic!("{wants:?}")
        };
        assert_eq!(want.digest.as_ref(), Some(&digest));
        let url = format!("https://r.io/v2/a/b/referrers/{digest}");
        assert_eq!(want.url.as_deref(), Some(url.as_str()));
        assert!(!session.report(UnixTime(0)).wants.contains(want));
        let listed = Evidence::Listed {
            want: want.clone(),
            by: Listing::Api,
            descriptors: "[]".to_owned(),
            from: from(),
        };
        session.take(listed).unwrap();
        assert_eq!(referrers_wanted(&mut session), []);
    }
}

#[test]
fn what_was_only_given_asks_nobody_for_more() {
    let mut session = listing(Listing::Api, &[]);
    assert_eq!(referrers_wanted(&mut session), []);
    let digest = Digest::sha256(IMAGE);
    let question = format!(r#"{{"ask":"what","image":"r.io/a/b@{digest}"}}"#);
    let mut session = Session::asking(question.parse::<Asked>().unwrap());
    session.paste(IMAGE, None).unwrap();
    assert_eq!(referrers_wanted(&mut session), []);
}

#[test]
fn that_they_could_not_be_listed_is_said_and_holds_nothing_up() {
    let digest = Digest::sha256(IMAGE);
    let question = format!(r#"{{"ask":"what","image":"r.io/a/b@{digest}"}}"#);
    let mut session = Session::asking(question.parse::<Asked>().unwrap());
    let want = session.wants().swap_remove(0);
    session.supply(&want, IMAGE.to_vec(), from()).unwrap();
    let before = session.report(UnixTime(0)).verdict;
    session
        .take(Evidence::Failed {
            want: wanted(digest),
            code: "not-found".to_owned(),
            text: "expected an answer, found status 404".to_owned(),
            from: from(),
        })
        .unwrap();
    let report = session.report(UnixTime(0));
    assert_eq!(report.verdict, before);
    let said = "its referrers could not be listed: expected an answer, found status 404";
    assert!(report.claims.iter().any(|claim| matches!(
        &claim.statement,
        Statement::Note { code, text, .. } if code == "referrers" && text == said
    )));
}
