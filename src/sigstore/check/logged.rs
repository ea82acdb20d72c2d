//! Entries of logs.

use crate::signature::VerifyingKey;

use super::super::body::{EntrySubject, OTHER_HASH};
use super::super::bundle::{LogEntry, SignedContent};
use super::super::log::{included, is_promised, is_second};
use super::super::root::TrustedLog;
use super::super::{Artifact, RuleOutcome, RuleWant};
use super::{BYTES, BundleCheck, repeats};

impl BundleCheck<'_> {
    pub(super) fn entries(&mut self, key: &VerifyingKey, certificate: Option<&[u8]>, spki: &[u8]) {
        let bundle = self.bundle;
        let names = |entry: &LogEntry| [entry.log.as_slice(), &entry.index.to_be_bytes()].concat();
        let all: Vec<Vec<u8>> = bundle.entries.iter().map(names).collect();
        if repeats(&all) {
            self.fails("twice", "each entry of a log once", "one twice");
        }
        let signed = EntrySubject {
            content: &bundle.content,
            certificate,
            spki,
            key,
            artifact: match &bundle.content {
                SignedContent::Payload { payload, .. } => Artifact::Bytes(payload),
                _ => self.asked.artifact,
            },
        };
        for entry in &bundle.entries {
            self.entry(entry, &signed);
        }
        if !bundle.entries.is_empty() {
            return;
        }
        if certificate.is_none() {
            self.unused("log-entry", "it is not in a log");
        } else if !self.asked.root.logs.is_empty() {
            self.fails("log-entry", "an entry of a log", "none");
        }
    }

    fn entry(&mut self, entry: &LogEntry, signed: &EntrySubject) {
        let root = self.asked.root;
        let log = root.logs.iter().find(|log| log.is(&entry.log));
        let Some(log) = log.filter(|log| log.is_supported()) else {
            let (rule, text, wanted) = match log {
                None => (
                    "log",
                    self.not_in_root("the log of this entry"),
                    RuleWant::NewerRoot,
                ),
                Some(log) => {
                    let text = [
                        "the log has a key of the kind ",
                        &log.kind,
                        ", which is not supported",
                    ];
                    let wanted = RuleWant::Words("another entry");
                    ("algorithm", text.concat(), wanted)
                }
            };
            if entry.promise.is_some() {
                self.undated = Some(wanted);
            }
            self.add(rule, RuleOutcome::Unknown { text, wanted });
            return;
        };
        let stamped = self.times.clone();
        let promised = self.promise(entry, log);
        self.proof(entry, log);
        // Without a promise no time of the log itself is known.
        let times = promised.map_or(stamped, |time| vec![time]);
        if !times.iter().all(|time| log.window.contains(*time)) {
            self.fails(
                "log-time",
                "a log that the root trusts for that time",
                "another time",
            );
        }
        match signed.is_in(entry) {
            Ok(()) => self.holds("log-content", "the entry of the log is of this signature"),
            Err((OTHER_HASH, _)) => {
                self.unknown("log-content", OTHER_HASH.to_owned(), BYTES);
            }
            Err((expected, found)) => self.fails("log-content", expected, found),
        }
    }

    /// The time that the log promised for, in milliseconds.
    fn promise(&mut self, entry: &LogEntry, log: &TrustedLog) -> Option<i64> {
        let Some(promise) = &entry.promise else {
            if self.bundle.version == 1 {
                self.fails(
                    "log-promise",
                    "a signed entry timestamp, as version 0.1 has",
                    "none",
                );
            }
            if entry.time != 0 {
                let text = "the time of the entry is not signed by the log, and not counted";
                self.unused("log-time", text);
            }
            return None;
        };
        if entry.time == 0 || !is_promised(entry, promise, log) {
            let expected = "a signed entry timestamp that is valid";
            self.fails("log-promise", expected, "one that is not");
            return None;
        }
        let time = entry.time.checked_mul(1000)?;
        self.seen("log-promise", time, &log.host);
        Some(time)
    }

    fn proof(&mut self, entry: &LogEntry, log: &TrustedLog) {
        // Bundles of version 0.1 need the promise only.
        let promised = self.bundle.version == 1 && !is_second(entry);
        let Some(proof) = &entry.proof else {
            if !promised {
                self.fails("log-proof", "a proof that the entry is in the log", "none");
            }
            return;
        };
        match &proof.checkpoint {
            None if promised => {
                let text =
                    "the proof has no checkpoint, which the log would have signed: not counted";
                self.unused("log-proof", text);
            }
            None => self.fails("log-proof", "a proof with a checkpoint", "none"),
            Some(checkpoint) => match included(entry, proof, checkpoint, log) {
                Ok(()) => {
                    let text = ["the entry is in the log of ", &log.host].concat();
                    self.holds("log-proof", &text);
                }
                Err((expected, found)) => self.fails("log-proof", expected, found),
            },
        }
    }
}
