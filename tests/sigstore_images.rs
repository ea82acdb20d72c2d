//! The signers of an image, from its signatures wherever they are: pasted, dropped, or fetched from beside the image.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use pullproof::claim::{Signatory, Source, Statement};
use pullproof::question::Asked;
use pullproof::sigstore::Artifact;
use pullproof::{Claim, Digest, Question, Session, Trust, Verdict, Want, verify_bundle};
use serde_json::{Value, json};

use sigstore::image::{
    NAME, REPOSITORY, blank, bytes, fetched, identity, image, key_in_pem, older, provenance,
    signed, texts, told,
};
use sigstore::{
    Certificate, IDENTITY, ISSUER, Instance, NOW, about, base64, email, key, pem, sign, spki, uri,
};

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
        given("the identity and its issuer") && given("the trusted root a root, sha256:"),
        "{sources:?}"
    );
    let said = |code: &str| {
        report.claims.iter().any(|claim| matches!(&claim.statement, Statement::Note { code: found, .. } if found == code))
    };
    assert!(
        said("sigstore-provenance") && said("sigstore-log-proof") && said("sigstore-certificate")
    );
}

/// Whom to trust is chosen by whoever asks. A root or a key is no answer of a registry.
#[test]
fn a_root_or_a_key_that_a_server_answers_is_not_trusted() {
    let image = image();
    let root = Instance::new().root().to_string();
    for (given, verdict) in [(false, Verdict::Open), (true, Verdict::Proven)] {
        let name = format!("{NAME}@{}", image.digest());
        let question = json!({ "ask": "published", "image": name, "by": identity() });
        let mut session = Session::asking(question.to_string().parse::<Asked>().unwrap());
        session.paste(image.index.as_bytes(), None).unwrap();
        session
            .paste(provenance(&image.digest()).as_bytes(), None)
            .unwrap();
        for answer in [root.clone(), key_in_pem(8)] {
            if given {
                session.paste(answer.as_bytes(), None).unwrap();
            } else {
                let url = format!("{REPOSITORY}/manifests/1");
                let want = Want {
                    url: Some(url.clone()),
                    ..blank()
                };
                session
                    .supply(&want, answer.into_bytes(), fetched(&url))
                    .unwrap();
            }
        }
        let report = session.report(NOW);
        let [(claim, found)] = signed(&report)[..] else {
            panic!("{:#?}", report.claims);
        };
        assert_eq!(
            found == Verdict::Proven,
            verdict == Verdict::Proven,
            "{claim:#?}"
        );
    }
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

/// Whom a question names.
fn trust(by: &Value) -> Trust {
    let question = json!({ "ask": "published", "image": NAME, "by": by });
    let asked: Asked = question.to_string().parse().unwrap();
    match asked.question {
        Question::Published { by, .. } => by,
        other => panic!("{other:?}"),
    }
}

/// The verdict and the headline for a bundle by the usual identity.
fn checked(artifact: &[u8], by: Option<&Value>) -> (Verdict, String) {
    let instance = Instance::new();
    let bundle = instance.message(b"an artifact").to_string();
    let (by, root) = (by.map(trust), instance.read_root());
    let artifact = Artifact::Bytes(artifact);
    let report = verify_bundle(bundle.as_bytes(), artifact, by.as_ref(), &root, NOW).unwrap();
    (report.verdict, report.headline)
}

fn says(end: &str) -> String {
    format!("Signed by {IDENTITY}{end}")
}

#[test]
fn one_bundle_is_verified_by_itself() {
    let own = identity();
    assert_eq!(
        checked(b"an artifact", Some(&own)),
        (Verdict::Proven, says(""))
    );
    let nobody = (Verdict::Open, says("; nobody was asked for"));
    assert_eq!(checked(b"an artifact", None), nobody);
    let broken = "The signature does not hold".to_owned();
    assert_eq!(
        checked(b"another", Some(&own)),
        (Verdict::Contradicted, broken)
    );
    let digests = Trust::Digests(Vec::new());
    let artifact = Artifact::Bytes(b"");
    let instance = Instance::new();
    let (bundle, root) = (instance.message(b"").to_string(), instance.read_root());
    let error = verify_bundle(bundle.as_bytes(), artifact, Some(&digests), &root, NOW);
    assert_eq!(error.unwrap_err().code(), "question");
}

#[test]
fn one_bundle_is_held_against_patterns_sources_and_several_signers() {
    let like = "https://github.com/acme/beacon/*";
    let key = json!({ "key": key_in_pem(8) });
    let strange = ", not by a signer that you named";
    for (by, verdict, end) in [
        (
            json!({ "identity": "x@example.com", "issuer": ISSUER }),
            Verdict::Contradicted,
            strange,
        ),
        (
            json!({ "signers": [{ "identityPattern": like, "issuer": ISSUER }] }),
            Verdict::Proven,
            "",
        ),
        (
            json!({ "signers": [key, { "identityPattern": like, "issuer": ISSUER }] }),
            Verdict::Proven,
            "",
        ),
        (
            json!({ "signers": [{ "identityPattern": "https://github.com/x/*", "issuer": ISSUER }] }),
            Verdict::Contradicted,
            strange,
        ),
        (json!({ "signers": [key] }), Verdict::Contradicted, strange),
        (
            json!({ "signers": [{ "identity": IDENTITY, "issuer": ISSUER, "source": "github.com/acme/beacon" }] }),
            Verdict::Proven,
            "",
        ),
        (
            json!({ "signers": [{ "identity": IDENTITY, "issuer": ISSUER, "source": "github.com/acme/other" }] }),
            Verdict::Contradicted,
            ", but not built from the source you named",
        ),
    ] {
        let found = checked(b"an artifact", Some(&by));
        assert_eq!(found, (verdict, says(end)), "{by}");
    }
}

#[test]
fn s27_a_key_is_trusted_for_its_time_only_wherever_it_came_from() {
    let image = image();
    let (manifest, payload) = older(&image.digest(), 8);
    let ask = |signer: &Value| {
        let mut session = image.published(&json!({ "signers": [signer] }));
        for text in [&manifest, &payload] {
            session.take(bytes(text.as_bytes(), "a signature")).unwrap();
        }
        // Given beside the question it is no way around the time.
        session.paste(key_in_pem(8).as_bytes(), None).unwrap();
        session.report(NOW).verdict
    };
    let id = Digest::sha256(&spki(&key(8))).encoded().to_owned();
    for key in [key_in_pem(8), id] {
        assert_eq!(ask(&json!({ "key": key })), Verdict::Proven);
        // Nothing says when it was signed.
        let limited = json!({ "key": key, "from": "2025-01-01T00:00:00Z" });
        assert_eq!(ask(&limited), Verdict::Open);
    }
    for odd in [
        json!([{ "key": key_in_pem(8), "from": "2025-01-01" }]),
        json!([{ "key": key_in_pem(8) }, { "key": key_in_pem(8), "until": "2025-01-01T00:00:00Z" }]),
    ] {
        let question = json!({ "ask": "published", "image": NAME, "by": { "signers": odd } });
        assert!(question.to_string().parse::<Asked>().is_err());
    }
}

#[test]
fn of_a_list_with_one_bundle_elsewhere_the_others_are_read_and_that_one_is_told() {
    let image = image();
    let bundle: Value = serde_json::from_str(&provenance(&image.digest())).unwrap();
    let url = "https://tmaproduction.blob.example/attestations/1.json.sn?sig=x";
    let elsewhere = json!({ "bundle": null, "bundle_url": url, "repository_id": 1 });
    let broken = json!({ "bundle": { "mediaType": "odd" }, "repository_id": 1 });
    let whole = json!({ "bundle": bundle, "bundle_url": "", "repository_id": 1 });
    let list = json!({ "attestations": [elsewhere, broken, whole] });
    let mut session = image.published(&identity());
    let found = session.take(bytes(list.to_string().as_bytes(), "list.json"));
    assert!(found.is_ok());
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Proven, "{:#?}", report.claims);
    let all = texts(&report, "attestations");
    let [text] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert!(text.contains(url), "{text}");
    assert_eq!(told(&report, "bundle-version"), 1);
    // A list of addresses alone is known as what it is.
    let list = json!({ "attestations": [elsewhere] });
    let mut session = image.published(&identity());
    session
        .take(bytes(list.to_string().as_bytes(), "list.json"))
        .unwrap();
    let report = session.report(NOW);
    assert_eq!(report.verdict, Verdict::Open);
    assert_eq!(told(&report, "attestations"), 1);
}

/// The verdict on the image for signers, and a bundle by a certificate with this name.
fn by_name(san: &[u8], signers: &Value, kind: &str) -> Verdict {
    let image = image();
    let instance = Instance::new();
    let leaf = Certificate::leaf(&instance.signer, san, Some(ISSUER));
    let statement = about(image.digest().as_str(), kind);
    let bundle = instance.statement_by(&statement, &instance.certified(&leaf));
    let mut session = image.published(&json!({ "signers": signers }));
    session.paste(bundle.to_string().as_bytes(), None).unwrap();
    session.report(NOW).verdict
}

const SLSA: &str = "https://slsa.dev/provenance/v1";

#[test]
fn a_pattern_is_of_a_whole_name_of_its_kind() {
    let asked = |san: &[u8], pattern: &str| {
        by_name(
            san,
            &json!([{ "identityPattern": pattern, "issuer": ISSUER }]),
            SLSA,
        )
    };
    let build = "https://github.com/acme/beacon/.github/workflows/release.yml@refs/tags/v1";
    let tags = "https://github.com/acme/beacon/*@refs/tags/*";
    assert_eq!(asked(&uri(build), tags), Verdict::Proven);
    assert_eq!(asked(&uri(build), &format!("uri:{tags}")), Verdict::Proven);
    assert_eq!(
        asked(&uri(build), "*/acme/beacon/*@refs/tags/v1"),
        Verdict::Proven
    );
    let mail = "me@acme.example";
    assert_eq!(asked(&email(mail), "*@acme.example"), Verdict::Proven);
    assert_eq!(asked(&email(mail), "email:*@acme.example"), Verdict::Proven);
    for (san, pattern) in [
        // The ends hold.
        (uri(&format!("x{build}")), tags.to_owned()),
        (uri(&format!("{build}\n")), format!("{tags}1")),
        (
            uri(&build.replace("beacon", "beacon.example")),
            tags.to_owned(),
        ),
        (
            uri(&build.replace("github.com", "githubXcom")),
            tags.to_owned(),
        ),
        (email("me@acme.example.evil"), "*@acme.example".to_owned()),
        (email("me@acme.example\nx"), "*@acme.example".to_owned()),
        (email("me@ACME.example"), "*@acme.example".to_owned()),
        // A name of another kind.
        (
            uri("https://github.com/evil/x/.github/workflows/a.yml@acme.example"),
            "*@acme.example".to_owned(),
        ),
        (email(mail), "uri:*@acme.example".to_owned()),
        (
            email("https://github.com/acme/beacon/x@refs/tags/v1"),
            tags.to_owned(),
        ),
    ] {
        assert_ne!(asked(&san, &pattern), Verdict::Proven, "{pattern}");
    }
}

#[test]
fn an_attestation_by_the_signer_is_no_signature_of_theirs() {
    let signers = json!([identity()]);
    let san = uri(IDENTITY);
    assert_eq!(by_name(&san, &signers, SLSA), Verdict::Proven);
    assert_eq!(
        by_name(&san, &signers, "https://sigstore.dev/cosign/sign/v1"),
        Verdict::Proven
    );
    for kind in [
        "https://cyclonedx.org/bom",
        "https://slsa.dev/verification_summary/v1",
        "https://sigstore.dev/cosign/sign/v10",
        "https://sigstore.dev/cosign/sign/v1/x",
        "https://sigstore.dev/cosign/signature/v1",
        "http://slsa.dev/provenance/v1",
        "https://slsa.dev/provenance",
        "HTTPS://slsa.dev/provenance/v1",
    ] {
        assert_eq!(by_name(&san, &signers, kind), Verdict::Open, "{kind}");
    }
}

#[test]
fn a_digest_that_the_images_bytes_do_not_have_is_no_signature_of_it() {
    let image = image();
    let mut statement = about(image.digest().as_str(), SLSA);
    statement["subject"][0]["digest"]["sha512"] = json!("00".repeat(64));
    let bundle = Instance::new().statement(&statement).to_string();
    let mut session = image.published(&identity());
    session.paste(bundle.as_bytes(), None).unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Contradicted);
    // As long as nothing but the digest of the image is known, nobody can tell.
    let named = format!("{NAME}@{}", image.digest());
    let question = json!({ "ask": "published", "image": named, "by": identity() });
    let mut session = Session::asking(question.to_string().parse::<Asked>().unwrap());
    let root = Instance::new().root().to_string();
    session.take(bytes(root.as_bytes(), "a root")).unwrap();
    session.paste(bundle.as_bytes(), None).unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Open);
    session
        .take(bytes(image.index.as_bytes(), "the image"))
        .unwrap();
    assert_eq!(session.report(NOW).verdict, Verdict::Contradicted);
}
