//! A page that figures for a paper are drawn on: shapes in points, 72 to the inch, on white.
//!
//! One page is written in two ways, as an SVG and as a PNG, which show the same: letters are
//! outlines of the program's own font, pictures have all their pixels. It knows shapes, and
//! nothing of what they stand for.

pub(super) mod letters;
mod pixels;
mod svg;

pub(super) use svg::SIGNATURE;
use zeno::{Command, Point};

use crate::raster::Rgb;

/// Pixels of a PNG for each point: 432 to the inch, where printers ask for 300.
pub(super) const FINENESS: usize = 6;

/// The edge around words that stand on what is drawn, both of its sides together.
const HALO: f32 = 2.2;

/// A page, and what is drawn on it.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// What it shows, in a line.
    title: String,
    size: [f32; 2],
    shapes: Vec<Shape>,
}

/// What can be drawn.
#[derive(Debug, Clone)]
enum Shape {
    /// A surface of one colour.
    Surface {
        outline: Vec<Command>,
        color: Rgb,
        opacity: f32,
    },
    /// Words, which are a surface too.
    Words {
        words: String,
        outline: Vec<Command>,
        color: Rgb,
    },
    /// A line along a path.
    Line {
        path: Vec<Command>,
        color: Rgb,
        width: f32,
        dashed: bool,
    },
    /// Discs of one size.
    Dots {
        radius: f32,
        opacity: f32,
        places: Vec<([f32; 2], Rgb)>,
    },
    /// A picture, enlarged pixel by pixel.
    Picture {
        corner: [f32; 2],
        picture: Picture,
        /// Pixels of a PNG for each of the picture's, each way.
        scale: usize,
    },
}

/// Pixels in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) pixels: Vec<Rgb>,
}

impl Picture {
    pub(super) fn height(&self) -> usize {
        self.pixels.len() / self.width.max(1)
    }

    /// Points of each side, where it is so much enlarged.
    pub(super) fn size(&self, scale: usize) -> [f32; 2] {
        [self.width, self.height()].map(|side| (side * scale) as f32 / FINENESS as f32)
    }
}

/// Which end of the words, or their middle, is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) color: Rgb,
    pub(super) anchor: Anchor,
    /// Whether they run upwards.
    pub(super) upwards: bool,
}

impl Drawing {
    /// An empty page.
    pub(super) fn new(title: String, size: [f32; 2]) -> Self {
        Self {
            title,
            size,
            shapes: Vec::new(),
        }
    }

    /// Width and height in points.
    pub fn size(&self) -> [f32; 2] {
        self.size
    }

    /// The corners of what each shape covers, at most.
    #[cfg(test)]
    pub(super) fn bounds(&self) -> Vec<[[f32; 2]; 2]> {
        let of = |outline: &[Command], edge: f32| {
            let bounds = zeno::bounds(outline, zeno::Fill::NonZero, None);
            let [min, max] = [bounds.min, bounds.max];
            [[min.x - edge, min.y - edge], [max.x + edge, max.y + edge]]
        };
        let bounds = |shape: &Shape| match shape {
            Shape::Surface { outline, .. } | Shape::Words { outline, .. } => {
                vec![of(outline, 0.0)]
            }
            Shape::Line { path, width, .. } => vec![of(path, width / 2.0)],
            Shape::Dots { radius, places, .. } => {
                let disc = |([x, y], _): &([f32; 2], Rgb)| {
                    [[x - radius, y - radius], [x + radius, y + radius]]
                };
                places.iter().map(disc).collect()
            }
            Shape::Picture {
                corner: [x, y],
                picture,
                scale,
            } => {
                let [width, height] = picture.size(*scale);
                vec![[[*x, *y], [x + width, y + height]]]
            }
        };
        self.shapes.iter().flat_map(bounds).collect()
    }

    /// The bytes of an SVG file.
    pub fn svg(&self) -> Vec<u8> {
        svg::of(self).into_bytes()
    }

    /// The bytes of a PNG file.
    pub fn png(&self) -> Vec<u8> {
        pixels::of(self).png_for_print((72 * FINENESS) as u32)
    }

    pub(super) fn surface(&mut self, corners: &[[f32; 2]], color: Rgb, opacity: f32) {
        let mut outline = along(corners);
        outline.push(Command::Close);
        self.shapes.push(Shape::Surface {
            outline,
            color,
            opacity,
        });
    }

    pub(super) fn rectangle(&mut self, [x, y]: [f32; 2], [width, height]: [f32; 2], color: Rgb) {
        let corners = [
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
        ];
        self.surface(&corners, color, 1.0);
    }

    pub(super) fn line(&mut self, places: &[[f32; 2]], color: Rgb, width: f32) {
        self.path(places, color, width, false);
    }

    pub(super) fn dashed_line(&mut self, places: &[[f32; 2]], color: Rgb, width: f32) {
        self.path(places, color, width, true);
    }

    fn path(&mut self, places: &[[f32; 2]], color: Rgb, width: f32, dashed: bool) {
        if places.len() > 1 {
            self.shapes.push(Shape::Line {
                path: along(places),
                color,
                width,
                dashed,
            });
        }
    }

    pub(super) fn dots(&mut self, places: Vec<([f32; 2], Rgb)>, radius: f32, opacity: f32) {
        self.shapes.push(Shape::Dots {
            radius,
            opacity,
            places,
        });
    }

    /// Words whose baseline begins, ends or has its middle at a place.
    pub(super) fn words(&mut self, words: &str, at: [f32; 2], style: Style) {
        let outline = letters::outline(words, at, style);
        if !outline.is_empty() {
            self.shapes.push(Shape::Words {
                words: words.to_owned(),
                outline,
                color: style.color,
            });
        }
    }

    /// The same on a light edge, for words that stand on what is drawn.
    pub(super) fn haloed(&mut self, words: &str, at: [f32; 2], style: Style) {
        self.shapes.push(Shape::Line {
            path: letters::outline(words, at, style),
            color: [255; 3],
            width: HALO,
            dashed: false,
        });
        self.words(words, at, style);
    }

    pub(super) fn picture(&mut self, corner: [f32; 2], picture: Picture, scale: usize) {
        // On the grid of a PNG's pixels, so that both show it at the same place.
        let corner = corner.map(|at| (at * FINENESS as f32).round() / FINENESS as f32);
        self.shapes.push(Shape::Picture {
            corner,
            picture,
            scale,
        });
    }
}

/// The path from place to place.
fn along(places: &[[f32; 2]]) -> Vec<Command> {
    let point = |&[x, y]: &[f32; 2]| Point::new(x, y);
    let step = |(number, place)| match number {
        0 => Command::MoveTo(point(place)),
        _ => Command::LineTo(point(place)),
    };
    places.iter().enumerate().map(step).collect()
}
