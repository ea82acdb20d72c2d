//! The answer in a sentence or two: the platforms and the level, never one word, and why it is not
//! more. The images are named by the question, above it.

use crate::answer::{Answer, By};
use crate::claim::{Claim, Code, Level, Source, Standing, Statement, Verdict};
use crate::name::Reference;
use crate::question::{Asked, Part, Question, Trust};
use crate::text::{joined, shortened};

pub(super) fn summary(asked: &Asked, verdict: Verdict, answer: &Answer) -> String {
    let mut summary = answered(asked, verdict, answer);
    let published = matches!(asked.question, Question::Published { .. });
    let fresh = answer
        .beside
        .iter()
        .find_map(|claim| claim.statement.noted(Code::DctFreshness));
    if let Some(text) = fresh.filter(|_| published && verdict == Verdict::Proven) {
        summary.extend([" Of the signatures: ", text, "."]);
    }
    for resolved in &answer.resolved {
        let (reference, at) = (&resolved.reference, &resolved.at);
        let registry = reference.registry();
        let said = match &resolved.by {
            By::Registry => {
                let how = if resolved.plainly {
                    ", asked over plain http,"
                } else {
                    ""
                };
                format!(" {reference} is as {registry}{how} resolved it at {at}.")
            }
            By::Gateway(by) => {
                format!(" {reference} is as the gateway {by} says {registry} resolved it at {at}.")
            }
            By::Other(by) => format!(
                " What {reference} is was answered by {by} at {at}: that is not the word of {registry}."
            ),
        };
        summary.push_str(&said);
    }
    let address = answer.beside.iter().find_map(policy_address);
    summary.extend(asked.linked.sentence(asked, address));
    if let Some(failed) = answer.failed.first() {
        summary.extend([" Not got: ", failed, "."]);
    }
    summary
}

/// Where the policy of the question was fetched, as whoever fetched it noted.
fn policy_address(claim: &Claim) -> Option<&str> {
    claim.statement.noted(Code::PolicySource)?;
    match claim.standing.first_source()? {
        Source::Fetched { url, .. } => Some(url),
        _ => None,
    }
}

fn answered(asked: &Asked, verdict: Verdict, answer: &Answer) -> String {
    match &asked.question {
        Question::Published { by, .. } => {
            published((by, asked.linked.has(Part::By)), verdict, &answer.rests)
        }
        Question::Same { left, right, level } => same((left, right), *level, verdict, answer),
        Question::What => what(asked, answer),
    }
}

/// How many of the documents have the digest that somebody named.
fn what(asked: &Asked, answer: &Answer) -> String {
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
        Some(image) => return format!("Nothing is known of {image} yet."),
        None => return "Nothing that can be checked was recognised yet.".to_owned(),
    }
    format!("{}.", joined(&parts, "; "))
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

/// What an image is known to be published by; `linked`: the link named that.
fn known_by(by: &Trust, linked: bool) -> String {
    let text = match (by, linked) {
        (Trust::Digests(_), false) => "by a digest that the author published",
        (Trust::Digests(_), true) => "by a digest from the link",
        (Trust::Identity { .. }, false) => "signed by the identity given",
        (Trust::Identity { .. }, true) => "signed by the identity from the link",
        (Trust::Keys(_), false) => "signed with a key given",
        (Trust::Keys(_), true) => "signed with a key from the link",
        (Trust::Policy(policy), _) => {
            let project = shortened(policy.project());
            let from = if linked { ", from the link" } else { "" };
            return format!("by the policy of {project}{from}");
        }
    };
    text.to_owned()
}

fn published((by, linked): (&Trust, bool), verdict: Verdict, rests: &[Claim]) -> String {
    let by = known_by(by, linked);
    let mut said = rests.iter().map(|claim| &claim.statement);
    let absent = said.find_map(|statement| statement.noted(Code::PlatformAbsent));
    // What the policy or the metadata does not say is the whole answer.
    let is_unlisted = |code: Code| {
        matches!(code, Code::Kept | Code::NotPublished | Code::SeveralDigests) || code.of_scheme()
    };
    let mut said = rests.iter().map(|claim| &claim.statement);
    let unlisted = said.find_map(|statement| statement.noted_of(is_unlisted));
    let mut platforms = Vec::new();
    for claim in rests {
        if let Statement::Includes { platform, .. } = &claim.statement {
            platforms.extend(platform.as_deref());
        }
    }
    let of = if platforms.is_empty() {
        String::new()
    } else {
        format!(" for {}", named(&platforms))
    };
    let stated = if verdict == Verdict::Stated {
        ", as stated"
    } else {
        ""
    };
    match verdict {
        Verdict::Contradicted if absent.is_some() => {
            format!(
                "It is not what was asked about: {}.",
                absent.unwrap_or_default()
            )
        }
        Verdict::Proven | Verdict::Stated => {
            format!(
                "It is what was published{of}, {by}{stated}; {}",
                not_more(verdict)
            )
        }
        Verdict::Open => {
            let why = unlisted.or(absent).unwrap_or("something is missing");
            format!("Not known yet whether it is what was published: {why}.")
        }
        Verdict::Contradicted => {
            "It is not what was published, or the evidence contradicts itself.".to_owned()
        }
    }
}

/// The end of an answer that holds: why it says no more.
fn not_more(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Stated => "layers not hashed. What is stated was not checked here.",
        _ => "layers not hashed.",
    }
}

/// What is said, and of which platforms.
type Rows<'a> = Vec<(String, Vec<&'a str>)>;

/// The platforms at each level, with how that is known where it is not all proven.
fn same(
    sides: (&Reference, &Reference),
    asked: Level,
    verdict: Verdict,
    answer: &Answer,
) -> String {
    let (rows, weakest) = rows(sides, asked, verdict, answer);
    let mut parts = Vec::new();
    // Then it is by something else than the images side by side.
    match verdict {
        Verdict::Contradicted if weakest > verdict => {
            parts.push("the evidence contradicts itself".to_owned());
        }
        Verdict::Open if weakest > verdict || rows.is_empty() => {
            parts.push("not known yet: something is missing".to_owned());
        }
        _ => {}
    }
    let first = rows.first().filter(|_| parts.is_empty());
    let begins_with_platform = first.is_some_and(|(_, platforms)| !platforms.is_empty());
    for (words, platforms) in rows {
        parts.push(if platforms.is_empty() {
            words
        } else {
            format!("{}: {words}", named(&platforms))
        });
    }
    let mut text = joined(&parts, "; ");
    if !begins_with_platform && let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if verdict < Verdict::Stated {
        return format!("{text}.");
    }
    let end = not_more(verdict);
    format!("{text}; {end} Who published the images is another question.")
}

/// The rows, those of what only one side has too, and the weakest of what was compared.
fn rows<'a>(
    (left, right): (&Reference, &Reference),
    asked: Level,
    verdict: Verdict,
    answer: &'a Answer,
) -> (Rows<'a>, Verdict) {
    let mut rows = Rows::new();
    let mut weakest = Verdict::Proven;
    let not_on_right = format!("{right} has no ");
    for claim in &answer.rests {
        let Statement::Same {
            platform,
            level,
            reasons,
        } = &claim.statement
        else {
            continue;
        };
        let known = claim.standing.verdict();
        weakest = weakest.min(known);
        let absent = known == Verdict::Contradicted
            && reasons
                .iter()
                .any(|reason| reason.starts_with(&not_on_right));
        let words = if absent {
            format!("only in {left}")
        } else {
            row(asked, *level, known, verdict)
        };
        add_row(&mut rows, words, platform.as_deref());
    }
    let not_on_left = format!("only {right} has ");
    for claim in &answer.beside {
        if let Some(text) = claim.statement.noted(Code::OnlyRight) {
            let platform = text.strip_prefix(&not_on_left);
            add_row(&mut rows, format!("only in {right}"), platform);
        }
    }
    (rows, weakest)
}

fn add_row<'a>(rows: &mut Rows<'a>, words: String, platform: Option<&'a str>) {
    let place = rows.iter().position(|(same, _)| *same == words);
    let place = place.unwrap_or(rows.len());
    if place == rows.len() {
        rows.push((words, Vec::new()));
    }
    if let Some((_, platforms)) = rows.get_mut(place) {
        platforms.extend(platform);
    }
}

fn row(asked: Level, level: Level, known: Verdict, verdict: Verdict) -> String {
    let noun = |level| match level {
        Level::Different => "documents",
        Level::Rootfs => "uncompressed layers",
        Level::Config => "image configuration",
        Level::Manifest => "manifest",
        Level::Index => "index",
    };
    let known = match known {
        Verdict::Open => {
            return format!("not known yet whether both have the same {}", noun(asked));
        }
        Verdict::Contradicted if level == Level::Different => return "different".to_owned(),
        Verdict::Contradicted => ", which is less than asked",
        Verdict::Stated => ", as stated",
        Verdict::Proven if verdict == Verdict::Proven => "",
        Verdict::Proven => ", proven",
    };
    format!("the same {} on both{known}", noun(level))
}

/// Platforms by name, or how many if they are many.
fn named(platforms: &[&str]) -> String {
    match platforms {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if first.len() < MOST_NAMED => {
            format!("{} and {last}", joined(first, ", "))
        }
        many => format!("{} platforms", many.len()),
    }
}

/// Platforms that are named, each.
const MOST_NAMED: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_platforms_are_named_and_many_are_counted() {
        for (platforms, words) in [
            (vec!["a"], "a"),
            (vec!["a", "b"], "a and b"),
            (vec!["a", "b", "c"], "a, b and c"),
            (vec!["a", "b", "c", "d"], "4 platforms"),
        ] {
            assert_eq!(named(&platforms), words);
        }
    }
}
