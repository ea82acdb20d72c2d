//! The hostile cases: a question, and the evidence for it.

use pullproof::UnixTime;
use pullproof::claim::{Source, Want};
use pullproof::question::Asked;
use pullproof::session::{Report, Session};
use pullproof::{Document, Error};

use super::Vector;

pub(crate) struct Case {
    pub(crate) keys: Vector,
    pub(crate) evidence: Vec<Vector>,
}

pub(crate) fn cases() -> Vec<Case> {
    let read = |path: std::path::PathBuf| {
        if path.is_file() {
            let evidence = vec![Vector::read(&path)];
            return Case {
                keys: Vector::read(&path),
                evidence,
            };
        }
        let files = super::entries(&path)
            .into_iter()
            .filter(|file| !file.ends_with("case.txt"));
        let evidence = files.map(|file| Vector::read(&file)).collect();
        let mut keys = Vector::read(&path.join("case.txt"));
        keys.name = path.file_name().unwrap().to_string_lossy().into_owned();
        Case { keys, evidence }
    };
    super::entries(&super::folder("hostile"))
        .into_iter()
        .map(read)
        .collect()
}

pub(crate) fn run(case: &Case) -> Result<Report, Error> {
    let all: Vec<&Vector> = case.evidence.iter().collect();
    run_with(case, &all)
}

/// The report with some of the evidence of a case.
pub(crate) fn run_with(case: &Case, evidence: &[&Vector]) -> Result<Report, Error> {
    let ask = case.keys.get("ask").unwrap_or(r#"{"ask":"what"}"#);
    let asked: Asked = ask.parse()?;
    let mut session = Session::asking(asked);
    for evidence in evidence {
        let call = evidence.get("call").or(case.keys.get("call"));
        match call.unwrap_or("paste") {
            "document" => supply(&mut session, evidence)?,
            "paste" => {
                let about = evidence.get("about").map(str::parse).transpose()?;
                session.paste(&evidence.bytes, about.as_ref())?;
            }
            other => panic!("{}: no call {other}", case.keys.name),
        }
    }
    Ok(session.report(UnixTime(0)))
}

fn supply(session: &mut Session, evidence: &Vector) -> Result<(), Error> {
    let digest = match evidence.get("digest") {
        Some(digest) => digest.parse()?,
        None => Document::new(evidence.bytes.clone()).digest().clone(),
    };
    let hint = String::new();
    let want = Want {
        what: pullproof::claim::WantKind::Document,
        command: false,
        hint,
        digest: Some(digest),
        url: None,
        accept: None,
    };
    let name = evidence.name.clone();
    session.supply(&want, evidence.bytes.clone(), Source::File { name })
}
