//! One signature of one artifact, by itself.

use std::rc::Rc;

use serde::Serialize;

use crate::claim::{Claim, Code, Standing, Statement, Verdict, Want};
use crate::digest::Digest;
use crate::error::Error;
use crate::question::{Trust, wrong};
use crate::sigstore::{Artifact, Bundle, BundleQuestion, BundleSigner, TrustedRoot, verify};
use crate::text::shortened;
use crate::time::{UnixTime, written};

use super::signers::expected;
use super::{CheckedSignature, Source, claims};

/// What there is to say of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleReport {
    /// The weakest standing among the claims that it rests on.
    pub verdict: Verdict,
    /// The answer in a few words, which cannot be taken for more than the verdict.
    pub headline: String,
    /// So many of the claims, the first, are those that the verdict is the weakest of.
    pub rests: usize,
    /// All claims; the others are the checks, one by one.
    pub claims: Vec<Claim>,
    /// When it was signed or before, as far as that was checked.
    seen: Vec<SeenBy>,
    root: RootUsed,
}

#[derive(Debug, Serialize)]
struct SeenBy {
    at: String,
    by: String,
}

#[derive(Debug, Serialize)]
struct RootUsed {
    name: String,
    digest: Digest,
}

/// Checks a bundle. Without anybody who should have signed it is found who did, and nothing is proven.
///
/// # Errors
/// The bundle or the root cannot be read, or the question is not about a signature.
pub fn verify_bundle(
    bundle: &[u8],
    artifact: Artifact,
    by: Option<&Trust>,
    root: Option<&[u8]>,
    now: UnixTime,
) -> Result<BundleReport, Error> {
    let bundle = Bundle::read(bundle)?;
    let root = match root {
        Some(bytes) => TrustedRoot::read(bytes, "the trusted root given")?,
        None => TrustedRoot::public_good()?,
    };
    let expected = match by {
        Some(by) => {
            let found = expected(by);
            let wrong = || wrong("an identity with its issuer, or keys in PEM", "another");
            Some(found.ok_or_else(wrong)?)
        }
        None => None,
    };
    let asked = BundleQuestion {
        artifact,
        root: &root,
        by: expected.as_ref(),
        now,
    };
    let target = match artifact {
        Artifact::Bytes(bytes) => Digest::sha256(bytes),
        Artifact::Digest(digest) => digest.clone(),
    };
    let checked = CheckedSignature {
        target,
        verified: Rc::new(verify(&bundle, &asked)),
        from: Source::pasted(super::TOOL),
        admitted: by.is_some(),
        source: None,
    };
    let mut premises = vec![claims::root(&root)];
    let details = claims::details(&checked, &premises);
    premises.extend(by.map(claims::premise));
    let mut found = vec![claims::signs(&checked, premises)];
    if by.is_none() {
        let text = "nobody was named who should have signed";
        let statement = Statement::note(Some(&checked.target), Code::Unsigned, text);
        let missing = Want::of("the identity and its issuer, or the key");
        found.push(Claim::new(statement, Standing::missing(missing)));
    }
    let verdict = Verdict::weakest(found.iter().map(|claim| &claim.standing));
    let rests = found.len();
    found.extend(details);
    let seen = checked.verified.seen.iter().map(|seen| SeenBy {
        at: written(seen.at.0),
        by: seen.by.clone(),
    });
    Ok(BundleReport {
        verdict,
        headline: headline(&checked, verdict),
        rests,
        claims: found,
        seen: seen.collect(),
        root: RootUsed {
            name: root.name.clone(),
            digest: root.digest.clone(),
        },
    })
}

fn headline(checked: &CheckedSignature, verdict: Verdict) -> String {
    let signer = match &checked.verified.signer {
        Some(BundleSigner::Certificate { identity, .. }) => shortened(&identity.name),
        Some(BundleSigner::Key(id)) => format!("the key {id}"),
        None => "somebody".to_owned(),
    };
    match verdict {
        Verdict::Proven => format!("Signed by {signer}"),
        Verdict::Contradicted => "The signature does not hold".to_owned(),
        _ if checked.verified.holds() => format!("Signed by {signer}; nobody was asked for"),
        _ => "Not known whether the signature holds".to_owned(),
    }
}
