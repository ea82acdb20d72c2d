//! Docker Content Trust: which claims follow from checked Notary v1 metadata.
//!
//! What is proven is "this key signed this tag for this digest", and only where the key is one
//! that the reader was given or is led to by one (TUF's chain of roots, or the repository's own
//! key), with no fault in the files that this rests on. The rest is said and proves nothing:
//! - A tag that is only in a delegation of one person is not released: docker reads
//!   `targets/releases` and `targets` alone (docker/cli: `matchReleasedSignatures`).
//! - A key that is listed did not sign a tag unless the tag is in a file that it signed.
//! - A key may sign for many repositories, and its file does not say for which: only the certificate
//!   of a root does that a given key leads to. Anybody can make a root that names any repository
//!   and lists the key of another's, so that a repository's key alone proves nothing of either. Of
//!   a delegation it takes a snapshot by a root's key too.
//! - What a signed file names by hash and what is not here could say something else: the snapshot
//!   that a timestamp names, the releases beside the repository's own tags.
//! - What is signed may have been replaced since, and was not signed before its keys were
//!   certified: where any file or certificate that it rests on does not hold at the time that is
//!   asked about, the question is open again.

mod current;
mod files;
mod printed;
mod released;
mod scheme;
mod store;

use crate::claim::{
    Check, Claim, Code, Proof, Seen, Signatory, Source, Standing, Statement, Verdict, Want,
};
use crate::digest::Digest;
use crate::signature::PublicKey;
use crate::text::{joined, shortened};
use crate::tuf::{Checked, Fault, RoleFile, Target, is_root};

use printed::disagreements;
pub(super) use store::Store;

/// Whose signature `docker` takes for a release.
const RELEASED: [&str; 2] = ["targets/releases", "targets"];

/// The keys that were given with the question.
#[derive(Clone, Debug, Default)]
struct Pins {
    /// The root keys, by the id of their certificate or of the bare key.
    root: Vec<PublicKey>,
    /// The keys of the repository.
    repository: Vec<PublicKey>,
    /// Keys of which one has to have signed the tag; none where anybody may who is delegated to.
    signers: Vec<PublicKey>,
}

/// The question to the metadata.
#[derive(Clone, Debug)]
struct KeysAsked<'a> {
    /// The repository, with its registry.
    repository: String,
    tag: Option<&'a str>,
    digest: Option<&'a Digest>,
    pins: &'a Pins,
    /// Seconds since 1970; none where what expires does not matter yet.
    now: Option<i64>,
    /// The source of the files.
    from: &'a Source,
    /// The changes from the given bytes to those of a role's file.
    edits: &'a [(String, Vec<String>)],
}

/// The metadata's answer.
#[derive(Clone, Debug, Default)]
struct TagWord {
    /// Claims that an answer depends on.
    rests: Vec<Claim>,
    /// Other claims, for information.
    beside: Vec<Claim>,
    /// The proven signature.
    proven: Option<Signature>,
    /// The files that lead from the given key to it, from the first on.
    files: Vec<Claim>,
    /// True if a given key vouches for the root and the targets, whatever they say of the tag.
    holds: bool,
}

/// A digest that is proven to be signed.
#[derive(Clone, Debug)]
struct Signature {
    digest: Digest,
    /// The way that is known.
    standing: Standing,
    /// The key that was given, in words.
    premise: Source,
    /// The length that is signed with the document's digest.
    length: u64,
    sha512: Option<Digest>,
}

/// Answers a question from checked files. They must have been checked with the root keys that are
/// pinned in it.
fn weigh(checked: &Checked, asked: &KeysAsked) -> TagWord {
    let mut weighing = Weighing {
        checked,
        asked,
        word: TagWord::default(),
    };
    weighing.faults();
    if weighing.of_repository() {
        weighing.tag();
    }
    weighing.word
}

/// Describes these files, without a question.
fn describe(checked: &Checked, from: &Source) -> Vec<Claim> {
    let pins = Pins::default();
    let asked = KeysAsked {
        repository: String::new(),
        tag: None,
        digest: None,
        pins: &pins,
        now: None,
        from,
        edits: &[],
    };
    let mut weighing = Weighing {
        checked,
        asked: &asked,
        word: TagWord::default(),
    };
    weighing.faults();
    weighing.roots();
    for role in &checked.roles {
        let text = format!(
            "{}, version {}, valid until {}, signed with {}",
            shortened(&role.name),
            role.version,
            shortened(&role.expires),
            joined(&role.keys, ", ")
        );
        weighing.beside(Code::DctRole, text);
    }
    for target in &checked.targets {
        let claims = weighing.signs(target, &Standing::stated(from.clone()));
        weighing.word.beside.extend(claims);
        weighing.entry(target);
    }
    weighing.word.beside
}

struct Weighing<'a> {
    checked: &'a Checked,
    asked: &'a KeysAsked<'a>,
    word: TagWord,
}

impl<'a> Weighing<'a> {
    fn beside(&mut self, code: Code, text: String) {
        let stated = Standing::stated(self.asked.from.clone());
        self.word
            .beside
            .push(Claim::new(Statement::note(None, code, text), stated));
    }

    fn open(&mut self, code: Code, text: String, hint: &str) {
        let missing = Standing::missing(Want::of(hint));
        self.word
            .rests
            .push(Claim::new(Statement::note(None, code, text), missing));
    }

    fn role(&self, name: &str) -> Option<&'a RoleFile> {
        self.checked.roles.iter().find(|role| role.name == name)
    }

    fn faults(&mut self) {
        for fault in &self.checked.faults {
            let code = format!("dct-{}", fault.code);
            // A file that was printed anew has other bytes, and says what was signed.
            let holds = matches!(fault.code, "length" | "sha256" | "sha512")
                && self.role(&fault.role).is_some();
            let all_the_same = if holds {
                "; the signature of what it says is valid all the same"
            } else {
                ""
            };
            let text = format!("{}: {}{all_the_same}", shortened(&fault.role), fault.text);
            let stated = Standing::stated(self.asked.from.clone());
            let statement = Statement::told(None, &code, text);
            self.word.beside.push(Claim::new(statement, stated));
        }
    }

    /// Both ids of each root key, since tools differ in which they show.
    fn roots(&mut self) {
        for (certificate, bare) in &self.checked.root_keys {
            let text = if certificate == bare {
                format!("the root key {bare}, without a certificate")
            } else {
                format!("the root key {bare}, whose certificate has the id {certificate}")
            };
            self.beside(Code::DctRoot, text);
        }
    }

    /// Whether the metadata is of the repository that is asked about, as a root says that a given
    /// key leads to. What another root says is nobody's word.
    fn of_repository(&mut self) -> bool {
        let asked = &self.asked.repository;
        let other = self.checked.repositories.iter().find(|name| *name != asked);
        let Some(other) = other else {
            return true;
        };
        let text = "the root's certificate is for another repository".to_owned();
        if self.checked.pinned.is_none() {
            let text = format!("{text}: {}", shortened(other));
            self.beside(Code::DctRepository, text);
            return true;
        }
        let expected = Seen::new(asked.as_str(), Source::given("the image in the question"));
        let found = Seen::new(shortened(other), self.asked.from.clone());
        let standing = Standing::contradicted(expected, found);
        let claim = Claim::new(Statement::note(None, Code::DctRepository, text), standing);
        self.word.rests.push(claim);
        false
    }

    /// The pinned root key that everything here is led to from, in words; and that there is one or
    /// none is said (which link is pinned).
    fn anchor(&mut self) -> Option<Source> {
        self.roots();
        if let Some(pin) = &self.checked.pinned {
            let id = pin.id();
            if !self.checked.repositories.is_empty() {
                let text = format!("the roots lead from the root key {id}, which is given");
                self.beside(Code::DctPinned, text);
                return Some(Source::given(&format!("the root key {id}")));
            }
            let text = format!(
                "the root key {id} is one given, but no certificate says for which repository"
            );
            self.beside(Code::DctNoCertificate, text);
        } else if let Some(key) = self.repository_key() {
            let text = format!(
                "the repository's key {key} is given; none of the root keys is, so what a root \
                 says, and for which repository it is, is not known from it"
            );
            self.beside(Code::DctPinned, text);
        }
        None
    }

    /// The given key of the repository that signed the targets.
    fn repository_key(&self) -> Option<&'a str> {
        let keys = self.role("targets").map(|role| role.keys.as_slice());
        let pins = &self.asked.pins.repository;
        let given = |key: &&String| pins.iter().any(|pin| pin.id() == *key);
        keys.unwrap_or_default()
            .iter()
            .find(given)
            .map(String::as_str)
    }

    /// True if a role and everything it depends on are without faults, and, if a timestamp is
    /// signed, the snapshot that it names.
    fn sound(&self, role: &str) -> bool {
        let of_snapshot = |fault: &Fault| fault.role == "snapshot";
        let named = self.role("timestamp").is_some();
        self.sound_above(role) && !(named && self.checked.faults.iter().any(of_snapshot))
    }

    /// True if a role, all roots and the roles above it are without faults.
    fn sound_above(&self, role: &str) -> bool {
        let under = |fault: &str| {
            role == fault
                || role
                    .strip_prefix(fault)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let wrong = |fault: &Fault| is_root(&fault.role) || under(&fault.role);
        !self.checked.faults.iter().any(wrong) && self.role("root").is_some()
    }

    fn tag(&mut self) {
        let anchor = self.anchor();
        self.word.holds =
            anchor.is_some() && self.sound("targets") && self.role("targets").is_some();
        let asked = self.asked;
        let fits = |target: &&Target| match (asked.tag, asked.digest) {
            (Some(tag), _) => target.tag == tag,
            (None, digest) => Some(&target.digest) == digest,
        };
        let checked = self.checked;
        let all: Vec<&Target> = checked.targets.iter().filter(fits).collect();
        let released = |target: &&&Target| RELEASED.contains(&target.role.as_str());
        let mut good: Vec<&Target> = Vec::new();
        for target in &all {
            let standing = match &anchor {
                Some(anchor) if self.sound(&target.role) && self.is_bound(&target.role) => {
                    good.push(target);
                    let from = vec![anchor.clone(), asked.from.clone()];
                    Standing::Proven(Proof::assertion(Check::Signature, from))
                }
                _ => Standing::stated(asked.from.clone()),
            };
            let claims = self.signs(target, &standing);
            let rests = standing.verdict() == Verdict::Proven && released(&target);
            let side = if rests {
                &mut self.word.rests
            } else {
                &mut self.word.beside
            };
            side.extend(claims);
            self.entry(target);
        }
        self.freshness();
        let found: Vec<&Target> = good.iter().filter(released).copied().collect();
        let Some((anchor, first)) = anchor.zip(found.first()) else {
            return self.why(&all, &good);
        };
        self.differ(&found);
        self.releases();
        self.named(first, &good);
        self.valid(&found);
        let from = vec![anchor.clone(), asked.from.clone()];
        let proven = Standing::Proven(Proof::assertion(Check::Signature, from));
        self.files(&good, &proven);
        self.word.proven = Some(Signature {
            digest: first.digest.clone(),
            standing: proven,
            premise: anchor,
            length: first.length,
            sha512: found.iter().find_map(|target| target.sha512.clone()),
        });
    }

    /// Whether it is known that a role's file is of this repository. The root says which key signs
    /// its targets; a delegate's key may sign for others too, so that it takes a snapshot by a key
    /// that the root names.
    fn is_bound(&self, role: &str) -> bool {
        role == "targets" || self.role("snapshot").is_some()
    }

    /// That each of a role's keys signed a tag.
    fn signs(&self, target: &Target, standing: &Standing) -> Vec<Claim> {
        let keys = self.role(&target.role).map(|role| role.keys.as_slice());
        let mut claims = Vec::new();
        for key in keys.unwrap_or_default() {
            let statement = Statement::Signs {
                digest: target.digest.clone(),
                tag: Some(target.tag.clone()),
                by: Signatory::key(key),
                predicate: None,
                seen: Vec::new(),
            };
            claims.push(Claim::new(statement, standing.clone()));
        }
        claims
    }

    /// Where a tag stands, by whom it is signed, and until when that holds.
    fn entry(&mut self, target: &Target) {
        let Some(role) = self.role(&target.role) else {
            return;
        };
        let text = format!(
            "{} has {} as {} of {} bytes: version {}, valid until {}, signed with {}",
            shortened(&role.name),
            shortened(&target.tag),
            target.digest,
            target.length,
            role.version,
            shortened(&role.expires),
            joined(&role.keys, ", ")
        );
        self.beside(Code::DctTag, text);
    }

    /// Says why nothing is proven.
    fn why(&mut self, all: &[&Target], good: &[&Target]) {
        let released = |target: &&&Target| RELEASED.contains(&target.role.as_str());
        let (code, text, hint) = if all.is_empty() {
            let text = "no role of the metadata has the tag or digest asked for".to_owned();
            (Code::DctTag, text, "metadata that has this tag")
        } else if self.checked.pinned.is_none()
            && let Some(key) = self.repository_key()
        {
            let text = format!(
                "the metadata is signed with the key {key}, which is given; for which repository \
                 that key signs only a root says, and no root key is given that leads to it"
            );
            let hint = "the id of the root key, from its author";
            (Code::DctUnrooted, text, hint)
        } else if self.checked.pinned.is_none() {
            let text = "the metadata is signed, but with no root key or key of the repository \
                        that is given: whose it is is not known"
                .to_owned();
            let hint = "the id of the root key, from its author";
            (Code::DctUnpinned, text, hint)
        } else if !all.iter().any(|target| released(&target)) {
            let mut roles = Vec::new();
            for target in all {
                roles.push(shortened(&target.role));
            }
            let text = format!(
                "only {} has the tag: neither targets nor targets/releases does, so it is not \
                 released",
                joined(&roles, ", ")
            );
            (
                Code::DctUnreleased,
                text,
                "metadata in which the tag is released",
            )
        } else if good.is_empty() && self.checked.faults.is_empty() {
            let text =
                "the root has no certificate that says for which repository it is".to_owned();
            let hint = "metadata whose root has a certificate";
            (Code::DctNoCertificate, text, hint)
        } else if !good.iter().any(|target| released(&target))
            && all.iter().any(|target| self.is_loose(target))
        {
            let text =
                "a delegate's key may sign for other repositories too, and no snapshot by a \
                        key that a given root key leads to says that this file is of this one"
                    .to_owned();
            let hint = "the snapshot of the repository, and the id of its root key";
            (Code::DctSnapshot, text, hint)
        } else {
            let text = "there are faults in the metadata that the signature rests on".to_owned();
            (
                Code::DctFault,
                text,
                "the metadata as the notary server had it",
            )
        };
        self.open(code, text, hint);
    }

    /// Whether all that a released tag lacks is that its file is known to be of the repository.
    fn is_loose(&self, target: &Target) -> bool {
        let released = RELEASED.contains(&target.role.as_str());
        released && self.sound_above(&target.role) && !self.is_bound(&target.role)
    }

    /// Checks that a named signer signed the tag for this digest, if signers were named.
    fn named(&mut self, target: &Target, good: &[&Target]) {
        let pins = &self.asked.pins.signers;
        let signed = |other: &&Target| {
            let keys = self.role(&other.role).map(|role| role.keys.as_slice());
            let given = |key: &String| pins.iter().any(|pin| pin.id() == key);
            other.tag == target.tag
                && other.digest == target.digest
                && other.role != "targets"
                && keys.unwrap_or_default().iter().any(given)
        };
        if pins.is_empty() || good.iter().any(signed) {
            return;
        }
        let ids: Vec<&str> = pins.iter().map(PublicKey::id).collect();
        let text = format!(
            "no file signed by a signer that was named ({}) has the tag: that a key is listed is \
             no signature",
            joined(&ids, ", ")
        );
        let hint = "metadata in which a named signer signed this tag";
        self.open(Code::DctSigner, text, hint);
    }
}
