//! The output of the real tools for images in a registry, and the registry's bytes found again.

use std::fs;

use pullproof::digest::Digest;
use pullproof::recover::{Search, Wanted};

use super::figure::Figure;
use super::{damage, index};

/// Folders of captured output, whose documents are in it, and the share of them that is found
/// again. Two lists have what is lost on the way: annotations, features.
const TOOLS: [(&str, &str, f64); 9] = [
    ("crane-manifest", "", 100.0),
    ("skopeo193-inspect-raw", "", 100.0),
    ("buildx-imagetools-inspect-raw", "", 100.0),
    ("buildx-imagetools-inspect-json", "idx-", 90.0),
    ("buildx-imagetools-inspect-json-manifest", "idx-", 90.0),
    ("docker20-manifest-inspect", "", 60.0),
    ("docker28-manifest-inspect", "", 90.0),
    ("dockerhead-manifest-inspect", "", 90.0),
    ("docker28-manifest-inspect-v", "man-", 100.0),
];

#[test]
fn registry_bytes_are_found_in_what_tools_printed() {
    let samples = index::folder().join("samples");
    for (tool, prefix, least_percent) in TOOLS {
        let mut figure = Figure::default();
        for file in fs::read_dir(samples.join(tool)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let raw = fs::read(samples.join("raw").join(format!("{name}.json"))).ok();
            let printed = fs::read(&path).unwrap();
            let is_output = name.starts_with(prefix)
                && path.extension().is_some_and(|e| e == "txt")
                && !printed.is_empty();
            if let (Some(raw), true) = (raw, is_output) {
                let mut wanted = Wanted::default();
                wanted.add(&Digest::sha256(&raw), None);
                let mut search = Search::new(printed);
                let found = search.find(&wanted);
                figure.count(&name, found.is_some(), search.hashes());
            }
        }
        figure.report(&format!("sample {tool}"), least_percent);
    }
}

/// The models of `docker manifest inspect` that the figures rest on, held to the real command.
#[test]
fn the_models_print_what_docker_printed() {
    let samples = index::folder().join("samples");
    let mut compared = 0;
    for file in fs::read_dir(samples.join("docker28-manifest-inspect")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let printed = fs::read(&path).unwrap();
        if path.extension().is_none_or(|e| e != "txt") || printed.is_empty() {
            continue;
        }
        let raw = fs::read(samples.join("raw").join(format!("{name}.json"))).unwrap();
        let model = damage::docker_manifest_inspect_list(&raw)
            .or_else(|| damage::docker_manifest_inspect(&raw));
        let model = String::from_utf8(model.unwrap()).unwrap();
        assert_eq!(model, String::from_utf8(printed).unwrap(), "{name}");
        compared += 1;
    }
    assert!(compared > 15, "only {compared} samples");
}
