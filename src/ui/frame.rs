//! Where the chrome stands, and what place it leaves for a view: from the size of the
//! terminal alone, so that neither moves when another view is looked at.
//!
//! ```text
//!  wide (from 120x36)          narrow (from 60x20)
//!  header                      header
//!  the view                    left      right
//!                              left      right
//!                              left      narrator
//!  tape                        left      tape
//!  keys                        keys
//! ```

use ratatui::layout::Rect;

use super::widget::cut::Cut;

/// The smallest screen that can show a run.
pub(crate) const SMALLEST: (u16, u16) = (60, 20);

/// The smallest screen that has room for a lesson.
pub(crate) const LESSON: (u16, u16) = (100, 30);
/// Rows of what is said in one: the sentence, and how far the loss has come.
const LESSON_SAID: u16 = 5;
/// Columns of a sheet, where there are so many.
const SHEET: u16 = 58;

/// From here on a view has the whole width, and pictures stand side by side.
const WIDE: (u16, u16) = (120, 36);
/// From this width on there is room for three pictures beside a map.
pub(crate) const TRIO_WIDTH: u16 = 150;
/// The right column keeps these, while a smaller cut can leave them to it.
const RIGHT: u16 = 56;

/// Rows of what teaches, as many as the strip of ten has at the least.
const TEACHING: u16 = 11;

pub(crate) const MARGIN: u16 = 1;
pub(crate) const GUTTER: u16 = 2;
/// A title rule above each pane.
pub(crate) const TITLE: u16 = 1;

/// The places of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) screen: Rect,
    pub(crate) header: Rect,
    pub(crate) body: Body,
    pub(crate) tape: Rect,
    pub(crate) keys: Rect,
}

/// What a view has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// A picture over another at the left, and the rest at the right.
    Narrow(Narrow),
    /// All between header and tape, within the margins.
    Wide(Rect),
}

/// The places of what teaches on a narrow screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NarrowTeaching {
    /// As much as there may be of it.
    pub(crate) whole: Rect,
    /// Where the sentence stands.
    pub(crate) narrator: Rect,
    /// Whether it takes the whole place, for nothing beside it would be seen.
    pub(crate) has_room: bool,
}

/// The places of a narrow view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Narrow {
    /// How pictures at the left are cut.
    pub(crate) cut: Cut,
    /// As wide as such a picture; it reaches down to the keys.
    pub(crate) left: Rect,
    pub(crate) right: Rect,
    /// One row below the right column.
    pub(crate) narrator: Rect,
}

impl Narrow {
    /// The places of the two pictures, with their titles, and of what is left below them.
    pub(crate) fn pair(&self) -> [Rect; 3] {
        let rows = TITLE + self.cut.rows();
        let at = |top: u16, height: u16| Rect {
            y: self.left.y + top,
            height,
            ..self.left
        };
        let below = self.left.height.saturating_sub(2 * rows);
        [at(0, rows), at(rows, rows), at(2 * rows, below)]
    }
}

impl Frame {
    /// The places on a screen of so many columns and rows, if it can show a run.
    pub(crate) fn of_size((width, height): (u16, u16)) -> Option<Self> {
        Self::of(Rect::new(0, 0, width, height))
    }

    /// The places on this screen, if it can show a run.
    pub(crate) fn of(screen: Rect) -> Option<Self> {
        let fits = |(width, height): (u16, u16)| screen.width >= width && screen.height >= height;
        if !fits(SMALLEST) {
            return None;
        }
        let row = |y: u16| Rect::new(screen.x, screen.y + y, screen.width, 1);
        let (keys, tape) = (row(screen.height - 1), row(screen.height - 2));
        let (body, tape) = if fits(WIDE) {
            (Body::Wide(whole(screen)), tape)
        } else {
            let narrow = narrow(screen);
            let tape = Rect {
                x: narrow.right.x,
                width: narrow.right.width,
                ..tape
            };
            (Body::Narrow(narrow), tape)
        };
        Some(Self {
            screen,
            header: row(0),
            body,
            tape,
            keys,
        })
    }

    /// The places of a lesson on this screen, which has the whole width on a smaller one too. Between
    /// its body and the tape there are rows for what is said.
    pub(crate) fn of_lesson(screen: Rect) -> Option<Self> {
        let has_room = screen.width >= LESSON.0 && screen.height >= LESSON.1;
        let frame = Self::of(screen).filter(|_| has_room)?;
        let body = whole(screen);
        Some(Self {
            body: Body::Wide(Rect {
                height: body.height - LESSON_SAID,
                ..body
            }),
            tape: Rect {
                y: frame.tape.y,
                ..frame.header
            },
            ..frame
        })
    }

    /// Where what teaches stands, on a wide screen: in the last rows of the body, the words and
    /// what belongs to them side by side.
    pub(crate) fn teaching(&self) -> [Rect; 2] {
        let whole = match self.body {
            Body::Wide(body) => body,
            Body::Narrow(narrow) => narrow.right,
        };
        let left = Rect {
            y: whole.bottom() - TEACHING.min(whole.height),
            height: TEACHING.min(whole.height),
            width: whole.width.saturating_sub(GUTTER) / 2,
            ..whole
        };
        let right = left.right() + GUTTER;
        [
            left,
            Rect {
                x: right,
                width: whole.right().saturating_sub(right),
                ..left
            },
        ]
    }

    /// What is left of a wide screen beside what teaches.
    pub(crate) fn beside_teaching(&self) -> Self {
        let body = match self.body {
            Body::Wide(body) => Body::Wide(Rect {
                height: body.height.saturating_sub(TEACHING),
                ..body
            }),
            narrow @ Body::Narrow(_) => narrow,
        };
        Self { body, ..*self }
    }

    /// The same on a narrow one: beside the pictures, or over all where columns are few.
    pub(crate) fn narrow_teaching(&self) -> Option<NarrowTeaching> {
        let Body::Narrow(narrow) = self.body else {
            return None;
        };
        let across = |place: Rect| Rect {
            x: self.screen.x + MARGIN,
            width: self.screen.width - 2 * MARGIN,
            ..place
        };
        let has_columns = narrow.right.width >= RIGHT;
        let (whole, narrator) = if has_columns {
            (narrow.right, narrow.narrator)
        } else {
            (across(narrow.right), across(narrow.narrator))
        };
        Some(NarrowTeaching {
            whole,
            narrator,
            has_room: !has_columns,
        })
    }

    /// Where a sheet lies: at the right, where there are the columns for its words.
    pub(crate) fn sheet(&self) -> Rect {
        let left = match self.body {
            Body::Narrow(narrow) if narrow.right.width >= RIGHT => narrow.right.x,
            Body::Narrow(_) => self.screen.x + MARGIN,
            Body::Wide(body) => {
                let pictures = if self.screen.width >= TRIO_WIDTH {
                    3
                } else {
                    2
                };
                let beside = body.x + pictures * (Cut::Full.columns() + GUTTER);
                beside.min(body.right().saturating_sub(SHEET))
            }
        };
        let top = self.header.bottom();
        let bottom = match self.body {
            Body::Narrow(_) => self.tape.y,
            Body::Wide(body) => body.bottom(),
        };
        Rect {
            x: left,
            y: top,
            width: self.screen.right().saturating_sub(left + MARGIN),
            height: bottom - top,
        }
    }
}

/// All between header and tape.
fn whole(screen: Rect) -> Rect {
    Rect {
        x: screen.x + MARGIN,
        y: screen.y + 1,
        width: screen.width - 2 * MARGIN,
        height: screen.height - 3,
    }
}

fn narrow(screen: Rect) -> Narrow {
    let right_of = |cut: Cut| {
        screen
            .width
            .saturating_sub(2 * MARGIN + cut.columns() + GUTTER)
    };
    let pair = |cut: Cut| 2 * (TITLE + cut.rows());
    let fits = |cut: &Cut| right_of(*cut) >= RIGHT && pair(*cut) + 2 <= screen.height;
    let cut = [Cut::Full, Cut::Ink].into_iter().find(fits);
    let cut = cut.unwrap_or(Cut::Half);
    let left = Rect {
        x: screen.x + MARGIN,
        y: screen.y + 1,
        width: cut.columns(),
        height: screen.height - 2,
    };
    let right = Rect {
        x: left.right() + GUTTER,
        width: right_of(cut),
        height: screen.height - 4,
        ..left
    };
    Narrow {
        cut,
        left,
        right,
        narrator: Rect {
            y: right.bottom(),
            height: 1,
            ..right
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: u16, height: u16) -> Option<Frame> {
        Frame::of(Rect::new(0, 0, width, height))
    }

    fn narrow_at(width: u16, height: u16) -> Narrow {
        match of(width, height).map(|frame| frame.body) {
            Some(Body::Narrow(narrow)) => narrow,
            other => panic!("{width}x{height}: {other:?}"),
        }
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let small = narrow_at(60, 20);
        assert_eq!((small.cut, small.left.right()), (Cut::Half, 15));
        assert_eq!(small.right, Rect::new(17, 1, 42, 16));
        assert_eq!(small.narrator, Rect::new(17, 17, 42, 1));
        let usual = narrow_at(80, 24);
        assert_eq!((usual.cut, usual.left), (Cut::Ink, Rect::new(1, 1, 20, 22)));
        assert_eq!(usual.right, Rect::new(23, 1, 56, 20));
        assert_eq!(usual.pair()[1], Rect::new(1, 12, 20, 11));
        assert_eq!(narrow_at(88, 32).cut, Cut::Full);
        assert_eq!(narrow_at(87, 32).cut, Cut::Ink);
        let wide = of(120, 36).unwrap();
        assert_eq!(wide.body, Body::Wide(Rect::new(1, 1, 118, 33)));
        assert_eq!((wide.tape.y, wide.keys.y), (34, 35));
        assert_eq!(wide.sheet(), Rect::new(61, 1, 58, 33));
    }

    #[test]
    fn smaller_than_60x20_is_too_small() {
        for (width, height) in [(59, 20), (60, 19), (0, 0)] {
            assert_eq!(of(width, height), None);
        }
    }

    #[test]
    fn at_any_size_every_place_is_on_the_screen_and_none_lies_on_another() {
        for width in (60..260).step_by(3) {
            for height in 20..90 {
                let frame = of(width, height).unwrap();
                let mut places = vec![frame.header, frame.tape, frame.keys];
                match frame.body {
                    Body::Wide(body) => places.push(body),
                    Body::Narrow(at) => {
                        places.extend([at.right, at.narrator]);
                        places.extend(at.pair());
                    }
                }
                for (number, place) in places.iter().enumerate() {
                    assert_eq!(place.intersection(frame.screen), *place);
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
