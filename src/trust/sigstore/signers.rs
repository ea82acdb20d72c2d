//! Whom a question asks for, and whether a signature is theirs.

use crate::claim::{Check, Claim, Code, Proof, Seen, Source, Standing, Statement, Want};
use crate::policy;
use crate::question::Trust;
use crate::sigstore::{BundleSigner, Expected, GivenKey, Verified};
use crate::text::{Parts, shortened};

use super::CheckedSignature;

/// The issuer of GitHub's workflows, and the address of what is there.
const GITHUB: [&str; 2] = [
    "https://token.actions.githubusercontent.com",
    "https://github.com/",
];

/// Whom a question asks for, as far as they sign in this way.
pub(super) fn of(by: &Trust) -> Vec<policy::PolicySigner> {
    match by {
        Trust::Digests(_) => Vec::new(),
        Trust::Identity { identity, issuer } => vec![policy::PolicySigner::Identity {
            identity: identity.clone(),
            is_pattern: false,
            issuer: issuer.clone(),
            source: None,
            signatures: None,
        }],
        Trust::Keys(keys) => {
            let given = keys.iter().filter(|key| key.spki().is_some());
            let signer = |key: &_| policy::PolicySigner::Key {
                key: Clone::clone(key),
                window: policy::KeyWindow::default(),
                source: None,
                signatures: None,
            };
            given.map(signer).collect()
        }
        Trust::Policy(policy) => policy.sigstore().to_vec(),
        Trust::Signers(signers) => signers.clone(),
    }
}

/// The keys of these signers, and others that are given beside, each for the time that its signer is trusted for.
pub(super) fn keys(asked: &[policy::PolicySigner], given: &[GivenKey]) -> Vec<GivenKey> {
    let mut keys = given.to_vec();
    for signer in asked {
        let policy::PolicySigner::Key { key, window, .. } = signer else {
            continue;
        };
        keys.extend(key.spki().and_then(|spki| GivenKey::of(spki).ok()));
        if let Some((from, until)) = window.times() {
            let theirs = keys.iter_mut().filter(|one| one.id() == key.id());
            theirs.for_each(|one| one.limit(from, until));
        }
    }
    keys
}

/// The one identity, or the keys, that a bundle by itself is held against.
pub(super) fn expected(by: &Trust, is_by_key: bool) -> Option<Expected> {
    match by {
        Trust::Identity { identity, issuer } => Some(Expected::Identity {
            identity: identity.clone(),
            issuer: issuer.clone(),
        }),
        // The others among several signers may have a certificate.
        Trust::Signers(_) if !is_by_key => None,
        _ => {
            let keys = keys(&of(by), &[]);
            (!keys.is_empty()).then_some(Expected::Keys(keys))
        }
    }
}

/// True if whoever signed is one of those asked for; and the repository that provenance by them has to name.
pub(super) fn admitted(
    asked: &[policy::PolicySigner],
    signer: &BundleSigner,
) -> (bool, Option<String>) {
    let theirs = asked.iter().filter(|one| admits(one, signer));
    // One who is named without a source is enough.
    let source = theirs.map(policy::PolicySigner::source).min();
    (source.is_some(), source.flatten().map(str::to_owned))
}

/// Whether whoever signed is the signer that is asked for.
fn admits(asked: &policy::PolicySigner, signer: &BundleSigner) -> bool {
    match (asked, signer) {
        (
            policy::PolicySigner::Identity {
                identity: pattern,
                is_pattern: true,
                issuer,
                ..
            },
            BundleSigner::Certificate {
                identity,
                issuer: by,
                ..
            },
        ) => identity.fits(pattern, is_like) && by.as_ref() == Some(issuer),
        (
            policy::PolicySigner::Identity {
                identity, issuer, ..
            },
            _,
        ) => {
            let (identity, issuer) = (identity.clone(), issuer.clone());
            Expected::Identity { identity, issuer }.admits(signer)
        }
        (policy::PolicySigner::Key { key, .. }, BundleSigner::Key(id)) => key.id() == id,
        (
            policy::PolicySigner::Workflow {
                repository,
                workflow,
                ..
            },
            BundleSigner::Certificate {
                identity,
                issuer: Some(issuer),
                claims,
            },
        ) => {
            let [by, site] = GITHUB;
            let path = match workflow.as_deref() {
                // One that other repositories call is by its own repository.
                Some(path) if !path.starts_with('.') => [path, "@*"].concat(),
                Some(path) => [repository, "/", path, "@*"].concat(),
                None => [repository, "/*"].concat(),
            };
            let own = [site, repository].concat();
            let said = |name, own: &str| claims.iter().any(|(n, v)| *n == name && v == own);
            let known =
                said("sourceRepositoryUri", &own) || said("githubWorkflowRepository", repository);
            issuer == by
                && identity.kind == "uri"
                && known
                && is_like(&identity.name, &[site, &path].concat())
        }
        _ => false,
    }
}

/// True if a text is like a pattern, in which `*` is any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.cut(part) {
            Some((_, after)) => rest = after,
            None if part.is_empty() => {}
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Of signatures by whom the question asks for, whether they say that the image was built from where it has to be.
pub(super) fn built(good: &[CheckedSignature], premises: &[Source]) -> Option<Claim> {
    // One by somebody of whom nothing more is asked is enough.
    let wanted: Vec<&str> = good.iter().map_while(|one| one.source.as_deref()).collect();
    let (first, last) = (wanted.first()?, good.last()?);
    if wanted.len() < good.len() {
        return None;
    }
    let mut equal = None;
    for (one, wanted) in good.iter().zip(&wanted) {
        for said in sources(&one.verified) {
            if bare(said) != bare(wanted) {
                let text = "the signed source is not the one asked for";
                let expected = Seen::new(shortened(wanted), Source::given("the source"));
                let found = Seen::new(shortened(said), one.from.clone());
                let statement = Statement::note(Some(&one.target), Code::NotPublished, text);
                return Some(Claim::new(
                    statement,
                    Standing::contradicted(expected, found),
                ));
            }
            equal = Some((one, said));
        }
    }
    let (one, text, standing) = match equal {
        Some((one, said)) => {
            let from = [std::slice::from_ref(&one.from), premises].concat();
            (
                one,
                ["built from ", &shortened(said), ", as signed"].concat(),
                Standing::Proven(Proof::assertion(Check::Signature, from)),
            )
        }
        None => (
            last,
            [
                "no signature says that it was built from ",
                &shortened(first),
            ]
            .concat(),
            Standing::missing(Want::of("provenance, signed by the same")),
        ),
    };
    let statement = Statement::note(Some(&one.target), Code::SigstoreSource, text);
    Some(Claim::new(statement, standing))
}

/// The repositories that a signature names as the source: in the certificate, and in provenance.
fn sources(verified: &Verified) -> Vec<&str> {
    let mut found = Vec::new();
    if let Some(BundleSigner::Certificate { claims, .. }) = &verified.signer {
        found.extend(
            claims
                .iter()
                .filter(|(name, _)| *name == "sourceRepositoryUri"),
        );
    }
    if let Some(predicate) = &verified.predicate {
        let said = predicate.provenance.iter();
        found.extend(said.filter(|(name, _)| *name == "source"));
    }
    found.into_iter().map(|(_, said)| said.as_str()).collect()
}

/// A repository's address, however it is written: `git+https://github.com/acme/beacon.git@refs/heads/main`.
fn bare(address: &str) -> &str {
    let rest = address.cut("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("git@").unwrap_or(rest);
    // Before the path an `@` is after somebody's name.
    let host = rest.before_any("/").len();
    let path = rest.get(host..).unwrap_or_default().before_any("@#");
    let rest = rest.get(..host + path.len()).unwrap_or_default();
    let rest = rest.trim_end_matches('/');
    rest.strip_suffix(".git").unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_in_a_pattern_is_any_text_and_all_else_is_itself() {
        for (pattern, text, fits) in [
            ("a*", "a", true),
            ("a*", "ab@c", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*bc", "abc", true),
            ("ab*bc", "abc", false),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "axcxb", false),
            ("a**c", "abc", true),
            ("*@example.com", "x@example.com", true),
            ("*@example.com", "x@example.com.evil", false),
            ("a.c*", "abc", false),
            ("abc", "abc", true),
            ("abc", "abcd", false),
        ] {
            assert_eq!(is_like(text, pattern), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_repository_is_one_however_its_address_is_written() {
        for address in [
            "github.com/acme/beacon",
            "https://github.com/acme/beacon",
            "https://github.com/acme/beacon/",
            "git+https://github.com/acme/beacon.git@refs/heads/main",
            "git+ssh://git@github.com/acme/beacon.git@refs/tags/v1",
        ] {
            assert_eq!(bare(address), "github.com/acme/beacon");
        }
        for (one, other) in [
            ("https://github.com/acme/beacons", "github.com/acme/beacon"),
            ("git@github.com:acme/beacon.git", "git@evil.example:x/y.git"),
            (
                "https://github.com/acme/beacon",
                "https://github.com@evil.example/acme/beacon",
            ),
            ("ssh://git@github.com/acme", "ssh://git@evil.example/acme"),
            ("https://a.example@refs/x", "https://b.example@refs/x"),
            ("https://github.com", "https://github.com@evil.example"),
        ] {
            assert_ne!(bare(one), bare(other));
        }
    }
}
