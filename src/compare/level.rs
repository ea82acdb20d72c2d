//! The level at which two images are known to be the same, and the documents needed to know more.

use crate::chain::{Chain, Image, Pool, want_config, want_document};
use crate::claim::{IdKind, Level, Standing, Want};
use crate::digest::Digest;

/// The highest level at which both are known to be the same, and how that is known.
pub(super) fn level(pool: &Pool, a: &Image, b: &Image) -> (Level, Standing) {
    let same = |a: &Option<(Digest, Standing)>, b: &Option<(Digest, Standing)>| match (a, b) {
        (Some((a, by_a)), Some((b, by_b))) if pool.same(a, b) => {
            Some(by_a.clone().and(by_b.clone()))
        }
        _ => None,
    };
    if let Some(standing) = same(&a.manifest, &b.manifest) {
        return (Level::Manifest, standing);
    }
    if let Some(standing) = same(&a.config, &b.config) {
        return (Level::Config, standing);
    }
    if let (Some((a, by_a)), Some((b, by_b))) = (&a.diff_ids, &b.diff_ids)
        && a == b
        && !a.is_empty()
    {
        return (Level::Rootfs, by_a.clone().and(by_b.clone()));
    }
    let want = Want::of("documents of both sides");
    (Level::Different, Standing::missing(want))
}

/// Whether what is compared at this level is not known of an image.
pub(super) fn lacks(image: &Image, level: Level) -> bool {
    match level {
        Level::Config => image.config.is_none(),
        Level::Rootfs => image.diff_ids.is_none(),
        _ => image.manifest.is_none(),
    }
}

/// The next document below an image that is not in hand.
pub(super) fn want_below(side: &Chain, image: &Image) -> Want {
    let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
    match &image.config {
        Some((config, _)) => want_config(&side.reference, manifest, config),
        None => want_document(&side.reference, manifest),
    }
}

/// The level that one identifier on both sides means: that of the kind that either side tells.
pub(super) fn level_of_ids(kinds: (IdKind, IdKind)) -> Option<Level> {
    let kind = match kinds {
        (a, b) if a == b => a,
        (IdKind::Unknown, kind) | (kind, IdKind::Unknown) => kind,
        _ => return None,
    };
    Some(match kind {
        IdKind::Index => Level::Index,
        IdKind::Manifest => Level::Manifest,
        IdKind::Config | IdKind::Unknown => Level::Config,
    })
}
