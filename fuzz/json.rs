//! What the JSON reader accepts, serde_json accepts, and what it read can be put together again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pullproof::json::{Kind, Value, parse};
use serde_json::value::RawValue;

fuzz_target!(|bytes: &[u8]| {
    let Ok(json) = parse(bytes) else { return };
    if let Err(error) = serde_json::from_slice::<&RawValue>(bytes) {
        panic!("accepted what serde_json refuses: {error}");
    }
    let mut printed = Vec::new();
    print(json.root(), bytes, &mut printed);
    assert_eq!(
        printed,
        without_space(bytes),
        "values cover the text without a gap"
    );
    let again = parse(&printed).expect("what is printed parses");
    assert_eq!(json.duplicates().len(), again.duplicates().len());
});

/// The value from its parts, without space, each part checked against the place it claims.
fn print(value: &Value, bytes: &[u8], into: &mut Vec<u8>) {
    let written = &bytes[value.span.clone()];
    match &value.kind {
        Kind::Array(items) => {
            into.push(b'[');
            separated(items, into, |item, into| print(item, bytes, into));
            into.push(b']');
        }
        Kind::Bool(is) => into.extend(if *is { &b"true"[..] } else { b"false" }),
        Kind::Null => into.extend(b"null"),
        Kind::Number(number) => {
            assert_eq!(number.as_bytes(), written);
            into.extend(written);
        }
        Kind::Object(members) => {
            into.push(b'{');
            separated(members, into, |member, into| {
                into.extend(member.key.raw.as_bytes());
                into.push(b':');
                print(&member.value, bytes, into);
            });
            into.push(b'}');
        }
        Kind::String(text) => {
            assert_eq!(text.raw.as_bytes(), written);
            let meaning: String =
                serde_json::from_str(text.raw).expect("serde_json reads the string");
            assert_eq!(text.text, meaning);
            into.extend(written);
        }
    }
}

fn separated<T>(items: &[T], into: &mut Vec<u8>, print: impl Fn(&T, &mut Vec<u8>)) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            into.push(b',');
        }
        print(item, into);
    }
}

fn without_space(bytes: &[u8]) -> Vec<u8> {
    let (mut inside, mut escaped) = (false, false);
    let mut kept = bytes.to_vec();
    kept.retain(|byte| {
        let was_inside = inside;
        match byte {
            b'"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = was_inside && *byte == b'\\' && !escaped;
        was_inside || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
    });
    kept
}
