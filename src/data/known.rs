//! Data sets that are known by their contents or by their files' names: what they are called,
//! and what their classes are.

use super::{Classes, mnist};

/// SHA-256 of Fashion-MNIST, as in [`Dataset::digest`](super::Dataset::digest).
const FASHION: &str = "14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214";

/// Its classes, as its authors call them.
const CLOTHES: [&str; 10] = [
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
];

/// The name and the classes of the data set with this digest.
pub(super) fn by_digest(digest: &str) -> Option<(&'static str, Classes)> {
    match digest {
        mnist::DIGEST => Some((mnist::NAME, Classes::Digits)),
        FASHION => Some(("Fashion-MNIST", Classes::named(&CLOTHES))),
        _ => None,
    }
}

/// What EMNIST's files of one of its sets have for labels.
pub(super) struct Emnist {
    /// The label of the first class.
    pub(super) first: u8,
    /// What each class shows.
    pub(super) names: Vec<String>,
}

/// EMNIST's classes, by what is before its files' names.
pub(super) fn emnist(prefix: &str) -> Option<Emnist> {
    let set = prefix.strip_prefix("emnist-")?;
    let letters = |first: char, last: char| (first..=last).map(String::from);
    let digits = || letters('0', '9');
    let (first, names) = match set {
        // Both cases of a letter are one class, and the first has the label 1.
        "letters" => (1, letters('a', 'z').collect()),
        "digits" | "mnist" => (0, digits().collect()),
        "byclass" => (
            0,
            digits()
                .chain(letters('A', 'Z'))
                .chain(letters('a', 'z'))
                .collect(),
        ),
        // Small letters that look like their capitals are of their class.
        "balanced" | "bymerge" => {
            let unlike = "abdefghnqrt".chars().map(String::from);
            (0, digits().chain(letters('A', 'Z')).chain(unlike).collect())
        }
        _ => return None,
    };
    Some(Emnist { first, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emnists_sets_have_as_many_classes_as_they_are_published_with() {
        let count = |prefix: &str| emnist(prefix).map(|set| set.names.len());
        for (prefix, classes) in [
            ("emnist-letters", Some(26)),
            ("emnist-digits", Some(10)),
            ("emnist-mnist", Some(10)),
            ("emnist-balanced", Some(47)),
            ("emnist-bymerge", Some(47)),
            ("emnist-byclass", Some(62)),
            ("emnist-greek", None),
            ("", None),
        ] {
            assert_eq!(count(prefix), classes, "{prefix}");
        }
        let names = |prefix: &str| emnist(prefix).map(|set| Classes::named(&set.names));
        assert_eq!(names("emnist-digits"), Some(Classes::Digits));
        let balanced = names("emnist-balanced").unwrap();
        assert_eq!((balanced.mark(36), balanced.mark(46)), ('a', 't'));
    }
}
