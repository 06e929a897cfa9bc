//! The IDX format, read strictly.
//!
//! An IDX file is a big-endian header and then raw bytes. The header is a magic
//! number (two zero bytes, the element type 8 for unsigned bytes, the number of
//! dimensions) and the length of each dimension; described at
//! <http://yann.lecun.com/exdb/mnist/>. Nothing here touches a file.

use super::{CLASSES, IMAGE_SIDE, PIXELS};

/// What the bytes after the header are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Three dimensions: images, rows, columns.
    Images,
    /// One dimension: labels.
    Labels,
}

impl Kind {
    const fn magic(self) -> u32 {
        match self {
            Self::Images => 0x0803,
            Self::Labels => 0x0801,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Images => Self::Labels,
            Self::Labels => Self::Images,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
        }
    }
}

/// What a file has to hold, to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Images or labels.
    pub kind: Kind,
    /// How many of them.
    pub count: u32,
}

impl Contents {
    /// The header that such a file begins with: 16 bytes for images, 8 for labels.
    pub fn header(self) -> Vec<u8> {
        let sides: &[u32] = match self.kind {
            Kind::Images => &[IMAGE_SIDE as u32; 2],
            Kind::Labels => &[],
        };
        [self.kind.magic(), self.count]
            .iter()
            .chain(sides)
            .flat_map(|word| word.to_be_bytes())
            .collect()
    }

    /// Bytes before the first pixel or label.
    pub const fn header_len(self) -> usize {
        match self.kind {
            Kind::Images => 16,
            Kind::Labels => 8,
        }
    }

    /// Bytes of the whole file.
    pub const fn file_len(self) -> usize {
        self.header_len()
            + match self.kind {
                Kind::Images => self.count as usize * PIXELS,
                Kind::Labels => self.count as usize,
            }
    }
}

/// What the header of a file promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Images or labels.
    pub kind: Kind,
    /// How many of them.
    pub count: u32,
    /// Rows and columns of each: 1 and 1 of labels.
    pub sides: [u32; 2],
}

impl Promise {
    /// Bytes of the whole file, header and all.
    pub fn file_len(self) -> u128 {
        let header = Contents {
            kind: self.kind,
            count: 0,
        };
        let each = u128::from(self.sides[0]) * u128::from(self.sides[1]);
        header.header_len() as u128 + u128::from(self.count) * each
    }
}

/// Reads what the header of a file of this kind promises.
///
/// # Errors
///
/// The first [`Flaw`] of the header.
pub fn promise(bytes: &[u8], kind: Kind) -> Result<Promise, Flaw> {
    let short = Flaw::Short {
        expected: Contents { kind, count: 0 }.header_len() as u128,
        found: bytes.len() as u128,
    };
    if bytes.is_empty() {
        return Err(Flaw::Empty);
    }
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err(Flaw::WebPage);
    }
    let magic = word(bytes, 0).ok_or(short)?;
    if magic == kind.other().magic() {
        return Err(Flaw::Swapped { expected: kind });
    }
    if magic != kind.magic() {
        return Err(Flaw::Magic {
            expected: kind.magic(),
            found: magic,
        });
    }
    let count = word(bytes, 1).ok_or(short)?;
    let sides = match kind {
        Kind::Images => [word(bytes, 2).ok_or(short)?, word(bytes, 3).ok_or(short)?],
        Kind::Labels => [1, 1],
    };
    Ok(Promise { kind, count, sides })
}

/// How a file differs from what it has to be: expected, found, and the cure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// No byte at all.
    #[error("the file is empty; fetch it again")]
    Empty,
    /// A server's error page, saved under the file's name.
    #[error("expected an IDX file, found a web page; fetch it again from a host that has it")]
    WebPage,
    /// Images where labels belong, or the reverse.
    #[error("expected {}, found {}; are the images and the labels swapped?", .expected.words(), .expected.other().words())]
    Swapped {
        /// What the file's name promises.
        expected: Kind,
    },
    /// Another magic number than either of MNIST's.
    #[error(
        "expected the magic number {expected:#010x}, found {found:#010x}; this is not MNIST's IDX format"
    )]
    Magic {
        /// The magic number of the kind expected.
        expected: u32,
        /// The first four bytes.
        found: u32,
    },
    /// Another number of images or labels.
    #[error("expected {expected} {}, found {found}; ae-tui takes no others", .kind.words())]
    Count {
        /// Images or labels.
        kind: Kind,
        /// How many there should be.
        expected: u32,
        /// How many the header promises.
        found: u32,
    },
    /// Images of another size.
    #[error("expected images of 28x28, found {rows}x{columns}; ae-tui takes no others")]
    Size {
        /// Rows by the header.
        rows: u32,
        /// Columns by the header.
        columns: u32,
    },
    /// The file ends early.
    #[error("expected {expected} bytes, found {found}; the file was cut short, fetch it again")]
    Short {
        /// Bytes that the whole file has.
        expected: u128,
        /// Bytes that there are.
        found: u128,
    },
    /// The file goes on after its end.
    #[error("expected {expected} bytes, found more; fetch the file again")]
    Long {
        /// Bytes that the whole file has.
        expected: u128,
    },
    /// A label that is no digit.
    #[error(
        "expected labels from 0 to 9, found {label} at position {position}; ae-tui takes no others"
    )]
    Label {
        /// Which label, from 0.
        position: usize,
        /// Its value.
        label: u8,
    },
}

/// Checks a whole file and returns its pixels or labels.
///
/// To notice a file that is too long, one byte more than
/// [`Contents::file_len`] is enough.
///
/// # Errors
///
/// The first [`Flaw`] found, from the front of the file to its end.
pub fn parse(bytes: &[u8], expected: Contents) -> Result<&[u8], Flaw> {
    let Contents { kind, count } = expected;
    let promise = promise(bytes, kind).map_err(|flaw| match flaw {
        // Of the whole file, not of its header.
        Flaw::Short { found, .. } => Flaw::Short {
            expected: expected.file_len() as u128,
            found,
        },
        flaw => flaw,
    })?;
    if promise.count != count {
        return Err(Flaw::Count {
            kind,
            expected: count,
            found: promise.count,
        });
    }
    let [rows, columns] = promise.sides;
    if kind == Kind::Images && promise.sides != [IMAGE_SIDE as u32; 2] {
        return Err(Flaw::Size { rows, columns });
    }
    let short = Flaw::Short {
        expected: expected.file_len() as u128,
        found: bytes.len() as u128,
    };
    let payload = bytes.get(expected.header_len()..).ok_or(short)?;
    if bytes.len() < expected.file_len() {
        return Err(short);
    }
    if bytes.len() > expected.file_len() {
        return Err(Flaw::Long {
            expected: expected.file_len() as u128,
        });
    }
    if kind == Kind::Labels {
        digits(payload)?;
    }
    Ok(payload)
}

fn digits(labels: &[u8]) -> Result<(), Flaw> {
    match labels.iter().position(|&label| label >= CLASSES as u8) {
        None => Ok(()),
        Some(position) => Err(Flaw::Label {
            position,
            label: labels[position],
        }),
    }
}

/// The big-endian 32-bit word at this place, counted in words.
fn word(bytes: &[u8], place: usize) -> Option<u32> {
    let bytes = bytes.get(4 * place..4 * place + 4)?;
    Some(u32::from_be_bytes(
        bytes.try_into().expect("four bytes were taken"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IMAGES: Contents = Contents {
        kind: Kind::Images,
        count: 3,
    };
    const LABELS: Contents = Contents {
        kind: Kind::Labels,
        count: 5,
    };

    fn whole(contents: Contents) -> Vec<u8> {
        let mut bytes = contents.header();
        bytes.resize(contents.file_len(), 4);
        bytes
    }

    #[test]
    fn a_whole_file_gives_its_payload() {
        for contents in [IMAGES, LABELS] {
            let bytes = whole(contents);
            let payload = parse(&bytes, contents).unwrap();
            assert_eq!(payload, &bytes[contents.header_len()..]);
            assert_eq!(contents.header().len(), contents.header_len());
        }
    }

    #[test]
    fn headers_are_those_of_mnist() {
        assert_eq!(
            IMAGES.header(),
            [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28]
        );
        assert_eq!(LABELS.header(), [0, 0, 8, 1, 0, 0, 0, 5]);
    }

    #[test]
    fn every_change_of_the_header_is_refused() {
        for contents in [IMAGES, LABELS] {
            for byte in 0..contents.header_len() {
                for change in 1..=255 {
                    let mut bytes = whole(contents);
                    bytes[byte] ^= change;
                    parse(&bytes, contents).unwrap_err();
                }
            }
        }
    }

    #[test]
    fn every_truncation_is_refused() {
        for contents in [IMAGES, LABELS] {
            let bytes = whole(contents);
            assert_eq!(parse(&[], contents), Err(Flaw::Empty));
            for found in 1..bytes.len() {
                let flaw = Flaw::Short {
                    expected: bytes.len() as u128,
                    found: found as u128,
                };
                assert_eq!(parse(&bytes[..found], contents), Err(flaw));
            }
        }
    }

    #[test]
    fn trailing_bytes_are_refused() {
        for contents in [IMAGES, LABELS] {
            for extra in [1, PIXELS] {
                let mut bytes = whole(contents);
                let expected = bytes.len() as u128;
                bytes.resize(bytes.len() + extra, 0);
                assert_eq!(parse(&bytes, contents), Err(Flaw::Long { expected }));
            }
        }
    }

    #[test]
    fn labels_that_are_no_digits_are_refused() {
        for label in [10, 255] {
            let mut bytes = whole(LABELS);
            bytes[LABELS.header_len() + 2] = label;
            let flaw = Flaw::Label { position: 2, label };
            assert_eq!(parse(&bytes, LABELS), Err(flaw));
        }
    }

    #[test]
    fn likely_mistakes_are_called_by_their_name() {
        let more = |contents: Contents| Contents {
            count: contents.count + 1,
            ..contents
        };
        let page = b"\n<!DOCTYPE html><title>404</title>".to_vec();
        for (bytes, expected, words) in [
            (whole(LABELS), IMAGES, "expected images, found labels"),
            (whole(IMAGES), LABELS, "expected labels, found images"),
            (whole(IMAGES), more(IMAGES), "expected 4 images, found 3"),
            (whole(LABELS), more(LABELS), "expected 6 labels, found 5"),
            (page, IMAGES, "found a web page"),
        ] {
            let flaw = parse(&bytes, expected).unwrap_err().to_string();
            assert!(flaw.contains(words), "{flaw}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic_and_pass_only_if_whole(
            bytes in proptest::collection::vec(any::<u8>(), 0..4096),
        ) {
            for contents in [IMAGES, LABELS] {
                if parse(&bytes, contents).is_ok() {
                    prop_assert_eq!(bytes.len(), contents.file_len());
                    prop_assert!(bytes.starts_with(&contents.header()));
                }
            }
        }

        #[test]
        fn arbitrary_bytes_after_a_good_header_never_panic(
            tail in proptest::collection::vec(any::<u8>(), 0..4096),
            count in 0_u32..8,
        ) {
            for kind in [Kind::Images, Kind::Labels] {
                let contents = Contents { kind, count };
                let bytes = [contents.header(), tail.clone()].concat();
                let fits = bytes.len() == contents.file_len();
                let digits = kind == Kind::Images || tail.iter().all(|&label| label < 10);
                prop_assert_eq!(parse(&bytes, contents).is_ok(), fits && digits);
            }
        }
    }
}
