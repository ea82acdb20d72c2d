//! The OCI distribution protocol without I/O: what is wanted goes in, requests come out, responses
//! go in, until each task is done.
//!
//! A [`Client`] is one run: it knows which hosts ask for tokens, which cannot be asked directly,
//! and what it is waiting for. It hashes nothing and believes nothing: what it hands out are the
//! bytes as they came, for a [`Session`](crate::session::Session) to hash, and what the server
//! said of them. Whoever sends the requests reads no further than the request allows, waits
//! before it as long as it says, and follows no redirect where it says so.
//!
//! Credentials are bound to an exact origin (scheme, host, port): that of the registry that was
//! asked. They go to that origin and to the registry's own token server, by the rule in `owner.rs`; a
//! token goes to the origin that asked for it, and is asked for with a scope made here: to pull from the
//! repository in question. Any other token server is asked anonymously. What a redirect leads to is
//! asked without credentials, also where a door is open there, and what it answers is its own
//! word, not the registry's. Nothing secret goes through a gateway. Without TLS only this machine
//! is asked, and the hosts that are named for it ([`PlainHost`]).

pub(crate) mod address;
mod challenge;
mod client;
mod door;
mod list;
mod numbered;
mod origin;
mod owner;
mod reply;
mod task;
pub(crate) mod url;
pub(crate) mod word;

use serde::Serialize;

use crate::claim::Listing;
use crate::digest::Digest;
use crate::text::{in_quotes, shortened};

pub use address::PlainHost;
pub use client::Client;

/// The abilities of the transport.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// It is a web page's: it follows redirects itself, and asking for many media types would
    /// make it ask for permission first (Fetch standard, "CORS-safelisted request-header": a
    /// value of at most 128 bytes).
    pub page: bool,
    /// The address of a gateway, for hosts that cannot be asked directly.
    pub gateway: Option<String>,
    /// Registries that are asked without TLS.
    pub plain_http: Vec<PlainHost>,
}

/// The login that a user has for an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A token that its token server changes into others (the docker client's `identitytoken`;
    /// distribution's "Token Authentication Specification", "Refresh Token").
    IdentityToken(String),
    /// A user name and a password.
    Password {
        /// The user's name.
        user: String,
        /// The password.
        password: String,
    },
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum Step {
    /// Ask whoever has credentials for exactly this origin, and pass them to
    /// [`Client::credentials`].
    Credentials {
        /// Scheme, host and port.
        origin: String,
    },
    /// A task is done.
    Done {
        /// Its number.
        task: usize,
        /// Its result.
        outcome: Outcome,
    },
    /// Send this, and pass the answer to [`Client::respond`] or [`Client::fail`].
    Send {
        /// The request.
        request: Request,
    },
}

/// A request to be sent with GET, or with POST where it has a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Its number.
    pub id: usize,
    /// The task that it is for.
    pub task: usize,
    /// The address.
    pub url: String,
    /// Headers to send.
    pub headers: Vec<Header>,
    /// The body of a POST: a form, as its header says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Whether the transport is to follow redirects; else it returns them.
    pub follow: bool,
    /// Bytes of the body after which to stop.
    pub most_bytes: usize,
    /// Milliseconds after which to stop.
    pub most_milliseconds: u64,
    /// Milliseconds to wait before sending it.
    pub wait: u64,
}

/// A header of a request or a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Its name, in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A response, with its whole body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers that could be read.
    pub headers: Vec<Header>,
    /// The body after HTTP's own decoding.
    pub body: Vec<u8>,
}

/// The result of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "camelCase")]
pub enum Outcome {
    /// A document: the body of the last response, as it came.
    Document {
        /// The address that answered.
        url: String,
        /// The digest that the server gave in its header `Docker-Content-Digest`.
        #[serde(skip_serializing_if = "Option::is_none")]
        header: Option<Digest>,
        /// The media types that were asked for.
        accept: String,
        /// What else a reader should know of how it was got.
        notes: Vec<String>,
        /// Whether it is the word of another than who was asked.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        led: bool,
    },
    /// Failed, with the reason.
    Failed {
        /// The address that was asked.
        url: String,
        /// A stable name for the reason.
        code: &'static str,
        /// The reason, as a sentence that begins with the host.
        text: String,
    },
    /// The documents that refer to a manifest.
    Referrers {
        /// The address that answered.
        url: String,
        /// The kind of list.
        by: Listing,
        /// Their descriptors, each as the JSON text that the server sent.
        descriptors: Vec<String>,
    },
    /// The tags of a repository.
    Tags {
        /// The address that answered first.
        url: String,
        /// The tags, in the server's order, each once.
        tags: Vec<String>,
    },
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        let found = all.find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| header.value.as_str())
    }
}

/// A server's text, short enough and safe to repeat.
fn shown(text: &str) -> String {
    in_quotes(&shortened(text))
}
