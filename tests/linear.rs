//! As many entries as an index may have, and all that hangs on each: the work grows as the entries do.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fmt::Write;
use std::time::Instant;

use pullproof::claim::{Source, Want};
use pullproof::session::{Asked, Session, UnixTime};
use pullproof::Digest;

fn n(text: &str, count: usize) -> Digest { Digest::sha256(format!("{text}{count}").as_bytes()) }

fn index(count: usize, side: &str, platform: &dyn Fn(usize) -> String) -> Vec<u8> {
    let mut text = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":["#.to_owned();
    for at in 0..count {
        let comma = if at > 0 {","} else {""};
        let platform = platform(at);
        write!(text, r#"{comma}{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":{at}{platform}}}"#, n(side, at)).unwrap();
    }
    text.push_str("]}");
    text.into_bytes()
}

fn supply(session: &mut Session, bytes: &[u8]) -> Digest {
    let digest = Digest::sha256(bytes);
    let want = Want { hint: String::new(), command: false, digest: Some(digest.clone()), url: None, accept: None };
    session.supply(&want, bytes.to_vec(), Source::File { name: "x".into() }).unwrap();
    digest
}

#[test]
fn measure() {
    for (name, left, right) in [
        ("variants", (|at| format!(r#","platform":{{"os":"linux","architecture":"amd64","variant":"w{at}"}}"#)) as fn(usize)->String, (|at| format!(r#","platform":{{"os":"linux","architecture":"amd64","variant":"w{at}"}}"#)) as fn(usize)->String),
        ("systems", |at| format!(r#","platform":{{"os":"s{at}","architecture":"amd64"}}"#), |at| format!(r#","platform":{{"os":"s{at}","architecture":"amd64"}}"#)),
        ("none", |_| String::new(), |_| String::new()),
        ("one", |_| r#","platform":{"os":"linux","architecture":"amd64"}"#.into(), |_| r#","platform":{"os":"linux","architecture":"amd64"}"#.into()),
        ("no os", |_| r#","platform":{"architecture":"amd64"}"#.into(), |at| format!(r#","platform":{{"os":"s{at}","architecture":"amd64"}}"#)),
        ("disjoint", |at| format!(r#","platform":{{"os":"s{at}","architecture":"amd64"}}"#), |at| format!(r#","platform":{{"os":"t{at}","architecture":"amd64"}}"#)),
        ("higher", |at| format!(r#","platform":{{"os":"linux","architecture":"amd64","variant":"v{}.{}"}}"#, at/200, at%200), |at| format!(r#","platform":{{"os":"linux","architecture":"amd64","variant":"v{}.{}"}}"#, at/200+100, at%200)),
        ("attestations", |at| if at == 0 { r#","platform":{"os":"linux","architecture":"amd64"}"#.into() } else {format!(r#","platform":{{"os":"unknown","architecture":"unknown"}},"annotations":{{"vnd.docker.reference.digest":"{}"}}"#, n("x", at)) }, |_| r#","platform":{"os":"linux","architecture":"amd64"}"#.into()),
    ] {
        for count in [500, 1000, 2000] {
            let (a, b) = (index(count, "left", &left), index(count, "right", &right));
            for platform in ["", r#","platform":"linux/amd64""#] {
            let question = format!(r#"{{"ask":"same","left":"a.example/x@{}","right":"b.example/x@{}"{platform}}}"#, Digest::sha256(&a), Digest::sha256(&b));
            let mut session = Session::asking(question.parse::<Asked>().unwrap());
            let t0 = Instant::now();
            supply(&mut session, &a); supply(&mut session, &b);
            let t1 = Instant::now();
            let wants = session.wants();
            let t2 = Instant::now();
            let report = session.report(UnixTime(0));
            let t3 = Instant::now();
            for want in &wants { session.fail(want, "not-found", "no such thing", Source::File { name: "x".into() }); }
            session.wants();
            let t4 = Instant::now();
            let _ = session.report(UnixTime(0));
            let t5 = Instant::now();
            println!("{name} {count} {platform:>10.10}: supply {:?} wants {} {:?} report {} {:?} wants after fail {:?} report {:?}", t1-t0, wants.len(), t2-t1, report.claims.len(), t3-t2, t4-t3, t5-t4);
            }
        }
    }
}
