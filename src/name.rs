//! Image references, read as docker reads them (distribution/reference, and docker's rules for
//! names without a registry).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::text::{Parts, shortened};

/// `registry/repository:tag@digest`, normalised: the registry is always there, and `library/`
/// where docker adds it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(Arc<Name>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

const HUB: &str = "docker.io";

impl Reference {
    /// Host and port of the registry, `docker.io` for Docker Hub.
    pub fn registry(&self) -> &str {
        &self.0.registry
    }

    /// The repository inside the registry, for example `library/alpine`.
    pub fn repository(&self) -> &str {
        &self.0.repository
    }

    /// The tag; `latest` where neither tag nor digest is given, as docker has it.
    pub fn tag(&self) -> Option<&str> {
        match (&self.0.tag, &self.0.digest) {
            (None, None) => Some("latest"),
            (tag, _) => tag.as_deref(),
        }
    }

    /// The digest after `@`.
    pub fn digest(&self) -> Option<&Digest> {
        self.0.digest.as_ref()
    }

    /// True if its registry is this machine: a loopback address, or the name that always means one.
    pub fn is_here(&self) -> bool {
        let registry = self.registry();
        let host = match registry.strip_prefix('[') {
            Some(rest) => rest.before_any("]"),
            None => registry.before_any(":"),
        };
        host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// The same repository at a digest.
    #[must_use]
    pub fn at(&self, digest: &Digest) -> Self {
        self.with(None, Some(digest.clone()))
    }

    /// The same, tag included, at a digest.
    #[must_use]
    pub(crate) fn pinned(&self, digest: &Digest) -> Self {
        self.with(self.tag().map(str::to_owned), Some(digest.clone()))
    }

    /// The same repository with a tag, if it is one.
    ///
    /// # Errors
    /// The tag is outside the grammar.
    pub fn with_tag(&self, tag: &str) -> Result<Self, Error> {
        read_tag(tag)?;
        Ok(self.with(Some(tag.to_owned()), None))
    }

    fn with(&self, tag: Option<String>, digest: Option<Digest>) -> Self {
        Reference(Arc::new(Name {
            registry: self.0.registry.clone(),
            repository: self.0.repository.clone(),
            tag,
            digest,
        }))
    }

    /// True if both name the same repository of the same registry.
    pub fn same_repository(&self, other: &Self) -> bool {
        self.registry() == other.registry() && self.repository() == other.repository()
    }

    /// True if both name the same thing: the same digest, or without one the same tag.
    pub fn names_same(&self, other: &Self) -> bool {
        self.same_repository(other)
            && match (self.digest(), other.digest()) {
                (None, None) => self.tag() == other.tag(),
                (a, b) => a == b,
            }
    }
}

impl Clone for Reference {
    /// Shared, not copied, as digests are.
    #[inline(never)]
    fn clone(&self) -> Self {
        Reference(Arc::clone(&self.0))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry(), self.repository())?;
        if let Some(tag) = self.tag() {
            write!(f, ":{tag}")?;
        }
        match self.digest() {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.len() > limits::REFERENCE_BYTES {
            return Err(Error::new(ErrorKind::LimitExceeded {
                limit: "bytes of one reference",
                allowed: limits::REFERENCE_BYTES as u64,
            }));
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => {
                let digest = digest
                    .parse()
                    .map_err(|e: Error| e.shifted(rest.len() + 1))?;
                (rest, Some(digest))
            }
            None => (text, None),
        };
        let (name, tag) = match rest.cut_last(":") {
            Some((name, tag)) if !tag.has("/") && !name.is_empty() => {
                read_tag(tag)?;
                (name, Some(tag.to_owned()))
            }
            _ => (rest, None),
        };
        if name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(refuse(
                "a name, not a bare digest (write sha256: before it)",
                name,
            ));
        }
        let (registry, repository) = split_registry(name)?;
        read_repository(&repository)?;
        Ok(Reference(Arc::new(Name {
            registry,
            repository,
            tag,
            digest,
        })))
    }
}

/// The one or two images that a text names if it does nothing else, as it names them; else none.
/// Nothing that could as well be something else is such a text.
pub fn only_images(text: &str) -> Vec<&str> {
    let mut images = Vec::new();
    for word in text.split_whitespace() {
        if images.len() == 2 || !names_image(word) {
            return Vec::new();
        }
        images.push(word);
    }
    // One word alone is a name, as in `docker pull alpine`; two may be a phrase.
    if images.len() == 2 && !images.iter().all(|word| word.has_any("/:@")) {
        images.clear();
    }
    images
}

fn names_image(word: &str) -> bool {
    let Ok(reference) = word.parse::<Reference>() else {
        return false;
    };
    // What has an `@` may be somebody's address.
    let computed = |digest: &Digest| digest.algorithm().is_some();
    // An upper case letter makes a registry to docker, and a phrase to everybody else.
    let first = word.before_any("/");
    let phrase = !first.has_any(".:") && first.bytes().any(|b| b.is_ascii_uppercase());
    reference.digest().is_none_or(computed) && !phrase && !is_bare(word)
}

/// A digest, with its algorithm or without, or a part of one: which image it is of, it does not say.
fn is_bare(word: &str) -> bool {
    let hex = |text: &str, least| {
        text.len() >= least && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let named = word.split_once(':').is_some_and(|(algorithm, digits)| {
        hex(digits, 32)
            && algorithm
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    named || hex(word, 12)
}

/// docker takes the first part as a registry when it has a dot, a colon, an upper case letter,
/// or is `localhost`; everything else is on Docker Hub, official images under `library/`.
fn split_registry(name: &str) -> Result<(String, String), Error> {
    let (registry, repository) = match name.split_once('/') {
        Some((first, rest))
            if first.has_any(".:")
                || first == "localhost"
                || first.bytes().any(|b| b.is_ascii_uppercase()) =>
        {
            read_registry(first)?;
            (first.to_ascii_lowercase(), rest.to_owned())
        }
        _ => (HUB.to_owned(), name.to_owned()),
    };
    if registry != HUB && registry != "index.docker.io" {
        return Ok((registry, repository));
    }
    let bare = !repository.has("/") && !repository.is_empty();
    let repository = if bare {
        format!("library/{repository}")
    } else {
        repository
    };
    Ok((HUB.to_owned(), repository))
}

fn read_registry(text: &str) -> Result<(), Error> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let inside = |host: &str| host.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
        match rest.split_once(']') {
            Some((host, "")) if inside(host) => ("ipv6", None),
            Some((host, port)) if inside(host) && port.starts_with(':') => ("ipv6", port.get(1..)),
            _ => return Err(refuse("an IPv6 address in brackets", text)),
        }
    } else {
        match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !host.split('.').all(label) {
        return Err(refuse("a host name in ASCII", text));
    }
    match port.map(str::parse::<u16>) {
        None => Ok(()),
        Some(Ok(number)) if number > 0 => Ok(()),
        Some(_) => Err(refuse("a port from 1 to 65535", text)),
    }
}

fn read_repository(text: &str) -> Result<(), Error> {
    if text.len() > 255 {
        return Err(refuse(
            "a repository of at most 255 characters",
            &shortened(text),
        ));
    }
    if !text.split('/').all(is_component) {
        return Err(refuse(
            "lower case letters, digits and single separators",
            &shortened(text),
        ));
    }
    Ok(())
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` (distribution spec, "Pulling manifests").
fn is_component(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    if !ends.iter().all(|end| end.is_some_and(|b| plain(*b))) {
        return false;
    }
    bytes.split(|b| plain(*b)).all(|separator| match separator {
        [] | [b'.' | b'_'] | [b'_', b'_'] => true,
        dashes => dashes.iter().all(|b| *b == b'-'),
    })
}

/// `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`
fn read_tag(tag: &str) -> Result<(), Error> {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let first = tag.bytes().next().is_some_and(word);
    if first && tag.len() <= 128 && tag.bytes().all(|b| word(b) || b == b'.' || b == b'-') {
        return Ok(());
    }
    Err(refuse(
        "a tag of up to 128 letters, digits, '_', '.' and '-'",
        &shortened(tag),
    ))
}

fn refuse(expected: &'static str, found: &str) -> Error {
    Error::new(ErrorKind::Reference {
        expected,
        found: shortened(found),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_as_docker_does() {
        let hex = "5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
        let cases = [
            ("alpine", "docker.io/library/alpine:latest"),
            ("nicolas/webdis:0.1.19", "docker.io/nicolas/webdis:0.1.19"),
            ("docker.io/alpine", "docker.io/library/alpine:latest"),
            ("index.docker.io/a/b", "docker.io/a/b:latest"),
            (
                "public.ecr.aws/nicolas/webdis:1",
                "public.ecr.aws/nicolas/webdis:1",
            ),
            ("localhost/a", "localhost/a:latest"),
            ("localhost:5000/a:b", "localhost:5000/a:b"),
            ("[::1]:5000/a:b", "[::1]:5000/a:b"),
            ("GHCR.io/a/b__c-d", "ghcr.io/a/b__c-d:latest"),
            ("docker.io.evil.com/x", "docker.io.evil.com/x:latest"),
            ("localhostx/a", "docker.io/localhostx/a:latest"),
        ];
        for (text, wanted) in cases {
            assert_eq!(
                text.parse::<Reference>().unwrap().to_string(),
                wanted,
                "{text}"
            );
        }
        let pinned: Reference = format!("a/b:c@sha256:{hex}").parse().unwrap();
        assert_eq!(
            (pinned.tag(), pinned.digest().unwrap().encoded()),
            (Some("c"), hex)
        );
    }

    #[test]
    fn this_machine_is_told_from_what_only_looks_like_it() {
        for name in [
            "localhost/a",
            "LOCALHOST:5000/a",
            "127.0.0.1/a",
            "127.8.9.1:80/a",
            "[::1]:5000/a",
        ] {
            assert!(name.parse::<Reference>().unwrap().is_here(), "{name}");
        }
        for name in [
            "a",
            "localhost",
            "localhostx/a",
            "localhost.example/a",
            "127.0.0.1.example/a",
            "127.1/a",
            "128.0.0.1/a",
            "[::2]/a",
            "ghcr.io/localhost/a",
        ] {
            assert!(!name.parse::<Reference>().unwrap().is_here(), "{name}");
        }
    }

    #[test]
    fn refuses_what_docker_refuses() {
        let hex = "5".repeat(64);
        let long = format!("a/{}", "b".repeat(255));
        let cases = [
            "",
            "A",
            "a//b",
            "a/../b",
            "-a",
            "a-",
            "a/b:",
            "a:b c",
            "a@sha256:12",
            "user@host/a",
            "host.io:0/a",
            "host.io:99999/a",
            "n\u{456}colas/webdis",
            "a..b/c",
            ":a",
            "[::1/a",
            hex.as_str(),
            long.as_str(),
            "xn--é.io/a",
        ];
        for text in cases {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
        assert_eq!(
            "a/B".parse::<Reference>().unwrap_err().to_string(),
            "expected lower case letters, digits and single separators in image reference, found \"a/B\""
        );
    }

    #[test]
    fn a_text_that_only_names_images_is_told_from_others() {
        let hex = "5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
        let (bare, pinned) = (format!("sha256:{hex}"), format!("a/b:1@sha256:{hex}"));
        for (text, named) in [
            ("alpine", vec!["alpine"]),
            (" alpine:3.20\n", vec!["alpine:3.20"]),
            ("a/b", vec!["a/b"]),
            ("localhost/a", vec!["localhost/a"]),
            ("[::1]:5000/a", vec!["[::1]:5000/a"]),
            ("Registry.example/a", vec!["Registry.example/a"]),
            ("registry:5000/a", vec!["registry:5000/a"]),
            (&pinned, vec![&pinned]),
            ("ghcr.io/a/b:1\r\na/b", vec!["ghcr.io/a/b:1", "a/b"]),
            ("a:1 b:2", vec!["a:1", "b:2"]),
        ] {
            assert_eq!(only_images(text), named, "{text}");
        }
        for text in [
            "",
            " ",
            "hello world",
            "alpine a/b:1",
            "a/b c/d e/f",
            "Alpine",
            "Hello/world",
            "https://a.example/b",
            "user@host:abc",
            "git@github.com:a/b",
            "a@sha384:ab",
            "a@sha256:5de5",
            "5de58646bae3",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            hex,
            &bare,
            &format!("{bare} {bare}"),
            &"a".repeat(2000),
        ] {
            assert!(only_images(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_digest_decides_before_a_tag() {
        let digest = Digest::sha256(b"");
        let parse = |text: &str| text.parse::<Reference>().unwrap();
        assert!(parse("a/b").names_same(&parse("docker.io/a/b:latest")));
        assert!(!parse("a/b").names_same(&parse("quay.io/a/b")));
        let both = parse(&format!("a/b:c@{digest}"));
        assert!(both.names_same(&parse("a/b").at(&digest)));
        assert!(!both.names_same(&parse("a/b:c")));
    }
}
