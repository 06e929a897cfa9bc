//! Pictures with all their pixels: what a render declares besides its cells.
//!
//! Cells are complete without them. Where the terminal has pictures of its own, one takes the
//! place of the cells that show the same, as long as nothing else was drawn there. It knows no
//! terminal: places in, places and pixels out.

use std::cell::RefCell;

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

use super::bitmap::Bitmap;

/// Where pictures are declared, if anybody wants them.
#[derive(Debug)]
pub struct Fine(Option<RefCell<Vec<Declared>>>);

/// A picture, and the cells that show the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinePicture {
    /// The cells whose place it takes.
    pub area: Rect,
    /// What it shows there.
    pub bitmap: Bitmap,
}

#[derive(Debug)]
struct Declared {
    picture: FinePicture,
    /// The cells as they were drawn.
    cells: Vec<Cell>,
}

impl Fine {
    /// Nobody wants any.
    pub fn unwanted() -> Self {
        Self(None)
    }

    /// They are gathered.
    pub fn wanted() -> Self {
        Self(Some(RefCell::default()))
    }

    /// Declares a picture of what was just drawn into these cells. Where a part of them is not
    /// on the screen there is none.
    pub fn declare(&self, area: Rect, buf: &Buffer, bitmap: impl FnOnce() -> Bitmap) {
        let Some(declared) = &self.0 else { return };
        if area.is_empty() || area.intersection(buf.area) != area {
            return;
        }
        declared.borrow_mut().push(Declared {
            picture: FinePicture {
                area,
                bitmap: bitmap(),
            },
            cells: cells(area, buf).cloned().collect(),
        });
    }

    /// The pictures over which nothing was drawn since.
    pub fn uncovered(self, buf: &Buffer) -> Vec<FinePicture> {
        let declared = self.0.map(RefCell::into_inner).unwrap_or_default();
        let whole =
            |declared: &Declared| cells(declared.picture.area, buf).eq(declared.cells.iter());
        let whole = declared.into_iter().filter(whole);
        whole.map(|declared| declared.picture).collect()
    }
}

fn cells(area: Rect, buf: &Buffer) -> impl Iterator<Item = &Cell> {
    area.positions().map(|place| &buf[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{
        theme::{Depth, Glyphs, Theme, Tone},
        widget::picture::Paint,
    };

    fn bitmap() -> Bitmap {
        let theme = Theme {
            depth: Depth::True,
            tone: Tone::Dark,
            glyphs: Glyphs::Blocks,
        };
        Bitmap::of([2, 2], Paint::Original, theme, |_, _| 1.0)
    }

    fn screen() -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 10));
        buf.cell_mut((3, 3)).unwrap().set_char('▀');
        buf
    }

    #[test]
    fn what_is_covered_or_reaches_off_the_screen_is_none() {
        let at = Rect::new(2, 2, 4, 3);
        let areas = |places: &[Rect], cover: &dyn Fn(&mut Buffer)| -> Vec<Rect> {
            let (fine, mut buf) = (Fine::wanted(), screen());
            for place in places {
                fine.declare(*place, &buf, bitmap);
            }
            cover(&mut buf);
            let left = fine.uncovered(&buf);
            left.into_iter().map(|picture| picture.area).collect()
        };
        let nothing = |_: &mut Buffer| ();
        assert_eq!(areas(&[at], &nothing), [at]);
        let beside = Rect::new(8, 2, 4, 3);
        let letter = |buf: &mut Buffer| {
            buf.cell_mut((5, 4)).unwrap().set_char('x');
        };
        assert_eq!(areas(&[at, beside], &letter), [beside]);
        // A background alone covers too.
        let ground = |buf: &mut Buffer| {
            buf.cell_mut((2, 2)).unwrap().bg = ratatui::style::Color::Red;
        };
        assert_eq!(areas(&[at], &ground), []);
        for outside in [
            Rect::new(18, 2, 4, 3),
            Rect::new(2, 8, 4, 3),
            Rect::new(2, 2, 0, 3),
        ] {
            assert_eq!(areas(&[outside], &nothing), []);
        }
    }

    #[test]
    fn nothing_is_made_where_nobody_wants_it() {
        let (fine, buf) = (Fine::unwanted(), screen());
        fine.declare(Rect::new(2, 2, 4, 3), &buf, || unreachable!());
        assert_eq!(fine.uncovered(&buf), []);
    }
}
