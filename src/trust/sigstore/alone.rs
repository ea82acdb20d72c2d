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

use super::signers::{admitted, built, expected, of};
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
/// The bundle cannot be read, or the question is not about a signature.
pub fn verify_bundle(
    bundle: &[u8],
    artifact: Artifact,
    by: Option<&Trust>,
    root: &TrustedRoot,
    now: UnixTime,
) -> Result<BundleReport, Error> {
    let bundle = Bundle::read(bundle)?;
    let signers = match by {
        Some(by @ (Trust::Identity { .. } | Trust::Keys(_) | Trust::Signers(_))) => of(by),
        _ => Vec::new(),
    };
    if by.is_some() && signers.is_empty() {
        let expected = "signers, an identity with its issuer, or keys in PEM";
        return Err(wrong(expected, "another"));
    }
    let expected = by.and_then(|by| expected(by, bundle.is_by_key()));
    let asked = BundleQuestion {
        artifact,
        root,
        by: expected.as_ref(),
        now,
    };
    let target = match artifact {
        Artifact::Bytes(bytes) => Digest::sha256(bytes),
        Artifact::Digest(digest) => digest.clone(),
    };
    let verified = verify(&bundle, &asked);
    let signer = verified.signer.as_ref();
    let admitted = signer.map(|signer| admitted(&signers, signer));
    let (admitted, source) = admitted.unwrap_or_default();
    let checked = CheckedSignature {
        target,
        verified: Rc::new(verified),
        root: claims::root(root),
        from: Source::pasted(super::TOOL),
        admitted,
        source,
    };
    let details = claims::details(&checked);
    let by_key = bundle.is_by_key() && expected.is_none();
    let (checked, mut found) = rests(checked, by, by_key);
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

/// The claims that the verdict is the weakest of. `by_key`: it is by a key, and nobody asked for has one.
fn rests(
    checked: CheckedSignature,
    by: Option<&Trust>,
    by_key: bool,
) -> (CheckedSignature, Vec<Claim>) {
    let premise = by.map(claims::premise);
    let mut premises = vec![checked.root.clone()];
    premises.extend(premise.clone());
    let all = [checked];
    let origin = built(&all, &premises);
    let [checked] = all;
    let mut found = vec![claims::signs(&checked, premise.as_ref())];
    if by.is_none() {
        let text = "nobody was named who should have signed";
        let statement = Statement::note(Some(&checked.target), Code::Unsigned, text);
        let missing = Want::of("the identity and its issuer, or the key");
        found.push(Claim::new(statement, Standing::missing(missing)));
    } else if !checked.admitted {
        found.extend(claims::not_theirs(&checked, by_key));
    }
    found.extend(origin);
    (checked, found)
}

fn headline(checked: &CheckedSignature, verdict: Verdict) -> String {
    let signer = match &checked.verified.signer {
        Some(BundleSigner::Certificate { identity, .. }) => shortened(&identity.name),
        Some(BundleSigner::Key(id)) => format!("the key {id}"),
        None => "somebody".to_owned(),
    };
    let end = match verdict {
        Verdict::Proven => "",
        Verdict::Contradicted if !is_theirs(checked) => {
            return "The signature does not hold".to_owned();
        }
        Verdict::Contradicted if checked.admitted => ", but not built from the source you named",
        Verdict::Contradicted => ", not by a signer that you named",
        _ if !checked.verified.holds() => {
            return "Not known whether the signature holds".to_owned();
        }
        _ if checked.admitted => "; the source is not signed",
        _ => "; nobody was asked for",
    };
    ["Signed by ", &signer, end].concat()
}

/// True if the signature is that of its signer, whoever was asked for.
fn is_theirs(checked: &CheckedSignature) -> bool {
    let verified = &checked.verified;
    let reasons = verified.reasons();
    let mut others = reasons
        .iter()
        .filter(|rule| !matches!(**rule, "identity" | "issuer"));
    verified.signer.is_some() && others.next().is_none()
}
