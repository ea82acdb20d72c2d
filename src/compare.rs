//! Two chains, platform by platform: how far they are the same, and why no further.
//!
//! Equal digests are equal bytes. The levels are tried from the top; the first that both sides
//! share decides, and everything below is the same with it. Sameness of the file system is by
//! what the configurations state of it: layers that a registry serves are not looked at here.

mod differences;
mod ids;
mod level;
mod pairing;
mod reasons;

use crate::chain::{Chain, Few, Image, Pool};
use crate::claim::{Claim, Code, Difference, Level, Seen, Source, Standing, Statement, Want};
use crate::digest::{ByText, Digest};
use crate::limits;
use crate::platform::Platform;
use crate::text::joined;

use level::{lacks, level, want_below};
use pairing::Pairing;

/// The comparison, and how it is known.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// Claims the verdict depends on.
    pub(crate) rests: Vec<Claim>,
    /// Other claims, for information.
    pub(crate) beside: Vec<Claim>,
    /// What would tell how far two images are the same that are not the same as far as asked.
    pub(crate) wants: Vec<Want>,
    /// The differences between images that do not match at the level asked for.
    pub(crate) differences: Vec<Difference>,
}

/// Compares `right` with `left` at the asked level, for one platform or for all of `left`.
pub(crate) fn compare(
    pool: &Pool,
    (left, right): (&Chain, &Chain),
    asked: Level,
    only: Option<&Platform>,
) -> Comparison {
    let comparer = Comparer {
        pool,
        left,
        right,
        asked,
        only,
        pairing: Pairing::of(pool, left, right, asked),
        of_indexes: reasons::of_indexes(pool, left, right),
    };
    let mut found = Comparison::default();
    for side in [left, right] {
        if let Some(standing) = &side.disputed {
            found.rests.push(disputed(side, standing));
        }
    }
    let whole = asked == Level::Index || comparer.same_root();
    if (whole && only.is_none_or(|only| left.has(only)))
        || (only.is_none() && left.images.is_empty())
    {
        comparer.whole(&mut found);
    } else {
        comparer.platforms(&mut found);
    }
    found
}

fn disputed(side: &Chain, standing: &Standing) -> Claim {
    let digest = side.root.as_ref().map(|(digest, _)| digest.clone());
    let statement = match digest {
        Some(digest) => Statement::Resolves {
            reference: side.reference.to_string(),
            digest,
        },
        None => Statement::note(
            None,
            Code::Disputed,
            format!(
                "which of the digests said of {} is the newest is not known",
                side.reference
            ),
        ),
    };
    Claim::new(statement, standing.clone())
}

struct Comparer<'a> {
    pool: &'a Pool,
    left: &'a Chain,
    right: &'a Chain,
    asked: Level,
    /// The one platform that is asked about.
    only: Option<&'a Platform>,
    pairing: Pairing<'a>,
    /// The reasons why the indexes differ.
    of_indexes: Vec<String>,
}

impl<'a> Comparer<'a> {
    fn same_root(&self) -> bool {
        match (&self.left.root, &self.right.root) {
            (Some((a, _)), Some((b, _))) => self.pool.same(a, b),
            _ => false,
        }
    }

    /// Both sides as a whole: by their roots, else by the identifiers of their images.
    fn whole(&self, found: &mut Comparison) {
        let claim = match (&self.left.root, &self.right.root) {
            (Some((a, by_a)), Some((b, by_b))) if self.pool.same(a, b) => {
                let standing = by_a.clone().and(by_b.clone());
                let standing = self.hashed(a, standing);
                let reasons = vec![format!("both references name {a}")];
                return self.same_whole(&standing, &reasons, found);
            }
            (Some(a), Some(b)) if self.asked == Level::Index => self.roots_differ(a, b),
            (Some(a), Some(b)) => self.by_ids().unwrap_or_else(|| self.unknown_inside(a, b)),
            _ => self.by_ids().unwrap_or_else(|| self.unknown_root()),
        };
        if matches!(claim.standing, Standing::Missing { .. }) {
            found.wants.extend(self.roots_wanted());
        }
        found.rests.push(claim);
    }

    /// The documents that the references name, where they are not in hand.
    fn roots_wanted(&self) -> impl Iterator<Item = Want> {
        [self.left, self.right].into_iter().filter_map(|side| {
            let root = side.root.as_ref().map(|(digest, _)| digest);
            let here = root.is_some_and(|root| self.pool.get(root).is_some());
            let told = root.is_none() && !side.images.is_empty();
            (!here && !told).then(|| crate::chain::want_document(&side.reference, root))
        })
    }

    /// Two references to one digest are equal texts. It takes bytes of that digest to prove that
    /// there is something of which they are the same.
    fn hashed(&self, root: &Digest, standing: Standing) -> Standing {
        match (&standing, self.pool.get(root)) {
            (Standing::Proven(_), None) => {
                let want = crate::chain::want_document(&self.left.reference, Some(root));
                Standing::missing(want)
            }
            _ => standing,
        }
    }

    /// One root: the same at every level, and for each platform that is known.
    fn same_whole(&self, standing: &Standing, reasons: &[String], found: &mut Comparison) {
        let level = match self.left.is_index.or(self.right.is_index) {
            Some(true) => Level::Index,
            None if self.asked == Level::Index => Level::Index,
            _ => Level::Manifest,
        };
        let mut platforms = Vec::new();
        for image in self.left.taken_for(self.only) {
            platforms.push(image.name());
        }
        platforms.dedup();
        if platforms.is_empty() {
            platforms.push(None);
        }
        for platform in platforms {
            let statement = Statement::Same {
                platform,
                level,
                reasons: reasons.to_vec(),
            };
            found.rests.push(Claim::new(statement, standing.clone()));
        }
    }

    fn roots_differ(&self, a: &(Digest, Standing), b: &(Digest, Standing)) -> Claim {
        let reasons = self.of_indexes.clone();
        let statement = Statement::Same {
            platform: None,
            level: self.shared_level(),
            reasons,
        };
        Claim::new(statement, contradicted(a, b))
    }

    /// The lowest level that all platforms of the left side reach.
    fn shared_level(&self) -> Level {
        let shared = |image: &'a Image| {
            let other = self.pairing.on_right(image);
            other.map_or(Level::Different, |few| level(self.pool, image, few.first).0)
        };
        let levels = self.left.images.iter().map(shared);
        levels.min().unwrap_or(Level::Different)
    }

    /// Neither side's entries are known, and the roots differ: that says nothing yet.
    fn unknown_inside(&self, (a, _): &(Digest, Standing), (b, _): &(Digest, Standing)) -> Claim {
        let (side, digest) = if self.pool.get(a).is_none() {
            (self.left, a)
        } else {
            (self.right, b)
        };
        let reason = format!("{a} and {b} differ, but may hold the same image");
        let want = crate::chain::want_document(&side.reference, Some(digest));
        self.missing_for(None, reason, want)
    }

    fn unknown_root(&self) -> Claim {
        let side = if self.left.root.is_none() && self.left.images.is_empty() {
            self.left
        } else {
            self.right
        };
        let reason = side.unanswered();
        let want = crate::chain::want_document(&side.reference, None);
        self.missing_for(None, reason, want)
    }

    #[inline(never)]
    fn missing_for(&self, platform: Option<String>, reason: String, want: Want) -> Claim {
        self.missing(platform, vec![reason], want)
    }

    fn missing(&self, platform: Option<String>, reasons: Vec<String>, want: Want) -> Claim {
        let statement = Statement::Same {
            platform,
            level: self.asked,
            reasons,
        };
        Claim::new(statement, Standing::missing(want))
    }

    fn platforms(&self, found: &mut Comparison) {
        let wanted = self.left.taken_for(self.only);
        let mut led = ByText::default();
        for image in &wanted {
            let claim = self.platform(image, &mut led, found);
            found.rests.push(claim);
        }
        if let (true, Some(only)) = (wanted.is_empty(), self.only) {
            found.rests.push(self.not_on_left(only));
        }
        for other in self.right.taken_for(self.only) {
            if self.pairing.is_on_left(other) {
                continue;
            }
            // It may yet turn out to be for a platform of the left side.
            let unread = other.unread(self.pool, &self.right.reference);
            match unread.filter(|_| other.platform.is_none()) {
                Some(want) => found.rests.push(self.unknown_in(self.right, other, want)),
                None => found.beside.push(self.only_right(other)),
            }
        }
    }

    fn not_on_left(&self, only: &Platform) -> Claim {
        if self.left.complete {
            let reason = format!("{} has no {only}", self.left.reference);
            let want = Want::of(format!("an index that names a manifest for {only}"));
            return self.missing_for(Some(only.to_string()), reason, want);
        }
        let text = "is not known to have";
        let reason = format!("{} {text} {only}", self.left.reference);
        let root = self.left.root.as_ref().map(|(digest, _)| digest);
        let want = crate::chain::want_document(&self.left.reference, root);
        self.missing_for(Some(only.to_string()), reason, want)
    }

    fn only_right(&self, other: &Image) -> Claim {
        let platform = other
            .name()
            .unwrap_or_else(|| "a platform that is not said".to_owned());
        let statement = Statement::note(
            other.manifest.as_ref().map(|(digest, _)| digest),
            Code::OnlyRight,
            format!("only {} has {platform}", self.right.reference),
        );
        let standing = match &other.manifest {
            Some((_, standing)) => standing.clone(),
            None => Standing::missing(crate::chain::want_document(&self.right.reference, None)),
        };
        Claim::new(statement, standing)
    }

    fn platform(
        &self,
        image: &'a Image,
        led: &mut ByText<Option<Few<&'a Image>>>,
        found: &mut Comparison,
    ) -> Claim {
        if self.only.is_some() && image.platform.is_none() {
            return self.unknown_on_left(image);
        }
        let Some(few) = self.pairing.on_right(image) else {
            return self.not_on_right(image);
        };
        let text = if few.odd.is_some() {
            "names more than one manifest for this platform"
        } else if self.pairing.is_led_away(image, led) {
            "has other entries before this platform's that a client may take for it"
        } else {
            return self.pair(image, few.first, found);
        };
        let reason = format!("{} {text}", self.right.reference);
        let want = Want::of("an index that names one manifest a platform");
        self.missing_for(image.name(), reason, want)
    }

    /// An image names its platform itself, or its configuration does.
    fn unknown_in(&self, side: &Chain, image: &Image, want: Want) -> Claim {
        let text = "the platform of an entry is not known";
        let reason = format!("{text} in {}", side.reference);
        self.missing_for(image.name(), reason, want)
    }

    fn unknown_on_left(&self, image: &Image) -> Claim {
        self.unknown_in(self.left, image, want_below(self.left, image))
    }

    fn not_on_right(&self, image: &Image) -> Claim {
        let name = image.name();
        let platform = name.clone().unwrap_or_else(|| "this platform".to_owned());
        if let Some(other) = self.pairing.unknown.filter(|_| image.platform.is_some()) {
            let reason = format!(
                "the platform of {}'s image is not known",
                self.right.reference
            );
            return self.missing_for(name, reason, want_below(self.right, other));
        }
        if image.platform.is_none() && image.diff_ids.is_none() {
            return self.unknown_on_left(image);
        }
        if !self.right.complete {
            let reason = format!("{} is not known to have {platform}", self.right.reference);
            let root = self.right.root.as_ref().map(|(digest, _)| digest);
            let want = crate::chain::want_document(&self.right.reference, root);
            return self.missing_for(name, reason, want);
        }
        let reasons = vec![format!("{} has no {platform}", self.right.reference)];
        let statement = Statement::Same {
            platform: name,
            level: Level::Different,
            reasons,
        };
        let by = self.right.root.as_ref().map(|(_, standing)| standing);
        let found = Seen::new(format!("no entry for {platform}"), first_source(by));
        let expected = match &image.manifest {
            Some((digest, standing)) => seen(digest.as_str(), standing),
            None => Seen::new(platform, first_source(None)),
        };
        Claim::new(statement, Standing::contradicted(expected, found))
    }

    fn pair(&self, a: &Image, b: &Image, found: &mut Comparison) -> Claim {
        let (level, standing) = level(self.pool, a, b);
        let mut reasons = self.reasons(a, b, level);
        let platform = a.name().or_else(|| b.name());
        if level >= self.asked {
            let statement = Statement::Same {
                platform,
                level,
                reasons,
            };
            return Claim::new(statement, standing);
        }
        match self.below_asked(a, b) {
            Ok(standing) => {
                if found.differences.len() < limits::DIFFERENT_PLATFORMS {
                    let difference = differences::difference(self.pool, a, b);
                    found.differences.extend(difference);
                }
                if level == Level::Different {
                    reasons.extend(self.undetermined(a, b, &mut found.wants));
                }
                let statement = Statement::Same {
                    platform,
                    level,
                    reasons,
                };
                Claim::new(statement, standing)
            }
            Err(want) => {
                found.wants.extend(self.lacking(a, b));
                self.missing(platform, reasons, want)
            }
        }
    }

    /// All documents that a pair lacks on both sides, so that they can be fetched together.
    fn lacking(&self, a: &Image, b: &Image) -> Vec<Want> {
        let sides = [(self.left, a), (self.right, b)];
        let sides = sides.iter().filter(|(_, image)| lacks(image, self.asked));
        sides.map(|(side, image)| want_below(side, image)).collect()
    }

    /// That the pair is not the same at the asked level, if that is known, else what is missing
    /// to know it.
    fn below_asked(&self, a: &Image, b: &Image) -> Result<Standing, Want> {
        let differ = |a: &Option<(Digest, Standing)>, b: &Option<(Digest, Standing)>| match (a, b) {
            (Some(a), Some(b)) => Some(contradicted(a, b)),
            _ => None,
        };
        let known = match self.asked {
            Level::Index | Level::Manifest => differ(&a.manifest, &b.manifest),
            Level::Config => differ(&a.config, &b.config),
            Level::Rootfs | Level::Different => match (&a.diff_ids, &b.diff_ids) {
                (Some((a, _)), Some((b, _))) if a.is_empty() && b.is_empty() => {
                    return Err(Want::of("configurations that fix at least one layer"));
                }
                (Some((a, by_a)), Some((b, by_b))) => {
                    let shown = |ids: &[Digest]| {
                        joined(&ids.iter().map(Digest::as_str).collect::<Vec<_>>(), " ")
                    };
                    Some(Standing::contradicted(
                        seen(&shown(a), by_a),
                        seen(&shown(b), by_b),
                    ))
                }
                _ => None,
            },
        };
        known.ok_or_else(|| {
            if lacks(a, self.asked) {
                want_below(self.left, a)
            } else {
                want_below(self.right, b)
            }
        })
    }

    /// What is lacking to know whether two images that differ share something below.
    fn undetermined(&self, a: &Image, b: &Image, wants: &mut Vec<Want>) -> Option<String> {
        let before = wants.len();
        for (side, image) in [(self.left, a), (self.right, b)] {
            if image.diff_ids.is_none() {
                wants.push(want_below(side, image));
            }
        }
        let text = "whether they share anything at a lower level is unknown";
        (wants.len() > before).then(|| text.to_owned())
    }
}

fn contradicted(a: &(Digest, Standing), b: &(Digest, Standing)) -> Standing {
    Standing::contradicted(seen(a.0.as_str(), &a.1), seen(b.0.as_str(), &b.1))
}

fn seen(value: &str, standing: &Standing) -> Seen {
    Seen::new(value, first_source(Some(standing)))
}

/// The source to name beside a value: the pasted or fetched one before a premise.
fn first_source(standing: Option<&Standing>) -> Source {
    let sources = standing.map(Standing::sources).unwrap_or_default();
    let found = sources
        .iter()
        .find(|source| !matches!(source, Source::Given { .. }));
    let first = found.or(sources.first()).copied().cloned();
    first.unwrap_or_else(|| Source::given("the question"))
}
