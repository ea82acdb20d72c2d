//! Addresses of the distribution API, and which addresses may be followed from which.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::name::Reference;
use crate::text::{Parts, shortened};

use super::shown;
use super::url::{Host, Url};

/// Docker Hub's registry answers at another host than images are named by.
const HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");

/// `https://host`, or `http://host` for a registry on this machine, as docker has it for
/// 127.0.0.0/8, `::1` and `localhost`; names that only begin or end like these are not it.
pub(crate) fn origin(registry: &str) -> String {
    let host = if registry == HUB.0 { HUB.1 } else { registry };
    let scheme = if is_this_machine(host) {
        "http"
    } else {
        "https"
    };
    format!("{scheme}://{host}")
}

/// A registry that is asked without TLS because a user named it for that: the exact host, and its
/// port where references name one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainHost(String);

impl FromStr for PlainHost {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let named: Option<Reference> = format!("{text}/a").parse().ok();
        let named = named.as_ref().map(Reference::registry);
        match named.filter(|name| name.eq_ignore_ascii_case(text)) {
            // Docker Hub answers at another host, and over TLS only.
            Some(name) if name != HUB.0 => Ok(PlainHost(name.to_owned())),
            _ => Err(Error::new(ErrorKind::Question {
                expected: "the host of a registry to be asked over plain http",
                found: shortened(text),
            })),
        }
    }
}

impl PlainHost {
    /// True if the rest of an address after its scheme begins with this host.
    fn begins(&self, rest: &str) -> bool {
        let path = rest.strip_prefix(self.0.as_str());
        path.is_some_and(|path| path.starts_with('/'))
    }

    /// True if an address is of this host, and without TLS. A URL has no port where it is the usual
    /// one.
    fn serves(&self, url: &Url) -> bool {
        let host = self.0.strip_suffix(":80").unwrap_or(&self.0);
        url.scheme() == "http" && host == authority(url)
    }
}

/// The address at which a registry is asked: without TLS where its host was named for that.
pub(super) fn asked_at(address: &str, plain: &[PlainHost]) -> String {
    match address.strip_prefix("https://") {
        Some(rest) if plain.iter().any(|host| host.begins(rest)) => format!("http://{rest}"),
        _ => address.to_owned(),
    }
}

/// True if the answer came from another machine without TLS, so that others on the way could read
/// and change it.
pub(super) fn is_plain(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

/// The address of a manifest or an index: by its digest, else by its tag (distribution spec,
/// "Pulling manifests").
pub(crate) fn manifest(reference: &Reference) -> String {
    let name = match reference.digest() {
        Some(digest) => digest.as_str(),
        None => reference.tag().unwrap_or_default(),
    };
    inside(reference, "manifests", name)
}

/// Whether what is written is this host, with or without a usual port behind it.
pub(super) fn is_host(written: &str, host: &str) -> bool {
    let port = written.strip_prefix(host);
    port.is_some_and(|port| matches!(port, "" | ":80" | ":443"))
}

/// Where a blob is (distribution spec, "Pulling blobs").
pub(crate) fn blob(reference: &Reference, digest: &Digest) -> String {
    inside(reference, "blobs", digest.as_str())
}

/// Where what refers to a document is listed (distribution spec, "Listing Referrers").
pub(crate) fn referrers(reference: &Reference, digest: &Digest) -> String {
    inside(reference, "referrers", digest.as_str())
}

pub(super) fn inside(reference: &Reference, kind: &str, name: &str) -> String {
    format!("{}/{kind}/{name}", repository(reference))
}

/// The address that all addresses of a repository begin with.
pub(super) fn repository(reference: &Reference) -> String {
    let (origin, repository) = (origin(reference.registry()), reference.repository());
    format!("{origin}/v2/{repository}")
}

/// True if an address is of something in a repository, whoever answers for its registry.
pub(crate) fn is_in(reference: &Reference, url: &str) -> bool {
    let own = repository(reference);
    let own = own.cut("://").map_or("", |(_, own)| own);
    let at = url.rsplitn(3, '/').nth(2);
    let end = at.and_then(|at| at.strip_suffix(own));
    end.is_some_and(|before| before.ends_with('/'))
}

fn is_this_machine(registry: &str) -> bool {
    if let Some((inside, _)) = registry.strip_prefix('[').and_then(|r| r.split_once(']')) {
        // `::1`, with however many zeros.
        let zeros = inside.strip_suffix('1');
        return zeros.is_some_and(|zeros| zeros.bytes().all(|b| matches!(b, b'0' | b':')));
    }
    let host = registry.split(':').next().unwrap_or(registry);
    let mut bytes = host.split('.');
    let is_byte = |text: &str| {
        let plain = text == "0" || !text.starts_with('0');
        plain && text.parse::<u64>().is_ok_and(|n| n < 256)
    };
    host == "localhost"
        || host.starts_with("127.") && bytes.clone().count() == 4 && bytes.all(is_byte)
}

/// Reads an address, relative to another where it is relative.
pub(super) fn read(text: &str, base: Option<&Url>) -> Result<Url, String> {
    let url = match base {
        Some(base) => base.join(text),
        None => Url::parse(text),
    };
    url.map_err(str::to_owned)
}

/// Scheme, host and port: what credentials and tokens are bound to.
pub(super) fn origin_of(url: &Url) -> String {
    url.origin().to_owned()
}

/// Whether the host of an address is the one that is written in it, in the same spelling.
pub(super) fn is_as_written(url: &Url, text: &str) -> bool {
    let written = text.cut("://").map_or(text, |(_, rest)| rest);
    let written = written.split('/').next().unwrap_or_default();
    is_host(&written.to_ascii_lowercase(), authority(url))
}

/// Host and port, as people name a server.
pub(super) fn authority(url: &Url) -> &str {
    url.authority()
}

/// An address of the distribution API as the gateway has it.
pub(super) fn through(gateway: &str, url: &Url) -> String {
    let gateway = gateway.trim_end_matches('/');
    let (host, path) = (authority(url), url.path());
    match url.query() {
        Some(query) => format!("{gateway}/{host}{path}?{query}"),
        None => format!("{gateway}/{host}{path}"),
    }
}

/// An address that a server named, to be repeated: without what may be secret in it, its query
/// and a user before its host.
pub(super) fn without_secrets(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let place = text.get(..end).unwrap_or_default();
    let (scheme, rest) = match place.cut("//") {
        Some((scheme, rest)) => (format!("{scheme}//"), rest),
        None => (String::new(), place),
    };
    let path = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(path).unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default();
    shown(&format!("{scheme}{host}{path}"))
}

/// Whether what answered at `from` may lead to `to`: never from https to http, and never to an
/// address inside a private network or on this machine, unless it is the same origin or this
/// machine asked this machine, or both were named to be asked without TLS.
///
/// # Errors
/// What was expected instead.
pub(super) fn may_lead(from: &Url, to: &Url, plain: &[PlainHost]) -> Result<(), &'static str> {
    if from.origin() == to.origin() {
        return Ok(());
    }
    let is_named = |url: &Url| plain.iter().any(|host| host.serves(url));
    if (is_loopback(from) && is_loopback(to)) || (is_named(from) && is_named(to)) {
        return Ok(());
    }
    if to.scheme() != "https" {
        return Err("an address with https");
    }
    if is_private(to) {
        return Err("an address on the public internet");
    }
    Ok(())
}

/// Where `from` leads to with a redirect, if it may.
///
/// # Errors
/// A stable name for the reason, and what was expected and found.
pub(super) fn followed(
    from: &Url,
    location: &str,
    plain: &[PlainHost],
) -> Result<Url, (&'static str, String)> {
    let to = read(location, Some(from));
    let to = to.map_err(|expected| led_wrong(from, location, &expected))?;
    may_lead(from, &to, plain).map_err(|expected| led_wrong(from, location, expected))?;
    Ok(to)
}

/// That a redirect is not followed.
pub(super) fn led_wrong(from: &Url, location: &str, expected: &str) -> (&'static str, String) {
    let (host, found) = (authority(from), without_secrets(location));
    let text = format!("{host} redirects to {found}, which is not followed: expected {expected}");
    ("redirect", text)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

/// By what the address says. What a name leads to is seen only by who resolves it.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            !name.has(".") || name.ends_with(".localhost") || name.ends_with(".internal")
        }
        Host::Ipv4(ip) => is_private_v4(*ip),
        Host::Ipv6(ip) => is_private_v6(*ip),
    }
}

/// Ranges that are not on the public internet (IANA IPv4 special-purpose address registry).
fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4() {
        return is_private_v4(inner);
    }
    let [first, second, ..] = ip.segments();
    // Only 2000::/3 is global; 2002::/16 (6to4) holds an IPv4 address, and 64:ff9b::/96 is outside.
    first & 0xe000 != 0x2000 || first == 0x2002 || (first == 0x2001 && second == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_told_by_whole_steps_of_an_address() {
        let own: Reference = "ghcr.io/acme/app".parse().unwrap();
        for (place, is_own) in [
            ("https://ghcr.io/v2/acme/app", true),
            ("https://gateway.example/ghcr.io/v2/acme/app", true),
            ("https://notghcr.io/v2/acme/app", false),
            ("https://ghcr.io/v2/acme/other", false),
        ] {
            let url = format!("{place}/referrers/sha256:00");
            assert_eq!(is_in(&own, &url), is_own, "{url}");
        }
    }

    #[test]
    fn only_this_machine_is_asked_without_tls() {
        let cases = [
            ("docker.io", "https://registry-1.docker.io"),
            ("ghcr.io", "https://ghcr.io"),
            ("localhost", "http://localhost"),
            ("localhost:5000", "http://localhost:5000"),
            ("127.0.0.1:5000", "http://127.0.0.1:5000"),
            ("127.8.8.8", "http://127.8.8.8"),
            ("[::1]:5000", "http://[::1]:5000"),
            ("localhostx", "https://localhostx"),
            ("127.0.0.1.nip.io", "https://127.0.0.1.nip.io"),
            ("localhost.evil.io:5000", "https://localhost.evil.io:5000"),
            ("10.0.0.1:5000", "https://10.0.0.1:5000"),
        ];
        for (registry, wanted) in cases {
            assert_eq!(origin(registry), wanted);
        }
    }

    #[test]
    fn what_may_lead_where() {
        let cases = [
            ("https://a.io/", "https://b.io/", true),
            ("https://a.io/", "https://a.io/x", true),
            ("https://a.io/", "http://a.io/", false),
            ("https://a.io/", "http://b.io/", false),
            ("https://a.io/", "https://127.0.0.1/", false),
            ("https://a.io/", "https://169.254.169.254/", false),
            ("https://a.io/", "https://10.1.2.3/", false),
            ("https://a.io/", "https://[::1]/", false),
            ("https://a.io/", "https://[::ffff:10.0.0.1]/", false),
            ("https://a.io/", "https://[fd00::1]/", false),
            ("https://a.io/", "https://[2606:4700::1]/", true),
            ("https://a.io/", "https://localhost/", false),
            ("https://a.io/", "https://metadata.google.internal/", false),
            ("http://127.0.0.1:1/", "http://127.0.0.1:2/", true),
            ("http://127.0.0.1:1/", "http://10.0.0.1/", false),
            ("https://10.0.0.1/", "https://10.0.0.1/v2/", true),
            ("https://10.0.0.1/", "https://10.0.0.2/", false),
        ];
        for (from, to, wanted) in cases {
            let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
            assert_eq!(may_lead(&from, &to, &[]).is_ok(), wanted, "{from} {to}");
        }
    }

    #[test]
    fn named_hosts_are_asked_without_tls_and_no_others() {
        let plain = ["R.lan:5000", "t.lan", "10.0.0.1:80"].map(|host| host.parse().unwrap());
        let cases = [
            ("https://r.lan:5000/v2/a", "http://r.lan:5000/v2/a"),
            ("https://r.lan/v2/a", "https://r.lan/v2/a"),
            ("https://r.lan:5001/v2/a", "https://r.lan:5001/v2/a"),
            ("https://r.lan:50000/v2/a", "https://r.lan:50000/v2/a"),
            ("https://xr.lan:5000/v2/a", "https://xr.lan:5000/v2/a"),
            (
                "https://r.lan:5000.evil.io/v2",
                "https://r.lan:5000.evil.io/v2",
            ),
            ("https://u@r.lan:5000/v2", "https://u@r.lan:5000/v2"),
            ("https://t.lan/v2/a", "http://t.lan/v2/a"),
            ("https://t.lan:443/v2/a", "https://t.lan:443/v2/a"),
            ("https://10.0.0.1:80/v2/a", "http://10.0.0.1:80/v2/a"),
            ("http://127.0.0.1:1/v2/a", "http://127.0.0.1:1/v2/a"),
        ];
        for (address, wanted) in cases {
            assert_eq!(asked_at(address, &plain), wanted);
        }
        let cases = [
            ("http://r.lan:5000/", "http://t.lan/", true),
            ("http://r.lan:5000/", "http://10.0.0.1/", true),
            ("http://r.lan:5000/", "http://r.lan:5001/", false),
            ("http://r.lan:5000/", "http://10.0.0.2/", false),
            ("http://r.lan:5000/", "https://b.io/", true),
            ("https://a.io/", "http://t.lan/", false),
            ("https://t.lan/", "http://t.lan/", false),
            ("http://127.0.0.1/", "http://t.lan/", false),
        ];
        for (from, to, wanted) in cases {
            let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
            assert_eq!(may_lead(&from, &to, &plain).is_ok(), wanted, "{from} {to}");
        }
    }

    #[test]
    fn what_is_no_host_of_a_registry_cannot_be_named() {
        for text in [
            "",
            "*",
            "*.lan",
            "r",
            "r.lan/",
            "r.lan/a",
            "http://r.lan",
            "u@r.lan",
            "r.lan:",
            "r.lan:x",
            "docker.io",
            "index.docker.io",
            "r.lan r.lan",
        ] {
            let error = text.parse::<PlainHost>().unwrap_err();
            assert_eq!(error.code(), "question", "{text}");
        }
    }

    #[test]
    fn addresses_are_repeated_without_secrets() {
        let cases = [
            ("https://a.io/b?token=c", "\"https://a.io/b\""),
            ("https://u:p@a.io/b", "\"https://a.io/b\""),
            ("//u@a.io#x", "\"//a.io\""),
            ("/v2/a/b?c", "\"/v2/a/b\""),
            ("javascript:alert(1)", "\"javascript:alert(1)\""),
            ("", "\"\""),
        ];
        for (text, wanted) in cases {
            assert_eq!(without_secrets(text), wanted);
        }
    }
}
