//! Metadata of a notary server (Docker Content Trust) as evidence: which there is, and what an
//! answer by keys or by a policy takes from it.
//!
//! Signatures are checked with the feature `trust`; without it the metadata is kept and it is said
//! that nothing in it is checked.

use std::collections::BTreeMap;

use crate::chain::{Chain, assemble};
use crate::claim::{Claim, Seen, Source, Standing, Statement, Verdict};
use crate::digest::Digest;
use crate::json::{self, Parts, Value};
use crate::name::Reference;
use crate::paste::Finding;

use super::evidence::Evidence;
use super::published::ByDigests;
use super::{Answer, Trust, UnixTime};

/// What the text of an evidence file is called.
const TOOL: &str = "pullproof rescue";

/// The files that a notary server had of a repository.
#[derive(Debug)]
pub(super) struct Metadata {
    /// The repository, with its registry, as whoever saved the files says.
    repository: String,
    /// From where and when they were saved, as the same says.
    saved: String,
    files: BTreeMap<String, Vec<u8>>,
    from: Source,
}

/// What the metadata says to a question of who published an image.
#[derive(Debug, Default)]
pub(super) struct Signed {
    rests: Vec<Claim>,
    beside: Vec<Claim>,
    /// The digest that was signed, how that is known, and by which premise.
    pub(super) proven: Option<(Digest, Standing, Source)>,
}

impl Evidence {
    /// Takes in an evidence file, if this is one.
    pub(super) fn add_metadata(&mut self, bytes: &[u8], from: Option<&Source>) -> Option<Finding> {
        let from = from.cloned().unwrap_or_else(|| Source::pasted(TOOL));
        let metadata = Metadata::read(bytes, from)?;
        let finding = Finding {
            tool: TOOL.to_owned(),
            claims: vec![metadata.summary()],
        };
        // What is signed is named, so that it is looked for in what was pasted.
        for digest in metadata.digests() {
            self.expect(&digest, metadata.from.clone(), None, None);
        }
        self.metadata.push(metadata);
        self.link();
        Some(finding)
    }

    /// What all metadata says, where nothing is asked of it.
    pub(super) fn describe_metadata(&self) -> Vec<Claim> {
        let mut claims = Vec::new();
        for metadata in &self.metadata {
            claims.push(metadata.summary());
            claims.extend(metadata.described());
        }
        claims
    }
}

impl Metadata {
    fn read(bytes: &[u8], from: Source) -> Option<Self> {
        // Most pastes are something else: no reading of JSON for them.
        let bytes = bytes.trim_ascii();
        let likely = |text: &str| text.has("notary-v1");
        if bytes.first() != Some(&b'{') || !json::utf8(bytes).is_ok_and(likely) {
            return None;
        }
        let json = json::parse(bytes).ok()?;
        let value = json.unique().ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("pullproof") != "notary-v1" {
            return None;
        }
        let repository: Reference = text("repository").parse().ok()?;
        let mut files = BTreeMap::new();
        for member in value.get("files").and_then(Value::members)? {
            let name = member.key.text.as_ref();
            let role = name.strip_suffix(".json").unwrap_or(name).to_owned();
            // What is no base64 is a file that cannot be read, not one that is missing.
            let bytes = member.value.as_str().and_then(json::from_base64);
            files.insert(role, bytes.unwrap_or_default());
        }
        let (server, at) = (json::quoted(text("server")), json::quoted(text("at")));
        Some(Metadata {
            repository: of(&repository),
            saved: format!("{server} at {at}"),
            files,
            from,
        })
    }

    fn summary(&self) -> Claim {
        let text = format!(
            "{} files of Notary v1 metadata of {}, saved from {}",
            self.files.len(),
            json::quoted(&self.repository),
            self.saved
        );
        said("dct-metadata", text, &self.from)
    }

    #[cfg(feature = "trust")]
    fn described(&self) -> Vec<Claim> {
        crate::trust::dct::describe(&self.files, &self.from)
    }

    #[cfg(feature = "trust")]
    fn digests(&self) -> Vec<Digest> {
        let targets = crate::tuf::check(&self.files, &[]).targets;
        targets.into_iter().map(|target| target.digest).collect()
    }

    #[cfg(not(feature = "trust"))]
    #[allow(clippy::unused_self, reason = "as with signatures")]
    fn digests(&self) -> Vec<Digest> {
        Vec::new()
    }

    #[cfg(not(feature = "trust"))]
    fn described(&self) -> Vec<Claim> {
        vec![self.unchecked()]
    }

    #[cfg(not(feature = "trust"))]
    fn unchecked(&self) -> Claim {
        let text = "signatures are not checked by this module: nothing follows from the metadata";
        said("dct-unchecked", text.to_owned(), &self.from)
    }
}

/// What the metadata in hand says of an image; none where there is no metadata of its repository,
/// or where the question is of no keys.
pub(super) fn weigh(
    evidence: &Evidence,
    image: &Reference,
    by: &Trust,
    now: Option<UnixTime>,
) -> Option<Signed> {
    let mut signed: Option<Signed> = None;
    for metadata in &evidence.metadata {
        let Some(word) = metadata.word(image, by, now) else {
            continue;
        };
        signed = Some(match signed {
            None => word,
            Some(known) => known.beside(word),
        });
    }
    signed
}

#[cfg(feature = "trust")]
impl Metadata {
    fn word(&self, image: &Reference, by: &Trust, now: Option<UnixTime>) -> Option<Signed> {
        use crate::trust::dct;

        let mut pins = dct::Pins::default();
        match by {
            Trust::Keys(keys) => {
                pins.root.clone_from(keys);
                pins.repository.clone_from(keys);
            }
            Trust::Policy(policy) => {
                let keys = policy.dct()?;
                pins.root.clone_from(&keys.root);
                pins.repository.clone_from(&keys.repository);
                for (_, keys) in &keys.signers {
                    pins.signers.extend(keys.iter().cloned());
                }
            }
            Trust::Digests(_) | Trust::Identity { .. } => return None,
        }
        if self.repository != of(image) {
            return Some(self.of_another(image));
        }
        let asked = dct::Asked {
            repository: of(image),
            tag: image.tag(),
            digest: image.digest(),
            pins: &pins,
            now: now.map(|now| now.0),
            from: &self.from,
        };
        let word = dct::weigh(&self.files, &asked);
        Some(Signed {
            rests: word.rests,
            beside: word.beside,
            proven: word.proven,
        })
    }

    fn of_another(&self, image: &Reference) -> Signed {
        let text = format!(
            "the metadata is of {}, not of {}: it says nothing of it",
            json::quoted(&self.repository),
            of(image)
        );
        Signed {
            beside: vec![said("dct-repository", text, &self.from)],
            ..Signed::default()
        }
    }
}

#[cfg(not(feature = "trust"))]
impl Metadata {
    #[allow(clippy::unnecessary_wraps, reason = "as with signatures")]
    fn word(&self, _: &Reference, _: &Trust, _: Option<UnixTime>) -> Option<Signed> {
        None
    }
}

#[cfg_attr(not(feature = "trust"), allow(dead_code))]
impl Signed {
    /// What two files of evidence say: what proves nothing does not weaken what proves something,
    /// but two that prove different things do not agree.
    fn beside(self, other: Signed) -> Signed {
        let (mut first, second) = if self.weight() >= other.weight() {
            (self, other)
        } else {
            (other, self)
        };
        let differ = match (&first.proven, &second.proven) {
            (Some((a, ..)), Some((b, ..))) => a != b,
            _ => false,
        };
        if differ {
            first.rests.extend(disagree(&first, &second));
        }
        if differ || second.contradicts() {
            first.rests.extend(second.rests);
        } else {
            first.beside.extend(second.rests);
        }
        first.beside.extend(second.beside);
        first
    }

    fn weight(&self) -> usize {
        usize::from(self.proven.is_some()) * 2 + usize::from(!self.rests.is_empty())
    }

    fn contradicts(&self) -> bool {
        let standings = self.rests.iter().map(|claim| &claim.standing);
        Verdict::weakest(standings) == Verdict::Contradicted
    }

    /// Whether an answer rests on it.
    pub(super) fn answers(&self) -> bool {
        !self.rests.is_empty()
    }

    /// What there is to see where no answer rests on it.
    pub(super) fn notes(self) -> Vec<Claim> {
        self.beside
    }

    /// What was signed, where an author also lists digests: that these are others contradicts it.
    /// What cannot be said of the signature stays beside.
    #[cfg(feature = "trust")]
    pub(super) fn against(&mut self, listed: &[Digest], author: &Source) -> Vec<Claim> {
        let rests = std::mem::take(&mut self.rests);
        let open = |claim: &Claim| claim.standing.verdict() == Verdict::Open;
        let (open, mut claims): (Vec<_>, Vec<_>) = rests.into_iter().partition(open);
        self.beside.extend(open);
        let Some((digest, standing, _)) = &self.proven else {
            return claims;
        };
        if !listed.is_empty() && !listed.contains(digest) {
            let expected: Vec<&str> = listed.iter().map(Digest::as_str).collect();
            let by = standing.sources().last().copied();
            let found = Seen::new(digest.as_str(), by.unwrap_or(author).clone());
            let expected = Seen::new(json::joined(&expected, " or "), author.clone());
            let text = "what is signed is none of the digests that are listed".to_owned();
            let standing = Standing::contradicted(expected, found);
            claims.push(Claim::new(note("dct-digest", text), standing));
        }
        claims
    }

    /// The chain of an image, which goes on from the digest that was signed where nobody else says
    /// what the image is.
    pub(super) fn onward(&self, evidence: &Evidence, chain: Chain) -> Chain {
        let standings = self.rests.iter().map(|claim| &claim.standing);
        let holds = Verdict::weakest(standings) == Verdict::Proven;
        match (&self.proven, &chain.root) {
            (Some((digest, standing, _)), None) if holds => {
                let at = chain.reference.pinned(digest);
                let mut onward = assemble(&evidence.pool, &evidence.hearsay(), &at);
                // Nobody gave that reference: its digest is what the signature says.
                if let Some((_, known)) = &mut onward.root {
                    *known = standing.clone();
                }
                onward
            }
            _ => chain,
        }
    }

    /// What is signed, and that the image is that.
    pub(super) fn answer(self, by: &ByDigests, answer: &mut Answer) {
        let Signed {
            rests,
            beside,
            proven,
        } = self;
        answer.rests.extend(rests);
        answer.beside.extend(beside);
        let Some((digest, standing, author)) = proven else {
            return;
        };
        let digests = std::slice::from_ref(&digest);
        let by = ByDigests {
            digests,
            author,
            ..*by
        };
        match &by.chain.root {
            Some((root, known)) if *root == digest => {
                let known = known.clone().or(standing);
                answer.rests.push(by.whole(root, &known));
            }
            _ => by.answer(answer),
        }
    }
}

fn disagree(a: &Signed, b: &Signed) -> Option<Claim> {
    let seen = |signed: &Signed| {
        let (digest, standing, _) = signed.proven.as_ref()?;
        let from = standing.sources().last().copied()?.clone();
        Some(Seen::new(digest.as_str(), from))
    };
    let text = "two files of metadata have different digests for it".to_owned();
    let statement = note("dct-two-digests", text);
    Some(Claim::new(
        statement,
        Standing::contradicted(seen(a)?, seen(b)?),
    ))
}

/// A repository with its registry, as docker names it to a notary server.
fn of(image: &Reference) -> String {
    format!("{}/{}", image.registry(), image.repository())
}

fn note(code: &str, text: String) -> Statement {
    Statement::Note {
        subject: None,
        code: code.to_owned(),
        text,
    }
}

fn said(code: &str, text: String, by: &Source) -> Claim {
    Claim::new(note(code, text), Standing::stated(by.clone()))
}
