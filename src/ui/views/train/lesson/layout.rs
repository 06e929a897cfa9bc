//! Where everything of a lesson stands.

use ratatui::layout::Rect;

use crate::ui::{
    frame::{Body, Frame, GUTTER, TITLE},
    widget::{cut::Cut, fit::Fit},
};

/// Columns between the pictures, at least.
const MIDDLE: u16 = 18;
/// Rows of the sentence.
const BAND: u16 = 3;
/// A row above the sentence.
const FREE: u16 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// The places of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Both pictures and what is between them, with the row of their titles.
    scene: Rect,
    /// Columns of a picture, and twice its rows.
    pub(super) side: u16,
    /// Between the pictures.
    pub(super) middle: Rect,
    /// The latent space, with its title.
    pub(super) map: Rect,
    /// The sentence.
    pub(super) band: Rect,
    /// How far the loss has come.
    pub(super) ladder: Rect,
}

impl Layout {
    /// The places within a frame, if it is a lesson's.
    pub(super) fn of(frame: &Frame) -> Option<Self> {
        let Body::Wide(body) = frame.body else {
            return None;
        };
        let said = frame.tape.y.checked_sub(body.bottom() + BAND)?;
        let band = Rect {
            x: frame.screen.x,
            y: body.bottom(),
            width: frame.screen.width,
            height: BAND,
        };
        let ladder = Rect {
            y: band.bottom(),
            height: said,
            ..body
        };
        let scene = Rect {
            height: body.height - FREE,
            ..body
        };
        let side = ((body.width - MIDDLE) / 2).min(2 * (scene.height - TITLE));
        let middle = Rect {
            x: scene.x + side,
            y: scene.y + TITLE,
            width: scene.width - 2 * side,
            height: scene.height - TITLE,
        };
        let beside = beside_cut(scene).columns() + GUTTER;
        let map = Rect {
            x: scene.x + beside,
            width: scene.width - beside,
            height: scene.height + FREE,
            ..scene
        };
        Some(Self {
            scene,
            side,
            middle,
            map,
            band,
            ladder,
        })
    }

    /// The title of a picture.
    pub(super) fn title(&self, side: Side) -> Rect {
        let x = match side {
            Side::Left => self.scene.x,
            Side::Right => self.middle.right(),
        };
        Rect {
            x,
            width: self.side,
            height: TITLE,
            ..self.scene
        }
    }

    /// A picture in the middle of its place, below its title.
    pub(super) fn picture(&self, side: Side, fit: Fit) -> Rect {
        let title = self.title(side);
        let [columns, rows] = [fit.columns() as u16, fit.rows().div_ceil(2) as u16];
        let height = self.middle.height;
        Rect {
            x: title.x + self.side.saturating_sub(columns) / 2,
            y: title.bottom() + height.saturating_sub(rows) / 2,
            width: columns.min(self.side),
            height: rows.min(height),
        }
    }

    /// How the pictures beside the map are cut.
    pub(super) fn beside_cut(&self) -> Cut {
        beside_cut(self.scene)
    }

    /// The sample beside the map: what it is, the image, its code, and what is made of it.
    pub(super) fn beside(&self, cut: Cut) -> [Rect; 4] {
        let at = |top: u16, height: u16| Rect {
            y: self.scene.y + top,
            width: cut.columns(),
            height,
            ..self.scene
        };
        let rows = cut.rows();
        [
            at(0, TITLE),
            at(TITLE, rows),
            at(TITLE + rows, 1),
            at(TITLE + rows + 1, rows),
        ]
    }
}

/// The larger cut of which two have room over each other.
fn beside_cut(scene: Rect) -> Cut {
    let rows = |cut: Cut| TITLE + 2 * cut.rows() + 1;
    if rows(Cut::Full) <= scene.height + FREE {
        Cut::Full
    } else {
        Cut::Ink
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{image::ImageSize, ui::widget::cut::Window};

    fn of(width: u16, height: u16) -> Layout {
        let frame = Frame::of_lesson(Rect::new(0, 0, width, height)).unwrap();
        Layout::of(&frame).unwrap()
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let small = of(100, 30);
        let ink = small.fit(ImageSize::MNIST, Window::MIDDLE);
        assert_eq!(small.picture(Side::Left, ink), Rect::new(1, 2, 40, 20));
        assert_eq!(small.picture(Side::Right, ink), Rect::new(59, 2, 40, 20));
        assert_eq!(small.band, Rect::new(0, 23, 100, 3));
        assert_eq!(small.ladder, Rect::new(1, 26, 98, 2));
        assert_eq!(small.map, Rect::new(23, 1, 76, 22));
        let whole = of(132, 38);
        let all = whole.fit(ImageSize::MNIST, Window::MIDDLE);
        assert_eq!(whole.picture(Side::Left, all), Rect::new(1, 2, 56, 28));
        assert_eq!(whole.beside_cut(), Cut::Full);
    }

    #[test]
    fn at_any_size_and_for_any_image_pictures_stay_in_their_places() {
        let sizes = [(28, 28), (8, 8), (64, 64), (64, 9), (12, 40)];
        for (width, height) in (100..260).step_by(7).zip((30..90).cycle()) {
            let at = of(width, height);
            let frame = Frame::of_lesson(Rect::new(0, 0, width, height)).unwrap();
            for (height, width) in sizes {
                let fit = at.fit(ImageSize { height, width }, Window::MIDDLE);
                let [left, right] = [Side::Left, Side::Right].map(|side| at.picture(side, fit));
                assert!(left.right() <= at.middle.x && right.x >= at.middle.right());
                assert!(right.right() <= at.band.right() && right.bottom() <= at.band.y);
                assert!(left.width > 30 || left.height > 15, "{left} is small");
            }
            let [.., made] = at.beside(at.beside_cut());
            assert!(made.bottom() <= at.band.y && at.map.bottom() <= at.band.y);
            assert!(at.band.bottom() == at.ladder.y && at.ladder.bottom() == frame.tape.y);
            let sheet = frame.sheet();
            assert!(sheet.width >= 56 && sheet.right() < width, "{sheet}");
        }
    }
}
