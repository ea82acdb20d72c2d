//! Signatures that are beside an image in its registry: what is asked for, up to which limits, and what is said of places
//! that were not read.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use std::cell::RefCell;

use pullproof::claim::{Listing, Source, Statement, WantKind};
use pullproof::{Digest, Evidence, Session, Verdict, Want};
use serde_json::{Value, json};

use sigstore::image::{
    Image, NAME, REPOSITORY, answered, begun, bytes, failed, fetched, identity, image, key_in_pem,
    older, provenance, signed, supplied, texts, told, wanted,
};
use sigstore::{Instance, NOW};

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

/// Answers every want of a session, until nothing is left, and gives the addresses that were asked.
fn served(session: &mut Session, answers: &dyn Fn(&Want) -> Option<String>) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    loop {
        let open = |want: &Want| want.url.as_ref().is_some_and(|url| !asked.contains(url));
        let Some(want) = session.wants().into_iter().find(open) else {
            return asked;
        };
        asked.push(want.url.clone().unwrap());
        match (want.what, answers(&want)) {
            (_, None) => failed(session, want, "not-found"),
            (WantKind::Referrers, Some(descriptors)) => {
                let from = fetched(want.url.as_deref().unwrap());
                let listed = Evidence::Listed {
                    want,
                    by: Listing::Api,
                    descriptors,
                    from,
                };
                session.take(listed).unwrap();
            }
            (_, Some(text)) => supplied(session, &want, text),
        }
    }
}

/// The manifest of a bundle, and the bundle.
fn in_manifest(subject: &Digest, bundle: &str) -> String {
    let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": kind,
        "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": Digest::sha256(b"{}").as_str(), "size": 2 },
        "layers": [{ "mediaType": kind, "digest": Digest::sha256(bundle.as_bytes()).as_str(), "size": bundle.len() }],
        "subject": { "mediaType": "application/vnd.oci.image.index.v1+json", "digest": subject.as_str(), "size": 2 },
    })
    .to_string()
}

fn entry(manifest: &str) -> String {
    let digest = Digest::sha256(manifest.as_bytes());
    let size = manifest.len();
    format!(
        r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size}}}"#
    )
}

#[test]
fn an_image_needs_so_many_requests_in_total_and_what_is_left_is_told() {
    let many: Vec<String> = (0..30)
        .map(|at| {
            let digest = Digest::sha256(format!("part {at}").as_bytes());
            format!(r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":6,"platform":{{"architecture":"a{at}","os":"linux"}}}}"#)
        })
        .collect();
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, many.join(","));
    let digest = Digest::sha256(index.as_bytes());
    let bundle = provenance(&Digest::sha256(b"other"));
    for (ask, each) in [("what", 1), ("published", 30)] {
        let mut question = json!({ "ask": ask, "image": format!("{NAME}@{digest}") });
        if ask == "published" {
            question["by"] = identity();
        }
        let mut session = Session::asking(question.to_string().parse().unwrap());
        // Each list has one bundle, of something else.
        let made = RefCell::new(Vec::new());
        let asked = served(&mut session, &|want| {
            let digest_of = |text: &String| Digest::sha256(text.as_bytes());
            let subject = want.digest.as_ref()?;
            if want.what == WantKind::Referrers {
                let mut list = Vec::new();
                for at in 0..each {
                    let bundle = format!("{bundle}{subject}{at}");
                    let manifest = in_manifest(subject, &bundle);
                    list.push(entry(&manifest));
                    made.borrow_mut().extend([manifest, bundle]);
                }
                return Some(format!("[{}]", list.join(",")));
            }
            let made = made.borrow();
            let mut all = made.iter().chain([&index]);
            all.find(|text| digest_of(text) == *subject).cloned()
        });
        let beside: Vec<&String> = asked.iter().filter(|url| !is_part(url, &many)).collect();
        // The image itself is one of them where nothing else asks for it.
        assert!([40, 41].contains(&beside.len()), "{ask} {beside:#?}");
        let report = session.report(NOW);
        let texts = texts(&report, "sigstore-unread");
        let told = |text: &&String| {
            text.ends_with(" lists, manifests or signatures past the limits of 40 requests and 16 parts could not be read: not looked at")
        };
        assert_eq!(texts.iter().filter(told).count(), 1, "{ask} {texts:#?}");
    }
}

/// True if an address is that of a platform's manifest, which the question itself needs.
fn is_part(url: &str, many: &[String]) -> bool {
    let name = url.rsplit('/').next().unwrap();
    url.contains("/manifests/") && many.iter().any(|part| part.contains(name))
}

/// The address of another repository that has the signatures.
const OTHER: &str = "https://other.example/v2/kong/notary";

/// A session about an image, whose signatures are said to be in the other repository, too.
fn named_too(image: &Image) -> Session {
    let name = format!("{NAME}@{}", image.digest());
    let question = json!({ "ask": "published", "image": name, "by": identity() });
    let mut session = Session::asking(question.to_string().parse().unwrap());
    let root = Instance::new().root().to_string();
    session.take(bytes(root.as_bytes(), "root.json")).unwrap();
    session
        .take(signatures_in("other.example/kong/notary"))
        .unwrap();
    session
}

fn signatures_in(repository: &str) -> Evidence {
    Evidence::Note {
        code: "signatures-in".to_owned(),
        text: repository.to_owned(),
        from: Source::File {
            name: "--signatures".to_owned(),
        },
    }
}

/// The answers of both registries, of which the other has a bundle.
fn answers(image: &Image, want: &Want) -> Option<String> {
    let (digest, bundle) = (image.digest(), provenance(&image.digest()));
    let manifest = in_manifest(&digest, &bundle);
    let name = |text: &str| Digest::sha256(text.as_bytes());
    let list = format!("[{}]", entry(&manifest));
    let at = format!("{OTHER}/manifests/{}", name(&manifest));
    let known = [
        (
            format!("{REPOSITORY}/manifests/{digest}"),
            image.index.clone(),
        ),
        (format!("{REPOSITORY}/referrers/{digest}"), "[]".to_owned()),
        (format!("{OTHER}/referrers/{digest}"), list),
        (at, manifest),
        (format!("{OTHER}/blobs/{}", name(&bundle)), bundle),
    ];
    let mut known = known.into_iter();
    let found = known.find(|(at, _)| want.url.as_ref() == Some(at));
    found.map(|(_, text)| text)
}

#[test]
fn signatures_are_looked_for_in_a_repository_that_is_named_too_and_said_to_be_there() {
    let image = image();
    let mut session = named_too(&image);
    let asked = served(&mut session, &|want| answers(&image, want));
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Proven, "{asked:#?}");
    let [(claim, _)] = signed(&report)[..] else {
        panic!("{:#?}", report.claims)
    };
    let bundle = Digest::sha256(provenance(&image.digest()).as_bytes());
    let from = fetched(&format!("{OTHER}/blobs/{bundle}"));
    assert!(claim.standing.sources().contains(&&from), "{claim:#?}");
    assert_eq!(
        texts(&report, "sigstore-found"),
        ["signatures are in the list of what refers to it in other.example/kong/notary"]
    );
    assert_eq!(
        texts(&report, "sigstore-none"),
        [
            "no signature is in the list of what refers to it",
            "no signature is in the tag of cosign's signatures",
            "no signature is in the tag of cosign's attestations",
            "no signature is in the tag of cosign's signatures in other.example/kong/notary",
            "no signature is in the tag of cosign's attestations in other.example/kong/notary",
        ]
    );
}

#[test]
fn signatures_under_a_tag_of_the_other_repository_are_fetched_from_there() {
    let image = image();
    let (tagged, payload) = older(&image.digest(), 8);
    let mut session = named_too(&image);
    let tag = format!("/manifests/sha256-{}.sig", image.digest().encoded());
    let index = format!("/manifests/{}", image.digest());
    let asked = served(&mut session, &|want| {
        let url = want.url.as_deref().unwrap();
        match url.strip_prefix(OTHER) {
            Some(path) if path == tag => Some(tagged.clone()),
            Some(path) if path.starts_with("/blobs/") => Some(payload.clone()),
            _ if url.ends_with(&index) => Some(image.index.clone()),
            _ => None,
        }
    });
    let blob = format!("{OTHER}/blobs/{}", Digest::sha256(payload.as_bytes()));
    assert!(asked.contains(&blob), "{asked:#?}");
}

#[test]
fn a_list_of_which_not_all_is_here_is_not_said_to_be_read() {
    let image = image();
    let mut session = named_too(&image);
    served(&mut session, &|want| {
        let url = want.url.as_deref().unwrap();
        let is_asked = !url.starts_with(OTHER) || url.contains("/referrers/");
        is_asked.then(|| answers(&image, want)).flatten()
    });
    let report = session.report(NOW);
    let why = "the list of what refers to it in other.example/kong/notary could not be read: not all that it lists is here";
    assert_eq!(texts(&report, "sigstore-unread"), [why]);
    assert!(
        session
            .take(signatures_in("https://other.example"))
            .is_err()
    );
}

/// A policy whose signer keeps the signatures in the other repository, and an image that may be asked about by it.
fn by_policy(image: &Image, named: &str) -> Session {
    let mut signer = identity();
    signer["signatures"] = json!(named);
    let policy = json!({
        "pullproof": "policy", "version": 1, "project": "Beacon", "names": [NAME],
        "releases": [{ "tag": "1", "digests": [image.digest().as_str()] }],
        "signers": { "sigstore": [signer] },
    });
    let question = json!({ "ask": "published", "image": format!("{NAME}@{}", image.digest()), "by": { "policy": policy.to_string() } });
    let mut session = Session::asking(question.to_string().parse().unwrap());
    let root = Instance::new().root().to_string();
    session.take(bytes(root.as_bytes(), "root.json")).unwrap();
    session
}

#[test]
fn a_policys_signer_names_the_repository_of_the_signatures() {
    let image = image();
    let mut session = by_policy(&image, "other.example/kong/notary");
    let asked = served(&mut session, &|want| answers(&image, want));
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Proven, "{asked:#?}");
    let [(_, Verdict::Proven)] = signed(&report)[..] else {
        panic!("{:#?}", report.claims)
    };
    let found = texts(&report, "sigstore-found");
    let place = "signatures are in the list of what refers to it in other.example/kong/notary";
    assert_eq!(found, [place]);
    assert_eq!(texts(&report, "sigstore-none").len(), 5, "{report:#?}");
    // What a user names beside it is no second place.
    session
        .take(signatures_in("other.example/kong/notary"))
        .unwrap();
    assert_eq!(texts(&session.report(NOW), "sigstore-none").len(), 5);
}

#[test]
fn the_images_own_repository_is_no_second_place() {
    let image = image();
    let mut session = by_policy(&image, NAME);
    served(&mut session, &|want| answers(&image, want));
    let none = texts(&session.report(NOW), "sigstore-none");
    assert!(!none.is_empty());
    assert!(!none.iter().any(|text| text.contains(NAME)), "{none:#?}");
}

#[test]
fn a_signer_among_several_names_a_repository_of_the_signatures_and_a_question_reads_back() {
    let image = image();
    let mut signer = identity();
    signer["signatures"] = json!("other.example/kong/notary");
    let mut session = image.published(&json!({ "signers": [signer] }));
    let report = serde_json::to_value(session.report(NOW)).unwrap();
    let question = &report["question"];
    assert_eq!(question["by"]["signers"][0], signer);
    // The registry is asked once the image was fetched.
    let url = format!("{REPOSITORY}/manifests/{}", image.digest());
    let want = Want {
        digest: Some(image.digest()),
        url: Some(url.clone()),
        ..sigstore::image::blank()
    };
    supplied(&mut session, &want, image.index.clone());
    wanted(
        &mut session,
        &format!("notary/referrers/{}", image.digest()),
    );
}

#[test]
fn a_policy_that_does_not_cover_the_image_sends_nobody_to_its_repository_of_signatures() {
    let image = image();
    let mut signer = identity();
    signer["signatures"] = json!("other.example/kong/notary");
    let policy = json!({
        "pullproof": "policy", "version": 1, "project": "Beacon", "names": ["registry.example/acme/lamp"],
        "releases": [{ "tag": "1", "digests": [image.digest().as_str()] }],
        "signers": { "sigstore": [signer] },
    });
    let question = json!({ "ask": "published", "image": format!("{NAME}@{}", image.digest()), "by": { "policy": policy.to_string() } });
    let mut session = Session::asking(question.to_string().parse().unwrap());
    let asked = served(&mut session, &|want| answers(&image, want));
    assert!(!asked.is_empty());
    assert!(
        !asked
            .iter()
            .any(|url| url.starts_with("https://other.example")),
        "{asked:#?}"
    );
}

#[test]
fn by_a_policy_without_digests_the_image_is_wanted_first_and_then_a_signature() {
    let image = image();
    let policy = |signers: Value| {
        json!({
            "pullproof": "policy", "version": 1, "project": "Beacon", "names": [NAME],
            "releases": [{ "tag": "1" }], "signers": signers,
        })
    };
    let session = |signers: Value| {
        let by = json!({ "policy": policy(signers).to_string() });
        let question = json!({ "ask": "published", "image": format!("{NAME}:1"), "by": by });
        Session::asking(question.to_string().parse().unwrap())
    };
    let mut only = session(json!({ "sigstore": [identity()] }));
    let [want] = &only.report(NOW).wants[..] else {
        panic!("{:#?}", only.report(NOW).wants)
    };
    let url = format!("{REPOSITORY}/manifests/1");
    assert_eq!(want.url.as_deref(), Some(url.as_str()));
    supplied(&mut only, want, image.index.clone());
    let report = only.report(NOW);
    assert_eq!(report.verdict, Verdict::Open);
    let [want] = &report.wants[..] else {
        panic!("{:#?}", report.wants)
    };
    assert_eq!(want.hint, "a signature by a signer that the policy names");
    assert_eq!((want.what, want.command), (WantKind::Words, false));
    // Signed metadata is saved with a command.
    let key = "ab".repeat(32);
    let mut both = session(json!({ "sigstore": [identity()], "dct": { "root": [key] } }));
    let hints: Vec<String> = both
        .report(NOW)
        .wants
        .into_iter()
        .map(|want| want.hint)
        .collect();
    assert_eq!(hints, [format!("pullproof rescue {NAME}")]);
}
