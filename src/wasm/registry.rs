//! Talks to registries: the protocol; [`super::fetch`] is its default transport.

use wasm_bindgen::prelude::*;

use crate::digest::Digest;
use crate::name::Reference;
use crate::registry::{Client, Credentials, Header, PlainHost, Response, Settings};

use super::{into_error, out};

/// One run against registries.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Registry(Client);

#[wasm_bindgen]
impl Registry {
    /// A run without any task yet. `page`: the requests are sent by a web page. `plain_http`: the
    /// hosts that are asked without TLS.
    ///
    /// # Errors
    /// A host in the list is invalid.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::needless_pass_by_value)]
    pub fn new(
        page: bool,
        gateway: Option<String>,
        plain_http: Vec<String>,
    ) -> Result<Registry, JsValue> {
        let hosts = plain_http.iter().map(|host| host.parse::<PlainHost>());
        let plain_http = hosts.collect::<Result<_, _>>().map_err(into_error)?;
        Ok(Registry(Client::new(Settings {
            page,
            gateway,
            plain_http,
        })))
    }

    /// Begins to get a document; gives the number of the task.
    ///
    /// # Errors
    /// The address does not belong to a registry's API.
    #[allow(clippy::needless_pass_by_value)]
    pub fn document(&mut self, url: &str, accept: Vec<String>) -> Result<usize, JsValue> {
        self.0.document(url, &accept).map_err(into_error)
    }

    /// Begins to list the tags of a repository.
    ///
    /// # Errors
    /// It is no reference.
    pub fn tags(&mut self, repository: &str) -> Result<usize, JsValue> {
        let repository: Reference = repository.parse().map_err(into_error)?;
        self.0.tags(&repository).map_err(into_error)
    }

    /// Begins to list what refers to a manifest.
    ///
    /// # Errors
    /// `repository` is not a reference, or `digest` is not a digest.
    #[allow(clippy::needless_pass_by_value)]
    pub fn referrers(
        &mut self,
        repository: &str,
        digest: &str,
        artifact_type: Option<String>,
    ) -> Result<usize, JsValue> {
        let repository: Reference = repository.parse().map_err(into_error)?;
        let digest: Digest = digest.parse().map_err(into_error)?;
        let task = self
            .0
            .referrers(&repository, &digest, artifact_type.as_deref());
        task.map_err(into_error)
    }

    /// The next steps.
    ///
    /// # Errors
    /// None that is known of.
    pub fn steps(&mut self) -> Result<JsValue, JsValue> {
        out(&self.0.steps())
    }

    /// Takes the response to a request; `headers` are names and values by turns.
    pub fn respond(&mut self, id: usize, status: u16, headers: Vec<String>, body: Vec<u8>) {
        let pairs = headers.chunks_exact(2).filter_map(|pair| match pair {
            [name, value] => Some(Header {
                name: name.clone(),
                value: value.clone(),
            }),
            _ => None,
        });
        let headers = pairs.collect();
        let response = Response {
            status,
            headers,
            body,
        };
        self.0.respond(id, &response);
    }

    /// Takes note that redirects were followed, and where the response that comes next came from.
    pub fn led(&mut self, id: usize, url: &str) {
        self.0.led(id, url);
    }

    /// Nobody waits for a task any more.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&mut self, task: usize) {
        self.0.give_up(task);
    }

    /// Takes note that a request had no whole response.
    pub fn fail(&mut self, id: usize, code: &str, text: &str) {
        self.0.fail(id, code, text);
    }

    /// Takes the credentials for an origin, or none. A secret without a user is an
    /// identity token.
    pub fn credentials(&mut self, origin: &str, user: Option<String>, secret: Option<String>) {
        let given = secret.map(|secret| match user {
            Some(user) => Credentials::Password {
                user,
                password: secret,
            },
            None => Credentials::IdentityToken(secret),
        });
        self.0.credentials(origin, given);
    }
}
