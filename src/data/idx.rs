//! The IDX format, read strictly.
//!
//! An IDX file is a big-endian header and then raw bytes. The header is a magic
//! number (two zero bytes, the element type 8 for unsigned bytes, the number of
//! dimensions) and the length of each dimension; described at
//! <http://yann.lecun.com/exdb/mnist/>. Nothing here touches a file.

use crate::image::ImageSize;

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

    /// Bytes before the first pixel or label.
    pub const fn header_len(self) -> usize {
        match self {
            Self::Images => 16,
            Self::Labels => 8,
        }
    }
}

/// What the header of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Images or labels.
    pub kind: Kind,
    /// How many of them.
    pub count: u32,
    /// Rows and columns of each: 1 and 1 of labels.
    pub sides: [u32; 2],
}

impl Header {
    /// That of so many images of this size.
    pub const fn of_images(count: u32, size: ImageSize) -> Self {
        Self {
            kind: Kind::Images,
            count,
            sides: [size.height as u32, size.width as u32],
        }
    }

    /// That of so many labels.
    pub const fn of_labels(count: u32) -> Self {
        Self {
            kind: Kind::Labels,
            count,
            sides: [1, 1],
        }
    }

    /// Its bytes: 16 for images, 8 for labels.
    pub fn bytes(self) -> Vec<u8> {
        let sides: &[u32] = match self.kind {
            Kind::Images => &self.sides,
            Kind::Labels => &[],
        };
        [self.kind.magic(), self.count]
            .iter()
            .chain(sides)
            .flat_map(|word| word.to_be_bytes())
            .collect()
    }

    /// Bytes that follow it.
    pub const fn payload_len(self) -> u128 {
        let [rows, columns] = self.sides;
        self.count as u128 * rows as u128 * columns as u128
    }

    /// Bytes of the whole file.
    pub const fn file_len(self) -> u128 {
        self.kind.header_len() as u128 + self.payload_len()
    }

    /// The size of each image.
    pub const fn size(self) -> ImageSize {
        let [rows, columns] = self.sides;
        ImageSize {
            height: rows as usize,
            width: columns as usize,
        }
    }
}

/// Reads what the header of a file of this kind says, of as many bytes as the file's first.
///
/// # Errors
///
/// The first [`Flaw`] of the header.
pub fn header(bytes: &[u8], kind: Kind) -> Result<Header, Flaw> {
    let short = Flaw::Short {
        expected: kind.header_len() as u128,
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
    Ok(Header { kind, count, sides })
}

/// Whether a file that begins like this holds images or labels.
pub fn is_one(bytes: &[u8]) -> bool {
    let magic = word(bytes, 0);
    [Kind::Images, Kind::Labels]
        .iter()
        .any(|kind| magic == Some(kind.magic()))
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
    /// More than is read.
    #[error("its header says {expected} bytes, more than {} MiB; is it damaged?", .most >> 20)]
    Huge {
        /// Bytes that the whole file has.
        expected: u128,
        /// Bytes that are read.
        most: u64,
    },
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

    const IMAGES: Header = Header::of_images(3, ImageSize::MNIST);
    const LABELS: Header = Header::of_labels(5);

    #[test]
    fn headers_are_those_of_mnist() {
        assert_eq!(
            IMAGES.bytes(),
            [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28]
        );
        assert_eq!(LABELS.bytes(), [0, 0, 8, 1, 0, 0, 0, 5]);
        assert_eq!((IMAGES.file_len(), LABELS.file_len()), (16 + 3 * 784, 13));
    }

    #[test]
    fn what_was_written_is_read_and_every_truncation_refused() {
        for wanted in [IMAGES, LABELS] {
            let bytes = wanted.bytes();
            assert_eq!(header(&bytes, wanted.kind), Ok(wanted));
            assert!(is_one(&bytes));
            assert_eq!(bytes.len(), wanted.kind.header_len());
            assert_eq!(header(&[], wanted.kind), Err(Flaw::Empty));
            for found in 1..bytes.len() {
                let flaw = Flaw::Short {
                    expected: bytes.len() as u128,
                    found: found as u128,
                };
                assert_eq!(header(&bytes[..found], wanted.kind), Err(flaw));
            }
        }
    }

    #[test]
    fn every_change_of_the_magic_number_is_refused() {
        for wanted in [IMAGES, LABELS] {
            for byte in 0..4 {
                for change in 1..=255 {
                    let mut bytes = wanted.bytes();
                    bytes[byte] ^= change;
                    header(&bytes, wanted.kind).unwrap_err();
                }
            }
        }
    }

    #[test]
    fn likely_mistakes_are_called_by_their_name() {
        let page = b"\n<!DOCTYPE html><title>404</title>".to_vec();
        for (bytes, expected, words) in [
            (
                LABELS.bytes(),
                Kind::Images,
                "expected images, found labels",
            ),
            (
                IMAGES.bytes(),
                Kind::Labels,
                "expected labels, found images",
            ),
            (page, Kind::Images, "found a web page"),
        ] {
            let flaw = header(&bytes, expected).unwrap_err().to_string();
            assert!(flaw.contains(words), "{flaw}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic_and_pass_only_as_what_they_are(
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            for kind in [Kind::Images, Kind::Labels] {
                if let Ok(found) = header(&bytes, kind) {
                    prop_assert!(bytes.starts_with(&found.bytes()));
                }
            }
        }
    }
}
