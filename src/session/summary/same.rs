//! "Is image B the same as image A?" in words.

use crate::answer::Answer;
use crate::claim::{Claim, Code, Level, Statement, Verdict};
use crate::name::Reference;
use crate::text::joined;

use super::{Said, begun, disputed, named, sayers};

/// What is said of some platforms, and which.
struct Row<'a> {
    fact: Fact,
    /// Why, of the first of them.
    reasons: &'a [String],
    platforms: Vec<&'a str>,
}

/// What is known of the two images on a platform.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    /// They share this, which is as much as was asked for.
    Share(Level, Verdict),
    /// They share only this.
    ShareOnly(Level),
    Differ,
    OnlyLeft,
    OnlyRight,
    /// Nothing yet.
    Unknown,
}

pub(super) fn said(
    sides: (&Reference, &Reference),
    asked: Level,
    verdict: Verdict,
    answer: &Answer,
) -> Said {
    let (rows, weakest) = rows(sides, answer);
    let one_sided = one_sided(sides, &rows);
    let mut said = match verdict {
        Verdict::Contradicted if weakest > verdict => disputed(&answer.rests),
        Verdict::Contradicted => different(sides, asked, &rows),
        Verdict::Open => open(sides, &rows, answer),
        Verdict::Stated => stated(sides, &rows, answer),
        Verdict::Proven => Said::new("Same image", format!("{}.", shared(sides, &rows))),
    };
    if let Some(text) = one_sided {
        said.sentence.extend([" ", &text]);
    }
    said
}

/// "A and B have the same manifest on X and the same configuration on Y."
fn shared((left, right): (&Reference, &Reference), rows: &[Row]) -> String {
    let parts: Vec<String> = rows
        .iter()
        .filter_map(|row| match &row.fact {
            Fact::Share(level, _) => Some(format!("the same {}{}", noun(*level), on(row))),
            _ => None,
        })
        .collect();
    format!("{left} and {right} have {}", joined(&parts, " and "))
}

fn stated(sides: (&Reference, &Reference), rows: &[Row], answer: &Answer) -> Said {
    let who = sayers(&answer.rests);
    let shared = shared(sides, rows);
    let mut sentence = format!("{who} says that {shared}; nothing here confirms it");
    let is_proven = |row: &&Row| matches!(row.fact, Fact::Share(_, Verdict::Proven));
    let proven = rows.iter().filter(is_proven);
    let proven: Vec<&str> = proven
        .flat_map(|row| row.platforms.iter().copied())
        .collect();
    if !proven.is_empty() {
        sentence.extend([", except for ", &named(&proven)]);
    }
    sentence.push('.');
    Said::new("Not proven", sentence)
}

fn on(row: &Row) -> String {
    match row.platforms.as_slice() {
        [] => String::new(),
        platforms => format!(" on {}", named(platforms)),
    }
}

/// What only one image has, where that is not the answer itself.
fn one_sided((_, right): (&Reference, &Reference), rows: &[Row]) -> Option<String> {
    let row = rows.iter().find(|row| row.fact == Fact::OnlyRight)?;
    Some(format!("Only {right} has {}.", named(&row.platforms)))
}

fn different(sides: (&Reference, &Reference), asked: Level, rows: &[Row]) -> Said {
    let (left, right) = sides;
    let is_apart = |fact: &Fact| matches!(fact, Fact::Differ | Fact::ShareOnly(_));
    let apart: Vec<&str> = rows
        .iter()
        .filter(|row| is_apart(&row.fact))
        .flat_map(|row| row.platforms.iter().copied())
        .collect();
    let headline = match apart.as_slice() {
        [] => "Different images".to_owned(),
        platforms => format!("Different on {}", named(platforms)),
    };
    let mut sentences = Vec::new();
    for row in rows {
        let on = on(row);
        let lacks = match row.fact {
            Fact::Differ => {
                let why = joined(row.reasons, "; ");
                format!("{left} and {right} are different{on}: {why}.")
            }
            Fact::ShareOnly(level) => format!(
                "{left} and {right} have the same {}{on}, but not the same {}.",
                noun(level),
                noun(asked)
            ),
            Fact::OnlyLeft => format!("{right} has no {}.", named(&row.platforms)),
            _ => continue,
        };
        sentences.push(lacks);
    }
    let others = rows
        .iter()
        .filter(|row| matches!(row.fact, Fact::Share(..)));
    for row in others {
        if let Fact::Share(level, _) = row.fact {
            sentences.push(begun(&format!(
                "they have the same {}{}.",
                noun(level),
                on(row)
            )));
        }
    }
    Said::new(headline, joined(&sentences, " "))
}

fn open(sides: (&Reference, &Reference), rows: &[Row], answer: &Answer) -> Said {
    let (left, right) = sides;
    let unknown = rows.iter().find(|row| row.fact == Fact::Unknown);
    let reason = unknown.and_then(|row| row.reasons.first());
    let why = answer.failed.first().or(reason);
    let why = why.map_or(String::new(), |why| format!(": {why}"));
    let is_known = |row: &Row| !matches!(row.fact, Fact::Unknown | Fact::OnlyRight);
    if !rows.iter().any(is_known) {
        return Said::new(
            "Not compared yet",
            format!("{left} and {right} are not compared yet{why}."),
        );
    }
    let rest = match unknown.map(|row| row.platforms.as_slice()) {
        None | Some([]) => "the rest".to_owned(),
        Some(platforms) => named(platforms),
    };
    let known = if rows.iter().any(|row| matches!(row.fact, Fact::Share(..))) {
        format!("{}; ", shared(sides, rows))
    } else {
        String::new()
    };
    Said::new(
        "Not fully compared",
        format!("{known}{rest} not compared yet{why}."),
    )
}

/// The rows, those of what only one side has too, and the weakest of what was compared.
fn rows<'a>((_, right): (&Reference, &Reference), answer: &'a Answer) -> (Vec<Row<'a>>, Verdict) {
    let mut rows = Vec::new();
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
        weakest = weakest.min(claim.standing.verdict());
        let only_left = reasons
            .iter()
            .any(|reason| reason.starts_with(&not_on_right));
        let fact = fact(claim, *level, only_left);
        add_row(&mut rows, fact, reasons, platform.as_deref());
    }
    let not_on_left = format!("only {right} has ");
    for claim in &answer.beside {
        if let Some(text) = claim.statement.noted(Code::OnlyRight) {
            add_row(
                &mut rows,
                Fact::OnlyRight,
                &[],
                text.strip_prefix(&not_on_left),
            );
        }
    }
    (rows, weakest)
}

fn fact(claim: &Claim, level: Level, only_left: bool) -> Fact {
    match claim.standing.verdict() {
        Verdict::Open => Fact::Unknown,
        Verdict::Contradicted if only_left => Fact::OnlyLeft,
        Verdict::Contradicted if level == Level::Different => Fact::Differ,
        Verdict::Contradicted => Fact::ShareOnly(level),
        known => Fact::Share(level, known),
    }
}

fn add_row<'a>(
    rows: &mut Vec<Row<'a>>,
    fact: Fact,
    reasons: &'a [String],
    platform: Option<&'a str>,
) {
    let place = rows.iter().position(|row| row.fact == fact);
    let place = place.unwrap_or(rows.len());
    if place == rows.len() {
        let platforms = Vec::new();
        rows.push(Row {
            fact,
            reasons,
            platforms,
        });
    }
    if let Some(row) = rows.get_mut(place) {
        row.platforms.extend(platform);
    }
}

/// What two images share at a level.
fn noun(level: Level) -> &'static str {
    match level {
        Level::Different => "documents",
        Level::Rootfs => "uncompressed layers",
        Level::Config => "configuration",
        Level::Manifest => "manifest",
        Level::Index => "index",
    }
}
