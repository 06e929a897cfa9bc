//! A picture as Sixel: bands of six rows, and in each of them for every colour the columns that
//! have it, as letters of six bits.
//!
//! Runs of a letter are counted. Colours are told in percent, and those that are nearly alike are
//! one: so a band has few of them, and the whole some dozens, which terminals have registers for.

use crate::{raster::Rgb, ui::widget::bitmap::Bitmap};

/// Rows of pixels in a band.
const BAND: usize = 6;
/// Colours are alike that differ in no part by more than this, in percent.
const ALIKE: u32 = 2;
/// From this length on a run is shorter counted.
const COUNTED: usize = 4;

/// A picture of this size, of which a last band that would not be whole is left out: it would
/// reach into the cells below.
pub(super) fn of(bitmap: &Bitmap, [width, height]: [usize; 2]) -> Vec<u8> {
    let bitmap = bitmap.scaled([width, height / BAND * BAND]);
    let [width, height] = bitmap.size();
    let (registers, colors) = registers(bitmap.colors());
    // Pixels are square, and what is not drawn is left as it was.
    let mut bytes = format!("\x1bP0;1;0q\"1;1;{width};{height}").into_bytes();
    for (number, [red, green, blue]) in colors.iter().enumerate() {
        bytes.extend(format!("#{number};2;{red};{green};{blue}").into_bytes());
    }
    for band in bitmap.pixels().chunks_exact(BAND * width.max(1)) {
        put_band(band, width, &registers, colors.len(), &mut bytes);
    }
    bytes.extend(b"\x1b\\");
    bytes
}

/// The register of each colour, and what the registers hold, in percent.
fn registers(colors: &[Rgb]) -> (Vec<usize>, Vec<[u32; 3]>) {
    let mut held: Vec<[u32; 3]> = Vec::new();
    let register = |color: &Rgb| {
        let color = color.map(|part| (u32::from(part) * 100 + 127) / 255);
        let alike = |known: &[u32; 3]| {
            let mut parts = known.iter().zip(&color);
            parts.all(|(known, part)| known.abs_diff(*part) <= ALIKE)
        };
        held.iter().position(alike).unwrap_or_else(|| {
            held.push(color);
            held.len() - 1
        })
    };
    let registers = colors.iter().map(register).collect();
    (registers, held)
}

fn put_band(band: &[u8], width: usize, registers: &[usize], count: usize, bytes: &mut Vec<u8>) {
    let mut letters: Vec<Option<Vec<u8>>> = vec![None; count];
    for (place, &pixel) in band.iter().enumerate() {
        let (x, y) = (place % width, place / width);
        let of_color = letters[registers[usize::from(pixel)]].get_or_insert_with(|| vec![0; width]);
        of_color[x] |= 1 << y;
    }
    for (number, letters) in letters.iter().enumerate() {
        let Some(letters) = letters else { continue };
        bytes.extend(format!("#{number}").into_bytes());
        put_runs(letters, bytes);
        // Back to the first column.
        bytes.push(b'$');
    }
    // On to the next band.
    bytes.push(b'-');
}

fn put_runs(letters: &[u8], bytes: &mut Vec<u8>) {
    let end = letters.iter().rposition(|bits| *bits != 0);
    let letters = &letters[..end.map_or(0, |end| end + 1)];
    for run in letters.chunk_by(|one, next| one == next) {
        let letter = b'?' + run[0];
        if run.len() < COUNTED {
            bytes.extend(run.iter().map(|_| letter));
        } else {
            bytes.extend(format!("!{}", run.len()).into_bytes());
            bytes.push(letter);
        }
    }
}
