//! The platform that a question is limited to: an answer is about it only where the image has it.

use crate::chain::{Chain, want_document};
use crate::claim::{Claim, Code, Seen, Source, Standing, Statement, Want};
use crate::platform::Platform;
use crate::record::Record;
use crate::text::joined;

/// Claims that an image is not for a platform, or not known to be. The platform of a single
/// manifest is in its configuration.
pub(super) fn without(evidence: &Record, chain: &Chain, only: &Platform) -> Option<Claim> {
    if chain.has(only) {
        return None;
    }
    let unknown = chain.images.iter().find(|image| image.platform.is_none());
    let (text, standing) = match (unknown, &chain.root) {
        (Some(image), _) => {
            let want = image.unread(&evidence.pool, &chain.reference);
            let none = || Want::of(format!("an image that says that it is for {only}"));
            let want = want.unwrap_or_else(none);
            ("is not known to be for", Standing::missing(want))
        }
        (None, Some((_, standing))) if chain.complete => {
            let expected = Seen::new(only.to_string(), Source::given("the question"));
            let by = standing.sources().last().copied().cloned();
            let by = by.unwrap_or_else(|| Source::given("the evidence"));
            let found = Seen::new(named(chain), by);
            ("has nothing for", Standing::contradicted(expected, found))
        }
        (None, root) => {
            let digest = root.as_ref().map(|(digest, _)| digest);
            let want = want_document(&chain.reference, digest);
            ("is not known to be for", Standing::missing(want))
        }
    };
    let statement = Statement::note(
        None,
        Code::PlatformAbsent,
        format!("{} {text} {only}", chain.reference),
    );
    Some(Claim::new(statement, standing))
}

/// Platforms that are listed before the others are left out.
const NAMED: usize = 20;

/// The platforms of an image.
fn named(chain: &Chain) -> String {
    let names = chain.images.iter().filter_map(crate::chain::Image::name);
    let mut names: Vec<String> = names.take(NAMED).collect();
    if chain.images.len() > NAMED {
        names.push("…".to_owned());
    }
    match names.as_slice() {
        [] => "no image".to_owned(),
        names => joined(names, ", "),
    }
}
