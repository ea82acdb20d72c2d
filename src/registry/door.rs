//! Opens repositories: without a login, by password, or by a token of a token server.

use base64ct::{Base64, Encoding};
use form_urlencoded::Serializer;

use crate::json;
use crate::limits;
use crate::text::Parts;

use super::challenge::{self, Bearer, Challenge};
use super::list::Refusal;
use super::task::Task;
use super::url::Url;
use super::{Credentials, Header, PlainHost, Response, address, owner, reply, shown};

/// The door of one repository at one origin.
#[derive(Debug, Default)]
pub(super) struct Door {
    pub(super) state: State,
    /// Whether a request is on its way to find out if the door is open.
    pub(super) probed: bool,
    /// The header that opened it last, to tell a token that ran out from one that never worked.
    used: Option<String>,
    /// True if credentials were given for it.
    known: bool,
    /// That credentials for the registry were kept from a token server elsewhere.
    pub(super) withheld: Option<String>,
}

/// The state of a door.
#[derive(Debug, Default)]
pub(super) enum State {
    /// Credentials, or a token, are being got.
    Asking(Box<Asking>),
    /// This `Authorization` opens it, or none is needed.
    Open(Option<String>),
    /// It stays closed: a stable name for the reason, and the reason.
    Shut(&'static str, String),
    #[default]
    Unknown,
}

/// The login that a challenge asks for, and the part of it that is known.
#[derive(Debug)]
pub(super) struct Asking {
    /// The token to get; for a password none.
    token: Option<(Url, Bearer)>,
    /// Whose credentials may be used, where any may.
    origin: Option<String>,
    /// Whether it is known what there is of them.
    asked: bool,
    credentials: Option<Credentials>,
    /// The task that waits for them.
    waits: Option<usize>,
    repository: String,
    host: String,
}

/// A request to a token server.
#[derive(Debug)]
pub(super) struct TokenRequest {
    pub(super) origin: String,
    pub(super) url: String,
    pub(super) headers: Vec<Header>,
    pub(super) form: Option<String>,
}

impl Door {
    /// A request came through.
    pub(super) fn entered(&mut self) {
        if matches!(self.state, State::Unknown) {
            self.state = State::Open(None);
        }
    }

    /// Takes the challenge of a response with status 401. Where a task was led to, it is met without
    /// credentials.
    ///
    /// # Errors
    /// There is no way in.
    pub(super) fn challenged(
        &mut self,
        task: &mut Task,
        header: &str,
        plain: &[PlainHost],
    ) -> Result<(), Refusal> {
        let host = address::authority(&task.at).to_owned();
        task.denied += 1;
        // The first time it may be that nothing was shown, or a token that has run out since; a
        // password does not run out.
        let by_password = self
            .used
            .as_ref()
            .is_some_and(|used| used.starts_with("Basic "));
        if task.denied > 2 || (task.denied > 1 && (self.used.is_none() || by_password)) {
            let text = if self.known {
                format!("{host} rejected the login")
            } else {
                format!("{host} asks for a login")
            };
            return Err(("unauthorized", text));
        }
        let Some(challenge) = challenge::read(header) else {
            let found = shown(header);
            let text = format!("{host} asks for a login of an unknown kind: {found}");
            return Err(("unauthorized", text));
        };
        let mut origin = (!task.led).then(|| address::origin_of(&task.at));
        let token = match challenge {
            Challenge::Basic => None,
            Challenge::Bearer(bearer) => {
                let realm = realm(&task.at, &bearer.realm, plain)?;
                if !task.led {
                    origin = owner::credentials_for(&task.at, &realm);
                    self.withheld = origin.is_none().then(|| {
                        let server = address::authority(&realm);
                        format!(
                            "asked for a token anonymously, since {host} names {server} as its token \
                             server: credentials for {host} are not sent there"
                        )
                    });
                }
                Some((realm, bearer))
            }
        };
        self.state = State::Asking(Box::new(Asking {
            token,
            origin,
            asked: false,
            credentials: None,
            waits: None,
            repository: task.repository.clone(),
            host,
        }));
        Ok(())
    }

    /// The origin whose credentials are needed next, for this task.
    pub(super) fn credentials_of(&mut self, task: usize) -> Option<String> {
        let State::Asking(asking) = &mut self.state else {
            return None;
        };
        if asking.asked {
            return None;
        }
        asking.waits = Some(task);
        let origin = asking.origin.clone();
        if origin.is_none() {
            asking.asked = true;
        }
        origin
    }

    /// The task that waits for the credentials of this origin.
    pub(super) fn waits_for(&self, origin: &str) -> Option<usize> {
        match &self.state {
            State::Asking(asking) if !asking.asked && asking.origin.as_deref() == Some(origin) => {
                asking.waits
            }
            _ => None,
        }
    }

    /// Takes the credentials, or none.
    pub(super) fn given(&mut self, credentials: Option<Credentials>) {
        if let State::Asking(asking) = &mut self.state {
            asking.asked = true;
            self.known = credentials.is_some();
            asking.credentials = credentials;
        }
    }

    /// The request for a token, where it takes one; a password opens the door by itself.
    pub(super) fn token_request(&mut self) -> Option<Result<TokenRequest, Refusal>> {
        let State::Asking(asking) = &self.state else {
            return None;
        };
        if !asking.asked {
            return None;
        }
        let credentials = asking.credentials.as_ref();
        if let Some((realm, bearer)) = &asking.token {
            // No more than is needed, whatever the challenge or the realm's address has.
            let scope = format!("repository:{}:pull", asking.repository);
            return Some(Ok(TokenRequest::new(realm, bearer, &scope, credentials)));
        }
        let more = match credentials {
            Some(Credentials::Password { user, password }) => {
                let basic = basic(user, password);
                self.open(Some(basic));
                return None;
            }
            Some(Credentials::IdentityToken(_)) => {
                " with a user name and a password, not with an identity token"
            }
            None if asking.origin.is_none() => {
                ", and the registry redirects to it: no login is sent there"
            }
            None => "",
        };
        let text = format!("{} asks for a login{more}", asking.host);
        Some(Err(("unauthorized", text)))
    }

    /// Takes the answer of the token server.
    ///
    /// # Errors
    /// It is no token.
    pub(super) fn take_token(&mut self, response: &Response) -> Result<(), Refusal> {
        let State::Asking(asking) = &self.state else {
            return Ok(());
        };
        let host = &asking.host;
        let said = match (response.status, &asking.credentials) {
            (200, _) => None,
            // OAuth 2.0 (RFC 6749, §5.2) has 400 for an invalid grant.
            (400 | 401 | 403, Some(Credentials::IdentityToken(_))) => {
                Some("rejected the stored identity token")
            }
            (401 | 403, Some(Credentials::Password { .. })) => {
                Some("rejected the user name or password")
            }
            (401 | 403, None) => Some("asks for a login"),
            (status, _) => {
                let code = reply::code_of(status);
                let text = failed(host, &format!("answered with an error (status {status})"));
                return Err((code, text));
            }
        };
        if let Some(said) = said {
            return Err(("unauthorized", format!("{host} {said}")));
        }
        let token = token_in(&response.body);
        let token = token.ok_or_else(|| ("token", failed(host, "sent no usable token")))?;
        self.open(Some(format!("Bearer {token}")));
        Ok(())
    }

    fn open(&mut self, header: Option<String>) {
        self.used.clone_from(&header);
        self.state = State::Open(header);
    }
}

impl TokenRequest {
    /// With GET for whoever has a password or nothing; an identity token travels in a form
    /// (distribution's "Token Authentication Specification", "Refresh Token").
    fn new(realm: &Url, bearer: &Bearer, scope: &str, given: Option<&Credentials>) -> Self {
        let mut pairs = Serializer::new(String::new());
        if let Some(Credentials::IdentityToken(token)) = given {
            pairs.append_pair("grant_type", "refresh_token");
            pairs.append_pair("refresh_token", token);
            pairs.append_pair("client_id", "pullproof");
        }
        if let Some(service) = &bearer.service {
            pairs.append_pair("service", service);
        }
        let pairs = pairs.append_pair("scope", scope).finish();
        let place = place(realm);
        let header = |name: &str, value: String| {
            let name = name.to_owned();
            vec![Header { name, value }]
        };
        let (headers, url, form) = match given {
            Some(Credentials::IdentityToken(_)) => {
                let form = "application/x-www-form-urlencoded".to_owned();
                (header("content-type", form), place, Some(pairs))
            }
            other => {
                let headers = match other {
                    Some(Credentials::Password { user, password }) => {
                        header("authorization", basic(user, password))
                    }
                    _ => Vec::new(),
                };
                let sign = if place.has("?") { '&' } else { '?' };
                (headers, format!("{place}{sign}{pairs}"), None)
            }
        };
        TokenRequest {
            origin: address::origin_of(realm),
            url,
            headers,
            form,
        }
    }
}

fn basic(user: &str, password: &str) -> String {
    let both = format!("{user}:{password}");
    let encoded = Base64::encode_string(both.as_bytes());
    format!("Basic {encoded}")
}

/// The fields that a request for a token is made of (distribution's "Token Authentication
/// Specification" and its OAuth 2.0 variant).
const FIELDS: [&str; 10] = [
    "access_type",
    "account",
    "client_id",
    "grant_type",
    "offline_token",
    "password",
    "refresh_token",
    "scope",
    "service",
    "username",
];

/// The address of a token server with what its query has besides these fields, which are made here: a
/// token server would take a second scope for one more that is asked for.
fn place(realm: &Url) -> String {
    realm.keeping(|name| !FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field)))
}

/// That a host has a token server that gave no token.
pub(super) fn failed(host: &str, what: &str) -> String {
    format!("{host} has a token server that {what}")
}

/// The address of a token server that a registry may name.
fn realm(at: &Url, text: &str, plain: &[PlainHost]) -> Result<Url, Refusal> {
    let wrong = |expected: &str| {
        let found = address::without_secrets(text);
        let host = address::authority(at);
        let text = format!("{host} names {found} as its token server, expected {expected}");
        ("token-server", text)
    };
    let realm = address::read(text, Some(at)).map_err(|expected| wrong(&expected))?;
    // The registry's own may be where the registry is, inside a private network too.
    if owner::credentials_for(at, &realm).is_none() {
        address::may_lead(at, &realm, plain).map_err(wrong)?;
    }
    Ok(realm)
}

/// The token in the answer of a token server, if a header can hold it.
fn token_in(body: &[u8]) -> Option<String> {
    let json = json::parse(body).ok()?;
    let root = json.root();
    let token = ["token", "access_token"].into_iter().find_map(|name| {
        let text = root.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    })?;
    let fits = token.len() <= limits::ONE_TOKEN_BYTES;
    (fits && token.bytes().all(|b| b.is_ascii_graphic())).then_some(token)
}
