//! Recognising never proves, and says the same twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pullproof::claim::Standing;
use pullproof::paste::recognise;

fuzz_target!(|bytes: &[u8]| {
    let findings = recognise(bytes);
    assert_eq!(findings, recognise(bytes));
    for claim in findings.iter().flat_map(|finding| &finding.claims) {
        assert!(!matches!(claim.standing, Standing::Proven(_)), "{claim:?}");
    }
});
