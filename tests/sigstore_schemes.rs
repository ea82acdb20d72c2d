//! Twenty images, signed (or not) as their publishers say: by whom, in which form, and in which place. A small instance of
//! Sigstore signs here in place of theirs.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod sigstore;

use std::collections::BTreeMap;
use std::fs;

use base64ct::{Base64, Encoding};
use pullproof::claim::{Listing, Signatory, Source, Statement, WantKind};
use pullproof::{Digest, Evidence, Reference, Report, Session, Verdict};
use serde_json::{Value, json};

use sigstore::image::{bytes, failed, fetched, image, key_in_pem, named, signed, supplied};
use sigstore::{
    Certificate, Instance, NOW, THEN, about, base64, email, envelope, enveloped, hashed, hex, key,
    pem, sign, spki, uri,
};

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// An image as its registry has it, with what is signed of it.
struct Published {
    row: Value,
    image: Reference,
    index: String,
    /// Documents and blobs by the end of their addresses, in the repository that has them.
    found: BTreeMap<String, String>,
    /// The descriptors of lists of referrers, by address.
    listed: BTreeMap<String, Vec<String>>,
    /// Files that are given beside.
    files: Vec<String>,
}

fn rows() -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sigstore/schemes.json");
    let all: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(all.len(), 20);
    all
}

fn digest(text: &str) -> Digest {
    Digest::sha256(text.as_bytes())
}

/// The certificate of an identity: an email address, or a workflow's.
fn certificate(by: &Value) -> Vec<u8> {
    let identity = by["identity"].as_str().unwrap();
    let name = if identity.contains("://") {
        uri(identity)
    } else {
        email(identity)
    };
    let instance = Instance::new();
    instance.certified(&Certificate::leaf(
        &instance.signer,
        &name,
        by["issuer"].as_str(),
    ))
}

/// The bundle annotation of cosign's older form.
fn annotation(entry: &Value) -> String {
    let id = Base64::decode_vec(entry["logId"]["keyId"].as_str().unwrap()).unwrap();
    json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": { "body": entry["canonicalizedBody"], "integratedTime": THEN, "logIndex": 1, "logID": hex(&id) },
    })
    .to_string()
}

/// A layer in cosign's older form, and its bytes.
fn layer(image: &Reference, target: &Digest, by: &Value) -> (Value, String) {
    let instance = Instance::new();
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": format!("{}/{}", image.registry(), image.repository()) },
            "image": { "docker-manifest-digest": target.as_str() },
            "type": "cosign container image signature",
        },
        "optional": null,
    })
    .to_string();
    let mut annotations = json!({});
    let (signer, written) = if let Some(seed) = by["key"].as_u64() {
        let signer = key(u8::try_from(seed).unwrap());
        let written = pem("PUBLIC KEY", &spki(&signer));
        (signer, written)
    } else {
        let written = pem("CERTIFICATE", &certificate(by));
        annotations["dev.sigstore.cosign/certificate"] = json!(written);
        annotations["dev.sigstore.cosign/chain"] = json!("");
        (instance.signer.clone(), written)
    };
    let signature = sign(&signer, payload.as_bytes());
    annotations["dev.cosignproject.cosign/signature"] = json!(base64(&signature));
    if by["key"].is_null() || by["logged"] == json!(true) {
        let entry = instance.entry(&hashed(payload.as_bytes(), &signature, &written), THEN);
        annotations["dev.sigstore.cosign/bundle"] = json!(annotation(&entry));
    }
    let kind = "application/vnd.dev.cosign.simplesigning.v1+json";
    (of_type(kind, &payload, &annotations), payload)
}

/// A layer that is an attestation, and its bytes.
fn attestation(target: &Digest, by: &Value) -> (Value, String) {
    let instance = Instance::new();
    let certificate = certificate(by);
    let statement = about(target.as_str(), "https://cyclonedx.org/bom");
    let bundle = instance.statement_by(&statement, &certificate);
    let envelope = bundle["dsseEnvelope"].to_string();
    let written = pem("CERTIFICATE", &certificate);
    let payload = Base64::decode_vec(bundle["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    let hash =
        |bytes: &[u8]| json!({ "algorithm": "sha256", "value": Digest::sha256(bytes).encoded() });
    let content = json!({ "hash": hash(envelope.as_bytes()), "payloadHash": hash(&payload) });
    let body = json!({ "apiVersion": "0.0.1", "kind": "intoto", "spec": { "content": content, "publicKey": base64(written.as_bytes()) } });
    let annotations = json!({
        "dev.cosignproject.cosign/signature": "",
        "dev.sigstore.cosign/certificate": written,
        "dev.sigstore.cosign/bundle": annotation(&instance.entry(&body, THEN)),
    });
    let kind = "application/vnd.dsse.envelope.v1+json";
    (of_type(kind, &envelope, &annotations), envelope)
}

fn of_type(kind: &str, text: &str, annotations: &Value) -> Value {
    json!({ "mediaType": kind, "digest": digest(text).as_str(), "size": text.len(), "annotations": annotations })
}

/// A signature as cosign 3 makes it: a statement that says no more than that.
fn bundle(target: &Digest, by: &Value, kind: &str) -> String {
    let statement = about(target.as_str(), kind);
    let Some(seed) = by["key"].as_u64() else {
        let all = Instance::new().statement_by(&statement, &certificate(by));
        return all.to_string();
    };
    let payload = statement.to_string();
    let signer = key(u8::try_from(seed).unwrap());
    let signature = sign(&signer, enveloped(&payload).as_bytes());
    json!({
        "mediaType": BUNDLE,
        "verificationMaterial": { "publicKey": { "hint": "" } },
        "dsseEnvelope": envelope(&payload, &signature),
    })
    .to_string()
}

fn manifest(layers: &[Value], more: &Value) -> String {
    let empty = json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest("{}").as_str(), "size": 2 });
    let mut manifest =
        json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": empty, "layers": layers });
    for (name, value) in more.as_object().unwrap() {
        manifest[name] = value.clone();
    }
    manifest.to_string()
}

impl Published {
    fn of(row: Value) -> Self {
        let image: Reference = row["image"].as_str().unwrap().parse().unwrap();
        let provenance = manifest(&[], &json!({}));
        let about = r#","platform":{"architecture":"unknown","os":"unknown"},"annotations":{"vnd.docker.reference.type":"attestation-manifest"}"#;
        let index = self::image().index.replace(
            "]}",
            &format!(",{}]}}", named("manifest.v1+json", &provenance, about)),
        );
        let mut published = Published {
            found: BTreeMap::new(),
            listed: BTreeMap::new(),
            files: Vec::new(),
            row,
            image,
            index,
        };
        let own = Published::path(&published.image);
        let tag = published.image.tag().unwrap().to_owned();
        let index = published.index.clone();
        published.put(&own, &tag, &index);
        published.put(&own, digest(&index).as_str(), &index);
        published.put(&own, digest(&provenance).as_str(), &provenance);
        for part in self::image().parts {
            published.put(&own, digest(&part).as_str(), &part);
        }
        let target = match published.row["of"].as_str() {
            Some(_) => digest(&provenance),
            None => digest(&index),
        };
        published.sign(&target);
        published
    }

    fn path(image: &Reference) -> String {
        let host = match image.registry() {
            "docker.io" => "registry-1.docker.io",
            other => other,
        };
        format!("https://{host}/v2/{}", image.repository())
    }

    /// The address of the repository that has the signatures.
    fn home(&self) -> String {
        match self.row["repository"].as_str() {
            Some(name) => Published::path(&name.parse().unwrap()),
            None => Published::path(&self.image),
        }
    }

    fn put(&mut self, at: &str, name: &str, text: &str) {
        for kind in ["manifests", "blobs"] {
            self.found
                .insert(format!("{at}/{kind}/{name}"), text.to_owned());
        }
    }

    fn sign(&mut self, target: &Digest) {
        let home = self.home();
        let mut tags: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for by in self.row["signed"].as_array().unwrap().clone() {
            let subject = json!({ "subject": { "mediaType": "application/vnd.oci.image.index.v1+json", "digest": target.as_str(), "size": 2 } });
            match by["as"].as_str().unwrap() {
                "sig" => {
                    let (layer, text) = layer(&self.image, target, &by);
                    tags.entry("sig").or_default().push(layer);
                    self.put(&home, digest(&text).as_str(), &text);
                }
                "att" => {
                    let (layer, text) = attestation(target, &by);
                    tags.entry("att").or_default().push(layer);
                    self.put(&home, digest(&text).as_str(), &text);
                }
                "bundle" => {
                    let text = bundle(target, &by, "https://sigstore.dev/cosign/sign/v1");
                    self.refer(target, &[of_type(BUNDLE, &text, &json!({}))], &subject);
                    self.put(&home, digest(&text).as_str(), &text);
                }
                "notation" => {
                    let layer = of_type("application/cose", "cose", &json!({}));
                    let mut more = subject;
                    more["artifactType"] = json!("application/vnd.cncf.notary.signature");
                    self.refer(target, &[layer], &more);
                }
                "list" => {
                    let text = bundle(target, &by, "https://slsa.dev/provenance/v1");
                    let one: Value = serde_json::from_str(&text).unwrap();
                    let list = json!({ "attestations": [{ "bundle": one, "bundle_url": "", "repository_id": 1 }] });
                    self.files.push(list.to_string());
                }
                other => panic!("{other}"),
            }
        }
        for (end, layers) in tags {
            let text = manifest(&layers, &json!({}));
            let tag = format!("sha256-{}.{end}", target.encoded());
            self.put(&home, &tag, &text);
        }
    }

    fn refer(&mut self, target: &Digest, layers: &[Value], more: &Value) {
        let home = self.home();
        let text = manifest(layers, more);
        self.put(&home, digest(&text).as_str(), &text);
        let entry =
            json!({ "mediaType": MANIFEST, "digest": digest(&text).as_str(), "size": text.len() });
        let list = format!("{home}/referrers/{target}");
        self.listed.entry(list).or_default().push(entry.to_string());
    }

    /// The answer, with everything fetched that is wanted.
    fn asked(&self, question: &Value) -> Report {
        let mut session = Session::asking(question.to_string().parse().unwrap());
        let root = Instance::new().root().to_string();
        session.take(bytes(root.as_bytes(), "root.json")).unwrap();
        for file in &self.files {
            session.take(bytes(file.as_bytes(), "list.json")).unwrap();
        }
        if let Some(name) = self.row["repository"].as_str() {
            let (code, text) = ("signatures-in".to_owned(), name.to_owned());
            let from = Source::File {
                name: "--signatures".to_owned(),
            };
            session.take(Evidence::Note { code, text, from }).unwrap();
        }
        let mut asked: Vec<String> = Vec::new();
        loop {
            let open = |url: &String| !asked.contains(url);
            let mut wants = session.wants().into_iter();
            let Some(want) = wants.find(|want| want.url.as_ref().is_some_and(open)) else {
                return session.report(NOW);
            };
            let url = want.url.clone().unwrap();
            asked.push(url.clone());
            if want.what == WantKind::Referrers {
                let entries = self.listed.get(&url).cloned().unwrap_or_default();
                let by = match self.row["listed"].as_str() {
                    Some("api") => Listing::Api,
                    Some("fallbackTag") if !entries.is_empty() => Listing::FallbackTag,
                    _ => Listing::None,
                };
                let descriptors = format!("[{}]", entries.join(","));
                let from = fetched(&url);
                let listed = Evidence::Listed {
                    want,
                    by,
                    descriptors,
                    from,
                };
                session.take(listed).unwrap();
            } else if let Some(text) = self.found.get(&url) {
                supplied(&mut session, &want, text.clone());
            } else {
                failed(&mut session, want, "not-found");
            }
        }
    }

    /// Those who signed in a way that is checked here.
    fn signers(&self) -> Vec<Value> {
        let all = self.row["signed"].as_array().unwrap().iter();
        all.filter(|by| by["as"] != "notation").cloned().collect()
    }
}

fn places(report: &Report) -> Vec<String> {
    let all = report.claims.iter();
    all.filter_map(|claim| match &claim.statement {
        Statement::Note { code, text, .. } if code == "sigstore-found" => Some(text.clone()),
        _ => None,
    })
    .collect()
}

#[test]
fn who_signed_is_found_in_the_places_that_publishers_use() {
    for row in rows() {
        let published = Published::of(row);
        let name = published.image.to_string();
        let report = published.asked(&json!({ "ask": "what", "image": name }));
        let found: Vec<&Signatory> = signed(&report)
            .into_iter()
            .filter_map(|(claim, verdict)| match &claim.statement {
                Statement::Signs { by, .. } if verdict == Verdict::Proven => Some(by),
                _ => None,
            })
            .collect();
        for by in published.signers() {
            let Some(identity) = by["identity"].as_str() else {
                // Nobody has given the key: the signature is there, and its signer is not known.
                assert!(
                    signed(&report)
                        .iter()
                        .any(|(_, verdict)| *verdict == Verdict::Open),
                    "{name}"
                );
                continue;
            };
            let issuer = by["issuer"].as_str().unwrap();
            let is_theirs =
                |one: &&&Signatory| format!("{one:?}").contains(&format!("{identity:?}"));
            assert!(found.iter().any(|one| is_theirs(&one)), "{name} {found:?}");
            assert!(format!("{found:?}").contains(issuer), "{name} {found:?}");
        }
        let expected: Vec<String> = places_of(&published.row);
        assert_eq!(places(&report), expected, "{name}");
        if published.row["signed"] == json!([]) {
            assert_eq!(signed(&report).len(), 0, "{name}");
        }
    }
}

/// The places of a row, in the words of an answer.
fn places_of(row: &Value) -> Vec<String> {
    let within = row["repository"].as_str().map(|name| format!(" in {name}"));
    let within = within.unwrap_or_default();
    let all = row["signed"].as_array().unwrap();
    let has = |kind: &str| all.iter().any(|by| by["as"] == kind);
    let mut found = Vec::new();
    if has("bundle") {
        found.push(match (row["of"].as_str(), row["listed"].as_str()) {
            (Some(_), _) => "signatures are in the lists of what refers to its parts",
            (_, Some("fallbackTag")) => "signatures are in the fallback tag of what refers to it",
            _ => "signatures are in the list of what refers to it",
        });
    }
    if has("sig") {
        found.push("signatures are in the tag of cosign's signatures");
    }
    if has("att") {
        found.push("signatures are in the tag of cosign's attestations");
    }
    found.iter().map(|text| format!("{text}{within}")).collect()
}

/// Whom a row names, as a question does.
fn trust(by: &Value) -> Value {
    match by["key"].as_u64() {
        Some(seed) => json!({ "keys": [key_in_pem(u8::try_from(seed).unwrap())] }),
        None => json!({ "identity": by["identity"], "issuer": by["issuer"] }),
    }
}

#[test]
fn the_signer_that_is_named_proves_it_and_nobody_else() {
    for row in rows() {
        let published = Published::of(row);
        let name = published.image.to_string();
        let ask = |by: &Value| {
            let question = json!({ "ask": "published", "image": name, "by": by });
            published.asked(&question).verdict
        };
        for by in published.signers() {
            // An attestation alone, or a signature of a part, is not one of the image.
            let is_attestation = by["as"] == "att";
            let proven = published.row["proven"] != json!(false) && !is_attestation;
            let others = published.signers();
            let signs = proven || (is_attestation && others.iter().any(|one| one["as"] == "sig"));
            let expected = if signs {
                Verdict::Proven
            } else {
                Verdict::Open
            };
            assert_eq!(ask(&trust(&by)), expected, "{name} {by}");
        }
        let stranger =
            json!({ "identity": "somebody@example.com", "issuer": "https://accounts.google.com" });
        assert_ne!(ask(&stranger), Verdict::Proven, "{name}");
    }
}

/// The policies in the documentation, by their projects.
fn policies() -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/signers.md");
    let text = fs::read_to_string(file).unwrap();
    let blocks = text.split("```json\n").skip(1);
    let ends = blocks.map(|block| block.split("```").next().unwrap());
    ends.map(|block| serde_json::from_str(block).unwrap())
        .collect()
}

#[test]
fn the_policies_in_the_documentation_are_of_these_images_and_hold() {
    let all = policies();
    assert_eq!(all.len(), 6);
    for policy in all {
        let names = policy["names"].as_array().unwrap().clone();
        let is_of = |row: &Value| {
            let image = row["image"].as_str().unwrap();
            names
                .iter()
                .any(|name| image.starts_with(&format!("{}:", name.as_str().unwrap())))
        };
        let mut row = rows().into_iter().find(is_of).unwrap();
        // Of the key in the documentation nobody here has the other half.
        let mut policy = policy.clone();
        for signer in policy["signers"]["sigstore"].as_array_mut().unwrap() {
            if signer.get("key").is_some() {
                signer["key"] = json!(key_in_pem(8));
            }
        }
        let name = row["image"].clone();
        let question =
            json!({ "ask": "published", "image": name, "by": { "policy": policy.to_string() } });
        // Where the signatures are, the policy alone says.
        let asked = |row: Value| {
            let mut published = Published::of(row);
            published.row["repository"] = Value::Null;
            published.asked(&question)
        };
        let report = asked(row.clone());
        assert_eq!(
            report.verdict,
            Verdict::Proven,
            "{name} {:#?}",
            report.claims
        );
        // The same by somebody else.
        for by in row["signed"].as_array_mut().unwrap() {
            let other = json!({ "as": by["as"], "identity": "https://github.com/acme/other/.github/workflows/x.yml@refs/heads/main", "issuer": "https://example.org" });
            *by = other;
        }
        let report = asked(row);
        assert_ne!(report.verdict, Verdict::Proven, "{name}");
    }
}
