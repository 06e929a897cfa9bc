//! Where codes lie on a plane, in the colours of their classes.

use super::{
    Anchor, LINE, PLAIN,
    axes::{Axis, Frame},
    inks,
    legend::{self, Entry, Sign},
    titled,
};
use crate::{
    figure::{Drawing, drawing::Style},
    raster::Rgb,
};

/// The most codes that are drawn: more hide each other, and make a file of megabytes.
pub const MOST_POINTS: usize = 10_000;

const HEIGHT: f32 = 205.0;
const OPACITY: f32 = 0.75;
/// The size of a mark, and how far it stands from others.
const MARK: f32 = 9.0;
/// How often marks are moved apart.
const ROUNDS: usize = 20;

/// Codes on their plane.
#[derive(Debug, Clone)]
pub struct CodeMap<'a> {
    /// What they are of.
    pub title: &'a str,
    /// What the axes are.
    pub axes: [&'a str; 2],
    /// Where each code lies, and its class.
    pub points: &'a [([f32; 2], u8)],
    /// The classes; none where the images have none.
    pub classes: &'a [Named],
    /// Whether the axis up has the classes themselves: the code has one value.
    pub by_class: bool,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// What stands for it on the map.
    pub mark: char,
    /// Its colour.
    pub color: Rgb,
}

impl CodeMap<'_> {
    /// Draws them.
    pub fn draw(&self) -> Drawing {
        let entries = self.entries();
        let legend = legend::height(&entries);
        let height = if self.by_class {
            // A row for each, as high as points can lie beside each other in it.
            let classes = self.classes.len() as f32;
            (2.5 * LINE * classes).min(HEIGHT).max(LINE * classes)
        } else {
            HEIGHT
        };
        let (mut drawing, top) = titled(self.title, legend + height + Frame::below());
        legend::draw(&mut drawing, &entries, top);
        let frame = self.frame([top + legend, drawing.size()[1]]);
        let color = |class: &u8| {
            let class = self.classes.get(usize::from(*class));
            class.map_or(inks::HELD_OUT, |class| class.color)
        };
        let place = |at: &[f32; 2]| frame.at(at.map(f64::from));
        let dots = self
            .points
            .iter()
            .map(|(at, class)| (place(at), color(class)));
        // Many are fine, few can be seen.
        let radius = (40.0 / (self.points.len().max(1) as f32).sqrt()).clamp(0.6, 1.4);
        drawing.dots(dots.collect(), radius, OPACITY);
        if !self.by_class {
            self.marks(&mut drawing, &frame);
        }
        frame.draw(&mut drawing);
        drawing
    }

    fn entries(&self) -> Vec<Entry> {
        if self.by_class {
            return Vec::new();
        }
        let entry = |class: &Named| Entry {
            sign: Sign::Dot,
            color: class.color,
            name: match class.name.chars().count() {
                1 => class.name.clone(),
                _ => format!("{} {}", class.mark, class.name),
            },
        };
        self.classes.iter().map(entry).collect()
    }

    fn frame(&self, room: [f32; 2]) -> Frame {
        let ends = |axis: usize| {
            let values = self.points.iter().map(|(at, _)| f64::from(at[axis]));
            values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            })
        };
        let across = Axis::of(self.axes[0], ends(0), 6);
        let up = if self.by_class {
            let names: Vec<String> = self
                .classes
                .iter()
                .map(|class| class.name.clone())
                .collect();
            Axis::names(self.axes[1], &names)
        } else {
            Axis::of(self.axes[1], ends(1), 6)
        };
        Frame::within(room, across, up)
    }

    /// The mark of each class in the middle of its codes: colours alone tell no more than ten.
    fn marks(&self, drawing: &mut Drawing, frame: &Frame) {
        let middles = self
            .classes
            .iter()
            .enumerate()
            .filter_map(|(number, class)| {
                let own = |axis: usize| {
                    let own = self.points.iter();
                    let own = own.filter(|(_, label)| usize::from(*label) == number);
                    own.map(|(at, _)| at[axis]).collect::<Vec<f32>>()
                };
                let middle = [median(own(0))?, median(own(1))?];
                Some((class.mark, frame.at(middle.map(f64::from))))
            });
        let (marks, mut places): (Vec<char>, Vec<[f32; 2]>) = middles.unzip();
        set_apart(&mut places);
        let style = Style {
            size: MARK,
            anchor: Anchor::Middle,
            ..PLAIN
        };
        for (mark, [x, y]) in marks.into_iter().zip(places) {
            drawing.haloed(&mark.to_string(), [x, y + 0.36 * MARK], style);
        }
    }
}

/// Moves places that lie on each other as far apart as marks can be read.
fn set_apart(places: &mut [[f32; 2]]) {
    for _ in 0..ROUNDS {
        for one in 0..places.len() {
            for other in one + 1..places.len() {
                let way = [0, 1].map(|axis| places[other][axis] - places[one][axis]);
                let distance = way[0].hypot(way[1]);
                if distance >= MARK {
                    continue;
                }
                // Two in the same place part sideways.
                let way = if distance > 0.01 {
                    way.map(|along| along / distance)
                } else {
                    [1.0, 0.0]
                };
                let step = (MARK - distance) / 2.0;
                for axis in 0..2 {
                    places[one][axis] -= step * way[axis];
                    places[other][axis] += step * way[axis];
                }
            }
        }
    }
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_one_place_are_set_apart_and_others_stay() {
        let mut places = vec![[50.0, 50.0], [50.0, 50.0], [52.0, 49.0], [90.0, 20.0]];
        set_apart(&mut places);
        for (number, one) in places.iter().enumerate() {
            for other in &places[number + 1..] {
                let distance = (one[0] - other[0]).hypot(one[1] - other[1]);
                // Rounds bring them nearer to it, never beyond.
                assert!(distance > 0.95 * MARK, "{places:?}");
            }
        }
        assert_eq!(places[3], [90.0, 20.0]);
    }
}
