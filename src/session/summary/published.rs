//! "Is this the image that its author published?" in words.

use crate::answer::Answer;
use crate::claim::{Claim, Code, Statement, Verdict};
use crate::name::Reference;
use crate::question::{Asked, LinkedPart, Trust};
use crate::text::shortened;

use super::{Said, dispute, disputed, named, sayers};

pub(super) fn said(
    (image, by): (&Reference, &Trust),
    asked: &Asked,
    verdict: Verdict,
    answer: &Answer,
) -> Said {
    let known = Trusted::new(by, asked.linked.has(LinkedPart::By));
    let rests = &answer.rests;
    let of = platforms(rests);
    let release = answer.release.as_ref();
    let what = match release.filter(|_| verdict == Verdict::Proven) {
        Some(release) => format!("release {release}"),
        None => "what was published".to_owned(),
    };
    let how = known.how();
    let is = format!("{image} is {what}{of}, {how}");
    match verdict {
        Verdict::Proven => Said::new(&known.headline(), is + "."),
        Verdict::Stated => {
            let who = sayers(rests);
            let sentence = format!("{who} says that {is}; that was not checked here.");
            Said::new("Not proven", sentence)
        }
        Verdict::Open => {
            let open = unlisted(rests).or(absent(rests));
            let (headline, sentence) = match (open, answer.failed.first()) {
                (Some(why), _) => ("Not checked yet", format!("{image}: {why}.")),
                (None, Some(failed)) => {
                    let sentence = format!("{failed}, so {image} is not checked yet.");
                    ("Not checked yet", sentence)
                }
                (None, None) => {
                    let missing = || ("Not checked yet", "something is missing".to_owned());
                    let (headline, why) = unsigned(by, answer).unwrap_or_else(missing);
                    (headline, format!("{image}: {why}."))
                }
            };
            Said::new(headline, sentence)
        }
        Verdict::Contradicted => {
            if let Some(absent) = absent(rests) {
                return Said::new("Not what was asked about", format!("{image}: {absent}."));
            }
            let Some(why) = dispute(rests, is_refused) else {
                return forged(image, by, rests).unwrap_or_else(|| disputed(rests));
            };
            let sentence = format!("{image} is not what was published: {why}.");
            Said::new(&known.refusal(), sentence)
        }
    }
}

/// The trust in an author, in words.
struct Trusted<'a> {
    by: &'a Trust,
    /// True if the link chose it.
    linked: bool,
}

impl<'a> Trusted<'a> {
    fn new(by: &'a Trust, linked: bool) -> Self {
        Trusted { by, linked }
    }

    fn headline(&self) -> String {
        match self.by {
            Trust::Policy(policy) => format!("Published by {}", shortened(policy.project())),
            Trust::Digests(_) => "The published image".to_owned(),
            Trust::Identity { .. } | Trust::Keys(_) | Trust::Signers(_) => {
                { "Signed by its author" }.to_owned()
            }
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

    /// The means of trust, to end a sentence with.
    fn how(&self) -> String {
        let what = match self.by {
            Trust::Digests(_) => "by a digest",
            Trust::Identity { .. } => "signed by the identity",
            Trust::Signers(_) => "signed by the signer",
            Trust::Keys(_) => "signed with a key",
            Trust::Policy(policy) => {
                let project = shortened(policy.project());
                let from = if self.linked { ", from the link" } else { "" };
                return format!("by the policy of {project}{from}");
            }
        };
        let from = if self.linked {
            " from the link"
        } else {
            " that you gave"
        };
        what.to_owned() + from
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

/// True for claims about parts of the image that decide whether it was published; other contradictions are
/// within the evidence.
fn is_refused(claim: &Claim) -> bool {
    let part = |statement: &Statement| {
        matches!(
            statement,
            Statement::Includes { .. } | Statement::Resolves { .. }
        )
    };
    part(&claim.statement) || claim.statement.noted(Code::NotPublished).is_some()
}

/// A signature by whom the question asks for that does not hold, where nothing else is wrong.
fn forged(image: &Reference, by: &Trust, rests: &[Claim]) -> Option<Said> {
    if matches!(by, Trust::Digests(_)) {
        return None;
    }
    let why = dispute(rests, |claim| {
        matches!(&claim.statement, Statement::Signs { tag: None, .. })
    })?;
    let text = format!("{image}: a signature of it is not valid: {why}.");
    Some(Said::new("The signature does not hold", text))
}

/// Why nobody who was named is known to have signed, with a headline: the causes told apart.
fn unsigned(by: &Trust, answer: &Answer) -> Option<(&'static str, String)> {
    let who = match by {
        Trust::Digests(_) => return None,
        Trust::Identity { .. } => "the identity that was named",
        Trust::Keys(_) => "a key that was named",
        Trust::Policy(_) => "a signer of the policy",
        Trust::Signers(_) => "the signer that was named",
    };
    let signs = |claim: &Claim| {
        matches!(&claim.statement, Statement::Signs { tag: None, .. })
            && claim.standing.verdict() == Verdict::Proven
    };
    let searched = if is_told(answer, |code| {
        matches!(
            code,
            Code::SigstoreFound | Code::SigstoreNone | Code::SigstoreUnread
        )
    }) {
        "No such signature found"
    } else {
        "Not checked yet"
    };
    let (headline, before, after) = if answer.rests.iter().any(signs) {
        (
            "Not checked yet",
            "",
            " signed a part of it, and the rest is not known",
        )
    } else if answer.beside.iter().any(signs) {
        (
            searched,
            "there are signatures, and none that shows that ",
            " signed it",
        )
    } else if is_told(answer, |code| code == Code::SigstoreUnread) {
        let after = " was found, but not every place could be read, so there may be one";
        (searched, "no signature by ", after)
    } else {
        (searched, "no signature by ", " was found")
    };
    Some((headline, [before, who, after].concat()))
}

/// True if the answer tells of a place where signatures may be.
fn is_told(answer: &Answer, of: impl Fn(Code) -> bool + Copy) -> bool {
    let mut said = answer.beside.iter().map(|claim| &claim.statement);
    said.any(|statement| statement.noted_of(of).is_some())
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
