//! An image of two platforms, with sessions about it, and its registry's answers as a test wants them.

use pullproof::claim::{Source, Statement, WantKind};
use pullproof::question::Asked;
use pullproof::{Claim, Digest, Evidence, Report, Session, Verdict, Want};
use serde_json::{Value, json};

use super::{IDENTITY, ISSUER, Instance, about, base64, key, pem, sign, spki};

pub const NAME: &str = "registry.example/acme/beacon";

pub const REPOSITORY: &str = "https://registry.example/v2/acme/beacon";

/// An index of two platforms, its manifests and their configurations.
pub struct Image {
    pub index: String,
    pub parts: Vec<String>,
}

pub fn named(kind: &str, text: &str, more: &str) -> String {
    let digest = Digest::sha256(text.as_bytes());
    let size = text.len();
    format!(
        r#"{{"mediaType":"application/vnd.oci.image.{kind}","digest":"{digest}","size":{size}{more}}}"#
    )
}

pub fn image() -> Image {
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
    pub fn digest(&self) -> Digest {
        Digest::sha256(self.index.as_bytes())
    }

    /// A session with the image and the test's root in hand.
    pub fn session(&self, question: &Value) -> Session {
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

    pub fn published(&self, by: &Value) -> Session {
        let image = format!("{NAME}@{}", self.digest());
        self.session(&json!({ "ask": "published", "image": image, "by": by }))
    }
}

pub fn bytes(bytes: &[u8], name: &str) -> Evidence {
    let name = name.to_owned();
    Evidence::Bytes {
        want: Want {
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

pub fn identity() -> Value {
    json!({ "identity": IDENTITY, "issuer": ISSUER })
}

pub fn signed(report: &Report) -> Vec<(&Claim, Verdict)> {
    let all = report.claims.iter();
    let all = all.filter(|claim| matches!(claim.statement, Statement::Signs { .. }));
    all.map(|claim| (claim, claim.standing.verdict())).collect()
}

pub fn provenance(image: &Digest) -> String {
    Instance::new()
        .statement(&about(image.as_str(), "https://slsa.dev/provenance/v1"))
        .to_string()
}

/// A signature in cosign's older form: its manifest, and its payload.
pub fn older(image: &Digest, by: u8) -> (String, String) {
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

pub fn fetched(url: &str) -> Source {
    Source::Fetched {
        url: url.to_owned(),
        at: "2026-01-09T00:00:00Z".to_owned(),
    }
}

/// A session about an image by this key, whose index was fetched.
pub fn begun(image: &Image, by: &Value) -> Session {
    let mut session = image.published(by);
    // Nobody is asked as long as nothing was fetched.
    let asks = |want: &Want| want.what == WantKind::Signatures;
    assert!(!session.wants().iter().any(asks));
    let url = format!("{REPOSITORY}/manifests/{}", image.digest());
    let want = Want {
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
pub fn wanted(session: &mut Session, end: &str) -> Want {
    let wants = session.wants();
    let ends = |want: &&Want| want.url.as_ref().is_some_and(|url| url.ends_with(end));
    wants.iter().find(ends).unwrap().clone()
}

pub fn failed(session: &mut Session, want: Want, code: &str) {
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

pub fn supplied(session: &mut Session, want: &Want, text: String) {
    let from = fetched(want.url.as_deref().unwrap());
    session.supply(want, text.into_bytes(), from).unwrap();
}

pub fn key_in_pem(seed: u8) -> String {
    pem("PUBLIC KEY", &spki(&key(seed)))
}

/// A session that was answered with a manifest of signatures.
pub fn answered(image: &Image, manifest: &Value) -> Session {
    let mut session = begun(image, &json!({ "keys": [key_in_pem(8)] }));
    let tag = wanted(&mut session, ".sig");
    supplied(&mut session, &tag, manifest.to_string());
    session
}

/// The texts of notes with a code.
pub fn texts(report: &Report, code: &str) -> Vec<String> {
    let all = report.claims.iter();
    all.filter_map(|claim| match &claim.statement {
        Statement::Note {
            code: found, text, ..
        } if found == code => Some(text.clone()),
        _ => None,
    })
    .collect()
}

pub fn told(report: &Report, code: &str) -> usize {
    texts(report, code).len()
}

pub fn blank() -> Want {
    Want {
        what: WantKind::Document,
        hint: String::new(),
        command: false,
        digest: None,
        url: None,
        accept: None,
    }
}
