//! The tasks of a run: which can be sent now, and what each answer leads to.

use std::collections::VecDeque;

use crate::digest::{ByText, Digest};
use crate::error::Error;
use crate::limits;
use crate::name::Reference;
use crate::text::Parts;

use super::door::{self, Door, State};
use super::numbered::Numbered;
use super::origin::{Consent, Origins};
use super::reply::{Next, Reply};
use super::task::{Fetchable, RequestKey, Task, accept_headers};
use super::url::Url;
use super::{Credentials, Header, Outcome, Request, Response, Settings, Step, address, list};

/// One run against registries.
#[derive(Debug, Default)]
pub struct Client {
    settings: Settings,
    /// The unfinished tasks: of a long run only these are kept.
    tasks: Numbered<Task>,
    /// Tasks that have something to send.
    waiting: VecDeque<usize>,
    sent: Numbered<Sent>,
    steps: Vec<Step>,
    /// The door of each repository of each origin.
    doors: ByText<Door>,
    origins: Origins,
}

#[derive(Debug)]
struct Sent {
    task: usize,
    /// For the key of a door rather than for the task itself: a token.
    token_for: Option<RequestKey>,
    host: String,
    through_gateway: bool,
    /// The address that the transport reached by redirects that it followed itself.
    led: Option<String>,
}

impl Client {
    /// A run without any task yet.
    pub fn new(settings: Settings) -> Self {
        Client {
            settings,
            ..Client::default()
        }
    }

    /// Begins to get what is at the address of a want: a document, with the media types to ask for;
    /// a file of a notary server's metadata; or what refers to a document.
    ///
    /// # Errors
    /// The address belongs neither to the distribution API nor to a notary server.
    pub fn document(&mut self, url: &str, accept: &[String]) -> Result<usize, Error> {
        if let Some(listing) = list::Referrers::at(url) {
            return self.add(url, Fetchable::Referrers(listing));
        }
        let accept = accept_headers(accept, self.settings.page);
        let blob = list::is_blob(url) || url.has(list::METADATA);
        self.add(url, Fetchable::Document { accept, blob })
    }

    /// Begins to list the tags of a repository.
    ///
    /// # Errors
    /// None that is known of.
    pub fn tags(&mut self, repository: &Reference) -> Result<usize, Error> {
        let url = address::inside(repository, "tags", "list?n=1000");
        self.add(&url, Fetchable::Tags(list::Tags::default()))
    }

    /// Begins to list what refers to a manifest, all of it or of one artifact type.
    ///
    /// # Errors
    /// None that is known of.
    pub fn referrers(
        &mut self,
        repository: &Reference,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<usize, Error> {
        let listing = list::Referrers::new(repository, digest, artifact_type);
        self.add(&listing.address(), Fetchable::Referrers(listing))
    }

    fn add(&mut self, url: &str, kind: Fetchable) -> Result<usize, Error> {
        let asked = address::asked_at(url, &self.settings.plain_http);
        let (url, repository) = list::api_address(&asked)?;
        let number = self.tasks.next();
        let task = Task {
            kind,
            repository,
            home: url.clone(),
            at: url,
            led: false,
            redirects: 0,
            tries: 0,
            denied: 0,
            wait: 0,
            pages: ByText::default(),
            showed: false,
            notes: Vec::new(),
        };
        self.tasks.add(task);
        self.waiting.push_back(number);
        Ok(number)
    }

    /// The next steps. Empty when all that can be done is on its way, or nothing is left.
    pub fn steps(&mut self) -> Vec<Step> {
        let mut held_back = VecDeque::new();
        while let Some(task) = self.waiting.pop_front() {
            if !self.start(task) {
                held_back.push_back(task);
            }
        }
        self.waiting = held_back;
        std::mem::take(&mut self.steps)
    }

    /// Sends what a task has to send, unless it has to wait for others.
    fn start(&mut self, number: usize) -> bool {
        let Some(task) = self.tasks.get(number) else {
            return true;
        };
        let origin = address::origin_of(&task.at);
        let through_gateway = self.origins.is_closed(&origin) && self.settings.gateway.is_some();
        let key = task.key();
        if self.origins.is_busy(&origin) {
            return false;
        }
        let Some(door) = self.doors.or_default(key.as_str()) else {
            return true;
        };
        let authorization = match &door.state {
            _ if through_gateway => None,
            State::Unknown if door.probed => return false,
            State::Unknown => {
                door.probed = true;
                None
            }
            State::Asking(_) => return false,
            State::Open(header) => header.clone(),
            State::Shut(code, text) => {
                let (code, text) = (*code, text.clone());
                self.finish_failed(number, code, text);
                return true;
            }
        };
        self.send(number, authorization, through_gateway);
        true
    }

    fn send(&mut self, number: usize, authorization: Option<String>, through_gateway: bool) {
        let page = self.settings.page;
        let Some(task) = self.tasks.get_mut(number) else {
            return;
        };
        let mut headers = Vec::new();
        let mut header = |name: &str, value: String| {
            let name = name.to_owned();
            headers.push(Header { name, value });
        };
        if let Some(accept) = task.kind.accept() {
            header("accept", accept);
        }
        if let Some(authorization) = authorization {
            task.showed = true;
            header("authorization", authorization);
        }
        let gateway = self.settings.gateway.as_deref();
        let url = match gateway.filter(|_| through_gateway) {
            Some(gateway) => address::through(gateway, &task.at),
            None => task.at.to_string(),
        };
        let wait = std::mem::take(&mut task.wait);
        let host = address::origin_of(&task.at);
        let request = Request {
            id: self.sent.next(),
            task: number,
            url,
            headers,
            form: None,
            follow: page || through_gateway,
            most_bytes: limits::DOCUMENT_BYTES,
            most_milliseconds: limits::REQUEST_MILLISECONDS,
            wait,
        };
        self.on_its_way(request, host, None, through_gateway);
    }

    fn on_its_way(
        &mut self,
        request: Request,
        host: String,
        token_for: Option<RequestKey>,
        through_gateway: bool,
    ) {
        self.origins.asked(&host);
        let sent = Sent {
            task: request.task,
            token_for,
            host,
            through_gateway,
            led: None,
        };
        self.sent.add(sent);
        self.steps.push(Step::Send { request });
    }

    /// Takes note that an answer came, once for each request.
    fn arrived(&mut self, id: usize) -> Option<Sent> {
        let sent = *self.sent.take(id)?;
        self.origins.answered(&sent.host);
        Some(sent)
    }

    /// Takes note that the transport followed redirects, and where the response that is passed on next
    /// came from.
    pub fn led(&mut self, id: usize, url: &str) {
        if let Some(sent) = self.sent.get_mut(id) {
            sent.led = Some(url.to_owned());
        }
    }

    /// Takes a task to where the transport followed redirects, as if they had been followed here, and
    /// gives whether its answer is the gateway's.
    fn followed(&mut self, sent: &Sent) -> Result<bool, (&'static str, String)> {
        let (Some(task), Some(to)) = (self.tasks.get_mut(sent.task), &sent.led) else {
            return Ok(sent.through_gateway);
        };
        let door = self.doors.get_mut(task.key().as_str());
        if let Some(door) = door.filter(|_| !sent.through_gateway) {
            door.entered();
        }
        let gateway = self.settings.gateway.as_deref();
        let gateway = gateway.filter(|_| sent.through_gateway);
        let asked = gateway.and_then(|gateway| Url::parse(gateway).ok());
        let asked = asked.unwrap_or_else(|| task.at.clone());
        let to = address::followed(&asked, to, &self.settings.plain_http)?;
        if to.origin() == asked.origin() {
            return Ok(sent.through_gateway);
        }
        task.lead(to);
        // Where a gateway led to, also if it is the registry.
        task.led = true;
        Ok(false)
    }

    /// Takes the response to a request.
    pub fn respond(&mut self, id: usize, response: &Response) {
        let Some(sent) = self.arrived(id) else {
            return;
        };
        if let Some(key) = sent.token_for {
            if sent.led.is_some() {
                let text = door::failed(key.host(), "redirects, which is not followed");
                return self.shut(&key, "status", text);
            }
            return self.token(&key, response);
        }
        let number = sent.task;
        let through_gateway = match self.followed(&sent) {
            Ok(through_gateway) => through_gateway,
            Err((code, text)) => return self.finish_failed(number, code, text),
        };
        let Some(task) = self.tasks.get_mut(number) else {
            return;
        };
        let gateway = self.settings.gateway.as_deref();
        let gateway = gateway.filter(|_| through_gateway);
        let key = task.key();
        let reply = Reply {
            response,
            gateway,
            page: self.settings.page,
            plain: &self.settings.plain_http,
        };
        let next = reply.next(task);
        let inside = !through_gateway && !matches!(next, Next::Authenticate);
        if let Some(door) = self.doors.get_mut(key.as_str()).filter(|_| inside) {
            door.entered();
        }
        match next {
            Next::Again => self.waiting.push_back(number),
            Next::Authenticate => self.authenticate(number, &key, response),
            Next::Closed if self.settings.gateway.is_some() => self.close(number, &key),
            Next::Closed => {
                let code = "unauthorized";
                let host = address::authority(&task.at);
                let text = format!("{host} asks for a login that a web page cannot give");
                self.finish_failed(number, code, text);
            }
            Next::Done(outcome) => self.finish(number, outcome),
        }
    }

    /// Nobody waits for a task any more. What it has under way is to be ended, by [`Client::fail`] with
    /// `aborted`; others that waited for it go on without it.
    pub fn give_up(&mut self, task: usize) {
        let Some(task) = self.tasks.take(task) else {
            return;
        };
        if let Some(door) = self.doors.get_mut(task.key().as_str()) {
            door.probed = false;
        }
    }

    /// Takes note that a request had no whole response: `network`, `timeout`, `limit-exceeded`,
    /// `aborted`, or `unreachable`, which is `network` where asking again cannot help.
    pub fn fail(&mut self, id: usize, code: &str, text: &str) {
        let Some(Sent {
            task: number,
            token_for,
            through_gateway,
            ..
        }) = self.arrived(id)
        else {
            return;
        };
        let reason = Reply::fault(code);
        let gateway = self.settings.gateway.is_some() && !through_gateway;
        if let Some(key) = token_for {
            if gateway && self.settings.page && reason == "network" {
                self.origins.close(key.origin());
                self.doors.set(key.as_str(), Door::default());
                return;
            }
            if reason == "aborted" {
                // For a task that was given up. Others find out for themselves.
                self.doors.set(key.as_str(), Door::default());
                return;
            }
            let text = door::failed(key.host(), &format!("cannot be reached ({text})"));
            return self.shut(&key, reason, text);
        }
        let Some(task) = self.tasks.get_mut(number) else {
            return;
        };
        let key = task.key();
        if reason == "network" && gateway {
            return self.close(number, &key);
        }
        if let Some(door) = self.doors.get_mut(key.as_str()) {
            // Others behind the same door find out for themselves.
            door.probed = false;
        }
        // A page's failures are mostly that it may not read the answer, which stays so.
        let again = reason == "network" && code != "unreachable" && !self.settings.page;
        if again && task.retry(None) {
            return self.waiting.push_back(number);
        }
        let mut host = address::authority(&task.at).to_owned();
        if let (true, Some(gateway)) = (through_gateway, &self.settings.gateway) {
            host = format!("{host} through {gateway}");
        }
        let (before, after) = match reason {
            "network" if self.settings.page && !through_gateway => {
                ("cannot be read by a web page, or cannot be reached (", ")")
            }
            "network" => ("cannot be reached (", ")"),
            _ => ("", ""),
        };
        let text = format!("{host} {before}{text}{after}");
        self.finish_failed(number, reason, text);
    }

    /// Takes the credentials for an origin, or none.
    pub fn credentials(&mut self, origin: &str, credentials: Option<Credentials>) {
        self.origins.take(origin, credentials);
        let waiting =
            |(key, door): (&str, &Door)| Some((RequestKey::of(key), door.waits_for(origin)?));
        let waiting: Vec<(RequestKey, usize)> = self.doors.iter().filter_map(waiting).collect();
        for (key, number) in waiting {
            self.enter(&key, number);
        }
    }

    /// A task was answered that who asks is not known.
    fn authenticate(&mut self, number: usize, key: &RequestKey, response: &Response) {
        let Some(task) = self.tasks.get_mut(number) else {
            return;
        };
        let Some(door) = self.doors.or_default(key.as_str()) else {
            return;
        };
        self.waiting.push_back(number);
        if matches!(door.state, State::Asking(_) | State::Shut(..)) {
            // Another task came first, and what it asks for is under way: one token is enough.
            return;
        }
        let header = response.header("www-authenticate").unwrap_or_default();
        match door.challenged(task, header, &self.settings.plain_http) {
            Err((code, text)) => self.shut(key, code, text),
            Ok(()) => self.enter(key, number),
        }
    }

    /// Takes the next step through a door whose challenge is known: credentials, then a token.
    fn enter(&mut self, key: &RequestKey, number: usize) {
        let Some(door) = self.doors.get_mut(key.as_str()) else {
            return;
        };
        if let Some(origin) = door.credentials_of(number) {
            match self.origins.ask(&origin) {
                Consent::Known(credentials) => door.given(credentials),
                Consent::Not => return self.steps.push(Step::Credentials { origin }),
                Consent::Waiting => return,
            }
        }
        match door.token_request() {
            None => {}
            Some(Err((code, text))) => self.shut(key, code, text),
            Some(Ok(token)) => {
                let request = Request {
                    id: self.sent.next(),
                    task: number,
                    url: token.url,
                    headers: token.headers,
                    form: token.form,
                    follow: false,
                    most_bytes: limits::TOKEN_BYTES,
                    most_milliseconds: limits::REQUEST_MILLISECONDS,
                    wait: 0,
                };
                self.on_its_way(request, token.origin, Some(key.clone()), false);
            }
        }
    }

    fn token(&mut self, key: &RequestKey, response: &Response) {
        let Some(door) = self.doors.get_mut(key.as_str()) else {
            return;
        };
        if let Err((code, text)) = door.take_token(response) {
            self.shut(key, code, text);
        }
    }

    fn shut(&mut self, key: &RequestKey, code: &'static str, text: String) {
        if let Some(door) = self.doors.get_mut(key.as_str()) {
            door.state = State::Shut(code, text);
        }
    }

    /// From now on the registry of this task is asked through the gateway. What it leads to is not:
    /// its address may be a key to a storage.
    fn close(&mut self, number: usize, key: &RequestKey) {
        if let Some(door) = self.doors.get_mut(key.as_str()) {
            door.probed = false;
        }
        if let Some(task) = self.tasks.get_mut(number) {
            task.send(task.home.clone());
            self.origins.close(&address::origin_of(&task.at));
        }
        self.waiting.push_back(number);
    }

    fn finish_failed(&mut self, number: usize, code: &'static str, text: String) {
        let Some(task) = self.tasks.get(number) else {
            return;
        };
        let url = task.answers_at();
        self.finish(number, Outcome::Failed { url, code, text });
    }

    fn finish(&mut self, number: usize, mut outcome: Outcome) {
        let Some(task) = self.tasks.take(number) else {
            return;
        };
        // That credentials were kept back is a part of how it was got, or why it was refused.
        let door = self.doors.get(task.key().as_str());
        if let Some(withheld) = door.and_then(|door| door.withheld.as_ref()) {
            match &mut outcome {
                Outcome::Failed { code, text, .. }
                    if matches!(*code, "unauthorized" | "forbidden") =>
                {
                    text.push_str("; ");
                    text.push_str(withheld);
                }
                Outcome::Document { notes, .. } => notes.push(withheld.clone()),
                _ => {}
            }
        }
        let task = number;
        self.steps.push(Step::Done { task, outcome });
    }
}
