//! The signers of an image, from its signatures wherever they are: pasted, dropped, or fetched from beside the image.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use pullproof::claim::{Signatory, Source, Standing, Statement, WantKind};
use pullproof::question::Asked;
use pullproof::sigstore::Artifact;
use pullproof::{Claim, Digest, Evidence, Report, Session, Verdict, verify_bundle};
use serde_json::{Value, json};

use sigstore::{IDENTITY, ISSUER, Instance, NOW, about, base64, key, pem, sign, spki};

const NAME: &str = "registry.example/acme/beacon";
const REPOSITORY: &str = "https://registry.example/v2/acme/beacon";

/// An index of two platforms, its manifests and their configurations.
struct Image {
    index: String,
    parts: Vec<String>,
}

fn named(kind: &str, text: &str, more: &str) -> String {
    let digest = Digest::sha256(text.as_bytes());
    let size = text.len();
    format!(
        r#"{{"mediaType":"application/vnd.oci.image.{kind}","digest":"{digest}","size":{size}{more}}}"#
    )
}

fn image() -> Image {
    let (mut entries, mut parts) = (Vec::new(), Vec::new());
    for name in ["amd64", "arm64"] {
        let layer = Digest::sha256(b"layer");
        let config = format!(
            r#"{{"architecture":"{name}","os":"linux","rootfs":{{"type":"layers","diff_ids":["{layer}"]}}}}"#
        );
        let layer = named("layer.v1.tar", "layer", "");
        let manifest = format!(
            r#"{{"schemaVersion":2,"config":{},"layers":[{layer}]}}"#,
            named("config.v1+json", &config, "")
        );
        entries.push(named(
            "manifest.v1+json",
            &manifest,
            &format!(r#","platform":{{"architecture":"{name}","os":"linux"}}"#),
        ));
        parts.extend([manifest, config]);
    }
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{}]}}"#,
        entries.join(",")
    );
    Image { index, parts }
}

impl Image {
    fn digest(&self) -> Digest {
        Digest::sha256(self.index.as_bytes())
    }

    /// A session with the image and the test's root in hand.
    fn session(&self, question: &Value) -> Session {
        let asked: Asked = question.to_string().parse().unwrap();
        let mut session = Session::asking(asked);
        let all = [self.index.as_str()]
            .into_iter()
            .chain(self.parts.iter().map(String::as_str));
        for text in all {
            session.take(bytes(text.as_bytes(), "an image")).unwrap();
        }
        let root = Instance::new().root().to_string();
        session.take(bytes(root.as_bytes(), "a root")).unwrap();
        session
    }

    fn published(&self, by: &Value) -> Session {
        let image = format!("{NAME}@{}", self.digest());
        self.session(&json!({ "ask": "published", "image": image, "by": by }))
    }
}

fn bytes(bytes: &[u8], name: &str) -> Evidence {
    let name = name.to_owned();
    Evidence::Bytes {
        want: pullproof::Want {
            what: WantKind::Words,
            hint: String::new(),
            command: false,
            digest: None,
            url: None,
            accept: None,
        },
        bytes: bytes.to_vec(),
        from: Source::File { name },
    }
}

fn identity() -> Value {
    json!({ "identity": IDENTITY, "issuer": ISSUER })
}

fn signed(report: &Report) -> Vec<(&Claim, Verdict)> {
    let all = report.claims.iter();
    let all = all.filter(|claim| matches!(claim.statement, Statement::Signs { .. }));
    all.map(|claim| (claim, claim.standing.verdict())).collect()
}

fn provenance(image: &Digest) -> String {
    Instance::new()
        .statement(&about(image.as_str(), "https://slsa.dev/provenance/v1"))
        .to_string()
}

#[test]
fn a_signature_by_the_identity_asked_for_proves_who_published_an_image() {
    let image = image();
    let mut session = image.published(&identity());
    assert_ne!(session.report(NOW).verdict, Verdict::Proven);
    let found = session
        .paste(provenance(&image.digest()).as_bytes(), None)
        .unwrap();
    assert_eq!(found[0].tool, "Sigstore");
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Proven, "{:#?}", report.claims);
    let (claim, _) = signed(&report)[0];
    let sources = claim.standing.sources();
    let given = |what: &str| {
        sources.iter().any(
            |source| matches!(source, Source::Given { what: found } if found.starts_with(what)),
        )
    };
    assert!(
        given("the identity and its issuer") && given("the trusted root given, sha256:"),
        "{sources:?}"
    );
    let said = |code: &str| {
        report.claims.iter().any(|claim| matches!(&claim.statement, Statement::Note { code: found, .. } if found == code))
    };
    assert!(
        said("sigstore-provenance") && said("sigstore-log-proof") && said("sigstore-certificate")
    );
}

#[test]
fn s42_a_signature_of_one_platform_leaves_the_other_open() {
    let image = image();
    let amd64 = Digest::sha256(image.parts[0].as_bytes());
    let mut session = image.published(&identity());
    session.paste(provenance(&amd64).as_bytes(), None).unwrap();
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Open, "{:#?}", report.claims);
    let proven = report.claims[..report.rests]
        .iter()
        .filter(|claim| claim.standing.verdict() == Verdict::Proven);
    assert!(proven.count() >= 2);
}

#[test]
fn s06_s41_somebody_else_s_signature_and_one_of_something_else_prove_nothing() {
    let image = image();
    let other = json!({ "identity": "https://github.com/acme/other", "issuer": ISSUER });
    let mut session = image.published(&other);
    session
        .paste(provenance(&image.digest()).as_bytes(), None)
        .unwrap();
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Open);
    // It is said who did.
    let by = Signatory::Identity {
        identity: IDENTITY.to_owned(),
        issuer: ISSUER.to_owned(),
    };
    let is_theirs = |claim: &Claim| matches!(&claim.statement, Statement::Signs { by: found, .. } if *found == by);
    let all = signed(&report);
    let found = all.iter().find(|(claim, _)| is_theirs(claim));
    assert_eq!(found.map(|(_, verdict)| *verdict), Some(Verdict::Proven));
    let mut session = image.published(&identity());
    session
        .paste(provenance(&Digest::sha256(b"another")).as_bytes(), None)
        .unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Open);
    // That somebody scanned it does not make it theirs.
    let mut session = image.published(&identity());
    let scanned = about(
        image.digest().as_str(),
        "https://cosign.sigstore.dev/attestation/vuln/v1",
    );
    let scanned = Instance::new().statement(&scanned).to_string();
    session.paste(scanned.as_bytes(), None).unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Open);
}

#[test]
fn a_signature_by_the_identity_that_does_not_hold_contradicts_unless_another_does() {
    let image = image();
    let good = provenance(&image.digest());
    let mut bad: Value = serde_json::from_str(&good).unwrap();
    bad["dsseEnvelope"]["signatures"][0]["sig"] = json!(base64(&sign(&key(9), b"x")));
    let mut session = image.published(&identity());
    session.paste(bad.to_string().as_bytes(), None).unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Contradicted);
    session.paste(good.as_bytes(), None).unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Proven);
}

#[test]
fn s47_s48_a_bundle_of_an_instance_that_the_root_does_not_know_is_open() {
    let image = image();
    let question = json!({ "ask": "published", "image": format!("{NAME}@{}", image.digest()), "by": identity() });
    let mut session = Session::asking(question.to_string().parse().unwrap());
    session
        .take(bytes(image.index.as_bytes(), "an image"))
        .unwrap();
    session
        .paste(provenance(&image.digest()).as_bytes(), None)
        .unwrap();
    let report = session.report(NOW);
    assert_ne!(report.verdict, Verdict::Proven);
    let text = format!("{:?}", report.claims);
    assert!(
        text.contains("the trusted root of sigstore.dev of 2025-09-22"),
        "{text}"
    );
}

/// A signature in cosign's older form: its manifest, and its payload.
fn older(image: &Digest, by: u8) -> (String, String) {
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": NAME },
            "image": { "docker-manifest-digest": image.as_str() },
            "type": "cosign container image signature",
        },
        "optional": {},
    })
    .to_string();
    let signature = base64(&sign(&key(by), payload.as_bytes()));
    let layer = json!({
        "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
        "digest": Digest::sha256(payload.as_bytes()).as_str(),
        "size": payload.len(),
        "annotations": { "dev.cosignproject.cosign/signature": signature },
    });
    let config = "{}";
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": Digest::sha256(config.as_bytes()).as_str(), "size": 2 },
        "layers": [layer],
    });
    (manifest.to_string(), payload)
}

fn fetched(url: &str) -> Source {
    Source::Fetched {
        url: url.to_owned(),
        at: "2026-01-09T00:00:00Z".to_owned(),
    }
}

/// A session about an image by this key, whose index was fetched.
fn begun(image: &Image, by: &Value) -> Session {
    let mut session = image.published(by);
    // Nobody is asked as long as nothing was fetched.
    let asks = |want: &pullproof::Want| want.what == WantKind::Signatures;
    assert!(!session.wants().iter().any(asks));
    let url = format!("{REPOSITORY}/manifests/{}", image.digest());
    let want = pullproof::Want {
        digest: Some(image.digest()),
        url: Some(url.clone()),
        ..blank()
    };
    let index = image.index.clone().into_bytes();
    session.supply(&want, index, fetched(&url)).unwrap();
    session
}

/// The want whose address ends so.
#[track_caller]
fn wanted(session: &mut Session, end: &str) -> pullproof::Want {
    let wants = session.wants();
    let ends = |want: &&pullproof::Want| want.url.as_ref().is_some_and(|url| url.ends_with(end));
    wants.iter().find(ends).unwrap().clone()
}

fn failed(session: &mut Session, want: pullproof::Want, code: &str) {
    let from = fetched(want.url.as_deref().unwrap());
    let (code, text) = (code.to_owned(), "why".to_owned());
    let evidence = Evidence::Failed {
        want,
        code,
        text,
        from,
    };
    session.take(evidence).unwrap();
}

fn supplied(session: &mut Session, want: &pullproof::Want, text: String) {
    let from = fetched(want.url.as_deref().unwrap());
    session.supply(want, text.into_bytes(), from).unwrap();
}

fn key_in_pem(seed: u8) -> String {
    pem("PUBLIC KEY", &spki(&key(seed)))
}

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

/// A session that was answered with a manifest of signatures.
fn answered(image: &Image, manifest: &Value) -> Session {
    let mut session = begun(image, &json!({ "keys": [key_in_pem(8)] }));
    let tag = wanted(&mut session, ".sig");
    supplied(&mut session, &tag, manifest.to_string());
    session
}

fn told(report: &Report, code: &str) -> usize {
    let said = |claim: &&Claim| matches!(&claim.statement, Statement::Note { code: found, .. } if found == code);
    report.claims.iter().filter(said).count()
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
fn a_key_by_its_id_is_enough_once_the_key_itself_is_here() {
    let image = image();
    let id = Digest::sha256(&spki(&key(8))).encoded().to_owned();
    let mut session = image.published(&json!({ "keys": [id] }));
    let (manifest, payload) = older(&image.digest(), 8);
    for text in [&manifest, &payload] {
        session.take(bytes(text.as_bytes(), "a signature")).unwrap();
    }
    assert_ne!(session.report(NOW).verdict, Verdict::Proven);
    session.paste(key_in_pem(9).as_bytes(), None).unwrap();
    assert_ne!(session.report(NOW).verdict, Verdict::Proven);
    session.paste(key_in_pem(8).as_bytes(), None).unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Proven);
}

fn blank() -> pullproof::Want {
    pullproof::Want {
        what: WantKind::Document,
        hint: String::new(),
        command: false,
        digest: None,
        url: None,
        accept: None,
    }
}

#[test]
fn who_signed_is_found_without_naming_anybody_and_proves_nothing() {
    let image = image();
    let mut session =
        image.session(&json!({ "ask": "what", "image": format!("{NAME}@{}", image.digest()) }));
    let before = session.report(NOW).rests;
    session
        .paste(provenance(&image.digest()).as_bytes(), None)
        .unwrap();
    let report = session.report(NOW);
    assert_eq!(report.rests, before);
    assert_eq!(signed(&report).len(), 1);
    let rests = &report.claims[..report.rests];
    assert!(
        rests
            .iter()
            .all(|claim| !matches!(claim.statement, Statement::Signs { .. }))
    );
}

#[test]
fn a_policy_names_its_signers() {
    let image = image();
    let policy = |signers: Value| {
        json!({ "policy": {
            "pullproof": "policy", "version": 1, "project": "Beacon", "names": [NAME],
            "releases": [{ "tag": "1" }], "signers": { "sigstore": signers },
        } })
    };
    let ask = |signers: Value| {
        let question = json!({ "ask": "published", "image": format!("{NAME}:1@{}", image.digest()), "by": policy(signers) });
        let mut session = image.session(&question);
        session
            .paste(provenance(&image.digest()).as_bytes(), None)
            .unwrap();
        session.report(NOW)
    };
    let other = json!({ "key": pem("PUBLIC KEY", &spki(&key(9))) });
    let report = ask(json!([other, identity()]));
    assert_eq!(report.verdict, Verdict::Proven, "{:#?}", report.claims);
    assert_eq!(report.release.as_deref(), Some("1"));
    assert_ne!(ask(json!([other])).verdict, Verdict::Proven);
    for odd in [
        json!([]),
        json!([{ "identity": "x" }]),
        json!([{ "key": "x" }]),
        json!([identity(), identity()]),
    ] {
        let question = json!({ "ask": "published", "image": NAME, "by": policy(odd) });
        assert!(question.to_string().parse::<Asked>().is_err());
    }
}

#[test]
fn one_bundle_is_verified_by_itself() {
    let instance = Instance::new();
    let bundle = instance.message(b"an artifact").to_string();
    let root = instance.root().to_string();
    let by = pullproof::Trust::Identity {
        identity: IDENTITY.to_owned(),
        issuer: ISSUER.to_owned(),
    };
    let check = |artifact: &[u8], by: Option<&pullproof::Trust>| {
        let root = Some(root.as_bytes());
        verify_bundle(bundle.as_bytes(), Artifact::Bytes(artifact), by, root, NOW).unwrap()
    };
    let good = check(b"an artifact", Some(&by));
    assert_eq!(
        (good.verdict, good.headline),
        (Verdict::Proven, format!("Signed by {IDENTITY}"))
    );
    assert!(matches!(good.claims[0].standing, Standing::Proven(_)));
    let nobody = check(b"an artifact", None);
    assert_eq!(nobody.verdict, Verdict::Open);
    assert_eq!(
        nobody.headline,
        format!("Signed by {IDENTITY}; nobody was asked for")
    );
    assert_eq!(check(b"another", Some(&by)).verdict, Verdict::Contradicted);
    let other = pullproof::Trust::Identity {
        identity: "x@example.com".to_owned(),
        issuer: ISSUER.to_owned(),
    };
    assert_eq!(
        check(b"an artifact", Some(&other)).verdict,
        Verdict::Contradicted
    );
    let digests = pullproof::Trust::Digests(Vec::new());
    let error = verify_bundle(
        bundle.as_bytes(),
        Artifact::Bytes(b""),
        Some(&digests),
        None,
        NOW,
    );
    assert_eq!(error.unwrap_err().code(), "question");
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
