//! A PNG's or JPEG's bytes as greys, within bounds.

use std::io::Cursor;

use zune_jpeg::{
    JpegDecoder,
    zune_core::{colorspace::ColorSpace, options::DecoderOptions},
};

use crate::{image::ImageSize, words::printable};

/// The longest side of a picture that is decoded.
const MOST_SIDE: usize = 16_384;
/// The most pixels of one, and the most bytes of its file.
pub(super) const MOST_PIXELS: usize = 64 << 20;

/// The most pixels for each byte of a JPEG that is whole: whatever its sort, it has a bit or more
/// for each block of 8 by 8.
const MOST_OF_A_BYTE: usize = 8 * 8 * 8;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Whether these bytes begin as a picture does.
pub(in crate::data) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG) || bytes.starts_with(JPEG)
}

/// A picture in greys.
///
/// # Errors
///
/// Why it cannot be decoded, in words.
pub(in crate::data) fn decoded(bytes: &[u8]) -> Result<(ImageSize, Vec<u8>), String> {
    if bytes.starts_with(PNG) {
        png_decoded(bytes).map_err(|error| printable(&error.to_string(), 100))?
    } else if bytes.starts_with(JPEG) {
        jpeg_decoded(bytes)
    } else {
        Err("its first bytes are those of no picture".into())
    }
}

fn expect_bounded(width: usize, height: usize) -> Result<ImageSize, String> {
    let size = ImageSize { height, width };
    if width > MOST_SIDE || height > MOST_SIDE || size.pixels() > MOST_PIXELS {
        return Err(format!("{size} is too large"));
    }
    Ok(size)
}

type Decoded = Result<(ImageSize, Vec<u8>), String>;

fn png_decoded(bytes: &[u8]) -> Result<Decoded, png::DecodingError> {
    let limits = png::Limits {
        bytes: 4 * MOST_PIXELS,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let (width, height) = reader.info().size();
    let size = match expect_bounded(width as usize, height as usize) {
        Ok(size) => size,
        Err(why) => return Ok(Err(why)),
    };
    let Some(length) = reader.output_buffer_size() else {
        return Ok(Err(format!("{size} is too large")));
    };
    let mut pixels = vec![0; length];
    let info = reader.next_frame(&mut pixels)?;
    pixels.truncate(info.buffer_size());
    let pixels = match info.color_type {
        png::ColorType::Grayscale | png::ColorType::Indexed => pixels,
        png::ColorType::GrayscaleAlpha => pixels
            .as_chunks()
            .0
            .iter()
            .map(|&[grey, solid]| on_white(grey, solid))
            .collect(),
        png::ColorType::Rgb => pixels
            .as_chunks()
            .0
            .iter()
            .map(|&colour| grey(colour))
            .collect(),
        png::ColorType::Rgba => {
            let colours = pixels.as_chunks().0.iter();
            colours
                .map(|&[red, green, blue, solid]| on_white(grey([red, green, blue]), solid))
                .collect()
        }
    };
    Ok(Ok((size, pixels)))
}

/// What shines through is paper.
fn on_white(grey: u8, solid: u8) -> u8 {
    let [grey, solid] = [grey, solid].map(u32::from);
    ((grey * solid + 255 * (255 - solid) + 127) / 255) as u8
}

/// A colour as the eye weighs it (Rec. 601).
pub(in crate::data) fn grey(colour: [u8; 3]) -> u8 {
    let [red, green, blue] = colour.map(u32::from);
    ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
}

/// Whether a JPEG goes on to the marker of its end. Of what follows that, a film perhaps, nothing
/// is read. (Markers: ITU-T T.81, B.1.1.)
fn reaches_its_end(jpeg: &[u8]) -> bool {
    const START: u8 = 0xd8;
    const END: u8 = 0xd9;
    // What stands among the bits of an image after 0xff (the byte 0xff itself, fill, restarts), and
    // the one other marker (1) that nothing follows.
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 1 | 0xff | 0xd0..=0xd7);
    let mut rest = jpeg;
    while let Some(at) = rest.windows(2).position(is_marker) {
        let marker = rest[at + 1];
        rest = &rest[at + 2..];
        if marker == END {
            return true;
        }
        // All others say how long they are: what they hold may look like any of them.
        if marker != START {
            let Some((length, _)) = rest.split_first_chunk() else {
                return false;
            };
            rest = rest
                .get(usize::from(u16::from_be_bytes(*length))..)
                .unwrap_or_default();
        }
    }
    false
}

fn jpeg_decoded(bytes: &[u8]) -> Decoded {
    let words = |error: &dyn std::fmt::Display| printable(&error.to_string(), 100);
    let options = DecoderOptions::new_safe()
        .set_max_width(MOST_SIDE)
        .set_max_height(MOST_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|error| words(&error))?;
    let (width, height) = decoder.dimensions().ok_or("it does not say its size")?;
    let size = expect_bounded(width, height)?;
    // The decoder would fill in what is missing, however much that is.
    if !reaches_its_end(bytes) {
        return Err("it is cut short; save or fetch it again".into());
    }
    if size.pixels() / MOST_OF_A_BYTE > bytes.len() {
        return Err(format!(
            "{size} in {} bytes: most of it is missing",
            bytes.len()
        ));
    }
    let pixels = decoder.decode().map_err(|error| words(&error))?;
    if pixels.len() != size.pixels() {
        return Err("its colours are of no kind that is read".into());
    }
    Ok((size, pixels))
}
