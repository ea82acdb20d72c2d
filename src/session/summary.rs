//! The answer in words: a headline that cannot be taken for more than the verdict, a sentence that names the
//! images, and the conditions under which both hold.

mod published;
mod same;
mod subject;
mod what;

use crate::answer::{Answer, By, Resolved};
use crate::claim::{Claim, Code, Source, Standing, Statement, Verdict};
use crate::question::{Asked, Question};
use crate::record::Record;
use crate::text::joined;
use crate::time::{minute, seconds};

use super::report;

/// The answer in words.
pub(super) struct Summary {
    /// A few words: whoever reads nothing else has the answer.
    pub(super) headline: String,
    /// One sentence, or a few, with the names of the images.
    pub(super) sentence: String,
    /// Whole sentences: when tags were looked up and by whom, how long signatures are valid, what a link chose,
    /// what no answer checks.
    pub(super) conditions: Vec<String>,
    /// The document that it is about, where the question is what something is.
    pub(super) subject: Option<report::Subject>,
}

/// A headline and its sentence.
struct Said {
    headline: String,
    sentence: String,
    subject: Option<report::Subject>,
}

impl Said {
    #[inline(never)]
    fn new(headline: &str, sentence: String) -> Self {
        Said {
            headline: headline.to_owned(),
            sentence,
            subject: None,
        }
    }
}

pub(super) fn summary(
    asked: &Asked,
    verdict: Verdict,
    answer: &Answer,
    evidence: &Record,
) -> Summary {
    let said = match &asked.question {
        Question::Published { image, by } => published::said((image, by), asked, verdict, answer),
        Question::Same { left, right, level } => same::said((left, right), *level, verdict, answer),
        Question::What => what::said(asked, answer, evidence),
    };
    Summary {
        headline: said.headline,
        sentence: said.sentence,
        conditions: conditions(asked, verdict, answer),
        subject: said.subject,
    }
}

fn conditions(asked: &Asked, verdict: Verdict, answer: &Answer) -> Vec<String> {
    let mut conditions = Vec::new();
    let published = matches!(asked.question, Question::Published { .. });
    let fresh = answer
        .beside
        .iter()
        .find_map(|claim| claim.statement.noted(Code::DctFreshness));
    if let Some(text) = fresh.filter(|_| published && verdict == Verdict::Proven) {
        conditions.push(begun(text) + ".");
    }
    let tags = answer
        .resolved
        .iter()
        .filter(|resolved| resolved.reference.digest().is_none());
    conditions.extend(tags.map(resolution));
    let address = answer.beside.iter().find_map(policy_address);
    conditions.extend(asked.linked.sentence(asked, address));
    if verdict >= Verdict::Stated {
        match asked.question {
            Question::What => {}
            Question::Published { .. } => conditions.push(LAYERS.to_owned()),
            Question::Same { .. } => {
                conditions.extend([LAYERS.to_owned(), NO_AUTHOR.to_owned()]);
            }
        }
    }
    conditions
}

/// The part that no answer checks so far.
const LAYERS: &str = "Layers were not downloaded: the configuration fixes their content, but a registry could \
                      still serve something else; your client checks that when it pulls.";

/// The part that no comparison answers.
const NO_AUTHOR: &str = "This does not say who published the images.";

/// Says who told the meaning of a tag, and when, since it can move.
fn resolution(resolved: &Resolved) -> String {
    let reference = &resolved.reference;
    let at = &seconds(&resolved.at).map_or_else(|| resolved.at.clone(), minute);
    let registry = reference.registry();
    match &resolved.by {
        By::Registry => {
            let how = if resolved.plainly {
                ", over plain http"
            } else {
                ""
            };
            format!("{registry} said at {at} what {reference} is{how}.")
        }
        By::Gateway(by) => {
            format!("The gateway {by} said at {at} what {reference} is at {registry}.")
        }
        By::Other(by) => {
            format!("{by} said at {at} what {reference} is; {registry} itself did not say it.")
        }
    }
}

/// Where the policy of the question was fetched, as whoever fetched it noted.
fn policy_address(claim: &Claim) -> Option<&str> {
    claim.statement.noted(Code::PolicySource)?;
    match claim.standing.first_source()? {
        Source::Fetched { url, .. } => Some(url),
        _ => None,
    }
}

/// Whose word the claims are that are only stated, to begin a sentence with.
fn sayers(claims: &[Claim]) -> &'static str {
    let stated = claims.iter().filter_map(|claim| match &claim.standing {
        Standing::Stated { by } => Some(by),
        _ => None,
    });
    let mut sources = stated.flatten();
    if sources.all(|source| matches!(source, Source::Pasted { file: None, .. })) {
        "Pasted output"
    } else {
        "What was given"
    }
}

/// The first contradiction of these claims that is meant: the expected value and the one found.
fn dispute(claims: &[Claim], is_meant: fn(&Claim) -> bool) -> Option<String> {
    let mut meant = claims.iter().filter(|claim| is_meant(claim));
    meant.find_map(|claim| match &claim.standing {
        Standing::Contradicted { expected, found } => Some(format!(
            "expected {}, found {}",
            expected.value, found.value
        )),
        _ => None,
    })
}

/// Evidence that does not fit together, whatever was asked.
fn disputed(claims: &[Claim]) -> Said {
    let is_other = |claim: &Claim| !matches!(claim.statement, Statement::Same { .. });
    let why = because(dispute(claims, is_other).as_deref());
    let text = format!("What was given contradicts itself{why}.");
    Said::new("Contradictory evidence", text)
}

/// A reason, to end a sentence with.
#[inline(never)]
fn because(why: Option<&str>) -> String {
    why.map_or(String::new(), |why| format!(": {why}"))
}

/// A text as the beginning of a sentence.
#[inline(never)]
fn begun(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Platforms by name, or how many if they are many.
#[inline(never)]
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
