//! What hangs on the terminal, where, and what is changed there with a frame.
//!
//! A frame may put so many bytes; a larger picture is paid for by the frames after it. Who has
//! waited longest comes first, and gets what it shows now. A picture that has not been put yet
//! has its cells meanwhile, and one that hangs stays as it was.

use std::mem;

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::Modifier,
};

use super::encode::Easel;
use crate::ui::widget::{bitmap::Bitmap, fine::FinePicture};

/// What a frame may put: at thirty frames a second that is one megabyte, and what a look at
/// ten digits at full speed needs.
const FRAME_BYTES: usize = 32 * 1024;

/// A picture on the terminal.
#[derive(Debug)]
struct Hung {
    area: Rect,
    bitmap: Bitmap,
    /// For how large a cell it was made.
    easel: Easel,
    /// Its number on the terminal.
    number: u32,
    /// The frame it was put with.
    frame: u64,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Wall {
    hung: Vec<Hung>,
    /// Whether the terminal may have pictures that are not known here.
    unknown: bool,
    /// Frames so far.
    frame: u64,
    /// Bytes that were put, as far as frames have not paid for them.
    spent: usize,
    /// Whether any picture waits for the next frame.
    owes: bool,
}

impl Wall {
    pub(super) fn owes(&self) -> bool {
        self.owes
    }

    /// The screen was emptied.
    pub(super) fn forget(&mut self) {
        self.unknown |= !self.hung.is_empty();
        self.hung.clear();
    }

    /// Hangs these pictures in place of those that hang, as far as the frame has bytes for them;
    /// what is to be written for it. Cells beneath are blank.
    pub(super) fn hang(
        &mut self,
        pictures: Vec<FinePicture>,
        easel: Easel,
        buf: &mut Buffer,
    ) -> Vec<u8> {
        self.frame += 1;
        let mut bytes = Vec::new();
        if mem::take(&mut self.unknown) {
            bytes.extend(easel.sweep());
        }
        self.hung.retain(|hung| {
            let stays = pictures.iter().any(|picture| picture.area == hung.area);
            if !stays {
                bytes.extend(hung.easel.take_off(hung.number));
            }
            stays
        });
        let areas: Vec<Rect> = pictures.iter().map(|picture| picture.area).collect();
        let mut due = pictures;
        due.retain(|picture| !self.hangs(picture, easel));
        due.sort_by_key(|picture| self.frame_of(picture.area));
        self.spent = self.spent.saturating_sub(FRAME_BYTES);
        let mut due = due.into_iter();
        while self.spent < FRAME_BYTES
            && let Some(picture) = due.next()
        {
            let put = self.put(picture, easel);
            self.spent += put.len();
            bytes.extend(put);
        }
        self.owes = due.next().is_some();
        for area in areas {
            if self.frame_of(area).is_some() {
                blank(area, buf);
            }
        }
        bytes
    }

    /// Whether that very picture hangs.
    fn hangs(&self, picture: &FinePicture, easel: Easel) -> bool {
        let at = |hung: &&Hung| hung.area == picture.area;
        let hung = self.hung.iter().find(at);
        hung.is_some_and(|hung| hung.easel == easel && hung.bitmap == picture.bitmap)
    }

    /// The frame with which something was put there, if anything hangs there.
    fn frame_of(&self, area: Rect) -> Option<u64> {
        let hung = self.hung.iter().find(|hung| hung.area == area);
        hung.map(|hung| hung.frame)
    }

    fn put(&mut self, picture: FinePicture, easel: Easel) -> Vec<u8> {
        let FinePicture { area, bitmap } = picture;
        let place = self.hung.iter().position(|hung| hung.area == area);
        let number = match place {
            Some(place) => self.hung.swap_remove(place).number,
            None => self.free_number(),
        };
        let bytes = easel.put(number, area, &bitmap);
        self.hung.push(Hung {
            area,
            bitmap,
            easel,
            number,
            frame: self.frame,
        });
        bytes
    }

    fn free_number(&self) -> u32 {
        let taken = |number: &u32| self.hung.iter().any(|hung| hung.number == *number);
        let mut numbers = 1..;
        numbers
            .find(|number| !taken(number))
            .expect("there are fewer pictures than numbers")
    }
}

/// Spaces unlike any that a render draws, so that whatever comes after the picture is written.
fn blank(area: Rect, buf: &mut Buffer) {
    for place in area.positions() {
        if let Some(cell) = buf.cell_mut(place) {
            *cell = Cell::EMPTY;
            cell.modifier = Modifier::HIDDEN;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{
        terminal::wish::Protocol,
        theme::{Depth, Glyphs, Theme, Tone},
        widget::picture::Paint,
    };

    const EASEL: Easel = Easel {
        protocol: Protocol::Kitty,
        cell: [10, 20],
    };
    const HERE: Rect = Rect::new(1, 1, 28, 14);
    const THERE: Rect = Rect::new(30, 1, 28, 14);

    /// A picture that no compression makes small, so that its bytes can be reckoned with.
    fn noise(area: Rect, seed: u64) -> FinePicture {
        let theme = Theme {
            depth: Depth::True,
            tone: Tone::Dark,
            glyphs: Glyphs::Blocks,
        };
        let side = 280;
        let bitmap = Bitmap::of([side; 2], Paint::Original, theme, |x, y| {
            let place = (y * side + x) as u64 + (seed << 32);
            let once = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let twice = (once ^ (once >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (twice >> 40) as f32 / (1 << 24) as f32
        });
        FinePicture { area, bitmap }
    }

    fn plain(area: Rect, value: f32) -> FinePicture {
        let theme = Theme {
            depth: Depth::True,
            tone: Tone::Dark,
            glyphs: Glyphs::Blocks,
        };
        let bitmap = Bitmap::of([28; 2], Paint::Original, theme, |_, _| value);
        FinePicture { area, bitmap }
    }

    /// What a frame with these pictures writes, and which cells are blank after it.
    fn frame(wall: &mut Wall, pictures: Vec<FinePicture>) -> (String, Buffer) {
        let mut buf = Buffer::filled(Rect::new(0, 0, 60, 20), Cell::new("x"));
        let bytes = wall.hang(pictures, EASEL, &mut buf);
        (String::from_utf8(bytes).unwrap(), buf)
    }

    fn is_blank(buf: &Buffer, area: Rect) -> bool {
        let blank = |place| buf[place].symbol() == " " && buf[place].modifier == Modifier::HIDDEN;
        area.positions().all(blank)
    }

    #[test]
    fn a_picture_is_put_once_again_when_it_changes_and_taken_off_when_it_goes() {
        let mut wall = Wall::default();
        let (put, buf) = frame(&mut wall, vec![plain(HERE, 0.0), plain(THERE, 0.5)]);
        assert!(put.contains("i=1,") && put.contains("i=2,"), "{put}");
        assert!(is_blank(&buf, HERE) && is_blank(&buf, THERE));
        assert_eq!(buf[(0, 0)].symbol(), "x");
        let (put, buf) = frame(&mut wall, vec![plain(THERE, 0.5), plain(HERE, 0.0)]);
        assert_eq!(put, "");
        assert!(is_blank(&buf, HERE) && is_blank(&buf, THERE));
        let (put, _) = frame(&mut wall, vec![plain(HERE, 1.0), plain(THERE, 0.5)]);
        assert!(put.contains("a=T") && put.contains("i=1,") && !put.contains("i=2,"));
        let (put, buf) = frame(&mut wall, vec![plain(THERE, 0.5)]);
        assert_eq!(put, "\x1b_Ga=d,d=I,i=1,q=2\x1b\\");
        assert!(!is_blank(&buf, HERE) && is_blank(&buf, THERE));
        // A cell of another size wants another picture.
        let mut buf = Buffer::empty(Rect::new(0, 0, 60, 20));
        let larger = Easel {
            cell: [11, 22],
            ..EASEL
        };
        let put = wall.hang(vec![plain(THERE, 0.5)], larger, &mut buf);
        assert!(!put.is_empty());
    }

    #[test]
    fn after_the_screen_was_emptied_all_are_taken_off_and_put_again() {
        let mut wall = Wall::default();
        frame(&mut wall, vec![plain(HERE, 0.0)]);
        wall.forget();
        let (put, buf) = frame(&mut wall, vec![plain(HERE, 0.0)]);
        assert!(put.starts_with("\x1b_Ga=d,d=A") && put.contains("a=T"));
        assert!(is_blank(&buf, HERE));
        let mut wall = Wall::default();
        wall.forget();
        assert_eq!(frame(&mut wall, vec![]).0, "");
    }

    #[test]
    fn frames_put_no_more_than_they_may_and_the_newest_of_each_picture() {
        let (mut wall, mut total) = (Wall::default(), 0);
        let mut last = Vec::new();
        for seed in 0..20 {
            let pictures = vec![noise(HERE, seed), noise(THERE, 100 + seed)];
            last.clone_from(&pictures);
            let (put, buf) = frame(&mut wall, pictures);
            total += put.len();
            if seed == 0 {
                // The first was put at once, though it is larger than a frame; the other has its
                // cells until it can be.
                assert!(put.len() > FRAME_BYTES && wall.owes());
                assert!(is_blank(&buf, HERE) && !is_blank(&buf, THERE));
            }
            // One picture may be owed for, here of 78,400 pixels, in base64.
            assert!(total <= (seed as usize + 1) * FRAME_BYTES + 110_000);
        }
        assert!(wall.frame_of(HERE).is_some() && wall.frame_of(THERE).is_some());
        // When nothing changes any more, what is owed is put, and it is the newest.
        for _ in 0..20 {
            frame(&mut wall, last.clone());
        }
        assert!(!wall.owes());
        assert!(last.iter().all(|picture| wall.hangs(picture, EASEL)));
        assert_eq!(frame(&mut wall, last).0, "");
    }
}
