//! Figures for a paper: on white, a column wide, with their numbers as somebody would write them.
//!
//! Each is a value of numbers and names, and draws itself; where the numbers come from is for
//! others to know.

mod axes;
mod bars;
mod chart;
mod filters;
mod inks;
mod legend;
mod manifold;
mod map;
mod strips;
#[cfg(test)]
mod tests;

pub use bars::{Bar, Bars};
pub use chart::{Across, Chart, Line, Spread};
pub use filters::{Filters, MOST_FILTERS};
pub use inks::{ALONE, HELD_OUT, RIVAL, TRAINING, weight};
pub use manifold::Manifold;
pub use map::{CodeMap, MOST_POINTS, Named};
pub use strips::{Paint, Strip, Strips};

use super::drawing::{Anchor, Drawing, FINENESS, Style, letters};
use inks::{DIM, TEXT};

/// The width of a column of text, in points: 3 1/2 inches.
pub(super) const COLUMN: f32 = 252.0;
/// Around everything.
const MARGIN: f32 = 4.0;
/// Words, in points: what a column of ten-point text has for its figures.
const WORDS: f32 = 7.0;
/// Numbers at an axis, names in a legend.
const SMALL: f32 = 6.5;
/// From one line of words to the next.
const LINE: f32 = 9.0;
/// From the top of a line of words to its baseline.
const BASELINE: f32 = 6.5;

/// Words in the colour of text, which begin at a place.
const PLAIN: Style = Style {
    size: WORDS,
    color: TEXT,
    anchor: Anchor::Start,
    upwards: false,
};

/// Whether figures can show all of these letters.
pub fn draws(words: &str) -> bool {
    letters::are_there(words)
}

/// A page of the column's width with a title at its top, and where that ends. One that is longer
/// than a line is broken behind its colon.
fn titled(title: &str, height: f32) -> (Drawing, f32) {
    let room = COLUMN - 2.0 * MARGIN;
    let lines = match title.split_once(": ") {
        Some((whose, what)) if letters::width(title, WORDS) > room => {
            vec![format!("{whose}:"), what.to_owned()]
        }
        _ => vec![title.to_owned()],
    };
    let top = MARGIN + lines.len() as f32 * LINE + 3.0;
    let mut drawing = Drawing::new(title.to_owned(), [COLUMN, height + top]);
    let dim = Style {
        color: DIM,
        ..PLAIN
    };
    for (line, number) in lines.iter().zip(0_u8..) {
        let words = letters::shortened(line, WORDS, room);
        let baseline = MARGIN + f32::from(number) * LINE + BASELINE;
        drawing.words(&words, [MARGIN, baseline], dim);
    }
    (drawing, top)
}

/// How much pictures of so many pixels are enlarged to be about so wide: pixels of a PNG for
/// each of theirs.
fn enlarged(pixels: usize, wide: f32) -> usize {
    ((wide * FINENESS as f32) as usize / pixels.max(1)).max(1)
}
