//! The walk: roots from the pinned one to the newest, then timestamp, snapshot, targets and what
//! they delegate to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sha2::{Digest as _, Sha512};

use crate::digest::Digest;
use crate::json::{self, Value};
use crate::signature::PublicKey;

use super::key::Key;
use super::metadata::{Head, Needed};
use super::{Checked, Fault, Files, Role, Target};

/// Delegations that are followed: each costs a signature of an attacker's choosing.
const MOST_ROLES: usize = 1000;

pub(super) struct Check<'f> {
    files: &'f Files,
    read: BTreeMap<&'f str, json::Json<'f>>,
    found: Checked,
}

/// A root, read: its keys and the keys of each role.
struct Root {
    version: u64,
    keys: Keys,
    roles: BTreeMap<&'static str, Needed>,
}

/// Keys by the id that a file has them under.
type Keys = BTreeMap<String, Key>;

/// The roles that a root has, with the `_type` of each (notary: `tuf/data/roles.go`).
const TYPES: [(&str, &str); 4] = [
    ("root", "Root"),
    ("timestamp", "Timestamp"),
    ("snapshot", "Snapshot"),
    ("targets", "Targets"),
];

impl<'f> Check<'f> {
    pub(super) fn new(files: &'f Files) -> Self {
        let (read, found) = (BTreeMap::new(), Checked::default());
        let mut check = Check { files, read, found };
        for (name, bytes) in files {
            let json = json::parse(bytes).and_then(|json| json.unique().map(|_| ()).map(|()| json));
            match json {
                Ok(json) => {
                    check.read.insert(name.as_str(), json);
                }
                Err(error) => check.fault(name, error.kind().code(), error.to_string()),
            }
        }
        check
    }

    pub(super) fn all(mut self, pins: &[PublicKey]) -> Checked {
        if let Some(root) = self.roots(pins) {
            self.describe(&root);
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
        self.found.faults.sort();
        self.found.faults.dedup();
        self.found
    }

    fn fault(&mut self, role: &str, code: &'static str, text: String) {
        let role = json::quoted(role);
        self.found.faults.push(Fault { role, code, text });
    }

    fn value(&self, role: &str) -> Option<Value<'f>> {
        self.read.get(role).map(|json| json.root().clone())
    }

    fn missing(&mut self, role: &str) {
        if !self.files.contains_key(role) {
            self.fault(role, "missing", "expected this file, found none".to_owned());
        }
    }

    // Roots.

    /// The newest root, once it and those from the pinned one on are signed as they have to be.
    fn roots(&mut self, pins: &[PublicKey]) -> Option<Root> {
        let newest = self.root("root")?;
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

    fn chain(&mut self, older: &[(String, Root)], newest: &Root) {
        let mut before: Option<&Root> = None;
        for (name, root) in older.iter().rev() {
            if let Some(before) = before {
                self.follows(name, root, before);
            }
            before = Some(root);
        }
        if let Some(before) = before {
            self.follows("root", newest, before);
        }
    }

    fn follows(&mut self, name: &str, root: &Root, before: &Root) {
        if root.version != before.version + 1 {
            let text = format!(
                "expected version {}, found {}",
                before.version + 1,
                root.version
            );
            self.fault(name, "root-chain", text);
        }
        let Some((head, needed)) = self.head(name, "Root").zip(before.roles.get("root")) else {
            return;
        };
        let count = signers(&head, &before.keys, needed).len();
        if (count as u64) < needed.threshold {
            let text = format!(
                "expected {} signatures of the root before it, found {count}",
                needed.threshold
            );
            self.fault(name, "root-chain", text);
        }
    }

    /// Whether a pinned key, named by either id, signed this root. That the root lists it is not
    /// enough: whoever makes a root can list a key that is not theirs.
    fn pin(&mut self, name: &str, root: &Root, pins: &[PublicKey]) -> bool {
        let Some((head, needed)) = self.head(name, "Root").zip(root.roles.get("root")) else {
            return false;
        };
        let signed = signers(&head, &root.keys, needed);
        let keys = signed.iter().filter_map(|id| root.keys.get(id));
        let signed: BTreeSet<&String> = keys.map(|key| &key.canonical).collect();
        let keys = needed.keys.iter().filter_map(|id| root.keys.get(id));
        let mut ids = keys
            .filter(|key| signed.contains(&key.canonical))
            .flat_map(|key| [&key.id, &key.canonical]);
        let found = ids.find_map(|id| pins.iter().find(|pin| pin.id() == id));
        self.found.pinned = found.cloned();
        found.is_some()
    }

    fn root(&mut self, name: &str) -> Option<Root> {
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
        let keys = self.keys(name, signed.get("keys"));
        let mut roles = BTreeMap::new();
        for (role, _) in TYPES {
            let value = signed.get("roles").and_then(|roles| roles.get(role));
            match Needed::read(value, false) {
                Ok(needed) => {
                    roles.insert(role, needed);
                }
                Err(expected) => {
                    let text = format!("expected {expected} of {role}");
                    self.fault(name, "threshold", text);
                }
            }
        }
        Some(Root {
            version,
            keys,
            roles,
        })
    }

    fn keys(&mut self, role: &str, value: Option<&Value<'_>>) -> Keys {
        let mut keys = Keys::new();
        for member in value.and_then(Value::members).unwrap_or_default() {
            match Key::read(&member.key.text, &member.value) {
                Ok(key) => {
                    keys.insert(key.id.clone(), key);
                }
                Err((code, text)) => self.fault(role, code, text),
            }
        }
        keys
    }

    fn describe(&mut self, root: &Root) {
        let ids = root.roles.get("root").map(|needed| needed.keys.clone());
        for key in ids
            .unwrap_or_default()
            .iter()
            .filter_map(|id| root.keys.get(id))
        {
            let ids = (key.id.clone(), key.canonical.clone());
            self.found.root_keys.push(ids);
            self.found.repositories.extend(key.repository.clone());
        }
    }

    // Signatures.

    fn head(&mut self, name: &str, kind: &str) -> Option<Head> {
        self.missing(name);
        match Head::read(&self.value(name)?, kind) {
            Ok(head) => Some(head),
            Err((code, text)) => {
                self.fault(name, code, text);
                None
            }
        }
    }

    /// Whether a role's file is signed as it has to be; it is a fault if not.
    fn signed(&mut self, name: &str, kind: &str, keys: &Keys, needed: Option<&Needed>) -> bool {
        let (Some(head), Some(needed)) = (self.head(name, kind), needed) else {
            return false;
        };
        let signers = signers(&head, keys, needed);
        if (signers.len() as u64) < needed.threshold {
            let text = format!(
                "expected {} valid signatures, found {}",
                needed.threshold,
                signers.len()
            );
            self.fault(name, "signatures", text);
            return false;
        }
        self.found.roles.push(Role {
            name: name.to_owned(),
            version: head.version,
            expires: head.expires,
            keys: signers,
        });
        true
    }

    // Hashes.

    /// Everything that the snapshot names is here and is what it names, and nothing else is here.
    fn snapshot(&mut self) {
        let Some(value) = self.value("snapshot") else {
            return;
        };
        let meta = value.get("signed").and_then(|signed| signed.get("meta"));
        let names: BTreeSet<&str> = meta
            .and_then(Value::members)
            .unwrap_or_default()
            .iter()
            .map(|member| member.key.text.as_ref())
            .collect();
        for name in &names {
            self.hashes("snapshot", name);
        }
        for name in self.files.keys() {
            let older = name.strip_suffix(".root");
            let older = older.is_some_and(|version| version.bytes().all(|b| b.is_ascii_digit()));
            let apart = older || matches!(name.as_str(), "timestamp" | "snapshot");
            if !apart && !names.contains(name.as_str()) {
                let text = "expected only files that the snapshot names".to_owned();
                self.fault(name, "not-in-snapshot", text);
            }
        }
    }

    /// Whether the bytes of a file are those that another names.
    fn hashes(&mut self, by: &str, name: &str) {
        self.missing(name);
        let (Some(value), Some(bytes)) = (self.value(by), self.files.get(name)) else {
            return;
        };
        let meta = value.get("signed").and_then(|signed| signed.get("meta"));
        let Some(entry) = meta.and_then(|meta| meta.get(name)) else {
            return self.fault(
                by,
                "metadata",
                format!("expected an entry of {}", json::quoted(name)),
            );
        };
        let length = entry.get("length").and_then(Value::as_u64);
        if length != Some(bytes.len() as u64) {
            let wanted =
                length.map_or_else(|| "a length".to_owned(), |length| format!("{length} bytes"));
            self.fault(
                name,
                "length",
                format!("expected {wanted}, found {}", bytes.len()),
            );
        }
        let mut known = 0;
        for (algorithm, code) in [("sha256", "sha256"), ("sha512", "sha512")] {
            let Some(text) = entry.get("hashes").and_then(|hashes| hashes.get(algorithm)) else {
                continue;
            };
            known += 1;
            let wanted = text.as_str().and_then(json::from_base64);
            let found = match algorithm {
                "sha256" => sha2::Sha256::digest(bytes).to_vec(),
                _ => Sha512::digest(bytes).to_vec(),
            };
            if wanted.as_ref() != Some(&found) {
                let text = format!("expected the {algorithm} that {by} names, found another");
                self.fault(name, code, text);
            }
        }
        if known == 0 {
            let text = format!("expected a sha256 or sha512 in {by}, found neither");
            self.fault(name, "hash-algorithm", text);
        }
    }

    // Targets.

    /// What `targets` and its delegations signed, each role once, in the order of delegation.
    fn targets(&mut self, root: &Root) {
        let mut queue = VecDeque::new();
        if let Some(needed) = root.roles.get("targets") {
            queue.push_back(("targets".to_owned(), root.keys.clone(), needed.clone()));
        }
        let mut seen = BTreeSet::new();
        while let Some((name, keys, needed)) = queue.pop_front() {
            if !seen.insert(name.clone()) || seen.len() > MOST_ROLES {
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
            self.tags(
                &name,
                &needed,
                signed.and_then(|signed| signed.get("targets")),
            );
            if let Some(delegations) = signed.and_then(|signed| signed.get("delegations")) {
                queue.extend(self.delegated(&name, delegations));
            }
        }
    }

    fn delegated(&mut self, by: &str, delegations: &Value<'_>) -> Vec<(String, Keys, Needed)> {
        let keys = self.keys(by, delegations.get("keys"));
        let mut roles = Vec::new();
        for role in delegations.items_of("roles") {
            let name = role.get("name").and_then(Value::as_str).unwrap_or_default();
            let inside = name
                .strip_prefix(by)
                .is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'));
            if !inside {
                let text = format!(
                    "expected a delegation inside {by}, found {}",
                    json::quoted(name)
                );
                self.fault(by, "delegation", text);
                continue;
            }
            match Needed::read(Some(role), true) {
                Ok(needed) => roles.push((name.to_owned(), keys.clone(), needed)),
                Err(expected) => {
                    let text = format!("expected {expected} of {}", json::quoted(name));
                    self.fault(by, "threshold", text);
                }
            }
        }
        roles
    }

    fn tags(&mut self, role: &str, needed: &Needed, targets: Option<&Value<'_>>) {
        for member in targets.and_then(Value::members).unwrap_or_default() {
            let tag = member.key.text.as_ref();
            if !needed
                .paths
                .iter()
                .any(|path| tag.starts_with(path.as_str()))
            {
                let text = format!("expected tags of its paths, found {}", json::quoted(tag));
                self.fault(role, "path", text);
                continue;
            }
            let hash = member
                .value
                .get("hashes")
                .and_then(|hashes| hashes.get("sha256"));
            let bytes = hash.and_then(Value::as_str).and_then(json::from_base64);
            let digest = bytes
                .filter(|bytes| bytes.len() == 32)
                .and_then(|bytes| digest(&bytes));
            let length = member.value.get("length").and_then(Value::as_u64);
            if let (Some(digest), Some(length)) = (digest, length) {
                let (role, tag) = (role.to_owned(), tag.to_owned());
                self.found.targets.push(Target {
                    role,
                    tag,
                    digest,
                    length,
                });
            } else {
                let text = format!(
                    "expected a SHA-256 of 32 bytes and a length of {}",
                    json::quoted(tag)
                );
                self.fault(role, "target", text);
            }
        }
    }
}

/// The ids of the keys of a role whose signatures are valid: each bare key once, whatever it is
/// called; signatures by others are none.
fn signers(head: &Head, keys: &Keys, needed: &Needed) -> Vec<String> {
    let mut counted = BTreeSet::new();
    let mut ids = Vec::new();
    for signature in &head.signatures {
        let Some(key) = keys
            .get(&signature.key)
            .filter(|key| needed.keys.contains(&key.id))
        else {
            continue;
        };
        let valid = key.verifies(&signature.method, head.message.as_bytes(), &signature.bytes);
        if valid && counted.insert(&key.canonical) {
            ids.push(key.id.clone());
        }
    }
    ids
}

fn digest(bytes: &[u8]) -> Option<Digest> {
    let mut text = String::from("sha256:");
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16)?);
        }
    }
    text.parse().ok()
}
