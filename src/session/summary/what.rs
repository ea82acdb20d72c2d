//! "Which digest is this?" in words.

use std::fmt::Display;

use crate::answer::Answer;
use crate::chain::{self, links};
use crate::claim::{Claim, Code, Signatory, Source, Standing, Statement, Verdict};
use crate::digest::{Digest, DigestSet};
use crate::name::Reference;
use crate::question::Asked;
use crate::record::Record;
use crate::text::joined;
use crate::trust::is_origin;

use super::subject::Topic;
use super::{Said, begun, disputed};

/// Describes the document, or the topmost of several, and gives its digest.
pub(super) fn said(asked: &Asked, answer: &Answer, evidence: &Record) -> Said {
    let rests = &answer.rests;
    let is_contradicted = |claim: &&Claim| claim.standing.verdict() == Verdict::Contradicted;
    if rests.iter().any(|claim| is_contradicted(&claim)) {
        return disputed(rests);
    }
    let lost = lost(answer);
    let (mut tops, others) = subjects(evidence, lost.is_some());
    let image = asked.image.as_ref();
    // Other documents may be here; the image is this one.
    if let Some(held) = root(asked, answer).and_then(|root| evidence.pool.get(root)) {
        tops = vec![Topic::held(held)];
    }
    match (tops.as_slice(), lost) {
        (_, Some(digest)) => Said::new(
            "Bytes not found",
            format!("The bytes of {digest} could not be found again in what was pasted."),
        ),
        ([], None) => spoken(asked, answer),
        ([top], None) => {
            let own = image.filter(|image| is_of(evidence, image, top));
            let mut said = one(top, own);
            if let Some(text) = binary(answer).filter(|_| top.view.is_none()) {
                said.sentence = format!("{text}.");
            }
            said.sentence.push_str(&known_as(evidence, &top.digest));
            said.sentence.push_str(&signed_by(answer, &top.digest));
            said.sentence.push_str(&beside(others));
            // A document that is only probable is not called the image anyway.
            match image.filter(|_| own.is_none() && top.doubt.is_none()) {
                Some(image) => untied(image, top, answer, &said.sentence),
                None => said,
            }
        }
        (many, None) => several(many, others),
    }
}

/// True if something here says that this document is the image.
fn is_of(evidence: &Record, image: &Reference, top: &Topic) -> bool {
    let chain = chain::assemble(&evidence.pool, &evidence.hearsay(), image);
    let root = chain.root.as_ref().map(|(root, _)| root);
    let printed = top.printed_for;
    root == Some(&top.digest) || printed.is_some_and(|name| name.names_same(image))
}

/// A document that nothing ties to the image: it is described, and is no answer.
fn untied(image: &Reference, top: &Topic, answer: &Answer, document: &str) -> Said {
    let kind = top.kind;
    let mut headline = "Not read yet";
    let mut why = format!("Nothing here shows that this {kind} is {image}.");
    if let Some(failed) = answer.failed.first() {
        headline = "Not read";
        why = format!("{failed}, so {image} is not read. {why}");
    }
    Said::new(headline, [&why, " ", document].concat())
}

/// One document, or the one that names all others.
fn one(subject: &Topic, image: Option<&Reference>) -> Said {
    let Topic {
        about,
        digest,
        doubt,
        ..
    } = subject;
    let bytes = subject.bytes();
    let about = joined(about, ", ");
    let sentence = match (doubt, image) {
        (Some(doubt), _) => {
            let what = begun(&after(&subject.name(), &about));
            format!("Probably {digest}: {doubt}. {what}, {bytes}.")
        }
        (None, Some(image)) => {
            let what = after(&subject.name(), &about);
            format!("{image} is {what}; its digest is {digest}, {bytes}.")
        }
        (None, None) if about.is_empty() => format!("Its digest is {digest}, {bytes}."),
        (None, None) => format!("{}. Its digest is {digest}, {bytes}.", begun(&about)),
    };
    let headline = match doubt {
        Some(_) => format!("Probably {}", brief(digest)),
        None => begun(&subject.name()),
    };
    Said {
        subject: Some(subject.reported()),
        ..Said::new(&headline, sentence)
    }
}

fn after(name: &str, about: &str) -> String {
    if about.is_empty() {
        name.to_owned()
    } else {
        format!("{name} {about}")
    }
}

/// A digest that is shown in full right below.
fn brief(digest: &Digest) -> String {
    let text = digest.as_str();
    match text.get(..BRIEF) {
        Some(beginning) => format!("{beginning}…"),
        None => text.to_owned(),
    }
}

/// The algorithm and twelve digits, as docker shows them.
const BRIEF: usize = "sha256:".len() + 12;

/// Documents of which none names all others.
fn several(all: &[Topic], others: usize) -> Said {
    let shown = |subject: &Topic| {
        let doubt = if subject.doubt.is_some() {
            "probably "
        } else {
            ""
        };
        format!("{} ({doubt}{})", subject.name(), subject.digest)
    };
    let mut parts: Vec<String> = all.iter().take(MOST_SHOWN).map(shown).collect();
    if let Some(more @ 1..) = all.len().checked_sub(MOST_SHOWN) {
        parts.push(format!("{more} more"));
    }
    Said::new(
        &format!("{} documents", all.len()),
        format!("{}.{}", begun(&joined(&parts, "; ")), beside(others)),
    )
}

const MOST_SHOWN: usize = 3;

/// The digest of the image that was asked about: its own, or what its tag is.
fn root<'a>(asked: &'a Asked, answer: &'a Answer) -> Option<&'a Digest> {
    let image = asked.image.as_ref()?;
    let name = image.to_string();
    let resolved = |claim: &'a Claim| match &claim.statement {
        Statement::Resolves { reference, digest } if *reference == name => Some(digest),
        _ => None,
    };
    let mut claims = answer.rests.iter().chain(&answer.beside);
    image.digest().or_else(|| claims.find_map(resolved))
}

/// The name that a list in an archive gives it.
fn known_as(evidence: &Record, wanted: &Digest) -> String {
    let mut said = evidence.said.iter();
    let named = said.find_map(|(statement, by)| match statement {
        Statement::Pins { reference, digest } if digest == wanted => Some((reference, "", by)),
        Statement::Identifies { reference, id, .. } if id == wanted.as_str() => {
            Some((reference, "the Id of ", by))
        }
        _ => None,
    });
    named.map_or_else(String::new, |(reference, role, by)| {
        format!(" {by} says that it is {role}{reference}.")
    })
}

/// Names those who signed it as theirs, by signatures that hold. Only the question can say whom it should be.
fn signed_by(answer: &Answer, wanted: &Digest) -> String {
    let mut all: Vec<String> = Vec::new();
    for claim in &answer.beside {
        let Statement::Signs {
            digest,
            tag: None,
            by,
            predicate,
            ..
        } = &claim.statement
        else {
            continue;
        };
        // The issuer of an identity is told with the signatures.
        let who = match by {
            Signatory::Identity { identity, .. } => identity.clone(),
            other => other.to_string(),
        };
        let holds = digest == wanted && claim.standing.verdict() == Verdict::Proven;
        if holds && is_origin(predicate.as_deref()) && !all.contains(&who) {
            all.push(who);
        }
    }
    match all.as_slice() {
        [] => String::new(),
        [one] => format!(" It is signed by {one}."),
        [first, others @ ..] => format!(" It is signed by {first} and {} more.", others.len()),
    }
}

/// How many of the documents that it names are here too.
fn beside(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => " 1 document that it names is here too.".to_owned(),
        _ => format!(" {others} documents that it names are here too."),
    }
}

/// The documents that no other names, and how many others there are.
fn subjects(evidence: &Record, lost: bool) -> (Vec<Topic<'_>>, usize) {
    let mut named = DigestSet::default();
    let views = evidence.pool.iter().map(|held| &held.view);
    let open = evidence.open.iter().map(|open| &open.view);
    for view in views.chain(open).flatten() {
        for link in links(view) {
            named.insert(link.digest(), ());
        }
    }
    let mut tops = Vec::new();
    let mut others = 0;
    for held in evidence.pool.iter() {
        if named.contains(held.digest()) {
            // Content may be anything.
            others += usize::from(held.view.is_ok());
        } else {
            tops.push(Topic::held(held));
        }
    }
    if !lost {
        tops.extend(evidence.open.iter().map(Topic::open));
    }
    // A sort of its own would be large, and there are few ranks.
    let mut ordered = Vec::new();
    for rank in 0..=Topic::LAST {
        ordered.extend(tops.extract_if(.., |top| top.rank() == rank));
    }
    (ordered, others)
}

/// The digest that somebody named for a text whose bytes were not found again.
fn lost(answer: &Answer) -> Option<&Digest> {
    for claim in &answer.rests {
        if let Statement::Bytes {
            digest,
            media_type: None,
            ..
        } = &claim.statement
            && let Standing::Missing { .. } = claim.standing
        {
            return Some(digest);
        }
    }
    None
}

/// What tools say where no document is here.
fn spoken(asked: &Asked, answer: &Answer) -> Said {
    let mut told = answer.beside.iter().filter_map(sentence);
    // A digest without an image comes first only where there is nothing else.
    let loose = || answer.beside.iter().filter_map(loose).min();
    if let Some(first) = told.next().or_else(|| Some(loose()?.1)) {
        let more = match told.count() {
            0 => String::new(),
            1 => " 1 more statement is below.".to_owned(),
            more => format!(" {more} more statements are below."),
        };
        return Said::new("Not checked", format!("{first}.{more}"));
    }
    if let Some(text) = binary(answer).filter(|_| asked.image.is_none()) {
        return Said::new("A binary file", format!("{text}."));
    }
    if let Some(text) = remark(answer).filter(|_| asked.image.is_none()) {
        return Said::new("No digest here", format!("{}.", begun(text)));
    }
    match (&asked.image, answer.failed.first()) {
        (Some(image), Some(why)) => Said::new("Not read", format!("{why}, so {image} is not read.")),
        (Some(image), None) => {
            Said::new("Not read yet", format!("{image} has not been fetched yet."))
        }
        (None, _) => Said::new(
            "Nothing recognised",
            "Nothing here looks like an image name or tool output. Try nginx:1.27, or paste what docker pull \
             printed."
                .to_owned(),
        ),
    }
}

/// The first remark on what a tool printed, such as that the registry has no such image.
fn remark(answer: &Answer) -> Option<&str> {
    let mut claims = answer.beside.iter();
    claims.find_map(|claim| match (&claim.statement, &claim.standing) {
        (Statement::Note { text, .. }, Standing::Stated { by }) => match by.first()? {
            Source::Pasted { tool, .. } if tool != "terminal" => Some(text.as_str()),
            _ => None,
        },
        _ => None,
    })
}

/// The note that a file is not text.
fn binary(answer: &Answer) -> Option<&str> {
    let mut claims = answer.beside.iter();
    claims.find_map(|claim| claim.statement.noted(Code::Binary))
}

/// The statement of a tool about a digest without an image; those with a tag are the least.
fn loose(claim: &Claim) -> Option<(bool, String)> {
    let Standing::Stated { by } = &claim.standing else {
        return None;
    };
    let of = |code| {
        matches!(
            code,
            Code::PrefixOnly | Code::Unattributed | Code::UnknownRole
        )
    };
    let text = claim.statement.noted_of(of)?;
    let Statement::Note { subject, .. } = &claim.statement else {
        return None;
    };
    let digest = subject
        .as_ref()
        .map_or(String::new(), |digest| format!("{digest}: "));
    let tool = match by.first()? {
        Source::Pasted { tool, .. } => tool.clone(),
        other => other.to_string(),
    };
    let said = format!("{tool} says of {digest}{text}; not checked");
    Some((text.starts_with("listed"), said))
}

/// A tool's statement, to be read by people.
fn sentence(claim: &Claim) -> Option<String> {
    let Standing::Stated { by } = &claim.standing else {
        return None;
    };
    let tool = match by.first()? {
        Source::Pasted { tool, file: None } => tool.clone(),
        other => other.to_string(),
    };
    let said;
    let (before, subject, between, object): (_, &dyn Display, _, &dyn Display) =
        match &claim.statement {
            Statement::Resolves { reference, digest } => ("", reference, " is ", digest),
            Statement::Keeps { reference, digest } => {
                ("this machine keeps ", reference, " as ", digest)
            }
            Statement::Pins { reference, digest } => ("it names ", reference, " with ", digest),
            Statement::Identifies { reference, id, .. } => ("", reference, " has the Id ", id),
            Statement::Includes {
                reference, digest, ..
            } => ("", reference, " includes ", digest),
            Statement::Names { parent, digest, .. } => ("", parent, " names ", digest),
            Statement::Signs { digest, by, .. } => ("", digest, " is signed by ", by),
            Statement::Authorises {
                reference,
                role,
                key,
            } => {
                said = format!("{reference} as {role}");
                ("the key ", key, " may sign ", &said)
            }
            Statement::Size { digest, size } => {
                said = format!("{size} bytes");
                ("", digest, " has ", &said)
            }
            Statement::Platform { digest, platform } => ("", digest, " is for ", platform),
            Statement::Note { text, .. } => {
                claim
                    .statement
                    .noted_of(|code| matches!(code, Code::Attests | Code::Named))?;
                ("", text, "", &"")
            }
            Statement::Metadata { repository, .. } => ("", repository, " has signed metadata", &""),
            _ => return None,
        };
    Some(format!(
        "{tool} says that {before}{subject}{between}{object}, not checked"
    ))
}
