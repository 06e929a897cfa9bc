//! From an array's shape, type and range to pictures in bytes, or to what makes it such.

use crate::{
    arrays::{self, Numbers},
    data::{Unfit, pictures::grey, source::Heap},
    image::ImageSize,
};

/// An array as pictures, and whether its numbers are reals.
pub(super) fn heap(array: arrays::Found, name: &str) -> Result<(Heap, bool), Unfit> {
    let arrays::Found { shape, numbers } = array;
    let wrong = || Unfit::Shape {
        name: name.into(),
        shape: sides(&shape),
        cure: match shape[..] {
            [_, 3, _, _] => {
                "colours are read where they come last: np.moveaxis(x, 1, -1) puts them there"
            }
            [_, _, _, 4] => {
                "of four colours the last is how opaque a pixel is: x[..., :3] leaves it out"
            }
            _ => "images are [n, height, width], or [n, pixels] where they are square",
        },
    };
    let (height, width, colours) = match shape[..] {
        [_, pixels] => {
            let side = pixels.isqrt();
            if side * side != pixels {
                return Err(wrong());
            }
            (side, side, 1)
        }
        [_, height, width] | [_, height, width, 1] | [_, 1, height, width] => (height, width, 1),
        [_, height, width, 3] => (height, width, 3),
        _ => return Err(wrong()),
    };
    let size = ImageSize { height, width };
    let images = shape[0];
    if images == 0 || size.pixels() == 0 {
        return Err(Unfit::Nothing);
    }
    let reals = matches!(numbers, Numbers::Reals(_));
    let each = size.pixels() * colours;
    let pixels = match numbers {
        Numbers::Bytes(bytes) => {
            expect_bytes(bytes.iter().map(|&byte| i64::from(byte)), name)?;
            bytes
        }
        Numbers::Whole(numbers) => {
            expect_bytes(numbers.iter().copied(), name)?;
            numbers.into_iter().map(|number| number as u8).collect()
        }
        Numbers::Reals(numbers) => {
            expect_parts(&numbers, each, name)?;
            let byte = |part: f32| (part * 255.0).round() as u8;
            numbers.into_iter().map(byte).collect()
        }
    };
    let pixels = if colours == 3 {
        pixels
            .as_chunks()
            .0
            .iter()
            .map(|&colour| grey(colour))
            .collect()
    } else {
        pixels
    };
    let heap = Heap {
        size,
        pixels,
        labels: None,
    };
    Ok((heap, reals))
}

/// Whole numbers are 0 to 255, and where their greatest is 1 they were meant otherwise.
fn expect_bytes(numbers: impl Iterator<Item = i64>, name: &str) -> Result<(), Unfit> {
    let ends = numbers.fold([i64::MAX, i64::MIN], |[least, most], number| {
        [number.min(least), number.max(most)]
    });
    let [least, most] = ends;
    let cure = match ends {
        // All black is black, whatever was meant.
        [(0..), 0 | 2..=255] => return Ok(()),
        [(0..), ..2] => "that is black in 0 to 255: (x * 255.0).astype(\"uint8\")".into(),
        [(0..), _] => format!("pixels are 0 to 255: (x * (255 / {most})).astype(\"uint8\")"),
        // Of few bits, a difference or a multiple of them is one of others.
        _ => "pixels are 0 to 255: np.interp(x, (x.min(), x.max()), (0, 255)).astype(\"uint8\")"
            .into(),
    };
    Err(Unfit::Range {
        name: name.into(),
        kind: "whole numbers",
        least: least as f64,
        most: most as f64,
        cure,
    })
}

/// Reals are 0 to 1.
fn expect_parts(numbers: &[f32], each: usize, name: &str) -> Result<(), Unfit> {
    /// What rounding leaves of a division may lie so far outside; a byte's step is 200 times as wide.
    const SLACK: f32 = 2e-5;
    if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
        let (name, image) = (name.into(), place / each);
        return Err(Unfit::NoNumber { name, image });
    }
    let ends = numbers.iter().fold(
        [f32::INFINITY, f32::NEG_INFINITY],
        |[least, most], &number| [number.min(least), number.max(most)],
    );
    let [least, most] = ends;
    if least >= -SLACK && most <= 1.0 + SLACK {
        return Ok(());
    }
    let cure = if least >= 0.0 && most > 128.0 && most <= 255.0 {
        "reals are 0 to 1: divide by 255, x / 255".into()
    } else if least >= 0.0 {
        let most = most.ceil();
        format!("reals are 0 to 1: divide by {most}, x / {most}")
    } else if least >= -1.0 && most <= 1.0 {
        "reals are 0 to 1: (x + 1) / 2".into()
    } else {
        "reals are 0 to 1: np.interp(x, (x.min(), x.max()), (0, 1))".into()
    };
    Err(Unfit::Range {
        name: name.into(),
        kind: "reals",
        least: f64::from(least),
        most: f64::from(most),
        cure,
    })
}

pub(super) fn sides(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    sides.join(", ")
}
