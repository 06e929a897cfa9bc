//! Which sign means what, in lines over a figure: so it lies on nothing that is drawn.

use super::{BASELINE, COLUMN, LINE, MARGIN, PLAIN, SMALL};
use crate::{
    figure::drawing::{Drawing, Style, letters},
    raster::Rgb,
};

/// A sign's width, the air behind it, and between entries.
const SIGN: f32 = 9.0;
const AIR: f32 = 2.5;
const APART: f32 = 8.0;
/// The widest name.
const LONGEST: f32 = 220.0;

/// What stands before a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Line { dashed: bool },
    Dot,
}

/// An entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) sign: Sign,
    pub(super) color: Rgb,
    pub(super) name: String,
}

impl Entry {
    fn sign(&self) -> f32 {
        match self.sign {
            Sign::Line { .. } => SIGN,
            Sign::Dot => 3.5,
        }
    }

    fn name(&self) -> String {
        letters::shortened(&self.name, SMALL, LONGEST)
    }

    fn width(&self) -> f32 {
        self.sign() + AIR + letters::width(&self.name(), SMALL)
    }
}

/// The lines that so many entries take, each with the places where they begin.
fn lines(entries: &[Entry]) -> Vec<Vec<f32>> {
    let mut lines: Vec<Vec<f32>> = Vec::new();
    let mut free = 0.0;
    for entry in entries {
        let width = entry.width();
        match lines.last_mut() {
            Some(line) if free + width <= COLUMN - MARGIN => line.push(free),
            _ => {
                lines.push(vec![MARGIN]);
                free = MARGIN;
            }
        }
        free += width + APART;
    }
    lines
}

/// The height that they take.
pub(super) fn height(entries: &[Entry]) -> f32 {
    lines(entries).len() as f32 * LINE + if entries.is_empty() { 0.0 } else { 3.0 }
}

/// Draws them from that height on.
pub(super) fn draw(drawing: &mut Drawing, entries: &[Entry], top: f32) {
    let lines = lines(entries);
    let places = lines.iter().zip(0_u8..).flat_map(|(line, number)| {
        let top = top + f32::from(number) * LINE;
        line.iter().map(move |left| [*left, top])
    });
    for (entry, [left, top]) in entries.iter().zip(places) {
        let middle = top + BASELINE - 0.36 * SMALL;
        let width = entry.sign();
        match entry.sign {
            Sign::Line { dashed } => {
                let line = [[left, middle], [left + width, middle]];
                if dashed {
                    drawing.dashed_line(&line, entry.color, 1.0);
                } else {
                    drawing.line(&line, entry.color, 1.2);
                }
            }
            Sign::Dot => {
                let at = [left + width / 2.0, middle];
                drawing.dots(vec![(at, entry.color)], 1.7, 1.0);
            }
        }
        let style = Style {
            size: SMALL,
            ..PLAIN
        };
        drawing.words(&entry.name(), [left + width + AIR, top + BASELINE], style);
    }
}
