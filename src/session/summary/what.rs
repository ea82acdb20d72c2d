//! "Which digest is this?" in words.

use crate::answer::Answer;
use crate::claim::{Claim, Standing, Statement};
use crate::question::Asked;
use crate::text::joined;

use super::Said;

/// How many of the documents have the digest that somebody named.
pub(super) fn said(asked: &Asked, answer: &Answer) -> Said {
    let count = |claims: &[Claim], fits: fn(&Standing) -> bool| {
        let of_bytes = |claim: &&Claim| matches!(claim.statement, Statement::Bytes { .. });
        claims
            .iter()
            .filter(of_bytes)
            .filter(|claim| fits(&claim.standing))
            .count()
    };
    let is_proven = |standing: &Standing| matches!(standing, Standing::Proven(_));
    let is_missing = |standing: &Standing| matches!(standing, Standing::Missing { .. });
    let is_contradicted = |standing: &Standing| matches!(standing, Standing::Contradicted { .. });
    let proven = count(&answer.rests, is_proven);
    let contradicted = answer
        .rests
        .iter()
        .filter(|claim| is_contradicted(&claim.standing))
        .count();
    let awaited = answer
        .rests
        .iter()
        .filter(|claim| is_awaited(claim))
        .count();
    let unsure = count(&answer.rests, is_missing).saturating_sub(awaited);
    let unnamed = count(&answer.beside, is_proven);
    let absent = awaited + count(&answer.beside, is_missing);
    let stated = answer
        .beside
        .iter()
        .filter(|claim| is_stated(claim))
        .count();
    let parts = counted(&[
        (contradicted, "contradiction", "found"),
        (proven, "document", "proven to have the digest named"),
        (unsure, "document", "whose bytes could not be found again"),
        (unnamed, "document", "that nobody named a digest for"),
        (absent, "document", "named and not given"),
        (stated, "statement", "by tools, not checked here"),
    ]);
    match &asked.image {
        _ if !parts.is_empty() => {}
        Some(image) => {
            return Said::new("Not read yet", format!("{image} has not been fetched yet."));
        }
        None => {
            return Said::new(
                "Nothing to check",
                "Nothing here looks like an image name or the output of a known tool.",
            );
        }
    }
    Said::new("Documents", format!("{}.", joined(&parts, "; ")))
}

/// How many there are of each, in words; of what there is none, nothing.
fn counted(all: &[(usize, &str, &str)]) -> Vec<String> {
    let mut parts = Vec::new();
    for (count, noun, rest) in all {
        part(&mut parts, *count, noun, rest);
    }
    parts
}

/// Whether a claim is of a document that another names and that is not here. That has the media type by
/// which it is named; a text that was expected and not found has none.
fn is_awaited(claim: &Claim) -> bool {
    let named = matches!(
        &claim.statement,
        Statement::Bytes {
            media_type: Some(_),
            ..
        }
    );
    named && matches!(claim.standing, Standing::Missing { .. })
}

fn is_stated(claim: &Claim) -> bool {
    matches!(claim.standing, Standing::Stated { .. })
        && !matches!(claim.statement, Statement::Note { .. })
}

fn part(parts: &mut Vec<String>, count: usize, noun: &str, rest: &str) {
    match count {
        0 => {}
        1 => parts.push(format!("1 {noun} {rest}")),
        _ => parts.push(format!("{count} {noun}s {rest}")),
    }
}
