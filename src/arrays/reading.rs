//! The array in the bytes of a file, told apart by its first bytes.

use std::{
    error::Error,
    io::{self, Cursor, Read},
};

use bytemuck::cast_slice_mut;
use half::f16;
use ndarray::ArrayViewD;
use ndarray_npy::{ViewElement, ViewNpyError, ViewNpyExt};
use zip::ZipArchive;

use super::{ArrayFault, words};
use crate::words::printable;

/// The largest array that is read, in bytes: 70,000 images in 64-bit floats are half of it.
pub const MAX_BYTES: u64 = 1 << 30;

/// The largest header that is read; `NumPy`'s of plain numbers have some hundred bytes.
const MAX_HEADER: usize = 4096;

const NPY: &[u8] = b"\x93NUMPY";
const ZIP: &[u8] = b"PK";

/// Columns of a table that say which image it is and what it shows, and nothing of it.
const BESIDE: [&str; 3] = ["index", "label", "loss"];

/// An array.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its sides; of a table, lines and columns.
    pub shape: Vec<usize>,
    /// Its numbers, the last side's next to each other.
    pub numbers: Numbers,
}

/// Numbers, told apart by their type.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// Of 0 to 255.
    Bytes(Vec<u8>),
    /// Whole ones of another type.
    Whole(Vec<i64>),
    /// Any.
    Reals(Vec<f32>),
}

impl Numbers {
    /// The same numbers, whatever type they have.
    pub fn reals(self) -> Vec<f32> {
        match self {
            Self::Bytes(bytes) => bytes.into_iter().map(f32::from).collect(),
            Self::Whole(numbers) => numbers.into_iter().map(|number| number as f32).collect(),
            Self::Reals(numbers) => numbers,
        }
    }
}

/// The array in the bytes of a file; in an archive the one of this name, or the only one.
///
/// # Errors
///
/// What is wrong with it.
pub fn read(bytes: &[u8], name: &str) -> Result<Found, ArrayFault> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ArrayFault::TooLarge);
    }
    if bytes.starts_with(NPY) {
        npy(bytes).map(|(found, _)| found)
    } else if bytes.starts_with(ZIP) {
        npz(bytes, name)
    } else {
        table(bytes)
    }
}

/// The arrays of an archive by their names, of which each is read when it is asked for.
pub struct Contents<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
}

impl<'a> Contents<'a> {
    /// Whether these bytes begin as an archive does.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(ZIP)
    }

    /// The archive in these bytes.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ArrayFault> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        let names = archive
            .file_names()
            .filter_map(|name| Some(name.ok()?.strip_suffix(".npy")?.to_owned()))
            .collect();
        Ok(Self { archive, names })
    }

    /// What its arrays are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The array of this name.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(&mut self, name: &str) -> Result<Found, ArrayFault> {
        npy(&self.bytes(name)?).map(|(found, _)| found)
    }

    /// The words in the array of this name.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn words(&mut self, name: &str) -> Result<Vec<String>, ArrayFault> {
        words::of(&self.bytes(name)?)
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, ArrayFault> {
        let file = self.archive.by_name(&format!("{name}.npy"));
        let file = file.map_err(|error| damaged(&error))?;
        // What the archive says of its size may be a lie.
        let array = bytes_of(file).map_err(|error| damaged(&error))?;
        if array.len() as u64 > MAX_BYTES {
            return Err(ArrayFault::TooLarge);
        }
        Ok(array)
    }
}

/// Whether these bytes begin as one of `NumPy`'s arrays does.
pub fn is_array(bytes: &[u8]) -> bool {
    bytes.starts_with(NPY)
}

fn damaged(error: &dyn Error) -> ArrayFault {
    ArrayFault::Archive(printable(&error.to_string(), 200))
}

fn npz(bytes: &[u8], wanted: &str) -> Result<Found, ArrayFault> {
    let mut archive = Contents::open(bytes)?;
    let name = match archive.names() {
        [only] => only.clone(),
        names if names.iter().any(|name| name == wanted) => wanted.to_owned(),
        names => {
            return Err(ArrayFault::NoSuchArray {
                wanted: wanted.to_owned(),
                found: listed(names),
            });
        }
    };
    archive.read(&name)
}

/// Some names, so that an archive of a thousand arrays makes no page.
pub fn listed(names: &[String]) -> String {
    const SOME: usize = 8;
    let some: Vec<String> = names
        .iter()
        .take(SOME)
        .map(|name| printable(name, 40))
        .collect();
    match names.len() {
        0 => "none".into(),
        all if all > SOME => format!("{} and {} more", some.join(", "), all - SOME),
        _ => some.join(", "),
    }
}

/// The array, and what its numbers are, as `NumPy` calls it.
pub(super) fn npy(bytes: &[u8]) -> Result<(Found, &'static str), ArrayFault> {
    if let Some(wide) = widened(bytes)? {
        return npy(&wide).map(|(found, _)| (found, "float16"));
    }
    // Rows of numbers are seen in place, which needs them where such numbers can be.
    let mut moved;
    let bytes = if bytes.as_ptr().align_offset(align_of::<u64>()) == 0 {
        bytes
    } else {
        moved = vec![0_u64; bytes.len().div_ceil(8)];
        let place: &mut [u8] = &mut cast_slice_mut(&mut moved)[..bytes.len()];
        place.copy_from_slice(bytes);
        &*place
    };
    let mut fault = match seen(bytes, |value: u8| value) {
        Ok((shape, values)) => {
            let numbers = Numbers::Bytes(values);
            return Ok((Found { shape, numbers }, "uint8"));
        }
        Err(fault) => fault,
    };
    let others: [(View, &str); 9] = [
        (|bytes| reals(bytes, |value: f32| value), "float32"),
        (|bytes| reals(bytes, |value: f64| value as f32), "float64"),
        (|bytes| whole(bytes, |value: i64| value), "int64"),
        (|bytes| whole(bytes, |value: i32| value.into()), "int32"),
        (|bytes| whole(bytes, |value: i16| value.into()), "int16"),
        (|bytes| whole(bytes, |value: i8| value.into()), "int8"),
        (
            |bytes| whole(bytes, |value: u64| value.try_into().unwrap_or(i64::MAX)),
            "uint64",
        ),
        (|bytes| whole(bytes, |value: u32| value.into()), "uint32"),
        (|bytes| whole(bytes, |value: u16| value.into()), "uint16"),
    ];
    for (view, kind) in others {
        if !matches!(fault, ViewNpyError::WrongDescriptor(_)) {
            break;
        }
        match view(bytes) {
            Ok(found) => return Ok((found, kind)),
            Err(other) => fault = other,
        }
    }
    if matches!(fault, ViewNpyError::NonNativeEndian) {
        return Err(ArrayFault::OtherEndian(turned_round(header(bytes)?.0)));
    }
    Err(said(fault))
}

/// The type that a header names, with its bytes in the order of this machine: of another type,
/// numbers would be read for something else.
fn turned_round(header: &[u8]) -> String {
    let header = String::from_utf8_lossy(header);
    let kind = words::value(&header, "descr").trim_matches(['\'', '"']);
    let plain = printable(kind.trim_start_matches('>'), 8);
    format!("<{plain}")
}

/// From the bytes of an array of one type to its sides and numbers.
type View = fn(&[u8]) -> Result<Found, ViewNpyError>;

fn reals<T: ViewElement + Copy>(
    bytes: &[u8],
    number: impl Fn(T) -> f32,
) -> Result<Found, ViewNpyError> {
    let (shape, numbers) = seen(bytes, number)?;
    let numbers = Numbers::Reals(numbers);
    Ok(Found { shape, numbers })
}

fn whole<T: ViewElement + Copy>(
    bytes: &[u8],
    number: impl Fn(T) -> i64,
) -> Result<Found, ViewNpyError> {
    let (shape, numbers) = seen(bytes, number)?;
    let numbers = Numbers::Whole(numbers);
    Ok(Found { shape, numbers })
}

/// The sides and the numbers of an array of this type, if it is one.
fn seen<T: ViewElement + Copy, N>(
    bytes: &[u8],
    number: impl Fn(T) -> N,
) -> Result<(Vec<usize>, Vec<N>), ViewNpyError> {
    let array = ArrayViewD::<T>::view_npy(bytes)?;
    // Narrow numbers are kept in wider ones.
    if array.len() as u64 > MAX_BYTES / size_of::<N>() as u64 {
        return Err(ViewNpyError::LengthOverflow);
    }
    // In the order of rows, whichever the file's is.
    let numbers = array.iter().map(|value| number(*value)).collect();
    Ok((array.shape().to_vec(), numbers))
}

/// An array of 16-bit floats with 32-bit ones in their places, of which rows can be seen; nothing
/// where it has others. Its header stays as long.
fn widened(bytes: &[u8]) -> Result<Option<Vec<u8>>, ArrayFault> {
    const HALF: &[u8] = b"'<f2'";
    let (header, numbers) = header(bytes)?;
    let Some(place) = header.windows(HALF.len()).position(|found| found == HALF) else {
        return Ok(None);
    };
    if numbers.len() as u64 > MAX_BYTES / 2 {
        return Err(ArrayFault::TooLarge);
    }
    let (head, _) = bytes.split_at(bytes.len() - numbers.len());
    let mut wide = head.to_vec();
    wide[head.len() - header.len() + place + 3] = b'4';
    let (pairs, rest) = numbers.as_chunks::<2>();
    for pair in pairs {
        wide.extend(f16::from_le_bytes(*pair).to_f32().to_le_bytes());
    }
    wide.extend(rest);
    Ok(Some(wide))
}

/// What a file or a pipe has, up to one byte more than an array may: that is refused by
/// [`read`].
///
/// # Errors
///
/// What the system refused.
pub fn bytes_of(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The header of an array's bytes, and what follows it.
pub(super) fn header(bytes: &[u8]) -> Result<(&[u8], &[u8]), ArrayFault> {
    let field = |range: std::ops::Range<usize>| bytes.get(range).ok_or(ArrayFault::Cut);
    let (length, start) = match field(6..7)? {
        [1] => (field(8..10)?, 10),
        _ => (field(8..12)?, 12),
    };
    let length = length
        .iter()
        .rev()
        .fold(0, |above, byte| above << 8 | usize::from(*byte));
    if length > MAX_HEADER {
        return Err(ArrayFault::Header(format!("it has {length} bytes")));
    }
    let header = field(start..start + length)?;
    Ok((header, &bytes[start + length..]))
}

fn said(error: ViewNpyError) -> ArrayFault {
    match error {
        ViewNpyError::MissingBytes(_) | ViewNpyError::Io(_) => ArrayFault::Cut,
        ViewNpyError::ExtraBytes(_) => ArrayFault::TooLong,
        ViewNpyError::LengthOverflow => ArrayFault::TooLarge,
        ViewNpyError::WrongDescriptor(kind) => ArrayFault::Type(printable(&kind.to_string(), 40)),
        other => ArrayFault::Header(printable(&other.to_string(), 200)),
    }
}

/// Lines of numbers; names above them say what is beside.
fn table(bytes: &[u8]) -> Result<Found, ArrayFault> {
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let mut kept: Option<Vec<bool>> = None;
    let mut numbers = Vec::new();
    let mut rows = 0;
    for record in lines.byte_records() {
        let record = record.map_err(|error| of_line(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let first = kept.is_none();
        let takes = kept.get_or_insert_with(|| {
            let names = record.iter();
            names
                .map(|name| !BESIDE.iter().any(|beside| beside.as_bytes() == name))
                .collect()
        });
        let fields = record.iter().zip(takes.iter()).filter(|(_, takes)| **takes);
        let values: Result<Vec<f32>, &[u8]> = fields.map(|(field, _)| number(field)).collect();
        match values {
            Ok(values) => {
                numbers.extend(values);
                rows += 1;
            }
            // Names.
            Err(_) if first => {}
            Err(field) => {
                let why = format!(
                    "{:?} is no number",
                    printable(&String::from_utf8_lossy(field), 20)
                );
                return Err(ArrayFault::Line { line, why });
            }
        }
    }
    if rows == 0 || numbers.is_empty() {
        return Err(ArrayFault::Empty);
    }
    Ok(Found {
        shape: vec![rows, numbers.len() / rows],
        numbers: Numbers::Reals(numbers),
    })
}

fn number(field: &[u8]) -> Result<f32, &[u8]> {
    let words = std::str::from_utf8(field).map_err(|_| field)?;
    words.parse().map_err(|_| field)
}

fn of_line(error: &csv::Error) -> ArrayFault {
    let line = error.position().map_or(0, csv::Position::line);
    let why = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("it has {len} fields, not {expected_len}")
        }
        _ => printable(&error.to_string(), 200),
    };
    ArrayFault::Line { line, why }
}
