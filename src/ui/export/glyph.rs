//! What a character looks like in a cell of ten by twenty pixels.
//!
//! Letters are those of X11's bitmap font. Blocks, lines, dots and signs are geometry, so that
//! they close up with their neighbours to the pixel, as in a terminal that draws them itself.

use crate::raster::{self, GLYPH, LINE};

/// Where lines cross.
const MIDDLE: [f32; 2] = [GLYPH as f32 / 2.0, LINE as f32 / 2.0];

/// How much ink a character has at a pixel of its cell, from 0 to 1; none of one that is not
/// known.
pub(super) fn ink(character: char, place: [usize; 2]) -> Option<f32> {
    if let Some(letter) = raster::letter(character, place) {
        return Some(f32::from(u8::from(letter)));
    }
    let at = place.map(|side| side as f32 + 0.5);
    if let Some(shade) = shade(character) {
        return Some(shade);
    }
    let inked = match character {
        '\u{2580}'..='\u{259f}' => block(character, at),
        '\u{2800}'..='\u{28ff}' => Some(braille(character as u32 - 0x2800, at)),
        _ => line(character, at).or_else(|| sign(character, at)),
    };
    inked.map(|inked| f32::from(u8::from(inked)))
}

fn shade(character: char) -> Option<f32> {
    match character {
        '░' => Some(0.25),
        '▒' => Some(0.5),
        '▓' => Some(0.75),
        _ => None,
    }
}

/// Part of a cell, in eighths of its height or width, or in quarters of the whole.
fn block(character: char, [x, y]: [f32; 2]) -> Option<bool> {
    let (right, down) = (x / GLYPH as f32, y / LINE as f32);
    let number = character as u32;
    let eighths = |count: u32| count as f32 / 8.0;
    Some(match character {
        '▀' => down < 0.5,
        '\u{2581}'..='\u{2588}' => 1.0 - down <= eighths(number - 0x2580),
        '\u{2589}'..='\u{258f}' => right < eighths(0x2590 - number),
        '▐' => right >= 0.5,
        '▔' => down < 0.125,
        '▕' => right >= 0.875,
        _ => {
            let [left_up, right_up, left_down, right_down] = quarters(character)?;
            match (right < 0.5, down < 0.5) {
                (true, true) => left_up,
                (false, true) => right_up,
                (true, false) => left_down,
                (false, false) => right_down,
            }
        }
    })
}

fn quarters(character: char) -> Option<[bool; 4]> {
    let bits = match character {
        '▖' => 0b0010,
        '▗' => 0b0001,
        '▘' => 0b1000,
        '▙' => 0b1011,
        '▚' => 0b1001,
        '▛' => 0b1110,
        '▜' => 0b1101,
        '▝' => 0b0100,
        '▞' => 0b0110,
        '▟' => 0b0111,
        _ => return None,
    };
    Some([3, 2, 1, 0].map(|place| bits >> place & 1 == 1))
}

/// Eight dots in two columns: bits count down the left one, down the right one, and then the
/// last row.
fn braille(dots: u32, [x, y]: [f32; 2]) -> bool {
    let column = u32::from(x >= MIDDLE[0]);
    let row = (y / (LINE as f32 / 4.0)) as u32;
    let bit = match (column, row) {
        (column, 3..) => 6 + column,
        (column, row) => 3 * column + row,
    };
    let middle = [2.5 + 5.0 * column as f32, 2.5 + 5.0 * row as f32];
    let near = (x - middle[0]).abs() < 1.6 && (y - middle[1]).abs() < 1.6;
    dots >> bit & 1 == 1 && near
}

/// Half the breadth of a light and of a heavy line.
const LIGHT: f32 = 1.0;
const HEAVY: f32 = 2.0;

/// Lines from the middle to the edges: left, right, up, down.
fn line(character: char, [x, y]: [f32; 2]) -> Option<bool> {
    let n = 0.0;
    let (arms, dashes) = match character {
        '─' => ([LIGHT, LIGHT, n, n], 1),
        '━' => ([HEAVY, HEAVY, n, n], 1),
        '│' => ([n, n, LIGHT, LIGHT], 1),
        '┃' => ([n, n, HEAVY, HEAVY], 1),
        '╌' => ([LIGHT, LIGHT, n, n], 2),
        '┄' => ([LIGHT, LIGHT, n, n], 3),
        '╍' => ([HEAVY, HEAVY, n, n], 2),
        '╎' => ([n, n, LIGHT, LIGHT], 2),
        '┆' => ([n, n, LIGHT, LIGHT], 3),
        '┊' => ([n, n, LIGHT, LIGHT], 4),
        '┌' | '╭' => ([n, LIGHT, n, LIGHT], 1),
        '┐' | '╮' => ([LIGHT, n, n, LIGHT], 1),
        '└' | '╰' => ([n, LIGHT, LIGHT, n], 1),
        '┘' | '╯' => ([LIGHT, n, LIGHT, n], 1),
        '├' => ([n, LIGHT, LIGHT, LIGHT], 1),
        '┤' => ([LIGHT, n, LIGHT, LIGHT], 1),
        '┬' => ([LIGHT, LIGHT, n, LIGHT], 1),
        '┴' => ([LIGHT, LIGHT, LIGHT, n], 1),
        '┼' => ([LIGHT; 4], 1),
        '┿' => ([HEAVY, HEAVY, LIGHT, LIGHT], 1),
        '┣' => ([n, HEAVY, HEAVY, HEAVY], 1),
        '┻' => ([HEAVY, HEAVY, HEAVY, n], 1),
        '╂' => ([LIGHT, LIGHT, HEAVY, HEAVY], 1),
        '╋' => ([HEAVY; 4], 1),
        '╴' => ([LIGHT, n, n, n], 1),
        '╵' => ([n, n, LIGHT, n], 1),
        '╶' => ([n, LIGHT, n, n], 1),
        '╷' => ([n, n, n, LIGHT], 1),
        _ => return None,
    };
    let [left, right, up, down] = arms;
    let [across, along] = [x - MIDDLE[0], y - MIDDLE[1]];
    // Arms meet: each reaches as far over the middle as the broadest other is broad.
    let over = arms.into_iter().fold(0.0, f32::max);
    let within = |breadth: f32, aside: f32, towards: f32| {
        breadth > 0.0 && aside.abs() < breadth && towards > -over
    };
    let drawn = within(left, along, -across)
        || within(right, along, across)
        || within(up, across, -along)
        || within(down, across, along);
    let part = if left + right > 0.0 {
        x / GLYPH as f32
    } else {
        y / LINE as f32
    };
    // Each dash is followed by a gap of a third of its place.
    let dashed = dashes == 1 || (part * dashes as f32).fract() < 0.67;
    Some(drawn && dashed)
}

/// Signs: each within its cell.
fn sign(character: char, [x, y]: [f32; 2]) -> Option<bool> {
    let [across, along] = [x - MIDDLE[0], y - MIDDLE[1]];
    let apart = across.hypot(along);
    // A triangle that points to the right, from its middle.
    let points = |ahead: f32, aside: f32, size: f32| {
        ahead >= -size && ahead <= size && aside.abs() <= (size - ahead) / 2.0 * 1.2
    };
    Some(match character {
        '●' => apart < 4.3,
        '○' => (2.7..4.3).contains(&apart),
        '•' => apart < 2.6,
        '◆' => across.abs() / 4.8 + along.abs() / 6.5 < 1.0,
        '◇' => (0.6..1.0).contains(&(across.abs() / 4.8 + along.abs() / 6.5)),
        '■' => across.abs() < 4.0 && along.abs() < 4.0,
        '▪' => across.abs() < 2.5 && along.abs() < 2.5,
        '□' => {
            let side = across.abs().max(along.abs());
            (2.5..4.0).contains(&side)
        }
        '▶' => points(across, along, 4.6),
        '◀' => points(-across, along, 4.6),
        '▸' => points(across, along, 3.4),
        '◂' => points(-across, along, 3.4),
        '▼' => points(along, across, 4.6),
        '▲' => points(-along, across, 4.6),
        '▾' => points(along, across, 3.4),
        '▴' => points(-along, across, 3.4),
        '→' => arrow(across, along),
        '←' => arrow(-across, along),
        '↓' => arrow(along, across),
        '↑' => arrow(-along, across),
        '˙' => across.abs() < 1.3 && (along + 6.0).abs() < 1.3,
        '‖' => (1.0..2.6).contains(&across.abs()) && along.abs() < 5.5,
        '…' => along > 4.0 && along < 6.0 && (x % 3.4) < 1.8,
        '–' | '—' => along.abs() < 1.0,
        _ => return None,
    })
}

fn arrow(ahead: f32, aside: f32) -> bool {
    let shaft = aside.abs() < 1.0 && ahead.abs() < 4.8;
    let head = ahead > 0.5 && (aside.abs() - (4.8 - ahead)).abs() < 1.0;
    shaft || head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(character: char) -> Vec<String> {
        let row = |y| {
            (0..GLYPH)
                .map(|x| match ink(character, [x, y]) {
                    Some(ink) if ink > 0.0 => '#',
                    Some(_) => ' ',
                    None => '?',
                })
                .collect()
        };
        (0..LINE).map(row).collect()
    }

    fn inked(character: char) -> usize {
        drawn(character).concat().matches('#').count()
    }

    #[test]
    fn halves_and_eighths_have_their_part_of_the_cell() {
        assert_eq!(inked('▀'), GLYPH * LINE / 2);
        assert_eq!(inked('▄'), GLYPH * LINE / 2);
        assert_eq!(inked('█'), GLYPH * LINE);
        // 20 rows have no whole eighths: as many rows as have their middle in it.
        for (eighth, rows) in (1..=8).zip([3, 5, 8, 10, 13, 15, 18, 20]) {
            let character = char::from_u32(0x2580 + eighth).unwrap();
            let tall = inked(character) / GLYPH;
            assert!(tall.abs_diff(rows) <= 1, "{character}: {tall}");
        }
        assert_eq!(inked('▌'), GLYPH / 2 * LINE);
        assert_eq!(inked('▚') + inked('▞'), GLYPH * LINE);
    }

    #[test]
    fn lines_reach_the_edges_they_lead_to_and_no_other() {
        let edges = |character: char| {
            let rows = drawn(character);
            let column = |x: usize| rows.iter().any(|row| row.as_bytes()[x] == b'#');
            [
                column(0),
                column(GLYPH - 1),
                rows[0].contains('#'),
                rows[LINE - 1].contains('#'),
            ]
        };
        assert_eq!(edges('─'), [true, true, false, false]);
        assert_eq!(edges('└'), [false, true, true, false]);
        assert_eq!(edges('┤'), [true, false, true, true]);
        assert_eq!(edges('┼'), [true; 4]);
        assert_eq!(edges('┣'), [false, true, true, true]);
        assert!(inked('━') > inked('─'));
        assert!(inked('┄') < inked('─'));
    }

    #[test]
    fn braille_dots_are_where_their_bits_say() {
        assert_eq!(inked('\u{2800}'), 0);
        let one = inked('\u{2801}');
        assert!(one > 4);
        assert_eq!(inked('\u{28ff}'), 8 * one);
        // Bits 1 and 8: above left, and below right.
        let rows = drawn('\u{2881}');
        assert!(rows[2].find('#') < Some(5) && rows[17].find('#') > Some(4));
    }

    #[test]
    fn a_character_that_is_not_known_is_said_to_be() {
        assert_eq!(ink('漢', [3, 3]), None);
        for known in "aZ9~é×σ←↑●◆▶▸▼‖".chars() {
            assert!(inked(known) > 5, "{known}");
        }
        assert_eq!(inked(' '), 0);
    }
}
