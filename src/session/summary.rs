//! The answer in a sentence or two: always its object and its level, never one word.

use crate::claim::{Claim, Level, Standing, Statement, Verdict};
use crate::json::{Parts, joined};

use super::{Answer, Asked, Question, Trust};

pub(super) fn summary(asked: &Asked, verdict: Verdict, answer: &Answer) -> String {
    let mut summary = answered(asked, verdict, answer);
    let published = matches!(asked.question, Question::Published { .. });
    let fresh = answer
        .beside
        .iter()
        .find_map(|claim| match &claim.statement {
            Statement::Note { code, text, .. } if code == "dct-freshness" => Some(text),
            _ => None,
        });
    if let Some(text) = fresh.filter(|_| published && verdict == Verdict::Proven) {
        summary.extend([" Of the signatures: ", text, "."]);
    }
    for resolved in &answer.resolved {
        let (reference, at) = (&resolved.reference, &resolved.at);
        let registry = reference.registry();
        let said = match &resolved.by {
            None => {
                let how = if resolved.plainly {
                    ", asked over plain http,"
                } else {
                    ""
                };
                format!(" {reference} is as {registry}{how} resolved it at {at}.")
            }
            Some(by) => {
                format!(" {reference} is as the gateway {by} says {registry} resolved it at {at}.")
            }
        };
        summary.push_str(&said);
    }
    if let Some(failed) = answer.failed.first() {
        summary.extend([" Not got: ", failed, "."]);
    }
    summary
}

fn answered(asked: &Asked, verdict: Verdict, answer: &Answer) -> String {
    match &asked.question {
        Question::Published { image, by } => {
            published(&image.to_string(), by, verdict, &answer.rests)
        }
        Question::Same { left, right, .. } => same(
            &left.to_string(),
            &right.to_string(),
            verdict,
            &answer.rests,
        ),
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
    let unsure = count(&answer.rests, is_missing);
    let unnamed = count(&answer.beside, is_proven);
    let absent = count(&answer.beside, is_missing);
    let stated = answer
        .beside
        .iter()
        .filter(|claim| is_stated(claim))
        .count();
    let mut parts = Vec::new();
    part(&mut parts, contradicted, "contradiction", "found");
    part(
        &mut parts,
        proven,
        "document",
        "proven to have the digest that was named for it",
    );
    part(
        &mut parts,
        unsure,
        "document",
        "whose bytes could not be found again",
    );
    part(
        &mut parts,
        unnamed,
        "document",
        "that nobody named a digest for",
    );
    part(&mut parts, absent, "document", "named and not given");
    part(
        &mut parts,
        stated,
        "statement",
        "by tools, not checked here",
    );
    match &asked.image {
        _ if !parts.is_empty() => {}
        Some(image) => return format!("Nothing is known of {image} yet."),
        None => return "Nothing was recognised yet.".to_owned(),
    }
    format!("{}.", joined(&parts, "; "))
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

fn published(image: &str, by: &Trust, verdict: Verdict, rests: &[Claim]) -> String {
    let by = match by {
        Trust::Digests(_) => "by a digest that the author published",
        #[cfg(feature = "trust")]
        Trust::Identity { .. } => "signed by the identity given",
        #[cfg(feature = "trust")]
        Trust::Keys(_) => "signed with a key given",
        #[cfg(feature = "trust")]
        Trust::Policy(policy) => {
            &format!("by the policy of {}", crate::json::quoted(policy.project()))
        }
    };
    // What the policy or the metadata does not say is the whole answer.
    let unlisted = rests.iter().find_map(|claim| match &claim.statement {
        Statement::Note { code, text, .. }
            if code.starts_with("policy-") || code.starts_with("dct-") =>
        {
            Some(text)
        }
        _ => None,
    });
    let why = match unlisted {
        Some(text) => format!(": {text}."),
        None => ": something is missing.".to_owned(),
    };
    let mut platforms = Vec::new();
    for claim in rests {
        if let Statement::Includes { platform, .. } = &claim.statement {
            platforms.extend(platform.as_deref());
        }
    }
    let of = if platforms.is_empty() {
        String::new()
    } else {
        format!(", for {}", listed(&platforms))
    };
    match verdict {
        Verdict::Proven => {
            format!("{image} is what was published{of}: {by}. Layers were not hashed.")
        }
        Verdict::Stated => format!(
            "{image} is what was published{of}, {by}, if what was pasted is true: it was stated, not \
             checked here."
        ),
        Verdict::Open => {
            format!("Whether {image} is what was published is not known yet{why}")
        }
        Verdict::Contradicted => {
            format!("{image} is not what was published, or the evidence contradicts itself.")
        }
    }
}

fn same(left: &str, right: &str, verdict: Verdict, rests: &[Claim]) -> String {
    let mut lines = Vec::new();
    for claim in rests {
        if let Statement::Same {
            platform, level, ..
        } = &claim.statement
        {
            let platform = platform.as_deref().unwrap_or("the image");
            lines.push((words(*level, &claim.standing), platform));
        }
    }
    let mut sentences: Vec<String> = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for (words, _) in &lines {
        if done.contains(&words.as_str()) {
            continue;
        }
        done.push(words);
        let mut platforms = Vec::new();
        for (same, platform) in &lines {
            if same == words {
                platforms.push(*platform);
            }
        }
        let sentence = format!("{}: {words}", listed(&platforms));
        sentences.push(match sentence.cut("the image:") {
            Some((before, after)) => format!("{before}The image:{after}"),
            None => sentence,
        });
    }
    let head = match verdict {
        Verdict::Proven => format!("{left} and {right} are the same as far as asked."),
        Verdict::Stated => format!(
            "{left} and {right} are the same as far as asked, if what was pasted is true: it was \
             stated, not checked here."
        ),
        Verdict::Open => {
            format!("Whether {left} and {right} are the same as far as asked is not known yet.")
        }
        Verdict::Contradicted => format!(
            "{left} and {right} are not the same as far as asked, or the evidence contradicts \
             itself."
        ),
    };
    let tail = if verdict >= Verdict::Stated {
        " Layers were not hashed, and who published the images is another question."
    } else {
        ""
    };
    let rows = match sentences.as_slice() {
        [] => String::new(),
        rows => format!(" {}.", joined(rows, "; ")),
    };
    format!("{head}{rows}{tail}")
}

fn words(level: Level, standing: &Standing) -> String {
    let level = match level {
        Level::Different => "different",
        Level::Rootfs => "other configurations that fix the same uncompressed layers",
        Level::Config => "both name the same image configuration",
        Level::Manifest => "both name the same manifest",
        Level::Index => "both name the same index",
    };
    match standing {
        Standing::Proven(_) => format!("{level}, proven"),
        Standing::Stated { .. } => format!("{level}, stated"),
        Standing::Missing { .. } => "not known".to_owned(),
        Standing::Contradicted { .. } => format!("{level}, which is less than asked"),
    }
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", joined(first, ", ")),
    }
}
