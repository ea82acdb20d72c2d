//! Evidence in the form in which it comes from JavaScript, and is kept in a receipt.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use pullproof::claim::{Listing, Source};
use pullproof::{Digest, Evidence};

const FROM: &str = r#""from":{"via":"file","name":"x"}"#;
const WANT: &str = r#""want":{"what":"words","hint":"h"}"#;

fn digest() -> Digest {
    Digest::sha256(b"{}")
}

/// What is read of `fields`, where there are bytes beside them.
fn read(fields: &str) -> Result<Evidence, String> {
    let text = format!("{{{fields}}}");
    Evidence::read(&text, b"bytes".to_vec()).map_err(|error| error.to_string())
}

#[test]
fn each_kind_is_named_by_its_own_field() {
    let from = Source::File {
        name: "x".to_owned(),
    };
    let digest = digest();
    let Ok(Evidence::Bytes { want, bytes, .. }) = read(&format!(r#""bytes":"",{WANT},{FROM}"#))
    else {
        panic!("no bytes")
    };
    assert_eq!((want.hint.as_str(), bytes.as_slice()), ("h", &b"bytes"[..]));
    let (code, text) = ("c".to_owned(), "t".to_owned());
    for (fields, expected) in [
        (
            format!(r#""header":"{digest}",{WANT},{FROM}"#),
            Evidence::Header {
                want: want.clone(),
                digest,
                from: from.clone(),
            },
        ),
        (
            format!(r#""failed":{{"code":"c","text":"t"}},{WANT},{FROM}"#),
            Evidence::Failed {
                want: want.clone(),
                code: code.clone(),
                text: text.clone(),
                from: from.clone(),
            },
        ),
        (
            format!(r#""note":{{"code":"c","text":"t"}},{FROM}"#),
            Evidence::Note {
                code,
                text,
                from: from.clone(),
            },
        ),
        (
            format!(r#""listed":[ {{"a":1}} ],"by":"fallbackTag",{WANT},{FROM}"#),
            Evidence::Listed {
                want,
                by: Listing::FallbackTag,
                descriptors: r#"[ {"a":1} ]"#.to_owned(),
                from,
            },
        ),
    ] {
        assert_eq!(read(&fields), Ok(expected), "{fields}");
    }
}

#[test]
fn a_paste_may_say_what_it_is_about() {
    for (fields, about, file) in [
        (r#""paste":"""#, None, None),
        (
            r#""paste":"","about":"a.io/b:1""#,
            Some("a.io/b:1".parse().unwrap()),
            None,
        ),
        (
            r#""paste":"","file":"a.tar: b""#,
            None,
            Some("a.tar: b".to_owned()),
        ),
    ] {
        let pasted = b"bytes".to_vec();
        let expected = Evidence::Paste {
            pasted,
            about,
            file,
        };
        assert_eq!(read(fields), Ok(expected));
    }
}

#[test]
fn what_is_none_is_refused() {
    let digest = digest();
    for (fields, expected) in [
        ("", "from"),
        (FROM, "want"),
        (&format!("{WANT},{FROM}"), "bytes"),
        (&format!(r#""want":{{"hint":"h"}},{FROM}"#), "what"),
        (
            &format!(r#""want":{{"what":"other","hint":"h"}},{FROM}"#),
            "blob, document, notary, referrers, signatures, trustedRoot or words in the question, found other",
        ),
        (&format!(r#""bytes":1,{WANT},{FROM}"#), "text"),
        (
            &format!(r#""bytes":"","paste":"",{WANT},{FROM}"#),
            "only known fields",
        ),
        (
            &format!(r#""bytes":"","header":"{digest}",{WANT},{FROM}"#),
            "only known fields",
        ),
        (r#""paste":"","about":"a b""#, "reference"),
        (r#""paste":"","about":1"#, "text"),
        (&format!(r#""note":"c",{FROM}"#), "an object"),
        (
            &format!(r#""note":{{"code":"c","text":"t","more":1}},{FROM}"#),
            "only known fields",
        ),
        (
            &format!(r#""listed":[],"by":"other",{WANT},{FROM}"#),
            "api, fallbackTag or none in the question, found other",
        ),
        (&format!(r#""listed":[],{WANT},{FROM}"#), "by"),
    ] {
        let error = read(fields).unwrap_err();
        assert!(error.contains(expected), "{fields}: {error}");
    }
}
