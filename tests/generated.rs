//! A proof is final over images made by chance: whatever true document comes next takes none back.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

#[allow(dead_code, reason = "each test uses a part of it")]
mod chains;

use pullproof::Verdict;

#[test]
fn no_true_document_takes_a_proof_back() {
    let (mut proven, mut contradicted, mut early) = (0, 0, 0);
    for seed in 0..5000 {
        let choose = &mut chains::chance(seed);
        let (shelf, asked) = chains::made(choose);
        let (verdict, was) = chains::grow(&shelf, &asked, choose).unwrap_or_else(|told| {
            panic!("{seed}: {asked}\n{shelf}\n{told}", shelf = text(&shelf))
        });
        proven += usize::from(verdict == Verdict::Proven);
        contradicted += usize::from(verdict == Verdict::Contradicted);
        early += usize::from(was);
    }
    println!("{proven} proven, {early} of them before all was here, {contradicted} contradicted");
    assert!(proven > 300 && early > 100 && contradicted > 300);
}

fn text(shelf: &chains::Shelf) -> String {
    let lines = shelf.0.iter();
    let lines = lines.map(|(digest, bytes)| format!("{digest} {}", String::from_utf8_lossy(bytes)));
    lines.collect::<Vec<_>>().join("\n")
}
