//! A publisher's statement about a project's images: the names they are published under, the
//! digests of each release, the keys that sign.
//!
//! ```json
//! {
//!   "pullproof": "policy", "version": 1, "project": "Webdis",
//!   "why": "where these digests are from, in prose",
//!   "names": ["docker.io/nicolas/webdis"],
//!   "mirrors": ["public.ecr.aws/nicolas/webdis"],
//!   "releases": [{
//!     "tag": "0.1.19",
//!     "digests": ["sha256:…"],
//!     "configs": {"linux/amd64": "sha256:…"},
//!     "note": "prose"
//!   }],
//!   "signers": {"dct": {
//!     "root": ["64 hex digits"], "repository": ["64 hex digits"],
//!     "signers": {"nicolasff": ["64 hex digits"]}
//!   }}
//! }
//! ```
//!
//! `digests` are what the tag names: an index, or the manifest of an image without one, once for
//! each registry that has its own. `configs` are the configurations, one a platform, which stay
//! the same wherever the image is copied to. `why`, `mirrors`, `note`, and of `digests`,
//! `configs` and `signers` those that are not known, may be left out. `www/policy.schema.json`
//! says the same for editors, which find it by `$schema`.
//!
//! A policy that is misread proves what nobody said, so nothing is passed over: an unknown name
//! may be a known one misspelt, an empty list a condition that holds for all, a second entry for
//! one tag or platform the one that another reader takes. Each is an error. There are no
//! thresholds: every digest that is listed is required to be the one found, and a list of keys
//! is what one signature has to be made with.

mod read;
mod signer;

pub(crate) use read::signers;
pub use signer::{KeyWindow, PolicySigner};

use std::str::FromStr;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json;
use crate::name::Reference;
use crate::platform::Platform;
use crate::signature::PublicKey;
use crate::text::shortened;

/// A publisher's policy, read. Parsing is the only way in.
#[derive(Clone, Debug)]
pub struct Policy {
    text: String,
    project: String,
    names: Vec<Reference>,
    mirrors: Vec<Reference>,
    releases: Vec<Release>,
    dct: Option<Dct>,
    sigstore: Vec<PolicySigner>,
}

/// A release and what it consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its tag.
    pub tag: String,
    /// The digests that the tag names, one for each registry that has its own.
    pub digests: Vec<Digest>,
    /// The image configuration for each platform.
    pub configs: Vec<(Platform, Digest)>,
    /// The publisher's remark about it; may be empty.
    pub note: String,
}

/// The keys of Docker Content Trust, by their whole ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dct {
    /// The root keys.
    pub root: Vec<PublicKey>,
    /// The keys of the repository (`targets`).
    pub repository: Vec<PublicKey>,
    /// Other signers, with the keys of each.
    pub signers: Vec<(String, Vec<PublicKey>)>,
}

impl Policy {
    /// The policy as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whose images it is about.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The repositories that the publisher publishes in.
    pub fn names(&self) -> &[Reference] {
        &self.names
    }

    /// Repositories that have to have the same images.
    pub fn mirrors(&self) -> &[Reference] {
        &self.mirrors
    }

    /// The releases, in the order of the policy.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The keys of Docker Content Trust, where it names some.
    pub fn dct(&self) -> Option<&Dct> {
        self.dct.as_ref()
    }

    /// The signers with Sigstore: each of them is enough.
    pub fn sigstore(&self) -> &[PolicySigner] {
        &self.sigstore
    }

    /// The release with this tag.
    pub fn release(&self, tag: &str) -> Option<&Release> {
        self.releases.iter().find(|release| release.tag == tag)
    }

    /// The digests that an image may have by this policy.
    pub(crate) fn digests_of(&self, image: &Reference) -> Vec<Digest> {
        let mut digests = Vec::new();
        for release in &self.releases {
            if image.tag().is_none_or(|tag| tag == release.tag) {
                digests.extend(release.all());
            }
        }
        digests
    }

    /// True if the image's repository is one of the policy's.
    pub fn knows(&self, image: &Reference) -> bool {
        let same = |name: &Reference| name.same_repository(image);
        self.names.iter().any(same) || self.mirrors.iter().any(same)
    }
}

impl PartialEq for Policy {
    /// Its text says all of it.
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Policy {}

impl Release {
    /// The digests of what its tag names first, then those of the configurations.
    pub(crate) fn all(&self) -> Vec<Digest> {
        let mut digests = self.digests.clone();
        for (_, config) in &self.configs {
            digests.push(config.clone());
        }
        digests
    }

    /// The configuration for this platform.
    pub fn config(&self, platform: &Platform) -> Option<&Digest> {
        let found = self.configs.iter().find(|(p, _)| p.matches(platform));
        found.map(|(_, digest)| digest)
    }
}

impl FromStr for Policy {
    type Err = Error;

    /// Reads a policy from JSON.
    ///
    /// # Errors
    /// It is not JSON, or not a policy that can be relied on: the code begins with `policy-`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let json = json::parse(text.as_bytes())?;
        if let Some((name, at)) = json.duplicates().first() {
            let kind = ErrorKind::Policy {
                fault: "policy-duplicate",
                place: shortened(name),
                expected: "a name once in an object",
                found: "it again".to_owned(),
            };
            return Err(Error::at(kind, *at));
        }
        read::policy(json.root(), text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#""pullproof":"policy","version":1,"project":"Beacon""#;
    const NAMES: &str = r#""names":["ghcr.io/lighthouse/beacon"]"#;

    fn digest(n: u8) -> String {
        format!("sha256:{}", format!("{n:02x}").repeat(32))
    }

    fn release(tag: &str) -> String {
        format!(r#"{{"tag":"{tag}","digests":["{}"]}}"#, digest(1))
    }

    fn with(releases: &str) -> String {
        format!(r#"{{{HEAD},{NAMES},"releases":[{releases}]}}"#)
    }

    #[track_caller]
    fn refused(text: &str, code: &str, message: &str) {
        let error = text.parse::<Policy>().unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.offset().is_some(), "{error}");
    }

    #[test]
    fn reads_what_it_has() {
        let key = "ab".repeat(32);
        let text = format!(
            r#"{{{HEAD},"why":"because","names":["nicolas/webdis"],"mirrors":["public.ecr.aws/nicolas/webdis"],"releases":[{{"tag":"1","configs":{{"linux/arm64":"{}"}},"note":"n"}},{{"tag":"2"}}],"signers":{{"dct":{{"root":["{key}"],"signers":{{"me":["{key}"]}}}}}}}}"#,
            digest(1)
        );
        let policy: Policy = text.parse().unwrap();
        assert_eq!(policy.text(), text);
        assert_eq!(policy.project(), "Beacon");
        let arm: Platform = "linux/arm64/v8".parse().unwrap();
        let config = policy.release("1").unwrap().config(&arm).unwrap();
        assert_eq!(config.as_str(), digest(1));
        let dct = policy.dct().unwrap();
        assert_eq!(dct.signers[0].0, "me");
        assert_eq!((dct.root[0].id(), dct.repository.len()), (&*key, 0));
        let knows = |name: &str| policy.knows(&name.parse().unwrap());
        assert!(knows("docker.io/nicolas/webdis:1") && knows("public.ecr.aws/nicolas/webdis"));
        assert!(!knows("ghcr.io/nicolas/webdis:1") && !knows("public.ecr.aws/nicolas/webdis2"));
    }

    #[test]
    fn nothing_is_passed_over() {
        let one = release("1");
        for (text, code, message) in [
            ("{}".to_owned(), "policy-empty", "expected a policy"),
            (
                format!(r#"{{{HEAD},{NAMES},"releases":[{one}],"signer":{{}}}}"#),
                "policy-unknown",
                "found \"signer\"",
            ),
            (
                format!(r#"{{{HEAD},{HEAD},{NAMES},"releases":[{one}]}}"#),
                "policy-duplicate",
                "pullproof",
            ),
            (
                with(&format!("{one},{one}")),
                "policy-contradiction",
                "releases[1].tag",
            ),
            (with(""), "policy-empty", "releases"),
            (
                with(r#"{"tag":"1"}"#),
                "policy-missing",
                "digests, configs or signers",
            ),
            (
                with(r#"{"tag":"1","digests":[]}"#),
                "policy-empty",
                "releases[0].digests",
            ),
            (
                with(r#"{"tag":"1","digests":["sha256:12"]}"#),
                "policy-value",
                "found \"sha256:12\"",
            ),
            (
                with(&one).replace("\"version\":1", "\"version\":2"),
                "policy-version",
                "found 2",
            ),
            (
                with(&one).replace("\"Beacon\"", "\"\""),
                "policy-empty",
                "project",
            ),
            (
                with(&one).replace("beacon\"]", "beacon:1\"]"),
                "policy-value",
                "names[0]",
            ),
            (
                with(&one).replace("\"1\"", "\"a b\""),
                "policy-value",
                "releases[0].tag",
            ),
            ("[]".to_owned(), "policy-value", "found an array"),
        ] {
            refused(&text, code, message);
        }
    }

    #[test]
    fn contradictions_however_they_are_spelled() {
        let [a, b] = [digest(1), digest(2)];
        let configs =
            format!(r#"{{"tag":"1","configs":{{"linux/arm64":"{a}","linux/arm64/v8":"{b}"}}}}"#);
        refused(&with(&configs), "policy-contradiction", "linux/arm64/v8");
        let twice = format!(r#"{{"tag":"1","digests":["{a}","{a}"]}}"#);
        refused(&with(&twice), "policy-contradiction", "digests[1]");
        let names = with(&release("1")).replace(
            NAMES,
            &format!(r#"{NAMES},"mirrors":["GHCR.io/lighthouse/beacon"]"#),
        );
        refused(&names, "policy-contradiction", "mirrors[0]");
    }

    #[test]
    fn keys_are_whole_and_lists_of_them_not_empty() {
        let key = "ab".repeat(32);
        let signed = |dct: &str| {
            let head = with(&release("1"));
            let head = head.strip_suffix('}').unwrap();
            format!(r#"{head},"signers":{{"dct":{dct}}}}}"#)
        };
        assert!(
            signed(&format!(r#"{{"root":["{key}"]}}"#))
                .parse::<Policy>()
                .is_ok()
        );
        for (dct, code, message) in [
            ("{}".to_owned(), "policy-empty", "signers.dct"),
            (
                r#"{"root":[]}"#.to_owned(),
                "policy-empty",
                "signers.dct.root",
            ),
            (
                r#"{"root":["dd0768b9d35d"]}"#.to_owned(),
                "policy-value",
                "found \"dd0768b9d35d\"",
            ),
            (
                format!(r#"{{"root":["{key}"],"threshold":0}}"#),
                "policy-unknown",
                "found \"threshold\"",
            ),
            (
                format!(r#"{{"signers":{{"me":["{key}"]}}}}"#),
                "policy-missing",
                "root or repository",
            ),
        ] {
            refused(&signed(&dct), code, message);
        }
    }

    #[test]
    fn signatures_are_in_repositories_and_in_a_few() {
        let signed = |signers: &[String]| {
            let head = with(&release("1"));
            let head = head.strip_suffix('}').unwrap();
            let signers = signers.join(",");
            format!(r#"{head},"signers":{{"sigstore":[{signers}]}}}}"#)
        };
        let by = |at: &str| {
            let who = r#""identity":"a@b.example","issuer":"https://c.example""#;
            format!(r#"{{{who},"signatures":{at}}}"#)
        };
        let all: Vec<String> = (0..9)
            .map(|n| by(&format!("\"r.example/a/{n}\"")))
            .collect();
        let policy: Policy = signed(&all[..8]).parse().unwrap();
        let places = policy
            .sigstore()
            .iter()
            .filter_map(PolicySigner::signatures);
        let names: Vec<&str> = places.map(Reference::repository).collect();
        assert_eq!(names.len(), 8);
        assert_eq!(names[7], "a/7");
        refused(
            &signed(&all),
            "limit-exceeded",
            "repositories with signatures",
        );
        // A second signer in a place is no second place.
        let key = format!(
            r#"{{"key":"{}","signatures":"r.example/a/7"}}"#,
            "ab".repeat(32)
        );
        let again = [&all[..8], &[key]].concat();
        assert!(signed(&again).parse::<Policy>().is_ok());
        for odd in [
            r#""r.example/a:1""#,
            r#""https://r.example/a""#,
            r#""r.example/A""#,
            "1",
            r#""""#,
        ] {
            let error = signed(&[by(odd)]).parse::<Policy>().unwrap_err();
            assert!(
                error.to_string().contains("signers.sigstore[0].signatures"),
                "{odd} {error}"
            );
        }
        let message = "expected a repository without a tag or a digest";
        refused(
            &signed(&[by(r#""r.example/a:1""#)]),
            "policy-value",
            message,
        );
    }
}
