//! Which images of two sides are held against each other, and what only one side has.

use crate::chain::{Chain, Image};
use crate::claim::{Claim, Standing, Statement, Verdict, Want};
use crate::platform::Platform;

use super::entries::Found;
use super::{Comparer, Comparison};

impl Comparer<'_> {
    /// Each image of the left side, or what clients take of it for one platform, against what the
    /// right side has for it; and what else clients take there, against what they take here.
    pub(super) fn platforms(&self, only: Option<&Platform>, found: &mut Comparison) {
        let all = |side: &Chain| (0..side.images.len()).collect();
        let taken = |side: &Chain| only.map_or_else(|| all(side), |only| side.taken(only));
        let (left, right): (Vec<usize>, Vec<usize>) = (taken(self.left), taken(self.right));
        let mut asked = vec![false; self.left.images.len()];
        let (first, first_right) = (left.first().copied(), right.first().copied());
        for at in left {
            let Some(image) = self.lefts.image(at) else {
                continue;
            };
            if let Some(asked) = asked.get_mut(at) {
                *asked = true;
            }
            // Another variant than the one asked for need not be on the right side, unless it is the
            // first: that is what clients take which ask for none.
            let only_this = only.filter(|only| first != Some(at) && self.has(only));
            self.left_image(image, (only, only_this), found);
        }
        if let (None, Some(only)) = (first, only) {
            let reasons = vec![format!(
                "{} is not known to have {only}",
                self.left.reference
            )];
            let root = self.left.root.as_ref().map(|(digest, _)| digest);
            let want = crate::chain::want_document(&self.left.reference, root);
            let missing = self.missing(Some(only.to_string()), reasons, want);
            found.wants.extend(self.roots_wanted());
            found.rests.push(missing);
        }
        let counts = |at: &usize| asked.get(*at).copied().unwrap_or_default();
        for at in right {
            let Some(other) = self.rights.image(at) else {
                continue;
            };
            if self
                .lefts
                .for_same(other, self.right.images.len())
                .is_some()
            {
                continue;
            }
            // Clients that ask for no build of Windows take the first, or the newest.
            let build = other
                .platform
                .as_ref()
                .is_some_and(|p| !p.build().is_empty());
            let any = first.filter(|_| only.is_some() && (build || first_right == Some(at)));
            let instead = self.lefts.instead_of(&self.rights, at).filter(counts);
            let instead = instead.or(any).and_then(|at| self.lefts.image(at));
            let claim = match instead {
                Some(image) => self.stands_in(image, other, &mut found.wants),
                None => self.unknown_on_right(other),
            };
            match claim {
                Some(claim) => found.rests.push(claim),
                None => found.beside.push(only_on(self.right, other, "only-right")),
            }
        }
    }

    /// That an image of the right side may be for a platform of the left side, as long as a document
    /// is missing that says which it is for.
    fn unknown_on_right(&self, other: &Image) -> Option<Claim> {
        if other.platform.is_some() {
            return None;
        }
        let want = self.right.want_platform(self.pool, other);
        want.digest.as_ref()?;
        let text = "the platform of an image is not known";
        let reasons = vec![format!("{text} in {}", self.right.reference)];
        Some(self.missing(None, reasons, want))
    }

    fn left_image(
        &self,
        image: &Image,
        (only, only_this): (Option<&Platform>, Option<&Platform>),
        found: &mut Comparison,
    ) {
        let there = self.on_right(image);
        if only.is_some() && image.platform.is_none() {
            let want = self.left.want_platform(self.pool, image);
            let text = "the platform of an image is not known";
            let reasons = vec![format!("{text} in {}", self.left.reference)];
            return found.rests.push(self.missing(None, reasons, want));
        }
        let claim = match there {
            None => self.not_on_right(image),
            Some(Found::One(at)) => match self.rights.image(at) {
                Some(other) => self.pair(image, other, &mut found.wants),
                None => self.not_on_right(image),
            },
            Some(Found::More(_)) => {
                let text = "names more than one manifest for this platform";
                let reasons = vec![format!("{} {text}", self.right.reference)];
                let want = Want::of("an index that names one manifest a platform");
                self.missing(image.name(), reasons, want)
            }
        };
        if there.is_none() && claim.standing.verdict() == Verdict::Contradicted {
            found.beside.push(only_on(self.left, image, "only-left"));
            let of = |only: &Platform| image.platform.as_ref().is_some_and(|p| p.matches(only));
            if only_this.is_some_and(|only| !of(only)) {
                return;
            }
        }
        found.rests.push(claim);
    }

    /// Whether the left side has exactly a platform, so that what else clients take for it does not
    /// have to be on the right side too.
    fn has(&self, only: &Platform) -> bool {
        let image = Image {
            platform: Some(only.clone()),
            ..Image::default()
        };
        self.lefts.for_same(&image, 0).is_some()
    }

    /// What the right side has for an image of the left side.
    pub(super) fn on_right(&self, image: &Image) -> Option<Found> {
        self.rights.for_same(image, self.left.images.len())
    }

    /// That clients take an image of the right side where they take another of the left side, unless
    /// it is the same as far as asked.
    fn stands_in(&self, image: &Image, other: &Image, wants: &mut Vec<Want>) -> Option<Claim> {
        let mut claim = self.pair(image, other, wants);
        if claim.standing.verdict() > Verdict::Open {
            return None;
        }
        if let Statement::Same {
            platform, reasons, ..
        } = &mut claim.statement
        {
            let left = image.name().unwrap_or_else(|| "this platform".to_owned());
            let unsaid = "an entry without a platform".to_owned();
            let said = other.name().filter(|_| !other.unsaid);
            let what = said.clone().unwrap_or(unsaid);
            let text = format!("has {what}, which clients take where the other side has {left}");
            reasons.push(format!("{} {text}", self.right.reference));
            *platform = said.or(platform.take());
        }
        Some(claim)
    }
}

/// That one side has an image for a platform that the other does not have.
fn only_on(side: &Chain, image: &Image, code: &str) -> Claim {
    let platform = image
        .name()
        .unwrap_or_else(|| "a platform that is not said".to_owned());
    let statement = Statement::Note {
        subject: image.manifest.as_ref().map(|(digest, _)| digest.clone()),
        code: code.to_owned(),
        text: format!("only {} has {platform}", side.reference),
    };
    let standing = match &image.manifest {
        Some((_, standing)) => standing.clone(),
        None => Standing::missing(crate::chain::want_document(&side.reference, None)),
    };
    Claim::new(statement, standing)
}
