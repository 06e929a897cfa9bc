//! Where each pane goes, from the size of the terminal and the shape of the code
//! alone: nothing shifts while a run goes on.
//!
//! ```text
//!  wide (from 120x36)                      narrow (from 60x20)
//!  header                                  header
//!  original  reconstruction  map           original        map
//!  diff  loss                map           reconstruction  code
//!  narrator                  code                          loss, tape
//!  strip of ten                            keys
//!  tape
//!  keys
//! ```

use ratatui::layout::Rect;

use crate::{image::ImageSize, message::Row, nn::CodeShape, ui::widget::cut::Cut};

/// The smallest screen that can show a run.
pub(crate) const SMALLEST: (u16, u16) = (60, 20);

/// From here on there is room for the strip and the narrator.
const WIDE: (u16, u16) = (120, 36);
/// From this width on the difference is a picture like the others.
const TRIO_WIDTH: u16 = 150;

const MARGIN: u16 = 1;
pub(crate) const GUTTER: u16 = 2;
/// A title rule above each pane.
const TITLE: u16 = 1;
/// The loss pane grows to this before others get extra rows.
const LOSS_ROWS: u16 = 8;
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
    /// Not even the map fits.
    TooSmall,
    /// Picture over picture, map over loss over tape.
    Narrow(Narrow),
    /// Pictures side by side, the strip of ten below.
    Wide(Wide),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Narrow {
    pub(crate) header: Rect,
    pub(crate) cut: Cut,
    pub(crate) original: Rect,
    pub(crate) reconstruction: Rect,
    /// Label and loss, where there are rows left below the pictures.
    pub(crate) facts: Rect,
    pub(crate) map: Rect,
    /// The code, where the map does not show all of it and there are rows for it.
    pub(crate) code: Option<Rect>,
    pub(crate) loss: Rect,
    pub(crate) tape: Rect,
    pub(crate) keys: Rect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wide {
    pub(crate) header: Rect,
    pub(crate) original: Rect,
    pub(crate) reconstruction: Rect,
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
    pub(crate) tape: Rect,
    pub(crate) keys: Rect,
}

/// How the difference is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// A thumb beside the loss; its legend stands below, on the narrator's row.
    Thumb { picture: Rect, legend: Rect },
    /// A picture like the others, and the recent steps below it.
    Full { picture: Rect, recent: Rect },
}

impl Layout {
    /// The places on a screen of this size, for codes of this shape.
    pub(crate) fn of(screen: Rect, code: CodeShape) -> Self {
        let fits = |(width, height): (u16, u16)| screen.width >= width && screen.height >= height;
        if fits(WIDE) {
            Self::Wide(wide(screen, code))
        } else if fits(SMALLEST) {
            Self::Narrow(narrow(screen, code))
        } else {
            Self::TooSmall
        }
    }
}

fn row(screen: Rect, y: u16) -> Rect {
    Rect::new(screen.x, screen.y + y, screen.width, 1)
}

/// A rectangle given by its left, top, right and bottom edges on the screen.
fn between(screen: Rect, left: u16, top: u16, right: u16, bottom: u16) -> Rect {
    Rect::new(
        screen.x + left,
        screen.y + top,
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

fn narrow(screen: Rect, code: CodeShape) -> Narrow {
    let (width, height) = (screen.width, screen.height);
    let keys = height - 1;
    let fits = |cut: &Cut| {
        let (columns, rows) = (cut.columns(), cut.rows());
        let beside = MARGIN + columns + GUTTER + MAP.0 + MARGIN;
        beside <= width && 1 + 2 * (TITLE + rows) < height
    };
    let cut = [Cut::Full, Cut::Ink, Cut::Half]
        .into_iter()
        .find(fits)
        .unwrap_or(Cut::Half);
    let (columns, rows) = (cut.columns(), cut.rows());
    let pictures = MARGIN + columns;
    let middle = 1 + TITLE + rows;
    let below = middle + TITLE + rows;
    let (left, right) = (pictures + GUTTER, width - MARGIN);
    let tape = keys - 1;
    // The loss gets its 5 rows first, then the map its least, then the loss
    // its 8; what is left is the map's.
    let free = tape - 1 - TITLE - MAP.1 - TITLE;
    let loss_rows = free.clamp(4, LOSS_ROWS);
    // Between 80x24 and the smallest screen the map takes every second row.
    let loss_rows = loss_rows.min(4 + free.saturating_sub(4) / 4);
    let loss = tape - TITLE - loss_rows;
    let (map, code) = split(
        between(screen, left, 1, right, loss),
        code_rows(code, LOW_CODE_BARS, 1),
    );
    Narrow {
        header: row(screen, 0),
        cut,
        original: between(screen, MARGIN, 1, pictures, middle),
        reconstruction: between(screen, MARGIN, middle, pictures, below),
        facts: between(screen, MARGIN, below, pictures, keys),
        map,
        code,
        loss: between(screen, left, loss, right, tape),
        tape: between(screen, left, tape, right, keys),
        keys: row(screen, keys),
    }
}

fn wide(screen: Rect, code: CodeShape) -> Wide {
    let (width, height) = (screen.width, screen.height);
    let (picture, picture_rows) = (Cut::Full.columns(), Cut::Full.rows());
    let (thumb, thumb_rows) = (Cut::Thumb.columns(), Cut::Thumb.rows());
    let (keys, tape) = (height - 1, height - 2);

    let mut extra = height - WIDE.1;
    let mut take = |rows: u16| {
        let taken = extra >= rows;
        extra -= if taken { rows } else { 0 };
        taken
    };
    let grown = (0..LOSS_ROWS - thumb_rows).filter(|_| take(1)).count() as u16;
    let (half, half_rows) = (Cut::Half.columns(), Cut::Half.rows());
    let strip_stride = (width - MARGIN) / Row::LENGTH as u16;
    let larger = strip_stride >= half + GUTTER && take(2 * (half_rows - thumb_rows));
    let (strip_cut, strip_rows) = if larger {
        (Cut::Half, half_rows)
    } else {
        (Cut::Thumb, thumb_rows)
    };
    let with_digits = take(PER_DIGIT_ROWS);
    // The rest is the map's; beside it the loss grows too.
    let loss_rows = thumb_rows + grown + extra;

    let pictures_end = 1 + TITLE + picture_rows;
    let loss_end = pictures_end + TITLE + loss_rows;
    let digits_end = loss_end + if with_digits { PER_DIGIT_ROWS } else { 0 };
    let narrator = digits_end;
    let strip = narrator + 1;
    debug_assert_eq!(strip + TITLE + 2 * strip_rows, tape, "the rows add up");

    let column = |number: u16| MARGIN + number * (picture + GUTTER);
    let at = |number: u16, top, bottom| {
        between(
            screen,
            column(number),
            top,
            column(number) + picture,
            bottom,
        )
    };
    let trio = width >= TRIO_WIDTH;
    let pictures = if trio { 3 } else { 2 };
    let under = column(pictures) - GUTTER;
    let (difference, loss_left, loss_right, words_left) = if trio {
        (
            Difference::Full {
                picture: at(2, 1, pictures_end),
                recent: at(2, pictures_end, loss_end),
            },
            MARGIN,
            column(2) - GUTTER,
            MARGIN,
        )
    } else {
        let legend = thumb + GUTTER;
        (
            Difference::Thumb {
                picture: between(screen, MARGIN, pictures_end, MARGIN + legend, loss_end),
                legend: between(screen, MARGIN, narrator, MARGIN + legend, narrator + 1),
            },
            MARGIN + legend + GUTTER,
            under,
            MARGIN + legend + GUTTER,
        )
    };
    let map = between(screen, column(pictures), 1, width - MARGIN, strip);
    // Tiles of twice the size where they fit without taking the map's place.
    let scale = if map.width >= tiles_width(code, 2) && map.height >= LARGE_MAP {
        2
    } else {
        1
    };
    let (map, code) = split(map, code_rows(code, CODE_BARS, scale));
    Wide {
        header: row(screen, 0),
        original: at(0, 1, pictures_end),
        reconstruction: at(1, 1, pictures_end),
        difference,
        loss: between(screen, loss_left, pictures_end, loss_right, loss_end),
        per_digit: with_digits.then(|| between(screen, MARGIN, loss_end, under, digits_end)),
        narrator: between(screen, words_left, narrator, under, narrator + 1),
        map,
        code,
        strip: between(screen, MARGIN, strip, width - MARGIN, tape),
        strip_cut,
        tape: row(screen, tape),
        keys: row(screen, keys),
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
        Layout::of(Rect::new(0, 0, width, height), CODES[0])
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
        assert_eq!(small.loss, Rect::new(17, 13, 42, 5));
        let Layout::Narrow(usual) = of(80, 24) else {
            panic!("80x24 is narrow")
        };
        assert_eq!((usual.cut, usual.map), (Cut::Ink, Rect::new(23, 1, 56, 15)));
        assert_eq!(usual.loss, Rect::new(23, 16, 56, 6));
        let Layout::Wide(wide) = of(120, 36) else {
            panic!("120x36 is wide")
        };
        assert_eq!(wide.map, Rect::new(61, 1, 58, 22));
        assert_eq!(wide.loss, Rect::new(15, 16, 44, 6));
        assert_eq!(wide.strip, Rect::new(1, 23, 118, 11));
    }

    #[test]
    fn a_code_of_many_values_has_its_pane_where_the_map_can_spare_it() {
        let code = |width, height, code| match Layout::of(Rect::new(0, 0, width, height), code) {
            Layout::Narrow(at) => at.code,
            Layout::Wide(at) => at.code,
            Layout::TooSmall => panic!("{width}x{height} is large enough"),
        };
        assert_eq!(code(120, 36, CODES[0]), None);
        assert_eq!(code(60, 20, CODES[1]), None);
        assert_eq!(code(80, 24, CODES[1]), Some(Rect::new(23, 14, 56, 2)));
        assert_eq!(code(80, 24, CODES[2]), Some(Rect::new(23, 13, 56, 3)));
        assert_eq!(code(120, 36, CODES[1]), Some(Rect::new(61, 20, 58, 3)));
        assert_eq!(code(120, 36, CODES[2]), Some(Rect::new(61, 20, 58, 3)));
        // Tiles of twice the size.
        assert_eq!(code(200, 60, CODES[2]).unwrap().height, 5);
    }

    #[test]
    fn smaller_than_60x20_is_too_small() {
        assert_eq!(of(59, 20), Layout::TooSmall);
        assert_eq!(of(60, 19), Layout::TooSmall);
        assert_eq!(of(0, 0), Layout::TooSmall);
    }

    #[test]
    fn at_any_size_every_pane_is_on_the_screen_and_none_lies_on_another() {
        for width in (60..260).step_by(3) {
            for height in 20..90 {
                let screen = Rect::new(0, 0, width, height);
                for code in CODES {
                    let panes = match Layout::of(screen, code) {
                        Layout::TooSmall => panic!("{width}x{height} is large enough"),
                        Layout::Narrow(at) => {
                            let mut panes = vec![
                                at.header,
                                at.original,
                                at.reconstruction,
                                at.facts,
                                at.map,
                                at.loss,
                                at.tape,
                                at.keys,
                            ];
                            panes.extend(at.code);
                            panes
                        }
                        Layout::Wide(at) => {
                            let mut panes = vec![
                                at.header,
                                at.original,
                                at.reconstruction,
                                at.loss,
                                at.narrator,
                                at.map,
                                at.strip,
                                at.tape,
                                at.keys,
                            ];
                            panes.extend(at.per_digit);
                            panes.extend(at.code);
                            match at.difference {
                                Difference::Thumb { picture, legend } => {
                                    panes.extend([picture, legend]);
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
                    let map = match Layout::of(Rect::new(0, 0, width, height), code) {
                        Layout::Narrow(at) => at.map,
                        Layout::Wide(at) => at.map,
                        Layout::TooSmall => panic!("{width}x{height} is large enough"),
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
