//! Sorting by name.

/// A rank, a name, and where it stood.
pub(crate) type Ranked<'a> = (usize, &'a str, usize);

/// By rank, then by name, then as they stood. There is one sort for all, which keeps the module
/// small.
pub(crate) fn sorted(names: Vec<(usize, &str)>) -> Vec<Ranked<'_>> {
    let places = names.into_iter().enumerate();
    let mut ranked: Vec<Ranked> = places.map(|(at, (rank, name))| (rank, name, at)).collect();
    ranked.sort_unstable();
    ranked
}
