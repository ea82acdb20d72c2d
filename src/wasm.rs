//! The boundary to JavaScript: each function converts in, calls, converts out. The JavaScript
//! faces (`src/js`) copy bytes before they come here and give errors their class; questions, wants
//! and sources come as JSON text, and are read by the reader that reads documents.

pub mod fetch;
pub mod refresh;
pub mod registry;
pub mod session;

use rlsf::{GlobalTlsf, GlobalTlsfOptions};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::json;

#[global_allocator]
static ALLOCATOR: GlobalTlsf<Allocator> = GlobalTlsf::new();

#[derive(Debug)]
struct Allocator;

impl GlobalTlsfOptions for Allocator {
    // Growing in place takes more code than it saves time.
    const ENABLE_REALLOCATION: bool = false;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
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
    out(&thrown).unwrap_or_else(|error| error)
}
