//! DER: the certificate of a bundle, with other bytes inside its base64: no panic, and nothing is proven that was not signed.
#![no_main]

#[path = "sigstore.rs"]
mod sigstore;

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

use sigstore::{GOOD, changed, judge, root};

const PLACE: &str = "/verificationMaterial/certificate/rawBytes";

fuzz_target!(|bytes: &[u8]| {
    let mut bundle = GOOD[0].clone();
    let good = bundle.pointer(PLACE).and_then(|text| text.as_str());
    let good = Base64::decode_vec(good.expect("a certificate")).expect("base64");
    for der in [bytes.to_vec(), changed(good, bytes)] {
        *bundle.pointer_mut(PLACE).expect("a place") = json!(Base64::encode_string(&der));
        judge(bundle.to_string().as_bytes(), &root());
    }
});
