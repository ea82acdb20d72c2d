//! The files of a repository by role. A list in order serves as a map here: one that can also grow fast in the
//! middle would be a part of the module that nothing else needs.

use std::ops::Index;

use crate::json;

/// The files of a repository, by role: `root`, `1.root`, `timestamp`, `snapshot`, `targets`,
/// `targets/releases`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    /// None yet.
    pub fn new() -> Self {
        Files::default()
    }

    /// Files in any order. One that is here under two names, of which neither is the one meant, is empty.
    pub(crate) fn of(mut files: Vec<(String, Vec<u8>)>) -> Self {
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        let mut all: Vec<(String, Vec<u8>)> = Vec::with_capacity(files.len());
        for at in json::in_order(&names) {
            let Some(file) = files.get_mut(at).map(std::mem::take) else {
                continue;
            };
            match all.last_mut().filter(|(name, _)| *name == file.0) {
                Some(last) => last.1 = Vec::new(),
                None => all.push(file),
            }
        }
        Files(all)
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there are no files.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All roles, in order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// All files, in the order of their roles.
    pub fn values(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.0.iter().map(|(_, bytes)| bytes)
    }

    /// All files to change, in the order of their roles.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Vec<u8>> {
        self.0.iter_mut().map(|(_, bytes)| bytes)
    }

    /// All files, in the order of their roles.
    pub fn into_values(self) -> impl Iterator<Item = Vec<u8>> {
        self.0.into_iter().map(|(_, bytes)| bytes)
    }

    /// All roles and files, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.0.iter().map(|(name, bytes)| (name, bytes))
    }

    /// Where a role is, or would be.
    #[inline(never)]
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// The file of a role.
    pub fn get(&self, name: &str) -> Option<&Vec<u8>> {
        let at = self.place(name).ok()?;
        self.0.get(at).map(|(_, bytes)| bytes)
    }

    /// The file of a role, to change.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Vec<u8>> {
        let at = self.place(name).ok()?;
        self.0.get_mut(at).map(|(_, bytes)| bytes)
    }

    /// True if a role has a file.
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Gives a role a file, in place of the one that it may have, which is returned.
    pub fn insert(&mut self, name: String, bytes: Vec<u8>) -> Option<Vec<u8>> {
        match self.place(&name) {
            Ok(at) => {
                let (_, known) = self.0.get_mut(at)?;
                Some(std::mem::replace(known, bytes))
            }
            Err(at) => {
                self.0.insert(at, (name, bytes));
                None
            }
        }
    }

    /// Takes a role's file out.
    pub fn remove(&mut self, name: &str) -> Option<Vec<u8>> {
        let at = self.place(name).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Leaves only some.
    pub fn retain(&mut self, mut is: impl FnMut(&String, &mut Vec<u8>) -> bool) {
        self.0.retain_mut(|(name, bytes)| is(name, bytes));
    }
}

impl<N: AsRef<str> + ?Sized> Index<&N> for Files {
    type Output = Vec<u8>;

    fn index(&self, name: &N) -> &Vec<u8> {
        static NONE: Vec<u8> = Vec::new();
        self.get(name.as_ref()).unwrap_or(&NONE)
    }
}

impl<'f> IntoIterator for &'f Files {
    type Item = (&'f String, &'f Vec<u8>);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'f>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl FromIterator<(String, Vec<u8>)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, Vec<u8>)>>(all: I) -> Self {
        let mut files = Files::new();
        for (name, bytes) in all {
            files.insert(name, bytes);
        }
        files
    }
}

impl<const N: usize> From<[(String, Vec<u8>); N]> for Files {
    fn from(all: [(String, Vec<u8>); N]) -> Self {
        all.into_iter().collect()
    }
}

impl IntoIterator for Files {
    type Item = (String, Vec<u8>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
