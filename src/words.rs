//! Words that the whole program makes in one way: counts, numbers, and text from outside made
//! fit for one line. It may not know what is counted or named.

use std::path::Path;

/// The longest path that a system takes; more of one is never shown.
const LONGEST_PATH: usize = 4096;

/// `1 step`, `2 steps`.
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {}", noun(count, what))
}

/// `step` for one, `steps` for any other number.
pub fn noun(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{what}{plural}")
}

/// A small number in letters, any other in digits: `two`, `128`.
pub fn number_word(number: u64) -> String {
    let words = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let word = usize::try_from(number)
        .ok()
        .and_then(|place| words.get(place));
    word.map_or_else(|| number.to_string(), ToString::to_string)
}

/// A number with its thousands set apart: `1,875`.
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number, as it is written, without its zero before the point: `.391`, `-.5`.
pub fn pointed(number: &str) -> String {
    match number.strip_prefix('-') {
        Some(size) if size.starts_with("0.") => format!("-{}", &size[1..]),
        None if number.starts_with("0.") => number[1..].into(),
        _ => number.into(),
    }
}

/// A number without its zero before the point: `.001`.
pub fn briefly(value: f64) -> String {
    let words = value.to_string();
    // Of many digits the first do, and the exponent.
    let words = if words.len() > 8 {
        format!("{value:.2e}")
    } else {
        words
    };
    pointed(&words)
}

/// What the system says, without its number for it, which helps nobody.
pub fn unnumbered(words: &str) -> String {
    let mut pieces = words.split(" (os error ");
    let mut told = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        told += piece.split_once(')').map_or("", |(_, rest)| rest);
    }
    told
}

/// A path as it may be shown: on one line, whatever it is made of.
pub fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy(), LONGEST_PATH)
}

/// At most `limit` characters of `text`, without any that could move a cursor
/// or turn the reading direction.
pub fn printable(text: &str, limit: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|&c| !c.is_control() && !turns(c))
        .take(limit)
        .collect()
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    quote(&printable(&path.to_string_lossy(), usize::MAX))
}

/// A word as a shell takes it.
pub(crate) fn quote(word: &str) -> String {
    if word.contains(|c: char| !(c.is_alphanumeric() || "._-/~+=,@%".contains(c))) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        word.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_all_others_are_many() {
        let words = [0, 1, 2, 18_750].map(|count| counted(count, "step"));
        assert_eq!(words, ["0 steps", "1 step", "2 steps", "18750 steps"]);
    }

    #[test]
    fn small_numbers_have_words() {
        let words = [0, 1, 3, 10, 11].map(number_word);
        assert_eq!(words, ["no", "one", "three", "ten", "11"]);
    }

    #[test]
    fn what_the_system_says_is_told_without_its_number() {
        let refused = std::io::Error::from_raw_os_error(13).to_string();
        assert_eq!(unnumbered(&refused), "Permission denied");
        let twice = format!("a ({refused}); b: {refused}");
        assert_eq!(
            unnumbered(&twice),
            "a (Permission denied); b: Permission denied"
        );
        assert_eq!(unnumbered("an error"), "an error");
    }

    #[test]
    fn only_a_zero_before_the_point_goes() {
        let pairs = [
            ("0.391", ".391"),
            ("-0.5", "-.5"),
            ("10.25", "10.25"),
            ("0", "0"),
            ("1e-5", "1e-5"),
        ];
        for (number, written) in pairs {
            assert_eq!(pointed(number), written);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0_u64, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn what_moves_the_cursor_or_turns_the_line_is_left_out() {
        let wild = "a\n\u{1b}]52;c;AAAA\u{7}\u{9b}2J\u{202e}b";
        assert_eq!(printable(wild, 100), "a]52;c;AAAA2Jb");
        assert_eq!(shown(Path::new(wild)), "a]52;c;AAAA2Jb");
        assert_eq!(printable("abc", 2), "ab");
    }
}
