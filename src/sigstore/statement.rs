//! Statements about artifacts (in-toto), as envelopes have them: which artifacts, and what of those.

use std::cell::OnceCell;

use crate::digest::{Algorithm, Digest};
use crate::json::{self, Kind, Value};
use crate::limits;
use crate::signature::Hash;
use crate::text::{from_hex, hex};

use super::Artifact;
use super::Mismatching;

/// The one type of payload that is read.
pub(super) const PAYLOAD: &str = "application/vnd.in-toto+json";

/// What an envelope says of the artifacts that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Predicate {
    /// Its type, a URI.
    pub kind: String,
    /// Of provenance: what built the artifact, from what. Each is said by whoever signed, under a stable name:
    /// `builder`, `source`, `commit`, `workflow`.
    pub provenance: Vec<(&'static str, String)>,
}

/// Whether a statement is about an artifact of which these hashes are known; false if it has no digest that can be
/// compared, or one more that only the bytes could be compared with.
pub(super) fn read(
    payload: &[u8],
    artifact: Artifact,
) -> (Option<Predicate>, Result<bool, Mismatching>) {
    let json = json::parse(payload).ok();
    let Some(json) = json.filter(|json| json.unique().is_ok()) else {
        return (None, Err(("a statement in JSON", "another payload")));
    };
    let root = json.root();
    let text = |name| root.get(name).and_then(Value::as_str);
    let known = matches!(
        text("_type"),
        Some("https://in-toto.io/Statement/v0.1" | "https://in-toto.io/Statement/v1")
    );
    let told = root.get("predicate");
    let known = known
        && told.is_none_or(|told| told.members().is_some() || matches!(told.kind, Kind::Null));
    let (Some(kind), true) = (text("predicateType").filter(|kind| !kind.is_empty()), known) else {
        return (
            None,
            Err((
                "an in-toto statement of version 0.1 or 1",
                "another payload",
            )),
        );
    };
    let predicate = Predicate {
        kind: kind.to_owned(),
        provenance: provenance(told),
    };
    let subjects = root.items_of("subject");
    if subjects.len() > limits::SUBJECTS {
        return (Some(predicate), Err(("at most 1024 subjects", "more")));
    }
    (Some(predicate), names(subjects, artifact))
}

/// True if one of the subjects is the artifact; false as long as nobody can know.
fn names(subjects: &[Value], artifact: Artifact) -> Result<bool, Mismatching> {
    let hashes = Hashes {
        artifact,
        known: Default::default(),
    };
    let mut all = Vec::with_capacity(subjects.len());
    for subject in subjects {
        all.push(is_of(subject, &hashes)?);
    }
    let has = |one: Compared| all.contains(&one);
    if !has(Compared::Partly) && has(Compared::Same) {
        return Ok(true);
    }
    let is_open = has(Compared::Partly) || has(Compared::Later);
    if !is_open && (has(Compared::Other) || all.is_empty()) {
        return Err(("this artifact among the subjects", "others"));
    }
    Ok(false)
}

/// The result for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    /// Only the bytes of the artifact can tell.
    Later,
    /// Its digests cannot be compared.
    Never,
    Other,
    /// As far as it can be compared it is the artifact; the bytes may still tell that another digest is not.
    Partly,
    Same,
}

/// The hashes of an artifact, each made once.
struct Hashes<'a> {
    artifact: Artifact<'a>,
    known: [OnceCell<Option<Vec<u8>>>; 3],
}

impl Hashes<'_> {
    fn of(&self, hash: Hash) -> Option<&[u8]> {
        let at = match hash {
            Hash::Sha256 => 0,
            Hash::Sha384 => 1,
            Hash::Sha512 => 2,
        };
        let known = self.known.get(at)?;
        known.get_or_init(|| self.artifact.hash(hash)).as_deref()
    }
}

/// The digests of a statement's subjects, unchecked.
pub(super) fn named(payload: &[u8]) -> Vec<Digest> {
    let mut found = Vec::new();
    if let Ok(json) = json::parse(payload) {
        for subject in json
            .root()
            .items_of("subject")
            .iter()
            .take(limits::SUBJECTS)
        {
            let digest = subject
                .get("digest")
                .and_then(|digest| digest.get("sha256"));
            let digest = digest.and_then(Value::as_str);
            found.extend(digest.and_then(|hex| Digest::from_sha256_hex(hex).ok()));
        }
    }
    found
}

/// Compares a subject with the artifact: by each digest of it that is known.
fn is_of(subject: &Value, hashes: &Hashes) -> Result<Compared, Mismatching> {
    let digests = subject.get("digest").and_then(Value::members);
    let digests = digests.unwrap_or_default();
    if digests.len() > limits::SUBJECT_DIGESTS {
        return Err(("at most 32 digests of a subject", "more"));
    }
    let (mut same, mut others, mut later) = (false, false, false);
    for digest in digests {
        let hash = match &*digest.key.text {
            "sha256" => Hash::Sha256,
            "sha384" => Hash::Sha384,
            "sha512" => Hash::Sha512,
            _ => continue,
        };
        let Some(known) = hashes.of(hash) else {
            later = true;
            continue;
        };
        if digest.value.as_str() == Some(&hex(known)) {
            same = true;
        } else {
            others = true;
        }
    }
    if same && others {
        return Err(("digests of one artifact", "digests of two in one subject"));
    }
    Ok(match (same, others || digests.is_empty(), later) {
        (true, _, false) => Compared::Same,
        (true, _, true) => Compared::Partly,
        (false, true, _) => Compared::Other,
        (false, false, true) => Compared::Later,
        (false, false, false) => Compared::Never,
    })
}

/// Where provenance says what of the build (slsa.dev, versions 0.1, 0.2 and 1).
const PLACES: [(&str, &[&str]); 12] = [
    ("builder", &["builder", "id"]),
    ("builder", &["runDetails", "builder", "id"]),
    ("source", &["invocation", "configSource", "uri"]),
    ("source", &["recipe", "definedInMaterial"]),
    (
        "source",
        &[
            "buildDefinition",
            "externalParameters",
            "workflow",
            "repository",
        ],
    ),
    (
        "source",
        &["buildDefinition", "externalParameters", "source", "uri"],
    ),
    ("commit", &["invocation", "configSource", "digest", "sha1"]),
    (
        "commit",
        &[
            "buildDefinition",
            "resolvedDependencies",
            "0",
            "digest",
            "gitCommit",
        ],
    ),
    (
        "commit",
        &[
            "buildDefinition",
            "externalParameters",
            "source",
            "digest",
            "sha1",
        ],
    ),
    ("workflow", &["invocation", "configSource", "entryPoint"]),
    (
        "workflow",
        &["buildDefinition", "externalParameters", "workflow", "path"],
    ),
    (
        "ref",
        &["buildDefinition", "externalParameters", "workflow", "ref"],
    ),
];

/// The facts about the build in provenance.
fn provenance(predicate: Option<&Value>) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for (name, path) in PLACES {
        let mut at = predicate;
        for part in path {
            at = at.and_then(|value| match *part {
                "0" => value.items()?.first(),
                part => value.get(part),
            });
        }
        if let Some(text) = at.and_then(Value::as_str)
            && found.iter().all(|(other, _)| *other != name)
        {
            found.push((name, text.to_owned()));
        }
    }
    found
}

impl Artifact<'_> {
    /// Its hash, where that is known.
    pub(super) fn hash(&self, hash: Hash) -> Option<Vec<u8>> {
        match self {
            Artifact::Bytes(bytes) => Some(hash.of(bytes)),
            Artifact::Digest(digest) => match (digest.algorithm()?, hash) {
                (Algorithm::Sha256, Hash::Sha256) | (Algorithm::Sha512, Hash::Sha512) => {
                    from_hex(digest.encoded())
                }
                _ => None,
            },
        }
    }
}
