//! Where each pane of the view goes, from the place it has alone.
//!
//! A pixel of the large canvas is two columns by one row: square, and the mouse can hit it. On a
//! narrow screen the canvas is in half blocks, which no mouse can hit, and keys draw.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{self, Canvas},
    sliders::Slider,
};
use crate::ui::{
    frame::{Body, Frame, GUTTER, Narrow, TITLE},
    widget::cut::Cut,
};

/// The least that a map or sliders are drawn in.
const LEAST_MAP: u16 = 14;
/// Columns of both pictures of a narrow screen.
const PAIR: u16 = 58;
/// Rows of the scales with their title, where there is room for all of them.
const SCALES: u16 = 5;

/// The places; panes include their title row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// The canvas, a title over it.
    pub(super) canvas: Rect,
    /// Whether a pixel is two columns wide.
    pub(super) large: bool,
    pub(super) reconstruction: Rect,
    pub(super) map: Option<Rect>,
    /// How like a digit it is.
    pub(super) scales: Rect,
    pub(super) nearest: Option<Rect>,
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
    pub(super) fn paper(&self) -> Rect {
        Rect {
            y: self.canvas.y + TITLE,
            height: self.canvas.height - TITLE,
            ..self.canvas
        }
    }

    /// The pixel at a place of the screen, if the mouse can hit one there.
    pub(super) fn pixel_at(&self, canvas: &Canvas, place: Position) -> Option<canvas::Place> {
        if !self.large || !self.paper().contains(place) {
            return None;
        }
        let [x, y] = self.nearest_pixel(canvas, place);
        let paper = self.paper();
        let beyond = usize::from(place.x - paper.x) / 2 > x || usize::from(place.y - paper.y) > y;
        (!beyond).then_some([x, y])
    }

    /// The pixel nearest to a place of the screen.
    pub(super) fn nearest_pixel(&self, canvas: &Canvas, place: Position) -> canvas::Place {
        let (paper, size) = (self.paper(), canvas.size());
        let x = usize::from(place.x.saturating_sub(paper.x)) / 2;
        let y = usize::from(place.y.saturating_sub(paper.y));
        [x.min(size.width - 1), y.min(size.height - 1)]
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
        let (before, width) = if self.large { (10, 11) } else { (6, 7) };
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

fn wide(body: Rect) -> Layout {
    let (side, rows) = (Cut::Full.columns(), Cut::Full.rows());
    let pictures = body.x + 2 * (side + GUTTER);
    let right = pictures + side + GUTTER;
    let at = |x: u16, top: u16, width: u16, height: u16| Rect::new(x, body.y + top, width, height);
    let below = TITLE + rows;
    let third = below + SCALES + 1;
    let last = body.height - 2;
    Layout {
        canvas: at(body.x, 0, 2 * side, TITLE + 2 * rows),
        large: true,
        reconstruction: at(pictures, 0, side, below),
        map: Some(at(right, 0, body.right() - right, below)),
        scales: at(pictures, below, 2 * side + GUTTER, SCALES),
        nearest: Some(at(pictures, third, side, TITLE + Cut::Half.rows() + 1)),
        sliders: Some(at(right, third, side, TITLE + Slider::ALL.len() as u16)),
        pen: at(body.x, TITLE + 2 * rows, 2 * side, 1),
        words: Words::Beside([
            at(body.x, last, 2 * side, 2),
            at(pictures, last, 2 * side + GUTTER, 2),
        ]),
    }
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
        large: false,
        reconstruction: Rect::new(left + side + GUTTER, top, side, TITLE + rows),
        map: beside.then(|| Rect::new(right, top, room, sliders_top - top)),
        scales: Rect::new(left, below, PAIR, (narrator - below).min(SCALES)),
        nearest: None,
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

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let (_, wide) = of(120, 36);
        assert_eq!(wide.paper(), Rect::new(1, 2, 56, 28));
        assert_eq!(wide.map, Some(Rect::new(91, 1, 28, 15)));
        assert_eq!((wide.scales.y, wide.pen.y), (16, 30));
        assert_eq!(wide.nearest, Some(Rect::new(61, 22, 28, 9)));
        let (_, usual) = of(80, 24);
        assert_eq!(usual.reconstruction, Rect::new(31, 1, 28, 15));
        assert_eq!(usual.map, Some(Rect::new(61, 1, 18, 14)));
        assert_eq!(usual.sliders, Some(Rect::new(61, 15, 18, 7)));
        assert_eq!(usual.pen, Rect::new(1, 22, 20, 1));
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
        let canvas = Canvas::empty(crate::image::ImageSize::MNIST);
        let (_, wide) = of(120, 36);
        let hit = |x, y| wide.pixel_at(&canvas, Position::new(x, y));
        assert_eq!(hit(1, 2), Some([0, 0]));
        assert_eq!(hit(2, 2), Some([0, 0]));
        assert_eq!(hit(56, 29), Some([27, 27]));
        assert_eq!([hit(0, 2), hit(1, 1), hit(57, 5), hit(5, 30)], [None; 4]);
        let (_, narrow) = of(80, 24);
        assert_eq!(narrow.pixel_at(&canvas, Position::new(5, 5)), None);
        for slider in Slider::ALL {
            let track = wide.track_of(slider).unwrap();
            let found = wide.slider_at(track.as_position());
            assert_eq!(found, Some((slider, track)));
        }
    }
}
