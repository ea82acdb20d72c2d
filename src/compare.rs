//! Two chains, platform by platform: how far they are the same, and why no further.
//!
//! Equal digests are equal bytes. The levels are tried from the top; the first that both sides
//! share decides, and everything below is the same with it. Sameness of the file system is by
//! what the configurations state of it: layers that a registry serves are not looked at here.

mod level;
mod reasons;

use crate::chain::{Chain, Image, Pool};
use crate::claim::{Claim, IdKind, Level, Seen, Source, Standing, Statement, Want};
use crate::digest::Digest;
use crate::json::joined;
use crate::platform::Platform;

use level::{lacks, level, level_of_ids, want_below};

/// The comparison, and how it is known.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// What the question rests on.
    pub(crate) rests: Vec<Claim>,
    /// What else there is to see.
    pub(crate) beside: Vec<Claim>,
    /// What would tell how far two images are the same that are not the same as far as asked.
    pub(crate) wants: Vec<Want>,
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
    };
    let mut found = Comparison::default();
    for side in [left, right] {
        if let Some(standing) = &side.disputed {
            found.rests.push(disputed(side, standing));
        }
    }
    if only.is_none() && (asked == Level::Index || left.images.is_empty() || comparer.same_root()) {
        comparer.whole(&mut found);
    } else {
        comparer.platforms(only, &mut found);
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
        None => Statement::Note {
            subject: None,
            code: "disputed".to_owned(),
            text: format!(
                "which of the digests said of {} is the newest is not known",
                side.reference
            ),
        },
    };
    Claim::new(statement, standing.clone())
}

struct Comparer<'a> {
    pool: &'a Pool,
    left: &'a Chain,
    right: &'a Chain,
    asked: Level,
}

impl Comparer<'_> {
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
        for image in &self.left.images {
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
        let reasons = self.index_reasons();
        let statement = Statement::Same {
            platform: None,
            level: self.shared_level(),
            reasons,
        };
        Claim::new(statement, contradicted(a, b))
    }

    /// The lowest level that all platforms of the left side reach.
    fn shared_level(&self) -> Level {
        let shared = |image: &Image| {
            let other = self
                .right
                .images
                .iter()
                .find(|other| self.paired(image, other));
            other.map_or(Level::Different, |other| level(self.pool, image, other).0)
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
        let reasons = vec![format!("{a} and {b} differ, but may hold the same image")];
        let want = crate::chain::want_document(&side.reference, Some(digest));
        self.missing(None, reasons, want)
    }

    fn unknown_root(&self) -> Claim {
        let side = if self.left.root.is_none() && self.left.images.is_empty() {
            self.left
        } else {
            self.right
        };
        let reasons = vec![side.unanswered()];
        let want = crate::chain::want_document(&side.reference, None);
        self.missing(None, reasons, want)
    }

    fn missing(&self, platform: Option<String>, reasons: Vec<String>, want: Want) -> Claim {
        let statement = Statement::Same {
            platform,
            level: self.asked,
            reasons,
        };
        Claim::new(statement, Standing::missing(want))
    }

    /// By image identifiers, when nothing better is known. An identifier is the configuration's
    /// digest in docker's classic store only, so two that differ say nothing unless both are
    /// known to be of one kind.
    fn by_ids(&self) -> Option<Claim> {
        // A machine that keeps an image under two names got it under one of them: without a word of
        // its registry the other may be nothing but a name.
        let answered = self.left.answered && self.right.answered;
        let mut pairs = Vec::new();
        for left in &self.left.ids {
            for right in &self.right.ids {
                pairs.push((left, right));
            }
        }
        let mut differ = None;
        for ((a, kind_a, by_a), (b, kind_b, by_b)) in pairs {
            let kinds = (*kind_a, *kind_b);
            let stands = |level, reason: &str, standing| {
                let reasons = vec![reason.to_owned()];
                let statement = Statement::Same {
                    platform: None,
                    level,
                    reasons,
                };
                Some(Claim::new(statement, standing))
            };
            if a == b && a.parse::<Digest>().is_ok() {
                let Some(level) = level_of_ids(kinds) else {
                    let reason = "one identifier is said to be of two kinds";
                    let (a, b) = (format!("{a}, {kind_a:?}"), format!("{b}, {kind_b:?}"));
                    let standing = Standing::contradicted(seen(&a, by_a), seen(&b, by_b));
                    return stands(Level::Different, reason, standing);
                };
                let reason = "both images have one identifier; that does not show that both were \
                              downloaded: pull the second on a machine that does not hold the first";
                if !answered {
                    let side = if self.left.answered {
                        self.right
                    } else {
                        self.left
                    };
                    let reasons = vec![reason.to_owned(), side.unanswered()];
                    let want = crate::chain::want_document(&side.reference, None);
                    return Some(self.missing(None, reasons, want));
                }
                return stands(level, reason, by_a.clone().and(by_b.clone()));
            }
            if answered && kinds == (IdKind::Config, IdKind::Config) && !begin_alike(a, b) {
                let reason = "the images have different configurations";
                let standing = Standing::contradicted(seen(a, by_a), seen(b, by_b));
                differ = stands(Level::Different, reason, standing);
            }
        }
        differ
    }

    fn platforms(&self, only: Option<&Platform>, found: &mut Comparison) {
        let asked = |image: &&Image| match (only, &image.platform) {
            (Some(only), Some(platform)) => only.may_match(platform),
            (Some(_), None) | (None, _) => true,
        };
        let wanted: Vec<&Image> = self.left.images.iter().filter(asked).collect();
        for image in &wanted {
            found.rests.push(self.platform(image, &mut found.wants));
        }
        if let (true, Some(only)) = (wanted.is_empty(), only) {
            let reasons = vec![format!(
                "{} is not known to have {only}",
                self.left.reference
            )];
            let want = crate::chain::want_document(&self.left.reference, None);
            found
                .rests
                .push(self.missing(Some(only.to_string()), reasons, want));
        }
        for other in self.right.images.iter().filter(asked) {
            if !self
                .left
                .images
                .iter()
                .any(|image| self.paired(image, other))
            {
                found.beside.push(self.only_right(other));
            }
        }
    }

    fn only_right(&self, other: &Image) -> Claim {
        let platform = other
            .name()
            .unwrap_or_else(|| "a platform that is not said".to_owned());
        let statement = Statement::Note {
            subject: other.manifest.as_ref().map(|(digest, _)| digest.clone()),
            code: "only-right".to_owned(),
            text: format!("only {} has {platform}", self.right.reference),
        };
        let standing = match &other.manifest {
            Some((_, standing)) => standing.clone(),
            None => Standing::missing(crate::chain::want_document(&self.right.reference, None)),
        };
        Claim::new(statement, standing)
    }

    /// Whether two entries are for the same platform. Two single images are a pair without
    /// one; a platform that neither its index nor its configuration tells is nobody's pair.
    fn paired(&self, a: &Image, b: &Image) -> bool {
        match (&a.platform, &b.platform) {
            (Some(a), Some(b)) => a.may_match(b),
            _ => self.left.images.len() == 1 && self.right.images.len() == 1,
        }
    }

    fn platform(&self, image: &Image, wants: &mut Vec<Want>) -> Claim {
        let name = image.name();
        let mut others = Vec::new();
        for other in &self.right.images {
            if self.paired(image, other) {
                others.push(other);
            }
        }
        match others.as_slice() {
            [] => self.not_on_right(image),
            [other] => self.pair(image, other, wants),
            _ => {
                let text = "names more than one manifest for this platform";
                let reasons = vec![format!("{} {text}", self.right.reference)];
                let want = Want::of("an index that names one manifest a platform");
                self.missing(name, reasons, want)
            }
        }
    }

    fn not_on_right(&self, image: &Image) -> Claim {
        let name = image.name();
        let platform = name.clone().unwrap_or_else(|| "this platform".to_owned());
        let open = self
            .right
            .images
            .iter()
            .find(|other| other.platform.is_none());
        if let Some(other) = open.filter(|_| image.platform.is_some()) {
            let reasons = vec![format!(
                "the platform of {}'s image is not known",
                self.right.reference
            )];
            return self.missing(name, reasons, want_below(self.right, other));
        }
        if image.platform.is_none() && image.diff_ids.is_none() {
            // What it is for stands in it, or in what it names.
            let text = "the platform of an entry is not known";
            let reasons = vec![format!("{text} in {}", self.left.reference)];
            return self.missing(name, reasons, want_below(self.left, image));
        }
        if !self.right.complete {
            let reasons = vec![format!(
                "{} is not known to have {platform}",
                self.right.reference
            )];
            let root = self.right.root.as_ref().map(|(digest, _)| digest);
            let want = crate::chain::want_document(&self.right.reference, root);
            return self.missing(name, reasons, want);
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

    fn pair(&self, a: &Image, b: &Image, wants: &mut Vec<Want>) -> Claim {
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
                if level == Level::Different {
                    reasons.extend(self.undetermined(a, b, wants));
                }
                let statement = Statement::Same {
                    platform,
                    level,
                    reasons,
                };
                Claim::new(statement, standing)
            }
            Err(want) => {
                wants.extend(self.lacking(a, b));
                self.missing(platform, reasons, want)
            }
        }
    }

    /// What both sides lack to compare a pair at the asked level, so that it can be got at once.
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
        let text = "whether they share something below that is not known";
        (wants.len() > before).then(|| text.to_owned())
    }
}

/// Whether one identifier may be the beginning of the other: tables print the first of its digits.
fn begin_alike(a: &str, b: &str) -> bool {
    let digits = |id: &'_ str| id.strip_prefix("sha256:").unwrap_or(id).to_owned();
    let (a, b) = (digits(a), digits(b));
    a.starts_with(&b) || b.starts_with(&a)
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
