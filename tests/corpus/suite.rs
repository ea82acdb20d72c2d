//! `JSONTestSuite`: what must be read is read, what must be refused is refused.

use std::fs;

use pullproof::json;

use super::index;

#[test]
fn reads_and_refuses_what_json_test_suite_says() {
    let folder = index::folder().join("data/json-test-suite/test_parsing");
    let (mut wrong, mut cases, mut free) = (Vec::new(), 0, Vec::new());
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let accepted = json::parse(&fs::read(&path).unwrap()).is_ok();
        cases += 1;
        match name.get(..2) {
            Some("y_") if !accepted => wrong.push(name),
            Some("n_") if accepted => wrong.push(name),
            Some("i_") => free.push((name, accepted)),
            _ => {}
        }
    }
    free.sort();
    for (name, accepted) in &free {
        println!(
            "figure: json {name} {}",
            if *accepted { "accepted" } else { "refused" }
        );
    }
    println!("figure: json-test-suite {}/{cases}", cases - wrong.len());
    assert_eq!(cases, 318);
    assert_eq!(wrong, Vec::<String>::new());
}
