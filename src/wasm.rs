//! The boundary to JavaScript: each function converts in, calls, converts out. The JavaScript
//! faces (`src/js`) copy bytes before they come here and give errors their class; questions, wants
//! and sources come as JSON text, and are read by the reader that reads documents.

use rlsf::{GlobalTlsf, GlobalTlsfOptions};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json;
use crate::limits;
use crate::name::Reference;
use crate::session::{Asked, UnixTime, read_source, read_want};

#[global_allocator]
static ALLOCATOR: GlobalTlsf<Allocator> = GlobalTlsf::new();

#[derive(Debug)]
struct Allocator;

impl GlobalTlsfOptions for Allocator {
    // Growing in place takes more code than it saves time.
    const ENABLE_REALLOCATION: bool = false;
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
/// None that is known of; what cannot be read is a finding.
#[wasm_bindgen]
pub fn recognise(pasted: &[u8]) -> Result<JsValue, JsValue> {
    out(&crate::paste::recognise(pasted))
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
        let want = read_want(want).map_err(into_error)?;
        let from = read_source(from).map_err(into_error)?;
        self.0.supply(&want, bytes, from).map_err(into_error)
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

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;

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

#[derive(Serialize)]
struct Thrown {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

/// Everything leaves as JSON text, which the engine reads faster than it makes objects one field
/// at a time, and with less code here.
fn out<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    text(value).map(|text| parse(&text))
}

fn text<T: Serialize>(value: &T) -> Result<String, JsValue> {
    json::write(value).map_err(|error| JsValue::from_str(&error.to_string()))
}

#[allow(clippy::needless_pass_by_value)]
fn into_error(error: Error) -> JsValue {
    let thrown = Thrown {
        code: error.code(),
        message: error.to_string(),
        offset: error.offset(),
    };
    out(&thrown).unwrap_or_else(|unwritable| unwritable)
}
