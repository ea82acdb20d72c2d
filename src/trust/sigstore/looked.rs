//! Where signatures of an image were looked for, and what is known of each place.

use crate::chain::Held;
use crate::claim::{Claim, Code, Listing, Source};
use crate::digest::Digest;
use crate::registry::address;
use crate::text::shortened;

use super::places::{is_at, is_signature, parts, tags};
use super::{About, claims};

/// A place: its name, its address, and whether signatures are there, or it was read at least.
type Spot = (&'static str, String, bool, bool);

/// The claims about each place.
pub(super) fn looked(about: &About) -> Vec<Claim> {
    let Some((root, _)) = &about.chain.root else {
        return Vec::new();
    };
    let evidence = about.evidence;
    let mut told: Vec<(Code, &str, &str)> = Vec::new();
    for (what, url, here, listed) in places(about, root) {
        let place = evidence.places.iter().find(|(place, _)| *place == url);
        let (code, why) = match place.map(|(_, code)| code.as_str()) {
            _ if here => (Code::SigstoreFound, ""),
            Some("not-found" | "other-bytes") => (Code::SigstoreNone, ""),
            None if listed => (Code::SigstoreNone, ""),
            Some(why) => (Code::SigstoreUnread, why),
            None => (Code::SigstoreUnasked, ""),
        };
        // Of several that have one name, each outcome once; where some have one, it is of no use that others have none.
        let known = |codes: &[Code]| {
            told.iter()
                .any(|one| codes.contains(&one.0) && one.1 == what)
        };
        if known(&[code]) || (code == Code::SigstoreNone && known(&[Code::SigstoreFound])) {
            continue;
        }
        if code == Code::SigstoreFound {
            told.retain(|one| one.0 != Code::SigstoreNone || one.1 != what);
        }
        told.push((code, what, why));
    }
    let from = Source::given("the evidence");
    let claim = |(code, what, why): (Code, &str, &str)| {
        let (before, after) = match code {
            Code::SigstoreFound => ("signatures are in ", ""),
            Code::SigstoreNone => ("no signature is in ", ""),
            Code::SigstoreUnread => ("", " could not be read: "),
            _ => ("nobody looked in ", ""),
        };
        let text = [before, what, after, &shortened(why)].concat();
        claims::said(Some(root), code.word(), text, &from)
    };
    told.into_iter().map(claim).collect()
}

/// Every place.
fn places(about: &About, root: &Digest) -> Vec<Spot> {
    let (evidence, image) = (about.evidence, &about.chain.reference);
    let list = |of: &Digest| evidence.referrers.iter().find(|(target, ..)| target == of);
    let holds = |digest: &Digest| {
        let held = evidence.pool.get(digest);
        held.is_some_and(|held| is_signature(&held.view))
    };
    let name = match list(root) {
        Some((.., Listing::FallbackTag)) => "the fallback tag of what refers to it",
        _ => "the list of what refers to it",
    };
    let mut all = Vec::new();
    for (at, of) in [root].into_iter().chain(parts(about)).enumerate() {
        let listed = list(of);
        let here = listed.is_some_and(|(_, entries, _)| entries.iter().any(holds));
        let name = if at == 0 {
            name
        } else {
            "the lists of what refers to its parts"
        };
        all.push((name, address::referrers(image, of), here, listed.is_some()));
    }
    let names = [
        "the tag of cosign's signatures",
        "the tag of cosign's attestations",
    ];
    for (at, name) in tags(image, root).iter().zip(names) {
        let here = |held: &Held| held.sources.iter().any(|source| is_at(source, at));
        let here = evidence.pool.iter().any(here);
        all.push((name, address::manifest(at), here, false));
    }
    all
}
