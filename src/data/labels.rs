//! A set of labels, as `0-3,7` on a command line and in a file.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::MOST_CLASSES;

/// Some of the labels that there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Labels(u64);

/// The word for [`Labels::ALL`].
const ALL: &str = "all";

/// Words that name no set of labels.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("labels from 0 to 63 are needed, single or from one to another, as in 0-8 or 0-3,7")]
pub struct NoSuchLabels;

impl Labels {
    /// All, however many the data has.
    pub const ALL: Self = Self(u64::MAX);
    /// None.
    pub const NONE: Self = Self(0);

    /// Those below a number of classes.
    pub const fn below(count: usize) -> Self {
        match count {
            MOST_CLASSES.. => Self::ALL,
            count => Self((1 << count) - 1),
        }
    }

    /// The same of data with so many classes: naming each of them is [`Labels::ALL`].
    #[must_use]
    pub fn of(self, count: usize) -> Self {
        if self == Self::below(count) {
            Self::ALL
        } else {
            self
        }
    }

    /// Whether a label is in it.
    pub const fn contains(self, label: u8) -> bool {
        (label as usize) < MOST_CLASSES && self.0 >> label & 1 == 1
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, label: u8) -> Self {
        if (label as usize) < MOST_CLASSES {
            Self(self.0 | 1 << label)
        } else {
            self
        }
    }

    /// The labels in it, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..MOST_CLASSES as u8).filter(move |&label| self.contains(label))
    }

    /// The labels of so many classes that are not in it.
    #[must_use]
    pub const fn others(self, count: usize) -> Self {
        Self(Self::below(count).0 & !self.0)
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
        if *self == Self::ALL {
            return f.write_str(ALL);
        }
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
        if words.trim() == ALL {
            return Ok(Self::ALL);
        }
        let label = |words: &str| {
            let words = words.trim();
            let figures = matches!(words.as_bytes(), [b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']);
            let label = words.parse().ok().filter(|_| figures);
            let label = label.filter(|&label| usize::from(label) < MOST_CLASSES);
            label.ok_or(NoSuchLabels)
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
            ("8-12,63", "8-12,63"),
            ("all", "all"),
        ] {
            let set: Labels = words.parse().unwrap();
            assert_eq!(set.to_string(), written);
        }
        let most: Labels = "0-8".parse().unwrap();
        assert_eq!(most.others(10).iter().collect::<Vec<_>>(), [9]);
        assert_eq!(most.others(12).to_string(), "9-11");
        assert_eq!(Labels::ALL.others(64), Labels::NONE);
    }

    #[test]
    fn each_label_of_the_data_is_all_of_them() {
        let ten: Labels = "0-9".parse().unwrap();
        assert_eq!(ten.of(10), Labels::ALL);
        assert_eq!(ten.of(26), ten);
        assert_eq!(ten.of(9), ten, "the data does not have each of them");
        assert_eq!(Labels::ALL.of(10).to_string(), "all");
        assert_eq!(Labels::below(64), Labels::ALL);
    }

    #[test]
    fn what_names_no_set_is_refused() {
        for wrong in [
            "", ",", "a", "64", "007", "+1", "256", "8-0", "0-", "-3", "0-3-5", "0,,3", "0..8",
        ] {
            assert_eq!(wrong.parse::<Labels>(), Err(NoSuchLabels), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(labels in prop::collection::vec(0..64_u8, 1..70)) {
            let set: Labels = labels.into_iter().collect();
            prop_assert_eq!(set.to_string().parse(), Ok(set));
        }
    }
}
