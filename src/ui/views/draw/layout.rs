//! Where each pane of the view goes, from the place it has alone.
//!
//! A pixel of the canvas is as many columns wide as it is half rows high. MNIST's has one of them on
//! a narrow screen, two where there is room, and more on a large screen, where the pictures beside it
//! grow too. Images of other sizes have the same square, and fit it as all pictures do: where
//! there are more pixels than that, the mouse hits the middle one of those below it.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{self, Canvas},
    sliders::Slider,
};
use crate::{
    image::ImageSize,
    ui::{
        frame::{Body, Frame, GUTTER, Narrow, TITLE},
        widget::{
            cut::Cut,
            fit::{Crop, Fit},
            text,
        },
    },
};

/// The least that a map or sliders are drawn in.
const LEAST_MAP: u16 = 14;
/// Columns of both pictures of a narrow screen.
const PAIR: u16 = 58;
/// Columns of a pixel of the largest canvas.
const MOST: u16 = 4;
/// Columns of a line of words, and of the scales.
const LINE: u16 = 58;
/// Rows of the sliders with their title.
const SLIDING: u16 = TITLE + Slider::ALL.len() as u16;
/// Rows of what the pen does, and of words.
const PEN: u16 = 1;
const WORDS: u16 = 2;
/// Rows of the scales with their title, where there is room for all of them.
const SCALES: u16 = 5;

/// The places; panes include their title row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// The canvas, a title over it.
    pub(super) canvas: Rect,
    /// Columns of a pixel, and half rows, where an image is as large as MNIST's.
    pub(super) scale: u16,
    pub(super) reconstruction: Rect,
    /// The same of a pixel of it.
    pub(super) magnified: u16,
    pub(super) map: Option<Rect>,
    /// How like a digit it is.
    pub(super) scales: Rect,
    pub(super) nearest: Option<Rect>,
    /// How the nearest image is cut.
    pub(super) cut: Cut,
    /// What was lost and added.
    pub(super) difference: Option<Rect>,
    pub(super) sliders: Option<Rect>,
    /// What the pen does.
    pub(super) pen: Rect,
    /// Words on what can be done, and on what it shows.
    pub(super) words: Words,
}

/// Where words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// In two places of two rows.
    Beside([Rect; 2]),
    /// In one row.
    Narrator(Rect),
}

impl Layout {
    pub(super) fn of(frame: &Frame) -> Self {
        match frame.body {
            Body::Wide(body) => wide(body),
            Body::Narrow(body) => narrow(frame, &body),
        }
    }

    /// The pixels' part of the canvas.
    pub(super) fn paper(&self, image: ImageSize) -> Paper {
        let square = text::body(self.canvas);
        let side = usize::from(self.scale * Cut::Full.columns());
        let fit = Fit::within(Crop::whole(image), side).in_cells();
        Paper::within(square, fit)
    }

    /// The pixel at a place of the screen, if there is one. Of two that share a cell, the upper.
    pub(super) fn pixel_at(&self, canvas: &Canvas, place: Position) -> Option<canvas::Place> {
        let Paper { area, fit } = self.paper(canvas.size());
        let [x, y] = [place.x.checked_sub(area.x)?, place.y.checked_sub(area.y)?];
        fit.pixel_at(x.into(), usize::from(2 * y))
    }

    /// The pixel nearest to a place of the screen; of two that share a cell, the one that is
    /// nearer to another pixel.
    pub(super) fn nearest_pixel(
        &self,
        canvas: &Canvas,
        place: Position,
        from: canvas::Place,
    ) -> canvas::Place {
        let Paper { area, fit } = self.paper(canvas.size());
        let x = usize::from(place.x.saturating_sub(area.x));
        let half_row = usize::from(2 * place.y.saturating_sub(area.y));
        let [upper, lower] = [half_row, half_row + 1].map(|half| fit.nearest_pixel(x, half));
        [upper[0], from[1].clamp(upper[1], lower[1])]
    }

    /// The row of a slider.
    pub(super) fn row_of(&self, slider: Slider) -> Option<Rect> {
        let sliders = self.sliders?;
        let y = sliders.y + TITLE + slider as u16;
        (y < sliders.bottom()).then_some(Rect {
            y,
            height: 1,
            ..sliders
        })
    }

    /// The line of a slider.
    pub(super) fn track_of(&self, slider: Slider) -> Option<Rect> {
        let row = self.row_of(slider)?;
        let (before, width) = if self.scale > 1 { (10, 11) } else { (6, 7) };
        Some(Rect {
            x: row.x + before,
            width,
            ..row
        })
    }

    /// The slider whose line is at a place of the screen, and that line.
    pub(super) fn slider_at(&self, place: Position) -> Option<(Slider, Rect)> {
        let mut tracks = Slider::ALL.into_iter().filter_map(|slider| {
            let track = self.track_of(slider)?;
            Some((slider, track))
        });
        tracks.find(|(_, track)| track.contains(place))
    }
}

/// Where the pixels of an image stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) area: Rect,
    pub(super) fit: Fit,
}

impl Paper {
    /// In the middle of a place.
    pub(super) fn within(place: Rect, fit: Fit) -> Self {
        let [columns, rows] = [fit.columns() as u16, fit.rows().div_ceil(2) as u16];
        let area = Rect {
            x: place.x + place.width.saturating_sub(columns) / 2,
            y: place.y + place.height.saturating_sub(rows) / 2,
            width: columns,
            height: rows,
        };
        Self { area, fit }
    }
}

fn wide(body: Rect) -> Layout {
    let larger = (3..=MOST).rev().find(|scale| has_room(body, *scale));
    if let Some(scale) = larger {
        return large(body, scale);
    }
    let (side, rows) = (Cut::Full.columns(), Cut::Full.rows());
    // The canvas stands further off than the panes from each other.
    let pictures = body.x + 2 * (side + GUTTER);
    let right = pictures + side + GUTTER;
    let below = TITLE + rows;
    let third = below + SCALES + 1;
    let at = |x: u16, top: u16, width: u16, height: u16| Rect::new(x, body.y + top, width, height);
    Layout {
        canvas: at(body.x, 0, 2 * side, TITLE + 2 * rows),
        scale: 2,
        reconstruction: at(pictures, 0, side, below),
        magnified: 1,
        map: Some(at(right, 0, body.right() - right, below)),
        scales: at(pictures, below, LINE, SCALES),
        nearest: Some(at(pictures, third, side, nearest_rows(Cut::Half))),
        cut: Cut::Half,
        difference: None,
        sliders: Some(at(right, third, side, SLIDING)),
        pen: at(body.x, TITLE + 2 * rows, 2 * side, PEN),
        words: words(body, pictures),
    }
}

/// Panes of a large screen: the scales are below the canvas, and all pictures larger where there
/// are rows for those.
fn large(body: Rect, scale: u16) -> Layout {
    let (side, rows) = (Cut::Full.columns(), Cut::Full.rows());
    let at = |x: u16, top: u16, width: u16, height: u16| Rect::new(x, body.y + top, width, height);
    let last = body.height - WORDS;
    let canvas = at(body.x, 0, scale * side, TITLE + scale * rows);
    let pictures = canvas.right() + GUTTER;
    let double = pictures + 2 * side + GUTTER + side <= body.right()
        && TITLE + 2 * rows + 1 + TITLE + rows + 1 + SLIDING <= last;
    let (magnified, cut) = if double {
        (2, Cut::Full)
    } else {
        (1, Cut::Half)
    };
    let right = pictures + magnified * side + GUTTER;
    let third = TITLE + magnified * rows + 1;
    let fourth = if double {
        third + TITLE + rows + 1
    } else {
        third
    };
    Layout {
        canvas,
        scale,
        reconstruction: at(pictures, 0, magnified * side, TITLE + magnified * rows),
        magnified,
        map: Some(at(right, 0, body.right() - right, TITLE + magnified * rows)),
        scales: at(body.x, TITLE + scale * rows + PEN + 1, LINE, SCALES),
        nearest: Some(at(pictures, third, 2 * cut.columns(), nearest_rows(cut))),
        cut,
        difference: double.then(|| at(right, third, side, TITLE + rows)),
        sliders: Some(at(right, fourth, side, SLIDING)),
        pen: at(body.x, TITLE + scale * rows, scale * side, PEN),
        words: words(body, pictures),
    }
}

/// Whether a canvas of so large pixels has room, with the pen, scales and words below it and two
/// pictures beside it.
fn has_room(body: Rect, scale: u16) -> bool {
    let (side, rows) = (Cut::Full.columns(), Cut::Full.rows());
    TITLE + scale * rows + PEN + 1 + SCALES + 1 + WORDS <= body.height
        && scale * side + 2 * (GUTTER + side) <= body.width
}

/// Rows of the nearest image with its title and the words below it.
const fn nearest_rows(cut: Cut) -> u16 {
    TITLE + cut.rows() + 1
}

/// Words below the canvas and below the pictures.
fn words(body: Rect, pictures: u16) -> Words {
    let last = body.bottom() - WORDS;
    Words::Beside([body.x, pictures].map(|x| Rect::new(x, last, LINE, WORDS)))
}

fn narrow(frame: &Frame, body: &Narrow) -> Layout {
    let (side, rows) = (Cut::Full.columns(), Cut::Full.rows());
    let (left, top) = (body.left.x, body.left.y);
    let narrator = body.narrator.y;
    let right = left + PAIR + GUTTER;
    let room = body.right.right().saturating_sub(right);
    let beside = room >= LEAST_MAP;
    let below = top + TITLE + rows;
    let sliders = TITLE + Slider::ALL.len() as u16;
    let sliders_top = (narrator + 1).saturating_sub(sliders);
    Layout {
        canvas: Rect::new(left, top, side, TITLE + rows),
        scale: 1,
        reconstruction: Rect::new(left + side + GUTTER, top, side, TITLE + rows),
        magnified: 1,
        map: beside.then(|| Rect::new(right, top, room, sliders_top - top)),
        scales: Rect::new(left, below, PAIR, (narrator - below).min(SCALES)),
        nearest: None,
        cut: Cut::Half,
        difference: None,
        sliders: beside.then(|| Rect::new(right, sliders_top, room, sliders)),
        pen: Rect::new(left, frame.tape.y, body.right.x - GUTTER - left, 1),
        words: Words::Narrator(Rect::new(left, narrator, PAIR, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16) -> (Frame, Layout) {
        let frame = Frame::of(Rect::new(0, 0, width, height)).unwrap();
        (frame, Layout::of(&frame))
    }

    fn paper(layout: &Layout) -> Rect {
        layout.paper(ImageSize::MNIST).area
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let (_, wide) = of(120, 36);
        assert_eq!(paper(&wide), Rect::new(1, 2, 56, 28));
        assert_eq!(wide.map, Some(Rect::new(91, 1, 28, 15)));
        assert_eq!((wide.scales.y, wide.pen.y), (16, 30));
        assert_eq!(wide.nearest, Some(Rect::new(61, 22, 28, 9)));
        let (_, usual) = of(80, 24);
        assert_eq!(usual.reconstruction, Rect::new(31, 1, 28, 15));
        assert_eq!(usual.map, Some(Rect::new(61, 1, 18, 14)));
        assert_eq!(usual.sliders, Some(Rect::new(61, 15, 18, 7)));
        assert_eq!(usual.pen, Rect::new(1, 22, 20, 1));
        let (_, large) = of(200, 60);
        assert_eq!(paper(&large), Rect::new(1, 2, 84, 42));
        assert_eq!(large.reconstruction, Rect::new(87, 1, 56, 29));
        assert_eq!(large.map, Some(Rect::new(145, 1, 54, 29)));
        assert_eq!(large.nearest, Some(Rect::new(87, 31, 56, 16)));
        assert_eq!(large.difference, Some(Rect::new(145, 31, 28, 15)));
        assert_eq!(large.scales, Rect::new(1, 46, 58, 5));
        assert_eq!(large.scale, 3);
        let (_, largest) = of(220, 70);
        assert_eq!(paper(&largest), Rect::new(1, 2, 112, 56));
        let (_, small) = of(60, 20);
        assert_eq!((small.map, small.sliders), (None, None));
        assert_eq!((small.scales.y, small.scales.height), (16, 1));
    }

    #[test]
    fn at_any_size_no_pane_lies_on_another_or_on_the_chrome() {
        for width in (60..220).step_by(3) {
            for height in 20..80 {
                let (frame, at) = of(width, height);
                let mut panes = vec![frame.header, frame.tape, frame.keys];
                panes.extend([at.canvas, at.reconstruction, at.scales, at.pen]);
                panes.extend(at.map.into_iter().chain(at.nearest).chain(at.sliders));
                panes.extend(at.difference);
                match at.words {
                    Words::Beside(places) => panes.extend(places),
                    Words::Narrator(place) => panes.push(place),
                }
                for (number, pane) in panes.iter().enumerate() {
                    assert_eq!(pane.intersection(frame.screen), *pane, "{width}x{height}");
                    for other in &panes[..number] {
                        assert!(
                            pane.intersection(*other).is_empty(),
                            "{width}x{height}: {pane} on {other}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_pixel_is_hit_where_it_is_drawn_and_nowhere_else() {
        let canvas = Canvas::empty(ImageSize::MNIST);
        let (_, wide) = of(120, 36);
        let hit = |x, y| wide.pixel_at(&canvas, Position::new(x, y));
        assert_eq!(hit(1, 2), Some([0, 0]));
        assert_eq!(hit(2, 2), Some([0, 0]));
        assert_eq!(hit(56, 29), Some([27, 27]));
        assert_eq!([hit(0, 2), hit(1, 1), hit(57, 5), hit(5, 30)], [None; 4]);
        for slider in Slider::ALL {
            let track = wide.track_of(slider).unwrap();
            let found = wide.slider_at(track.as_position());
            assert_eq!(found, Some((slider, track)));
        }
        // A cell of half blocks is two pixels.
        let (_, narrow) = of(80, 24);
        let hit = |x, y| narrow.pixel_at(&canvas, Position::new(x, y));
        assert_eq!(hit(1, 2), Some([0, 0]));
        assert_eq!(hit(28, 15), Some([27, 26]));
        assert_eq!([hit(0, 2), hit(29, 2), hit(5, 16)], [None; 3]);
        // Three pixels are three columns and a row and a half.
        let (_, large) = of(200, 60);
        let hit = |x, y| large.pixel_at(&canvas, Position::new(x, y));
        assert_eq!([hit(3, 2), hit(4, 3)], [Some([0, 0]), Some([1, 0])]);
        assert_eq!([hit(1, 4), hit(84, 43)], [Some([0, 1]), Some([27, 27])]);
        assert_eq!(hit(85, 43), None);
    }

    #[test]
    fn of_two_pixels_in_a_cell_the_mouse_takes_the_one_it_comes_to_first() {
        let canvas = Canvas::empty(ImageSize::MNIST);
        let (_, narrow) = of(80, 24);
        let comes = |y: u16, from: usize| {
            let place = Position::new(11, y);
            narrow.nearest_pixel(&canvas, place, [10, from])
        };
        // From above the upper, from below the lower, and along a row the same.
        assert_eq!(comes(7, 2), [10, 10]);
        assert_eq!(comes(7, 20), [10, 11]);
        assert_eq!([comes(7, 10), comes(7, 11)], [[10, 10], [10, 11]]);
        // A drag that leaves stays on the paper.
        let beyond = narrow.nearest_pixel(&canvas, Position::new(79, 23), [3, 3]);
        assert_eq!(beyond, [27, 27]);
        let before = narrow.nearest_pixel(&canvas, Position::new(0, 0), [3, 3]);
        assert_eq!(before, [0, 1]);
    }
}
