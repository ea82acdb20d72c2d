//! What would settle an answer, each want once.

use std::collections::BTreeSet;

use crate::claim::{Claim, Standing, Want};

/// What the missing ones among these claims want, each once.
pub(super) fn missing(claims: &[Claim]) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    for claim in claims {
        if let Standing::Missing { want } = &claim.standing {
            wants.push(want.clone());
        }
    }
    each_once(wants)
}

/// Wants in their order, without those that came before.
pub(super) fn each_once(mut wants: Vec<Want>) -> Vec<Want> {
    let mut seen = BTreeSet::new();
    let new: Vec<bool> = wants.iter().map(|want| seen.insert(want)).collect();
    let mut new = new.into_iter();
    wants.retain(|_| new.next().unwrap_or_default());
    wants
}
