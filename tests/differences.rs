//! The differences between two images are told field by field, from documents that were hashed.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::collections::BTreeMap;

use pullproof::claim::{Field, Level, Source, Verdict};
use pullproof::{Digest, Question, Session, UnixTime};
use serde_json::{Value, json};

/// Documents by their digests.
#[derive(Default)]
struct Registry(BTreeMap<String, Vec<u8>>);

impl Registry {
    fn put(&mut self, document: &Value) -> (String, usize) {
        let bytes = document.to_string().into_bytes();
        let digest = Digest::sha256(&bytes).to_string();
        let size = bytes.len();
        self.0.insert(digest.clone(), bytes);
        (digest, size)
    }

    /// The digest of a manifest of this configuration with layers of these sizes.
    fn image(&mut self, config: &Value, layers: &[usize]) -> String {
        let (digest, size) = self.put(config);
        let layer = |size: &usize| {
            json!({
                "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                "digest": Digest::sha256(size.to_string().as_bytes()).to_string(),
                "size": size,
            })
        };
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": size },
            "layers": layers.iter().map(layer).collect::<Vec<_>>(),
        });
        self.put(&manifest).0
    }

    fn compare(&self, left: &str, right: &str, level: Level) -> pullproof::Report {
        let mut session = Session::new(Question::Same {
            left: format!("a.example/x@{left}").parse().unwrap(),
            right: format!("b.example/x@{right}").parse().unwrap(),
            level,
        });
        loop {
            let wants = session.wants();
            let held = wants.iter().find_map(|want| {
                let digest = want.digest.as_ref()?;
                Some((want, self.0.get(digest.as_str())?))
            });
            let Some((want, bytes)) = held else {
                return session.report(UnixTime(0));
            };
            let url = want.url.clone().unwrap();
            let at = "2026-11-23T14:02:00Z".to_owned();
            session
                .supply(want, bytes.clone(), Source::Fetched { url, at })
                .unwrap();
        }
    }
}

fn config(created: &str, diff_ids: &[&str], config: &Value, history: &[&str]) -> Value {
    let id = |text: &&str| Digest::sha256(text.as_bytes()).to_string();
    let step = |by: &&str| json!({ "created_by": by });
    json!({
        "created": created,
        "architecture": "amd64",
        "os": "linux",
        "config": config,
        "rootfs": { "type": "layers", "diff_ids": diff_ids.iter().map(id).collect::<Vec<_>>() },
        "history": history.iter().map(step).collect::<Vec<_>>(),
    })
}

/// A difference as `part name: left | right`.
fn lines(fields: &[Field]) -> Vec<String> {
    let line = |field: &Field| {
        let name = field
            .name
            .as_ref()
            .map_or(String::new(), |name| format!(" {name}"));
        let [left, right] = [&field.left, &field.right].map(|side| side.as_deref().unwrap_or("-"));
        format!("{}{name}: {left} | {right}", field.part)
    };
    fields.iter().map(line).collect()
}

#[test]
fn two_configurations_are_told_field_by_field_and_layers_by_their_places() {
    let mut registry = Registry::default();
    let left = config(
        "2024-01-01T00:00:00Z",
        &["one", "two"],
        &json!({ "Cmd": ["sh", "-c", "a"], "Env": ["PATH=/bin", "A=1"], "Labels": { "v": "1", "same": "x" }, "User": "app" }),
        &["FROM scratch", "COPY a /"],
    );
    let right = config(
        "2024-02-01T00:00:00Z",
        &["one", "three"],
        &json!({ "Cmd": ["sh", "-c", "b"], "Env": ["PATH=/bin", "B=2"], "Labels": { "v": "2", "same": "x" }, "User": "app" }),
        &["FROM scratch", "COPY b /", "RUN x"],
    );
    let left = registry.image(&left, &[100, 200]);
    let right = registry.image(&right, &[100, 300]);
    let report = registry.compare(&left, &right, Level::Config);
    assert_eq!(report.verdict, Verdict::Contradicted, "{}", report.summary);
    assert_eq!(report.headline, "Different on linux/amd64");
    let [difference] = report.differences.as_slice() else {
        panic!("{:?}", report.differences);
    };
    assert_eq!(difference.platform.as_deref(), Some("linux/amd64"));
    let layer = |size: &str| format!("{}, {size} bytes", Digest::sha256(size.as_bytes()));
    assert_eq!(
        lines(&difference.fields),
        [
            r#"config Cmd: ["sh", "-c", "a"] | ["sh", "-c", "b"]"#.to_owned(),
            "environment A: 1 | -".to_owned(),
            "environment B: - | 2".to_owned(),
            "label v: 1 | 2".to_owned(),
            "created: 2024-01-01T00:00:00Z | 2024-02-01T00:00:00Z".to_owned(),
            "history 2: COPY a / | COPY b /".to_owned(),
            "history 3: - | RUN x".to_owned(),
            format!("layer 2: {} | {}", layer("200"), layer("300")),
        ]
    );
    assert_eq!(difference.more, 0);
}

#[test]
fn images_that_are_the_same_as_far_as_asked_have_no_differences() {
    let mut registry = Registry::default();
    let one = config("2024-01-01T00:00:00Z", &["one"], &json!({}), &[]);
    let left = registry.image(&one, &[100]);
    let right = registry.image(&one, &[200]);
    let report = registry.compare(&left, &right, Level::Config);
    assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
    assert_eq!(report.differences, []);
    let report = registry.compare(&left, &right, Level::Manifest);
    assert_eq!(report.verdict, Verdict::Contradicted, "{}", report.summary);
    assert_eq!(report.differences.len(), 1);
}

#[test]
fn more_differences_than_a_person_reads_are_counted() {
    let mut registry = Registry::default();
    let labels = |value: &str| {
        let labels: BTreeMap<String, &str> = (0..150).map(|n| (format!("l{n}"), value)).collect();
        config(
            "2024-01-01T00:00:00Z",
            &["one"],
            &json!({ "Labels": labels }),
            &[],
        )
    };
    let left = registry.image(&labels(&"a".repeat(2000)), &[100]);
    let right = registry.image(&labels("b"), &[100]);
    let report = registry.compare(&left, &right, Level::Config);
    let [difference] = report.differences.as_slice() else {
        panic!("{:?}", report.differences);
    };
    assert_eq!((difference.fields.len(), difference.more), (100, 50));
    let left = difference.fields[0].left.as_ref().unwrap();
    assert_eq!((left.chars().count(), left.ends_with('…')), (1001, true));
}
