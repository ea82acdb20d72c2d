//! Statements by tools about signatures: by keys or an identity of the author.

use crate::answer::Answer;
use crate::claim::{Claim, Code, Seen, Signatory, Source, Standing, Statement, Want};
use crate::digest::Digest;
use crate::name::Reference;
use crate::question::{AUTHOR, Trust};
use crate::signature::PublicKey;
use crate::text::joined;

use super::{About, Of, Scheme, Testimony, Vouched, Weight, want_metadata};

/// Who has to have signed.
enum Signer<'a> {
    Identity { identity: &'a str, issuer: &'a str },
    Keys(&'a [PublicKey]),
}

/// The tools' statements about signatures.
#[derive(Debug)]
pub(super) struct Stated;

impl Scheme for Stated {
    fn vouches(&self, about: &About) -> Option<Testimony> {
        let signer = match about.by {
            Trust::Identity { identity, issuer } => Signer::Identity { identity, issuer },
            Trust::Keys(keys) => Signer::Keys(keys),
            Trust::Digests(_) | Trust::Policy(_) | Trust::Signers(_) => return None,
        };
        Some(BySigner { about, signer }.testimony())
    }
}

/// The tools' statements about signatures, compared in full.
struct BySigner<'a> {
    about: &'a About<'a>,
    signer: Signer<'a>,
}

impl BySigner<'_> {
    fn testimony(&self) -> Testimony {
        let mut testimony = Testimony {
            weight: Weight::Signed(Code::NotPublished),
            vouched: Vec::new(),
            answer: Answer::default(),
            unproven: None,
        };
        let answer = &mut testimony.answer;
        let signatures = self.signatures();
        answer.beside.extend(self.pins());
        if signatures.is_empty() {
            answer.rests.push(self.unsigned());
            return testimony;
        }
        let mut good = Vec::new();
        let mut other = Vec::new();
        for (statement, source) in signatures {
            let standing = self.judge(statement, source);
            let fits = matches!(standing, Standing::Stated { .. });
            if let (true, Some(digest)) = (fits, statement.digest()) {
                testimony.vouched.push(Vouched {
                    digest: digest.clone(),
                    platform: None,
                    standing: standing.clone(),
                    by: source.clone(),
                    of: Of::Any,
                });
            }
            let claims: &mut Vec<Claim> = if fits { &mut good } else { &mut other };
            match claims
                .iter_mut()
                .find(|claim| claim.statement == *statement)
            {
                Some(claim) => claim.standing = claim.standing.clone().and(standing),
                None => claims.push(Claim::new(statement.clone(), standing)),
            }
        }
        if good.is_empty() {
            answer.rests.extend(other);
        } else {
            answer.rests.extend(good);
            answer.beside.extend(other);
        }
        testimony
    }

    /// The stated signatures for the tag, or for the digest, of the image asked about.
    fn signatures(&self) -> Vec<(&Statement, &Source)> {
        let tag = self.about.chain.reference.tag();
        let repository = |source: &Source| self.about_repository(source);
        let fits = |statement: &Statement, source: &Source| match statement {
            Statement::Signs {
                digest,
                tag: Some(signed),
                ..
            } => {
                tag.map_or_else(|| self.is_image(digest), |tag| tag == signed) && repository(source)
            }
            Statement::Signs {
                digest, tag: None, ..
            } => self.is_image(digest),
            _ => false,
        };
        let mut signatures = Vec::new();
        for (statement, source) in &self.about.evidence.said {
            if fits(statement, source) && self.of_scheme(statement) {
                signatures.push((statement, source));
            }
        }
        signatures
    }

    /// True for the digest of the image, or of an index that names it.
    fn is_image(&self, digest: &Digest) -> bool {
        let root = self.about.chain.root.as_ref().map(|(root, _)| root);
        root == Some(digest) || self.about.entry(digest).is_some()
    }

    /// Whether a signature is of the kind that was asked for: an identity signs with a
    /// certificate that names its issuer, a key of Content Trust signs without one.
    fn of_scheme(&self, statement: &Statement) -> bool {
        let issued = matches!(
            statement,
            Statement::Signs {
                by: Signatory::Identity { .. },
                ..
            }
        );
        issued == matches!(self.signer, Signer::Identity { .. })
    }

    /// True if the tool that stated a tag's signature also named the repository asked about:
    /// a tag alone says nothing of which repository it is in.
    fn about_repository(&self, source: &Source) -> bool {
        self.about
            .evidence
            .said
            .iter()
            .any(|(statement, by)| match statement {
                Statement::Resolves { reference, .. } if by == source => {
                    let reference = reference.parse::<Reference>();
                    reference.is_ok_and(|r| {
                        r.names_same(&self.about.chain.reference)
                            || (self.about.chain.reference.digest().is_some()
                                && r.same_repository(&self.about.chain.reference))
                    })
                }
                _ => false,
            })
    }

    /// A stated signature stays stated if it is by the pinned signer and for what the image
    /// resolves to.
    fn judge(&self, statement: &Statement, source: &Source) -> Standing {
        let stated = Standing::stated(source.clone());
        let Statement::Signs { digest, by, .. } = statement else {
            return stated;
        };
        if let Some((root, standing)) = &self.about.chain.root
            && !self.is_image(digest)
        {
            let named = standing
                .first_source()
                .cloned()
                .unwrap_or_else(|| Source::given(AUTHOR));
            let expected = Seen::new(digest.as_str(), source.clone());
            return Standing::contradicted(expected, Seen::new(root.as_str(), named));
        }
        match &self.signer {
            Signer::Identity { identity, issuer } => {
                let wanted = Signatory::identity(*identity, *issuer);
                if *by == wanted {
                    stated
                } else {
                    another(&wanted.to_string(), &by.to_string(), source)
                }
            }
            Signer::Keys(pins) => self.not_pinned(pins, by, source).unwrap_or(stated),
        }
    }

    /// `docker trust inspect` names signers; their keys are elsewhere in it.
    /// "Repo Admin" is what it prints when no named delegate signed: the repository key, or any
    /// key of `targets/releases`.
    fn not_pinned(&self, pins: &[PublicKey], by: &Signatory, source: &Source) -> Option<Standing> {
        let keys = match by {
            Signatory::Key { key } => vec![key.as_str()],
            Signatory::Name { name } => self.keys_of(name, source),
            Signatory::Identity { .. } => Vec::new(),
        };
        let pinned = |key: &str| pins.iter().any(|pin| pin.id() == key);
        // A signer with the name of a key is not that key.
        if keys.iter().any(|key| pinned(key)) {
            return None;
        }
        let prefix = |key: &str| key.len() < 64 && pins.iter().any(|pin| pin.id().starts_with(key));
        if keys.is_empty() || keys.iter().any(|key| prefix(key)) {
            return Some(Standing::missing(want_metadata(
                &self.about.chain.reference,
            )));
        }
        let wanted: Vec<&str> = pins.iter().map(PublicKey::id).collect();
        let found = format!("{by} ({})", joined(&keys, ", "));
        Some(another(&joined(&wanted, " or "), &found, source))
    }

    fn keys_of(&self, signer: &str, source: &Source) -> Vec<&str> {
        let role = if signer == "Repo Admin" {
            "Repository"
        } else {
            signer
        };
        let mut keys = Vec::new();
        for (statement, by) in &self.about.evidence.said {
            if let Statement::Authorises {
                role: r,
                reference,
                key,
            } = statement
                && r == role
                && by == source
                && let Ok(reference) = reference.parse::<Reference>()
                && reference.same_repository(&self.about.chain.reference)
            {
                keys.push(key.as_str());
            }
        }
        keys
    }

    /// Every key that was listed, held against the pins in full.
    fn pins(&self) -> Vec<Claim> {
        let Signer::Keys(pins) = &self.signer else {
            return Vec::new();
        };
        let mut claims = Vec::new();
        for (statement, source) in &self.about.evidence.said {
            let Statement::Authorises { role, key, .. } = statement else {
                continue;
            };
            let equal = pins.iter().any(|pin| pin.id() == key);
            let prefix = !equal && pins.iter().any(|pin| pin.id().starts_with(key.as_str()));
            let (code, text) = match (equal, prefix) {
                (true, _) => (Code::Pinned, "is one of the keys given"),
                (_, true) => (
                    Code::PrefixOnly,
                    "is only the beginning of a key given, which proves nothing",
                ),
                _ => (Code::NotPinned, "is not among the keys given"),
            };
            let statement = Statement::note(None, code, format!("the key {key} ({role}) {text}"));
            claims.push(Claim::new(statement, Standing::stated(source.clone())));
        }
        claims
    }

    fn unsigned(&self) -> Claim {
        let reference = &self.about.chain.reference;
        // A word as a shell takes it literally.
        let word = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let (want, by) = match &self.signer {
            Signer::Identity { identity, issuer } => (
                Want::run(format!(
                    "cosign verify --certificate-identity {} --certificate-oidc-issuer {} {reference}",
                    word(identity),
                    word(issuer),
                )),
                vec![Signatory::identity(*identity, *issuer)],
            ),
            Signer::Keys(keys) => (
                want_metadata(reference),
                keys.iter().map(|key| Signatory::key(key.id())).collect(),
            ),
        };
        let statement = match (&self.about.chain.root, by.as_slice()) {
            (Some((digest, _)), [by]) => Statement::Signs {
                digest: digest.clone(),
                tag: reference.tag().map(str::to_owned),
                by: by.clone(),
                predicate: None,
                seen: Vec::new(),
            },
            // One of several is enough, and none of them is the one that has to have signed.
            (root, all) => {
                let all: Vec<String> = all.iter().map(Signatory::to_string).collect();
                Statement::note(
                    root.as_ref().map(|(digest, _)| digest),
                    Code::Unsigned,
                    format!(
                        "nothing says that {} signed {reference}",
                        joined(&all, " or ")
                    ),
                )
            }
        };
        Claim::new(statement, Standing::missing(want))
    }
}

/// Somebody else than the one asked for.
fn another(wanted: &str, found: &str, source: &Source) -> Standing {
    let expected = Seen::new(wanted, Source::given("the signer in the question"));
    Standing::contradicted(expected, Seen::new(found, source.clone()))
}
