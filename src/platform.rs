//! Platforms (OCI image spec, image-index.md, "platform"), when two are the same, and what clients
//! take for one.
//!
//! Clients choose by rules of their own. On Linux, for a platform that is asked for:
//!
//! - containerd, and docker with its store (containerd 2.4.2, `core/images/image.go`, `Manifest`;
//!   platforms 0.2.1 and 1.0.0-rc.5, `Only` in `compare.go`, `Normalize` in `database.go`): what has
//!   the same system, architecture and variant in lower case and without aliases. An empty system is
//!   the host's. `os.version` is looked at on Windows alone; `os.features` not at all, since 1.0.0-rc
//!   the entry's have to be among those asked for. Without such an entry, a lower variant, 386 for
//!   amd64, arm for arm64; an entry without a platform comes last. Of equals the first.
//! - docker with its classic store (docker 28.5.2, `distribution/pull_v2_unix.go`,
//!   `filterManifests`): as containerd. On Windows (`pull_v2_windows.go`) every build up to the host's.
//! - skopeo, podman, buildah (go.podman.io/image 5.42.1, `internal/pkg/platform`,
//!   `internal/manifest/oci_index.go`): the same system, architecture and variant as they are
//!   written, the rest of the platform is not read; without a variant asked for, the entry that has none,
//!   then for arm v8 down to v5, for arm64 v8. In an OCI index an entry without a platform comes last.
//! - crane (go-containerregistry 0.22.1, `pkg/v1/remote/index.go`, `matchesPlatform`): the first
//!   entry with the same system and architecture, and with the variant, version and features where
//!   those are asked for. An entry without a platform is linux/amd64.
//!
//! Versions differ and are not known here, so an entry that one of them may take counts.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind};
use crate::text::shortened;

/// The platform that an image runs on: `os/architecture[/variant]`, for Windows with its version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// `linux`, `windows`, …
    pub os: String,
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// `v7`, `v8`, …, empty where none is given.
    pub variant: String,
    /// The Windows build, empty elsewhere.
    pub os_version: String,
    /// Features that are needed, for example `win32k`.
    pub os_features: Vec<String>,
}

impl Platform {
    /// The platform without what is only another way to write it: containerd's
    /// platforms.Normalize takes `arm64` for `arm64/v8`, `arm` for `arm/v7`, `amd64` for
    /// `amd64/v1`, and has aliases such as `x86_64`.
    #[must_use]
    pub fn normal(&self) -> Self {
        let words = self.words();
        let [os, architecture, variant] = normal_words(&words);
        Platform {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant: variant.to_owned(),
            os_version: self.os_version.clone(),
            os_features: self.os_features.clone(),
        }
    }

    /// The words that [`normal_words`] reads.
    fn words(&self) -> [Cow<'_, str>; 3] {
        [&self.os, &self.architecture, &self.variant].map(|word| lower(word))
    }

    /// Whether both are the same platform however they are written.
    pub fn matches(&self, other: &Self) -> bool {
        self.normal() == other.normal()
    }

    /// Whether some client may take an entry that says `self` where `asked` is asked for, whatever
    /// else the index names: the same system, architecture and variant however they are written.
    /// A system that is not said is the host's (lines that were picked from an index leave it out,
    /// and the variant with it); only on Windows a version keeps clients away.
    pub fn may_be_taken_for(&self, asked: &Self) -> bool {
        // Each platform of one image is held against each of another, so nothing is copied.
        let (a, b) = (self.words(), asked.words());
        let [os_a, architecture_a, variant_a] = normal_words(&a);
        let [os_b, architecture_b, variant_b] = normal_words(&b);
        let unsaid = os_a.is_empty() || os_b.is_empty();
        let versions = [&self.os_version, &asked.os_version];
        let version = os_a != WINDOWS
            || self.os_version == asked.os_version
            || versions.iter().any(|version| version.is_empty());
        architecture_a == architecture_b
            && (unsaid || (os_a == os_b && variant_a == variant_b && version))
    }

    /// The platform without what keeps no client from taking it, as
    /// [`Platform::may_be_taken_for`] tells.
    pub(crate) fn taken_as(&self) -> Self {
        let mut platform = self.normal();
        platform.os_features.clear();
        if platform.os != WINDOWS {
            platform.os_version.clear();
        }
        platform
    }

    /// Whether it is taken where no variant is asked for, by every client.
    pub(crate) fn is_any_variant(&self) -> bool {
        let plain = Platform {
            variant: String::new(),
            ..self.clone()
        };
        plain.normal().variant == self.normal().variant
    }

    /// What crane takes an entry for that names no platform.
    pub(crate) fn unsaid() -> Self {
        Platform {
            os: "linux".to_owned(),
            ..Platform::of_architecture("amd64")
        }
    }

    /// An architecture alone, as such lines name it.
    pub(crate) fn of_architecture(architecture: &str) -> Self {
        Platform {
            architecture: architecture.to_owned(),
            ..Platform::default()
        }
    }

    /// True if a configuration that says `self` may be behind an index entry that says
    /// `entry`: what the configuration leaves out, or the entry does, is no contradiction.
    pub fn agrees(&self, entry: &Self) -> bool {
        let (config, entry) = (self.normal(), entry.normal());
        let open = |a: &str, b: &str| a == b || a.is_empty() || b.is_empty();
        config.os == entry.os
            && config.architecture == entry.architecture
            && (config.variant == entry.variant
                || self.variant.is_empty()
                || entry.variant.is_empty())
            && open(&config.os_version, &entry.os_version)
    }

    /// `unknown/unknown`, which BuildKit gives to attestation manifests so that no client
    /// pulls them as an image.
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    /// True if it names nothing.
    pub fn is_empty(&self) -> bool {
        self.os.is_empty() && self.architecture.is_empty()
    }
}

/// The one system whose versions clients look at.
const WINDOWS: &str = "windows";

/// The system, the architecture and the variant in their normal form, from lower case words.
fn normal_words<'a>(words: &'a [Cow<str>; 3]) -> [&'a str; 3] {
    let [os, architecture, variant] = words.each_ref().map(|word| &**word);
    let os = if os == "macos" { "darwin" } else { os };
    let (architecture, variant) = match (architecture, variant) {
        ("x86_64" | "x86-64" | "amd64", "" | "v1") => ("amd64", ""),
        ("x86_64" | "x86-64" | "amd64", other) => ("amd64", other),
        ("aarch64" | "arm64", "" | "8" | "v8") => ("arm64", ""),
        ("aarch64" | "arm64", other) => ("arm64", other),
        ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
        ("armel", _) | ("arm", "6") => ("arm", "v6"),
        ("arm", "5") => ("arm", "v5"),
        ("i386", _) => ("386", ""),
        other => other,
    };
    [os, architecture, variant]
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.os.is_empty() {
            write!(f, "{}", shown(&self.os))?;
            if !self.os_version.is_empty() {
                write!(f, "({})", shown(&self.os_version))?;
            }
            f.write_str("/")?;
        }
        write!(f, "{}", shown(&self.architecture))?;
        if !self.variant.is_empty() {
            write!(f, "/{}", shown(&self.variant))?;
        }
        Ok(())
    }
}

/// A part of a platform as it may be repeated: short, and in plain characters, since it is
/// whatever the writer of the document put there.
fn shown(part: &str) -> String {
    let mut shown = String::new();
    for c in part.chars().take(40) {
        if c.is_ascii_graphic() {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    if part.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

impl std::str::FromStr for Platform {
    type Err = Error;

    /// `os[(version)]/architecture[/variant]`, as containerd writes it.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = || Error::new(ErrorKind::Platform(shortened(text)));
        let word = |part: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
            !part.is_empty() && part.bytes().all(plain)
        };
        let mut parts = text.split('/');
        let (os, architecture) = (parts.next(), parts.next());
        let variant = parts.next();
        let (Some(os), Some(architecture), None) = (os, architecture, parts.next()) else {
            return Err(refuse());
        };
        let (os, os_version) = match os.strip_suffix(')').and_then(|os| os.split_once('(')) {
            Some((os, version)) => (os, version),
            None => (os, ""),
        };
        if !word(os) || !word(architecture) || !variant.is_none_or(word) {
            return Err(refuse());
        }
        Ok(Platform {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant: variant.unwrap_or_default().to_owned(),
            os_version: os_version.to_owned(),
            os_features: Vec::new(),
        })
    }
}

impl Serialize for Platform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(text: &str) -> Platform {
        text.parse().unwrap()
    }

    #[test]
    fn matches_across_spellings() {
        for (a, b, same) in [
            ("linux/arm64", "linux/arm64/v8", true),
            ("linux/amd64", "linux/x86_64", true),
            ("linux/arm", "linux/arm/v7", true),
            ("linux/arm/v6", "linux/arm/v7", false),
            ("linux/amd64", "linux/amd64/v2", false),
            ("linux/amd64", "windows/amd64", false),
            ("windows(10.0.1)/amd64", "windows(10.0.2)/amd64", false),
        ] {
            assert_eq!(platform(a).matches(&platform(b)), same, "{a} {b}");
        }
    }

    #[test]
    fn a_configuration_may_leave_out_the_variant() {
        assert!(platform("linux/arm").agrees(&platform("linux/arm/v6")));
        assert!(!platform("linux/arm/v5").agrees(&platform("linux/arm/v6")));
        assert!(platform("windows/amd64").agrees(&platform("windows(10.0.1)/amd64")));
        assert!(!platform("linux/arm64").agrees(&platform("linux/amd64")));
    }

    #[test]
    fn refuses_what_is_no_platform() {
        for text in ["", "linux", "linux/", "a/b/c/d", "a b/c", "/amd64"] {
            assert!(text.parse::<Platform>().is_err(), "{text}");
        }
    }
}
