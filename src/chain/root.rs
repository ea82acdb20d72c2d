//! The digest that a reference names, by the statements about it and their times.
//!
//! Tags move: two commands may be told two digests of one tag, one after the other, and both be
//! right. Two digests contradict each other only if one source gave both, or both were said of one
//! moment. Else the newest counts, where the order is known, and the others are shown.
//!
//! What a machine keeps under a name is no answer here at all: a tool that lists it shows what was
//! once pulled, pushed, built or tagged there, and never what the registry in the name has.

use crate::claim::{
    Claim, Code, LAYOUT, Role, Seen, Source, Standing, Statement, Tells, add_source,
};
use crate::digest::{Algorithm, ByDigest, ByText, Digest, DigestSet};
use crate::name::Reference;
use crate::text::joined;

use super::hearsay::{Hearsay, Moment, Told};
use super::want::want_document;
use super::{Pool, links};

/// Minutes within which a registry's answers are taken for answers of one moment: as long as it
/// may take to fetch what one question is about.
const ONE_MOMENT: usize = 10;

/// The digest that a reference names, as far as the statements about it settle that.
#[derive(Debug, Default)]
pub(super) struct Root {
    pub(super) digest: Option<(Digest, Standing)>,
    /// What was said that cannot both be, or of which nobody knows what is newer.
    pub(super) disputed: Option<Standing>,
}

/// A digest that a reference was said to name.
struct Voice<'a> {
    digest: &'a Digest,
    said: &'a Hearsay,
}

impl Voice<'_> {
    /// The standing of a word: clients that do not hash trust a header, and a header alone is no
    /// answer.
    fn standing(&self) -> Standing {
        match &self.said.told {
            Told::Header(_) => Standing::stated(self.said.by.clone()),
            _ => self.said.standing(),
        }
    }
}

/// The digest that a reference names: the one written in it, else the one that was stated.
/// A statement of a digest inside what another statement names (one platform's manifest) is
/// no disagreement.
pub(super) fn find_root(pool: &Pool, about: &[&Hearsay], reference: &Reference) -> Root {
    if let Some(digest) = reference.digest() {
        let given = Source::given(&format!("the reference {reference}"));
        let standing = match pool.get(digest) {
            Some(held) => held.proven().and(Standing::premise(given)),
            None => Standing::premise(given),
        };
        let digest = Some((digest.clone(), standing));
        return Root {
            digest,
            disputed: None,
        };
    }
    let words = words(pool, about);
    if let Some((first, second)) = conflict(&words) {
        let digest = Some((first.digest.clone(), standing(&words, first.digest)));
        let disputed = Some(contradicted(first, second));
        return Root { digest, disputed };
    }
    match newest(&words) {
        Some(digest) => Root {
            digest: Some((digest.clone(), standing(&words, digest))),
            disputed: None,
        },
        None if words.is_empty() => Root::default(),
        None => Root {
            digest: None,
            disputed: Some(Standing::missing(want_document(reference, None))),
        },
    }
}

/// What registries are said to have answered for a reference, in order, without what lies in
/// something else that is said of it.
fn words<'a>(pool: &Pool, about: &[&'a Hearsay]) -> Vec<Voice<'a>> {
    let mut words: Vec<Voice> = Vec::new();
    let mut firsts = Firsts::default();
    for said in about {
        if let Told::Resolves(digest) | Told::Header(digest) = &said.told {
            let digest = firsts.of(pool, digest);
            words.push(Voice { digest, said });
        }
    }
    let mut inner = DigestSet::default();
    if words
        .iter()
        .any(|word| Some(word.digest) != words.first().map(|w| w.digest))
    {
        for word in &words {
            below(pool, word.digest, &mut inner);
        }
    }
    words.retain(|word| !inner.contains(word.digest));
    words
}

/// For each document the first digest that it was named by: two algorithms give it two.
#[derive(Default)]
struct Firsts<'a> {
    first: ByDigest<&'a Digest>,
    /// SHA-256 of the documents that were named by another algorithm.
    names: ByDigest<Digest>,
}

impl<'a> Firsts<'a> {
    fn of(&mut self, pool: &Pool, digest: &'a Digest) -> &'a Digest {
        let Some(held) = pool.get(digest) else {
            return digest;
        };
        let other = digest.algorithm() != Some(Algorithm::Sha256);
        if other && !self.names.contains(digest) {
            let name = Digest::sha256(held.document.bytes());
            self.names.insert(digest, name);
        }
        let name = self.names.get(digest).unwrap_or(digest);
        self.first.insert(name, digest);
        self.first.get(name).copied().unwrap_or(digest)
    }
}

/// The standing of a digest: as good as the best of its sources.
fn standing(words: &[Voice], digest: &Digest) -> Standing {
    let of = words.iter().filter(|word| word.digest == digest);
    let known = of.map(Voice::standing);
    let known = known.reduce(Standing::or);
    known.unwrap_or_else(|| Standing::stated(Source::given("the evidence")))
}

/// The first two words that cannot both be: from one source, or of one moment.
fn conflict<'w, 'a>(words: &'w [Voice<'a>]) -> Option<(&'w Voice<'a>, &'w Voice<'a>)> {
    let mut first: ByText<usize> = ByText::default();
    let mut fetched: Option<&Voice> = None;
    for (at, word) in words.iter().enumerate() {
        // A digest is for ever, so what a reference by digest names has no moments.
        let by_digest = word.said.about.digest().is_some();
        let source = match &word.said.by {
            _ if by_digest => String::new(),
            Source::Fetched { at, .. } => {
                let before = fetched.replace(word);
                let together = |before: &&Voice| {
                    before.digest != word.digest && one_moment(&before.said.by, at)
                };
                if let Some(before) = before.filter(together) {
                    return Some((before, word));
                }
                continue;
            }
            _ => {
                let Moment { paste, part } = word.said.moment;
                format!("{paste} {part}")
            }
        };
        first.insert(&source, at);
        let before = first.get(&source).and_then(|at| words.get(*at));
        if let Some(before) = before.filter(|before| before.digest != word.digest) {
            return Some((before, word));
        }
    }
    None
}

fn one_moment(before: &Source, at: &str) -> bool {
    let Source::Fetched { at: before, .. } = before else {
        return false;
    };
    // The day, and the minute of the day.
    let parts = |time: &str| {
        let number = |from: usize| time.get(from..from + 2)?.parse::<usize>().ok();
        let minute = number(11)? * 60 + number(14)?;
        Some((time.get(..10)?.to_owned(), minute))
    };
    match (parts(before), parts(at)) {
        (Some((one, a)), Some((other, b))) => one == other && a.abs_diff(b) <= ONE_MOMENT,
        _ => true,
    }
}

/// The last word: by a registry that was asked here, else at the end of every paste alike.
fn newest<'a>(words: &[Voice<'a>]) -> Option<&'a Digest> {
    let asked = words.iter().filter_map(|word| match &word.said.by {
        Source::Fetched { at, .. } if matches!(word.standing(), Standing::Proven(_)) => {
            Some((at, word.digest))
        }
        _ => None,
    });
    // Of several of one time the first.
    let later = |one: (&'a String, &'a Digest), other: (&'a String, &'a Digest)| {
        if other.0 > one.0 { other } else { one }
    };
    if let Some((_, digest)) = asked.reduce(later) {
        return Some(digest);
    }
    let last = words.last()?.digest;
    let mut ends: ByText<&Digest> = ByText::default();
    for word in words.iter().rev() {
        ends.insert(&told_by(word.said), word.digest);
    }
    let mut ends = ends.into_values().into_iter();
    ends.all(|digest| digest == last).then_some(last)
}

/// Who tells what is newer than what: each paste by itself. What was signed for a tag is no answer
/// of its registry, so neither is newer than the other.
fn told_by(said: &Hearsay) -> String {
    match &said.by {
        Source::Fetched { url, .. } => url.clone(),
        _ if matches!(said.tells, Tells::ContentTrust | Tells::Signatures) => {
            format!("signed {}", said.moment.paste)
        }
        _ => said.moment.paste.to_string(),
    }
}

fn contradicted(first: &Voice, second: &Voice) -> Standing {
    Standing::contradicted(
        Seen::new(first.digest.as_str(), first.said.by.clone()),
        Seen::new(second.digest.as_str(), second.said.by.clone()),
    )
}

/// Adds all digests that lie below a digest, as far as documents are in hand.
fn below(pool: &Pool, digest: &Digest, found: &mut DigestSet) {
    let mut open = vec![digest.clone()];
    while let Some(next) = open.pop() {
        for link in pool.view(&next).map(links).unwrap_or_default() {
            if link.role != Role::Subject && found.insert(link.digest(), ()) {
                open.push(link.digest().clone());
            }
        }
    }
}

/// Digests of one reference that are told in a sentence before the others are only counted.
const TOLD: usize = 6;

/// Claims for each reference that was said to have more than one digest: each digest in order, and
/// why that is no contradiction; or that it is one.
pub(crate) fn disagreements(pool: &Pool, hearsay: &[Hearsay]) -> Vec<Claim> {
    let mut about: ByText<Vec<&Hearsay>> = ByText::default();
    for said in hearsay {
        if said.told.root().is_some() {
            let reference = said.about.to_string();
            about.insert(&reference, Vec::new());
            if let Some(all) = about.get_mut(&reference) {
                all.push(said);
            }
        }
    }
    let all = about.into_values().into_iter();
    all.filter_map(|about| disagreement(pool, &about)).collect()
}

fn disagreement(pool: &Pool, about: &[&Hearsay]) -> Option<Claim> {
    let reference = &about.first()?.about;
    if let Some((first, second)) = conflict(&words(pool, about)) {
        let statement = Statement::Resolves {
            reference: reference.to_string(),
            digest: first.digest.clone(),
        };
        return Some(Claim::new(statement, contradicted(first, second)));
    }
    let mut told: Vec<String> = Vec::new();
    let (mut seen, mut by) = (DigestSet::default(), Vec::new());
    let (mut kept, mut below_others) = (false, DigestSet::default());
    let mut firsts = Firsts::default();
    for said in about {
        if let Some(digest) = said.told.root() {
            below(pool, digest, &mut below_others);
        }
    }
    for said in about {
        let Some(digest) = said.told.root() else {
            continue;
        };
        let digest = firsts.of(pool, digest);
        if below_others.contains(digest) || !seen.insert(digest, ()) {
            continue;
        }
        let how = match said.told {
            Told::Keeps(_) => "kept as ",
            Told::Pins(_) => "named with ",
            _ => "",
        };
        kept |= matches!(said.told, Told::Keeps(_));
        told.push(format!("{how}{digest} ({})", said.by));
        add_source(&mut by, said.by.clone());
    }
    if told.len() < 2 {
        return None;
    }
    let more = told.len().saturating_sub(TOLD);
    told.truncate(TOLD);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    let words: Vec<&str> = told.iter().map(String::as_str).collect();
    let why = if by.iter().any(|by| by.is_text_of(LAYOUT)) {
        "an archive has a manifest that was written anew when it was made: none of these contradicts another"
    } else if kept {
        "a machine keeps what it got at some time, an index or one manifest of it, and a tag may be \
         moved: none of these contradicts another"
    } else {
        "a tag may be moved between two commands: none of these contradicts another"
    };
    let statement = Statement::note(
        None,
        Code::SeveralDigests,
        format!(
            "{reference} was said to be, in the order given here: {}; {why}",
            joined(&words, ", then ")
        ),
    );
    Some(Claim::new(statement, Standing::Stated { by }))
}
