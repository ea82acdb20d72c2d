//! Whatever is pasted ends in a report or an error, in whatever order, and the verdict is never more
//! than its claims.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pullproof::UnixTime;
use pullproof::claim::{Level, Verdict};
use pullproof::digest::Digest;
use pullproof::question::{Question, Trust};
use pullproof::session::{Report, Session};

fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else {
        return;
    };
    // NUL stands in no text that a tool prints: it parts one paste from the next.
    let pastes: Vec<&[u8]> = bytes.split(|byte| *byte == 0).take(8).collect();
    let report = ask(*which, pastes.iter());
    assert_eq!(report, ask(*which, pastes.iter()), "the same twice");
    let backwards = ask(*which, pastes.iter().rev());
    assert_eq!(
        report.verdict, backwards.verdict,
        "the order of pastes does not matter"
    );
    if report.claims.is_empty() {
        assert_eq!(
            report.verdict,
            Verdict::Open,
            "nothing claimed is nothing answered"
        );
    }
});

fn ask<'a>(which: u8, pastes: impl Iterator<Item = &'a &'a [u8]>) -> Report {
    let mut session = Session::new(question(which));
    for paste in pastes {
        // What cannot be read is an error; the session goes on.
        let _ = session.paste(paste, None);
    }
    session.report(UnixTime(1_700_000_000))
}

fn question(which: u8) -> Question {
    let image = "registry.example/team/app:1".parse().expect("a reference");
    match which % 3 {
        0 => Question::What,
        1 => {
            let by = Trust::Digests(vec![Digest::sha256(b"")]);
            Question::Published { image, by }
        }
        _ => {
            let right = "mirror.example/team/app:1".parse().expect("a reference");
            Question::Same {
                left: image,
                right,
                level: Level::Config,
            }
        }
    }
}
