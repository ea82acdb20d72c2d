//! Signatures that are beside an image in its registry: what is asked for, up to which limits, and what is said of places
//! that were not read.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use pullproof::claim::{Statement, WantKind};
use pullproof::{Digest, Session, Verdict};
use serde_json::{Value, json};

use sigstore::NOW;
use sigstore::image::{
    NAME, REPOSITORY, answered, begun, failed, identity, image, key_in_pem, older, signed,
    supplied, told, wanted,
};

#[test]
fn places_without_signatures_unread_and_not_looked_at_are_told_apart() {
    let image = image();
    let mut session = begun(&image, &json!({ "keys": [key_in_pem(8)] }));
    let list = wanted(&mut session, &format!("/referrers/{}", image.digest()));
    failed(&mut session, list, "network");
    let attestations = wanted(&mut session, ".att");
    assert_eq!(attestations.what, WantKind::Signatures);
    failed(&mut session, attestations, "not-found");
    let report = session.report(NOW);
    let mut places = Vec::new();
    for claim in &report.claims {
        if let Statement::Note { code, text, .. } = &claim.statement
            && ["sigstore-none", "sigstore-unasked", "sigstore-unread"].contains(&code.as_str())
        {
            places.push((code.as_str(), text.as_str()));
        }
    }
    assert_eq!(
        places,
        [
            (
                "sigstore-unread",
                "the list of what refers to it could not be read: network"
            ),
            (
                "sigstore-unasked",
                "nobody looked in the lists of what refers to its parts"
            ),
            (
                "sigstore-unasked",
                "nobody looked in the tag of cosign's signatures"
            ),
            (
                "sigstore-none",
                "no signature is in the tag of cosign's attestations"
            ),
        ]
    );
    assert_ne!(report.verdict, Verdict::Proven);
}

#[test]
fn signatures_beside_an_image_are_wanted_fetched_and_checked() {
    let image = image();
    let mut session = begun(&image, &json!({ "keys": [key_in_pem(8)] }));
    for end in [&format!("/referrers/{}", image.digest()), ".att"] {
        let want = wanted(&mut session, end);
        failed(&mut session, want, "not-found");
    }
    let (manifest, payload) = older(&image.digest(), 8);
    let tag = wanted(&mut session, ".sig");
    let url = format!(
        "{REPOSITORY}/manifests/sha256-{}.sig",
        image.digest().encoded()
    );
    assert_eq!(tag.url.as_ref(), Some(&url));
    supplied(&mut session, &tag, manifest);
    let digest = Digest::sha256(payload.as_bytes());
    let blob = wanted(&mut session, &format!("/blobs/{digest}"));
    supplied(&mut session, &blob, payload);
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Proven, "{:#?}", report.claims);
    let asks = |want: &pullproof::Want| want.what == WantKind::Signatures;
    assert!(!session.wants().iter().any(asks));
}

#[test]
fn s16_of_thousands_of_signatures_so_many_are_fetched_and_the_rest_is_told() {
    let image = image();
    let (manifest, payload) = older(&image.digest(), 8);
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    let layer = manifest["layers"][0].clone();
    let layers = (0..900).map(|at| {
        let mut layer = layer.clone();
        layer["digest"] = json!(Digest::sha256(format!("{at}").as_bytes()).as_str());
        layer
    });
    manifest["layers"] = Value::Array(layers.collect());
    let mut session = answered(&image, &manifest);
    assert!(session.wants().len() <= 40);
    assert_ne!(session.report(NOW).verdict, Verdict::Proven);
    // As many times the same good one: each is looked at, up to the limit.
    manifest["layers"] = json!(vec![layer; 900]);
    let mut session = answered(&image, &manifest);
    let blob = wanted(
        &mut session,
        &format!("/blobs/{}", Digest::sha256(payload.as_bytes())),
    );
    supplied(&mut session, &blob, payload);
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Proven);
    assert!(signed(&report).len() <= 32, "{}", signed(&report).len());
    assert_eq!(told(&report, "limit-exceeded"), 1);
}

#[test]
fn s17_a_signature_that_is_too_large_is_not_fetched_and_told() {
    let image = image();
    let (manifest, payload) = older(&image.digest(), 8);
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["layers"][0]["size"] = json!(200 << 20);
    let mut session = answered(&image, &manifest);
    let name = Digest::sha256(payload.as_bytes());
    assert!(
        !session
            .wants()
            .iter()
            .any(|want| want.digest.as_ref() == Some(&name))
    );
    let report = session.report(NOW);
    assert_ne!(report.verdict, Verdict::Proven);
    assert_eq!(told(&report, "limit-exceeded"), 1);
}

#[test]
fn an_image_named_by_its_digest_is_fetched_so_that_its_signatures_are() {
    let image = image();
    let named = format!("{NAME}@{}", image.digest());
    let question = json!({ "ask": "published", "image": named, "by": identity() });
    let mut session = Session::asking(question.to_string().parse().unwrap());
    let want = wanted(&mut session, &format!("/manifests/{}", image.digest()));
    supplied(&mut session, &want, image.index.clone());
    let list = wanted(&mut session, &format!("/referrers/{}", image.digest()));
    assert_eq!(list.what, WantKind::Referrers);
}
