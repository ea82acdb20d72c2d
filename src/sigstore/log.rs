//! Entries of transparency logs: promised (Rekor v1), or proven to be in the tree that a checkpoint is of; and what
//! they say.

use base64ct::{Base64, Encoding};

use crate::json::from_base64;
use crate::signature::Hash;
use crate::text::{Parts, hex};

use super::Mismatching;
use super::bundle::{InclusionProof, LogEntry};
use super::root::TrustedLog;

/// Lines of signatures on one checkpoint: a log's, and some witnesses'.
const MOST_SIGNATURES: usize = 100;

/// True if the log promised to take the entry, at the time that it says (Rekor: "signed entry timestamp").
pub(super) fn is_promised(entry: &LogEntry, promise: &[u8], log: &TrustedLog) -> bool {
    // The canonical JSON of these four.
    let id = hex(&entry.log);
    let signed = format!(
        r#"{{"body":"{}","integratedTime":{},"logID":"{id}","logIndex":{}}}"#,
        Base64::encode_string(&entry.body),
        entry.time,
        entry.index
    );
    log.verifies(signed.as_bytes(), promise)
}

/// Checks that the entry is in the tree whose checkpoint comes with it, and the log signed that.
pub(super) fn included(
    entry: &LogEntry,
    proof: &InclusionProof,
    checkpoint: &str,
    log: &TrustedLog,
) -> Result<(), Mismatching> {
    let checkpoint =
        Checkpoint::read(checkpoint).ok_or(("a checkpoint", "text of another form"))?;
    let is_second = is_second(entry);
    if !checkpoint.is_of(log, is_second) {
        return Err(("a checkpoint of this log", "one of another"));
    }
    if !checkpoint.is_signed(log) {
        return Err((
            "a checkpoint that its log signed",
            "no valid signature of it",
        ));
    }
    // Version 2 has one tree, and repeats of it what the checkpoint says.
    let index = match proof.index {
        Some(index) if is_second && index != entry.index => {
            return Err(("the index of the entry in its proof", "another"));
        }
        _ if is_second => entry.index,
        index => index.unwrap_or_default(),
    };
    let repeated = (proof.root.is_empty() && is_second) || proof.root == checkpoint.root;
    let repeated = repeated && (proof.size == 0 && is_second || proof.size == checkpoint.size);
    if !repeated {
        return Err(("a proof for the tree of the checkpoint", "one for another"));
    }
    let root = root(&entry.body, index, checkpoint.size, &proof.hashes);
    if root.as_ref() != Some(&checkpoint.root) {
        return Err((
            "a proof that leads to the root of the tree",
            "one that does not",
        ));
    }
    Ok(())
}

/// True if this is an entry of version 2 of Rekor.
pub(super) fn is_second(entry: &LogEntry) -> bool {
    entry.kind == "hashedrekord" && entry.version == "0.0.2"
}

/// The root that a proof leads to (RFC 9162, 2.1.3.2).
fn root(body: &[u8], index: i64, size: i64, hashes: &[Vec<u8>]) -> Option<Vec<u8>> {
    if index >= size {
        return None;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut root = Hash::Sha256.of(&[&[0], body].concat());
    for hash in hashes {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = Hash::Sha256.of(&[&[1], hash.as_slice(), &root].concat());
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            root = Hash::Sha256.of(&[&[1], root.as_slice(), hash].concat());
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// A log's statement about its tree (C2SP, `tlog-checkpoint.md`).
struct Checkpoint<'a> {
    signed: &'a str,
    origin: &'a str,
    size: i64,
    root: Vec<u8>,
    /// Names, and what they signed with its hint before it.
    signatures: Vec<(&'a str, Vec<u8>)>,
}

impl<'a> Checkpoint<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (head, lines) = text.cut("\n\n")?;
        let signed = text.get(..head.len() + 1)?;
        let mut parts = head.split('\n');
        let (origin, size, root) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = size.bytes().all(|digit| digit.is_ascii_digit());
        let size: i64 = size.parse().ok().filter(|_| plain)?;
        let root = from_base64(root).filter(|root| root.len() == 32)?;
        if origin.is_empty() || parts.any(str::is_empty) {
            return None;
        }
        let mut signatures = Vec::new();
        for line in lines.strip_suffix('\n')?.split('\n') {
            let (name, signature) = line.strip_prefix("\u{2014} ")?.cut(" ")?;
            let signature = from_base64(signature).filter(|bytes| bytes.len() > 4)?;
            if name.is_empty() || signatures.len() >= MOST_SIGNATURES {
                return None;
            }
            signatures.push((name, signature));
        }
        Some(Checkpoint {
            signed,
            origin,
            size,
            root,
            signatures,
        })
    }

    /// True if it is of the tree of this log: by exactly its name, which version 1 has the number of a tree after.
    fn is_of(&self, log: &TrustedLog, is_second: bool) -> bool {
        let (name, tree) = match self.origin.cut(" - ") {
            Some(parts) if !is_second => parts,
            _ => (self.origin, "0"),
        };
        log.is_named(name) && !tree.is_empty() && tree.bytes().all(|b| b.is_ascii_digit())
    }

    /// True if the log signed it: where several lines say so the first counts, since each takes long to check.
    fn is_signed(&self, log: &TrustedLog) -> bool {
        let mut all = self.signatures.iter().map(|(name, signature)| {
            let (hint, signature) = signature.split_at_checked(4).unwrap_or_default();
            (log.is_named(name) && log.hinted(hint), signature)
        });
        all.find(|(is_own, _)| *is_own)
            .is_some_and(|(_, signature)| log.verifies(self.signed.as_bytes(), signature))
    }
}
