//! Timestamps, with other bytes inside their base64: no panic, and no time is known that the authority did not sign.
#![no_main]

#[path = "sigstore.rs"]
mod sigstore;

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use pullproof::UnixTime;
use pullproof::sigstore::{Artifact, BundleQuestion, Bundle, verify};
use serde_json::json;

use sigstore::instance::judge::ARTIFACT;
use sigstore::instance::{NOW, THEN};
use sigstore::{GOOD, changed, judge, root};

const PLACE: &str =
    "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";

fuzz_target!(|bytes: &[u8]| {
    let mut bundle = GOOD[1].clone();
    let good = bundle.pointer(PLACE).and_then(|text| text.as_str());
    let good = Base64::decode_vec(good.expect("a timestamp")).expect("base64");
    for der in [bytes.to_vec(), changed(good, bytes)] {
        *bundle.pointer_mut(PLACE).expect("a place") = json!(Base64::encode_string(&der));
        let text = bundle.to_string();
        judge(text.as_bytes(), &root());
        let Ok(read) = Bundle::read(text.as_bytes()) else {
            continue;
        };
        let artifact = Artifact::Bytes(ARTIFACT);
        let asked = BundleQuestion {
            artifact,
            root: &root(),
            by: None,
            now: NOW,
        };
        let found = verify(&read, &asked);
        assert!(found.seen.iter().all(|seen| seen.at == UnixTime(THEN)));
    }
});
