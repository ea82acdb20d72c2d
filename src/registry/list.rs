//! Lists in pages: tags, and what refers to a manifest.

use crate::digest::{ByText, Digest};
use crate::error::{Error, ErrorKind};
use crate::json;
use crate::limits;
use crate::name::Reference;
use crate::text::{Parts, shortened};

use super::url::{HOST, Url};
use super::{Listing, Outcome, PlainHost, address};

pub(super) type Refusal = (&'static str, String);

const EXPECTED: &str = "an address of a registry's API";

/// The path of a repository's metadata on a notary server (notary: `server/server.go`).
pub(super) const METADATA: &str = "/_trust/tuf/";

/// Reads an address of the distribution API or of a notary server, and the repository in it.
pub(super) fn api_address(text: &str) -> Result<(Url, String), Error> {
    let wrong = |expected: &'static str| {
        let found = shortened(text);
        Error::new(ErrorKind::Question { expected, found })
    };
    let url =
        Url::parse(text).map_err(|unfit| wrong(if unfit == HOST { HOST } else { EXPECTED }))?;
    if !address::is_as_written(&url, text) {
        return Err(wrong(HOST));
    }
    let path = url
        .path()
        .strip_prefix("/v2/")
        .ok_or_else(|| wrong(EXPECTED))?;
    // A notary server names repositories as people do, with the registry's name.
    if let Some((repository, file)) = path.cut(METADATA) {
        return match file.strip_suffix(".json") {
            Some(role) if !repository.is_empty() && !role.is_empty() => {
                let repository = repository.to_owned();
                Ok((url, repository))
            }
            _ => Err(wrong(EXPECTED)),
        };
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    let (_name, kind) = (parts.pop(), parts.pop());
    let known = ["blobs", "manifests", "referrers", "tags"];
    if !kind.is_some_and(|kind| known.contains(&kind)) || parts.is_empty() {
        return Err(wrong(EXPECTED));
    }
    let repository = parts.join("/");
    Ok((url, repository))
}

/// True if an address is that of a blob, which is asked for by its digest.
pub(super) fn is_blob(address: &str) -> bool {
    address.rsplit('/').nth(1) == Some("blobs")
}

/// Tags as far as they were listed.
#[derive(Debug, Default)]
pub(super) struct Tags {
    found: Vec<String>,
    known: ByText<()>,
    pages: usize,
}

impl Tags {
    /// Takes a page (distribution spec, "Listing Tags").
    pub(super) fn page(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let wrong = |found: &str| {
            let text = format!("sent no list of tags: {found}");
            ("not-tags", text)
        };
        let json = json::parse(body).map_err(|error| wrong(&error.to_string()))?;
        let tags = json
            .root()
            .get("tags")
            .ok_or_else(|| wrong("tags are missing"))?;
        // A repository without tags has null in some registries.
        for tag in tags.items().unwrap_or_default() {
            let tag = tag.as_str().ok_or_else(|| wrong("a tag is not text"))?;
            if self.known.insert(tag, ()) {
                self.found.push(tag.to_owned());
            }
        }
        self.pages += 1;
        full(self.pages, self.found.len())
    }

    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.found)
    }
}

/// The documents that refer to a manifest, as far as they were listed.
#[derive(Debug)]
pub(super) struct Referrers {
    /// The address that all addresses of the repository begin with.
    repository: String,
    digest: Digest,
    artifact_type: Option<String>,
    by: Listing,
    found: Vec<String>,
    pages: usize,
}

impl Referrers {
    pub(super) fn new(
        repository: &Reference,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Self {
        Referrers {
            repository: address::repository(repository),
            digest: digest.clone(),
            artifact_type: artifact_type.map(str::to_owned),
            by: Listing::Api,
            found: Vec::new(),
            pages: 0,
        }
    }

    /// All of them, where this is an address of the API.
    pub(super) fn at(address: &str) -> Option<Self> {
        let (place, digest) = address.cut_last("/")?;
        let repository = place.strip_suffix("/referrers")?;
        Some(Referrers {
            repository: repository.to_owned(),
            digest: digest.parse().ok()?,
            artifact_type: None,
            by: Listing::Api,
            found: Vec::new(),
            pages: 0,
        })
    }

    /// The address to ask (distribution spec, "Listing Referrers" and "Unavailable Referrers API").
    pub(super) fn address(&self) -> String {
        let api = self.by == Listing::Api;
        let named = if api {
            self.digest.as_str().to_owned()
        } else {
            // The tag has room for 64 digits only; what is listed there is compared in full.
            let encoded = self.digest.encoded();
            let short = encoded.get(..64).unwrap_or(encoded);
            let algorithm = self.digest.as_str().split(':').next().unwrap_or_default();
            format!("{algorithm}-{short}")
        };
        let kind = if api { "referrers" } else { "manifests" };
        let mut address = format!("{}/{kind}/{named}", self.repository);
        if let (true, Some(artifact_type)) = (api, &self.artifact_type) {
            let pair = form_urlencoded::Serializer::new(String::new())
                .append_pair("artifactType", artifact_type)
                .finish();
            address = format!("{address}?{pair}");
        }
        address
    }

    /// Without the API: the address of the fallback tag, asked once.
    pub(super) fn fall_back(&mut self, plain: &[PlainHost]) -> Option<Url> {
        let more = self.by == Listing::Api;
        self.by = if more {
            Listing::FallbackTag
        } else {
            Listing::None
        };
        let address = address::asked_at(&self.address(), plain);
        more.then(|| address::read(&address, None).ok())?
    }

    /// Takes a page: an index whose entries are the referrers.
    pub(super) fn page(&mut self, body: &[u8], filtered: Option<&str>) -> Result<(), Refusal> {
        let wrong = |found: &str| {
            let text = format!("sent no list of referrers: {found}");
            ("not-referrers", text)
        };
        let json = json::parse(body).map_err(|error| wrong(&error.to_string()))?;
        let entries = json.root().get("manifests").and_then(|v| v.items());
        let entries = entries.ok_or_else(|| wrong("manifests are missing"))?;
        let is_filtered =
            filtered.is_some_and(|f| f.split(',').any(|f| f.trim() == "artifactType"));
        for entry in entries {
            let own = entry.get("artifactType").and_then(|v| v.as_str());
            let asked = self.artifact_type.as_deref();
            // Under the fallback tag the type may be anything, so nothing is left out by it.
            let by_api = self.by == Listing::Api;
            if by_api && !is_filtered && asked.is_some() && own != asked {
                continue;
            }
            let text = body.get(entry.span.clone()).unwrap_or_default();
            self.found.push(String::from_utf8_lossy(text).into_owned());
        }
        self.pages += 1;
        full(self.pages, self.found.len())
    }

    pub(super) fn outcome(&mut self, url: String) -> Outcome {
        Outcome::Referrers {
            url,
            by: self.by,
            descriptors: std::mem::take(&mut self.found),
        }
    }
}

fn full(pages: usize, entries: usize) -> Result<(), Refusal> {
    let limits = [
        (pages, limits::PAGES, "pages"),
        (entries, limits::LISTED, "entries"),
    ];
    for (found, most, what) in limits {
        if found > most {
            let text = format!("lists more than {most} {what}");
            return Err(("limit-exceeded", text));
        }
    }
    Ok(())
}
