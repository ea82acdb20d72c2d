//! What answers: digests, recovery, recognition, sessions.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::claim::{Source, Want};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::name::Reference;
use crate::question::{Asked, read_source, read_want};
use crate::time::UnixTime;

use super::{into_error, out, text};

#[wasm_bindgen]
extern "C" {
    type FoundValue;

    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn parse_found(text: &str) -> FoundValue;

    #[wasm_bindgen(method, setter)]
    fn set_bytes(this: &FoundValue, bytes: Vec<u8>);
}

/// What `recover` found.
#[derive(Serialize)]
struct Found<'f> {
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
    let found = parse_found(&text(&Found {
        bytes: "",
        digest: document.digest(),
        edits: &edits,
    })?);
    found.set_bytes(document.bytes().to_vec());
    Ok(found.into())
}

/// What known tools' output states.
///
/// # Errors
/// None that is known of; what cannot be read at all is a finding.
#[wasm_bindgen]
pub fn recognise(pasted: &[u8]) -> Result<JsValue, JsValue> {
    out(&crate::paste::recognise(pasted))
}

/// A reference as it is read.
#[derive(Serialize)]
struct Read<'r> {
    registry: &'r str,
    repository: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'r Digest>,
    /// Whether the registry is this machine.
    here: bool,
}

/// The parts of a reference.
///
/// # Errors
/// It is not a reference.
#[wasm_bindgen]
pub fn reference(text: &str) -> Result<JsValue, JsValue> {
    let read: Reference = text.parse().map_err(into_error)?;
    out(&Read {
        registry: read.registry(),
        repository: read.repository(),
        tag: read.tag(),
        digest: read.digest(),
        here: read.is_here(),
    })
}

/// The one or two images that a text names if it does nothing else.
///
/// # Errors
/// None that is known of.
#[wasm_bindgen]
pub fn only_images(text: &str) -> Result<JsValue, JsValue> {
    out(&crate::name::only_images(text))
}

/// Whether the hash functions compute what their standards say.
#[wasm_bindgen]
pub fn self_test() -> bool {
    crate::digest::self_test()
}

/// What was wanted, and where something came from.
fn both(want: &str, from: &str) -> Result<(Want, Source), JsValue> {
    let want = read_want(want).map_err(into_error)?;
    let from = read_source(from).map_err(into_error)?;
    Ok((want, from))
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
        Ok(Session(crate::session::Session::asking(asked)))
    }

    /// Takes pasted text.
    ///
    /// # Errors
    /// It is over a limit, or `about` is no reference.
    pub fn paste(&mut self, pasted: &[u8], about: Option<String>) -> Result<JsValue, JsValue> {
        let about: Option<Reference> = match about {
            Some(text) => Some(text.parse().map_err(into_error)?),
            None => None,
        };
        let findings = self.0.paste(pasted, about.as_ref()).map_err(into_error)?;
        out(&findings)
    }

    /// Takes bytes that were wanted.
    ///
    /// # Errors
    /// They are over a limit, or `want` or `from` cannot be read.
    pub fn supply(&mut self, want: &str, bytes: Vec<u8>, from: &str) -> Result<(), JsValue> {
        let (want, from) = both(want, from)?;
        self.0.supply(&want, bytes, from).map_err(into_error)
    }

    /// Takes what a server said the digest of a wanted document is.
    ///
    /// # Errors
    /// `want`, `digest` or `from` cannot be read.
    pub fn hear(&mut self, want: &str, digest: &str, from: &str) -> Result<(), JsValue> {
        let (want, from) = both(want, from)?;
        let digest: Digest = digest.parse().map_err(into_error)?;
        self.0.hear(&want, &digest, from);
        Ok(())
    }

    /// Takes note that what was wanted could not be got, and why.
    ///
    /// # Errors
    /// `want` or `from` cannot be read.
    pub fn fail(&mut self, want: &str, code: &str, text: &str, from: &str) -> Result<(), JsValue> {
        let (want, from) = both(want, from)?;
        self.0.fail(&want, code, text, from);
        Ok(())
    }

    /// Takes something to know of how the evidence was got.
    ///
    /// # Errors
    /// `from` cannot be read.
    pub fn note(&mut self, code: &str, text: &str, from: &str) -> Result<(), JsValue> {
        let from = read_source(from).map_err(into_error)?;
        self.0.note(code, text, from);
        Ok(())
    }

    /// Takes what is listed as referring to a document, and how it was listed.
    ///
    /// # Errors
    /// Something of it cannot be read, or is over a limit.
    pub fn refers(&mut self, to: &str, by: &str, list: &str, from: &str) -> Result<(), JsValue> {
        let target: Digest = to.parse().map_err(into_error)?;
        let from = read_source(from).map_err(into_error)?;
        self.0.refers(&target, by, list, from).map_err(into_error)
    }

    /// What would settle what is missing.
    ///
    /// # Errors
    /// None that is known of.
    pub fn wants(&self) -> Result<JsValue, JsValue> {
        out(&self.0.wants())
    }

    /// The answer as far as the evidence goes.
    ///
    /// # Errors
    /// None that is known of.
    pub fn report(&self, now_milliseconds: f64) -> Result<JsValue, JsValue> {
        // A JavaScript date is within ±8.64e15 ms, which an i64 holds exactly.
        #[allow(clippy::cast_possible_truncation)]
        let seconds = (now_milliseconds / 1000.0).floor() as i64;
        out(&self.0.report(UnixTime(seconds)))
    }
}
