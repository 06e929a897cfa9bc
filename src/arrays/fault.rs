//! What can be wrong with a file of arrays.

use thiserror::Error;

use super::MAX_BYTES;

/// What is wrong with a file of arrays, and what helps. It follows the file's name.
#[derive(Debug, Error)]
pub enum ArrayFault {
    /// It ends before what its header says.
    #[error("it is cut short; save it again")]
    Cut,
    /// It goes on after what its header says.
    #[error("it has more bytes than its header says; save it again")]
    TooLong,
    /// What it holds is larger than anything of ours.
    #[error("its arrays have more than {} MiB; take fewer images at a time", MAX_BYTES >> 20)]
    TooLarge,
    /// Its header is not one of `NumPy`'s.
    #[error("its header is damaged: {0}; save it again with numpy.save")]
    Header(String),
    /// Its numbers are of a kind that is not read.
    #[error(
        "its numbers are {0}; save them with .astype(\"float32\") or, pixels of 0 to 255, \"uint8\""
    )]
    Type(String),
    /// Names are expected, and it holds something else.
    #[error("words in one row are needed, and it has {0}; save it with numpy.array([...], \"U\")")]
    NoWords(String),
    /// There are more names than anything has.
    #[error(
        "it has {words} words, and at most {most} are read; save the names of the classes alone"
    )]
    TooManyWords {
        /// How many.
        words: usize,
        /// How many are read.
        most: usize,
    },
    /// Its numbers are written the other way round.
    #[error("its bytes are in the order of other machines; save it with .astype(\"{0}\")")]
    OtherEndian(String),
    /// The archive cannot be read.
    #[error("it is no archive of arrays: {0}; save it again with numpy.savez")]
    Archive(String),
    /// It has more arrays than any network.
    #[error("it has {0} arrays; name an archive of one network's")]
    TooMany(usize),
    /// What it unpacks to is larger than what was expected of it.
    #[error("it unpacks to more than {} MiB; name an archive of one network's arrays", _0 >> 20)]
    Unpacked(u64),
    /// Something in it is no array.
    #[error(
        "{0} is in it, which is no array; write arrays alone, as numpy.savez(\"net.npz\", *net.get_weights()) does"
    )]
    Stranger(String),
    /// Whole numbers where a network's weights are needed.
    #[error("its numbers are {0}, and weights are floats; save them with .astype(\"float32\")")]
    NoFloats(&'static str),
    /// One of its arrays is damaged.
    #[error("its array {name}: {fault}")]
    Array {
        /// The array's name.
        name: String,
        /// What is wrong with it.
        fault: Box<Self>,
    },
    /// None of its arrays is the one.
    #[error(
        "none of its arrays is called {wanted:?}; it has {found}; save it with numpy.savez(..., {wanted}=...)"
    )]
    NoSuchArray {
        /// What was looked for.
        wanted: String,
        /// What there is.
        found: String,
    },
    /// A line of it is no line of numbers.
    #[error("line {line}: {why}; a line of names, then lines of as many numbers are needed")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// There is nothing in it.
    #[error("there are no numbers in it")]
    Empty,
}
