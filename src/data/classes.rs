//! What the labels of a data set stand for, as far as that is known: of MNIST they are
//! the digits themselves, of any other data the numbers of classes without a name.
//!
//! Everything that is said of a label is said by this, so that no pullover is called a 2.

use super::{CLASSES, Dataset, mnist};

/// What labels stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classes {
    /// The digit that is to be seen.
    Digits,
    /// Something; the data does not say what.
    Numbered,
}

impl Dataset {
    /// What its labels stand for. MNIST is known by its contents, wherever it lies.
    pub fn classes(&self) -> Classes {
        if self.digest == mnist::DIGEST {
            Classes::Digits
        } else {
            Classes::Numbered
        }
    }
}

impl Classes {
    /// What a label is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Digits => "digit",
            Self::Numbered => "class",
        }
    }

    /// What each label stands for, from 0 on; none where that is not known.
    pub fn names(self) -> Vec<String> {
        match self {
            Self::Digits => (0..CLASSES).map(|digit| digit.to_string()).collect(),
            Self::Numbered => Vec::new(),
        }
    }

    /// What is said of digits and true of any class, said of these.
    pub fn said(self, of_digits: &str) -> String {
        let plurals = of_digits.replace("digits", self.words());
        plurals.replace("digit", self.word())
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Numbered => "classes",
        }
    }

    /// One image of a label: `an 8`, `class 8`.
    pub fn one(self, label: u8) -> String {
        match self {
            Self::Digits if label == 8 => "an 8".into(),
            Self::Digits => format!("a {label}"),
            Self::Numbered => format!("class {label}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Split;

    #[test]
    fn only_mnist_shows_digits_whatever_its_folder_is_called() {
        let of = |name: &str, digest: &str| {
            let split = || Split::new(Vec::new(), Vec::new());
            Dataset {
                name: name.into(),
                train: split(),
                test: split(),
                digest: digest.into(),
            }
            .classes()
        };
        assert_eq!(of("copy", mnist::DIGEST), Classes::Digits);
        assert_eq!(of("MNIST", "00ff"), Classes::Numbered);
    }

    #[test]
    fn labels_are_told_as_what_they_are() {
        let (digits, numbered) = (Classes::Digits, Classes::Numbered);
        assert_eq!([digits.one(8), digits.one(2)], ["an 8", "a 2"]);
        assert_eq!(numbered.one(2), "class 2");
        assert_eq!((digits.names().len(), &digits.names()[9][..]), (10, "9"));
        assert_eq!(numbered.names(), [""; 0]);
        let words = "one digit of all digits";
        assert_eq!(digits.said(words), words);
        assert_eq!(numbered.said(words), "one class of all classes");
    }
}
