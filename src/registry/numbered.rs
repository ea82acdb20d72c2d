//! Tasks and requests by their numbers.

/// Things by their numbers, until they are taken; a taken one leaves one machine word behind.
#[derive(Debug)]
pub(super) struct Numbered<T>(Vec<Option<Box<T>>>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered(Vec::new())
    }
}

impl<T> Numbered<T> {
    /// The number of the next one.
    pub(super) fn next(&self) -> usize {
        self.0.len()
    }

    pub(super) fn add(&mut self, one: T) {
        self.0.push(Some(Box::new(one)));
    }

    pub(super) fn get(&self, number: usize) -> Option<&T> {
        self.0.get(number)?.as_deref()
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.0.get_mut(number)?.as_deref_mut()
    }

    pub(super) fn take(&mut self, number: usize) -> Option<Box<T>> {
        self.0.get_mut(number)?.take()
    }
}
