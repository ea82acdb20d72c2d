//! Whatever is done to a notary server's metadata without its keys, and whatever is pasted beside it:
//! what is proven to be signed is what the author signed.
#![no_main]

#[path = "../tests/notary/mod.rs"]
mod notary;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pullproof::claim::{Statement, Verdict};
use pullproof::digest::Digest;
use pullproof::session::{Question, Session};
use pullproof::tuf::Files;

use notary::asked::{IMAGE, MANIFEST, NAME, NOW, by, evidence};
use notary::{Key, ROOT, Repository, entry};

/// The author's files and the id of the root's key.
static AUTHOR: LazyLock<(Files, String)> = LazyLock::new(|| {
    let mut keys = vec![Key::certified(1, NAME, 1)];
    keys.extend((2..=4).map(Key::new));
    let mut repository = Repository::with(keys);
    repository.targets["targets"]["1.0"] = entry(MANIFEST.as_bytes());
    (repository.files(), repository.keys[ROOT].id.clone())
});

fuzz_target!(|bytes: &[u8]| {
    let (files, root) = &*AUTHOR;
    let Some((count, bytes)) = bytes.split_first() else {
        return;
    };
    let (edits, bytes) = bytes.split_at(bytes.len().min(usize::from(count % 8) * 4));
    let mut changed = files.clone();
    for edit in edits.chunks_exact(4) {
        change(&mut changed, edit);
    }
    let mut session = Session::new(Question::Published {
        image: IMAGE.parse().expect("a reference"),
        by: by(&[root]),
    });
    let _ = session.paste(&evidence(NAME, &changed), None);
    // NUL stands in no text that a tool prints: it parts one paste from the next.
    for paste in bytes.split(|byte| *byte == 0).take(8) {
        let _ = session.paste(paste, None);
    }
    let _ = session.paste(MANIFEST.as_bytes(), None);
    let report = session.report(NOW);
    let signed = Digest::sha256(MANIFEST.as_bytes());
    for claim in &report.claims {
        if let Statement::Signs { digest, .. } = &claim.statement {
            let forged = claim.standing.verdict() == Verdict::Proven && *digest != signed;
            assert!(!forged, "{claim:?}");
        }
    }
    if changed == *files && bytes.is_empty() {
        assert_eq!(report.verdict, Verdict::Proven, "{:?}", report.claims);
    }
});

/// One byte of one file is another, or goes, or stands there twice.
fn change(files: &mut Files, edit: &[u8]) {
    let &[which, high, low, byte] = edit else {
        return;
    };
    let file = usize::from(which & 0x3f) % files.len();
    let Some(bytes) = files.values_mut().nth(file) else {
        return;
    };
    let place = usize::from(u16::from_be_bytes([high, low])) % bytes.len().max(1);
    match which >> 6 {
        0 => drop(bytes.splice(place..(place + 1).min(bytes.len()), [])),
        1 => bytes.insert(place, byte),
        _ => drop(bytes.splice(place..(place + 1).min(bytes.len()), [byte])),
    }
}
