//! Two images by the identifiers that a machine keeps them under, when nothing better is known.

use crate::claim::{Claim, IdKind, Level, Standing, Statement};
use crate::digest::Digest;

use super::level::level_of_ids;
use super::{Comparer, seen};

impl Comparer<'_> {
    /// By image identifiers, when nothing better is known. An identifier is the configuration's
    /// digest in docker's classic store only, so two that differ say nothing unless both are
    /// known to be of one kind.
    pub(super) fn by_ids(&self) -> Option<Claim> {
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
                    let (a, b) = (
                        format!("{a}, {}", kind_a.words()),
                        format!("{b}, {}", kind_b.words()),
                    );
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
}

/// True if one identifier may be the beginning of the other: tables print the first of its digits.
fn begin_alike(a: &str, b: &str) -> bool {
    let digits = |id: &'_ str| id.strip_prefix("sha256:").unwrap_or(id).to_owned();
    let (a, b) = (digits(a), digits(b));
    a.starts_with(&b) || b.starts_with(&a)
}
