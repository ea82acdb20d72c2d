//! Metadata of notary servers (Docker Content Trust) in the evidence: files saved together, and
//! single files, which are put together here. What follows from it is `scheme`'s to say.

use std::cell::OnceCell;

use crate::claim::{Claim, Code, Seen, Source, Standing, Statement};
use crate::json::{self, Value};
use crate::limits;
use crate::paste::{self, Finding};
use crate::question::{Question, Trust};
use crate::record::Record;
use crate::text::{joined, shortened};
use crate::tuf::{self, Age, Checked, Files};

use super::super::repository;
use super::{Pins, describe, disagreements};

/// All metadata that there is, and the keys of the question that it is checked from.
#[derive(Debug, Default)]
pub(in crate::trust) struct Store {
    pins: Pins,
    saved: Vec<Archive>,
    single: Vec<(Vec<u8>, Source)>,
    gathered: OnceCell<Collected>,
}

/// The results for the single files.
#[derive(Debug, Default)]
struct Collected {
    archives: Vec<Archive>,
    stray: Vec<Claim>,
}

/// The files of one repository as of one moment.
#[derive(Debug)]
pub(super) struct Archive {
    /// The repository, with its registry, as whoever saved the files says.
    repository: Option<String>,
    /// Where the files are from, in words.
    origin: String,
    files: Files,
    /// The changes from the given bytes to those of a role's file.
    edits: Vec<(String, Vec<String>)>,
    pub(super) from: Source,
    checked: OnceCell<Checked>,
}

impl Store {
    /// For a question and the keys that are given with it.
    pub(in crate::trust) fn of(question: &Question) -> Self {
        let pins = match question {
            Question::Published { by, .. } => pins(by),
            Question::Same { .. } | Question::What => Pins::default(),
        };
        Store {
            pins,
            ..Store::default()
        }
    }

    pub(super) fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Every repository as of every moment that there are files of.
    pub(super) fn archives(&self) -> impl Iterator<Item = &Archive> {
        self.saved.iter().chain(&self.gathered().archives)
    }

    /// The check of a repository's files: every signature is checked once.
    pub(super) fn checked<'a>(&self, archive: &'a Archive) -> &'a Checked {
        let check = || tuf::check(&archive.files, &self.pins.root);
        archive.checked.get_or_init(check)
    }

    /// The repository that files are of: as it is said, or else as the root's certificate has it.
    pub(super) fn repository<'a>(&self, archive: &'a Archive) -> Option<&'a str> {
        let by_root = || self.checked(archive).repositories.first();
        let name = archive.repository.as_ref().or_else(by_root);
        name.map(String::as_str)
    }

    /// What there is to know of how the files of a repository were got.
    pub(super) fn notes(&self, archive: &Archive) -> Vec<Claim> {
        let name = match (&archive.repository, self.repository(archive)) {
            (Some(name), _) => shortened(name),
            (None, Some(name)) => {
                format!(
                    "{}, as the certificate of the root names it",
                    shortened(name)
                )
            }
            (None, None) => "a repository that no certificate names".to_owned(),
        };
        let roles: Vec<&str> = archive.files.keys().map(String::as_str).collect();
        let text = format!(
            "{} of Notary v1 metadata of {name}, {}: {}",
            files(archive.files.len()),
            archive.origin,
            shortened(&joined(&roles, ", "))
        );
        let mut claims = vec![said(Code::DctMetadata, text, &archive.from)];
        for role in archive.files.keys() {
            let edits = tuf::of_role(&archive.edits, role);
            if edits.is_empty() {
                continue;
            }
            let text = format!(
                "{}: exact bytes recovered (they match the recorded hash): {}",
                shortened(role),
                joined(&edits, "; ")
            );
            claims.push(said(Code::DctRecovered, text, &archive.from));
        }
        claims
    }

    /// Files that belong to no repository here.
    pub(super) fn stray(&self) -> &[Claim] {
        &self.gathered().stray
    }

    /// That two states of one repository cannot be of one history.
    pub(super) fn split(&self, a: &Archive, b: &Archive) -> Option<Claim> {
        let Age::Split(how) = self.checked(a).age(self.checked(b)) else {
            return None;
        };
        let state = |archive: &Archive| {
            let mut versions = Vec::new();
            for role in &self.checked(archive).roles {
                versions.push(format!("{} {}", shortened(&role.name), role.version));
            }
            Seen::new(joined(&versions, ", "), archive.from.clone())
        };
        let text = format!("two versions of this metadata conflict (a rollback, or a fork): {how}");
        let standing = Standing::contradicted(state(a), state(b));
        Some(Claim::new(
            Statement::note(None, Code::DctRollback, text),
            standing,
        ))
    }

    /// Describes all metadata, without a question.
    pub(super) fn describe(&self, evidence: &Record) -> Vec<Claim> {
        let mut claims = Vec::new();
        let all: Vec<&Archive> = self.archives().collect();
        for (n, archive) in all.iter().enumerate() {
            claims.extend(self.notes(archive));
            let checked = self.checked(archive);
            claims.extend(describe(checked, &archive.from));
            let name = self.repository(archive);
            let about = (name.unwrap_or_default(), &archive.from);
            claims.extend(disagreements(checked, &evidence.inspected, about));
            for other in all.iter().skip(n + 1) {
                if name.is_some() && self.repository(other) == name {
                    claims.extend(self.split(archive, other));
                }
            }
        }
        claims.extend(self.stray().iter().cloned());
        claims
    }

    fn gathered(&self) -> &Collected {
        self.gathered.get_or_init(|| self.gather())
    }

    fn gather(&self) -> Collected {
        let given: Vec<&[u8]> = self
            .single
            .iter()
            .map(|(bytes, _)| bytes.as_slice())
            .collect();
        let gathering = tuf::gather(&given);
        let mut gathered = Collected::default();
        for at in gathering.stray {
            if let Some((bytes, from)) = self.single.get(at) {
                let what = tuf::heading(bytes).unwrap_or_default();
                let text = format!("{what}: it belongs to no root that was given");
                gathered.stray.push(said(Code::DctStray, text, from));
            }
        }
        for one in gathering.repositories {
            let given = |name: &str| one.given.iter().find(|(role, _)| role == name);
            let first = || one.given.iter().min();
            let from = given("targets").or_else(|| given("root")).or_else(first);
            let from = from.and_then(|&(_, at)| self.single.get(at));
            let from = from.map(|(_, from)| from.clone());
            gathered.archives.push(Archive {
                repository: None,
                origin: "put together from single files".to_owned(),
                files: one.files,
                edits: one.edits,
                from: from.unwrap_or_else(|| Source::pasted("Notary v1")),
                checked: OnceCell::new(),
            });
        }
        gathered
    }
}

/// The keys that a trust names for Docker Content Trust.
fn pins(by: &Trust) -> Pins {
    let mut pins = Pins::default();
    match by {
        Trust::Keys(keys) => {
            pins.root.clone_from(keys);
            pins.repository.clone_from(keys);
        }
        Trust::Policy(policy) => {
            let keys = policy.dct().cloned().unwrap_or_default();
            pins.root = keys.root;
            pins.repository = keys.repository;
            for (_, keys) in keys.signers {
                pins.signers.extend(keys);
            }
        }
        Trust::Digests(_) | Trust::Identity { .. } | Trust::Signers(_) => {}
    }
    pins
}

impl Store {
    /// Takes in files that were saved together, if these are such.
    pub(super) fn take_saved(
        &mut self,
        evidence: &mut Record,
        bytes: &[u8],
        from: Option<&Source>,
    ) -> Option<Finding> {
        let from = from
            .cloned()
            .unwrap_or_else(|| Source::pasted(paste::SAVED));
        let archive = Archive::read(bytes, from.clone())?;
        for bytes in archive.files.values() {
            expect_named(evidence, bytes, &from);
        }
        let tool = paste::SAVED.to_owned();
        let claims = self.notes(&archive);
        self.saved.push(archive);
        evidence.link();
        Some(Finding { tool, claims })
    }

    /// Takes in a single file of metadata, if this is one.
    pub(super) fn take_single(
        &mut self,
        evidence: &mut Record,
        bytes: &[u8],
        from: &Source,
    ) -> bool {
        if tuf::heading(bytes).is_none() {
            return false;
        }
        if self.single.len() >= limits::METADATA_FILES {
            let most = limits::METADATA_FILES;
            let text = format!("only the first {most} single files of metadata are taken");
            let statement = Statement::note(None, Code::LimitExceeded, text);
            evidence.remark(statement, from.clone());
            return true;
        }
        expect_named(evidence, bytes, from);
        self.single.push((bytes.to_vec(), from.clone()));
        self.gathered = OnceCell::new();
        true
    }
}

/// What is signed is named, so that it is looked for in what was pasted.
fn expect_named(evidence: &mut Record, bytes: &[u8], from: &Source) {
    for digest in tuf::named(bytes) {
        evidence.expect(&digest, from.clone(), None, None);
    }
}

impl Archive {
    /// The changes from the given bytes to those of a role's file.
    pub(super) fn edits(&self) -> &[(String, Vec<String>)] {
        &self.edits
    }

    fn read(bytes: &[u8], from: Source) -> Option<Self> {
        // Most pastes are something else: no reading of JSON for them.
        let bytes = bytes.trim_ascii();
        let likely = bytes.windows(9).any(|part| part == b"notary-v1");
        if bytes.first() != Some(&b'{') || !likely {
            return None;
        }
        // All files of a repository may be more than one document may have.
        let text = json::utf8(bytes).ok()?;
        let (json, end) = json::parse_prefix(text, 0).ok()?;
        let value = json.unique().ok().filter(|_| end == text.len())?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("pullproof") != "notary-v1" {
            return None;
        }
        let mut files = Vec::new();
        for member in value.get("files").and_then(Value::members)? {
            let name = member.key.text.as_ref();
            let role = name.strip_suffix(".json").unwrap_or(name).to_owned();
            // What is no base64 is a file that cannot be read, not one that is missing.
            let bytes = member.value.as_str().and_then(json::from_base64);
            files.push((role, bytes.unwrap_or_default()));
        }
        let repository = match text("repository") {
            "" => None,
            name => Some(repository(&name.parse().ok()?)),
        };
        let origin = match (text("server"), text("at")) {
            ("", _) => "given as files".to_owned(),
            (server, at) => format!("saved from {} at {}", shortened(server), shortened(at)),
        };
        Some(Archive {
            repository,
            origin,
            files: Files::of(files),
            edits: Vec::new(),
            from,
            checked: OnceCell::new(),
        })
    }
}

fn files(count: usize) -> String {
    let word = if count == 1 { "file" } else { "files" };
    format!("{count} {word}")
}

pub(super) fn said(code: Code, text: String, by: &Source) -> Claim {
    Claim::new(
        Statement::note(None, code, text),
        Standing::stated(by.clone()),
    )
}
