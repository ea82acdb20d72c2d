//! Single files of metadata put together again into repositories: which role each is, which
//! belong together, and their exact bytes where a file was printed anew.
//!
//! A file does not say of which repository it is, and one of targets not of which role. So it is
//! given to the roots whose keys signed it, and to the role under whose hash a snapshot names it.
//! Printed metadata keeps its signatures, but its hash differs: the bytes that a snapshot or a
//! timestamp names are looked for, and only their hash decides. What no key here signed is put
//! where it says that it belongs, as long as nothing signed is there: its fault is found by the
//! check. Nothing is left out.

mod piece;

use std::cell::Cell;

use crate::digest::{ByDigest, ByText, Digest};
use crate::json;
use crate::recover::{Search, Wanted};

use super::Files;
use super::metadata::{Head, Needed};
use super::role::{KeysById, RootRole, TYPES, signers};

use piece::FilePiece;

pub use piece::heading;

/// Signatures that are checked to find out where files belong: a repository has some tens. What is
/// not checked is taken for unsigned.
const MOST_CHECKS: usize = 2000;

/// Files above this are not searched for other bytes that they may have had.
const MOST_SEARCHED: usize = 1 << 20;

/// The files of one repository as of one moment.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The files by role.
    pub files: Files,
    /// The given file of each role.
    pub given: Vec<(String, usize)>,
    /// The changes from the given bytes to those of a role's file.
    pub edits: Vec<(String, Vec<String>)>,
}

/// The result of gathering single files.
#[derive(Clone, Debug, Default)]
pub struct Gathering {
    /// Repositories, each as of each moment that there are files of, the newest first.
    pub repositories: Vec<Gathered>,
    /// The given files that belong to no root that was given.
    pub stray: Vec<usize>,
}

/// Puts single files together.
pub fn gather(given: &[&[u8]]) -> Gathering {
    let mut pieces: Vec<FilePiece> = Vec::new();
    let mut forms: ByDigest<usize> = ByDigest::default();
    let mut gathering = Gathering::default();
    for (at, bytes) in given.iter().enumerate() {
        let Some((piece, form)) = FilePiece::read(at, bytes) else {
            gathering.stray.push(at);
            continue;
        };
        // The same file, pasted twice or printed in two ways, is one.
        if let Some(known) = forms.get(&form).and_then(|&at| pieces.get_mut(at)) {
            known.spellings.push((at, piece.bytes));
        } else {
            forms.insert(&form, pieces.len());
            pieces.push(piece);
        }
    }
    restore(&mut pieces);
    let mut placed = vec![false; pieces.len()];
    let mut drafts = Vec::new();
    let checks = Checks::default();
    for roots in lineages(&pieces, &checks) {
        drafts.extend(Lineage::new(&pieces, roots, &checks).drafts(&mut placed));
    }
    leftovers(&pieces, &mut drafts, &mut placed);
    for (piece, placed) in pieces.iter().zip(&placed) {
        if !placed {
            gathering.stray.push(piece.at);
        }
    }
    let ages = drafts.iter().map(|draft| draft.versions(&pieces));
    let ages: Vec<String> = ages.map(|all| all.map(age).concat()).collect();
    let order = json::in_order(&ages)
        .into_iter()
        .filter_map(|at| drafts.get(at));
    gathering.repositories = order.map(|draft| draft.gathered(&pieces)).collect();
    gathering
}

/// A key that sorts the newest first.
fn age(version: u64) -> String {
    format!("{:020}", u64::MAX - version)
}

/// Finds the bytes again that a snapshot or a timestamp names.
fn restore(pieces: &mut [FilePiece]) {
    let mut wanted = Wanted::default();
    for piece in pieces.iter() {
        for (_, digest) in &piece.named {
            if let Some(digest) = digest {
                wanted.add(digest, None);
            }
        }
    }
    for piece in pieces {
        // Nothing names a timestamp.
        if piece.role == "timestamp" || wanted.has(&piece.digest) {
            continue;
        }
        let spellings = piece.spellings.iter();
        let named = spellings
            .clone()
            .find(|(_, bytes)| wanted.has(&Digest::sha256(bytes)));
        if let Some((at, bytes)) = named.cloned() {
            piece.at = at;
            piece.take(bytes, Vec::new());
        } else if let Some(written) = piece.written()
            && wanted.has(&Digest::sha256(&written))
        {
            let edit = "written again as notary writes it".to_owned();
            piece.take(written, vec![edit]);
        } else if piece.bytes.len() <= MOST_SEARCHED
            && let Some(found) = Search::new(piece.bytes.clone()).find(&wanted)
        {
            let (document, edits) = found.into_parts();
            piece.take(document.bytes().to_vec(), edits);
        }
    }
}

/// The number of signatures that were checked.
#[derive(Default)]
struct Checks(Cell<usize>);

impl Checks {
    /// Whether a file is signed by so many of these keys as have to.
    fn met(&self, head: &Head, keys: &KeysById, needed: &Needed) -> bool {
        self.0.set(self.0.get() + head.signatures.len());
        self.0.get() <= MOST_CHECKS && needed.is_met(&signers(head, keys, needed))
    }

    /// Whether a root has a file signed as a role of its has to be.
    fn by_root(&self, root: &RootRole, role: &str, head: &Head) -> bool {
        let needed = root.roles.get(role);
        needed.is_some_and(|needed| self.met(head, &root.keys, needed))
    }
}

/// The roots that follow from one another, each list from the oldest to the newest: a root has
/// to be signed by its own keys and by those of one before it. One that is not its own is alone.
fn lineages(pieces: &[FilePiece], checks: &Checks) -> Vec<Vec<usize>> {
    let mut roots: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let root = piece.root.as_ref();
        if root.is_some_and(|root| checks.by_root(root, "root", &piece.head)) {
            roots.push(at);
        }
    }
    let version = |&at: &usize| pieces.get(at).map_or(0, |piece| piece.head.version);
    let versions = roots.iter().map(|at| format!("{:020}", version(at)));
    let versions: Vec<String> = versions.collect();
    let mut lineages: Vec<Vec<usize>> = Vec::new();
    for at in json::in_order(&versions)
        .into_iter()
        .filter_map(|at| roots.get(at).copied())
    {
        let follows = |before: &usize| follows(pieces, (at, *before), checks);
        match lineages.iter_mut().find(|line| line.iter().any(follows)) {
            Some(line) => line.push(at),
            None => lineages.push(vec![at]),
        }
    }
    lineages
}

fn follows(pieces: &[FilePiece], (at, before): (usize, usize), checks: &Checks) -> bool {
    let (Some(piece), Some(older)) = (pieces.get(at), pieces.get(before)) else {
        return false;
    };
    let name = |piece: &FilePiece| {
        let keys = piece.root.as_ref().map(|root| root.keys_of("root"));
        let mut certificates = keys
            .into_iter()
            .flatten()
            .filter_map(|key| key.certificate.as_ref());
        certificates
            .next()
            .map(|certificate| certificate.repository.clone())
    };
    let by = |root: &RootRole| checks.by_root(root, "root", &piece.head);
    let later = piece.head.version > older.head.version && name(piece) == name(older);
    later && older.root.as_ref().is_some_and(by)
}

/// The roots of a repository, and the files that its keys signed, by role.
struct Lineage<'p> {
    pieces: &'p [FilePiece],
    roots: Vec<usize>,
    checks: &'p Checks,
    signed: ByText<Vec<usize>>,
}

/// One repository as of one moment, while it is put together: the piece of each role.
#[derive(Default)]
struct Draft(ByText<usize>);

impl<'p> Lineage<'p> {
    fn new(pieces: &'p [FilePiece], roots: Vec<usize>, checks: &'p Checks) -> Self {
        let signed = ByText::default();
        let mut lineage = Lineage {
            pieces,
            roots,
            checks,
            signed,
        };
        for role in ["timestamp", "snapshot", "targets"] {
            let by_root = |piece: &FilePiece| {
                let mut roots = lineage.all_roots();
                roots.any(|root| checks.by_root(root, role, &piece.head))
            };
            let found = lineage.of_kind(role, &by_root);
            lineage.signed.insert(role, found);
        }
        lineage.delegations();
        lineage
    }

    fn all_roots(&self) -> impl Iterator<Item = &'p RootRole> {
        let pieces = self.pieces;
        let roots = self.roots.iter().filter_map(move |&at| pieces.get(at));
        roots.filter_map(|piece| piece.root.as_ref())
    }

    /// The pieces of a kind for which this holds, the newest first.
    fn of_kind(&self, kind: &str, fits: &dyn Fn(&FilePiece) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            if piece.role == kind && fits(piece) {
                found.push(at);
            }
        }
        let ages: Vec<String> = found.iter().map(|&at| age(self.version(at))).collect();
        let order = json::in_order(&ages).into_iter();
        order.filter_map(|at| found.get(at).copied()).collect()
    }

    fn version(&self, at: usize) -> u64 {
        self.pieces.get(at).map_or(0, |piece| piece.head.version)
    }

    /// The files that may be those of roles that are delegated to: signed by the keys of the role.
    fn delegations(&mut self) {
        let all = vec![String::new()];
        let mut open = Vec::new();
        for &at in self.signed.get("targets").into_iter().flatten() {
            open.push((at, "targets".to_owned(), all.clone()));
        }
        let mut seen = Vec::new();
        while let Some((at, name, paths)) = open.pop() {
            if seen.contains(&(at, name.clone())) {
                continue;
            }
            let parent = self.pieces.get(at);
            for child in parent
                .map(|piece| piece.delegated(&name, &paths))
                .unwrap_or_default()
            {
                let needed = &child.needed;
                let by_keys = |piece: &FilePiece| self.checks.met(&piece.head, &child.keys, needed);
                for found in self.of_kind("targets", &by_keys) {
                    open.push((found, child.name.clone(), needed.paths.clone()));
                    let files = self.signed.or_default(&child.name);
                    if let Some(files) = files.filter(|files| !files.contains(&found)) {
                        files.push(found);
                    }
                }
            }
            seen.push((at, name));
        }
    }

    /// As of each snapshot what it names; then what none names, where there is room for it.
    fn drafts(&self, placed: &mut [bool]) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for &snapshot in self.signed.get("snapshot").into_iter().flatten() {
            drafts.push(self.of_snapshot(snapshot));
        }
        if drafts.is_empty() {
            drafts.push(Draft::default());
        }
        for draft in &drafts {
            draft.mark(placed);
        }
        let roles = self.signed.iter().map(|(role, _)| (0, role)).collect();
        for (_, role, _) in json::sorted(roles) {
            for &at in self.signed.get(role).into_iter().flatten() {
                if !placed.get(at).is_some_and(|placed| *placed) {
                    put(&mut drafts, role, at);
                }
            }
            for draft in &drafts {
                draft.mark(placed);
            }
        }
        for draft in &mut drafts {
            self.add_roots(draft);
            draft.mark(placed);
        }
        let newest = self.roots.last().copied();
        if let Some(at) = newest.filter(|&at| !placed.get(at).is_some_and(|placed| *placed)) {
            let mut draft = Draft::of("root", at);
            self.add_roots(&mut draft);
            draft.mark(placed);
            drafts.push(draft);
        }
        drafts
    }

    fn of_snapshot(&self, at: usize) -> Draft {
        let mut draft = Draft::default();
        draft.0.set("snapshot", at);
        let Some(snapshot) = self.pieces.get(at) else {
            return draft;
        };
        let names_it = |&&at: &&usize| {
            let named = self.pieces.get(at).map(|piece| piece.named.as_slice());
            let mut named = named.unwrap_or_default().iter();
            named.any(|(_, named)| named.as_ref() == Some(&snapshot.digest))
        };
        let timestamps = self.signed.get("timestamp");
        if let Some(&timestamp) = timestamps.into_iter().flatten().find(names_it) {
            draft.0.set("timestamp", timestamp);
        }
        for (name, digest) in &snapshot.named {
            let mut files = match name.as_str() {
                "root" => self.roots.iter(),
                name => self
                    .signed
                    .get(name)
                    .map(Vec::as_slice)
                    .unwrap_or_default()
                    .iter(),
            };
            let is_named = |at: &&usize| {
                let found = self.pieces.get(**at).map(|piece| &piece.digest);
                found.is_some() && found == digest.as_ref()
            };
            if let Some(&file) = files.find(is_named) {
                draft.0.set(name, file);
            }
        }
        draft
    }

    /// The root that a snapshot names, or the newest; and all before it.
    fn add_roots(&self, draft: &mut Draft) {
        let Some(newest) = draft.0.get("root").or(self.roots.last()).copied() else {
            return;
        };
        draft.0.set("root", newest);
        for &at in &self.roots {
            if self.version(at) < self.version(newest) {
                draft.0.set(&format!("{}.root", self.version(at)), at);
            }
        }
    }
}

/// Puts a file where its role is free, or begins anew.
fn put(drafts: &mut Vec<Draft>, role: &str, at: usize) {
    let free = drafts.iter_mut().find(|draft| draft.0.get(role).is_none());
    match free {
        Some(draft) => {
            draft.0.set(role, at);
        }
        None => drafts.push(Draft::of(role, at)),
    }
}

/// Files that no key here signed: a root by itself, the others where they say that they belong.
fn leftovers(pieces: &[FilePiece], drafts: &mut Vec<Draft>, placed: &mut [bool]) {
    let free = |placed: &[bool], at: usize| placed.get(at).is_some_and(|placed| !placed);
    let add = |draft: &mut Draft, role: &str, at: usize, placed: &mut [bool]| {
        draft.0.set(role, at);
        if let Some(placed) = placed.get_mut(at) {
            *placed = true;
        }
    };
    for (at, piece) in pieces.iter().enumerate() {
        if piece.role == "root" && free(placed, at) && drafts.is_empty() {
            let mut draft = Draft::default();
            add(&mut draft, "root", at, placed);
            drafts.push(draft);
        }
    }
    for (at, piece) in pieces.iter().enumerate() {
        if !free(placed, at) {
            continue;
        }
        for draft in drafts.iter_mut() {
            let root = draft.0.get("root").and_then(|&at| pieces.get(at));
            let keys = root
                .and_then(|piece| piece.root.as_ref())
                .map(|root| root.keys_of(piece.role));
            let claims = |id: &str| piece.head.signatures.iter().any(|one| one.key == id);
            let named = keys.into_iter().flatten().any(|key| claims(&key.id));
            if named && draft.0.get(piece.role).is_none() {
                add(draft, piece.role, at, placed);
                break;
            }
        }
    }
}

impl Draft {
    fn of(role: &str, at: usize) -> Self {
        let mut draft = Draft::default();
        draft.0.set(role, at);
        draft
    }

    fn mark(&self, placed: &mut [bool]) {
        for (_, &at) in self.0.iter() {
            if let Some(placed) = placed.get_mut(at) {
                *placed = true;
            }
        }
    }

    /// What is newer has higher ones.
    fn versions(&self, pieces: &[FilePiece]) -> [u64; 4] {
        TYPES.map(|(role, _)| {
            let piece = self.0.get(role).and_then(|&at| pieces.get(at));
            piece.map_or(0, |piece| piece.head.version)
        })
    }

    fn gathered(&self, pieces: &[FilePiece]) -> Gathered {
        let mut gathered = Gathered::default();
        let mut files = Vec::new();
        for (role, &at) in self.0.iter() {
            let Some(piece) = pieces.get(at) else {
                continue;
            };
            files.push((role.to_owned(), piece.bytes.clone()));
            gathered.given.push((role.to_owned(), piece.at));
            if !piece.edits.is_empty() {
                gathered.edits.push((role.to_owned(), piece.edits.clone()));
            }
        }
        gathered.files = Files::of(files);
        gathered
    }
}
