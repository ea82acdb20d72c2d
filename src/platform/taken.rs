//! Which entry of an index a client takes that asks for a platform.
//!
//! Clients differ, so an image is the same, or published, for a platform only if that holds of each
//! entry that any of them may take for it. This is what they do, read in their sources:
//!
//! - containerd, and docker on containerd's store: platforms v1.0.0-rc.5 and v0.2.1 (`Normalize`,
//!   `Only`), containerd v2.4.2 core/images/image.go (`Manifest`), moby v2.0.0-beta.24
//!   daemon/containerd (`hostPlatformSpec`)
//! - docker's own store: docker v28.5.2 distribution/pull_v2_unix.go (`filterManifests`), pull_v2.go
//!   (`toOCIPlatform`, `maximumSpec`)
//! - skopeo, podman, buildah: go.podman.io/image v5.42.1 internal/manifest/oci_index.go and
//!   docker_schema2_list.go (`ChooseInstance`), internal/pkg/platform (`WantedPlatforms`)
//! - crane: go-containerregistry v0.22.1 pkg/v1/remote/index.go (`childByPlatform`)
//! - regctl: regclient v0.11.7 types/platform/compare.go, types/descriptor (`DescriptorListSearch`)
//!
//! | an entry, where `linux/amd64` is asked for | containerd | docker | skopeo | crane | regctl |
//! |---|---|---|---|---|---|
//! | `linux/amd64` twice | first | first | first | first | first |
//! | with `os.version` | as without | as without | as without | as without | after one without |
//! | with `os.features` | no, as without before 1.0 | as without | as without | as without | as without |
//! | no `os`, or an empty one | that of the host | that of the host | no | no | no |
//! | no `architecture` | no | no | no | no | no |
//! | no platform | last, if its configuration fits | last | last, in an OCI index | as `linux/amd64` | no |
//! | an empty platform | no | last | no | no | no |
//! | `amd64/v1` | as without | as without | no | as without | as without, after it |
//! | `amd64/v2`, `v3`, … | where the machine has it, before | as containerd | no | as without | no |
//! | another word as variant | no | no | no | as without | last |
//! | `linux/386` | last | last | no | no | no |
//! | `Linux/AMD64` | as in lower case | as in lower case | no | no | no |
//! | `x86_64` | as `amd64` | as `amd64` | no | no | as `amd64` |
//! | in an index inside | where the outer entry fits too | so | no | so | so |
//! | marked as an attestation | as without | as without | as without | as without | as without |
//! | with zstd's annotation | as without | as without | before | as without | as without |
//!
//! Where a variant is asked for, crane takes exactly that one; the others take a lower one where
//! there is none (`arm/v6` for `arm/v7`), and without a variant skopeo and crane take any `arm`. On
//! Windows a build is asked for (the first three numbers of `os.version`); an entry without one is
//! taken for every build, and every build where none is asked for. What runs on another architecture
//! (`386`, `arm`) is taken where nothing else is there: an image is said to lack the platform then.

use super::{Platform, normal_words};
use crate::error::in_quotes;

/// How an entry comes to be taken for a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Some client takes it for what was asked for.
    Asked,
    /// Some client takes it where there is nothing that is asked for.
    Instead,
}

impl Platform {
    /// Whether a client that asks for `asked` may take an entry that says it is for this platform.
    pub(crate) fn taken_for(&self, asked: &Self) -> Option<Taken> {
        let (words, asked_words) = (self.words(), asked.words());
        let [os, architecture, variant] = normal_words(&words);
        let [asked_os, asked_architecture, asked_variant] = normal_words(&asked_words);
        let system = os == asked_os || os.is_empty() || asked_os.is_empty();
        let (build, asked_build) = (self.build(), asked.build());
        let builds = build == asked_build || build.is_empty() || asked_build.is_empty();
        if !system || !builds || architecture != asked_architecture {
            return None;
        }
        if variant == asked_variant || asked.variant.is_empty() {
            return Some(Taken::Asked);
        }
        (self.generation() < asked.generation()).then_some(Taken::Instead)
    }

    /// Whether an entry says exactly the platform that crane takes one for that says none.
    pub(crate) fn is_default(&self) -> bool {
        self.os == "linux" && self.architecture == "amd64"
    }

    /// The build of Windows. Elsewhere a version of the system tells no two entries apart: no
    /// client looks at it, or it prefers one and takes the other too.
    pub(crate) fn build(&self) -> String {
        if !self.os.eq_ignore_ascii_case("windows") {
            return String::new();
        }
        let numbers = self.os_version.split('.').take(3);
        numbers.collect::<Vec<_>>().join(".")
    }

    /// A number for the variant: what runs on one runs on every higher one of the architecture.
    pub(crate) fn generation(&self) -> u32 {
        let words = self.words();
        let [_, architecture, variant] = normal_words(&words);
        let variant = match (architecture, variant) {
            ("amd64", "") => "v1",
            ("arm64", "") => "v8",
            (_, variant) => variant,
        };
        let number = variant.strip_prefix('v').unwrap_or(variant);
        let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
        match (major.parse::<u8>(), minor.parse::<u8>()) {
            (Ok(major), Ok(minor)) => u32::from(major) << 8 | u32::from(minor),
            _ => 0,
        }
    }

    /// The system and the architecture, in one text.
    pub(crate) fn machine(&self) -> String {
        let words = self.words();
        let [os, architecture, _] = normal_words(&words);
        key(&[os, architecture, &self.build()])
    }

    /// Texts by which the platform is found: another may be the same ([`Platform::may_match`]) if
    /// one of its [`Platform::asks`] is among them.
    pub(crate) fn keys(&self) -> Vec<String> {
        let words = self.words();
        let [os, architecture, variant] = normal_words(&words);
        let mut keys = vec![key(&["any", architecture])];
        // Without a variant it may be any, where the system is not said either.
        let none = (self.variant.is_empty() && !variant.is_empty()).then_some("");
        for variant in [Some(variant), none].into_iter().flatten() {
            keys.push(key(&["any", architecture, variant]));
            if os.is_empty() {
                keys.push(key(&["unsaid", architecture, variant]));
            }
        }
        if os.is_empty() {
            keys.push(key(&["unsaid", architecture]));
        } else {
            keys.push(key(&["of", os, architecture, variant]));
        }
        if os == "windows" {
            keys.push(key(&["build", architecture, variant, &self.build()]));
        }
        keys
    }

    /// The keys of the platforms that may be the same as this one.
    pub(crate) fn asks(&self) -> Vec<String> {
        let words = self.words();
        let [os, architecture, variant] = normal_words(&words);
        let kind = if os.is_empty() { "any" } else { "unsaid" };
        let mut asks = Vec::new();
        if self.variant.is_empty() {
            asks.push(key(&[kind, architecture]));
        } else {
            asks.push(key(&[kind, architecture, variant]));
            if !variant.is_empty() {
                asks.push(key(&[kind, architecture, ""]));
            }
        }
        let build = self.build();
        if !os.is_empty() && build.is_empty() {
            asks.push(key(&["of", os, architecture, variant]));
        } else if !build.is_empty() {
            asks.push(key(&["build", architecture, variant, &build]));
            asks.push(key(&["build", architecture, variant, ""]));
        }
        asks
    }
}

/// A text that other parts do not make.
fn key(parts: &[&str]) -> String {
    parts.iter().map(|part| in_quotes(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(text: &str) -> Platform {
        let of_architecture = |_| Platform::of_architecture(text);
        text.parse().unwrap_or_else(of_architecture)
    }

    #[test]
    fn an_entry_is_taken_for_what_clients_take_it_for() {
        for (entry, asked, taken) in [
            ("linux/amd64", "linux/amd64", Some(Taken::Asked)),
            ("linux(10.0)/amd64", "linux/amd64", Some(Taken::Asked)),
            ("linux/amd64", "linux(10.0)/amd64", Some(Taken::Asked)),
            ("amd64", "linux/amd64", Some(Taken::Asked)),
            ("Linux/AMD64", "linux/amd64", Some(Taken::Asked)),
            ("linux/x86_64", "linux/amd64", Some(Taken::Asked)),
            ("linux/amd64/v3", "linux/amd64", Some(Taken::Asked)),
            ("linux/amd64/v3", "linux/amd64/v1", None),
            ("linux/amd64", "linux/amd64/v3", Some(Taken::Instead)),
            ("linux/amd64/word", "linux/amd64/v1", Some(Taken::Instead)),
            ("linux/arm/v6", "linux/arm", Some(Taken::Asked)),
            ("linux/arm/v6", "linux/arm/v7", Some(Taken::Instead)),
            ("linux/arm/v7", "linux/arm/v6", None),
            ("linux/arm64/v8", "linux/arm64", Some(Taken::Asked)),
            ("linux/arm64", "linux/arm64/v8.0", Some(Taken::Asked)),
            ("linux/arm64/v8", "linux/arm64/v9", Some(Taken::Instead)),
            ("linux/386", "linux/amd64", None),
            ("windows/amd64", "linux/amd64", None),
            (
                "windows(10.0.17763.1)/amd64",
                "windows/amd64",
                Some(Taken::Asked),
            ),
            (
                "windows(10.0.17763.1)/amd64",
                "windows(10.0.17763.2)/amd64",
                Some(Taken::Asked),
            ),
            (
                "windows(10.0.17763.1)/amd64",
                "windows(10.0.20348.1)/amd64",
                None,
            ),
            (
                "windows/amd64",
                "windows(10.0.20348.1)/amd64",
                Some(Taken::Asked),
            ),
        ] {
            let found = platform(entry).taken_for(&platform(asked));
            assert_eq!(found, taken, "{entry} for {asked}");
        }
    }

    /// What is found by keys is what is found by looking at each.
    #[test]
    fn keys_find_what_may_be_the_same() {
        let texts = [
            "amd64",
            "arm",
            "arm64",
            "linux/amd64",
            "linux/amd64/v1",
            "linux/amd64/v2",
            "LINUX/AMD64",
            "linux(1)/amd64",
            "linux/arm",
            "linux/arm/v6",
            "linux/arm/v7",
            "linux/arm64",
            "linux/arm64/v8",
            "linux/arm64/v9",
            "windows/amd64",
            "windows(10.0.1.7)/amd64",
            "windows(10.0.1)/amd64",
            "windows(10.0.2)/amd64",
            "freebsd(14)/amd64",
            "freebsd/amd64",
        ];
        let mut all: Vec<Platform> = texts.iter().map(|text| platform(text)).collect();
        let variants = ["v6", "v7", "v2"].map(str::to_owned);
        all.extend(variants.map(|variant| Platform {
            variant,
            ..platform("arm")
        }));
        for a in &all {
            for b in &all {
                let asks = a.asks();
                let found = b.keys().iter().any(|key| asks.contains(key));
                assert_eq!(found, a.may_match(b), "{a} {b}");
                assert_eq!(a.may_match(b), b.may_match(a), "{a} {b}");
            }
        }
    }
}
