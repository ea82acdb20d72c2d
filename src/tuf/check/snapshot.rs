//! Whether the files are those that the snapshot and the timestamp name.

use crate::json::Value;
use crate::text::shortened;
use crate::tuf::dialect::NOTARY;
use crate::tuf::hash::{entries, hash, is_of};
use crate::tuf::is_older_root;

use super::Checker;

impl Checker<'_> {
    /// Everything that the snapshot names is here and is what it names, and nothing else is here.
    pub(super) fn snapshot(&mut self) {
        let Some(value) = self.value("snapshot") else {
            return;
        };
        let names = entries(&value);
        for (name, _) in &names {
            self.hashes("snapshot", name);
        }
        for name in self.files.keys() {
            let apart = is_older_root(name) || matches!(name.as_str(), "timestamp" | "snapshot");
            if !apart && !names.iter().any(|(named, _)| named == name) {
                let text = "expected only files that the snapshot names".to_owned();
                self.fault(name, "not-in-snapshot", text);
            }
        }
    }

    /// Whether the bytes of a file are those that another names.
    pub(super) fn hashes(&mut self, by: &str, name: &str) {
        self.missing(name);
        let (Some(value), Some(bytes)) = (self.value(by), self.files.get(name)) else {
            return;
        };
        let meta = value.get("signed").and_then(|signed| signed.get("meta"));
        let Some(entry) = meta.and_then(|meta| meta.get(name)) else {
            let text = format!("expected an entry of {}", shortened(name));
            return self.fault(by, "metadata", text);
        };
        let length = entry.get("length").and_then(Value::as_u64);
        if length != Some(bytes.len() as u64) {
            let wanted =
                length.map_or_else(|| "a length".to_owned(), |length| format!("{length} bytes"));
            let text = format!("expected {wanted}, found {}", bytes.len());
            self.fault(name, "length", text);
        }
        let mut known = 0;
        for algorithm in ["sha256", "sha512"] {
            let hashes = entry.get("hashes");
            if hashes.and_then(|hashes| hashes.get(algorithm)).is_none() {
                continue;
            }
            known += 1;
            let wanted = hash(entry, algorithm, &NOTARY);
            if !wanted.is_some_and(|wanted| is_of(&wanted, bytes)) {
                let text = format!("expected the {algorithm} that {by} names, found another");
                self.fault(name, algorithm, text);
            }
        }
        if known == 0 {
            let text = format!("expected a sha256 or sha512 in {by}, found neither");
            self.fault(name, "hash-algorithm", text);
        }
    }
}
