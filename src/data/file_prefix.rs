//! What the names of files begin with that are of some data: figures, weights, pictures of the screen.

use super::mnist;

/// Characters of a data set's name in a file's.
const LONGEST: usize = 40;

/// What the names of files of this data begin with: MNIST's need nothing.
pub fn file_prefix(data: &str) -> String {
    if data == mnist::NAME {
        String::new()
    } else {
        slug(data) + "-"
    }
}

/// A name as a part of a file's: `Fashion-MNIST` is `fashion-mnist`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().take(LONGEST) {
        if letter.is_alphanumeric() || matches!(letter, '.' | '_') {
            slug.extend(letter.to_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches(['-', '.']);
    if slug.is_empty() {
        "data".into()
    } else {
        slug.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_part_of_a_files_name() {
        for (name, part) in [
            ("Fashion-MNIST", "fashion-mnist"),
            ("mine.npz", "mine.npz"),
            ("../a b//c", "a-b-c"),
            ("Übung 3", "übung-3"),
            ("..", "data"),
        ] {
            assert_eq!(slug(name), part);
        }
        assert_eq!(file_prefix("MNIST"), "");
        assert_eq!(file_prefix("faces"), "faces-");
    }
}
