//! A run of the distribution protocol that is stepped by hand.

#![allow(dead_code, reason = "not every test uses all of it")]

use pullproof::registry::{
    Client, Credentials, Header, Outcome, Request, Response, Settings, Step,
};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A run that is stepped by hand.
pub(crate) struct Talk {
    pub(crate) client: Client,
    pub(crate) steps: Vec<Step>,
}

impl Talk {
    pub(crate) fn direct() -> Self {
        Talk::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let client = Client::new(settings);
        let steps = Vec::new();
        Talk { client, steps }
    }

    pub(crate) fn document(mut self, url: &str) -> Self {
        let accept = ["a/b".to_owned(), INDEX.to_owned()];
        self.client.document(url, &accept).unwrap();
        self
    }

    pub(crate) fn next(&mut self) -> Step {
        if self.steps.is_empty() {
            self.steps = self.client.steps();
        }
        assert!(!self.steps.is_empty(), "nothing to do");
        self.steps.remove(0)
    }

    #[track_caller]
    pub(crate) fn sends(&mut self, url: &str) -> Request {
        match self.next() {
            Step::Send { request } if request.url == url => request,
            other => panic!("expected a request to {url}, found {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn asks_for(&mut self, origin: &str) {
        match self.next() {
            Step::Credentials { origin: found } if found == origin => {}
            other => panic!("expected to be asked for {origin}, found {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn fails(&mut self, code: &str) -> String {
        match self.next() {
            Step::Done {
                outcome:
                    Outcome::Failed {
                        code: found, text, ..
                    },
                ..
            } if found == code => text,
            other => panic!("expected {code}, found {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn done(&mut self) -> Outcome {
        match self.next() {
            Step::Done { outcome, .. } if !matches!(outcome, Outcome::Failed { .. }) => outcome,
            other => panic!("expected an outcome, found {other:?}"),
        }
    }

    pub(crate) fn gets(
        &mut self,
        request: &Request,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) {
        let header = |(name, value): &(&str, &str)| Header {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        let headers = headers.iter().map(header).collect();
        let body = body.as_bytes().to_vec();
        let response = Response {
            status,
            headers,
            body,
        };
        self.client.respond(request.id, &response);
    }
}

pub(crate) fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let found = request.headers.iter().find(|header| header.name == name);
    found.map(|header| header.value.as_str())
}

#[allow(clippy::unnecessary_wraps, reason = "as it is passed on")]
pub(crate) fn password(user: &str, password: &str) -> Option<Credentials> {
    let (user, password) = (user.to_owned(), password.to_owned());
    Some(Credentials::Password { user, password })
}
