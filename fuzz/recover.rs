//! Recovery gives bytes of the expected digest or nothing, and undoes what a terminal does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pullproof::digest::Digest;
use pullproof::recover::recover;

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
});
