//! Recognising never proves, says the same twice, and what it did not read is in the paste.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pullproof::claim::{Standing, Statement};
use pullproof::paste::recognise;

fuzz_target!(|bytes: &[u8]| {
    let findings = recognise(bytes);
    assert_eq!(findings, recognise(bytes));
    for finding in &findings {
        for claim in &finding.claims {
            if let Statement::Unread { offset, length, .. } = claim.statement {
                assert!(offset + length <= bytes.len(), "{claim:?}");
            }
        }
    }
    for claim in findings.iter().flat_map(|finding| &finding.claims) {
        assert!(!matches!(claim.standing, Standing::Proven(_)), "{claim:?}");
    }
});
