//! The releases, as docker decides: the entries of `targets` count as long as `targets/releases`
//! does not say, and could not say, something else.

use crate::claim::{Claim, Code, Seen, Standing, Statement};
use crate::text::shortened;
use crate::tuf::Target;

use super::{RELEASED, Weighing};

impl Weighing<'_> {
    /// Whether what is released says one thing: of a tag one digest in both roles, also where it is
    /// asked for by one of two; and of a digest one length and one of each other hash.
    pub(super) fn differ(&mut self, found: &[&Target]) {
        let released = |other: &&Target| RELEASED.contains(&other.role.as_str());
        for target in found {
            let of_tag = |other: &&Target| other.tag == target.tag;
            let all = self.checked.targets.iter();
            let others = all.filter(released).filter(of_tag);
            let apart = others.chain(found.iter().copied()).find_map(|other| {
                let (code, text) = difference(target, other)?;
                Some((code, text, other))
            });
            let Some((code, text, other)) = apart else {
                continue;
            };
            let seen = |target: &Target| {
                let value = match (&target.sha512, code) {
                    (Some(sha512), Code::DctSha512) => sha512,
                    _ => &target.digest,
                };
                let (tag, role) = (shortened(&target.tag), &target.role);
                let value = format!("{value} of {} bytes for {tag} in {role}", target.length);
                Seen::new(value, self.asked.from.clone())
            };
            let standing = Standing::contradicted(seen(target), seen(other));
            let claim = Claim::new(Statement::note(None, code, text.to_owned()), standing);
            return self.word.rests.push(claim);
        }
    }

    /// Says where the releases, which docker reads first, are not here as far as there are any.
    pub(super) fn releases(&mut self) {
        if self.has_releases() {
            return;
        }
        let text = "targets/releases may say something else of the tag: docker reads it first, and \
                    no snapshot says that it is not there or is the one here";
        let hint = "targets/releases and the snapshot, as the notary server had them";
        self.open(Code::DctReleases, text.to_owned(), hint);
    }

    fn has_releases(&self) -> bool {
        let [releases, _] = RELEASED;
        let mut delegations = self.checked.delegations.iter();
        if !delegations.any(|(role, _)| role == releases) {
            return true;
        }
        // A file that a snapshot names and that is not here is a fault.
        let mut faults = self.checked.faults.iter();
        self.role("snapshot").is_some() && !faults.any(|fault| fault.role == releases)
    }
}

/// What two released entries of one tag or one digest say that cannot both be.
fn difference(a: &Target, b: &Target) -> Option<(Code, &'static str)> {
    let sha512 = a.sha512.as_ref().zip(b.sha512.as_ref());
    if a.digest != b.digest {
        Some((Code::DctTwoDigests, "the tag is two digests in two roles"))
    } else if a.length != b.length {
        Some((Code::DctLength, "what is signed has two lengths"))
    } else if sha512.is_some_and(|(a, b)| a != b) {
        Some((Code::DctSha512, "what is signed has two SHA-512"))
    } else {
        None
    }
}
