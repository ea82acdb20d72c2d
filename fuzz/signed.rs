//! Whatever is done to a notary server's metadata without its keys, and whatever is pasted beside it:
//! what is proven to be signed is what the author signed; nothing is proven before or after the time
//! in which all certificates and files hold; and a threshold of n needs n private keys.
#![no_main]

#[path = "../tests/notary/mod.rs"]
mod notary;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pullproof::claim::{Statement, Verdict};
use pullproof::digest::Digest;
use pullproof::question::Question;
use pullproof::session::Session;
use pullproof::tuf::Files;
use pullproof::{Report, UnixTime};
use serde_json::json;

use notary::asked::{IMAGE, MANIFEST, NAME, NOW, by, evidence};
use notary::{Key, ROOT, Repository, TARGETS, entry};

/// From when and until when all of the author's files and certificates hold.
const HOLDS: std::ops::Range<i64> = 1_577_836_800..2_082_758_400;

/// The author's files and the id of the root's key.
static AUTHOR: LazyLock<(Files, String)> = LazyLock::new(|| {
    let repository = repository();
    (repository.files(), repository.keys[ROOT].id.clone())
});

/// The same, with a threshold of two for the repository's tags, which one private key alone signed,
/// bare and in two certificates.
static HALF: LazyLock<Files> = LazyLock::new(|| {
    let mut repository = repository();
    let other = Key::new(4);
    let own = [
        Key::new(2),
        Key::certified(2, NAME, 1),
        Key::certified(2, NAME, 2),
    ];
    let signers: Vec<&Key> = own.iter().collect();
    let mut listed = signers.clone();
    listed.push(&other);
    let all = notary::keys(&listed);
    let keys = repository.root["keys"].as_object_mut().expect("keys");
    keys.extend(all.as_object().expect("keys").clone());
    repository.root["roles"]["targets"] = notary::role(&listed);
    repository.root["roles"]["targets"]["threshold"] = json!(2);
    let mut files = repository.files();
    let targets = notary::file(&repository.targets, &signers);
    files.insert("targets".to_owned(), targets);
    notary::complete(&mut files, &[&repository.keys[TARGETS]]);
    files
});

fn repository() -> Repository {
    let mut keys = vec![Key::certified(1, NAME, 1)];
    keys.extend((2..=4).map(Key::new));
    let mut repository = Repository::with(keys);
    repository.targets["targets"]["1.0"] = entry(MANIFEST.as_bytes());
    repository
}

fuzz_target!(|bytes: &[u8]| {
    let (files, root) = &*AUTHOR;
    let Some((count, bytes)) = bytes.split_first() else {
        return;
    };
    let (edits, bytes) = bytes.split_at(bytes.len().min(usize::from(count % 8) * 4));
    let (time, bytes) = bytes.split_at(bytes.len().min(4));
    let signed = Digest::sha256(MANIFEST.as_bytes());
    for (all, half) in [(files, false), (&*HALF, true)] {
        let mut changed = all.clone();
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
        for digest in proven(&report) {
            assert!(!half && *digest == signed, "{half} {digest}");
        }
        if !half && changed == *all && bytes.is_empty() {
            assert_eq!(report.verdict, Verdict::Proven, "{:?}", report.claims);
        }
        let time = time
            .iter()
            .fold(0, |time, byte| time << 8 | i64::from(*byte));
        let then = session.report(UnixTime(time));
        let holds = !half && HOLDS.contains(&time);
        assert!(then.verdict < Verdict::Proven || holds, "{half} at {time}");
    }
});

/// The digests that are proven to be signed.
fn proven(report: &Report) -> impl Iterator<Item = &Digest> {
    let proven = report
        .claims
        .iter()
        .filter(|claim| claim.standing.verdict() == Verdict::Proven);
    proven.filter_map(|claim| match &claim.statement {
        Statement::Signs { digest, .. } => Some(digest),
        _ => None,
    })
}

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
