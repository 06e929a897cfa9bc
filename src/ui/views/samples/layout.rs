//! Where the panes of the view stand: from the size of the screen alone, so that nothing moves
//! while losses do.
//!
//! ```text
//!  wide                             narrow
//!  the wall, block under block      the    the wall
//!                                   pair   the wall
//!  histogram  digits  the pair             histogram
//! ```
//!
//! On the smallest screens the wall has the whole width, and of the pair there are words.

use ratatui::layout::{Position, Rect};

use crate::ui::{
    frame::{Body, Frame, Narrow, TITLE},
    widget::cut::Cut,
};

/// A pair of thumbs under a line of words.
const PAIR_ROWS: u16 = 1 + 2 * Cut::Thumb.rows();
/// Columns from one pair to the next, and where that leaves fewer than [`LEAST_PAIRS`].
const PITCH: u16 = 12;
const CLOSE_PITCH: u16 = 11;
const LEAST_PAIRS: u16 = 5;
/// Rows of the panes below a wide wall, and of a histogram below a narrow one.
const BELOW: u16 = 10;
const HISTOGRAM: u16 = 8;
const SMALLEST_HISTOGRAM: u16 = 4;
/// Columns of the digits' bars and of the pair beside a wide histogram.
const DIGITS: u16 = 30;
const PAIR: u16 = 28;
const GUTTER: u16 = 2;

/// The panes of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Layout {
    pub(super) wall: Wall,
    pub(super) histogram: Rect,
    /// A line below the histogram.
    pub(super) words: Option<Rect>,
    pub(super) digits: Option<Rect>,
    pub(super) chosen: Chosen,
    pub(super) narrator: Option<Rect>,
}

/// Where the chosen image stands by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Side by side at half size, over two lines of words.
    Beside(Rect),
    /// Over each other, in this cut.
    Above([Rect; 2], Cut),
    /// In words.
    Words(Rect),
}

/// The wall: a title, and pairs in blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wall {
    pub(super) area: Rect,
    pub(super) columns: u16,
    pub(super) blocks: u16,
    pitch: u16,
}

impl Wall {
    fn of(area: Rect, below: u16) -> Self {
        let across = |pitch: u16| (area.width + pitch - Cut::Thumb.columns()) / pitch;
        let pitch = if across(PITCH) >= LEAST_PAIRS {
            PITCH
        } else {
            CLOSE_PITCH
        };
        let rows = area.height.saturating_sub(TITLE + below);
        let blocks = (rows / PAIR_ROWS).max(1);
        Self {
            area: Rect {
                height: (TITLE + blocks * PAIR_ROWS).min(area.height),
                ..area
            },
            columns: across(pitch),
            blocks,
            pitch,
        }
    }

    /// Pairs on a page.
    pub(super) fn pairs(&self) -> usize {
        usize::from(self.columns) * usize::from(self.blocks)
    }

    /// Where a pair stands, with its line of words.
    pub(super) fn pair(&self, place: usize) -> Rect {
        let columns = usize::from(self.columns);
        let (row, column) = ((place / columns) as u16, (place % columns) as u16);
        Rect {
            x: self.area.x + column * self.pitch,
            y: self.area.y + TITLE + row * PAIR_ROWS,
            width: Cut::Thumb.columns(),
            height: PAIR_ROWS,
        }
    }

    /// The pair that is pointed at.
    pub(super) fn at(&self, place: Position) -> Option<usize> {
        (0..self.pairs()).find(|&pair| self.pair(pair).contains(place))
    }
}

impl Layout {
    pub(in crate::ui) fn of(frame: &Frame) -> Self {
        match frame.body {
            Body::Wide(body) => Self::wide(body),
            Body::Narrow(narrow) if narrow.cut == Cut::Half => Self::smallest(&narrow),
            Body::Narrow(narrow) => Self::narrow(&narrow),
        }
    }

    fn wide(body: Rect) -> Self {
        let wall = Wall::of(body, BELOW);
        let below = rest(body, wall.area);
        let beside = DIGITS + PAIR + 2 * GUTTER;
        let histogram = Rect {
            width: below.width.saturating_sub(beside),
            height: below.height.saturating_sub(1),
            ..below
        };
        let digits = Rect {
            x: histogram.right() + GUTTER,
            width: DIGITS,
            ..below
        };
        Self {
            wall,
            histogram,
            words: Some(Rect {
                y: histogram.bottom(),
                width: histogram.width + 1,
                height: 1,
                ..histogram
            }),
            digits: Some(digits),
            chosen: Chosen::Beside(Rect {
                x: digits.right() + GUTTER,
                width: PAIR,
                ..below
            }),
            narrator: None,
        }
    }

    fn narrow(narrow: &Narrow) -> Self {
        let wall = Wall::of(narrow.right, HISTOGRAM);
        let [upper, lower, _] = narrow.pair();
        Self {
            wall,
            histogram: rest(narrow.right, wall.area),
            words: None,
            digits: None,
            chosen: Chosen::Above([upper, lower], narrow.cut),
            narrator: Some(narrow.narrator),
        }
    }

    fn smallest(narrow: &Narrow) -> Self {
        let whole = Rect {
            x: narrow.left.x,
            width: narrow.right.right() - narrow.left.x,
            ..narrow.right
        };
        let wall = Wall::of(whole, SMALLEST_HISTOGRAM);
        Self {
            wall,
            histogram: rest(whole, wall.area),
            words: None,
            digits: None,
            chosen: Chosen::Words(Rect {
                y: whole.bottom(),
                height: 2,
                ..narrow.left
            }),
            narrator: Some(narrow.narrator),
        }
    }
}

/// What is left below the upper part of an area.
fn rest(area: Rect, upper: Rect) -> Rect {
    Rect {
        y: upper.bottom(),
        height: area.bottom().saturating_sub(upper.bottom()),
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16) -> Layout {
        Layout::of(&Frame::of(Rect::new(0, 0, width, height)).unwrap())
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let wide = of(120, 36);
        assert_eq!((wide.wall.columns, wide.wall.blocks), (10, 2));
        assert_eq!(wide.wall.pair(13), Rect::new(37, 13, 10, 11));
        assert_eq!(wide.histogram, Rect::new(1, 24, 56, 9));
        assert_eq!(wide.words, Some(Rect::new(1, 33, 57, 1)));
        assert_eq!(wide.digits, Some(Rect::new(59, 24, 30, 10)));
        assert_eq!(wide.chosen, Chosen::Beside(Rect::new(91, 24, 28, 10)));
        let usual = of(80, 24);
        assert_eq!((usual.wall.columns, usual.wall.blocks), (5, 1));
        assert_eq!(usual.wall.pair(1), Rect::new(34, 2, 10, 11));
        assert_eq!(usual.histogram, Rect::new(23, 13, 56, 8));
        let small = of(60, 20);
        assert_eq!((small.wall.columns, small.wall.blocks), (5, 1));
        assert_eq!(small.wall.pair(4), Rect::new(49, 2, 10, 11));
        assert_eq!(small.histogram, Rect::new(1, 13, 58, 4));
        assert_eq!(small.chosen, Chosen::Words(Rect::new(1, 17, 14, 2)));
        assert_eq!(of(200, 60).wall.columns, 16);
        assert_eq!(of(200, 60).wall.blocks, 4);
    }

    #[test]
    fn at_any_size_every_pane_is_on_the_screen_and_none_lies_on_another() {
        for width in (60..260).step_by(3) {
            for height in 20..90 {
                let frame = Frame::of(Rect::new(0, 0, width, height)).unwrap();
                let layout = Layout::of(&frame);
                let mut places = vec![frame.header, frame.tape, frame.keys, layout.histogram];
                places.extend(layout.words.into_iter().chain(layout.digits));
                places.extend(layout.narrator);
                match layout.chosen {
                    Chosen::Beside(area) | Chosen::Words(area) => places.push(area),
                    Chosen::Above(areas, _) => places.extend(areas),
                }
                places.extend((0..layout.wall.pairs()).map(|place| layout.wall.pair(place)));
                for (number, place) in places.iter().enumerate() {
                    assert_eq!(place.intersection(frame.screen), *place, "{width}x{height}");
                    for other in &places[..number] {
                        assert!(
                            place.intersection(*other).is_empty(),
                            "{width}x{height}: {place} on {other}"
                        );
                    }
                }
                assert!(layout.histogram.height >= 4, "{width}x{height}");
                let shown = (0..layout.wall.pairs()).map(|place| layout.wall.pair(place));
                for (place, area) in shown.enumerate() {
                    let inside = Position::new(area.x + 9, area.y + 10);
                    assert_eq!(layout.wall.at(inside), Some(place));
                }
            }
        }
    }
}
