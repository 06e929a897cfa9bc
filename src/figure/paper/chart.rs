//! Lines over numbers: losses over epochs, losses over the length of a code.

use super::{
    axes::{Axis, Frame},
    legend::{self, Entry, Sign},
    titled,
};
use crate::{figure::Drawing, raster::Rgb};

/// The height of what the axes frame.
const HEIGHT: f32 = 118.0;
const WIDTH: f32 = 1.2;
const DOT: f32 = 1.5;
const SINGLE: f32 = 0.9;
const BAND: f32 = 0.15;

/// What is drawn.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// What it is of.
    pub title: &'a str,
    /// What runs across.
    pub across: Across<'a>,
    /// What runs up.
    pub up: &'a str,
    /// The lines; the first is drawn first, and one without points is left out.
    pub lines: &'a [Line],
}

/// What runs across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across<'a> {
    /// Something that goes on, such as epochs.
    Time(&'a str),
    /// Some counts; by their logarithms where they span much.
    Counts(&'a str),
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// Its colour.
    pub color: Rgb,
    /// Whether it is no network's.
    pub dashed: bool,
    /// The places it goes through, from left to right.
    pub points: Vec<[f64; 2]>,
    /// What those are the middle of, where they are.
    pub spread: Vec<Spread>,
}

/// Several values in one place across.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Where.
    pub across: f64,
    /// The values.
    pub values: Vec<f64>,
}

impl Spread {
    fn ends(&self) -> Option<[f64; 2]> {
        let least = self.values.iter().copied().reduce(f64::min)?;
        let most = self.values.iter().copied().reduce(f64::max)?;
        Some([least, most])
    }
}

impl Chart<'_> {
    /// Draws it.
    pub fn draw(&self) -> Drawing {
        let lines = || self.lines.iter().filter(|line| !line.points.is_empty());
        let entries: Vec<Entry> = lines().map(entry).collect();
        let legend = legend::height(&entries);
        let (mut drawing, top) = titled(self.title, legend + HEIGHT + Frame::below());
        legend::draw(&mut drawing, &entries, top);
        let bottom = drawing.size()[1];
        let frame = self.frame([top + legend, bottom]);
        frame.grid(&mut drawing);
        for line in lines() {
            line.draw(&mut drawing, &frame);
        }
        frame.draw(&mut drawing);
        drawing
    }

    fn frame(&self, room: [f32; 2]) -> Frame {
        let points = || self.lines.iter().flat_map(Line::all);
        let up = Axis::of(self.up, ends(points().map(|[_, up]| up)), 5);
        let across = match self.across {
            Across::Time(title) => {
                let [least, most] = ends(points().map(|[across, _]| across));
                Axis::whole(title, [least, most], 6)
            }
            Across::Counts(title) => {
                let mut counts: Vec<f64> = points().map(|[across, _]| across).collect();
                counts.sort_unstable_by(f64::total_cmp);
                counts.dedup();
                Axis::counts(title, &counts)
            }
        };
        Frame::within(room, across, up)
    }
}

fn ends(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    })
}

fn entry(line: &Line) -> Entry {
    let dashed = line.dashed;
    Entry {
        sign: Sign::Line { dashed },
        color: line.color,
        name: line.name.clone(),
    }
}

impl Line {
    /// All places that have to be seen.
    fn all(&self) -> impl Iterator<Item = [f64; 2]> {
        let spread = self.spread.iter();
        let spread = spread.flat_map(|spread| spread.values.iter().map(|&up| [spread.across, up]));
        self.points.iter().copied().chain(spread)
    }

    fn draw(&self, drawing: &mut Drawing, frame: &Frame) {
        let ends: Vec<(f64, [f64; 2])> = self
            .spread
            .iter()
            .filter_map(|spread| Some((spread.across, spread.ends()?)))
            .collect();
        let lower = ends
            .iter()
            .map(|(across, [least, _])| frame.at([*across, *least]));
        let upper = ends
            .iter()
            .rev()
            .map(|(across, [_, most])| frame.at([*across, *most]));
        if ends.len() > 1 {
            let band: Vec<[f32; 2]> = lower.chain(upper).collect();
            drawing.surface(&band, self.color, BAND);
        }
        let places: Vec<[f32; 2]> = self.points.iter().map(|point| frame.at(*point)).collect();
        if self.dashed {
            drawing.dashed_line(&places, self.color, WIDTH);
        } else {
            drawing.line(&places, self.color, WIDTH);
        }
        let singles = self.spread.iter().flat_map(|spread| {
            let at = |up: &f64| (frame.at([spread.across, *up]), self.color);
            spread.values.iter().map(at)
        });
        drawing.dots(singles.collect(), SINGLE, 0.6);
        let dots = places.into_iter().map(|place| (place, self.color));
        drawing.dots(dots.collect(), DOT, 1.0);
    }
}
