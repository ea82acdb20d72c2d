//! "Is this the image that its author published?" in words.

use crate::answer::Answer;
use crate::claim::{Claim, Code, Statement, Verdict};
use crate::name::Reference;
use crate::question::{Asked, Part, Trust};
use crate::text::shortened;

use super::{Said, dispute, named, sayers};

pub(super) fn said(
    (image, by): (&Reference, &Trust),
    asked: &Asked,
    verdict: Verdict,
    answer: &Answer,
) -> Said {
    let known = Known::new(by, asked.linked.has(Part::By));
    let rests = &answer.rests;
    let of = platforms(rests);
    match verdict {
        Verdict::Proven => Said::new(
            known.headline(),
            match &answer.release {
                Some(release) => format!("{image} is release {release}{of}, {}.", known.how()),
                None => format!("{image} is what was published{of}, {}.", known.how()),
            },
        ),
        Verdict::Stated => Said::new(
            "Not proven",
            format!(
                "{} says that {image} is what was published{of}, {}; that was not checked here.",
                sayers(rests),
                known.how()
            ),
        ),
        Verdict::Open => {
            let failed = answer.failed.first().map(String::as_str);
            let why = unlisted(rests).or(absent(rests)).or(failed);
            let why = why.unwrap_or("something is missing");
            Said::new("Not checked yet", format!("{image}: {why}."))
        }
        Verdict::Contradicted => match (absent(rests), dispute(rests)) {
            (Some(absent), _) => {
                Said::new("Not what was asked about", format!("{image}: {absent}."))
            }
            (None, Some(text)) => Said::new(
                known.refusal(),
                format!(
                    "{image} is not what was published, or the evidence contradicts itself: {text}."
                ),
            ),
            (None, None) => Said::new(
                known.refusal(),
                format!("{image} is not what was published, or the evidence contradicts itself."),
            ),
        },
    }
}

/// What an author is known by.
struct Known<'a> {
    by: &'a Trust,
    /// Whether the link named that.
    linked: bool,
}

impl<'a> Known<'a> {
    fn new(by: &'a Trust, linked: bool) -> Self {
        Known { by, linked }
    }

    fn headline(&self) -> String {
        match self.by {
            Trust::Policy(policy) => format!("Published by {}", shortened(policy.project())),
            Trust::Digests(_) => "The published image".to_owned(),
            Trust::Identity { .. } | Trust::Keys(_) => "Signed by its author".to_owned(),
        }
    }

    fn refusal(&self) -> String {
        match self.by {
            Trust::Policy(policy) => {
                format!("Not what {} published", shortened(policy.project()))
            }
            _ => "Not the published image".to_owned(),
        }
    }

    /// How it is known, to end a sentence with.
    fn how(&self) -> String {
        let text = match (self.by, self.linked) {
            (Trust::Digests(_), false) => "by a digest that you gave",
            (Trust::Digests(_), true) => "by a digest from the link",
            (Trust::Identity { .. }, false) => "signed by the identity that you gave",
            (Trust::Identity { .. }, true) => "signed by the identity from the link",
            (Trust::Keys(_), false) => "signed with a key that you gave",
            (Trust::Keys(_), true) => "signed with a key from the link",
            (Trust::Policy(policy), _) => {
                let project = shortened(policy.project());
                let from = if self.linked { ", from the link" } else { "" };
                return format!("by the policy of {project}{from}");
            }
        };
        text.to_owned()
    }
}

/// The platforms of which something is said.
fn platforms(rests: &[Claim]) -> String {
    let mut platforms = Vec::new();
    for claim in rests {
        if let Statement::Includes { platform, .. } = &claim.statement {
            platforms.extend(platform.as_deref());
        }
    }
    if platforms.is_empty() {
        String::new()
    } else {
        format!(" for {}", named(&platforms))
    }
}

/// That the image has no such platform.
fn absent(rests: &[Claim]) -> Option<&str> {
    let mut said = rests.iter().map(|claim| &claim.statement);
    said.find_map(|statement| statement.noted(Code::PlatformAbsent))
}

/// What the policy or the metadata does not say, which is the whole answer.
fn unlisted(rests: &[Claim]) -> Option<&str> {
    let is_unlisted = |code: Code| {
        matches!(code, Code::Kept | Code::NotPublished | Code::SeveralDigests) || code.of_scheme()
    };
    let mut said = rests.iter().map(|claim| &claim.statement);
    said.find_map(|statement| statement.noted_of(is_unlisted))
}
