//! Images beside each other, and what a network makes of them below.

use super::{BASELINE, COLUMN, LINE, MARGIN, PLAIN, SMALL, enlarged, inks, titled};
use crate::{
    figure::{
        Drawing,
        drawing::{Anchor, Picture, Style, letters},
    },
    image::ImageSize,
};

/// The least air between pictures.
const GUTTER: f32 = 0.6;
/// Between bands.
const BREAK: f32 = 5.0;

/// Rows of pictures of the same images.
#[derive(Debug, Clone)]
pub struct Strips<'a> {
    /// What they are of.
    pub title: &'a str,
    /// Rows and columns of the images.
    pub size: ImageSize,
    /// Images beside each other; more go on below.
    pub columns: usize,
    /// What stands over each image; empty where nothing does.
    pub over: &'a [String],
    /// What stands under each image, in all rows together.
    pub under: &'a [String],
    /// The rows.
    pub strips: &'a [Strip<'a>],
}

/// A row.
#[derive(Debug, Clone)]
pub struct Strip<'a> {
    /// What it shows.
    pub caption: &'a str,
    /// Its colours.
    pub paint: Paint,
    /// A picture for each image, 0 to 1.
    pub pictures: Vec<&'a [f32]>,
}

/// Whose pixels they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Real ones.
    Real,
    /// A network's.
    Made,
}

impl Paint {
    pub(super) fn picture(self, pixels: &[f32], width: usize) -> Picture {
        let color = match self {
            Self::Real => inks::real,
            Self::Made => inks::made,
        };
        Picture {
            width,
            pixels: pixels.iter().map(|pixel| color(*pixel)).collect(),
        }
    }
}

/// Where everything is.
struct Layout {
    scale: usize,
    tile: [f32; 2],
    pitch: f32,
    strips: usize,
    caption: f32,
    over: f32,
    under: f32,
}

impl Layout {
    fn of(strips: &Strips) -> Self {
        let columns = strips.columns.max(1) as f32;
        let room = COLUMN - 2.0 * MARGIN;
        let widest = (room - GUTTER * (columns - 1.0)) / columns;
        let scale = enlarged(strips.size.width.max(strips.size.height), widest);
        let side = |pixels: usize| (pixels * scale) as f32 / super::FINENESS as f32;
        let tile = [side(strips.size.width), side(strips.size.height)];
        let line = |words: &[String]| if words.is_empty() { 0.0 } else { LINE };
        Self {
            scale,
            tile,
            pitch: (room + GUTTER) / columns,
            strips: strips.strips.len(),
            caption: match strips.strips {
                [only] if only.caption.is_empty() => 0.0,
                _ => LINE,
            },
            over: line(strips.over),
            under: line(strips.under),
        }
    }

    /// The height of a row with its caption.
    fn row(&self) -> f32 {
        self.caption + self.tile[1] + 2.0
    }

    /// From the top of a band to that of a row: what stands over the images follows the caption of
    /// the first.
    fn top(&self, row: usize) -> f32 {
        let over = if row > 0 { self.over } else { 0.0 };
        row as f32 * self.row() + over
    }

    /// The height of a band of rows.
    fn band(&self) -> f32 {
        self.over + self.strips as f32 * self.row() + self.under
    }

    /// The left edge of the place of an image in its band, and of its picture.
    fn left(&self, column: usize) -> [f32; 2] {
        let place = MARGIN + column as f32 * self.pitch;
        [place, place + (self.pitch - GUTTER - self.tile[0]) / 2.0]
    }
}

impl Strips<'_> {
    /// Draws them.
    pub fn draw(&self) -> Drawing {
        let layout = Layout::of(self);
        let images = self.strips.first().map_or(0, |strip| strip.pictures.len());
        let bands = images.div_ceil(self.columns.max(1));
        let height = bands as f32 * (layout.band() + BREAK);
        let (mut drawing, top) = titled(self.title, height);
        for band in 0..bands {
            let top = top + band as f32 * (layout.band() + BREAK);
            let first = band * self.columns;
            let last = images.min(first + self.columns);
            self.band(&mut drawing, &layout, top, first..last);
        }
        drawing
    }

    fn band(
        &self,
        drawing: &mut Drawing,
        layout: &Layout,
        top: f32,
        images: std::ops::Range<usize>,
    ) {
        let first = images.start;
        for (row, strip) in self.strips.iter().enumerate() {
            let top = top + layout.top(row);
            let over = if row == 0 { layout.over } else { 0.0 };
            let caption = Style {
                color: match strip.paint {
                    Paint::Real => inks::TEXT,
                    Paint::Made => inks::HELD_OUT,
                },
                ..PLAIN
            };
            if !strip.caption.is_empty() {
                drawing.words(strip.caption, [MARGIN, top + BASELINE], caption);
            }
            for image in images.clone() {
                let [_, left] = layout.left(image - first);
                let picture = strip.paint.picture(strip.pictures[image], self.size.width);
                let corner = [left, top + layout.caption + over];
                drawing.picture(corner, picture, layout.scale);
            }
        }
        for image in images {
            let [place, _] = layout.left(image - first);
            let middle = place + (layout.pitch - GUTTER) / 2.0;
            let words = |words: &[String]| words.get(image).cloned().unwrap_or_default();
            let style = Style {
                size: SMALL,
                anchor: Anchor::Middle,
                ..PLAIN
            };
            let fits = |words: &str| letters::shortened(words, SMALL, layout.pitch - 1.0);
            let over = [middle, top + layout.caption + BASELINE - 0.5];
            drawing.words(&fits(&words(self.over)), over, style);
            let below = top + layout.top(layout.strips);
            let dim = Style {
                color: inks::DIM,
                ..style
            };
            drawing.words(
                &fits(&words(self.under)),
                [middle, below + BASELINE - 1.0],
                dim,
            );
        }
    }
}
