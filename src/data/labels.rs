//! A set of labels, as `0-3,7` on a command line and in a file.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::CLASSES;

/// Some of the ten labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Labels(u16);

/// Words that name no set of labels.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("digits from 0 to 9 are needed, single or from one to another, as in 0-8 or 0-3,7")]
pub struct NoSuchLabels;

impl Labels {
    /// All ten.
    pub const ALL: Self = Self(0x3ff);
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether a label is in it; those above 9 never are.
    pub const fn contains(self, label: u8) -> bool {
        (label as usize) < CLASSES && self.0 >> label & 1 == 1
    }

    /// The labels in it, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..CLASSES as u8).filter(move |&label| self.contains(label))
    }

    /// The labels that are not in it.
    #[must_use]
    pub const fn others(self) -> Self {
        Self(Self::ALL.0 & !self.0)
    }
}

impl FromIterator<u8> for Labels {
    fn from_iter<I: IntoIterator<Item = u8>>(labels: I) -> Self {
        let known = labels
            .into_iter()
            .filter(|&label| Self::ALL.contains(label));
        known.fold(Self::NONE, |set, label| Self(set.0 | 1 << label))
    }
}

impl fmt::Display for Labels {
    /// Three and more in a row are told by the first and the last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<[u8; 2]> = Vec::new();
        for label in self.iter() {
            match runs.last_mut() {
                Some([_, last]) if *last + 1 == label => *last = label,
                _ => runs.push([label, label]),
            }
        }
        let run = |[first, last]: [u8; 2]| match last - first {
            0 => first.to_string(),
            1 => format!("{first},{last}"),
            _ => format!("{first}-{last}"),
        };
        let words: Vec<String> = runs.into_iter().map(run).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Labels {
    type Err = NoSuchLabels;

    /// The opposite of `Display`.
    fn from_str(words: &str) -> Result<Self, NoSuchLabels> {
        let label = |words: &str| match words.trim().as_bytes() {
            &[digit @ b'0'..=b'9'] => Ok(digit - b'0'),
            _ => Err(NoSuchLabels),
        };
        let run = |words: &str| match words.split_once('-') {
            Some((first, last)) => Ok(label(first)?..=label(last)?),
            None => label(words).map(|only| only..=only),
        };
        let runs: Result<Vec<_>, _> = words.split(',').map(run).collect();
        let runs = runs?;
        if runs.iter().any(std::ops::RangeInclusive::is_empty) {
            return Err(NoSuchLabels);
        }
        Ok(runs.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_set_is_written_in_runs() {
        for (words, written) in [
            ("0-8", "0-8"),
            ("0-3,7", "0-3,7"),
            ("7,3,2,1,0", "0-3,7"),
            ("4,5", "4,5"),
            ("0-9", "0-9"),
            (" 1 , 3 - 4", "1,3,4"),
        ] {
            let set: Labels = words.parse().unwrap();
            assert_eq!(set.to_string(), written);
        }
        let most: Labels = "0-8".parse().unwrap();
        assert_eq!(most.others().iter().collect::<Vec<_>>(), [9]);
        assert_eq!(Labels::ALL.others(), Labels::NONE);
    }

    #[test]
    fn what_names_no_set_is_refused() {
        for wrong in [
            "", ",", "a", "10", "8-0", "0-", "-3", "0-3-5", "0,,3", "0..8",
        ] {
            assert_eq!(wrong.parse::<Labels>(), Err(NoSuchLabels), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(labels in prop::collection::vec(0..10_u8, 1..10)) {
            let set: Labels = labels.into_iter().collect();
            prop_assert_eq!(set.to_string().parse(), Ok(set));
        }
    }
}
