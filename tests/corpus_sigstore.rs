//! Sigstore's own conformance suite, and real bundles: what holds, and for which reason the rest does not. Needs the
//! folder of the corpus.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use pullproof::sigstore::{
    Artifact, Bundle, BundleQuestion, Expected, GivenKey, ShippedRoots, TrustedRoot, Verified,
    verify,
};
use pullproof::{Digest, Error, UnixTime};
use serde_json::Value;

/// The day that the corpus was made.
const THAT_DAY: UnixTime = UnixTime(1_795_435_200);

fn folder() -> PathBuf {
    let folder = std::env::var_os("PULLPROOF_CORPUS").expect("PULLPROOF_CORPUS names the corpus");
    PathBuf::from(folder).join("data")
}

/// Why a bundle does not hold: the names of the checks, or the code of the error; nothing if it holds.
fn reasons(bundle: &[u8], asked: &BundleQuestion) -> Vec<String> {
    match Bundle::read(bundle) {
        Err(error) => vec![error.code().to_owned()],
        Ok(bundle) => {
            let found = verify(&bundle, asked);
            let reasons = found.reasons();
            assert_eq!(reasons.is_empty(), found.holds(), "{found:#?}");
            reasons.into_iter().map(str::to_owned).collect()
        }
    }
}

struct Case {
    name: String,
    bundle: Vec<u8>,
    artifact: Vec<u8>,
    root: Result<TrustedRoot, String>,
    by: Expected,
}

fn public_good() -> Result<TrustedRoot, Error> {
    let bytes = include_bytes!("../src/sigstore/roots/public-good.json");
    TrustedRoot::read(bytes, "the trusted root of sigstore.dev")
}

fn cases() -> Vec<Case> {
    let suite = folder().join("signed-sigstore/conformance/bundle-verify");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&suite).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let file = |name: &str| fs::read(path.join(name)).ok();
        let text = |name: &str, other: &str| {
            let text = file(name).map(|bytes| String::from_utf8(bytes).unwrap());
            text.map_or(other.to_owned(), |text| text.trim().to_owned())
        };
        let root = match file("trusted_root.json") {
            Some(bytes) => TrustedRoot::read(&bytes, "the case's root"),
            None => public_good(),
        };
        let by = match file("key.pub").map(|bytes| GivenKey::read(&bytes)) {
            Some(Ok(key)) => Expected::Keys(vec![key]),
            Some(Err(_)) => Expected::Keys(Vec::new()),
            None => Expected::Identity {
                identity: text(
                    "identity",
                    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
                ),
                issuer: text("issuer", "https://token.actions.githubusercontent.com"),
            },
        };
        let beside = || fs::read(suite.join("a.txt")).unwrap();
        cases.push(Case {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            bundle: file("bundle.sigstore.json").unwrap(),
            artifact: file("artifact").unwrap_or_else(beside),
            root: root.map_err(|error| error.code().to_owned()),
            by,
        });
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

/// Why each case that must fail does, by bytes as by digest.
const REASONS: [(&str, &str); 49] = [
    ("bundle-empty-certificate-chain_fail", "bundle"),
    (
        "bundle-from-wrong-instance_fail",
        "log time certificate-chain",
    ),
    ("bundle-invalid-base64-signature_fail", "bundle"),
    ("bundle-malformed-json_fail", "json-syntax"),
    ("bundle-negative-log-index_fail", "bundle"),
    ("bundle-unknown-version_fail", "bundle-version"),
    (
        "bundle-with-root-cert_fail",
        "certificate-root identity issuer",
    ),
    ("checkpoint-bad-keyhint_fail", "log-proof"),
    ("checkpoint-wrong-roothash_fail", "log-proof"),
    ("dsse-invalid-sig_fail", "signature log-content"),
    ("dsse-mismatch-envelope_fail", "log-content"),
    ("dsse-mismatch-sig_fail", "log-content"),
    ("inclusion-proof-corrupted-hash_fail", "log-proof"),
    (
        "incorrect-public-key_fail",
        "log-promise log-proof log-content time",
    ),
    ("integrated-time-in-future_fail", "time"),
    ("intoto-expired-certificate_fail", "time"),
    ("intoto-log-entry-mismatch_fail", "log-content"),
    ("intoto-missing-inclusion-proof_fail", "log-proof"),
    ("intoto-set-outside-signing-cert-validity_fail", "time"),
    ("intoto-tsa-timestamp-outside-cert-validity_fail", "time"),
    ("invalid-checkpoint-signature_fail", "log-proof"),
    ("invalid-ct-key_fail", "sct"),
    ("invalid-inclusion-proof_fail", "log-proof"),
    ("managed-key-no-key_fail", "identity key"),
    ("managed-key-wrong-key_fail", "key"),
    ("message-digest-mismatch_fail", "artifact"),
    ("rekor2-checkpoint-missing-log-signature_fail", "log-proof"),
    ("rekor2-checkpoint-missing-origin_fail", "log-proof"),
    ("rekor2-checkpoint-missing-root-hash_fail", "log-proof"),
    ("rekor2-checkpoint-missing-size_fail", "log-proof"),
    ("rekor2-checkpoint-no-matching-signature_fail", "log-proof"),
    ("rekor2-dsse-invalid-sig_fail", "signature log-content"),
    ("rekor2-dsse-mismatch-envelope_fail", "log-content"),
    ("rekor2-dsse-mismatch-sig_fail", "log-content"),
    ("rekor2-no-inclusion-proof_fail", "log-proof"),
    ("rekor2-no-timestamp_fail", "time"),
    (
        "rekor2-timestamp-outside-trust-root-tsa-validity_fail",
        "timestamp time",
    ),
    (
        "rekor2-timestamp-outside-tsa-cert-validity_fail",
        "timestamp time",
    ),
    ("rekor2-timestamp-payload-mismatch_fail", "timestamp time"),
    (
        "rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail",
        "timestamp-authority time",
    ),
    (
        "rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail",
        "timestamp-authority time",
    ),
    ("rekor2-timestamp-with-incorrect-time_fail", "bundle"),
    ("set-invalid-signature_fail", "log-promise time"),
    ("signature-mismatch_fail", "signature log-content"),
    (
        "trust-root-tlog-missing-validity-start_fail",
        "trusted-root",
    ),
    ("wrong-hashedrekord-artifact_fail", "log-content"),
    ("wrong-hashedrekord-cert-and-sig_fail", "log-content"),
    ("wrong-hashedrekord-entry_fail", "log-content"),
    ("wrong-material_fail", "artifact signature log-content"),
];

fn both(case: &Case, bundle: &[u8], by: &Expected) -> String {
    let digest = Digest::sha256(&case.artifact);
    let one = |artifact| match &case.root {
        Err(code) => code.clone(),
        Ok(root) => {
            let by = Some(by);
            let asked = BundleQuestion {
                artifact,
                root,
                by,
                now: THAT_DAY,
            };
            reasons(bundle, &asked).join(" ")
        }
    };
    let by_bytes = one(Artifact::Bytes(&case.artifact));
    assert_eq!(by_bytes, one(Artifact::Digest(&digest)), "{}", case.name);
    by_bytes
}

#[test]
fn every_case_of_conformance_has_its_outcome_and_its_reason() {
    let cases = cases();
    let (mut held, mut failed) = (0, 0);
    for case in &cases {
        let known = REASONS.iter().find(|(name, _)| *name == case.name);
        assert_eq!(
            known.is_some(),
            case.name.ends_with("_fail"),
            "{}",
            case.name
        );
        let known = known.map_or("", |(_, reasons)| *reasons);
        assert_eq!(both(case, &case.bundle, &case.by), known, "{}", case.name);
        if known.is_empty() {
            held += 1;
        } else {
            failed += 1;
        }
    }
    println!("figure: sigstore-conformance {held} hold, {failed} fail, each for its reason");
    assert_eq!((held, failed), (21, 49));
}

/// Two cases fail as they are for another reason than they are there for.
#[test]
fn cases_that_fail_for_another_reason_fail_for_theirs_once_that_is_mended() {
    let cases = cases();
    let case = |name: &str| cases.iter().find(|case| case.name == name).unwrap();
    let broken = case("rekor2-timestamp-with-incorrect-time_fail");
    let text = String::from_utf8(broken.bundle.clone()).unwrap();
    let mended = text.replace("\\n", "").replace("\\r", "");
    // The checkpoint has line breaks of its own.
    let mut both_forms: Value = serde_json::from_str(&text).unwrap();
    let without: Value = serde_json::from_str(&mended).unwrap();
    let at = "/verificationMaterial/timestampVerificationData";
    *both_forms.pointer_mut(at).unwrap() = without.pointer(at).unwrap().clone();
    let mended = serde_json::to_vec(&both_forms).unwrap();
    assert_eq!(both(broken, &mended, &broken.by), "time");
    let case = case("managed-key-wrong-key_fail");
    let other = "signed-cosign/ratify/3-ECDSA-secp256r1-sha256.pub.pem";
    let wrong = both(case, &case.bundle, &key(other));
    assert_eq!(wrong, "signature log-content");
}

fn key(path: &str) -> Expected {
    let bytes = fs::read(folder().join(path)).unwrap();
    Expected::Keys(vec![GivenKey::read(&bytes).unwrap()])
}

/// The key of the npm registry, by which its publish attestations are.
const NPM: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The first subject of an envelope that has a digest, or what the message's hash is.
fn artifact(bundle: &Value) -> Option<Digest> {
    if let Some(payload) = bundle.pointer("/dsseEnvelope/payload") {
        let payload = Base64::decode_vec(payload.as_str()?).ok()?;
        let statement: Value = serde_json::from_slice(&payload).ok()?;
        for subject in statement["subject"].as_array()? {
            for name in ["sha256", "sha512"] {
                if let Some(hex) = subject["digest"][name].as_str()
                    && let Ok(digest) = format!("{name}:{hex}").parse()
                {
                    return Some(digest);
                }
            }
        }
        return None;
    }
    let digest = bundle.pointer("/messageSignature/messageDigest/digest")?;
    let digest = Base64::decode_vec(digest.as_str()?).ok()?;
    let hex = hex(&digest);
    format!("sha256:{hex}").parse().ok()
}

/// The files of which not all bundles hold, and why each does not: those are what the tests of others have as bad, of the
/// staging instance, or by those who put their own root in.
const REAL: [(&str, &str); 30] = [
    ("bundleV01-full-cert-chain.sigstore", "certificate-root"),
    (
        "conda-attestation-rekor2.sigstore.json",
        "timestamp-authority log time certificate-chain",
    ),
    ("cosign_v3_missing_fields.json", "certificate"),
    (
        "gha_container-based-binary-linux-amd64-v13.0.30.intoto.sigstore",
        "certificate-root",
    ),
    (
        "gha_container-based-binary-linux-amd64-v14.2.intoto.sigstore",
        "certificate-root",
    ),
    (
        "gha_container-based-binary-linux-amd64-v14.intoto.sigstore",
        "certificate-root",
    ),
    (
        "gundam-visor-cli-v1-tag-invalidsigprov.tgz.json",
        " / signature log-content",
    ),
    (
        "gundam-visor-cli-v1-tag-invalidsigpub.tgz.json",
        "signature log-content / ",
    ),
    ("invalid-dsse-sig.intoto.sigstore", "bundle"),
    ("invalid-set.intoto.sigstore", "bundle"),
    (
        "mismatch-tlog.intoto.sigstore",
        "certificate-root log-content time",
    ),
    (
        "npm-att-mismatch-prov-payloadtype.intoto.sigstore",
        "certificate-root signature statement log-content / ",
    ),
    (
        "npm-att-prov-invalid-signature.intoto.sigstore",
        "certificate-root signature log-content / ",
    ),
    (
        "npm-att-publish-invalid-signature.intoto.sigstore",
        "certificate-root / signature artifact log-content",
    ),
    (
        "npm-att-publish-nodigest.intoto.sigstore",
        "certificate-root / signature artifact log-content",
    ),
    (
        "npm-stmt-mismatch-prov-predicatetype.intoto.sigstore",
        "certificate-root signature log-content / ",
    ),
    (
        "npm-stmt-mismatch-prov-type.intoto.sigstore",
        "certificate-root signature statement log-content / ",
    ),
    (
        "npm-stmt-mismatch-pub-predicatetype.intoto.sigstore",
        "certificate-root / signature log-content",
    ),
    (
        "payload_mismatch_bundle.json",
        "timestamp log time certificate-chain",
    ),
    (
        "provenance-npm-test-cli-v02-prega-invalidsigprov.tgz.json",
        " / certificate-root signature log-content",
    ),
    (
        "provenance-npm-test-cli-v02-prega-invalidsigpub.tgz.json",
        "signature log-content / certificate-root",
    ),
    (
        "provenance-npm-test-cli-v1-prega-invalidsigprov.tgz.json",
        " / signature log-content",
    ),
    (
        "provenance-npm-test-cli-v1-prega-invalidsigpub.tgz.json",
        "signature log-content / ",
    ),
    (
        "provenance-npm-test-ossf-invalidsigprov.tgz.json",
        " / certificate-root signature log-content",
    ),
    (
        "provenance-npm-test-ossf-invalidsigpub.tgz.json",
        "signature log-content / certificate-root",
    ),
    (
        "staging_bundle.sigstore.json",
        "timestamp-authority log time certificate-chain",
    ),
    (
        "supreme-googles-cli-v02-tag-invalidsigprov.tgz.json",
        " / certificate-root signature log-content",
    ),
    (
        "supreme-googles-cli-v02-tag-invalidsigpub.tgz.json",
        "signature log-content / certificate-root",
    ),
    ("valid.intoto.sigstore", "certificate-root statement"),
    (
        "valid_bundle.json",
        "timestamp-authority log time certificate-chain",
    ),
];

#[test]
fn every_row_of_real_bundles_has_its_outcome_and_its_reason() {
    let list = fs::read_to_string(folder().join("../SIGSTORE.tsv")).unwrap();
    let (mut rows, mut held, mut found) = (0, 0, BTreeMap::new());
    let mut seen = BTreeSet::new();
    for row in list.lines().skip(1) {
        rows += 1;
        let mut columns = row.split('\t');
        let (path, from) = (columns.next().unwrap(), columns.next().unwrap());
        if !seen.insert(path) {
            continue;
        }
        let reasons = reasons_of_file(path);
        held += reasons.iter().filter(|why| why.is_empty()).count();
        if reasons.iter().any(|why| !why.is_empty()) {
            let (_, name) = from.rsplit_once('/').unwrap();
            found.insert(name.to_owned(), reasons.join(" / "));
        }
    }
    println!("figure: sigstore-real {rows} rows, {held} bundles hold");
    let found: Vec<_> = found
        .iter()
        .map(|(name, why)| (name.as_str(), why.as_str()))
        .collect();
    assert_eq!(found, REAL);
    assert_eq!((rows, held), (113, 88));
}

/// Why each bundle in a file does not hold, of what it says it is of, by the root of its instance.
fn reasons_of_file(path: &str) -> Vec<String> {
    let shipped = ShippedRoots::default();
    let keys = ["signed-sigstore/conformance/bundle-verify/managed-key-happy-path/key.pub"];
    let mut keys: Vec<GivenKey> = keys
        .map(|path| GivenKey::read(&fs::read(folder().join(path)).unwrap()).unwrap())
        .into();
    keys.push(GivenKey::read(NPM.as_bytes()).unwrap());
    let by_keys = Expected::Keys(keys);
    let bytes = fs::read(folder().parent().unwrap().join(path)).unwrap();
    let whole: Value = serde_json::from_slice(&bytes).unwrap();
    let all = match whole["attestations"].as_array() {
        Some(all) => all.iter().map(|one| one["bundle"].clone()).collect(),
        None => vec![whole],
    };
    assert_eq!(Bundle::all(&bytes).len(), all.len(), "{path}");
    let one = |bundle: &Value| {
        let artifact = artifact(bundle).unwrap_or_else(|| Digest::sha256(b"none"));
        let has = |at: &str| bundle.pointer(at).is_some();
        let by_key = has("/verificationMaterial/publicKey");
        let bytes = serde_json::to_vec(bundle).unwrap();
        let read = Bundle::read(&bytes);
        let root = read.and_then(|read| shipped.of(&read).cloned());
        let root = root.unwrap_or_else(|_| public_good().unwrap());
        let asked = BundleQuestion {
            artifact: Artifact::Digest(&artifact),
            root: &root,
            by: by_key.then_some(&by_keys),
            now: THAT_DAY,
        };
        reasons(&bytes, &asked).join(" ")
    };
    all.iter().map(one).collect()
}

#[test]
fn attestations_in_layouts_are_of_the_image_and_of_no_other() {
    let layouts = folder().join("sigstore-real/layouts");
    let (mut images, mut signatures) = (0, 0);
    for entry in fs::read_dir(&layouts).unwrap() {
        let layout = entry.unwrap().path().join("container_workflow_dispatch");
        if !layout.is_dir() {
            continue;
        }
        let blob = |digest: &str| {
            fs::read(
                layout
                    .join("blobs/sha256")
                    .join(digest.strip_prefix("sha256:").unwrap()),
            )
            .unwrap()
        };
        let index: Value =
            serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
        let of = |kind: &str| {
            let all = index["manifests"].as_array().unwrap();
            let found = all
                .iter()
                .find(|one| one["annotations"]["kind"] == kind)
                .unwrap();
            found["digest"].as_str().unwrap().to_owned()
        };
        let image: Digest = of("dev.cosignproject.cosign/imageIndex").parse().unwrap();
        let manifest: Value =
            serde_json::from_slice(&blob(&of("dev.cosignproject.cosign/atts"))).unwrap();
        images += 1;
        for layer in manifest["layers"].as_array().unwrap() {
            let bytes = blob(layer["digest"].as_str().unwrap());
            let annotation = |name: &str| layer["annotations"][name].as_str();
            let bundle =
                Bundle::of_layer(layer["mediaType"].as_str().unwrap(), annotation, &bytes).unwrap();
            let found = verified(&bundle, &image, None);
            assert_eq!(found.reasons(), [""; 0], "{} {found:#?}", layout.display());
            let provenance = found.predicate.unwrap().provenance;
            let names: Vec<&str> = provenance.iter().map(|(name, _)| *name).collect();
            assert_eq!(
                names,
                ["builder", "source", "commit", "workflow"],
                "{provenance:?}"
            );
            assert_eq!(
                check(&bundle, &Digest::sha256(b"another"), None),
                "artifact"
            );
            signatures += 1;
        }
    }
    println!("figure: sigstore-layouts {images} images, {signatures} attestations");
    assert_eq!((images, signatures), (6, 6));
}

fn verified(bundle: &Bundle, image: &Digest, by: Option<&Expected>) -> Verified {
    let root = public_good().unwrap();
    let asked = BundleQuestion {
        artifact: Artifact::Digest(image),
        root: &root,
        by,
        now: THAT_DAY,
    };
    verify(bundle, &asked)
}

/// Why a signature of an image does not hold.
fn check(bundle: &Bundle, image: &Digest, by: Option<&Expected>) -> String {
    verified(bundle, image, by).reasons().join(" ")
}

#[test]
fn signatures_of_the_older_form_are_by_their_key() {
    let ratify = folder().join("signed-cosign/ratify");
    let digest: Digest = Digest::sha256(b"another");
    let names = [
        "1-RSA-2048-PKCS1v15-sha256",
        "2-RSA-3072-PKCS1v15-sha256",
        "3-ECDSA-secp256r1-sha256",
        "4-ECDSA-secp384r1-sha256",
    ];
    for (at, name) in names.iter().enumerate() {
        let payload = fs::read(ratify.join(format!("{name}.payload.json"))).unwrap();
        let signature = fs::read_to_string(ratify.join(format!("{name}.sig.b64"))).unwrap();
        let annotation =
            |name: &str| (name == "dev.cosignproject.cosign/signature").then_some(signature.trim());
        let bundle = Bundle::of_layer(pullproof::sigstore::PAYLOAD, annotation, &payload).unwrap();
        let json: Value = serde_json::from_slice(&payload).unwrap();
        let image: Digest = json["critical"]["image"]["docker-manifest-digest"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        for (other, key_name) in names.iter().enumerate() {
            let by = key(&format!("signed-cosign/ratify/{key_name}.pub.pem"));
            let known = if at == other { "" } else { "signature" };
            assert_eq!(
                check(&bundle, &image, Some(&by)),
                known,
                "{name} by {key_name}"
            );
        }
        let by = key(&format!("signed-cosign/ratify/{name}.pub.pem"));
        assert_eq!(check(&bundle, &digest, Some(&by)), "artifact", "{name}");
    }
}

#[test]
fn manifests_of_signatures_are_by_their_keys_or_their_certificate() {
    let digest: Digest = Digest::sha256(b"another");
    let folder = folder().join("signed-cosign/connaisseur/securesystemsengineering/testimage");
    let (mut found, mut read) = (Vec::new(), 0);
    for image in [
        "071bf7a986f1ca9cb2a1f0bc8392822a7777f90d58f2d2c6f271913e08de7c81",
        "31dc72a13a0c34b40eb95419d2b2fd67320c856baf3b72da518023ee8d370aee",
        "bfec161fecb0a887df7cb85e4da327c65986ccda7060cf3cd92171c6c90d7533",
    ] {
        let manifest = fs::read(folder.join(format!("manifests/sha256-{image}.sig.json"))).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        let image: Digest = format!("sha256:{image}").parse().unwrap();
        for layer in manifest["layers"].as_array().unwrap() {
            let blob = layer["digest"].as_str().unwrap().replace(':', "_");
            let payload = fs::read(folder.join(format!("blobs/{blob}.json"))).unwrap();
            let annotation = |name: &str| layer["annotations"][name].as_str();
            let bundle =
                Bundle::of_layer(layer["mediaType"].as_str().unwrap(), annotation, &payload)
                    .unwrap();
            for name in ["alice", "bob", "charlie"] {
                let path = format!("signed-cosign/connaisseur/{name}.key");
                let text = fs::read_to_string(self::folder().join(path)).unwrap();
                let by = GivenKey::read(text.as_bytes()).map(|key| Expected::Keys(vec![key]));
                found.push(format!(
                    "{name}: {}",
                    by.map_or_else(|e| e.to_string(), |by| check(&bundle, &image, Some(&by)))
                ));
            }
            found.push(format!("anybody: {}", check(&bundle, &image, None)));
            assert!(check(&bundle, &digest, None).starts_with("artifact"));
            read += 1;
        }
    }
    assert_eq!(read, 5);
    let of = |own: &str| {
        let name = |name: &str| format!("{name}: {}", if name == own { "" } else { "signature" });
        [
            name("alice"),
            name("bob"),
            name("charlie"),
            "anybody: key".to_owned(),
        ]
    };
    let keyless = ["alice: key", "bob: key", "charlie: key", "anybody: "].map(str::to_owned);
    let known = [of("alice"), keyless, of("alice"), of("bob"), of("charlie")];
    assert_eq!(found, known.concat());
}

/// The field that a byte is in, and which part of that.
fn place(bytes: &[u8], json: &pullproof::json::Value, at: usize) -> String {
    use pullproof::json::Kind;
    match &json.kind {
        Kind::Object(members) => {
            let mut all = members.iter();
            match all.find(|member| member.value.span.contains(&at)) {
                Some(inside) => {
                    let rest = place(bytes, &inside.value, at);
                    format!("{}.{rest}", inside.key.text)
                }
                None => "a name".to_owned(),
            }
        }
        Kind::Array(items) => {
            let item = items.iter().find(|item| item.span.contains(&at));
            item.map_or_else(String::new, |item| place(bytes, item, at))
        }
        Kind::String(text) => {
            let der = Base64::decode_vec(&text.text).unwrap_or_default();
            let begin = json.span.start + 1;
            if der.first() == Some(&0x30) {
                let inside = der_place(&der, (at - begin) * 3 / 4);
                // The fourth part of signed data, which is the content of what is after the status.
                let certificates = inside.starts_with("0.1.1.0.3.");
                return if certificates {
                    "certificates".to_owned()
                } else {
                    inside
                };
            }
            if text.text.contains("\n\n\u{2014} ") {
                let lines = std::str::from_utf8(&bytes[begin..json.span.end]).unwrap();
                let origin = lines.split("\\n").next().unwrap();
                let line = lines[..at - begin].rfind("\\n").map_or(0, |end| end + 2);
                let own = lines[line..].strip_prefix("\u{2014} ");
                let other = own.is_some_and(|own| !own.starts_with(&format!("{origin} ")));
                return if other { "witness" } else { "log" }.to_owned();
            }
            String::new()
        }
        _ => String::new(),
    }
}

/// The numbers of the elements of DER that a byte is in, from the outermost on.
fn der_place(mut bytes: &[u8], mut at: usize) -> String {
    let mut number = 0;
    while let [tag, first, ..] = bytes {
        let digits = if *first < 0x80 {
            0
        } else {
            usize::from(first & 0x7f)
        };
        let length = match digits {
            0 => usize::from(*first),
            _ => bytes[2..2 + digits]
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        };
        let head = 2 + digits;
        if at < head + length {
            let inside = at >= head && tag & 0x20 != 0;
            let rest = if inside {
                der_place(&bytes[head..head + length], at - head)
            } else {
                String::new()
            };
            return format!("{number}.{rest}");
        }
        (bytes, at, number) = (&bytes[head + length..], at - head - length, number + 1);
    }
    String::new()
}

/// The sets of which every third letter and digit is changed.
const GOOD: [&str; 12] = [
    "happy-path-intoto-in-dsse-v3",
    "happy-path-v0.1",
    "happy-path-v0.2",
    "happy-path-v0.3",
    "happy-path-v0.3-new-mediaType",
    "intoto-with-custom-trust-root",
    "managed-key-and-trusted-root",
    "managed-key-happy-path",
    "rekor2-dsse-happy-path",
    "rekor2-happy-path",
    "rekor2-timestamp-without-embedded-cert",
    "bundle-with-sct-with-extensions",
];

/// The fields in which a change is not seen, and how many are not. Nothing rests on them: a version of which the next has
/// all that is here; the hint at a key; the authority's certificates in its token, in whose place are the root's; the lines
/// of witnesses, whose keys no root has.
const SURVIVORS: [(&str, usize); 4] = [
    ("mediaType.", 1),
    ("verificationMaterial.publicKey.hint.", 26),
    (
        "verificationMaterial.timestampVerificationData.rfc3161Timestamps.signedTimestamp.certificates",
        232,
    ),
    (
        "verificationMaterial.tlogEntries.inclusionProof.checkpoint.envelope.witness",
        129,
    ),
];

#[test]
fn a_changed_byte_is_seen_in_all_that_anything_rests_on() {
    let cases = cases();
    let (mut tried, mut survivors) = (0, BTreeMap::<String, usize>::new());
    for name in GOOD {
        let case = cases.iter().find(|case| case.name == name).unwrap();
        let asked = BundleQuestion {
            artifact: Artifact::Bytes(&case.artifact),
            root: case.root.as_ref().unwrap(),
            by: Some(&case.by),
            now: THAT_DAY,
        };
        let json = pullproof::json::parse(&case.bundle).unwrap();
        assert_eq!(reasons(&case.bundle, &asked), [""; 0], "{name}");
        for at in (0..case.bundle.len()).step_by(3) {
            let byte = case.bundle[at];
            if !byte.is_ascii_alphanumeric() {
                continue;
            }
            let mut changed = case.bundle.clone();
            changed[at] = match byte {
                b'9' => b'0',
                b'z' => b'a',
                b'Z' => b'A',
                byte => byte + 1,
            };
            tried += 1;
            if reasons(&changed, &asked).is_empty() {
                let place = place(&case.bundle, json.root(), at);
                *survivors.entry(place).or_default() += 1;
            }
        }
    }
    println!("figure: sigstore-mutations {tried} tried, survivors {survivors:#?}");
    let survivors: Vec<_> = survivors
        .iter()
        .map(|(place, count)| (place.as_str(), *count))
        .collect();
    assert_eq!(survivors, SURVIVORS);
    assert_eq!(tried, 35_046);
}
