//! Bytes inside JSON strings: base64 (RFC 4648), read strictly, and hex. Digits that are left over, bits
//! that mean nothing and padding that is not as it has to be are no base64.

use crate::text::Parts;

/// The two digits that standard base64 ends its alphabet with.
const STANDARD: [u8; 2] = [b'+', b'/'];

/// Their place in base64url.
const URL: [u8; 2] = [b'-', b'_'];

/// Standard base64 with its padding.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.without_end("=");
    let padded = text.len().is_multiple_of(4) && text.len() - digits.len() <= 2;
    padded.then(|| decode(digits, STANDARD))?
}

/// Standard base64 without padding.
pub(crate) fn from_base64_unpadded(text: &str) -> Option<Vec<u8>> {
    decode(text, STANDARD)
}

/// Base64url without padding.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    decode(text, URL)
}

fn decode(digits: &str, last: [u8; 2]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for digit in digits.bytes() {
        bits = bits << 6 | u32::from(value(digit, last)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            let [.., byte] = (bits >> held).to_be_bytes();
            bytes.push(byte);
            bits &= (1 << held) - 1;
        }
    }
    (held < 6 && bits == 0).then_some(bytes)
}

fn value(digit: u8, last: [u8; 2]) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        _ => (62..)
            .zip(last)
            .find(|(_, d)| *d == digit)
            .map(|(value, _)| value),
    }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding};

    use super::*;

    #[test]
    fn reads_what_base64ct_reads() {
        let digits = b"AQgwz09+/-_=\n";
        // Every text of up to five of these, which has each rule kept and broken.
        for n in 0..digits.len().pow(5) {
            let digit = |place: u32| digits[n / digits.len().pow(place) % digits.len()];
            let text: Vec<u8> = (0..5).map(digit).collect();
            for length in 0..=text.len() {
                let text = std::str::from_utf8(&text[..length]).unwrap();
                assert_eq!(from_base64(text), Base64::decode_vec(text).ok(), "{text}");
                let unpadded = Base64Unpadded::decode_vec(text).ok();
                assert_eq!(from_base64_unpadded(text), unpadded, "{text}");
                let url = Base64UrlUnpadded::decode_vec(text).ok();
                assert_eq!(from_base64url(text), url, "{text}");
            }
        }
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(from_base64(&Base64::encode_string(&bytes)), Some(bytes));
    }
}
