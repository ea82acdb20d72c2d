//! Web addresses as registries have them: `http` and `https` only, hosts in ASCII, and nothing that readers take in
//! different ways. An address that is taken is read here as the URL standard (url.spec.whatwg.org) reads it, so that what
//! fetches it goes to the same place; what is unusual is refused. Tests compare with the crate `url`, which reads the rest
//! as well, with rules for files and for scripts of all languages: that costs 11 kB of the module, compressed.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use form_urlencoded::Serializer;

use crate::text::Parts;

/// An address, without a user and without a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    whole: String,
    host: Host,
    /// The lengths of the scheme with `://`, of what is before the path, and of what is before the query.
    scheme: usize,
    origin: usize,
    path: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Domain(String),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

/// The part of an address that a text should have had.
pub(crate) type Unfit = &'static str;

const SCHEME: Unfit = "an address with https";
const USER: Unfit = "an address without a user in it";
pub(super) const HOST: Unfit = "a registry host name or a normal IP address";
const SIGNS: Unfit = "an address without backslashes and control characters";

impl Url {
    /// Reads a whole address.
    ///
    /// # Errors
    /// What was expected instead.
    pub(crate) fn parse(text: &str) -> Result<Self, Unfit> {
        let (text, _) = cleaned(text)?;
        Url::whole(text)
    }

    /// Reads an address that may be relative to this one.
    ///
    /// # Errors
    /// What was expected instead.
    pub(crate) fn join(&self, text: &str) -> Result<Self, Unfit> {
        let (text, place) = cleaned(text)?;
        if let Some(rest) = text.strip_prefix("//") {
            return Url::at(self.scheme(), rest);
        }
        // A scheme ends before anything of a path.
        let scheme = place.find(':');
        if scheme.is_some_and(|end| !place.get(..end).unwrap_or_default().has_any("/?")) {
            return Url::whole(text);
        }
        let (authority, path) = (self.authority(), self.path());
        let rest = match text.bytes().next() {
            None => return Ok(self.clone()),
            Some(b'/') => format!("{authority}{text}"),
            Some(b'?') => format!("{authority}{path}{text}"),
            Some(_) => {
                let folder = path.rfind('/').map_or(0, |end| end + 1);
                let folder = path.get(..folder).unwrap_or_default();
                format!("{authority}{folder}{text}")
            }
        };
        Url::at(self.scheme(), &rest)
    }

    fn whole(text: &str) -> Result<Self, Unfit> {
        let (scheme, rest) = text.cut("://").ok_or(SCHEME)?;
        Url::at(&scheme.to_ascii_lowercase(), rest)
    }

    /// Reads what follows the scheme.
    fn at(scheme: &str, rest: &str) -> Result<Self, Unfit> {
        let usual = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(SCHEME),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end).ok_or(HOST)?;
        if authority.has("@") {
            return Err(USER);
        }
        let (host, port) = match authority.rfind(':') {
            Some(at) if !authority.ends_with(']') => authority.split_at_checked(at).ok_or(HOST)?,
            _ => (authority, ""),
        };
        let host = Host::read(&host.to_ascii_lowercase()).ok_or(HOST)?;
        let mut whole = format!("{scheme}://{host}");
        let scheme = scheme.len() + 3;
        match port.get(1..).unwrap_or_default() {
            "" => {}
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
                let port: u16 = digits.parse().map_err(|_| HOST)?;
                if port != usual {
                    whole = format!("{whole}:{port}");
                }
            }
            _ => return Err(HOST),
        }
        let origin = whole.len();
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        whole.push_str(&without_dots(path));
        let path = whole.len();
        if let Some(query) = query {
            whole.push('?');
            escape(query, b"'", &mut whole);
        }
        Ok(Url {
            whole,
            host,
            scheme,
            origin,
            path,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.whole
    }

    pub(crate) fn scheme(&self) -> &str {
        if self.whole.starts_with("https") {
            "https"
        } else {
            "http"
        }
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        self.whole.get(..self.origin).unwrap_or_default()
    }

    /// Host and port.
    pub(crate) fn authority(&self) -> &str {
        self.whole.get(self.scheme..self.origin).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &str {
        self.whole.get(self.origin..self.path).unwrap_or_default()
    }

    pub(crate) fn query(&self) -> Option<&str> {
        self.whole.get(self.path + 1..)
    }

    /// The address with those pairs of its query that are to be kept.
    pub(crate) fn keeping(&self, keep: impl Fn(&str) -> bool) -> String {
        let pairs = form_urlencoded::parse(self.query().unwrap_or_default().as_bytes());
        let mut kept = Serializer::new(String::new());
        for (name, value) in pairs.filter(|(name, _)| keep(name)) {
            kept.append_pair(&name, &value);
        }
        let place = self.whole.get(..self.path).unwrap_or_default();
        match kept.finish().as_str() {
            "" => place.to_owned(),
            kept => format!("{place}?{kept}"),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

impl Host {
    /// Reads a host in small letters.
    fn read(text: &str) -> Option<Self> {
        if let Some(inside) = text.strip_prefix('[') {
            return inside.strip_suffix(']')?.parse().ok().map(Host::Ipv6);
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        (!text.is_empty() && text.bytes().all(plain)).then_some(())?;
        let last = text.strip_suffix('.').unwrap_or(text);
        let last = last.rsplit('.').next().unwrap_or_default();
        // A host that ends in a number is an address, written in one of many ways; only one is the same to all readers.
        let digits = last.strip_prefix("0x").unwrap_or(last);
        if last.bytes().all(|b| b.is_ascii_digit())
            || digits != last && digits.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return text.parse().ok().map(Host::Ipv4);
        }
        Some(Host::Domain(text.to_owned()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Domain(name) => f.write_str(name),
            Host::Ipv4(ip) => ip.fmt(f),
            // These are written with dots elsewhere.
            Host::Ipv6(ip) => match (ip.to_ipv4_mapped(), ip.segments()) {
                (Some(_), [.., high, low]) => write!(f, "[::ffff:{high:x}:{low:x}]"),
                _ => write!(f, "[{ip}]"),
            },
        }
    }
}

/// The text without spaces around it and without its fragment, and the part before its query.
fn cleaned(text: &str) -> Result<(&str, &str), Unfit> {
    let text = text.trim_matches(' ');
    let text = text.split('#').next().unwrap_or_default();
    if text.bytes().any(|b| b.is_ascii_control()) {
        return Err(SIGNS);
    }
    let place = text.split('?').next().unwrap_or_default();
    if place.has("\\") {
        return Err(SIGNS);
    }
    Ok((text, place))
}

/// A path whose steps up and to the same place were taken; `%2e` is a dot there.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut steps = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(step) = steps.next() {
        let dots = step.to_ascii_lowercase().put("%2e", ".");
        let is_last = steps.peek().is_none();
        match dots.as_str() {
            "." | ".." => {
                if dots == ".." {
                    kept.pop();
                }
                // What ends in a step is a folder.
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(step),
        }
    }
    let mut whole = String::new();
    for step in kept {
        whole.push('/');
        escape(step, b"{}", &mut whole);
    }
    whole
}

/// Adds a part of an address, with these signs and those that no part has in other words.
fn escape(part: &str, signs: &[u8], whole: &mut String) {
    for byte in part.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>".contains(&byte) && !signs.contains(&byte) {
            // A path has this one in other words, a query as it is.
            if byte != b'`' || signs == b"'" {
                whole.push(char::from(byte));
                continue;
            }
        }
        let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap_or_default();
        let (high, low) = (digit(byte >> 4), digit(byte & 15));
        let escaped = ['%', high.to_ascii_uppercase(), low.to_ascii_uppercase()];
        whole.extend(escaped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [&str; 58] = [
        "https://",
        "http://",
        "HTTPS://",
        "ftp://",
        "https:",
        "//",
        "/",
        "?",
        "#",
        "@",
        ":",
        ":443",
        ":80",
        ":5000",
        ":65536",
        ":",
        "a.io",
        "A.io",
        "b-c.example",
        "x_y.lan",
        "localhost",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "1.2.3",
        "256.1.1.1",
        "01.2.3.4",
        "[::1]",
        "[2606:4700::1]",
        "[::ffff:10.0.0.1]",
        "[1]",
        "xn--bcher-kva.de",
        "bücher.de",
        "%61.io",
        "a b",
        "v2",
        "..",
        ".",
        "%2e%2E",
        "%2F",
        "a.",
        "token",
        "x=y",
        "&",
        "service=s",
        "'",
        "\"",
        "<",
        "`",
        "{",
        "^",
        "|",
        "\\",
        "\t",
        "é",
        "~",
        "!$()*+,;",
        " ",
    ];

    /// Every text that is taken here is read alike by the crate `url`, which reads as the standard says.
    fn alike(base: &str, text: &str) -> bool {
        let ours = if base.is_empty() {
            Url::parse(text)
        } else {
            Url::parse(base).unwrap().join(text)
        };
        let Ok(ours) = ours else {
            return false;
        };
        let mut theirs = if base.is_empty() {
            url::Url::parse(text)
        } else {
            url::Url::parse(base).unwrap().join(text)
        }
        .unwrap_or_else(|error| panic!("{base} {text:?}: {error}, taken as {ours}"));
        theirs.set_fragment(None);
        assert_eq!(theirs.username(), "", "{base} {text:?}");
        assert_eq!(
            theirs.origin().ascii_serialization(),
            ours.origin(),
            "{base} {text:?}"
        );
        assert_eq!(theirs.path(), ours.path(), "{base} {text:?}");
        assert_eq!(theirs.query(), ours.query(), "{base} {text:?}");
        assert_eq!(theirs.as_str(), ours.as_str(), "{base} {text:?}");
        true
    }

    #[test]
    fn reads_as_the_url_standard_or_refuses() {
        let (mut seed, mut taken) = (1_u64, 0);
        for round in 0..60_000 {
            let mut text = String::new();
            for _ in 0..=round % 7 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push_str(PARTS[(seed >> 33) as usize % PARTS.len()]);
            }
            let base = ["", "https://a.io:5000/v2/b/c?d", "http://127.0.0.1/"][round % 3];
            taken += usize::from(alike(base, &text));
        }
        assert!(taken > 15_000, "{taken}");
    }

    #[test]
    fn takes_what_registries_send() {
        for text in [
            "https://auth.docker.io/token?service=registry.docker.io",
            "https://prod.r2.example/blob?X-Amz-Signature=ab%2Fc&response-content-disposition=a;b='c'",
            "https://r.example/v2/a/blobs/sha256:00?sig=a+b/c==&se=2026-01-01T00:00:00Z",
            "https://r.example:443/v2/../token",
            "http://localhost:5000/v2/_catalog?last=a&n=10",
            "https://[2606:4700::1]:8443/x",
        ] {
            assert!(alike("", text), "{text}");
        }
        for (text, wanted) in [
            ("/v2/x?y", "https://a.io:5000/v2/x?y"),
            ("?last=z", "https://a.io:5000/v2/b/c?last=z"),
            ("../d", "https://a.io:5000/v2/d"),
            ("//b.io/x", "https://b.io/x"),
            ("", "https://a.io:5000/v2/b/c?d"),
        ] {
            let base = Url::parse("https://a.io:5000/v2/b/c?d").unwrap();
            assert_eq!(base.join(text).unwrap().as_str(), wanted);
        }
    }

    #[test]
    fn refuses_what_is_read_in_several_ways() {
        for (text, wanted) in [
            ("https://u@a.io/", USER),
            ("https://u:p@a.io/", USER),
            ("https://2130706433/", HOST),
            ("https://0x7f.1/", HOST),
            ("https://127.1/", HOST),
            ("https://bücher.de/", HOST),
            ("https://a%2eio/", HOST),
            ("https:///a", HOST),
            ("https://a.io\\b.io/", SIGNS),
            ("https://a.io/\tb", SIGNS),
            ("ftp://a.io/", SCHEME),
            ("a.io", SCHEME),
            ("javascript:alert(1)", SCHEME),
        ] {
            assert_eq!(Url::parse(text), Err(wanted), "{text}");
        }
    }
}
