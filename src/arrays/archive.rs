//! All arrays of an archive, with their names: what `numpy.savez` writes, compressed or not.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use super::{
    ArrayFault,
    reading::{Numbers, npy},
};
use crate::words::printable;

/// The most arrays that are read: a network has some dozens.
const MOST: usize = 4096;

/// An array of an archive, its numbers as 32-bit floats.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Its sides.
    pub shape: Vec<usize>,
    /// Its numbers, the last side's next to each other.
    pub numbers: Vec<f32>,
    /// What they were, as `NumPy` calls it.
    pub kind: &'static str,
}

/// An archive of arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct Archive {
    /// By name, in the order that the archive has.
    pub arrays: Vec<(String, Array)>,
    /// The archive's own comment, which `NumPy` neither writes nor reads.
    pub comment: String,
}

/// All arrays in the bytes of an archive, which may have no more than so many bytes unpacked.
///
/// # Errors
///
/// What is wrong with it: also where something else is in it.
pub fn archive(bytes: &[u8], most_bytes: u64) -> Result<Archive, ArrayFault> {
    let damaged =
        |error: &dyn std::fmt::Display| ArrayFault::Archive(printable(&error.to_string(), 200));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > MOST {
        return Err(ArrayFault::TooMany(archive.len()));
    }
    let mut arrays = Vec::new();
    let mut room = most_bytes;
    for place in 0..archive.len() {
        let file = archive
            .by_index(place)
            .map_err(|error: ZipError| damaged(&error))?;
        let name = file.name().map_err(|error| damaged(&error))?.into_owned();
        let Some(name) = name.strip_suffix(".npy").map(str::to_owned) else {
            return Err(ArrayFault::Stranger(printable(&name, 60)));
        };
        // What the archive says of its size may be a lie.
        let mut array = Vec::new();
        let read = file.take(room + 1).read_to_end(&mut array);
        read.map_err(|error| damaged(&error))?;
        room = room
            .checked_sub(array.len() as u64)
            .ok_or(ArrayFault::Unpacked(most_bytes))?;
        let of_array = |fault: ArrayFault| ArrayFault::Array {
            name: printable(&name, 60),
            fault: Box::new(fault),
        };
        let (found, kind) = npy(&array).map_err(of_array)?;
        let Numbers::Reals(numbers) = found.numbers else {
            return Err(of_array(ArrayFault::NoFloats(kind)));
        };
        let array = Array {
            shape: found.shape,
            numbers,
            kind,
        };
        arrays.push((name, array));
    }
    let comment = String::from_utf8_lossy(archive.comment()).into_owned();
    Ok(Archive { arrays, comment })
}
