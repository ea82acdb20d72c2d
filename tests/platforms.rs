//! Clients and platforms: an index in which a client may take another image is never proven to hand
//! out the honest one, whatever is asked of it.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use pullproof::UnixTime;
use pullproof::claim::{Level, Source};
use pullproof::platform::Platform;
use pullproof::policy::Policy;
use pullproof::question::{Asked, Linked, Question, Trust};
use pullproof::session::{Report, Session};
use pullproof::{Digest, Document, Reference, Verdict};
use serde_json::{Value, json};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Documents, as a registry has them.
#[derive(Default)]
struct Registry(Vec<Vec<u8>>);

impl Registry {
    fn add(&mut self, media_type: &str, document: &Value) -> Value {
        let bytes = document.to_string().into_bytes();
        let digest = Digest::sha256(&bytes).to_string();
        let size = bytes.len();
        self.0.push(bytes);
        json!({ "mediaType": media_type, "digest": digest, "size": size })
    }

    /// An image by name, for a platform: its configuration's digest, and an entry for it.
    fn image(&mut self, name: &str, platform: &str) -> (String, Value) {
        let platform: Platform = platform.parse().unwrap();
        let layer = Digest::sha256(name.as_bytes()).to_string();
        let mut config = json!({
            "architecture": platform.architecture,
            "os": platform.os,
            "config": { "Labels": { "name": name } },
            "rootfs": { "type": "layers", "diff_ids": [layer] },
        });
        if !platform.variant.is_empty() {
            config["variant"] = json!(platform.variant);
        }
        let config = self.add(CONFIG, &config);
        let digest = config["digest"].as_str().unwrap().to_owned();
        let layers = json!([{ "mediaType": LAYER, "digest": layer, "size": 1 }]);
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers,
        });
        (digest, self.add(MANIFEST, &manifest))
    }

    fn index(&mut self, entries: &[Value]) -> Value {
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
        self.add(INDEX, &index)
    }

    /// An index of these entries, as the table has them.
    fn shape(&mut self, entries: &Value, asked: &str) -> Value {
        let mut listed = Vec::new();
        for entry in entries.as_array().unwrap() {
            let (name, platform) = (entry[0].as_str().unwrap(), &entry[1]);
            let mut descriptor = match name {
                "index" => self.shape(&entry[2]["entries"], asked),
                "arm64" => self.image(name, "linux/arm64").1,
                _ => self.image(name, &self::platform(platform, asked)).1,
            };
            if !platform.is_null() {
                descriptor["platform"] = platform.clone();
            }
            if let Some(annotations) = entry[2].get("annotations") {
                descriptor["annotations"] = annotations.clone();
            }
            listed.push(descriptor);
        }
        self.index(&listed)
    }

    fn serve(&self, session: &mut Session) {
        let text = |bytes| Digest::sha256(bytes).to_string();
        let documents = self.0.iter().map(|bytes| (text(bytes), bytes));
        let documents: BTreeMap<String, &Vec<u8>> = documents.collect();
        let mut answered = BTreeSet::new();
        loop {
            let mut new = false;
            for want in session.wants() {
                let Some(url) = want.url.clone() else {
                    continue;
                };
                let digest = url.rsplit('/').next().unwrap_or_default();
                if let Some(bytes) = documents.get(digest).copied()
                    && answered.insert(url.clone())
                {
                    let at = "2026-11-20T12:00:00.000Z".to_owned();
                    session
                        .supply(&want, bytes.clone(), Source::Fetched { url, at })
                        .unwrap();
                    new = true;
                }
            }
            if !new {
                return;
            }
        }
    }

    fn answer(&self, question: Question, platform: Option<&str>) -> Report {
        let mut session = Session::asking(asked(question, platform));
        self.serve(&mut session);
        session.report(UnixTime(0))
    }
}

/// What a configuration says where the entry says this: nothing else, so that only the index lies.
fn platform(entry: &Value, asked: &str) -> String {
    let asked: Platform = asked.parse().unwrap();
    let word = |key: &str, otherwise: &str| match entry[key].as_str() {
        Some("") | None => otherwise.to_owned(),
        Some(said) => said.to_lowercase(),
    };
    let architecture = word("architecture", &asked.architecture).replace("x86_64", "amd64");
    let variant = match entry["variant"].as_str() {
        Some(variant) => format!("/{variant}"),
        None => String::new(),
    };
    format!("{}/{architecture}{variant}", word("os", &asked.os))
}

fn asked(question: Question, platform: Option<&str>) -> Asked {
    Asked {
        question,
        platform: platform.map(|platform| platform.parse().unwrap()),
        image: None,
        linked: Linked::default(),
    }
}

fn at(repository: &str, descriptor: &Value) -> Reference {
    let digest = descriptor["digest"].as_str().unwrap();
    format!("{repository}@{digest}").parse().unwrap()
}

fn same(left: &Reference, right: &Reference, level: Level) -> Question {
    let (left, right) = (left.clone(), right.clone());
    Question::Same { left, right, level }
}

fn by_digest(image: &Reference, digest: &Value) -> Question {
    let digests = vec![digest["digest"].as_str().unwrap().parse().unwrap()];
    let (image, by) = (image.clone(), Trust::Digests(digests));
    Question::Published { image, by }
}

fn by_policy(image: &Reference, release: &Value) -> Question {
    let mut release = release.clone();
    release["tag"] = json!("1.0");
    let policy = json!({
        "pullproof": "policy",
        "version": 1,
        "project": "Beacon",
        "names": ["a.example/beacon"],
        "releases": [release],
    });
    let policy: Policy = policy.to_string().parse().unwrap();
    let image = format!("a.example/beacon:1.0@{}", image.digest().unwrap());
    Question::Published {
        image: image.parse().unwrap(),
        by: Trust::Policy(std::sync::Arc::new(policy)),
    }
}

/// Every way to ask whether the index of a shape hands out the honest image.
fn questions(registry: &mut Registry, shape: &Value) -> Vec<(&'static str, Report)> {
    let wanted = shape["asked"].as_str().unwrap();
    let (config, mut honest) = registry.image("honest", wanted);
    let manifest = honest.clone();
    let parsed: Platform = wanted.parse().unwrap();
    honest["platform"] = json!({ "architecture": parsed.architecture, "os": parsed.os });
    if !parsed.variant.is_empty() {
        honest["platform"]["variant"] = json!(parsed.variant);
    }
    let own = registry.index(&[honest]);
    let index = registry.shape(&shape["entries"], wanted);
    let (own, index) = (at("a.example/beacon", &own), at("b.example/beacon", &index));
    let configs = json!({ "configs": { wanted: config } });
    let mut reports = Vec::new();
    let mut ask = |name, question, platform| {
        reports.push((name, registry.answer(question, platform)));
    };
    for level in [Level::Rootfs, Level::Config, Level::Manifest] {
        ask("same", same(&own, &index, level), Some(wanted));
        ask(
            "the other way round",
            same(&index, &own, level),
            Some(wanted),
        );
        ask("same of all", same(&own, &index, level), None);
    }
    ask("published", by_digest(&index, &manifest), Some(wanted));
    ask("policy", by_policy(&index, &configs), Some(wanted));
    let digests = json!({ "digests": [own.digest().unwrap().to_string()] });
    ask(
        "policy by digest",
        by_policy(&index, &digests),
        Some(wanted),
    );
    reports
}

fn shapes() -> Vec<Value> {
    let text = std::fs::read_to_string("tests/platforms/shapes.json").unwrap();
    let table: Value = serde_json::from_str(&text).unwrap();
    table["shapes"].as_array().unwrap().clone()
}

#[test]
fn what_any_client_may_take_has_to_be_the_same_image() {
    let mut wrong = Vec::new();
    for shape in shapes() {
        let name = shape["name"].as_str().unwrap();
        let takes = shape["takes"].as_object().unwrap();
        let all_honest = takes.values().all(|taken| taken == "honest");
        let answer = shape["answer"].as_str().unwrap();
        assert!(
            all_honest || answer != "proven",
            "{name} is no honest shape"
        );
        for (question, report) in questions(&mut Registry::default(), &shape) {
            let fits = match answer {
                "proven" => report.verdict == Verdict::Proven,
                "contradicted" => {
                    // Of two images without the platform nothing is known to differ.
                    let of_one = question.starts_with('p');
                    report.verdict < Verdict::Stated
                        && (!of_one || report.verdict == Verdict::Contradicted)
                }
                _ => report.verdict < Verdict::Stated,
            };
            if !fits {
                wrong.push(format!("{name}, {question}: {}", report.summary));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_index_that_its_author_published_is_proven_as_it_is() {
    let mut registry = Registry::default();
    for shape in shapes() {
        let wanted = shape["asked"].as_str().unwrap();
        if shape["answer"] != "proven" {
            continue;
        }
        let index = registry.shape(&shape["entries"], wanted);
        let image = at("a.example/beacon", &index);
        let report = registry.answer(by_digest(&image, &index), Some(wanted));
        assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
        let report = registry.answer(by_digest(&image, &index), Some("linux/riscv64"));
        assert_eq!(report.verdict, Verdict::Contradicted, "{}", report.summary);
        assert!(report.summary.contains("has nothing for linux/riscv64"));
    }
}

#[test]
fn a_manifest_is_for_what_its_configuration_says() {
    let mut registry = Registry::default();
    let (config, manifest) = registry.image("honest", "linux/arm64");
    let image = at("a.example/beacon", &manifest);
    let releases = [
        json!({ "digests": [manifest["digest"]] }),
        json!({ "configs": { "linux/arm64": config } }),
    ];
    let mut questions = vec![by_digest(&image, &manifest)];
    questions.extend(releases.iter().map(|release| by_policy(&image, release)));
    for question in questions {
        let other = registry.answer(question.clone(), Some("linux/amd64"));
        assert_eq!(other.verdict, Verdict::Contradicted, "{}", other.summary);
        let own = registry.answer(question.clone(), Some("linux/arm64"));
        assert_eq!(own.verdict, Verdict::Proven, "{}", own.summary);
        // Without its configuration that is not known, and that is wanted first.
        let mut session = Session::asking(asked(question, Some("linux/amd64")));
        let Registry(documents) = &registry;
        let only = Registry(vec![documents[1].clone()]);
        only.serve(&mut session);
        let first = session.wants().into_iter().next().unwrap();
        assert_eq!(
            first.digest.map(|digest| digest.to_string()),
            Some(config.clone())
        );
        assert_eq!(session.report(UnixTime(0)).verdict, Verdict::Open);
    }
}

#[test]
fn one_index_is_the_same_for_each_of_its_platforms_at_every_level() {
    let mut registry = Registry::default();
    let entries = json!([
        ["honest", { "architecture": "amd64", "os": "linux" }],
        ["other", { "architecture": "arm64", "os": "linux" }],
    ]);
    let index = registry.shape(&entries, "linux/amd64");
    let (left, right) = (
        at("a.example/beacon", &index),
        at("b.example/beacon", &index),
    );
    for level in [Level::Rootfs, Level::Config, Level::Manifest, Level::Index] {
        for platform in ["linux/amd64", "linux/arm64"] {
            let report = registry.answer(same(&left, &right, level), Some(platform));
            assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
            assert_eq!(report.headline, "Same image");
            let said = format!(" on {platform}.");
            assert!(report.summary.ends_with(&said), "{}", report.summary);
        }
        let report = registry.answer(same(&left, &right, level), Some("linux/riscv64"));
        assert_eq!(report.verdict, Verdict::Open, "{}", report.summary);
    }
}

#[test]
fn an_honest_index_with_variants_and_versions_is_the_same_as_its_mirror() {
    let mut registry = Registry::default();
    let mut mirrored = Vec::new();
    for (n, platform) in [
        json!({ "architecture": "amd64", "os": "linux", "variant": "v2" }),
        json!({ "architecture": "amd64", "os": "linux" }),
        json!({ "architecture": "386", "os": "linux" }),
        json!({ "architecture": "arm", "os": "linux", "variant": "v6" }),
        json!({ "architecture": "arm", "os": "linux", "variant": "v7" }),
        json!({ "architecture": "arm64", "os": "linux", "variant": "v8" }),
        json!({ "architecture": "amd64", "os": "windows", "os.version": "10.0.17763.1" }),
        json!({ "architecture": "amd64", "os": "windows", "os.version": "10.0.20348.1" }),
    ]
    .into_iter()
    .enumerate()
    {
        let config = self::platform(&platform, "linux/amd64");
        let mut entry = registry.image(&format!("image {n}"), &config).1;
        entry["platform"] = platform;
        mirrored.push(entry);
    }
    let left = registry.index(&mirrored);
    for entry in &mut mirrored {
        entry["annotations"] = json!({ "org.example.mirrored": "yes" });
    }
    let right = registry.index(&mirrored);
    let (left, right) = (
        at("a.example/beacon", &left),
        at("b.example/beacon", &right),
    );
    for platform in [
        None,
        Some("linux/amd64"),
        Some("linux/arm"),
        Some("linux/arm/v7"),
    ] {
        let report = registry.answer(same(&left, &right, Level::Config), platform);
        assert_eq!(
            report.verdict,
            Verdict::Proven,
            "{platform:?}: {}",
            report.summary
        );
    }
}

#[test]
fn what_only_one_side_has_is_in_the_headline() {
    let mut registry = Registry::default();
    let shape = |architectures: &[&str]| {
        let entry = |a: &&str| json!([a, { "architecture": a, "os": "linux" }]);
        Value::from(architectures.iter().map(entry).collect::<Vec<_>>())
    };
    let left = registry.shape(&shape(&["amd64", "s390x"]), "linux/amd64");
    let right = registry.shape(&shape(&["amd64", "riscv64"]), "linux/amd64");
    let (left, right) = (
        at("a.example/beacon", &left),
        at("b.example/beacon", &right),
    );
    let report = registry.answer(same(&left, &right, Level::Config), None);
    assert_eq!(report.verdict, Verdict::Contradicted);
    for side in [
        format!("{right} has no linux/s390x."),
        format!("Only {right} has linux/riscv64."),
    ] {
        assert!(report.summary.contains(&side), "{}", report.summary);
    }
}

/// An index of so many entries, each for a platform of its own, or all for one.
fn large(entries: usize, side: &str, one: bool) -> Vec<u8> {
    let mut listed = Vec::new();
    for n in 0..entries {
        let digest = Digest::sha256(format!("{side} {n}").as_bytes()).to_string();
        let architecture = if one {
            "amd64".to_owned()
        } else {
            format!("cpu{n}")
        };
        listed.push(json!({
            "mediaType": MANIFEST, "digest": digest, "size": 1000,
            "platform": { "architecture": architecture, "os": "linux" },
        }));
    }
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": listed })
        .to_string()
        .into_bytes()
}

/// Seconds for what is wanted and the answer, with no manifest of either index here.
fn seconds(entries: usize, one: bool) -> f64 {
    let [left, right] = ["a", "b"].map(|side| large(entries, side, one));
    let [a, b] = [("a", &left), ("b", &right)].map(|(side, bytes)| {
        let descriptor = json!({ "digest": Digest::sha256(bytes).to_string() });
        at(&format!("{side}.example/beacon"), &descriptor)
    });
    let mut session = Session::asking(asked(same(&a, &b, Level::Config), None));
    Registry(vec![left, right]).serve(&mut session);
    let start = Instant::now();
    let wants = session.wants();
    let report = session.report(UnixTime(0));
    let took = start.elapsed().as_secs_f64();
    assert_eq!(report.verdict, Verdict::Open);
    assert!(one || wants.len() == 2 * entries, "{}", wants.len());
    took
}

#[test]
fn twice_the_entries_take_about_twice_the_time() {
    for one in [false, true] {
        let best = |entries| {
            (0..3)
                .map(|_| seconds(entries, one))
                .fold(f64::MAX, f64::min)
        };
        let (single, double) = (best(1500), best(3000));
        assert!(double <= 3.0 * single, "{one}: {single} s, then {double} s");
    }
}

#[test]
fn documents_of_the_table_can_be_read() {
    let mut registry = Registry::default();
    for shape in shapes() {
        registry.shape(&shape["entries"], shape["asked"].as_str().unwrap());
    }
    let Registry(documents) = registry;
    for bytes in documents {
        assert!(Document::new(bytes).view().is_ok());
    }
}

#[test]
fn two_names_mean_one_platform_as_the_table_says() {
    let table: Value = serde_json::from_str(include_str!("platforms/same.json")).unwrap();
    for pair in table["pairs"].as_array().unwrap() {
        let [one, other] = [0, 1].map(|i| pair[i].as_str().unwrap().parse::<Platform>().unwrap());
        assert_eq!(one.matches(&other), pair[2], "{pair}");
        assert_eq!(other.matches(&one), pair[2], "{pair}");
    }
}
