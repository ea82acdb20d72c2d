//! Images made by chance, honest ones and lying ones, and the law that a proof is final, held over them
//! or over any others.

use std::collections::{BTreeMap, BTreeSet};

use pullproof::UnixTime;
use pullproof::claim::{Claim, Source, Want, WantKind};
use pullproof::document::View;
use pullproof::question::Asked;
use pullproof::session::Session;
use pullproof::{Digest, Verdict};
use serde_json::{Value, json};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Says which of so many things it is this time.
pub(crate) type Choose<'a> = &'a mut dyn FnMut(usize) -> usize;

/// Numbers that look like chance and are the same each time (Marsaglia, "Xorshift RNGs").
pub(crate) fn chance(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    }
}

/// Documents by their digests.
#[derive(Debug, Default)]
pub(crate) struct Shelf(pub(crate) BTreeMap<String, Vec<u8>>);

impl Shelf {
    fn add(&mut self, document: &Value) -> (String, usize) {
        let bytes = document.to_string().into_bytes();
        let (digest, size) = (Digest::sha256(&bytes).to_string(), bytes.len());
        self.0.insert(digest.clone(), bytes);
        (digest, size)
    }

    fn descriptor(&self, media_type: &str, digest: &str, choose: Choose<'_>) -> Value {
        let lie = usize::from(choose(24) == 0);
        let size = self.0.get(digest).map_or(2, Vec::len) + lie;
        json!({ "mediaType": media_type, "digest": digest, "size": size })
    }

    /// The documents that can be reached from a document.
    pub(crate) fn below(&self, digest: &str) -> Shelf {
        let (mut found, mut open) = (Shelf::default(), vec![digest.to_owned()]);
        while let Some(next) = open.pop() {
            if let Some(bytes) = self.0.get(&next)
                && found.0.insert(next, bytes.clone()).is_none()
            {
                open.extend(named(bytes).iter().map(Digest::to_string));
            }
        }
        found
    }
}

/// Every digest that these bytes name as a part of an image, or as content.
pub(crate) fn named(bytes: &[u8]) -> Vec<Digest> {
    match View::read(bytes) {
        Ok(View::Index(index)) => index.manifests.iter().map(|m| m.digest.clone()).collect(),
        Ok(View::Manifest(manifest)) => {
            let all = std::iter::once(&manifest.config).chain(&manifest.layers);
            all.map(|descriptor| descriptor.digest.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Some images that have parts in common, and a question about two of them.
pub(crate) fn made(choose: Choose<'_>) -> (Shelf, Value) {
    let mut shelf = Shelf::default();
    let configs: Vec<String> = (0..2).map(|_| config(&mut shelf, choose)).collect();
    let mut manifests = Vec::new();
    for _ in 0..3 {
        manifests.push(manifest(&mut shelf, &configs, choose));
    }
    let mut roots: Vec<String> = Vec::new();
    for _ in 0..2 {
        roots.push(index(&mut shelf, &manifests, choose));
    }
    roots.extend(manifests.iter().take(2).cloned());
    let all: Vec<String> = shelf.0.keys().cloned().collect();
    let asked = question(&roots, &all, choose);
    (shelf, asked)
}

fn config(shelf: &mut Shelf, choose: Choose<'_>) -> String {
    let diffs = vec![Digest::sha256(b"content").to_string(); choose(3)];
    let architecture = ["amd64", "arm64"][choose(2)];
    let config = match choose(8) {
        0 => json!({}),
        1 => json!({ "rootfs": { "type": "layers", "diff_ids": diffs } }),
        _ => json!({ "architecture": architecture, "os": "linux", "created": choose(2),
            "rootfs": { "type": "layers", "diff_ids": diffs } }),
    };
    shelf.add(&config).0
}

fn manifest(shelf: &mut Shelf, configs: &[String], choose: Choose<'_>) -> String {
    let config = &configs[choose(configs.len())];
    let read = shelf
        .0
        .get(config)
        .map(|bytes| serde_json::from_slice::<Value>(bytes));
    let diffs = read.and_then(Result::ok).map_or(0, |config| {
        config["rootfs"]["diff_ids"].as_array().map_or(0, Vec::len)
    });
    let config = shelf.descriptor(CONFIG, config, choose);
    let layer = json!({ "mediaType": LAYER, "digest": Digest::sha256(b"layer"), "size": 7 });
    // Mostly as many as the configuration has.
    let layers = vec![layer; if choose(6) == 0 { choose(3) } else { diffs }];
    let notes = json!({ "note": choose(3).to_string() });
    let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config,
        "layers": layers, "annotations": notes });
    shelf.add(&manifest).0
}

fn index(shelf: &mut Shelf, manifests: &[String], choose: Choose<'_>) -> String {
    let mut entries = Vec::new();
    for _ in 0..=choose(3) {
        let digest = &manifests[choose(manifests.len())];
        let mut entry = shelf.descriptor(MANIFEST, digest, choose);
        match choose(8) {
            0 => {}
            1 => entry["platform"] = json!({ "os": "", "architecture": "amd64" }),
            2 => {
                let version = json!({ "os": "linux", "architecture": "amd64", "os.version": "1" });
                entry["platform"] = version;
            }
            3 => {
                let subject = &manifests[choose(manifests.len())];
                entry["platform"] = json!({ "os": "unknown", "architecture": "unknown" });
                entry["annotations"] = json!({
                    "vnd.docker.reference.type": "attestation-manifest",
                    "vnd.docker.reference.digest": subject });
            }
            4 | 5 => entry["platform"] = json!({ "os": "linux", "architecture": "arm64" }),
            _ => entry["platform"] = json!({ "os": "linux", "architecture": "amd64" }),
        }
        entries.push(entry);
    }
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
    shelf.add(&index).0
}

/// A question about one of these, or two, by one of these digests.
pub(crate) fn question(roots: &[String], digests: &[String], choose: Choose<'_>) -> Value {
    let left = &roots[choose(roots.len())];
    let right = &roots[choose(roots.len())];
    let digest = &digests[choose(digests.len())];
    let platform = ["linux/amd64", "linux/arm64"][choose(2)];
    let image = format!("a.example/x:1@{left}");
    let policy = |release: &Value| {
        let policy = json!({ "pullproof": "policy", "version": 1, "project": "x",
            "names": ["a.example/x"], "mirrors": ["b.example/x"], "releases": [release] });
        json!({ "ask": "published", "image": image, "by": { "policy": policy.to_string() } })
    };
    let mut asked = match choose(5) {
        0 => json!({ "ask": "what", "image": image }),
        1 => json!({ "ask": "published", "image": image, "by": { "digests": [digest] } }),
        2 => policy(&json!({ "tag": "1", "digests": [digest] })),
        3 => policy(&json!({ "tag": "1", "configs": { platform: digest } })),
        _ => {
            let level = ["index", "manifest", "config", "rootfs"][choose(4)];
            let (left, right) = (
                format!("a.example/x@{left}"),
                format!("b.example/x@{right}"),
            );
            json!({ "ask": "same", "left": left, "right": right, "level": level })
        }
    };
    if asked["ask"] != "what" && choose(2) == 0 {
        asked["platform"] = json!(platform);
    }
    asked
}

/// One more document: an answer to a want, or one that is named and given by hand.
enum Next {
    Answer(Want, String),
    Paste(String),
}

/// Gives a session one document after another, each wanted by it or named by one that it has, until
/// there are no more. What it comes to in the end, and whether it was proven before it had all; or after
/// which documents a proof was taken back.
pub(crate) fn grow(
    shelf: &Shelf,
    asked: &Value,
    choose: Choose<'_>,
) -> Result<(Verdict, bool), String> {
    let asked = asked.to_string().parse::<Asked>();
    let mut session = Session::asking(asked.map_err(|error| error.to_string())?);
    let (mut done, mut in_hand) = (BTreeSet::new(), BTreeSet::new());
    let (mut told, mut proven) = (Vec::new(), false);
    loop {
        let report = session.report(UnixTime(0));
        let verdict = report.verdict;
        told.push(format!("{verdict:?}"));
        if proven && verdict != Verdict::Proven {
            let weak = |claim: &&Claim| claim.standing.verdict() != Verdict::Proven;
            let weak = report.claims.iter().filter(weak);
            told.extend(weak.map(|claim| format!("{claim:?}")));
            return Err(told.join("\n"));
        }
        let mut next = Vec::new();
        // What refers to an image is no document of it.
        let wants = session.wants().into_iter();
        for want in wants.filter(|want| want.what != WantKind::Referrers) {
            let url = want.url.clone().unwrap_or_default();
            let digest = url.rsplit('/').next().unwrap_or_default().to_owned();
            if shelf.0.contains_key(&digest) && !done.contains(&url) {
                next.push(Next::Answer(want, digest));
            }
        }
        for digest in in_hand
            .iter()
            .flat_map(|digest: &String| named(&shelf.0[digest]))
        {
            let digest = digest.to_string();
            if shelf.0.contains_key(&digest) && !in_hand.contains(&digest) {
                next.push(Next::Paste(digest));
            }
        }
        if next.is_empty() {
            return Ok((verdict, proven));
        }
        proven |= verdict == Verdict::Proven;
        let at = choose(next.len());
        let digest = match next.swap_remove(at) {
            Next::Answer(want, digest) => {
                let url = want.url.clone().unwrap_or_default();
                told.push(format!("{digest} from {url}"));
                done.insert(url.clone());
                let at = "2026-11-28T12:00:00Z".to_owned();
                let from = Source::Fetched { url, at };
                let taken = session.supply(&want, shelf.0[&digest].clone(), from);
                taken.map_err(|error| error.to_string())?;
                digest
            }
            Next::Paste(digest) => {
                told.push(format!("{digest} by hand"));
                let taken = session.paste(&shelf.0[&digest], None);
                taken.map_err(|error| error.to_string())?;
                digest
            }
        };
        in_hand.insert(digest);
    }
}
