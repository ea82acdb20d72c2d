//! The default transport: a request made by gloo-net, sent by the engine's own `fetch`.
//!
//! gloo-net sends requests itself too, but leaves a promise that is never settled where a header
//! has a line break or an invalid name, where a request is aborted with a value that is not an error, and where `fetch`
//! gives what is no response. So what it builds is sent here, and what comes back is looked at.

use gloo_net::http::{Method, RequestBuilder};
use js_sys::Error;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Request, RequestCache, RequestCredentials, RequestRedirect, Response};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    async fn fetch(request: &Request) -> Result<JsValue, JsValue>;
}

/// Sends a GET request, or a POST with a form; `headers` are names and values by turns. Cookies and
/// what the engine knows of passwords are left out, and nothing is kept in its cache.
///
/// # Errors
/// A header that cannot be sent, and whatever `fetch` says.
#[wasm_bindgen]
pub async fn send(
    url: String,
    headers: Vec<String>,
    form: Option<String>,
    follow: bool,
    signal: AbortSignal,
) -> Result<Response, JsValue> {
    let mut builder = RequestBuilder::new(&url)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(if follow {
            RequestRedirect::Follow
        } else {
            RequestRedirect::Manual
        })
        .abort_signal(Some(&signal));
    for pair in headers.chunks_exact(2) {
        let [name, value] = pair else { continue };
        if !is_token(name) || !is_visible(value) {
            return Err(Error::new("expected a header of visible characters").into());
        }
        builder = builder.header(name, value);
    }
    let built = match form {
        Some(form) => builder.method(Method::POST).body(form),
        None => builder.build(),
    };
    let request = built.map_err(|e| Error::new(&e.to_string()))?;
    let request: Request = request.into();
    let response = fetch(&request).await?;
    let wrong = |_| JsValue::from(Error::new("expected a Response from fetch"));
    response.dyn_into().map_err(wrong)
}

/// RFC 9110, §5.6.2, as far as header names are in use.
fn is_token(name: &str) -> bool {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    !name.is_empty() && name.bytes().all(inside)
}

fn is_visible(value: &str) -> bool {
    value.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
}
