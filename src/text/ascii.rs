//! Sets of signs.

/// A set of signs of ASCII, which is asked faster than a text.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Ascii(u64, u64);

impl Ascii {
    pub(crate) const ALL: Self = Ascii(u64::MAX, u64::MAX);

    /// With a sign more, if it is one of ASCII.
    pub(crate) const fn with(self, sign: u8) -> Self {
        let bit = 1 << (sign & 63);
        match sign >> 6 {
            0 => Ascii(self.0 | bit, self.1),
            1 => Ascii(self.0, self.1 | bit),
            _ => self,
        }
    }

    /// Those of both.
    pub(crate) const fn and(self, other: Self) -> Self {
        Ascii(self.0 | other.0, self.1 | other.1)
    }

    /// Those in a text.
    pub(crate) const fn of(text: &str) -> Self {
        let mut set = Ascii(0, 0);
        let mut rest = text.as_bytes();
        while let [sign, after @ ..] = rest {
            set = set.with(*sign);
            rest = after;
        }
        set
    }

    /// True if all of the others are among them.
    pub(crate) const fn holds(self, others: Self) -> bool {
        others.0 & !self.0 == 0 && others.1 & !self.1 == 0
    }

    /// True if one of the others is among them.
    pub(crate) const fn has_any(self, others: Self) -> bool {
        (self.0 & others.0) | (self.1 & others.1) != 0
    }

    /// True if the byte is one of them.
    pub(crate) const fn has(self, byte: u8) -> bool {
        let half = match byte >> 6 {
            0 => self.0,
            1 => self.1,
            _ => 0,
        };
        half >> (byte & 63) & 1 == 1
    }
}
