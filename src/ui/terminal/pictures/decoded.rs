//! For tests: what a terminal with pictures shows of the bytes that are written to it, in any of
//! the protocols. The tests of the whole program read it too.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};

/// A picture on the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The column and row of its first cell, from zero.
    pub(crate) place: [u16; 2],
    /// Columns of pixels.
    pub(crate) width: usize,
    /// Red, green, blue, row by row.
    pub(crate) pixels: Vec<[u8; 3]>,
}

impl Shown {
    /// The pixel at a part of the way across and down.
    pub(crate) fn at(&self, across: f64, down: f64) -> [u8; 3] {
        let rows = self.pixels.len() / self.width;
        let [x, y] = [(across, self.width), (down, rows)]
            .map(|(part, count)| (part * count as f64) as usize);
        self.pixels[y * self.width + x]
    }
}

/// The pictures that stand after these bytes. Of Kitty's, by their numbers; those of the other
/// protocols stand until the screen is emptied, for cells are not looked at.
pub(crate) fn shown(bytes: &[u8]) -> Vec<Shown> {
    let mut numbered = BTreeMap::new();
    let mut placed = BTreeMap::new();
    let mut cursor = [0, 0];
    // The picture of which more is to come: number, place, letters.
    let mut begun = (0, [0, 0], Vec::new());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == 0x1b) {
        rest = &rest[at + 1..];
        let Some((body, after)) = string(rest) else {
            continue;
        };
        match rest {
            [b'_', b'G', ..] => {
                let end = body.iter().position(|byte| *byte == b';');
                let (keys, letters) = body.split_at(end.unwrap_or(body.len()));
                let keys = std::str::from_utf8(&keys[1..]).unwrap();
                let key = |name: &str| {
                    let pairs = keys.split(',').filter_map(|pair| pair.split_once('='));
                    pairs.rev().find(|pair| pair.0 == name).map(|pair| pair.1)
                };
                let number = key("i").map_or(0, |number| number.parse::<u32>().unwrap());
                match (key("a"), key("d")) {
                    (Some("q"), _) => {}
                    (Some("d"), Some("A")) => numbered.clear(),
                    (Some("d"), _) => drop(numbered.remove(&number)),
                    (action, _) => {
                        if action == Some("T") {
                            begun = (number, cursor, Vec::new());
                        }
                        begun.2.extend(&letters[1..]);
                        if key("m") == Some("0") {
                            numbered.insert(begun.0, from_png(begun.1, &begun.2));
                        }
                    }
                }
            }
            [b'P', ..] if body.contains(&b'q') => {
                placed.insert(cursor, from_sixel(cursor, body));
            }
            [b']', ..] if body.starts_with(b"1337;File=") => {
                let start = body.iter().position(|byte| *byte == b':').unwrap() + 1;
                placed.insert(cursor, from_png(cursor, &body[start..]));
            }
            [b'[', ..] if body == b"2J" => {
                numbered.clear();
                placed.clear();
            }
            [b'[', ..] if body.ends_with(b"H") => {
                let words = std::str::from_utf8(&body[..body.len() - 1]).unwrap();
                let (row, column) = words.split_once(';').unwrap_or(("1", "1"));
                cursor = [column, row].map(|word| word.parse::<u16>().unwrap() - 1);
            }
            _ => {}
        }
        rest = after;
    }
    numbered.into_values().chain(placed.into_values()).collect()
}

/// What is within a sequence or string that has just been opened, and what comes after it; of a
/// sequence its last byte too.
fn string(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = rest.get(1..)?;
    let end = |ends: &dyn Fn(&[u8]) -> bool| (0..body.len()).find(|at| ends(&body[*at..]));
    match rest[0] {
        b'[' => end(&|rest| (0x40..0x7f).contains(&rest[0])).map(|at| body.split_at(at + 1)),
        b']' => end(&|rest| matches!(rest, [0x07 | 0x1b, ..])).map(|at| body.split_at(at)),
        b'_' | b'P' => end(&|rest| rest.starts_with(b"\x1b\\")).map(|at| body.split_at(at)),
        _ => None,
    }
}

fn from_png(place: [u16; 2], letters: &[u8]) -> Shown {
    let bytes = STANDARD.decode(letters).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    Shown {
        place,
        width: info.width as usize,
        pixels: pixels.as_chunks().0.to_vec(),
    }
}

fn from_sixel(place: [u16; 2], body: &[u8]) -> Shown {
    let start = body.iter().position(|byte| *byte == b'q').unwrap() + 1;
    let words = std::str::from_utf8(&body[start..]).unwrap();
    let mut rest = words;
    let number = |rest: &mut &str| {
        let end = rest.find(|letter: char| !letter.is_ascii_digit());
        let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
        *rest = after;
        number.parse::<usize>().unwrap()
    };
    let (mut width, mut pixels, mut colors) = (0, Vec::new(), BTreeMap::new());
    let (mut color, [mut x, mut band]) = (0, [0, 0]);
    while let Some(letter) = rest.chars().next() {
        rest = &rest[1..];
        let mut put = |letter: char, times: usize, color: usize| {
            let bits = letter as usize - '?' as usize;
            for y in (0..6).filter(|y| bits >> y & 1 == 1) {
                let row = (6 * band + y) * width;
                pixels[row + x..row + x + times].fill(Some(color));
            }
            x += times;
        };
        match letter {
            '"' => {
                let mut numbers = [0; 4];
                for (place, slot) in numbers.iter_mut().enumerate() {
                    *slot = number(&mut rest);
                    if place < 3 {
                        rest = rest.strip_prefix(';').unwrap();
                    }
                }
                width = numbers[2];
                pixels = vec![None; width * numbers[3]];
            }
            '#' => {
                color = number(&mut rest);
                if let Some(told) = rest.strip_prefix(";2;") {
                    rest = told;
                    let parts = [0; 3].map(|_| {
                        rest = rest.strip_prefix(';').unwrap_or(rest);
                        (number(&mut rest) * 255 / 100) as u8
                    });
                    colors.insert(color, parts);
                }
            }
            '!' => {
                let times = number(&mut rest);
                let letter = rest.chars().next().unwrap();
                rest = &rest[1..];
                put(letter, times, color);
            }
            '$' => x = 0,
            '-' => [x, band] = [0, band + 1],
            letter => put(letter, 1, color),
        }
    }
    let drawn = |color: Option<usize>| colors[&color.expect("every pixel is drawn")];
    Shown {
        place,
        width,
        pixels: pixels.into_iter().map(drawn).collect(),
    }
}
