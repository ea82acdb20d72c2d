//! Pairs the images of two sides that are for the same platform.

use crate::chain::{ByPlatform, Chain, Few, Image, Leads, Pool};
use crate::claim::{Level, Verdict};
use crate::digest::ByText;
use crate::platform::Platform;

use super::level::level;

/// The images of both sides by platform.
pub(super) struct Pairing<'a> {
    pool: &'a Pool,
    /// One image on each side: they are a pair even where it is not known what they are for.
    single: Option<(&'a Image, &'a Image)>,
    left: ByPlatform<&'a Image>,
    right: ByPlatform<&'a Image>,
    leads: [Leads<'a>; 2],
    asked: Level,
    /// An image of the right side whose platform is not known.
    pub(super) unknown: Option<&'a Image>,
}

impl<'a> Pairing<'a> {
    pub(super) fn of(pool: &'a Pool, left: &'a Chain, right: &'a Chain, asked: Level) -> Self {
        let single = match (left.images.as_slice(), right.images.as_slice()) {
            ([a], [b]) => Some((a, b)),
            _ => None,
        };
        let by_platform = |side: &'a Chain| {
            let mut found = ByPlatform::default();
            for image in &side.images {
                if let Some(platform) = &image.platform {
                    found.add(platform, image, &|a, b| same(pool, a, b, asked));
                }
            }
            found
        };
        Pairing {
            pool,
            single,
            left: by_platform(left),
            right: by_platform(right),
            leads: [Leads::of(left), Leads::of(right)],
            asked,
            unknown: right.images.iter().find(|image| image.platform.is_none()),
        }
    }

    /// What on the right a client may take where it takes this on the left. A platform that neither
    /// its index nor its configuration tells is nobody's pair.
    pub(super) fn on_right(&self, image: &'a Image) -> Option<Few<&'a Image>> {
        self.partner(image, &self.right)
    }

    pub(super) fn is_on_left(&self, other: &'a Image) -> bool {
        self.partner(other, &self.left).is_some()
    }

    fn partner(&self, image: &'a Image, among: &ByPlatform<&'a Image>) -> Option<Few<&'a Image>> {
        let known = |(a, b): (&Image, &Image)| a.platform.is_some() && b.platform.is_some();
        if let Some((a, b)) = self.single.filter(|single| !known(*single)) {
            let first = if std::ptr::eq(image, a) { b } else { a };
            return Some(Few { first, odd: None });
        }
        let platform = image.platform.as_ref()?;
        among.taken_for(platform, &|a, b| same(self.pool, a, b, self.asked))
    }

    /// Whether a client that takes the first for any variant may take something on one side that
    /// it does not take on the other, and that is not this image.
    pub(super) fn is_led_away(
        &self,
        image: &'a Image,
        known: &mut ByText<Option<Few<&'a Image>>>,
    ) -> bool {
        let Some(platform) = image.platform.as_ref().filter(|p| p.variant.is_empty()) else {
            return false;
        };
        let key = Leads::key(platform);
        if known.get(&key).is_none() {
            known.insert(&key, self.leading(platform));
        }
        let few = known.get(&key).copied().flatten();
        few.is_some_and(|few| few.odd.is_some() || !same(self.pool, few.first, image, self.asked))
    }

    fn leading(&self, platform: &Platform) -> Option<Few<&'a Image>> {
        let [left, right] = &self.leads;
        let mut few: Option<Few<&Image>> = None;
        for image in left.unlike(right, platform) {
            match &mut few {
                Some(few) => few.add(image, &|a, b| same(self.pool, a, b, self.asked)),
                None => few = Some(Few::of(image)),
            }
        }
        few
    }
}

/// True if two are the same at the level asked for, and known to be no less well than by one
/// digest.
fn same(pool: &Pool, a: &Image, b: &Image, asked: Level) -> bool {
    if let (Some((a, _)), Some((b, _))) = (&a.manifest, &b.manifest)
        && pool.same(a, b)
    {
        return true;
    }
    let (level, standing) = level(pool, a, b);
    level >= asked && standing.verdict() == Verdict::Proven
}
