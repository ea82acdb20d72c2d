//! How a repository is entered: open, by password, or by a token of a token server.

use base64ct::{Base64, Encoding};
use url::Url;

use crate::json;
use crate::limits;

use super::challenge::{self, Bearer, Challenge};
use super::task::Task;
use super::{Header, Response, address, reply, shown};

/// The door of one repository at one origin.
#[derive(Debug, Default)]
pub(super) struct Door {
    pub(super) state: State,
    /// Whether a request is on its way to find out if the door is open.
    pub(super) probed: bool,
    /// The header that opened it last, to tell a token that ran out from one that never worked.
    used: Option<String>,
    /// That credentials for the registry were kept from a token server elsewhere.
    pub(super) withheld: Option<String>,
}

/// What is known of a door.
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

/// What a challenge asks for, and what is there of it.
#[derive(Debug)]
pub(super) struct Asking {
    /// The token to get; for a password none.
    token: Option<(Url, Bearer)>,
    /// Whose credentials may be used, where any may.
    origin: Option<String>,
    /// What there is of them.
    credentials: Credentials,
    /// The task that waits for them.
    waits: Option<usize>,
    repository: String,
}

#[derive(Debug)]
enum Credentials {
    /// A user name and a password.
    Given(String, String),
    None,
    Unknown,
}

type Refusal = (&'static str, String);

impl Door {
    /// A request came through.
    pub(super) fn entered(&mut self) {
        if matches!(self.state, State::Unknown) {
            self.state = State::Open(None);
        }
    }

    /// Takes the challenge of a response with status 401. `at_home`: the task was not led to
    /// another origin, which gets no credentials.
    ///
    /// # Errors
    /// There is no way in.
    pub(super) fn challenged(
        &mut self,
        task: &mut Task,
        at_home: bool,
        header: &str,
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
            let text = format!("{host} refused the token or password that it asked for");
            return Err(("unauthorized", text));
        }
        let Some(challenge) = challenge::read(header) else {
            let found = shown(header);
            let text = format!("expected a Bearer or Basic challenge from {host}, found {found}");
            return Err(("unauthorized", text));
        };
        let mut origin = at_home.then(|| address::origin_of(&task.home));
        let token = match challenge {
            Challenge::Basic => None,
            Challenge::Bearer(bearer) => {
                let realm = realm(&task.at, &bearer.realm)?;
                if at_home && !address::shares_credentials(&task.home, &realm) {
                    // Only credentials that are for the token server itself.
                    origin = Some(address::origin_of(&realm));
                    let server = address::authority(&realm);
                    let text = format!(
                        "{host} names {server} as its token server: credentials for {host} are \
                         not sent there"
                    );
                    self.withheld = Some(text.clone());
                    task.notes.push(text);
                } else if at_home {
                    origin = Some(address::origin_of(&realm));
                }
                Some((realm, bearer))
            }
        };
        self.state = State::Asking(Box::new(Asking {
            token,
            origin,
            credentials: Credentials::Unknown,
            waits: None,
            repository: task.repository.clone(),
        }));
        Ok(())
    }

    /// The origin whose credentials are needed next, for this task.
    pub(super) fn credentials_of(&mut self, task: usize) -> Option<String> {
        let State::Asking(asking) = &mut self.state else {
            return None;
        };
        if !matches!(asking.credentials, Credentials::Unknown) {
            return None;
        }
        asking.waits = Some(task);
        let origin = asking.origin.clone();
        if origin.is_none() {
            asking.credentials = Credentials::None;
        }
        origin
    }

    /// The task that waits for the credentials of this origin.
    pub(super) fn waits_for(&self, origin: &str) -> Option<usize> {
        match &self.state {
            State::Asking(asking)
                if matches!(asking.credentials, Credentials::Unknown)
                    && asking.origin.as_deref() == Some(origin) =>
            {
                asking.waits
            }
            _ => None,
        }
    }

    /// Takes the credentials, or that there are none.
    pub(super) fn given(&mut self, credentials: Option<(String, String)>) {
        if let State::Asking(asking) = &mut self.state {
            asking.credentials = match credentials {
                Some((user, password)) => Credentials::Given(user, password),
                None => Credentials::None,
            };
        }
    }

    /// The request for a token, where it takes one; a password opens the door by itself.
    pub(super) fn token_request(&mut self) -> Option<Result<(Url, Vec<Header>), Refusal>> {
        let State::Asking(asking) = &self.state else {
            return None;
        };
        let basic = match &asking.credentials {
            Credentials::Unknown => return None,
            Credentials::None => None,
            Credentials::Given(user, password) => {
                let both = format!("{user}:{password}");
                let encoded = Base64::encode_string(both.as_bytes());
                Some(format!("Basic {encoded}"))
            }
        };
        let Some((realm, bearer)) = &asking.token else {
            if basic.is_none() {
                let text = "expected a user name and a password, found none".to_owned();
                return Some(Err(("unauthorized", text)));
            }
            self.open(basic);
            return None;
        };
        let mut url = realm.clone();
        let pull = format!("repository:{}:pull", asking.repository);
        let scope = match bearer.scope.as_deref() {
            // No more than is needed, whatever is offered.
            None => pull,
            Some(scope) if scope.starts_with("repository:") => pull,
            Some(other) => other.to_owned(),
        };
        if let Some(service) = &bearer.service {
            url.query_pairs_mut().append_pair("service", service);
        }
        url.query_pairs_mut().append_pair("scope", &scope);
        let header = basic.map(|value| Header {
            name: "authorization".to_owned(),
            value,
        });
        Some(Ok((url, header.into_iter().collect())))
    }

    /// Takes the answer of the token server.
    ///
    /// # Errors
    /// It is no token.
    pub(super) fn take_token(&mut self, response: &Response) -> Result<(), Refusal> {
        let State::Asking(asking) = &self.state else {
            return Ok(());
        };
        let with_password = matches!(asking.credentials, Credentials::Given(..));
        match response.status {
            200 => {}
            401 | 403 if with_password => {
                let text = "expected a token, found the user name or password refused".to_owned();
                return Err(("unauthorized", text));
            }
            401 | 403 => {
                let text = "expected a token, found that a user name and a password are needed";
                return Err(("unauthorized", text.to_owned()));
            }
            status => {
                let code = reply::code_of(status);
                return Err((
                    code,
                    format!("expected a token, found status {status} of the token server"),
                ));
            }
        }
        let token = token_in(&response.body).ok_or_else(|| {
            let expected = "expected a JSON object with a token of visible ASCII characters";
            let text = format!("{expected}, found something else from the token server");
            ("token", text)
        })?;
        self.open(Some(format!("Bearer {token}")));
        Ok(())
    }

    fn open(&mut self, header: Option<String>) {
        self.used.clone_from(&header);
        self.state = State::Open(header);
    }
}

/// The address of a token server that a registry may name.
fn realm(at: &Url, text: &str) -> Result<Url, Refusal> {
    let wrong = |expected: &str| {
        let found = address::without_secrets(text);
        let text = format!("expected {expected} as token server, found {found}");
        ("token-server", text)
    };
    let realm = address::read(text, Some(at)).map_err(|expected| wrong(&expected))?;
    address::may_lead(at, &realm).map_err(wrong)?;
    Ok(realm)
}

/// The token in the answer of a token server, if it can stand in a header.
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
