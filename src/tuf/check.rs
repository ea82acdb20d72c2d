//! The walk: roots from the pinned one to the newest, then timestamp, snapshot, targets and what
//! they delegate to.

mod snapshot;

use std::collections::VecDeque;

use crate::digest::{ByText, Digest};
use crate::json::{self, Value};
use crate::signature::PublicKey;
use crate::text::{joined, shortened};

use super::dialect::NOTARY;
use super::hash::hash;
use super::metadata::{Head, Needed};
use super::role::{Delegated, KeysById, RootRole, Wrong, delegated, signers};
use super::{Checked, Fault, Files, RoleFile, Target};

/// Delegations that are followed: each costs a signature of an attacker's choosing.
const MOST_ROLES: usize = 1000;

pub(super) struct Checker<'f> {
    pub(super) files: &'f Files,
    read: ByText<json::Json<'f>>,
    found: Checked,
}

impl<'f> Checker<'f> {
    pub(super) fn new(files: &'f Files) -> Self {
        let (read, found) = (ByText::default(), Checked::default());
        let mut check = Checker { files, read, found };
        for (name, bytes) in files.iter() {
            let json = json::parse(bytes).and_then(|json| json.unique().map(|_| ()).map(|()| json));
            match json {
                Ok(json) => {
                    check.read.insert(name, json);
                }
                Err(error) => check.fault(name, error.kind().code(), error.to_string()),
            }
        }
        check
    }

    pub(super) fn all(mut self, pins: &[PublicKey]) -> Checked {
        if let Some(root) = self.roots(pins) {
            self.signed(
                "timestamp",
                "Timestamp",
                &root.keys,
                root.roles.get("timestamp"),
            );
            self.signed(
                "snapshot",
                "Snapshot",
                &root.keys,
                root.roles.get("snapshot"),
            );
            self.hashes("timestamp", "snapshot");
            self.snapshot();
            self.targets(&root);
        }
        self.in_order();
        self.found
    }

    /// Puts faults in order, each once, and delegations.
    fn in_order(&mut self) {
        let faults = std::mem::take(&mut self.found.faults);
        let name = |fault: &Fault| joined(&[fault.role.as_str(), fault.code, &fault.text], "\0");
        let names: Vec<String> = faults.iter().map(name).collect();
        for at in json::in_order(&names) {
            let fault = faults.get(at);
            if fault != self.found.faults.last() {
                self.found.faults.extend(fault.cloned());
            }
        }
        let delegations = std::mem::take(&mut self.found.delegations);
        let name =
            |(role, keys): &(String, Vec<String>)| [role, "\0", &joined(keys, "\0")].concat();
        let names: Vec<String> = delegations.iter().map(name).collect();
        for at in json::in_order(&names) {
            self.found.delegations.extend(delegations.get(at).cloned());
        }
    }

    pub(super) fn fault(&mut self, role: &str, code: &'static str, text: String) {
        let role = role.to_owned();
        self.found.faults.push(Fault { role, code, text });
    }

    pub(super) fn value(&self, role: &str) -> Option<Value<'f>> {
        self.read.get(role).map(|json| json.root().clone())
    }

    pub(super) fn missing(&mut self, role: &str) {
        if !self.files.contains_key(role) {
            self.fault(role, "missing", "expected this file, found none".to_owned());
        }
    }

    // Roots.

    /// The newest root, once it and those from the pinned one on are signed as they have to be.
    fn roots(&mut self, pins: &[PublicKey]) -> Option<RootRole> {
        let newest = self.root("root")?;
        self.describe(&newest);
        self.signed("root", "Root", &newest.keys, newest.roles.get("root"));
        if self.pin("root", &newest, pins) {
            return Some(newest);
        }
        // From the newest root that a pin is for, each signed by the one before (TUF, 5.3).
        let mut older = Vec::new();
        for version in (1..newest.version).rev() {
            let name = format!("{version}.root");
            if !self.files.contains_key(&name) {
                break;
            }
            let Some(root) = self.root(&name) else {
                break;
            };
            self.signed(&name, "Root", &root.keys, root.roles.get("root"));
            let pinned = self.pin(&name, &root, pins);
            older.push((name, root));
            if pinned {
                break;
            }
        }
        if self.found.pinned.is_some() {
            self.chain(&older, &newest);
        }
        Some(newest)
    }

    fn chain(&mut self, older: &[(String, RootRole)], newest: &RootRole) {
        let mut before: Option<&RootRole> = None;
        for (name, root) in older.iter().rev() {
            if let Some(before) = before {
                self.follows(name, root, before);
            }
            before = Some(root);
            self.repositories(root);
        }
        if let Some(before) = before {
            self.follows("root", newest, before);
        }
    }

    fn follows(&mut self, name: &str, root: &RootRole, before: &RootRole) {
        if Some(root.version) != before.version.checked_add(1) {
            let text = format!(
                "expected the version after {}, found {}",
                before.version, root.version
            );
            self.fault(name, "root-chain", text);
        }
        let Some((head, needed)) = self.head(name, "Root").zip(before.roles.get("root")) else {
            return;
        };
        let signers = signers(&head, &before.keys, needed);
        if !needed.is_met(&signers) {
            let text = format!(
                "expected {} signatures of the root before it, found {}",
                needed.threshold,
                signers.len()
            );
            self.fault(name, "root-chain", text);
        }
        let ids = signers.iter().map(|key| key.id.clone()).collect();
        self.found.successions.push((name.to_owned(), ids));
    }

    /// True if a pinned key, named by either id, is among those that signed this root. That the
    /// root lists it is not enough: whoever makes a root can list a key that is not theirs.
    fn pin(&mut self, name: &str, root: &RootRole, pins: &[PublicKey]) -> bool {
        let role = self.found.roles.iter().find(|role| role.name == name);
        let signers = role.map(|role| role.keys.as_slice()).unwrap_or_default();
        let keys = signers.iter().filter_map(|id| root.keys.get(id));
        let signed: Vec<&Vec<u8>> = keys.map(|key| &key.identity).collect();
        let mut ids = root
            .keys_of("root")
            .into_iter()
            .filter(|key| signed.contains(&&key.identity))
            .flat_map(|key| [&key.id, &key.canonical]);
        let found = ids.find_map(|id| pins.iter().find(|pin| pin.id() == id));
        self.found.pinned = found.cloned();
        found.is_some()
    }

    fn root(&mut self, name: &str) -> Option<RootRole> {
        self.missing(name);
        let value = self.value(name)?;
        let Some(signed) = value.get("signed") else {
            self.fault(name, "metadata", "expected signed, found none".to_owned());
            return None;
        };
        let version = signed
            .get("version")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        if name != "root" && name != format!("{version}.root") {
            let text = format!("expected the version of the file's name, found {version}");
            self.fault(name, "root-chain", text);
        }
        let (root, wrong) = RootRole::read(signed, &NOTARY);
        self.wrong(name, wrong);
        Some(root)
    }

    fn wrong(&mut self, role: &str, all: Vec<Wrong>) {
        for (code, text) in all {
            self.fault(role, code, text);
        }
    }

    fn describe(&mut self, root: &RootRole) {
        for key in root.keys_of("root") {
            let ids = (key.id.clone(), key.canonical.clone());
            self.found.root_keys.push(ids);
            self.found.certificates.extend(key.certificate.clone());
        }
        self.repositories(root);
        for key in root.keys_of("targets") {
            self.found.repository_keys.push(key.id.clone());
        }
    }

    /// For which repositories a root's certificates are: the newest's first.
    fn repositories(&mut self, root: &RootRole) {
        for key in root.keys_of("root") {
            if let Some(certificate) = &key.certificate {
                self.found.repositories.push(certificate.repository.clone());
            }
        }
    }

    // Signatures.

    fn head(&mut self, name: &str, kind: &str) -> Option<Head> {
        self.missing(name);
        match Head::read(&self.value(name)?, kind, &NOTARY) {
            Ok(head) => Some(head),
            Err((code, text)) => {
                self.fault(name, code, text);
                None
            }
        }
    }

    /// Whether a role's file is signed as it has to be; it is a fault if not.
    fn signed(&mut self, name: &str, kind: &str, keys: &KeysById, needed: Option<&Needed>) -> bool {
        let (Some(head), Some(needed)) = (self.head(name, kind), needed) else {
            return false;
        };
        let signers = signers(&head, keys, needed);
        if !needed.is_met(&signers) {
            let text = format!(
                "expected {} valid signatures, found {}",
                needed.threshold,
                signers.len()
            );
            self.fault(name, "signatures", text);
            return false;
        }
        self.found.roles.push(RoleFile {
            name: name.to_owned(),
            version: head.version,
            expires: head.expires,
            keys: signers.iter().map(|key| key.id.clone()).collect(),
            certificates: signers
                .iter()
                .filter_map(|key| key.certificate.clone())
                .collect(),
            content: Digest::sha256(head.message.as_bytes()),
        });
        true
    }

    // Targets.

    /// Collects the signed targets of `targets` and its delegations: each role once, each before
    /// those that it delegates to, and these before its neighbours.
    fn targets(&mut self, root: &RootRole) {
        let mut queue = VecDeque::new();
        if let Some(needed) = root.roles.get("targets") {
            queue.push_back(Delegated {
                name: "targets".to_owned(),
                keys: root.keys.clone(),
                needed: needed.clone(),
            });
        }
        let mut seen = ByText::default();
        while let Some(Delegated { name, keys, needed }) = queue.pop_front() {
            if !seen.insert(&name, ()) || seen.len() > MOST_ROLES {
                continue;
            }
            // A delegation whose signer never signed anything has no file.
            if name != "targets" && !self.files.contains_key(&name) {
                continue;
            }
            if !self.signed(&name, "Targets", &keys, Some(&needed)) {
                continue;
            }
            let Some(value) = self.value(&name) else {
                continue;
            };
            let signed = value.get("signed");
            let targets = signed.and_then(|signed| signed.get("targets"));
            self.tags(&name, &needed, targets);
            let (children, wrong) = delegated(&name, &needed.paths, signed);
            self.wrong(&name, wrong);
            for child in children.into_iter().rev() {
                self.delegates(&child);
                queue.push_front(child);
            }
        }
    }

    fn delegates(&mut self, child: &Delegated) {
        let ids = child.needed.keys.iter();
        let keys = ids.filter_map(|id| child.keys.get(id));
        self.found.delegations.push((
            child.name.clone(),
            keys.map(|key| key.canonical.clone()).collect(),
        ));
    }

    fn tags(&mut self, role: &str, needed: &Needed, targets: Option<&Value<'_>>) {
        for member in targets.and_then(Value::members).unwrap_or_default() {
            let tag = member.key.text.as_ref();
            let mut paths = needed.paths.iter();
            if !paths.any(|path| tag.starts_with(path.as_str())) {
                let text = format!("expected tags of its paths, found {}", shortened(tag));
                self.fault(role, "path", text);
                continue;
            }
            let length = member.value.get("length").and_then(Value::as_u64);
            let digest = hash(&member.value, "sha256", &NOTARY);
            let sha512 = hash(&member.value, "sha512", &NOTARY);
            let hashes = member.value.get("hashes");
            let other =
                sha512.is_none() && hashes.is_some_and(|hashes| hashes.get("sha512").is_some());
            if let (Some(digest), Some(length), false) = (digest, length, other) {
                self.found.targets.push(Target {
                    role: role.to_owned(),
                    tag: tag.to_owned(),
                    digest,
                    sha512,
                    length,
                });
            } else {
                let text = format!(
                    "expected a SHA-256 of 32 bytes, a SHA-512 of 64 if any, and a length of {}",
                    shortened(tag)
                );
                self.fault(role, "target", text);
            }
        }
    }
}
