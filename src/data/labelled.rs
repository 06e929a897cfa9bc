//! From labels as files have them to classes from 0 on.

use std::collections::BTreeSet;

use super::{Classes, MOST_CLASSES, Unfit};

/// Labels as a source has them, of both halves, and what is known of their names.
pub(super) struct Labelled<'a> {
    pub(super) train: Option<&'a [i64]>,
    pub(super) test: Option<&'a [i64]>,
    pub(super) names: Option<&'a [String]>,
}

/// The class of each image of a half.
type Half = Vec<u8>;

impl Labelled<'_> {
    /// The classes, and those of either half; images without labels are all of one class.
    pub(super) fn classes(&self, images: [usize; 2]) -> Result<(Classes, [Half; 2]), Unfit> {
        let [train, test] = match (self.train, self.test, images) {
            (None, None, _) => {
                let halves = images.map(|images| vec![0; images]);
                return Ok((Classes::Unlabelled, halves));
            }
            (Some(train), Some(test), _) => [train, test],
            (Some(train), None, [_, 0]) => [train, &[][..]],
            _ => return Err(Unfit::HalfLabelled),
        };
        for (labels, images) in [train, test].into_iter().zip(images) {
            if labels.len() != images {
                let labels = labels.len();
                return Err(Unfit::Labels { images, labels });
            }
        }
        let all = || train.iter().chain(test).copied();
        let (least, most) = all().fold((0, 0), |(least, most), label: i64| {
            (label.min(least), label.max(most))
        });
        if least < 0 {
            let found = format!("the label {least}");
            let name = "it".into();
            return Err(Unfit::NoLabel { name, found });
        }
        if let Some(names) = self.names {
            if names.len() > MOST_CLASSES {
                return Err(Unfit::Classes(names.len()));
            }
            if most >= names.len() as i64 {
                let (label, names) = (most, names.len());
                return Err(Unfit::Unnamed { label, names });
            }
            let halves =
                [train, test].map(|labels| labels.iter().map(|&label| label as u8).collect());
            return Ok((Classes::named(names), halves));
        }
        if most < MOST_CLASSES as i64 {
            let halves =
                [train, test].map(|labels| labels.iter().map(|&label| label as u8).collect());
            return Ok((Classes::numbered(most as usize + 1), halves));
        }
        // Codes of letters, say: few, and large.
        let kinds: BTreeSet<i64> = all().collect();
        if kinds.len() > MOST_CLASSES {
            return Err(Unfit::Classes(kinds.len()));
        }
        let kinds: Vec<i64> = kinds.into_iter().collect();
        let place = |label: &i64| kinds.binary_search(label).unwrap_or_default() as u8;
        let halves = [train, test].map(|labels| labels.iter().map(place).collect());
        let names: Vec<String> = kinds.iter().map(i64::to_string).collect();
        Ok((Classes::named(&names), halves))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(
        train: &[i64],
        test: &[i64],
        names: Option<&[String]>,
    ) -> Result<(Classes, [Half; 2]), Unfit> {
        let labelled = Labelled {
            train: Some(train),
            test: Some(test),
            names,
        };
        labelled.classes([train.len(), test.len()])
    }

    #[test]
    fn labels_are_numbered_named_or_told_by_their_numbers() {
        let (few, halves) = classes(&[3, 1], &[25], None).unwrap();
        assert_eq!(
            (few, halves),
            (Classes::numbered(26), [vec![3, 1], vec![25]])
        );
        let names = ["cat".to_owned(), "dog".to_owned()];
        let (named, halves) = classes(&[0, 1], &[1], Some(&names)).unwrap();
        assert_eq!(
            (named.name(1), halves),
            ("dog".into(), [vec![0, 1], vec![1]])
        );
        let (letters, halves) = classes(&[97, 65, 97], &[65], None).unwrap();
        assert_eq!(letters.names(), ["65", "97"]);
        assert_eq!(halves, [vec![1, 0, 1], vec![0]]);
    }

    #[test]
    fn images_without_labels_are_of_one_class() {
        let none = Labelled {
            train: None,
            test: None,
            names: None,
        };
        let (classes, halves) = none.classes([2, 1]).unwrap();
        assert_eq!(
            (classes, halves),
            (Classes::Unlabelled, [vec![0, 0], vec![0]])
        );
    }

    #[test]
    fn labels_that_tell_no_classes_are_refused_in_words() {
        let refused = |train: &[i64], test: &[i64], names: Option<&[String]>| {
            classes(train, test, names).unwrap_err().to_string()
        };
        assert!(refused(&[0, -1], &[0], None).contains("the label -1"));
        let many: Vec<i64> = (0..65).collect();
        assert!(refused(&many, &[0], None).contains("65 classes; at most 64"));
        let names = ["cat".to_owned()];
        assert!(refused(&[0], &[1], Some(&names)).contains("label 1 has no name: there are 1"));
        let half = Labelled {
            train: None,
            test: Some(&[0]),
            names: None,
        };
        assert_eq!(half.classes([1, 1]), Err(Unfit::HalfLabelled));
        let few = Labelled {
            train: Some(&[0]),
            test: Some(&[0]),
            names: None,
        };
        let words = few.classes([2, 1]).unwrap_err().to_string();
        assert!(words.contains("2 images and 1 label;"), "{words}");
    }
}
