//! The signers: the roles that a root has, those that targets delegate to, and the keys whose
//! signatures on a file are valid.

use std::sync::Arc;

use crate::digest::ByText;
use crate::json::Value;
use crate::limits;
use crate::text::{Parts, shortened};

use super::dialect::{Dialect, NOTARY};
use super::key::Key;
use super::metadata::{Head, Needed};

/// The roles that a root has, with the `_type` of each (notary: `tuf/data/roles.go`).
pub(super) const TYPES: [(&str, &str); 4] = [
    ("root", "Root"),
    ("timestamp", "Timestamp"),
    ("snapshot", "Snapshot"),
    ("targets", "Targets"),
];

/// Keys by the id that a file has them under.
pub(super) type KeysById = ByText<Key>;

/// A stable name for what is wrong, and what was expected and found.
pub(super) type Wrong = (&'static str, String);

/// A root, read: its keys and the keys of each role.
#[derive(Debug, Default)]
pub(super) struct RootRole {
    pub(super) version: u64,
    pub(super) keys: Arc<KeysById>,
    pub(super) roles: ByText<Needed>,
}

/// A role that a file of targets delegates to.
#[derive(Clone)]
pub(super) struct Delegated {
    pub(super) name: String,
    /// Shared by all roles of the file.
    pub(super) keys: Arc<KeysById>,
    pub(super) needed: Needed,
}

impl RootRole {
    /// Reads what is signed of a root. What is wrong in it is left out of it.
    pub(super) fn read(signed: &Value<'_>, dialect: &Dialect) -> (Self, Vec<Wrong>) {
        let mut wrong = Vec::new();
        let version = signed.get("version").and_then(Value::as_u64);
        let keys = Arc::new(keys(signed.get("keys"), dialect, &mut wrong));
        let mut roles = ByText::default();
        for (role, _) in TYPES {
            let value = signed.get("roles").and_then(|roles| roles.get(role));
            match Needed::read(value, false) {
                Ok(needed) => {
                    roles.insert(role, needed);
                }
                Err(expected) => {
                    wrong.push(("threshold", format!("expected {expected} of {role}")));
                }
            }
        }
        let version = version.unwrap_or_default();
        let root = RootRole {
            version,
            keys,
            roles,
        };
        (root, wrong)
    }

    /// The keys of a role, in the order of the root.
    pub(super) fn keys_of(&self, role: &str) -> Vec<&Key> {
        let needed = self.roles.get(role);
        let ids = needed.map(|needed| needed.keys.as_slice());
        let ids = ids.unwrap_or_default().iter();
        ids.filter_map(|id| self.keys.get(id)).collect()
    }
}

/// The roles that a file delegates to, from what is signed of it. As notary has it, a role
/// delegates to its children only, and for no paths but its own (notary: `tuf/data/targets.go`,
/// `isValidTargetsStructure`, `GetValidDelegations`).
pub(super) fn delegated(
    by: &str,
    paths: &[String],
    signed: Option<&Value<'_>>,
) -> (Vec<Delegated>, Vec<Wrong>) {
    let (mut roles, mut wrong) = (Vec::new(), Vec::new());
    let Some(delegations) = signed.and_then(|signed| signed.get("delegations")) else {
        return (roles, wrong);
    };
    let keys = Arc::new(keys(delegations.get("keys"), &NOTARY, &mut wrong));
    let all = delegations.items_of("roles");
    if all.len() > limits::DELEGATES {
        wrong.push(over("roles", all.len()));
        return (roles, wrong);
    }
    for role in all {
        let name = role.get("name").and_then(Value::as_str).unwrap_or_default();
        let child = name
            .strip_prefix(by)
            .and_then(|rest| rest.strip_prefix('/'));
        if child.is_none_or(|child| child.is_empty() || child.has("/")) {
            let name = shortened(name);
            let text = format!("expected a delegation right inside {by}, found {name}");
            wrong.push(("delegation", text));
            continue;
        }
        match Needed::read(Some(role), true) {
            Ok(mut needed) => {
                let inside = |path: &String| paths.iter().any(|own| path.starts_with(own.as_str()));
                needed.paths.retain(inside);
                let (name, keys) = (name.to_owned(), keys.clone());
                roles.push(Delegated { name, keys, needed });
            }
            Err(expected) => {
                let text = format!("expected {expected} of {}", shortened(name));
                wrong.push(("threshold", text));
            }
        }
    }
    (roles, wrong)
}

fn keys(value: Option<&Value<'_>>, dialect: &Dialect, wrong: &mut Vec<Wrong>) -> KeysById {
    let mut keys = KeysById::default();
    let all = value.and_then(Value::members).unwrap_or_default();
    if all.len() > limits::DELEGATES {
        wrong.push(over("keys", all.len()));
        return keys;
    }
    for member in all {
        match (dialect.key)(&member.key.text, &member.value) {
            Ok(key) => {
                // Its name is its id, so that what has it twice is twice the same.
                keys.insert(&member.key.text, key);
            }
            Err(fault) => wrong.push(fault),
        }
    }
    keys
}

fn over(what: &str, found: usize) -> Wrong {
    let most = limits::DELEGATES;
    let text = format!("expected at most {most} {what}, found {found}");
    ("limit-exceeded", text)
}

/// The keys of a role whose signatures are valid: each private key once, whatever it is called and
/// however it is written; signatures by others do not count.
pub(super) fn signers<'k>(head: &Head, keys: &'k KeysById, needed: &Needed) -> Vec<&'k Key> {
    let mut signers: Vec<&Key> = Vec::new();
    for signature in &head.signatures {
        let Some(key) = keys
            .get(&signature.key)
            .filter(|key| needed.keys.contains(&key.id))
        else {
            continue;
        };
        let valid = key.verifies(&signature.method, head.message.as_bytes(), &signature.bytes);
        if valid && !signers.iter().any(|known| known.identity == key.identity) {
            signers.push(key);
        }
    }
    signers
}
