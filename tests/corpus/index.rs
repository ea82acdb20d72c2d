//! The documents of the corpus whose digest is known from elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use pullproof::digest::Digest;

/// A document and the digest that it is known to have.
pub(crate) struct Document {
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) digest: Digest,
    pub(crate) bytes: Vec<u8>,
}

/// The corpus folder.
pub(crate) fn folder() -> PathBuf {
    let folder = std::env::var_os("PULLPROOF_CORPUS")
        .expect("PULLPROOF_CORPUS is not set: it names the folder of the corpus");
    let folder = PathBuf::from(folder);
    let index = folder.join("INDEX.tsv");
    assert!(
        index.is_file(),
        "there is no corpus in {}: INDEX.tsv is missing",
        folder.display()
    );
    folder
}

/// The manifests, indexes and configurations that are verified as they lie there, each once.
pub(crate) fn documents() -> Vec<Document> {
    let folder = folder();
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut seen = BTreeSet::new();
    let mut documents = Vec::new();
    for line in index.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (path, kind, digest, verified) = (fields[0], fields[1], fields[2], fields[4]);
        let is_document = ["manifest", "index", "config"]
            .iter()
            .any(|k| kind.starts_with(k));
        if is_document && verified == "yes" && seen.insert(digest) {
            documents.push(Document {
                path: path.to_owned(),
                kind: kind.to_owned(),
                digest: digest.parse().unwrap(),
                bytes: fs::read(folder.join(path)).unwrap(),
            });
        }
    }
    documents
}
