//! Where each pane of the training view goes, from the place it has and the shape of the
//! code alone: nothing shifts while a run goes on.
//!
//! ```text
//!  wide                                    narrow
//!  original  reconstruction  map           original        map
//!  bottleneck                map           bottleneck      code
//!  diff  loss                code          reconstruction  loss
//!  narrator                                                narrator
//!  strip of ten
//! ```

use ratatui::layout::Rect;

use crate::{
    image::ImageSize,
    message::Row,
    nn::CodeShape,
    ui::{
        frame::{self, Body, Frame, GUTTER, TITLE, TRIO_WIDTH},
        widget::cut::Cut,
    },
};

/// Rows of the smallest view that has room for the strip.
const WIDE_ROWS: u16 = 33;
/// The loss pane grows to this before others get extra rows.
const LOSS_ROWS: u16 = 8;
/// The loss pane is never under this, and where a thumb stands beside it never under that.
const LEAST_LOSS_ROWS: u16 = 3;
const LEAST_WIDE_LOSS_ROWS: u16 = 4;
/// The row between the image and what is drawn from its code.
const BOTTLENECK: u16 = 1;
/// Columns of the words beside a thumb.
const BESIDE_THUMB: u16 = 6;
/// The smallest map and its axes.
const MAP: (u16, u16) = (40, 11);
/// A map of so many rows spares some for large tiles.
const LARGE_MAP: u16 = 30;
/// Bars of a code's values, where there is room for halves of them and where not.
const CODE_BARS: u16 = 2;
const LOW_CODE_BARS: u16 = 1;
/// Ten digits and their heading.
const PER_DIGIT_ROWS: u16 = 11;

/// The places of a screen; panes include their title row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Picture over picture, map over loss over tape.
    Narrow(Narrow),
    /// Pictures side by side, the strip of ten below.
    Wide(Wide),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Narrow {
    pub(crate) cut: Cut,
    pub(crate) original: Rect,
    pub(crate) bottleneck: Rect,
    /// Without a title.
    pub(crate) reconstruction: Rect,
    /// What it is, where there are rows left below the pictures.
    pub(crate) label: Rect,
    /// What it costs, where the row between the pictures has no room for that.
    pub(crate) cost: Option<Rect>,
    pub(crate) map: Rect,
    /// The code, where the map does not show all of it and there are rows for it.
    pub(crate) code: Option<Rect>,
    pub(crate) loss: Rect,
    pub(crate) narrator: Rect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wide {
    pub(crate) original: Rect,
    pub(crate) reconstruction: Rect,
    /// Below the pictures, as wide as all of them.
    pub(crate) bottleneck: Rect,
    pub(crate) difference: Difference,
    pub(crate) loss: Rect,
    pub(crate) narrator: Rect,
    /// The loss of each digit, where there are rows for it.
    pub(crate) per_digit: Option<Rect>,
    pub(crate) map: Rect,
    /// The code, where the map does not show all of it.
    pub(crate) code: Option<Rect>,
    pub(crate) strip: Rect,
    pub(crate) strip_cut: Cut,
}

/// How the difference is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// A thumb beside the loss, and rows for words between them.
    Thumb { picture: Rect, words: Rect },
    /// A picture like the others, and the recent steps below it.
    Full { picture: Rect, recent: Rect },
}

impl Layout {
    /// The places within a frame, for codes of this shape.
    pub(crate) fn of(frame: &Frame, code: CodeShape) -> Self {
        match frame.body {
            Body::Narrow(body) => Self::Narrow(narrow(&body, code)),
            Body::Wide(body) => Self::Wide(wide(body, code)),
        }
    }
}

/// A rectangle given by its left, top, right and bottom edges.
fn between(left: u16, top: u16, right: u16, bottom: u16) -> Rect {
    Rect::new(
        left,
        top,
        right.saturating_sub(left),
        bottom.saturating_sub(top),
    )
}

/// Rows of a code below its title; none for one that the map shows whole.
fn code_rows(code: CodeShape, bars: u16, scale: u16) -> u16 {
    match code {
        CodeShape::Values(..=2) => 0,
        CodeShape::Values(_) => bars,
        CodeShape::Maps { size, .. } => tile(size, scale).1,
    }
}

/// Columns and rows of a map of a code, two values to a cell.
pub(crate) fn tile(size: ImageSize, scale: u16) -> (u16, u16) {
    let cells = |side| {
        u16::try_from(side)
            .unwrap_or(u16::MAX)
            .saturating_mul(scale)
    };
    (cells(size.width), cells(size.height).div_ceil(2))
}

/// Columns of all maps of a code side by side.
pub(crate) fn tiles_width(code: CodeShape, scale: u16) -> u16 {
    match code {
        CodeShape::Values(_) => 0,
        CodeShape::Maps { count, size } => {
            let (columns, _) = tile(size, scale);
            let count = u16::try_from(count).unwrap_or(u16::MAX);
            count.saturating_mul(columns.saturating_add(scale))
        }
    }
}

/// A map's place without the last rows, and the code's pane there; a map that
/// would get too small keeps them.
fn split(map: Rect, rows: u16) -> (Rect, Option<Rect>) {
    let taken = rows.saturating_add(TITLE);
    if rows == 0 || map.height < taken.saturating_add(TITLE + MAP.1) {
        return (map, None);
    }
    let height = map.height - taken;
    let code = Rect {
        y: map.y + height,
        height: taken,
        ..map
    };
    (Rect { height, ..map }, Some(code))
}

fn narrow(body: &frame::Narrow, code: CodeShape) -> Narrow {
    let [original, reconstruction, label] = body.pair();
    let right = body.right;
    // The loss gets its 3 rows first, then the map its least; then each takes every second row
    // until the loss has its 8, and what is left is the map's.
    let free = right.height.saturating_sub(TITLE + MAP.1 + TITLE);
    let least = LEAST_LOSS_ROWS;
    let loss_rows = (least + free.saturating_sub(least) / 2).min(LOSS_ROWS);
    // A code that lacks a row for its pane takes the loss's.
    let code_rows = code_rows(code, LOW_CODE_BARS, 1);
    let lacks = (code_rows.saturating_add(TITLE)).saturating_sub(free - loss_rows);
    let spared = if lacks < loss_rows - least { lacks } else { 0 };
    let (upper, loss) = cut_below(right, TITLE + loss_rows - spared);
    let (map, code) = split(upper, code_rows);
    let (bottleneck, reconstruction) = cut_above(reconstruction, BOTTLENECK);
    // Where columns are few, sentences have all of them, and what is below the pictures two rows
    // less: that of the narrator and that of the tape.
    let (label, cost, narrator) = if body.cut == Cut::Half {
        let (label, below) = cut_below(label, 2);
        let (_, cost) = cut_below(below, 1);
        let narrator = between(
            body.left.x,
            body.narrator.y,
            body.narrator.right(),
            body.narrator.bottom(),
        );
        (label, Some(cost), narrator)
    } else {
        (label, None, body.narrator)
    };
    Narrow {
        cut: body.cut,
        original,
        bottleneck,
        reconstruction,
        label,
        cost,
        map,
        code,
        loss,
        narrator,
    }
}

/// The first rows of a place, and those after them.
fn cut_above(place: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(place.height);
    cut_below(place, place.height - rows)
}

/// A place without its last rows, and those.
fn cut_below(place: Rect, rows: u16) -> (Rect, Rect) {
    let height = place.height.saturating_sub(rows);
    let lower = Rect {
        y: place.y + height,
        height: rows,
        ..place
    };
    (Rect { height, ..place }, lower)
}

fn wide(body: Rect, code: CodeShape) -> Wide {
    let (picture, picture_rows) = (Cut::Full.columns(), Cut::Full.rows());
    let (thumb, thumb_rows) = (Cut::Thumb.columns(), Cut::Thumb.rows());

    let mut extra = body.height - WIDE_ROWS;
    let mut take = |rows: u16| {
        let taken = extra >= rows;
        extra -= if taken { rows } else { 0 };
        taken
    };
    let least = LEAST_WIDE_LOSS_ROWS;
    let grown = (0..LOSS_ROWS - least).filter(|_| take(1)).count() as u16;
    let (half, half_rows) = (Cut::Half.columns(), Cut::Half.rows());
    let strip_stride = (body.width + 1) / Row::LENGTH as u16;
    let larger = strip_stride >= half + GUTTER && take(2 * (half_rows - thumb_rows));
    let (strip_cut, strip_rows) = if larger {
        (Cut::Half, half_rows)
    } else {
        (Cut::Thumb, thumb_rows)
    };
    let with_digits = take(PER_DIGIT_ROWS);
    // The rest is the map's; beside it the loss grows too.
    let loss_rows = least + grown + extra;

    let top = body.y;
    let pictures_end = top + TITLE + picture_rows;
    let loss_top = pictures_end + BOTTLENECK;
    let loss_end = loss_top + TITLE + loss_rows;
    let digits_end = loss_end + if with_digits { PER_DIGIT_ROWS } else { 0 };
    let narrator = digits_end;
    let strip = narrator + 1;
    debug_assert_eq!(
        strip + TITLE + 2 * strip_rows,
        body.bottom(),
        "the rows add up"
    );

    let left = body.x;
    let column = |number: u16| left + number * (picture + GUTTER);
    let at = |number: u16, bottom| {
        let start = column(number);
        between(start, top, start + picture, bottom)
    };
    let trio = body.width + 2 * frame::MARGIN >= TRIO_WIDTH;
    let pictures = if trio { 3 } else { 2 };
    let under = column(pictures) - GUTTER;
    let (difference, loss_left, loss_right) = if trio {
        (
            Difference::Full {
                picture: at(2, pictures_end),
                recent: between(column(2), loss_top, column(2) + picture, loss_end),
            },
            left,
            column(2) - GUTTER,
        )
    } else {
        let words = left + thumb + 1;
        let words_end = words + BESIDE_THUMB;
        (
            Difference::Thumb {
                picture: between(left, loss_top, left + thumb, loss_end),
                words: between(words, loss_top, words_end, loss_end),
            },
            words_end + 1,
            under,
        )
    };
    let map = between(column(pictures), top, body.right(), strip);
    // Tiles of twice the size where they fit without taking the map's place.
    let scale = if map.width >= tiles_width(code, 2) && map.height >= LARGE_MAP {
        2
    } else {
        1
    };
    let (map, code) = split(map, code_rows(code, CODE_BARS, scale));
    Wide {
        original: at(0, pictures_end),
        reconstruction: at(1, pictures_end),
        difference,
        bottleneck: between(left, pictures_end, under, loss_top),
        loss: between(loss_left, loss_top, loss_right, loss_end),
        per_digit: with_digits.then(|| between(left, loss_end, under, digits_end)),
        narrator: between(left, narrator, under, narrator + 1),
        map,
        code,
        strip: between(left, strip, body.right(), body.bottom()),
        strip_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that the map shows whole, and others.
    const CODES: [CodeShape; 4] = [
        CodeShape::Values(2),
        CodeShape::Values(32),
        CodeShape::Maps {
            count: 8,
            size: ImageSize {
                height: 4,
                width: 4,
            },
        },
        CodeShape::Maps {
            count: 1000,
            size: ImageSize {
                height: 1000,
                width: 500,
            },
        },
    ];

    fn of(width: u16, height: u16) -> Layout {
        with(width, height, CODES[0])
    }

    fn with(width: u16, height: u16, code: CodeShape) -> Layout {
        let frame = Frame::of(Rect::new(0, 0, width, height)).unwrap();
        Layout::of(&frame, code)
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let Layout::Narrow(small) = of(60, 20) else {
            panic!("60x20 is narrow")
        };
        assert_eq!(
            (small.cut, small.map),
            (Cut::Half, Rect::new(17, 1, 42, 12))
        );
        assert_eq!(small.loss, Rect::new(17, 13, 42, 4));
        assert_eq!(small.narrator, Rect::new(1, 17, 58, 1));
        assert_eq!(small.cost, Some(Rect::new(1, 18, 14, 1)));
        let Layout::Narrow(usual) = of(80, 24) else {
            panic!("80x24 is narrow")
        };
        assert_eq!((usual.cut, usual.map), (Cut::Ink, Rect::new(23, 1, 56, 14)));
        assert_eq!(usual.loss, Rect::new(23, 15, 56, 6));
        let Layout::Wide(wide) = of(120, 36) else {
            panic!("120x36 is wide")
        };
        assert_eq!(wide.map, Rect::new(61, 1, 58, 22));
        assert_eq!(wide.bottleneck, Rect::new(1, 16, 58, 1));
        assert_eq!(wide.loss, Rect::new(19, 17, 40, 5));
        assert_eq!(wide.strip, Rect::new(1, 23, 118, 11));
    }

    #[test]
    fn a_code_of_many_values_has_its_pane_where_the_map_can_spare_it() {
        let code = |width, height, code| match with(width, height, code) {
            Layout::Narrow(at) => at.code,
            Layout::Wide(at) => at.code,
        };
        assert_eq!(code(120, 36, CODES[0]), None);
        assert_eq!(code(60, 20, CODES[1]), None);
        assert_eq!(code(80, 24, CODES[1]), Some(Rect::new(23, 13, 56, 2)));
        assert_eq!(code(80, 24, CODES[2]), Some(Rect::new(23, 13, 56, 3)));
        assert_eq!(code(120, 36, CODES[1]), Some(Rect::new(61, 20, 58, 3)));
        assert_eq!(code(120, 36, CODES[2]), Some(Rect::new(61, 20, 58, 3)));
        // Tiles of twice the size.
        assert_eq!(code(200, 60, CODES[2]).unwrap().height, 5);
    }

    #[test]
    fn at_any_size_every_pane_is_on_the_screen_and_none_lies_on_another() {
        for width in (60..260).step_by(3) {
            for height in 20..90 {
                let screen = Rect::new(0, 0, width, height);
                for code in CODES {
                    let panes = match with(width, height, code) {
                        Layout::Narrow(at) => {
                            let mut panes = vec![
                                at.original,
                                at.bottleneck,
                                at.reconstruction,
                                at.label,
                                at.map,
                                at.loss,
                                at.narrator,
                            ];
                            panes.extend(at.code);
                            panes.extend(at.cost);
                            panes
                        }
                        Layout::Wide(at) => {
                            let mut panes = vec![
                                at.original,
                                at.reconstruction,
                                at.bottleneck,
                                at.loss,
                                at.narrator,
                                at.map,
                                at.strip,
                            ];
                            panes.extend(at.per_digit);
                            panes.extend(at.code);
                            match at.difference {
                                Difference::Thumb { picture, words } => {
                                    panes.extend([picture, words]);
                                }
                                Difference::Full { picture, recent } => {
                                    panes.extend([picture, recent]);
                                }
                            }
                            panes
                        }
                    };
                    for (number, pane) in panes.iter().enumerate() {
                        assert_eq!(
                            pane.intersection(screen),
                            *pane,
                            "{width}x{height} pane {number}"
                        );
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
    }

    #[test]
    fn the_map_is_never_under_its_least() {
        for width in 60..260 {
            for height in 20..90 {
                for code in CODES {
                    let map = match with(width, height, code) {
                        Layout::Narrow(at) => at.map,
                        Layout::Wide(at) => at.map,
                    };
                    assert!(
                        map.width >= MAP.0 && map.height > MAP.1,
                        "{width}x{height}: {map}"
                    );
                }
            }
        }
    }
}
