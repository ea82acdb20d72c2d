//! Sorting by name.

use std::collections::BinaryHeap;

/// A rank, a name, and where it stood.
pub(crate) type Ranked<'a> = (usize, &'a str, usize);

/// By rank, then by name, then as they stood. There is one sort for all, and by a heap, which
/// keeps the module small: the sort of slices is ten times as long.
pub(crate) fn sorted(names: Vec<(usize, &str)>) -> Vec<Ranked<'_>> {
    let places = names.into_iter().enumerate();
    let ranked: BinaryHeap<Ranked> = places.map(|(at, (rank, name))| (rank, name, at)).collect();
    ranked.into_sorted_vec()
}

/// The places of texts in their order, of equal ones as they stand.
pub(crate) fn in_order(texts: &[String]) -> Vec<usize> {
    let texts = texts.iter().map(|text| (0, text.as_str())).collect();
    sorted(texts).into_iter().map(|(_, _, at)| at).collect()
}
