//! Arrays as the bytes of a file.

use std::io::{self, Cursor, Write};

use ndarray::{ArrayViewD, Axis};
use ndarray_npy::{WritableElement, WriteNpyExt};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::Form;

/// What is known of each image of a stretch: columns of a table of as many rows.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// The columns; what a form holds only one of, it holds the last of.
    pub columns: Vec<(&'a str, Column<'a>)>,
}

/// Something of each image.
#[derive(Debug, Clone)]
pub enum Column<'a> {
    /// A whole number.
    Whole(Vec<u32>),
    /// A number of 0 to 255.
    Small(&'a [u8]),
    /// Numbers, the images along the first axis.
    Reals(ArrayViewD<'a, f32>),
}

impl Table<'_> {
    /// The bytes of a file of this form.
    ///
    /// # Errors
    ///
    /// When a form cannot hold so much.
    pub fn bytes(&self, form: Form) -> io::Result<Vec<u8>> {
        match form {
            Form::Npy => self
                .columns
                .last()
                .map_or(Ok(Vec::new()), |(_, column)| column.npy()),
            Form::Npz => self.npz(),
            Form::Csv => self.csv(),
        }
    }

    fn npz(&self) -> io::Result<Vec<u8>> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        // Weights and codes hardly get smaller, and NumPy's own savez leaves them as they are.
        let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (name, column) in &self.columns {
            archive.start_file(format!("{name}.npy"), plain)?;
            archive.write_all(&column.npy()?)?;
        }
        Ok(archive.finish()?.into_inner())
    }

    fn csv(&self) -> io::Result<Vec<u8>> {
        let mut lines = csv::Writer::from_writer(Vec::new());
        let names = self
            .columns
            .iter()
            .flat_map(|(name, column)| column.names(name));
        lines.write_record(names)?;
        let rows = self.columns.first().map_or(0, |(_, column)| column.rows());
        for row in 0..rows {
            for (_, column) in &self.columns {
                column.write_row(row, &mut lines)?;
            }
            // No more fields: the line is done.
            lines.write_record(None::<&[u8]>)?;
        }
        lines.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

impl Column<'_> {
    fn rows(&self) -> usize {
        match self {
            Self::Whole(values) => values.len(),
            Self::Small(values) => values.len(),
            Self::Reals(values) => values.len_of(Axis(0)),
        }
    }

    /// What each of its numbers is called in a line of names.
    fn names(&self, name: &str) -> Vec<String> {
        match self {
            Self::Whole(_) | Self::Small(_) => vec![name.to_owned()],
            Self::Reals(values) if values.ndim() == 1 => vec![name.to_owned()],
            Self::Reals(values) => {
                let each: usize = values.shape()[1..].iter().product();
                (0..each).map(|number| format!("{name}_{number}")).collect()
            }
        }
    }

    fn write_row(&self, row: usize, lines: &mut csv::Writer<Vec<u8>>) -> csv::Result<()> {
        match self {
            Self::Whole(values) => lines.write_field(values[row].to_string()),
            Self::Small(values) => lines.write_field(values[row].to_string()),
            // The shortest words that read back as the same number.
            Self::Reals(values) => {
                let mut of_row = values.index_axis(Axis(0), row).into_iter();
                of_row.try_for_each(|value| lines.write_field(value.to_string()))
            }
        }
    }

    fn npy(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Whole(values) => npy(&ndarray::aview1(values).into_dyn()),
            Self::Small(values) => npy(&ndarray::aview1(values).into_dyn()),
            Self::Reals(values) => npy(values),
        }
    }
}

fn npy<T: WritableElement>(values: &ArrayViewD<T>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    values.write_npy(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}
