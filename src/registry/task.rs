//! Something to be got, and how far it is.

use std::collections::VecDeque;

use crate::digest::ByText;
use crate::document;
use crate::limits;
use crate::text::Parts;

use super::url::Url;
use super::{address, list};

/// Something to be got.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) kind: Fetchable,
    pub(super) repository: String,
    /// The address that it is about.
    pub(super) home: Url,
    /// The address to ask next: after a redirect or for a further page another than `home`.
    pub(super) at: Url,
    /// True if it was led away from its registry, even if it was led back since: then it is asked
    /// as a stranger would be.
    pub(super) led: bool,
    pub(super) redirects: usize,
    pub(super) tries: u32,
    /// How often it was answered that who asks is not known.
    pub(super) denied: u32,
    pub(super) wait: u64,
    /// Pages of a list that were asked for.
    pub(super) pages: ByText<()>,
    /// True if something secret was shown: a server may repeat it.
    pub(super) showed: bool,
    pub(super) notes: Vec<String>,
}

/// The thing to fetch.
#[derive(Debug)]
pub(super) enum Fetchable {
    Document {
        /// The media types to ask for, in one header each; the next where one finds nothing.
        accept: VecDeque<String>,
        blob: bool,
    },
    Referrers(list::Referrers),
    Tags(list::Tags),
}

/// One header with all types, or for a page several that each stay below the length from which a page
/// has to ask first.
pub(super) fn accept_headers(types: &[String], page: bool) -> VecDeque<String> {
    const SHORT: usize = 128;
    let most = if page { SHORT } else { usize::MAX };
    let mut headers: VecDeque<String> = VecDeque::new();
    for media_type in types {
        match headers.back_mut() {
            Some(header) if header.len() + 2 + media_type.len() <= most => {
                header.push_str(", ");
                header.push_str(media_type);
            }
            _ => headers.push_back(media_type.clone()),
        }
    }
    headers
}

impl Fetchable {
    pub(super) fn accept(&self) -> Option<String> {
        match self {
            Fetchable::Document { accept, .. } => accept.front().cloned(),
            Fetchable::Referrers(_) => Some(document::OCI_INDEX.to_owned()),
            Fetchable::Tags(_) => None,
        }
    }
}

/// The door that a request goes through: that of a repository at an origin. A request that was led
/// there has another door than one that was sent: opening one does not open the other.
#[derive(Clone, Debug)]
pub(super) struct RequestKey(String);

impl RequestKey {
    /// One that was written as text before.
    pub(super) fn of(text: &str) -> Self {
        RequestKey(text.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn origin(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    pub(super) fn host(&self) -> &str {
        let origin = self.origin();
        origin.cut("://").map_or(origin, |(_, host)| host)
    }
}

impl Task {
    pub(super) fn key(&self) -> RequestKey {
        // Neither an origin nor a path of an address has a space.
        let origin = address::origin_of(&self.at);
        let led = if self.led { "led" } else { "sent" };
        RequestKey(format!("{origin} {led} {}", self.repository))
    }

    /// It goes on where a server led it.
    pub(super) fn lead(&mut self, to: Url) {
        self.led |= to.origin() != self.at.origin();
        self.at = to;
    }

    /// It is asked where it belongs again.
    pub(super) fn send(&mut self, home: Url) {
        self.at = home.clone();
        self.home = home;
        self.led = false;
    }

    /// The address that an answer is for: elsewhere it is not the registry's, except that a blob asked for
    /// by its digest is hashed, so that it does not matter which storage a registry leads to.
    pub(super) fn answers_at(&self) -> String {
        if !self.is_elsewhere() {
            return self.home.to_string();
        }
        // What is behind it may be a key to a storage. And an address that looks like a gateway's is not one.
        let origin = address::origin_of(&self.at);
        match self.at.path() {
            path if path.get(1..).is_some_and(|rest| rest.has("/v2/")) => origin,
            path => format!("{origin}{path}"),
        }
    }

    /// The thing that was asked for, as people name it.
    pub(super) fn name(&self) -> String {
        let repository = &self.repository;
        match (&self.kind, self.home.path().rsplit('/').next()) {
            (Fetchable::Tags(_), _) | (_, None) => repository.clone(),
            (_, Some(name)) if name.has(":") => format!("{repository}@{name}"),
            // A notary server's file.
            (_, Some(name)) if self.home.path().has("/_trust/") => {
                format!("{name} of {repository}")
            }
            (_, Some(name)) => format!("{repository}:{name}"),
        }
    }

    /// True if another server than the registry answers, and it matters.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.led && !list::is_blob(self.home.path())
    }

    /// Whether to send it again after a fault that may pass, after what time.
    pub(super) fn retry(&mut self, seconds: Option<u64>) -> bool {
        self.tries += 1;
        if self.tries >= limits::TRIES || seconds.is_some_and(|s| s > limits::RETRY_SECONDS) {
            return false;
        }
        self.wait = match seconds {
            Some(seconds) => seconds * 1000,
            None => 250 << self.tries,
        };
        true
    }
}

/// The next page, by the `Link` header (RFC 8288): of the same list of the same origin only.
pub(super) fn next_page(
    task: &mut Task,
    header: Option<&str>,
) -> Result<Option<Url>, list::Refusal> {
    let Some(target) = header.and_then(next_link) else {
        return Ok(None);
    };
    let wrong = |expected: &str| {
        let found = address::without_secrets(target);
        let text = format!("names {found} as the next page, expected {expected}");
        ("next-page", text)
    };
    let next = address::read(target, Some(&task.at)).map_err(|expected| wrong(&expected))?;
    if next.origin() != task.home.origin() || next.path() != task.home.path() {
        return Err(wrong("the same list of the same registry"));
    }
    task.pages.insert(task.at.as_str(), ());
    if task.pages.get(next.as_str()).is_some() {
        return Err(wrong("a page that was not asked for before"));
    }
    Ok(Some(next))
}

fn next_link(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = |p: &str| {
            let p = p.trim().to_ascii_lowercase();
            p == "rel=next" || p == "rel=\"next\""
        };
        parameters.split(';').any(is_next).then_some(target)
    })
}
