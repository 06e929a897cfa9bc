//! Which of the ten digits are shown.

/// A set of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigitSet(u16);

impl DigitSet {
    /// All ten.
    pub const ALL: Self = Self(0x3ff);
    /// None.
    pub const EMPTY: Self = Self(0);

    /// Whether a digit is in it. Labels above 9 never are.
    pub fn contains(self, digit: u8) -> bool {
        digit < 10 && self.0 >> digit & 1 == 1
    }

    /// With a digit more.
    #[must_use]
    pub fn with(self, digit: u8) -> Self {
        if digit < 10 {
            Self(self.0 | 1 << digit)
        } else {
            self
        }
    }

    /// The digits in it, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..10).filter(move |&digit| self.contains(digit))
    }
}

impl FromIterator<u8> for DigitSet {
    fn from_iter<I: IntoIterator<Item = u8>>(digits: I) -> Self {
        digits.into_iter().fold(Self::EMPTY, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let set: DigitSet = [9, 4, 7, 200].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [4, 7, 9]);
        assert!(!set.contains(200) && !set.contains(10));
        assert_eq!(DigitSet::ALL.iter().count(), 10);
        assert_eq!(DigitSet::EMPTY.iter().count(), 0);
    }
}
