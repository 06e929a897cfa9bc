//! A number for each class, as bars.

use super::{
    COLUMN, LINE, MARGIN, PLAIN, SMALL,
    axes::{Axis, Frame},
    inks, titled,
};
use crate::figure::{
    Drawing,
    drawing::{Style, letters},
};

/// The height of a bar's place, and the part of it that the bar has.
const PITCH: f32 = 9.0;
const FULL: f32 = 0.68;

/// Bars, the first at the top.
#[derive(Debug, Clone)]
pub struct Bars<'a> {
    /// What they are of.
    pub title: &'a str,
    /// What is measured.
    pub across: &'a str,
    /// The bars.
    pub bars: &'a [Bar],
    /// The value of all together, and what it is called.
    pub all: (f64, &'a str),
}

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is of.
    pub name: String,
    /// How long it is.
    pub value: f64,
}

impl Bars<'_> {
    /// Draws them.
    pub fn draw(&self) -> Drawing {
        let height = self.bars.len() as f32 * PITCH;
        let (mut drawing, top) = titled(self.title, height + LINE + Frame::below());
        let names = self.bars.iter().rev().map(|bar| bar.name.clone());
        let up = Axis::names("", &names.collect::<Vec<_>>());
        let most = self
            .bars
            .iter()
            .map(|bar| bar.value)
            .fold(self.all.0, f64::max);
        // The longest bar leaves room for its number.
        let across = Axis::from_zero(self.across, most * 1.14, 5);
        let frame = Frame::within([top + LINE, drawing.size()[1]], across, up);
        let small = Style {
            size: SMALL,
            ..PLAIN
        };
        for (place, bar) in self.bars.iter().rev().enumerate() {
            let [left, middle] = frame.at([0.0, place as f64]);
            let [right, _] = frame.at([bar.value, place as f64]);
            let high = FULL * frame.size[1] / (self.bars.len() as f32 + 0.2);
            let corner = [left, middle - high / 2.0];
            drawing.rectangle(corner, [right - left, high], inks::HELD_OUT);
        }
        let [x, _] = frame.at([self.all.0, 0.0]);
        let bottom = frame.corner[1] + frame.size[1];
        drawing.dashed_line(&[[x, frame.corner[1]], [x, bottom]], inks::DIM, 0.6);
        for (place, bar) in self.bars.iter().rev().enumerate() {
            let [right, middle] = frame.at([bar.value, place as f64]);
            let number = format!("{:.4}", bar.value);
            drawing.haloed(&number, [right + 2.5, middle + 0.36 * SMALL], small);
        }
        let words = format!("{} {:.4}", self.all.1, self.all.0);
        let dim = Style {
            color: inks::DIM,
            anchor: super::Anchor::Middle,
            ..small
        };
        // Beside an end of the page it stands beside its line.
        let half = letters::width(&words, SMALL) / 2.0 + MARGIN;
        let middle = x.clamp(half, COLUMN - half);
        drawing.words(&words, [middle, frame.corner[1] - 2.0], dim);
        frame.draw(&mut drawing);
        drawing
    }
}
