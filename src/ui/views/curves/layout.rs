//! Where the panes of the view stand, from its frame alone.

use ratatui::layout::Rect;

use crate::ui::{
    frame::{Body, Frame, GUTTER, TITLE},
    widget::cut::Cut,
};

/// Columns of the numbers beside the plot, with the axis itself.
const NUMBERS: u16 = 5;
/// Columns at its right for what lines are called, and for the numbers of ribbons.
const MARGIN: u16 = 13;
/// Rows of the digits' ribbons, and of their bars, two beside each other.
const RIBBONS: u16 = 10;
const BARS: u16 = 5;

/// The places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// How the picture is cut.
    pub(super) cut: Cut,
    /// The picture, with its title.
    pub(super) picture: Rect,
    pub(super) readings: Rect,
    /// The title of the plot.
    pub(super) title: Rect,
    pub(super) plot: Rect,
    /// The digits, with their title.
    pub(super) digits: Rect,
    /// Whether those are ribbons along the axis, or bars at the ruler.
    pub(super) ribbons: bool,
    /// Where a sentence stands.
    pub(super) narrator: Rect,
}

impl Layout {
    pub(super) fn of(frame: &Frame) -> Self {
        match frame.body {
            Body::Wide(body) => wide(body),
            Body::Narrow(at) => {
                let (left, right) = (at.left, at.right);
                let rows = TITLE + at.cut.rows();
                Self {
                    cut: at.cut,
                    picture: Rect {
                        height: rows.min(left.height),
                        ..left
                    },
                    readings: Rect {
                        y: left.y + rows,
                        height: left.height.saturating_sub(rows),
                        ..left
                    },
                    ribbons: false,
                    narrator: at.narrator,
                    ..of_plot(right, 0, BARS)
                }
            }
        }
    }

    /// The row of the numbers below the plot.
    pub(super) fn across(&self) -> Rect {
        Rect {
            y: self.plot.bottom(),
            height: 1,
            ..self.plot
        }
    }

    /// The column of the axis beside it.
    pub(super) fn upright(&self) -> u16 {
        self.plot.x - 1
    }
}

fn wide(body: Rect) -> Layout {
    let cut = Cut::Full;
    let rows = TITLE + cut.rows();
    // As many rows as a sentence needs in a column as narrow.
    let narrator = 2;
    let left = Rect {
        width: cut.columns(),
        ..body
    };
    let right = Rect {
        x: left.right() + GUTTER,
        width: body.width - left.width - GUTTER,
        height: body.height - 1,
        ..body
    };
    Layout {
        cut,
        picture: Rect {
            height: rows,
            ..left
        },
        readings: Rect {
            y: left.y + rows + 1,
            height: left.height - rows - 1 - narrator,
            ..left
        },
        ribbons: true,
        narrator: Rect {
            y: left.bottom() - narrator,
            height: narrator,
            ..left
        },
        ..of_plot(right, MARGIN, RIBBONS)
    }
}

/// The plot over its axis, over so many rows of digits; the left column is for others to say.
fn of_plot(area: Rect, margin: u16, digits: u16) -> Layout {
    let below = 1 + TITLE + digits;
    let plot = Rect {
        x: area.x + NUMBERS,
        y: area.y + TITLE,
        width: area.width.saturating_sub(NUMBERS + margin),
        height: area.height.saturating_sub(TITLE + below),
    };
    Layout {
        cut: Cut::Half,
        picture: Rect::ZERO,
        readings: Rect::ZERO,
        narrator: Rect::ZERO,
        ribbons: false,
        title: Rect {
            height: TITLE,
            ..area
        },
        plot,
        digits: Rect {
            y: plot.bottom() + 1,
            height: TITLE + digits,
            ..area
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(width: u16, height: u16) -> Layout {
        Layout::of(&Frame::of(Rect::new(0, 0, width, height)).unwrap())
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let wide = at(120, 36);
        assert_eq!(wide.picture, Rect::new(1, 1, 28, 15));
        assert_eq!(wide.plot, Rect::new(36, 2, 70, 19));
        assert_eq!(wide.digits, Rect::new(31, 22, 88, 11));
        let usual = at(80, 24);
        assert_eq!(usual.plot, Rect::new(28, 2, 51, 12));
        assert_eq!(usual.readings, Rect::new(1, 12, 20, 11));
        assert_eq!(usual.digits, Rect::new(23, 15, 56, 6));
        let small = at(60, 20);
        assert_eq!(small.plot, Rect::new(22, 2, 37, 8));
        assert_eq!(small.digits, Rect::new(17, 11, 42, 6));
        assert_eq!(small.readings, Rect::new(1, 9, 14, 10));
    }

    #[test]
    fn at_any_size_no_place_lies_on_another() {
        for width in (60..260).step_by(7) {
            for height in 20..90 {
                let at = at(width, height);
                let places = [
                    at.picture,
                    at.readings,
                    at.title,
                    at.plot,
                    at.across(),
                    at.digits,
                    at.narrator,
                ];
                for (number, place) in places.iter().enumerate() {
                    assert!(!place.is_empty(), "{width}x{height}: {number}");
                    for other in &places[..number] {
                        assert!(
                            place.intersection(*other).is_empty(),
                            "{width}x{height}: {place} on {other}"
                        );
                    }
                }
            }
        }
    }
}
