//! Where each pane of a pair goes, from the size of the terminal alone, so that nothing shifts.
//!
//! ```text
//!  wide (from 120x36)              narrow (from 78 columns)
//!  A's map   B's map   curves      curves   A's map   B's map
//!  narrator                        narrator
//!  recipes             measures    the sample, A, B   measures
//!  ten samples, A's, B's                              recipes
//! ```

use ratatui::layout::Rect;

use crate::{
    message::Row,
    ui::{
        frame::{Body, Frame, GUTTER, MARGIN, TITLE},
        widget::cut::Cut,
    },
};

/// Lines of the tables, at the least.
const LINES: u16 = 3;
/// And at the most: all measures.
const MOST_LINES: u16 = 7;
/// Columns from which on a narrow screen has room for the curves.
const WITH_CURVES: u16 = 78;
/// Columns of the curves there, of 78.
const CURVES: u16 = 20;
/// A wide body of so many rows has room for larger pictures.
const LARGE: u16 = 46;

/// The places of a screen; panes include their title row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) header: Rect,
    pub(super) maps: [Rect; 2],
    pub(super) curves: Option<Rect>,
    pub(super) narrator: Rect,
    /// What differs, as a table or, where there is less room, by its names.
    pub(super) recipes: Rect,
    pub(super) measures: Rect,
    pub(super) samples: Samples,
    pub(super) tape: Rect,
    pub(super) keys: Rect,
}

/// How samples are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    /// Ten, three rows of pictures.
    Ten { area: Rect, cut: Cut },
    /// The chosen one: itself, and what A and B make of it.
    One { places: [Rect; 3], cut: Cut },
}

impl Layout {
    /// The places on this screen, if it can show a pair.
    pub(super) fn of(screen: Rect, differences: usize) -> Option<Self> {
        let frame = Frame::of(screen)?;
        Some(match frame.body {
            Body::Wide(body) => wide(&frame, body, differences),
            Body::Narrow(_) => narrow(&frame),
        })
    }

    /// Whether what differs is told with what either has of it.
    pub(super) fn tells_both(&self) -> bool {
        matches!(self.samples, Samples::Ten { .. })
    }
}

fn wide(frame: &Frame, body: Rect, differences: usize) -> Layout {
    let stride = (body.width + GUTTER) / Row::LENGTH as u16;
    let fits = |cut: &Cut| stride >= cut.columns() + GUTTER;
    let large = body.height >= LARGE && fits(&Cut::Half);
    let cut = if large { Cut::Half } else { Cut::Thumb };
    let samples = TITLE + 3 * cut.rows();
    let wanted = u16::try_from(differences).unwrap_or(u16::MAX);
    let spare = body.height.saturating_sub(33) / 3;
    let lines = wanted.clamp(LINES.max(spare.min(MOST_LINES)), LINES + spare);
    let tables = TITLE + lines;
    let maps = body.height - samples - tables - 1;
    let column = (body.width - 2 * GUTTER) / 3;
    let place = |number: u16| Rect {
        x: body.x + number * (column + GUTTER),
        width: column,
        height: maps,
        ..body
    };
    let last = Rect {
        width: body.right() - place(2).x,
        ..place(2)
    };
    let below = |rows: u16, height: u16| Rect {
        y: body.y + rows,
        height,
        ..body
    };
    let table = below(maps + 1, tables);
    Layout {
        header: frame.header,
        maps: [place(0), place(1)],
        curves: Some(last),
        narrator: below(maps, 1),
        recipes: Rect {
            width: 2 * column + GUTTER,
            ..table
        },
        measures: Rect {
            x: last.x,
            width: last.width,
            ..table
        },
        samples: Samples::Ten {
            area: below(maps + 1 + tables, samples),
            cut,
        },
        tape: frame.tape,
        keys: frame.keys,
    }
}

fn narrow(frame: &Frame) -> Layout {
    let screen = frame.screen;
    let body = Rect {
        x: screen.x + MARGIN,
        y: screen.y + 1,
        width: screen.width - 2 * MARGIN,
        height: screen.height - 3,
    };
    let has_curves = body.width >= WITH_CURVES;
    let cut = if has_curves { Cut::Half } else { Cut::Thumb };
    let pictures = TITLE + cut.rows();
    let maps = body.height - pictures - 1;
    let curves = if has_curves {
        body.width * CURVES / WITH_CURVES
    } else {
        0
    };
    let left = if has_curves { curves + GUTTER } else { 0 };
    let column = (body.width - left - GUTTER) / 2;
    let map = |number: u16| Rect {
        x: body.right() - (2 - number) * column - (1 - number) * GUTTER,
        width: column,
        height: maps,
        ..body
    };
    let picture = |number: u16| Rect {
        x: body.x + number * (cut.columns() + GUTTER),
        y: body.y + maps + 1,
        width: cut.columns(),
        height: pictures,
    };
    let words = picture(3).x;
    let right = Rect {
        x: words,
        width: body.right() - words,
        ..picture(0)
    };
    let measures = Rect {
        height: (TITLE + LINES).min(right.height),
        ..right
    };
    Layout {
        header: frame.header,
        maps: [map(0), map(1)],
        curves: has_curves.then_some(Rect {
            width: curves,
            height: maps,
            ..body
        }),
        narrator: Rect {
            y: body.y + maps,
            height: 1,
            ..body
        },
        recipes: Rect {
            y: measures.bottom(),
            height: right.bottom() - measures.bottom(),
            ..right
        },
        measures,
        samples: Samples::One {
            places: [picture(0), picture(1), picture(2)],
            cut,
        },
        tape: Rect {
            x: screen.x,
            width: screen.width,
            ..frame.tape
        },
        keys: frame.keys,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16) -> Option<Layout> {
        Layout::of(Rect::new(0, 0, width, height), 3)
    }

    fn places(at: &Layout) -> Vec<Rect> {
        let mut places = vec![at.header, at.narrator, at.measures, at.tape, at.keys];
        places.extend(at.maps);
        places.extend(at.curves);
        places.extend((!at.recipes.is_empty()).then_some(at.recipes));
        match at.samples {
            Samples::Ten { area, .. } => places.push(area),
            Samples::One { places: one, .. } => places.extend(one),
        }
        places
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let at = of(120, 36).unwrap();
        assert_eq!(at.maps[0], Rect::new(1, 1, 38, 12));
        assert_eq!(at.maps[1], Rect::new(41, 1, 38, 12));
        assert_eq!(at.curves, Some(Rect::new(81, 1, 38, 12)));
        assert_eq!((at.narrator.y, at.recipes.y, at.measures.y), (13, 14, 14));
        assert_eq!((at.recipes.width, at.measures.x), (78, 81));
        let area = Rect::new(1, 18, 118, 16);
        let cut = Cut::Thumb;
        assert_eq!(at.samples, Samples::Ten { area, cut });
        let at = of(80, 24).unwrap();
        assert_eq!(at.maps.map(|map| (map.width, map.height)), [(27, 12); 2]);
        assert_eq!(at.curves.map(|curves| curves.x), Some(1));
        assert_eq!((at.tape.y, at.keys.y), (22, 23));
        assert!(of(60, 20).is_some_and(|at| at.curves.is_none()));
        assert_eq!(of(59, 20), None);
    }

    #[test]
    fn at_any_size_every_place_is_on_the_screen_and_none_lies_on_another() {
        for (width, height) in (60..260).flat_map(|w| (20..90).map(move |h| (w, h))) {
            for differences in [0, 3, 11] {
                let screen = Rect::new(0, 0, width, height);
                let at = Layout::of(screen, differences).unwrap();
                let places = places(&at);
                for (number, place) in places.iter().enumerate() {
                    assert_eq!(place.intersection(screen), *place, "{width}x{height}");
                    assert!(!place.is_empty(), "{width}x{height}: {place}");
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
