//! Recovery gives bytes of the expected digest or nothing, and undoes what a terminal does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pullproof::digest::Digest;
use pullproof::json;
use pullproof::limits;
use pullproof::recover::{Search, Wanted, recover};

fuzz_target!(|bytes: &[u8]| {
    if bytes.trim_ascii().is_empty() {
        // Where there is no text there is no document, though "nothing" has a digest too.
        assert_eq!(recover(bytes, &Digest::sha256(bytes)), None);
        return;
    }
    let itself = recover(bytes, &Digest::sha256(bytes)).expect("bytes have their own digest");
    assert_eq!(itself.document().bytes(), bytes);
    assert_eq!(itself.edits(), [""; 0]);

    // The input in two halves: is the second one found from the first?
    let (pasted, original) = bytes.split_at(bytes.len() / 2);
    let expected = Digest::sha256(original);
    if let Some(found) = recover(pasted, &expected) {
        assert_eq!(found.document().bytes(), original);
        assert_eq!(found.document().digest(), &expected);
    }

    let printed = [bytes, b"\n"].concat();
    let found = recover(&printed, &Digest::sha256(bytes)).expect("a newline more is taken off");
    assert_eq!(found.document().bytes(), bytes);

    gives_up(bytes);
    if let Some(text) = document(bytes) {
        written_in_other_json(text);
        logged(text);
    }
});

/// Giving up is bounded by the length of the paste, whatever it is.
fn gives_up(bytes: &[u8]) {
    let mut wanted = Wanted::default();
    wanted.add(&Digest::sha256(b"what nothing here has"), None);
    let mut search = Search::new(bytes.to_vec());
    assert_eq!(search.find(&wanted), None);
    let most = (bytes.len() * limits::RECOVERY_TIMES).max(limits::RECOVERY_LEAST_BYTES);
    // The last text may begin right below, and be longer by the spaces before its lines.
    let longest = bytes.len() * (8 * limits::JSON_DEPTH + 8) + 16;
    assert!(search.bytes() <= most + longest);
}

/// The text, if it is an object of some length, as a document is.
fn document(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let json = json::parse(bytes).ok()?;
    let full = json
        .root()
        .members()
        .is_some_and(|members| !members.is_empty());
    (full && text.starts_with("{") && text.len() > 32).then_some(text)
}

/// A document that is a string of other JSON is found in it.
fn written_in_other_json(text: &str) {
    let string = serde_json::to_string(text).expect("a text is written");
    let printed = format!("{{\"images\":[{{\"imageManifest\":{string}}}]}}\n");
    let found = recover(printed.as_bytes(), &Digest::sha256(text.as_bytes()));
    assert_eq!(
        found.expect("it is in a string").document().bytes(),
        text.as_bytes()
    );
}

/// So is one in a log that puts a time before each line.
fn logged(text: &str) {
    let plain = |b: u8| matches!(b, b'\n' | b' '..=b'~') && !matches!(b, b'&' | b'=' | b'<');
    let lines = text.lines().count();
    if lines < 2 || !text.bytes().all(plain) || text.ends_with(['\n', ' ']) {
        return;
    }
    let line =
        |(at, line): (usize, &str)| format!("2024-05-01T12:00:{:02}.{at}Z {line}\n", at % 60);
    let log: String = text.lines().enumerate().map(line).collect();
    let found = recover(log.as_bytes(), &Digest::sha256(text.as_bytes()));
    assert_eq!(
        found.expect("it is in a log").document().bytes(),
        text.as_bytes()
    );
}
