//! The shapes in which an index may hand out another image for `linux/amd64`, each with what clients
//! take of it (`tests/platform/shapes.json`; `tests/peers/platform.test.js` runs the clients). Where
//! any of them takes the other image, nothing that rests on the honest one is proven.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;

use pullproof::claim::{Source, Verdict};
use pullproof::session::{Asked, Report, Session, UnixTime};
use pullproof::{Digest, Document};
use serde_json::{Value, json};

const CLIENTS: [&str; 5] = ["containerd", "docker", "skopeo", "crane", "regctl"];
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Documents by digest.
#[derive(Default)]
struct Documents(BTreeMap<String, Vec<u8>>);

impl Documents {
    fn add(&mut self, media_type: &str, value: &Value) -> Value {
        let bytes = serde_json::to_vec(value).unwrap();
        let (digest, size) = (Digest::sha256(&bytes).to_string(), bytes.len());
        self.0.insert(digest.clone(), bytes);
        json!({"mediaType": media_type, "digest": digest, "size": size})
    }

    /// An image whose configuration says this platform: its manifest and its configuration.
    fn image(&mut self, name: &str, platform: &Value) -> (Value, Value) {
        let layer = Digest::sha256(name.as_bytes()).to_string();
        let mut config = platform.clone();
        config["rootfs"] = json!({"type": "layers", "diff_ids": [layer]});
        config["config"] = json!({"Labels": {"image": name}});
        let config = self.add(CONFIG, &config);
        let layers = json!([{"mediaType": LAYER, "digest": layer, "size": 10}]);
        let manifest =
            json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers});
        (self.add(MANIFEST, &manifest), config)
    }

    fn index(&mut self, entries: &[Value]) -> Value {
        let honest = self.image("honest", &amd64()).0["digest"].clone();
        let mut manifests = Vec::new();
        for entry in entries {
            let mut descriptor = match entry["image"].as_str().unwrap() {
                "nested" => self.index(entry["entries"].as_array().unwrap()),
                name => {
                    let said = entry.get("config").or(entry.get("platform"));
                    let full =
                        said.filter(|said| said["os"] != "" && said.get("architecture").is_some());
                    let mut config = full.cloned().unwrap_or_else(amd64);
                    config["os"] = config.get("os").cloned().unwrap_or(json!("linux"));
                    if entry.get("annotations").is_some() {
                        config = amd64();
                    }
                    self.image(name, &config).0
                }
            };
            for key in ["platform", "annotations"] {
                if let Some(value) = entry.get(key) {
                    descriptor[key] = value.clone();
                }
            }
            let subject = &mut descriptor["annotations"]["vnd.docker.reference.digest"];
            if subject == "honest" {
                *subject = honest.clone();
            } else {
                let annotations = entry.get("annotations");
                match annotations {
                    Some(annotations) => descriptor["annotations"] = annotations.clone(),
                    None => _ = descriptor.as_object_mut().unwrap().remove("annotations"),
                }
            }
            manifests.push(descriptor);
        }
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests});
        self.add(INDEX, &index)
    }
}

fn amd64() -> Value {
    json!({"architecture": "amd64", "os": "linux"})
}

fn digest(descriptor: &Value) -> &str {
    descriptor["digest"].as_str().unwrap()
}

/// Everything is told that a question names, by digest, as far as it is among the documents.
fn answer(question: &Value, documents: &Documents) -> Report {
    let asked: Asked = question.to_string().parse().unwrap();
    let mut session = Session::asking(asked);
    let mut served = std::collections::BTreeSet::new();
    loop {
        let found = session.wants().into_iter().find_map(|want| {
            let digest = want.digest.as_ref()?.to_string();
            let bytes = documents.0.get(&digest)?;
            served.insert(digest).then(|| (want, bytes.clone()))
        });
        let Some((want, bytes)) = found else {
            return session.report(UnixTime(0));
        };
        let name = "served".to_owned();
        session.supply(&want, bytes, Source::File { name }).unwrap();
    }
}

/// As [`answer`], after everything that there is was told.
fn answer_to_all(question: &Value, documents: &Documents) -> Report {
    let asked: Asked = question.to_string().parse().unwrap();
    let mut session = Session::asking(asked);
    for bytes in documents.0.values() {
        let want = pullproof::Want {
            hint: String::new(),
            command: false,
            digest: Some(Document::new(bytes.clone()).digest().clone()),
            url: None,
            accept: None,
        };
        let name = "told".to_owned();
        session
            .supply(&want, bytes.clone(), Source::File { name })
            .unwrap();
    }
    session.report(UnixTime(0))
}

fn at(name: &str, index: &Value) -> String {
    format!("{name}.example/lighthouse/beacon@{}", digest(index))
}

fn same(left: &Value, right: &Value) -> Value {
    json!({"ask": "same", "left": at("a", left), "right": at("b", right)})
}

fn published(image: &Value, digests: &[&str]) -> Value {
    json!({"ask": "published", "image": at("b", image), "by": {"digests": digests}})
}

fn policed(image: &Value, release: &Value) -> Value {
    let mut release = release.clone();
    release["tag"] = json!("1.0");
    let policy = json!({
        "pullproof": "policy", "version": 1, "project": "Beacon",
        "names": ["a.example/lighthouse/beacon"], "mirrors": ["b.example/lighthouse/beacon"],
        "releases": [release],
    });
    json!({"ask": "published", "image": at("b", image), "by": {"policy": policy.to_string()}})
}

fn of_platform(question: &Value, platform: &str) -> Value {
    let mut question = question.clone();
    question["platform"] = json!(platform);
    question
}

fn shapes() -> Vec<Value> {
    serde_json::from_str(include_str!("platform/shapes.json")).unwrap()
}

#[test]
fn what_any_client_takes_for_the_platform_has_to_be_the_same_image() {
    let mut failed = Vec::new();
    for shape in shapes() {
        let name = shape["shape"].as_str().unwrap();
        let taken = CLIENTS.map(|client| &shape["takes"][client]);
        let handed_out = taken.iter().any(|taken| *taken == "other");
        let mut documents = Documents::default();
        let (manifest, config) = documents.image("honest", &amd64());
        let mut honest = manifest.clone();
        honest["platform"] = amd64();
        let left = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [honest]});
        let left = documents.add(INDEX, &left);
        let right = documents.index(shape["entries"].as_array().unwrap());
        let questions = [
            same(&left, &right),
            same(&right, &left),
            published(&right, &[digest(&manifest)]),
            published(&right, &[digest(&config)]),
            policed(&right, &json!({"digests": [digest(&left)]})),
            policed(
                &right,
                &json!({"configs": {"linux/amd64": digest(&config)}}),
            ),
        ];
        for question in &questions {
            for asked in [question.clone(), of_platform(question, "linux/amd64")] {
                for answer in [answer, answer_to_all] {
                    let report = answer(&asked, &documents);
                    if handed_out && report.verdict == Verdict::Proven {
                        failed.push(format!("{name}: {asked}: {}", report.summary));
                    }
                }
            }
        }
        let report = answer(&same(&left, &right), &documents);
        if report.verdict.word() != shape["same"] {
            let summary = &report.summary;
            failed.push(format!(
                "{name}: {} is {}: {summary}",
                shape["same"],
                report.verdict.word()
            ));
        }
    }
    assert!(
        failed.is_empty(),
        "{}:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// The verdict with everything at hand, and that it is no better while anything is missing.
#[track_caller]
fn assert_verdict(question: &Value, documents: &Documents, expected: Verdict) {
    let all = answer_to_all(question, documents);
    assert_eq!(all.verdict, expected, "{question}: {}", all.summary);
    let served = answer(question, documents);
    assert_eq!(served.verdict, expected, "{question}: {}", served.summary);
    if expected == Verdict::Proven {
        return;
    }
    for without in documents.0.keys() {
        let mut fewer = documents.0.clone();
        fewer.remove(without);
        let report = answer_to_all(question, &Documents(fewer));
        let summary = report.summary;
        assert!(report.verdict < Verdict::Proven, "{question}: {summary}");
    }
}

#[test]
fn a_platform_that_is_asked_for_has_to_be_there() {
    let mut documents = Documents::default();
    let arm64 = json!({"architecture": "arm64", "os": "linux"});
    let (amd64_manifest, _) = documents.image("honest", &amd64());
    let (arm64_manifest, config) = documents.image("arm", &arm64);
    let entries = [
        json!({"image": "honest", "platform": amd64()}),
        json!({"image": "arm", "platform": arm64}),
    ];
    let index = documents.index(&entries);
    let by_policy = |image: &Value| policed(image, &json!({"digests": [digest(image)]}));
    let by_config = policed(
        &arm64_manifest,
        &json!({"configs": {"linux/arm64": digest(&config)}}),
    );
    for (question, platform, expected) in [
        (
            published(&index, &[digest(&index)]),
            "linux/arm64",
            Verdict::Proven,
        ),
        (
            published(&index, &[digest(&index)]),
            "linux/riscv64",
            Verdict::Contradicted,
        ),
        (
            published(&index, &[digest(&amd64_manifest)]),
            "linux/riscv64",
            Verdict::Contradicted,
        ),
        (by_policy(&index), "linux/amd64", Verdict::Proven),
        (by_policy(&index), "linux/riscv64", Verdict::Contradicted),
        (
            published(&arm64_manifest, &[digest(&arm64_manifest)]),
            "linux/arm64/v8",
            Verdict::Proven,
        ),
        (
            published(&arm64_manifest, &[digest(&arm64_manifest)]),
            "linux/amd64",
            Verdict::Contradicted,
        ),
        (
            published(&arm64_manifest, &[digest(&config)]),
            "linux/amd64",
            Verdict::Contradicted,
        ),
        (
            published(&arm64_manifest, &[digest(&index)]),
            "linux/amd64",
            Verdict::Contradicted,
        ),
        (
            by_policy(&arm64_manifest),
            "linux/amd64",
            Verdict::Contradicted,
        ),
        (by_config.clone(), "linux/arm64", Verdict::Proven),
        (by_config, "linux/amd64", Verdict::Contradicted),
        (same(&index, &index), "linux/riscv64", Verdict::Open),
        (
            same(&arm64_manifest, &arm64_manifest),
            "linux/amd64",
            Verdict::Open,
        ),
    ] {
        assert_verdict(&of_platform(&question, platform), &documents, expected);
    }
}

#[test]
fn a_single_manifest_is_for_the_platform_of_its_configuration() {
    let mut documents = Documents::default();
    let (manifest, config) = documents.image("honest", &amd64());
    documents.0.remove(digest(&config));
    for question in [
        published(&manifest, &[digest(&manifest)]),
        policed(&manifest, &json!({"digests": [digest(&manifest)]})),
        same(&manifest, &manifest),
    ] {
        let asked = of_platform(&question, "linux/amd64");
        let report = answer(&asked, &documents);
        assert_eq!(report.verdict, Verdict::Open, "{asked}");
        let wanted = |want: &pullproof::Want| {
            want.digest
                .as_ref()
                .is_some_and(|d| d.as_str() == digest(&config))
        };
        assert!(
            report.wants.iter().any(wanted),
            "{asked}: {:?}",
            report.wants
        );
    }
}

#[test]
fn identical_indexes_are_the_same_index_for_a_platform() {
    let mut documents = Documents::default();
    let honest = json!({"image": "honest", "platform": amd64()});
    let other = json!({"image": "other", "platform": {"architecture": "arm64", "os": "linux"}});
    let one = documents.index(&[honest.clone(), other.clone()]);
    let reordered = documents.index(&[other, honest]);
    for (right, platform, expected) in [
        (&one, "linux/amd64", Verdict::Proven),
        (&one, "linux/riscv64", Verdict::Open),
        (&reordered, "linux/amd64", Verdict::Contradicted),
    ] {
        let mut question = of_platform(&same(&one, right), platform);
        question["level"] = json!("index");
        assert_verdict(&question, &documents, expected);
    }
}

#[test]
fn what_only_one_side_has_is_in_the_headline() {
    let mut documents = Documents::default();
    let honest = json!({"image": "honest", "platform": amd64()});
    let other = json!({"image": "other", "platform": {"architecture": "riscv64", "os": "linux"}});
    let fewer = documents.index(std::slice::from_ref(&honest));
    let more = documents.index(&[honest, other]);
    for (left, right, verdict) in [
        (&fewer, &more, Verdict::Proven),
        (&more, &fewer, Verdict::Contradicted),
    ] {
        let report = answer(&same(left, right), &documents);
        assert_eq!(report.verdict, verdict, "{}", report.summary);
        let name = at(if verdict == Verdict::Proven { "b" } else { "a" }, &more);
        let says = format!("Only {name} has linux/riscv64.");
        assert!(report.summary.contains(&says), "{}", report.summary);
    }
    // For one platform nothing else is of interest.
    let report = answer(
        &of_platform(&same(&fewer, &more), "linux/amd64"),
        &documents,
    );
    assert!(!report.summary.contains("Only"), "{}", report.summary);
}
