//! Arrays of words, as `NumPy` keeps the names of classes: in letters of four bytes each, or
//! in bytes.

use super::{ArrayFault, reading};
use crate::words::printable;

/// The longest word that is read, in letters.
const LONGEST: usize = 1024;
/// The most words that are read: a class has one, and classes are some dozens.
const MOST: usize = 1 << 16;

/// The words in the bytes of an array of one side.
///
/// # Errors
///
/// When it holds something else.
pub fn of(bytes: &[u8]) -> Result<Vec<String>, ArrayFault> {
    let (header, letters) = reading::header(bytes)?;
    let header = String::from_utf8_lossy(header);
    let kind = value(&header, "descr").trim_matches(['\'', '"']);
    let other = || ArrayFault::NoWords(printable(kind, 40));
    let (letter, count) = match (kind.strip_prefix("<U"), kind.strip_prefix("|S")) {
        (Some(count), _) => (4, count),
        (_, Some(count)) => (1, count),
        _ => return Err(other()),
    };
    let count: usize = count.parse().map_err(|_| other())?;
    if !(1..=LONGEST).contains(&count) {
        return Err(other());
    }
    // Of one side the order is the same, Fortran's or not; of more, nobody knows which it is.
    let shape = value(&header, "shape").trim_matches(['(', ')']);
    let words: usize = shape.trim_end_matches(',').parse().map_err(|_| other())?;
    if words > MOST {
        return Err(ArrayFault::TooManyWords { words, most: MOST });
    }
    let word = letter * count;
    if words.checked_mul(word) != Some(letters.len()) {
        return Err(ArrayFault::Cut);
    }
    Ok(letters
        .chunks_exact(word)
        .map(|word| text(word, letter))
        .collect())
}

/// A word without what fills it up.
fn text(word: &[u8], letter: usize) -> String {
    let filled = if letter == 1 {
        String::from_utf8_lossy(word).into_owned()
    } else {
        let codes = word
            .as_chunks()
            .0
            .iter()
            .map(|code| u32::from_le_bytes(*code));
        codes
            .map(|code| char::from_u32(code).unwrap_or('\u{fffd}'))
            .collect()
    };
    filled.trim_end_matches('\0').to_owned()
}

/// What a header says of this, as it is written there.
pub(super) fn value<'a>(header: &'a str, field: &str) -> &'a str {
    let rest = header
        .split_once(&format!("'{field}':"))
        .map_or("", |(_, rest)| rest)
        .trim_start();
    let end = if rest.starts_with('(') {
        rest.find(')')
    } else {
        rest.find([',', '}'])
    };
    end.map_or("", |end| rest[..end].trim())
}
