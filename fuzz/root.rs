//! Trusted roots, with other bytes: no panic, bounded, and never one that proves what was not signed.
#![no_main]

#[path = "sigstore.rs"]
mod sigstore;

use libfuzzer_sys::fuzz_target;
use pullproof::sigstore::TrustedRoot;

use sigstore::instance::Instance;
use sigstore::{GOOD, changed, judge};

fuzz_target!(|bytes: &[u8]| {
    let good = Instance::new().root().to_string().into_bytes();
    for text in [bytes.to_vec(), changed(good, bytes)] {
        if let Ok(root) = TrustedRoot::read(&text, "a root") {
            for bundle in GOOD.iter() {
                judge(bundle.to_string().as_bytes(), &root);
            }
        }
    }
});
