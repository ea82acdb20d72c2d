//! Whose word an answer about a reference is, by the address that it came from.

use crate::name::Reference;
use crate::text::Parts;

use super::address::{self, is_host};

/// The speaker of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word<'a> {
    /// The reference's own registry.
    Registry,
    /// A gateway that asked it, which the address names: its own, up to the registry's host.
    Gateway(&'a str),
    /// Somebody else: another host, or the registry at the address of something else.
    Other,
}

/// Whose word it is what a reference names, if `url` is where the answer came from.
pub(crate) fn word_of<'a>(url: &'a str, reference: &Reference) -> Word<'a> {
    let (asked, own) = (
        address::manifest(reference),
        address::origin(reference.registry()),
    );
    let path = asked.get(own.len()..).unwrap_or_default();
    let Some(before) = url.strip_suffix(path) else {
        return Word::Other;
    };
    let own = own.cut("://").map_or(own.as_str(), |(_, host)| host);
    let Some((scheme, rest)) = before.cut("://") else {
        return Word::Other;
    };
    if !matches!(scheme, "https" | "http") || rest.has_any("?#@\\") {
        return Word::Other;
    }
    if is_host(own, rest) {
        return Word::Registry;
    }
    // A gateway has the registry's host and path behind its own address.
    match rest.rsplit_once('/') {
        Some((gateway, host)) if is_host(own, host) && !is_nameless(gateway) => {
            let end = before.len() - host.len();
            before.get(..end).map_or(Word::Other, Word::Gateway)
        }
        _ => Word::Other,
    }
}

/// True if an address without its scheme has no host.
fn is_nameless(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_the_word_of_who_gave_it() {
        let cases = [
            ("r.lan/a:1", "https://r.lan", Word::Registry),
            ("r.lan/a:1", "http://r.lan", Word::Registry),
            ("r.lan:80/a:1", "http://r.lan", Word::Registry),
            ("r.lan:443/a:1", "https://r.lan", Word::Registry),
            ("r.lan:5000/a:1", "http://r.lan:5000", Word::Registry),
            (
                "docker.io/b/a:1",
                "https://registry-1.docker.io",
                Word::Registry,
            ),
            ("r.lan:5000/a:1", "http://r.lan", Word::Other),
            ("r.lan/a:1", "http://r.la", Word::Other),
            ("r.lan/a:1", "r.lan", Word::Other),
            ("r.lan/a:1", "ftp://r.lan", Word::Other),
            ("r.lan/a:1", "https://evil.io", Word::Other),
            ("r.lan/a:1", "https://evil.io/x", Word::Other),
            ("r.lan/a:1", "https://r.lan.evil.io", Word::Other),
            ("r.lan/a:1", "https://r.lan@evil.io", Word::Other),
            ("r.lan/a:1", "https:///r.lan", Word::Other),
            ("r.lan/a:1", "https://", Word::Other),
            (
                "r.lan/a:1",
                "https://g.io/r.lan",
                Word::Gateway("https://g.io/"),
            ),
            (
                "r.lan:443/a:1",
                "https://g.io/x/r.lan:443",
                Word::Gateway("https://g.io/x/"),
            ),
            ("r.lan/a:1", "https://g.io/other.lan", Word::Other),
            ("r.lan/a:1", "https://g.io?/r.lan", Word::Other),
            ("r.lan/a:1", "https://ghcr.io@g.io/r.lan", Word::Other),
        ];
        for (reference, before, wanted) in cases {
            let reference: Reference = reference.parse().unwrap();
            let path = format!("/v2/{}/manifests/1", reference.repository());
            let url = format!("{before}{path}");
            assert_eq!(word_of(&url, &reference), wanted, "{url} {reference}");
        }
        let reference: Reference = "r.lan/a:1".parse().unwrap();
        for url in [
            "https://r.lan/v2/a/manifests/2",
            "https://r.lan/v2/b/manifests/1",
            "https://r.lan/v2/a/manifests/1?x",
            "https://r.lan/x/v2/a/manifests/1",
            "https://r.lan/",
            "",
        ] {
            assert_eq!(word_of(url, &reference), Word::Other, "{url}");
        }
    }
}
