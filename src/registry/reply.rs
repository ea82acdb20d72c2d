//! What a response means for the task that it is for.

use crate::digest::Digest;
use crate::document;
use crate::json;
use crate::limits;

use super::task::{Fetchable, Task, next_page};
use super::{Outcome, PlainHost, Response, address, list, shown};

/// A response, and how it came.
pub(super) struct Reply<'a> {
    pub(super) response: &'a Response,
    /// The gateway that it came through.
    pub(super) gateway: Option<&'a str>,
    pub(super) page: bool,
    /// Hosts that are asked without TLS.
    pub(super) plain: &'a [PlainHost],
}

/// The next action.
pub(super) enum Next {
    /// Ask again: elsewhere, for the next page, or later.
    Again,
    /// Show who asks.
    Authenticate,
    /// Ask through the gateway.
    Closed,
    Done(Outcome),
}

impl Reply<'_> {
    /// The stable name for why there was no response.
    pub(super) fn fault(code: &str) -> &'static str {
        match code {
            "aborted" => "aborted",
            "limit-exceeded" => "limit-exceeded",
            "timeout" => "timeout",
            _ => "network",
        }
    }

    pub(super) fn next(&self, task: &mut Task) -> Next {
        let status = self.response.status;
        match status {
            200 => self.arrived(task),
            301 | 302 | 303 | 307 | 308 => self.redirected(task),
            401 => self.denied(task),
            _ if another(task, status, self.plain) => Next::Again,
            404 if matches!(task.kind, Fetchable::Referrers(_)) => self.listed(task),
            429 | 500 | 502..=504 => self.later(task),
            _ => self.failed(task, code_of(status), self.status_text(task)),
        }
    }

    fn arrived(&self, task: &mut Task) -> Next {
        let body = &self.response.body;
        let taken = match &mut task.kind {
            Fetchable::Document { accept, blob } => {
                let (accept, blob) = (accept.front().cloned(), *blob);
                return match self.readable(task, blob) {
                    Err((code, text)) => self.failed(task, code, text),
                    Ok(()) => self.document(accept.unwrap_or_default(), task),
                };
            }
            Fetchable::Referrers(listing) => {
                let filtered = self.response.header("oci-filters-applied");
                listing.page(body, filtered)
            }
            Fetchable::Tags(tags) => tags.page(body),
        };
        let link = self.response.header("link");
        let next = taken.and_then(|()| next_page(task, link));
        match next {
            Err((code, text)) => self.failed(task, code, format!("{} {text}", self.who(task))),
            Ok(None) => self.listed(task),
            Ok(Some(next)) => {
                task.at = next;
                task.tries = 0;
                Next::Again
            }
        }
    }

    /// A list is at its end.
    fn listed(&self, task: &mut Task) -> Next {
        let url = self.asked(task);
        match &mut task.kind {
            Fetchable::Document { .. } => Next::Again,
            Fetchable::Referrers(listing) => Next::Done(listing.outcome(url)),
            Fetchable::Tags(tags) => Next::Done(Outcome::Tags {
                url,
                tags: tags.take(),
            }),
        }
    }

    fn document(&self, accept: String, task: &mut Task) -> Next {
        let header = self.response.header("docker-content-digest");
        let mut notes = std::mem::take(&mut task.notes);
        if self.gateway.is_none() && address::is_plain(&task.at) {
            let host = address::authority(&task.at);
            notes.push(format!(
                "asked over plain http: anybody between here and {host} can read and change it"
            ));
        }
        let elsewhere = self.elsewhere(task);
        if let Some(host) = &elsewhere {
            let asked = address::authority(&task.home);
            notes.push(format!(
                "{asked} redirected to {host}: the answer is from {host}, not from {asked}"
            ));
        }
        let header: Option<Digest> = match header.map(|text| (text, text.trim().parse())) {
            None => None,
            Some((_, Ok(digest))) => Some(digest),
            Some((text, Err(error))) => {
                let text = shown(text);
                notes.push(format!(
                    "the header Docker-Content-Digest is {text}: {error}"
                ));
                None
            }
        };
        Next::Done(Outcome::Document {
            url: self.asked(task),
            header,
            accept,
            notes,
            led: elsewhere.is_some(),
        })
    }

    /// Whether the body can be what was asked for, by what the server says of it.
    fn readable(&self, task: &Task, blob: bool) -> Result<(), (&'static str, String)> {
        if blob {
            return Ok(());
        }
        let who = self.who(task);
        let said = self.response.header("content-type").unwrap_or_default();
        let said = said.split(';').next().unwrap_or_default().trim();
        let said = said.to_ascii_lowercase();
        let first = self.response.body.trim_ascii_start().first();
        if said.ends_with("html") || said.ends_with("html+xml") || first == Some(&b'<') {
            let said = shown(&said);
            let text = format!("{who} answered with a web page ({said}) instead of a manifest");
            return Err(("not-manifest", text));
        }
        let json = json::parse(&self.response.body).ok();
        let own = json.as_ref().and_then(|json| json.root().get("mediaType"));
        let Some(own) = own.and_then(json::Value::as_str) else {
            return Ok(());
        };
        if document::MANIFEST_TYPES.contains(&said.as_str()) && !own.eq_ignore_ascii_case(&said) {
            let own = shown(own);
            let text = format!("{who} calls it {said}, but the document says that it is {own}");
            return Err(("media-type", text));
        }
        Ok(())
    }

    fn redirected(&self, task: &mut Task) -> Next {
        let Some(location) = self.response.header("location") else {
            return self.failed(task, "redirect", self.status_text(task));
        };
        task.redirects += 1;
        if task.redirects > limits::REDIRECTS {
            let expected = format!("at most {} in a row", limits::REDIRECTS);
            let (code, text) = address::led_wrong(&task.at, location, &expected);
            return self.failed(task, code, text);
        }
        match address::followed(&task.at, location, self.plain) {
            Ok(to) => {
                task.lead(to);
                // What it leads to may want a token of its own.
                task.denied = 0;
                Next::Again
            }
            Err((code, text)) => self.failed(task, code, text),
        }
    }

    /// A page may not see what is asked for, and then cannot show it either.
    fn denied(&self, task: &mut Task) -> Next {
        let challenged = self.response.header("www-authenticate").is_some();
        match self.gateway {
            None if challenged || !self.page => Next::Authenticate,
            None => Next::Closed,
            Some(gateway) => {
                let host = address::authority(&task.at);
                let text =
                    format!("{host} asks for a login, which no gateway ({gateway}) is given");
                self.failed(task, "unauthorized", text)
            }
        }
    }

    /// The server is busy, or failed in a way that may pass.
    fn later(&self, task: &mut Task) -> Next {
        let said = self.response.header("retry-after");
        // A date says nothing without a clock; then the usual times are waited.
        let seconds = said.and_then(|text| text.trim().parse().ok());
        if task.retry(seconds) {
            return Next::Again;
        }
        let text = self.status_text(task);
        let text = match seconds {
            Some(seconds) => {
                let (time, unit) = match seconds {
                    120.. => (seconds.div_ceil(60), "minutes"),
                    _ => (seconds, "seconds"),
                };
                format!("{text}; try again in {time} {unit}")
            }
            None => text,
        };
        self.failed(task, code_of(self.response.status), text)
    }

    fn failed(&self, task: &Task, code: &'static str, text: String) -> Next {
        let url = self.asked(task);
        Next::Done(Outcome::Failed { url, code, text })
    }

    /// The address that the answer is for, in the gateway's words if it came through one.
    fn asked(&self, task: &Task) -> String {
        match (self.gateway, self.elsewhere(task)) {
            // Not the address of the registry behind the gateway's.
            (Some(gateway), Some(host)) => format!("{}/{host}", gateway.trim_end_matches('/')),
            (Some(gateway), None) => address::through(gateway, &task.home),
            (None, _) => task.answers_at(),
        }
    }

    /// The host that answered in place of the registry, where that matters: a gateway follows
    /// redirects itself, and says so.
    fn elsewhere(&self, task: &Task) -> Option<String> {
        if self.gateway.is_none() {
            let host = address::authority(&task.at).to_owned();
            return task.is_elsewhere().then_some(host);
        }
        let host = self.response.header("pullproof-led")?;
        let is_host = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
        let host = if host.bytes().all(is_host) {
            host
        } else {
            "another"
        };
        (!list::is_blob(task.home.path())).then(|| host.to_owned())
    }

    /// The server that answered.
    fn who(&self, task: &Task) -> String {
        let host = address::authority(&task.at);
        match self.gateway {
            Some(gateway) => format!("{host} through {gateway}"),
            None => host.to_owned(),
        }
    }

    /// The status, and the registry's own words (distribution spec, "Error Codes").
    fn status_text(&self, task: &Task) -> String {
        let (who, status, name) = (self.who(task), self.response.status, task.name());
        let body = json::parse(&self.response.body).ok();
        let first = body.as_ref().and_then(|json| json.root().get("errors"));
        let first = first.and_then(|errors| errors.items()?.first());
        let part = |name: &str| first.and_then(|error| error.get(name)?.as_str());
        let said = match (part("code"), part("message")) {
            (Some("NAME_UNKNOWN"), _) if status == 404 => {
                return format!("{who} has no repository {}", task.repository);
            }
            // It may repeat what was shown to it.
            (Some(code), Some(_)) if task.showed => {
                let known = CODES.into_iter().find(|known| *known == code);
                known.map(|code| format!(", {code}"))
            }
            (Some(code), Some(message)) => {
                Some(format!(", {}", shown(&format!("{code}: {message}"))))
            }
            _ => None,
        };
        let said = said.unwrap_or_default();
        let (what, name) = match code_of(status) {
            "not-found" => return format!("{who} has no {name}"),
            "forbidden" => ("does not let you read ", name.as_str()),
            "rate-limited" => ("allows no more requests now", ""),
            _ => ("answered with an error", ""),
        };
        format!("{who} {what}{name} (status {status}{said})")
    }
}

/// The codes of the distribution spec ("Error Codes"), and the one of Docker Hub's limit.
const CODES: [&str; 14] = [
    "BLOB_UNKNOWN",
    "BLOB_UPLOAD_INVALID",
    "BLOB_UPLOAD_UNKNOWN",
    "DENIED",
    "DIGEST_INVALID",
    "MANIFEST_BLOB_UNKNOWN",
    "MANIFEST_INVALID",
    "MANIFEST_UNKNOWN",
    "NAME_INVALID",
    "NAME_UNKNOWN",
    "SIZE_INVALID",
    "TOOMANYREQUESTS",
    "UNAUTHORIZED",
    "UNSUPPORTED",
];

/// The stable name for what a status says.
pub(super) fn code_of(status: u16) -> &'static str {
    match status {
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not-found",
        429 => "rate-limited",
        500..=599 => "server",
        _ => "status",
    }
}

/// Whether there is another way to ask after this status: for other media types, or for the
/// fallback tag.
fn another(task: &mut Task, status: u16, plain: &[PlainHost]) -> bool {
    match &mut task.kind {
        Fetchable::Document { accept, .. } if matches!(status, 404 | 406) && accept.len() > 1 => {
            accept.pop_front();
            task.send(task.home.clone());
            true
        }
        Fetchable::Referrers(listing) if matches!(status, 400 | 404..=406 | 501) => {
            let Some(url) = listing.fall_back(plain) else {
                return false;
            };
            task.send(url);
            true
        }
        _ => false,
    }
}
