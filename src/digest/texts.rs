//! Texts, each with its number, found again fast whatever they are.
//!
//! A crit-bit tree: each branch knows the first bit in which the texts below it differ, and parts
//! them by it. So no choice of texts makes a search longer than the text searched for, and one
//! such tree serves everything that is found by text, which keeps the module small.

/// Texts, numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    all: Vec<String>,
    branches: Vec<Branch>,
    root: Turn,
}

#[derive(Clone, Debug)]
struct Branch {
    bit: Bit,
    /// Where texts without the bit are, and where those with it.
    below: [Turn; 2],
}

/// A branch or a text.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Branch(usize),
    Text(usize),
}

impl Default for Turn {
    fn default() -> Self {
        Turn::Text(0)
    }
}

/// The place of a byte in a text, and a bit of it.
#[derive(Clone, Copy, Debug)]
struct Bit {
    place: usize,
    mask: u16,
}

impl Texts {
    /// The number of a text.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let near = self.nearest(text)?;
        (self.all.get(near)? == text).then_some(near)
    }

    /// All of them, in the order in which they came.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }

    /// Adds a text: false if it is there.
    pub(super) fn add(&mut self, text: &str) -> bool {
        let added = Turn::Text(self.all.len());
        let near = self.nearest(text).and_then(|near| self.all.get(near));
        if let Some(near) = near {
            let Some(bit) = Bit::between(near, text) else {
                return false;
            };
            let branch = Turn::Branch(self.branches.len());
            let at = std::mem::replace(self.above(text, bit), branch);
            let below = if bit.is_in(text) {
                [at, added]
            } else {
                [added, at]
            };
            self.branches.push(Branch { bit, below });
        }
        self.all.push(text.to_owned());
        true
    }

    /// The text that shares most with this one.
    fn nearest(&self, text: &str) -> Option<usize> {
        let mut at = self.root;
        loop {
            match at {
                Turn::Text(number) => return (number < self.all.len()).then_some(number),
                Turn::Branch(number) => at = self.branches.get(number)?.below(text),
            }
        }
    }

    /// What leads to where a branch at this bit has to stand.
    fn above(&mut self, text: &str, bit: Bit) -> &mut Turn {
        let mut above = None;
        let mut at = self.root;
        while let Turn::Branch(number) = at
            && let Some(branch) = self.branches.get(number)
            && branch.bit.is_before(bit)
        {
            above = Some(number);
            at = branch.below(text);
        }
        match above.and_then(|number| self.branches.get_mut(number)) {
            Some(Branch {
                bit,
                below: [without, with],
            }) => {
                if bit.is_in(text) {
                    with
                } else {
                    without
                }
            }
            None => &mut self.root,
        }
    }
}

impl Branch {
    fn below(&self, text: &str) -> Turn {
        let [without, with] = self.below;
        if self.bit.is_in(text) { with } else { without }
    }
}

impl Bit {
    /// The first in which two texts differ.
    fn between(a: &str, b: &str) -> Option<Self> {
        let same = |(a, b): &(u8, u8)| a == b;
        let place = a.bytes().zip(b.bytes()).take_while(same).count();
        let differ = sign(a, place) ^ sign(b, place);
        (differ != 0).then(|| Bit {
            place,
            mask: 1 << differ.ilog2(),
        })
    }

    fn is_in(self, text: &str) -> bool {
        sign(text, self.place) & self.mask != 0
    }

    fn is_before(self, other: Self) -> bool {
        self.place < other.place || self.place == other.place && self.mask > other.mask
    }
}

/// The byte at a place; the end of a text differs from every byte.
fn sign(text: &str, place: usize) -> u16 {
    text.as_bytes()
        .get(place)
        .map_or(0, |byte| 256 | u16::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn finds_what_a_map_finds() {
        let mut texts = Texts::default();
        let mut map = BTreeMap::new();
        assert_eq!(texts.find(""), None);
        // Digits of several bases: prefixes of each other, repetitions, and the empty text.
        for n in 0..2000_u32 {
            let base = n % 7 + 2;
            let mut rest = n / 3;
            let mut text = String::new();
            while rest > 0 {
                text.extend(char::from_u32(rest % base * (n % 2 * 100 + 1)));
                rest /= base;
            }
            assert_eq!(texts.find(&text), map.get(&text).copied());
            let number = map.len();
            assert_eq!(texts.add(&text), !map.contains_key(&text));
            map.entry(text).or_insert(number);
        }
        assert!(map.len() > 500);
        for (text, number) in map {
            assert_eq!(texts.find(&text), Some(number));
        }
    }
}
