//! The results for signatures, as claims.

use crate::claim::{
    Check, Claim, Code, Proof, Seen, Signatory, Source, Standing, Statement, Want, WantKind,
    Witnessed,
};
use crate::digest::Digest;
use crate::error::Error;
use crate::limits;
use crate::question::Trust;
use crate::sigstore::{BundleSigner, RuleOutcome, RuleWant, TrustedRoot, Verified};
use crate::text::shortened;
use crate::time::written;

use super::CheckedSignature;

/// Cosign's statement about an image that it signs, where it does not say anything else.
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";

/// How the types of attestations begin that say where an artifact comes from.
const ORIGIN: [&str; 2] = [
    "https://slsa.dev/provenance/",
    "https://in-toto.io/attestation/release/",
];

/// Whether whoever signed says by it that the artifact is theirs.
pub(super) fn vouches(verified: &Verified) -> bool {
    let predicate = verified.predicate.as_ref();
    is_origin(predicate.map(|predicate| predicate.kind.as_str()))
}

/// True if a signature itself, or a signed statement of this type, says that the artifact is the signer's.
pub(crate) fn is_origin(predicate: Option<&str>) -> bool {
    predicate
        .is_none_or(|kind| kind == SIGNED || ORIGIN.iter().any(|known| kind.starts_with(known)))
}

/// The premise of a signature that was asked for, beside the root.
pub(super) fn premise(by: &Trust) -> Source {
    match by {
        Trust::Policy(policy) => {
            Source::given(&["the policy of ", &shortened(policy.project())].concat())
        }
        Trust::Keys(_) => Source::given("the key"),
        Trust::Digests(_) | Trust::Identity { .. } => Source::given("the identity and its issuer"),
        Trust::Signers(_) => Source::given("the signer"),
    }
}

/// The premise of every certificate, entry and timestamp.
pub(super) fn root(root: &TrustedRoot) -> Source {
    Source::given(&[&root.name, ", ", root.digest.as_str()].concat())
}

/// The claim of who signed what, as far as it is known. `asked`: the premise that they were asked for.
pub(super) fn signs(checked: &CheckedSignature, asked: Option<&Source>) -> Claim {
    let by = match &checked.verified.signer {
        Some(BundleSigner::Certificate {
            identity, issuer, ..
        }) => {
            let issuer = issuer.as_deref().map_or("none".to_owned(), shortened);
            Signatory::identity(shortened(&identity.name), issuer)
        }
        Some(BundleSigner::Key(id)) => Signatory::key(id.as_str()),
        None if checked.verified.reasons() == ["key"] => Signatory::named("a key that is not here"),
        None => Signatory::named("somebody who is not known"),
    };
    let predicate = checked.verified.predicate.as_ref();
    let seen = checked.verified.seen.iter().map(|seen| Witnessed {
        at: written(seen.at.0),
        by: shortened(&seen.by),
    });
    let statement = Statement::Signs {
        digest: checked.target.clone(),
        tag: None,
        by,
        predicate: predicate.map(|predicate| shortened(&predicate.kind)),
        seen: seen.collect(),
    };
    Claim::new(statement, standing(checked, asked))
}

/// The weakest of what was checked.
fn standing(checked: &CheckedSignature, asked: Option<&Source>) -> Standing {
    let mut from = vec![checked.from.clone(), checked.root.clone()];
    from.extend(asked.cloned());
    let mut weakest = Standing::Proven(Proof::assertion(Check::Signature, from));
    for finding in &checked.verified.findings {
        let other = match &finding.outcome {
            RuleOutcome::Fails { expected, found } => fails(expected, found, &checked.from),
            RuleOutcome::Unknown { wanted, .. } => Standing::missing(want(*wanted)),
            RuleOutcome::Holds(_) | RuleOutcome::Unused(_) => continue,
        };
        // Of several that are as weak, the first.
        weakest = weakest.and(other);
    }
    weakest
}

/// The want for a rule that could not be applied.
fn want(wanted: RuleWant) -> Want {
    match wanted {
        RuleWant::NewerRoot => Want {
            what: WantKind::TrustedRoot,
            ..Want::of("a newer trusted root")
        },
        RuleWant::Words(words) => Want::of(words),
    }
}

fn fails(expected: &str, found: &str, from: &Source) -> Standing {
    let expected = Seen::new(expected, Source::given("the rules of Sigstore"));
    Standing::contradicted(expected, Seen::new(found, from.clone()))
}

/// Each check, and what else the signature says.
pub(super) fn details(checked: &CheckedSignature) -> Vec<Claim> {
    let target = Some(&checked.target);
    let from = &checked.from;
    let mut claims = Vec::new();
    for finding in &checked.verified.findings {
        let code = ["sigstore-", finding.rule].concat();
        let (text, standing) = match &finding.outcome {
            RuleOutcome::Fails { expected, found } => (
                format!("expected {expected}, found {found}"),
                fails(expected, found, from),
            ),
            RuleOutcome::Holds(text) => {
                let from = vec![from.clone(), checked.root.clone()];
                let proof = Proof::assertion(Check::Signature, from);
                (text.clone(), Standing::Proven(proof))
            }
            RuleOutcome::Unknown { text, wanted } => {
                (text.clone(), Standing::missing(want(*wanted)))
            }
            RuleOutcome::Unused(text) => (text.clone(), Standing::stated(from.clone())),
        };
        claims.push(Claim::new(Statement::told(target, &code, text), standing));
    }
    // What is signed is told only where the signature holds: else anybody could have written it.
    if checked.verified.holds() {
        claims.extend(content(checked));
    }
    claims
}

/// The claims of whoever signed about the artifact, and those of their certificate about them.
fn content(checked: &CheckedSignature) -> Vec<Claim> {
    let verified = &checked.verified;
    let mut claims = Vec::new();
    let mut say = |code, text| claims.push(said(Some(&checked.target), code, text, &checked.from));
    let pair = |(name, value): &(&str, String)| [name, ": ", &shortened(value)].concat();
    if let Some(predicate) = &verified.predicate {
        let kind = shortened(&predicate.kind);
        let text = if vouches(verified) {
            format!("signed as a statement of the type {kind}")
        } else {
            format!("an attestation of the type {kind}, which does not say who published it")
        };
        say("sigstore-predicate", text);
        for one in &predicate.provenance {
            say("sigstore-provenance", pair(one));
        }
    }
    if let Some(name) = &verified.name {
        let text = format!("the signed payload names it {}", shortened(name));
        say(Code::ClaimedReference.word(), text);
    }
    if let Some(BundleSigner::Certificate { claims, .. }) = &verified.signer {
        for one in claims {
            say("sigstore-certificate", pair(one));
        }
    }
    claims
}

/// Something that a signature, or a file, says.
pub(super) fn said(about: Option<&Digest>, code: &str, text: String, from: &Source) -> Claim {
    Claim::new(
        Statement::told(about, code, text),
        Standing::stated(from.clone()),
    )
}

/// That only so many signatures are looked at.
pub(super) fn too_many(from: &Source) -> Claim {
    let text = format!("only the first {} signatures are checked", limits::BUNDLES);
    said(None, Code::LimitExceeded.word(), text, from)
}

/// That a signature could not be read.
pub(super) fn unread(error: &Error, from: &Source) -> Claim {
    let text = ["a signature cannot be read: ", &error.to_string()].concat();
    Claim::new(
        Statement::error(None, error, text),
        Standing::stated(from.clone()),
    )
}

/// A claim that the signer is nobody who was asked for, if it is known who signed. `by_key`: a key signed, and nobody
/// who was asked for has one.
pub(super) fn not_theirs(checked: &CheckedSignature, by_key: bool) -> Option<Claim> {
    let found = match &checked.verified.signer {
        Some(BundleSigner::Certificate { identity, .. }) => shortened(&identity.name),
        Some(BundleSigner::Key(id)) => ["the key ", id].concat(),
        None if by_key => "a key".to_owned(),
        None => return None,
    };
    let text = "the signer is not the one asked for";
    let statement = Statement::note(Some(&checked.target), Code::NotPublished, text);
    let expected = Seen::new("a signer that was named", Source::given("the signer"));
    let found = Seen::new(found, checked.from.clone());
    let standing = Standing::contradicted(expected, found);
    Some(Claim::new(statement, standing))
}

/// That nobody who is asked for signed, as far as is known.
pub(super) fn unsigned(root: Option<&Digest>) -> Claim {
    let text = "no signature by the signer that was named";
    let statement = Statement::note(root, Code::Unsigned, text);
    Claim::new(
        statement,
        Standing::missing(Want::of("a signature by them")),
    )
}
