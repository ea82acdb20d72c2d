//! Wants, each once.

use std::collections::BTreeSet;

use super::{Claim, Standing, Want};

/// Wants in the order in which they came, each once, however many there are.
#[derive(Debug, Default)]
pub(crate) struct Wants {
    all: Vec<Want>,
    seen: BTreeSet<Want>,
}

impl Wants {
    /// What the missing ones among these claims want.
    pub(crate) fn of<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Self {
        let mut wants = Wants::default();
        for claim in claims {
            if let Standing::Missing { want } = &claim.standing {
                wants.add(want);
            }
        }
        wants
    }

    /// Adds a want, unless it is there: whether it was added.
    pub(crate) fn add(&mut self, want: &Want) -> bool {
        let new = self.seen.insert(want.clone());
        if new {
            self.all.push(want.clone());
        }
        new
    }

    pub(crate) fn contains(&self, want: &Want) -> bool {
        self.seen.contains(want)
    }

    /// Leaves those out that are like this.
    pub(crate) fn leave_out(&mut self, like: impl Fn(&Want) -> bool) {
        self.all.retain(|want| !like(want));
        self.seen.retain(|want| !like(want));
    }

    pub(crate) fn into_vec(self) -> Vec<Want> {
        self.all
    }
}

impl<'a> Extend<&'a Want> for Wants {
    fn extend<T: IntoIterator<Item = &'a Want>>(&mut self, wants: T) {
        for want in wants {
            self.add(want);
        }
    }
}
