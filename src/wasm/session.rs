//! The part that answers: digests, recovery, recognition, sessions.

use std::cell::RefCell;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::evidence::Evidence;
use crate::limits;
use crate::name::Reference;
use crate::question::{Asked, Question};
use crate::sigstore::{Artifact, Bundle, ShippedRoots, TrustedRoot};
use crate::time::UnixTime;
use crate::trust::verify_bundle as verified;

use super::{into_error, out, text};

#[wasm_bindgen]
extern "C" {
    type FoundValue;

    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn parse_found(text: &str) -> FoundValue;

    #[wasm_bindgen(method, setter)]
    fn set_bytes(this: &FoundValue, bytes: Vec<u8>);
}

/// The result of `recover`.
#[derive(Serialize)]
struct FoundForm<'f> {
    /// Keeps the place of the bytes, which JSON text cannot carry.
    bytes: &'static str,
    digest: &'f Digest,
    edits: &'f [String],
}

/// The SHA-256 digest of exactly these bytes.
#[wasm_bindgen]
pub fn digest(bytes: &[u8]) -> String {
    Digest::sha256(bytes).to_string()
}

/// The bytes with the expected digest that `pasted` was printed from, or null.
///
/// # Errors
/// `expected` is no digest, or one of an algorithm that is not computed here.
#[wasm_bindgen]
pub fn recover(pasted: &[u8], expected: &str) -> Result<JsValue, JsValue> {
    let expected: Digest = expected.parse().map_err(into_error)?;
    if expected.algorithm().is_none() {
        let kind = ErrorKind::DigestAlgorithm(expected.to_string());
        return Err(into_error(Error::new(kind)));
    }
    if pasted.len() > limits::PASTE_BYTES {
        let (limit, allowed) = ("bytes of one paste", limits::PASTE_BYTES as u64);
        return Err(into_error(Error::new(ErrorKind::LimitExceeded {
            limit,
            allowed,
        })));
    }
    let Some(recovered) = crate::recover::recover(pasted, &expected) else {
        return Ok(JsValue::NULL);
    };
    let (document, edits) = recovered.into_parts();
    let found = parse_found(&text(&FoundForm {
        bytes: "",
        digest: document.digest(),
        edits: &edits,
    })?);
    found.set_bytes(document.bytes().to_vec());
    Ok(found.into())
}

/// The statements in known tools' output.
///
/// # Errors
/// None that is known of; what cannot be read at all is a finding.
#[wasm_bindgen]
pub fn recognise(pasted: &[u8]) -> Result<JsValue, JsValue> {
    out(&crate::paste::recognise(pasted))
}

/// A reference as it is read.
#[derive(Serialize)]
struct ReadForm<'r> {
    registry: &'r str,
    repository: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'r Digest>,
    /// True if the registry is this machine.
    here: bool,
}

/// The parts of a reference.
///
/// # Errors
/// It is not a reference.
#[wasm_bindgen]
pub fn reference(text: &str) -> Result<JsValue, JsValue> {
    let read: Reference = text.parse().map_err(into_error)?;
    out(&ReadForm {
        registry: read.registry(),
        repository: read.repository(),
        tag: read.tag(),
        digest: read.digest(),
        here: read.is_here(),
    })
}

/// The one or two images that a text names if it does nothing else, or is a file that names one.
///
/// # Errors
/// None that is known of.
#[wasm_bindgen]
pub fn only_images(text: &str) -> Result<JsValue, JsValue> {
    let mut named = Vec::from_iter(
        crate::name::only_images(text)
            .into_iter()
            .map(str::to_owned),
    );
    if named.is_empty() && text.len() < FILE_BYTES {
        named.extend(crate::paste::named_image(text));
    }
    // A few short texts: made one by one.
    Ok(serde_wasm_bindgen::to_value(&named)?)
}

/// A file that names one image is shorter.
const FILE_BYTES: usize = 1 << 16;
/// What there is to say of one signature of an artifact, which is its bytes unless a digest is given. `question`: one
/// whose author is who should have signed.
///
/// # Errors
/// Something that is given cannot be read.
#[wasm_bindgen]
pub fn verify_bundle(
    bundle: &[u8],
    artifact: &[u8],
    digest: Option<String>,
    question: Option<String>,
    root: Option<Vec<u8>>,
    now_milliseconds: f64,
) -> Result<JsValue, JsValue> {
    let digest: Option<Digest> = digest
        .map(|text| text.parse())
        .transpose()
        .map_err(into_error)?;
    let asked: Option<Asked> = question
        .map(|text| text.parse())
        .transpose()
        .map_err(into_error)?;
    let by = match asked.as_ref().map(|asked| &asked.question) {
        Some(Question::Published { by, .. }) => Some(by),
        _ => None,
    };
    let artifact = digest
        .as_ref()
        .map_or(Artifact::Bytes(artifact), Artifact::Digest);
    let now = seconds(now_milliseconds);
    let report = match root {
        Some(root) => with_root(root, |root| verified(bundle, artifact, by, root, now)),
        None => ROOTS.with(|roots| {
            let root = roots.of(&Bundle::read(bundle)?)?;
            verified(bundle, artifact, by, root, now)
        }),
    };
    out(&report.map_err(into_error)?)
}

thread_local! {
    /// The roots that came along.
    static ROOTS: ShippedRoots = ShippedRoots::default();
    /// The last root that was given, with its bytes: checking a root's own chains takes as long as checking a bundle.
    static LAST_ROOT: RefCell<Option<(Vec<u8>, TrustedRoot)>> = const { RefCell::new(None) };
}

/// Takes a trusted root that came along, as a file beside the module.
///
/// # Errors
/// They are other bytes.
#[wasm_bindgen]
pub fn take_root(bytes: Vec<u8>) -> Result<(), JsValue> {
    ROOTS.with(|roots| roots.take(bytes)).map_err(into_error)
}

fn with_root<T>(
    bytes: Vec<u8>,
    run: impl FnOnce(&TrustedRoot) -> Result<T, Error>,
) -> Result<T, Error> {
    LAST_ROOT.with_borrow_mut(|last| {
        let kept = last.take().filter(|(given, _)| *given == bytes);
        let (_, root) = last.insert(match kept {
            Some(kept) => kept,
            None => {
                let root = TrustedRoot::given(&bytes)?;
                (bytes, root)
            }
        });
        run(root)
    })
}

/// A JavaScript date is within ±8.64e15 ms, which an i64 holds exactly.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn seconds(milliseconds: f64) -> UnixTime {
    UnixTime((milliseconds / 1000.0).floor() as i64)
}

/// Whether the hash functions compute what their standards say.
#[wasm_bindgen]
pub fn self_test() -> bool {
    crate::digest::self_test()
}

/// A question being answered.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(crate::session::Session);

#[wasm_bindgen]
impl Session {
    /// A question without any evidence yet.
    ///
    /// # Errors
    /// The question cannot be read.
    #[wasm_bindgen(constructor)]
    pub fn new(question: &str) -> Result<Session, JsValue> {
        let asked: Asked = question.parse().map_err(into_error)?;
        let session = |roots: &_| crate::session::Session::with_roots(asked, roots);
        Ok(Session(ROOTS.with(session)))
    }

    /// Takes evidence: JSON, and beside it the bytes of what was pasted or wanted.
    ///
    /// # Errors
    /// It cannot be read, or is over a limit.
    pub fn take(&mut self, evidence: &str, bytes: Vec<u8>) -> Result<JsValue, JsValue> {
        let evidence = Evidence::read(evidence, bytes).map_err(into_error)?;
        out(&self.0.take(evidence).map_err(into_error)?)
    }

    /// What would settle what is missing.
    ///
    /// # Errors
    /// None that is known of.
    pub fn wants(&mut self) -> Result<JsValue, JsValue> {
        out(&self.0.wants())
    }

    /// The answer as far as the evidence goes.
    ///
    /// # Errors
    /// None that is known of.
    pub fn report(&mut self, now_milliseconds: f64) -> Result<JsValue, JsValue> {
        out(&self.0.report(seconds(now_milliseconds)))
    }
}
