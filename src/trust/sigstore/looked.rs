//! Where signatures of an image were looked for, and what is known of each place.

use crate::claim::{Claim, Code, Source};
use crate::limits;
use crate::text::shortened;

use super::places::{Requests, spots};
use super::{About, claims};

/// The claims about each place.
pub(super) fn looked(about: &About) -> Vec<Claim> {
    let mut told: Vec<(Code, String, &str)> = Vec::new();
    for spot in spots(about) {
        let (code, why) = match (spot.why, spot.read) {
            _ if spot.found => (Code::SigstoreFound, ""),
            (Some("not-found" | "other-bytes"), _) | (None, Some(true)) => (Code::SigstoreNone, ""),
            (Some(why), _) => (Code::SigstoreUnread, why),
            (None, Some(false)) => (Code::SigstoreUnread, "not all that it lists is here"),
            (None, None) => (Code::SigstoreUnasked, ""),
        };
        // Of several that have one name, each outcome once; where some have one, it is of no use that others have none.
        let known = |codes: &[Code]| {
            told.iter()
                .any(|one| codes.contains(&one.0) && one.1 == spot.name)
        };
        if known(&[code]) || (code == Code::SigstoreNone && known(&[Code::SigstoreFound])) {
            continue;
        }
        if code == Code::SigstoreFound {
            told.retain(|one| one.0 != Code::SigstoreNone || one.1 != spot.name);
        }
        told.push((code, spot.name, why));
    }
    let left = Requests::of(about).left();
    if left > 0 {
        let text = format!(
            "{left} lists, manifests or signatures past the limits of {} requests and {} parts",
            limits::SIGNATURE_REQUESTS,
            limits::SIGNED_PARTS,
        );
        told.push((Code::SigstoreUnread, text, "not looked at"));
    }
    let root = about.chain.root.as_ref().map(|(root, _)| root);
    let from = Source::given("the evidence");
    let claim = |(code, what, why): (Code, String, &str)| {
        let (before, after) = match code {
            Code::SigstoreFound => ("signatures are in ", ""),
            Code::SigstoreNone => ("no signature is in ", ""),
            Code::SigstoreUnread => ("", " could not be read: "),
            _ => ("nobody looked in ", ""),
        };
        let text = [before, &what, after, &shortened(why)].concat();
        claims::said(root, code.word(), text, &from)
    };
    told.into_iter().map(claim).collect()
}
