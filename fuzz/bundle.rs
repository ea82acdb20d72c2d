//! Bundles, good ones with other bytes and whatever else there is: no panic, and nothing is proven that was not signed.
#![no_main]

#[path = "sigstore.rs"]
mod sigstore;

use libfuzzer_sys::fuzz_target;

use sigstore::{GOOD, changed, judge, root};

fuzz_target!(|bytes: &[u8]| {
    judge(bytes, &root());
    let Some((which, edits)) = bytes.split_first() else {
        return;
    };
    let good = GOOD[usize::from(which % 2)].to_string().into_bytes();
    judge(&changed(good, edits), &root());
});
