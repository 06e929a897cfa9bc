//! What the labels of a data set stand for, as far as that is known: digits, something
//! with a name, the numbers of classes without one, or nothing at all.
//!
//! Everything that is said of a label is said by this, so that no pullover is called a 2.

use std::{borrow::Cow, sync::Arc};

use crate::words::printable;

/// The most classes that a data set may have.
pub const MOST_CLASSES: usize = 64;

/// The digits, which label themselves.
const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Characters of a class's name.
const LONGEST_NAME: usize = 64;

/// What stands for a class that is known by its number alone, one for each that there may be.
const MARKS: &[u8; MOST_CLASSES] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@#";

/// What labels stand for. It is cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Classes {
    /// The digit that is to be seen.
    Digits,
    /// One of so many things; the data does not say what.
    Numbered(u8),
    /// Something that has a name.
    Named(Arc<Names>),
    /// Nothing: the images have no labels, and are all of one class.
    Unlabelled,
}

/// The names of classes, from 0 on, and what stands for each in a single cell.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    names: Vec<String>,
    marks: Vec<char>,
}

impl Classes {
    /// So many classes without a name.
    ///
    /// # Panics
    ///
    /// When there are none, or more than [`MOST_CLASSES`].
    pub fn numbered(count: usize) -> Self {
        assert!((1..=MOST_CLASSES).contains(&count), "{count} classes");
        Self::Numbered(count as u8)
    }

    /// Classes of these names, from 0 on. Those of the ten digits are [`Classes::Digits`].
    ///
    /// # Panics
    ///
    /// When there are none, or more than [`MOST_CLASSES`].
    pub fn named<S: AsRef<str>>(names: &[S]) -> Self {
        assert!(
            (1..=MOST_CLASSES).contains(&names.len()),
            "{} classes",
            names.len()
        );
        let names = names
            .iter()
            .map(|name| printable(name.as_ref(), LONGEST_NAME));
        let names: Vec<String> = names.collect();
        if names == DIGITS {
            return Self::Digits;
        }
        let marks = marks(&names);
        Self::Named(Arc::new(Names { names, marks }))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Self::Digits => DIGITS.len(),
            Self::Numbered(count) => usize::from(*count),
            Self::Named(known) => known.names.len(),
            Self::Unlabelled => 1,
        }
    }

    /// What a label is called.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Digits => "digit",
            Self::Numbered(_) | Self::Named(_) | Self::Unlabelled => "class",
        }
    }

    /// What each label stands for, from 0 on; none where that is not known.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Digits => DIGITS.map(String::from).into(),
            Self::Named(known) => known.names.clone(),
            Self::Numbered(_) | Self::Unlabelled => Vec::new(),
        }
    }

    /// What a label stands for, and its number where that is not known.
    pub fn name(&self, label: u8) -> Cow<'_, str> {
        let known = match self {
            Self::Named(known) => known.names.get(usize::from(label)),
            Self::Unlabelled => return Cow::Borrowed(""),
            Self::Digits | Self::Numbered(_) => None,
        };
        known.map_or_else(|| label.to_string().into(), |name| name.as_str().into())
    }

    /// What stands for a label in a single cell: the digit or letter that it is, the first
    /// letter of its name where that tells the classes apart, or else its number in letters.
    pub fn mark(&self, label: u8) -> char {
        let known = match self {
            Self::Named(known) => known.marks.get(usize::from(label)).copied(),
            Self::Unlabelled => Some('\u{b7}'),
            Self::Digits | Self::Numbered(_) => None,
        };
        known.unwrap_or_else(|| numbered_mark(usize::from(label)))
    }

    /// What is said of digits and true of any class, said of these.
    pub fn said(&self, of_digits: &str) -> String {
        let plurals = of_digits.replace("digits", self.words());
        plurals.replace("digit", self.word())
    }

    const fn words(&self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Numbered(_) | Self::Named(_) | Self::Unlabelled => "classes",
        }
    }

    /// One image of a label: `an 8`, `class 8`, `trouser`, `letter k`; of images without labels
    /// `an image`.
    pub fn one(&self, label: u8) -> String {
        match self {
            Self::Digits if label == 8 => "an 8".into(),
            Self::Digits => format!("a {label}"),
            Self::Named(known) => match known.names.get(usize::from(label)) {
                Some(name) if name.chars().nth(1).is_some() => name.clone(),
                Some(name) if name.chars().all(char::is_alphabetic) => format!("letter {name}"),
                Some(name) => format!("class {name}"),
                None => format!("class {label}"),
            },
            Self::Numbered(_) => format!("class {label}"),
            Self::Unlabelled => "an image".into(),
        }
    }
}

/// The first letters of names, where they differ; else the classes' numbers.
fn marks(names: &[String]) -> Vec<char> {
    let first = |name: &String| name.chars().next().filter(|&letter| is_one_cell(letter));
    let firsts: Option<Vec<char>> = names.iter().map(first).collect();
    let tell_apart = |firsts: &Vec<char>| {
        let single = names.iter().all(|name| name.chars().nth(1).is_none());
        let mut seen: Vec<String> = firsts
            .iter()
            // `a` and `A` are two letters, but `apple` and `Avocado` begin alike.
            .map(|letter| {
                if single {
                    letter.to_string()
                } else {
                    letter.to_lowercase().to_string()
                }
            })
            .collect();
        seen.sort_unstable();
        seen.windows(2).all(|pair| pair[0] != pair[1])
    };
    let firsts = firsts.filter(tell_apart);
    firsts.unwrap_or_else(|| (0..names.len()).map(numbered_mark).collect())
}

/// Letters and figures that are known to fill one cell: Latin, Greek and Cyrillic ones.
fn is_one_cell(letter: char) -> bool {
    letter.is_alphanumeric() && matches!(letter, '\0'..='\u{24f}' | '\u{370}'..='\u{482}')
}

fn numbered_mark(label: usize) -> char {
    MARKS.get(label).map_or('?', |&mark| char::from(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clothes() -> Classes {
        Classes::named(&["T-shirt/top", "trouser", "bag"])
    }

    #[test]
    fn labels_are_told_as_what_they_are() {
        let (digits, numbered) = (Classes::Digits, Classes::numbered(26));
        assert_eq!([digits.one(8), digits.one(2)], ["an 8", "a 2"]);
        assert_eq!(numbered.one(2), "class 2");
        assert_eq!(clothes().one(1), "trouser");
        assert_eq!(clothes().one(9), "class 9");
        let letters = Classes::named(&["a", "b", "+"]);
        assert_eq!([letters.one(1), letters.one(2)], ["letter b", "class +"]);
        assert_eq!(Classes::Unlabelled.one(0), "an image");
        assert_eq!((digits.names().len(), &digits.names()[9][..]), (10, "9"));
        assert_eq!(numbered.names(), [""; 0]);
        assert_eq!(clothes().names()[2], "bag");
        let words = "one digit of all digits";
        assert_eq!(digits.said(words), words);
        for others in [numbered, clothes()] {
            assert_eq!(others.said(words), "one class of all classes");
        }
    }

    #[test]
    fn ten_classes_called_by_the_digits_are_digits() {
        assert_eq!(Classes::named(&DIGITS), Classes::Digits);
        assert_ne!(Classes::named(&DIGITS[..9]), Classes::Digits);
    }

    #[test]
    fn a_name_is_one_line_of_bounded_length() {
        let classes = Classes::named(&["a\x1b[2J\n".to_owned(), "x".repeat(1000)]);
        assert_eq!(classes.name(0), "a[2J");
        assert_eq!(classes.name(1).chars().count(), LONGEST_NAME);
        assert_eq!((classes.name(7), classes.count()), ("7".into(), 2));
    }

    #[test]
    fn each_class_has_a_cell_of_its_own() {
        let all = |classes: Classes| -> String {
            let labels = 0..classes.count() as u8;
            labels.map(|label| classes.mark(label)).collect()
        };
        assert_eq!(all(Classes::Digits), "0123456789");
        assert_eq!(all(clothes()), "012", "T-shirt and trouser begin alike");
        assert_eq!(all(Classes::named(&["cat", "dog", "Emu"])), "cdE");
        assert_eq!(all(Classes::named(&["a", "A", "7"])), "aA7");
        assert_eq!(
            all(Classes::named(&["\u{732b}", "b"])),
            "01",
            "a wide letter"
        );
        assert_eq!(all(Classes::Unlabelled), "\u{b7}");
        let most = all(Classes::numbered(MOST_CLASSES));
        let kinds: std::collections::BTreeSet<char> = most.chars().collect();
        assert_eq!(kinds.len(), MOST_CLASSES);
    }
}
