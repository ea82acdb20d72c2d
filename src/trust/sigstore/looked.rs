//! Where signatures of an image were looked for, and what is known of each place.

use crate::chain::Held;
use crate::claim::{Claim, Code, Listing, Source};
use crate::digest::Digest;
use crate::limits;
use crate::registry::address;
use crate::text::shortened;

use super::places::{Requests, is_at, is_signature, parts, repositories, tags};
use super::{About, claims};

/// A place: its name, its address, whether signatures are there, and whether it was read: all of it, or not all.
type Spot = (String, String, bool, Option<bool>);

/// The claims about each place.
pub(super) fn looked(about: &About) -> Vec<Claim> {
    let Some((root, _)) = &about.chain.root else {
        return Vec::new();
    };
    let evidence = about.evidence;
    let mut told: Vec<(Code, String, &str)> = Vec::new();
    for (what, url, here, listed) in places(about, root) {
        let place = evidence.places.iter().find(|(place, _)| *place == url);
        let (code, why) = match place.map(|(_, code)| code.as_str()) {
            _ if here => (Code::SigstoreFound, ""),
            Some("not-found" | "other-bytes") => (Code::SigstoreNone, ""),
            Some(why) => (Code::SigstoreUnread, why),
            None => match listed {
                Some(true) => (Code::SigstoreNone, ""),
                Some(false) => (Code::SigstoreUnread, "not all that it lists is here"),
                None => (Code::SigstoreUnasked, ""),
            },
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
    let claim = |(code, what, why): (Code, String, &str)| {
        let (before, after) = match code {
            Code::SigstoreFound => ("signatures are in ", ""),
            Code::SigstoreNone => ("no signature is in ", ""),
            Code::SigstoreUnread => ("", " could not be read: "),
            _ => ("nobody looked in ", ""),
        };
        let text = [before, &what, after, &shortened(why)].concat();
        claims::said(Some(root), code.word(), text, &from)
    };
    let mut all: Vec<Claim> = told.into_iter().map(claim).collect();
    let left = Requests::of(about).left();
    if let Some(first) = left.first() {
        let more = left.len() - 1;
        let text = format!(
            "past the limits of {} requests and {} parts, so not looked at: {}, and {more} more",
            limits::SIGNATURE_REQUESTS,
            limits::SIGNED_PARTS,
            first.hint
        );
        let code = Code::SigstoreUnread.word();
        all.push(claims::said(Some(root), code, text, &from));
    }
    all
}

/// Every place.
fn places(about: &About, root: &Digest) -> Vec<Spot> {
    let evidence = about.evidence;
    let holds = |digest: &Digest| {
        let held = evidence.pool.get(digest);
        held.is_some_and(|held| is_signature(&held.view))
    };
    let mut all = Vec::new();
    for at in repositories(about) {
        let own = at.same_repository(&about.chain.reference);
        let name = |name: &str| match own {
            true => name.to_owned(),
            false => [name, " in ", at.registry(), "/", at.repository()].concat(),
        };
        let parts = parts(about).into_iter().take(limits::SIGNED_PARTS);
        for (place, of) in [root].into_iter().chain(parts).enumerate() {
            let url = address::referrers(at, of);
            let mut lists = evidence.referrers.iter();
            let list = lists.find(|list| list.is_for(of, &url));
            let what = match list.map(|list| list.by) {
                _ if place > 0 => "the lists of what refers to its parts",
                Some(Listing::FallbackTag) => "the fallback tag of what refers to it",
                _ => "the list of what refers to it",
            };
            let here = list.is_some_and(|list| list.entries.iter().any(holds));
            let is_held = |digest: &Digest| evidence.pool.get(digest).is_some();
            let read = list.map(|list| list.entries.iter().all(is_held));
            all.push((name(what), url, here, read));
        }
        let names = [
            "the tag of cosign's signatures",
            "the tag of cosign's attestations",
        ];
        for (tag, what) in tags(at, root).iter().zip(names) {
            let here = |held: &Held| held.sources.iter().any(|source| is_at(source, tag));
            let here = evidence.pool.iter().any(here);
            all.push((name(what), address::manifest(tag), here, None));
        }
    }
    all
}
