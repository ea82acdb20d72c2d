//! "Is image B the same as image A?" in words.

use crate::answer::Answer;
use crate::claim::{Claim, Code, Level, Statement, Verdict};
use crate::name::Reference;
use crate::text::joined;

use super::{Said, because, disputed, named, sayers};

/// A fact about some platforms.
struct Row<'a> {
    fact: PlatformFact,
    /// Why, of the first of them.
    reasons: &'a [String],
    platforms: Vec<&'a str>,
}

/// The known facts about the two images on a platform.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlatformFact {
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
        said.sentence.push_str(&text);
    }
    said
}

/// "A and B have the same manifest on X and the same configuration on Y."
fn shared((left, right): (&Reference, &Reference), rows: &[Row]) -> String {
    let mut parts = Vec::new();
    for row in rows {
        if let PlatformFact::Share(level, _) = row.fact {
            parts.push(same(level, row));
        }
    }
    format!("{left} and {right} have {}", joined(&parts, " and "))
}

/// "the same manifest on X"
#[inline(never)]
fn same(level: Level, row: &Row) -> String {
    format!("the same {}{}", noun(level), on(row))
}

fn stated(sides: (&Reference, &Reference), rows: &[Row], answer: &Answer) -> Said {
    let who = sayers(&answer.rests);
    let shared = shared(sides, rows);
    let proven = platforms(rows, |fact| {
        matches!(fact, PlatformFact::Share(_, Verdict::Proven))
    });
    let except = if proven.is_empty() {
        String::new()
    } else {
        format!(", except for {}", named(&proven))
    };
    let sentence = format!("{who} says that {shared}; nothing here confirms it{except}.");
    Said::new("Not proven", sentence)
}

/// The platforms of which some facts are said.
#[inline(never)]
fn platforms<'a>(rows: &[Row<'a>], is: fn(&PlatformFact) -> bool) -> Vec<&'a str> {
    let mut platforms = Vec::new();
    for row in rows {
        if is(&row.fact) {
            platforms.extend_from_slice(&row.platforms);
        }
    }
    platforms
}

#[inline(never)]
fn on(row: &Row) -> String {
    on_all(&row.platforms)
}

/// On which platforms, where any are named.
fn on_all(platforms: &[&str]) -> String {
    if platforms.is_empty() {
        String::new()
    } else {
        format!(" on {}", named(platforms))
    }
}

/// Platforms that only one image has, if that is not the answer itself.
fn one_sided((_, right): (&Reference, &Reference), rows: &[Row]) -> Option<String> {
    let row = rows
        .iter()
        .find(|row| row.fact == PlatformFact::OnlyRight)?;
    Some(format!(" Only {right} has {}.", named(&row.platforms)))
}

fn different(sides: (&Reference, &Reference), asked: Level, rows: &[Row]) -> Said {
    let (left, right) = sides;
    let apart = platforms(rows, |fact| {
        matches!(fact, PlatformFact::Differ | PlatformFact::ShareOnly(_))
    });
    let mut headline = match apart.as_slice() {
        [] => "Different images".to_owned(),
        platforms => format!("Different{}", on_all(platforms)),
    };
    // The second image lacks some platforms, which "different" does not say.
    let absent = platforms(rows, |fact| *fact == PlatformFact::OnlyLeft);
    if let (false, [first, others @ ..]) = (apart.is_empty(), absent.as_slice()) {
        let missing = match others.len() {
            0 => format!("{first} is missing"),
            1 | 2 => format!("{} are missing", named(&absent)),
            more => format!("{} other platforms are missing", more + 1),
        };
        headline = [&headline, ", and ", &missing].concat();
    }
    let mut sentences = Vec::new();
    for row in rows {
        sentences.push(match row.fact {
            PlatformFact::Differ => {
                let (on, why) = (on(row), joined(row.reasons, "; "));
                format!("{left} and {right} are different{on}: {why}.")
            }
            PlatformFact::ShareOnly(level) => {
                let (same, asked) = (same(level, row), noun(asked));
                format!("{left} and {right} have {same}, but not the same {asked}.")
            }
            PlatformFact::OnlyLeft => format!("{right} has no {}.", named(&row.platforms)),
            _ => continue,
        });
    }
    for row in rows {
        if let PlatformFact::Share(level, _) = row.fact {
            sentences.push(format!("They have {}.", same(level, row)));
        }
    }
    Said::new(&headline, joined(&sentences, " "))
}

fn open(sides: (&Reference, &Reference), rows: &[Row], answer: &Answer) -> Said {
    let (left, right) = sides;
    let unknown = rows.iter().find(|row| row.fact == PlatformFact::Unknown);
    let reason = unknown.and_then(|row| row.reasons.first());
    let why = because(reason.map(String::as_str));
    let is_known = |row: &Row| !matches!(row.fact, PlatformFact::Unknown | PlatformFact::OnlyRight);
    if !rows.iter().any(is_known) {
        let sentence = match answer.failed.first() {
            Some(failed) => format!("{failed}, so {left} and {right} are not compared yet."),
            None => format!("{left} and {right} are not compared yet{why}."),
        };
        return Said::new("Not compared yet", sentence);
    }
    let why = answer
        .failed
        .first()
        .map_or(why, |failed| because(Some(failed)));
    let rest = match unknown.map(|row| row.platforms.as_slice()) {
        None | Some([]) => "the rest".to_owned(),
        Some(platforms) => named(platforms),
    };
    let mut known = String::new();
    if rows
        .iter()
        .any(|row| matches!(row.fact, PlatformFact::Share(..)))
    {
        known = shared(sides, rows) + "; ";
    }
    Said::new(
        "Not fully compared",
        format!("{known}{rest} could not be compared yet{why}."),
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
                PlatformFact::OnlyRight,
                &[],
                text.strip_prefix(&not_on_left),
            );
        }
    }
    (rows, weakest)
}

fn fact(claim: &Claim, level: Level, only_left: bool) -> PlatformFact {
    match claim.standing.verdict() {
        Verdict::Open => PlatformFact::Unknown,
        Verdict::Contradicted if only_left => PlatformFact::OnlyLeft,
        Verdict::Contradicted if level == Level::Different => PlatformFact::Differ,
        Verdict::Contradicted => PlatformFact::ShareOnly(level),
        known => PlatformFact::Share(level, known),
    }
}

fn add_row<'a>(
    rows: &mut Vec<Row<'a>>,
    fact: PlatformFact,
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

/// The thing that two images share at a level.
fn noun(level: Level) -> &'static str {
    match level {
        Level::Different => "documents",
        Level::Rootfs => "uncompressed layers",
        Level::Config => "configuration",
        Level::Manifest => "manifest",
        Level::Index => "index",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_platform_that_one_side_does_not_have_is_in_the_headline() {
        let (left, right) = ("a/x".parse().unwrap(), "b/x".parse().unwrap());
        let row = |fact, platforms: &[&'static str]| Row {
            fact,
            reasons: &[],
            platforms: platforms.to_vec(),
        };
        let headline = |apart: &[&'static str], absent: &[&'static str]| {
            let rows = [
                row(PlatformFact::Differ, apart),
                row(PlatformFact::OnlyLeft, absent),
            ];
            different((&left, &right), Level::Index, &rows).headline
        };
        assert_eq!(headline(&["p"], &[]), "Different on p");
        assert_eq!(headline(&["p"], &["q"]), "Different on p, and q is missing");
        assert_eq!(
            headline(&["p"], &["q", "r"]),
            "Different on p, and q and r are missing"
        );
        assert_eq!(
            headline(&["p"], &["q", "r", "s", "t"]),
            "Different on p, and 4 other platforms are missing"
        );
        assert_eq!(headline(&[], &["q"]), "Different images");
    }
}
