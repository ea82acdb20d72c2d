//! A proof is final over real images: whatever document of one comes next takes none back. Needs the
//! folder of the corpus.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

#[allow(dead_code, reason = "each test uses a part of it")]
mod chains;
#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "corpus/index.rs"]
mod index;

use pullproof::Verdict;

use chains::Shelf;

#[test]
fn no_document_of_an_image_takes_a_proof_back() {
    let all = index::documents();
    let mut shelf = Shelf::default();
    let mut roots = Vec::new();
    for document in all {
        let digest = document.digest.to_string();
        if !document.kind.starts_with("config") {
            roots.push(digest.clone());
        }
        shelf.0.insert(digest, document.bytes);
    }
    let (mut images, mut proven, mut early, mut wrong) = (0, 0, 0, Vec::new());
    for root in &roots {
        let below = shelf.below(root);
        // Alone there is nothing to come, and the largest take long for what the others show.
        if !(2..=24).contains(&below.0.len()) {
            continue;
        }
        images += 1;
        let digests: Vec<String> = below.0.keys().cloned().collect();
        let choose = &mut chains::chance(images);
        for _ in 0..12 {
            let asked = chains::question(std::slice::from_ref(root), &digests, choose);
            match chains::grow(&below, &asked, choose) {
                Ok((verdict, was)) => {
                    proven += usize::from(verdict == Verdict::Proven);
                    early += usize::from(was);
                }
                Err(told) => wrong.push(format!("{root}: {asked}\n{told}")),
            }
        }
    }
    println!("{images} images: {proven} proofs, {early} of them before all was here");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(images > 50 && proven > 100, "{images} {proven}");
}
