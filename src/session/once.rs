//! What is there already, so that each thing is told once however many there are.

use serde::Serialize;

use crate::claim::{Claim, Standing, Want};
use crate::digest::ByText;
use crate::json;

/// Things that came, known by what they look like when they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Once(ByText<()>);

impl Once {
    /// All of these.
    pub(super) fn of<'a, T: Serialize + 'a>(all: impl IntoIterator<Item = &'a T>) -> Self {
        let mut once = Once::default();
        for one in all {
            once.add(one);
        }
        once
    }

    /// Adds one: whether it is new.
    pub(super) fn add<T: Serialize>(&mut self, one: &T) -> bool {
        self.0.insert(&text(one), ())
    }

    pub(super) fn has<T: Serialize>(&self, one: &T) -> bool {
        self.0.get(&text(one)).is_some()
    }
}

fn text<T: Serialize>(one: &T) -> String {
    json::write(one).unwrap_or_default()
}

/// What the missing ones among these claims want, each once.
pub(super) fn missing(claims: &[Claim]) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    let mut known = Once::default();
    for claim in claims {
        if let Standing::Missing { want } = &claim.standing
            && known.add(want)
        {
            wants.push(want.clone());
        }
    }
    wants
}
