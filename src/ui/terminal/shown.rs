//! What the terminal shows, and what of a new frame is worth being sent to it.
//!
//! In a picture that moves, most cells become another shade by less than anybody sees, thirty
//! times a second, and each costs as many bytes as one that turns from black to white. So a cell
//! is sent again once it is off by more than can be seen at its age: a cell that was sent just
//! now may lag behind for a moment, one that rests may not. It is always held against what the
//! terminal really shows, so that small changes add up to one that is sent.

use std::time::{Duration, Instant};

use ratatui::{
    buffer::{Buffer, Cell},
    style::Color,
};

/// By how much of 255 a colour may be off, and until how long after its cell was sent.
const MOVING: [(Duration, u8); 2] = [
    (Duration::from_millis(250), 20),
    (Duration::from_millis(750), 10),
];
/// The same of a cell that rests, for good: half of what is just seen beside its like.
const AT_REST: u8 = 3;

/// The cells as the terminal has them.
#[derive(Debug, Default)]
pub struct Shown {
    cells: Buffer,
    /// When each was sent.
    sent: Vec<Option<Instant>>,
}

impl Shown {
    /// The terminal shows something else, or nothing.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Leaves cells of a frame as they are shown where the difference would not be seen. Whether
    /// some are to be sent later though nothing changes any more.
    pub fn settle(&mut self, frame: &mut Buffer, now: Instant) -> bool {
        if self.cells.area != frame.area {
            self.cells = frame.clone();
            self.sent = vec![Some(now); frame.content.len()];
            return false;
        }
        let mut owes = false;
        let shown = self.cells.content.iter_mut().zip(&mut self.sent);
        for ((shown, sent), cell) in shown.zip(&mut frame.content) {
            if shown == cell {
                continue;
            }
            match distance(shown, cell) {
                Some(off) if off <= limit(*sent, now) => {
                    owes |= off > AT_REST;
                    cell.clone_from(shown);
                }
                _ => {
                    shown.clone_from(cell);
                    *sent = Some(now);
                }
            }
        }
        owes
    }
}

/// How far a cell that was sent at that moment may be off.
fn limit(sent: Option<Instant>, now: Instant) -> u8 {
    let age = sent.map(|sent| now.saturating_duration_since(sent));
    let moving = |age: Duration| MOVING.into_iter().find(|(until, _)| age < *until);
    age.and_then(moving).map_or(AT_REST, |(_, off)| off)
}

/// How far the colours of two cells are apart that are alike otherwise, by the channel that differs
/// most; nothing where they are not, or have colours of which only the terminal knows.
fn distance(one: &Cell, other: &Cell) -> Option<u8> {
    let pairs = [(one.fg, other.fg), (one.bg, other.bg)];
    let [ink, ground] = pairs.map(|(one, other)| apart(one, other));
    let off = ink?.max(ground?);
    let mut alike = other.clone();
    (alike.fg, alike.bg) = (one.fg, one.bg);
    (alike == *one).then_some(off)
}

fn apart(one: Color, other: Color) -> Option<u8> {
    match (one, other) {
        _ if one == other => Some(0),
        (Color::Rgb(r, g, b), Color::Rgb(x, y, z)) => {
            let channels = [(r, x), (g, y), (b, z)].map(|(one, other)| one.abs_diff(other));
            channels.into_iter().max()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn frame(level: u8) -> Buffer {
        let mut frame = Buffer::empty(Rect::new(0, 0, 1, 1));
        frame[(0, 0)]
            .set_char('▀')
            .set_fg(Color::Rgb(0, level, 0))
            .set_bg(Color::Rgb(9, 9, 9));
        frame
    }

    /// The level that is shown after each of these, a thirtieth of a second apart, and whether
    /// more is owed at last.
    fn shown(levels: &[u8]) -> (Vec<u8>, bool) {
        let (mut shown, mut now) = (Shown::default(), Instant::now());
        let mut owes = false;
        let seen = levels.iter().map(|level| {
            let mut frame = frame(*level);
            owes = shown.settle(&mut frame, now);
            now += Duration::from_millis(33);
            match frame[(0, 0)].fg {
                Color::Rgb(_, level, _) => level,
                other => panic!("{other:?}"),
            }
        });
        (seen.collect(), owes)
    }

    #[test]
    fn small_changes_add_up_to_one_that_is_sent() {
        let levels: Vec<u8> = (100..=200).collect();
        let (seen, _) = shown(&levels);
        let mut sent = seen.clone();
        sent.dedup();
        assert!(sent.len() < levels.len() / 5, "{sent:?}");
        for (level, seen) in levels.iter().zip(seen) {
            assert!(level.abs_diff(seen) <= MOVING[0].1, "{seen} for {level}");
        }
    }

    #[test]
    fn what_rests_comes_to_its_colour_and_then_nothing_is_owed() {
        let mut levels = vec![100, 115];
        let (seen, owes) = shown(&levels);
        assert_eq!((seen, owes), (vec![100, 100], true));
        levels.resize(60, 115);
        let (seen, owes) = shown(&levels);
        assert_eq!((seen.last(), owes), (Some(&115), false));
        // A trace of a difference is left.
        levels.resize(120, 115 + AT_REST);
        let (seen, owes) = shown(&levels);
        assert_eq!((seen.last(), owes), (Some(&115), false));
    }

    #[test]
    fn what_is_seen_at_once_is_sent_at_once() {
        assert_eq!(shown(&[100, 200, 100]).0, [100, 200, 100]);
        let (mut shown, now) = (Shown::default(), Instant::now());
        shown.settle(&mut frame(100), now);
        let changes: [fn(&mut Cell); 4] = [
            |cell| _ = cell.set_char('▄'),
            |cell| _ = cell.set_fg(Color::Reset),
            |cell| cell.modifier = ratatui::style::Modifier::BOLD,
            |cell| _ = cell.set_bg(Color::Indexed(9)),
        ];
        for change in changes {
            let mut other = frame(101);
            change(&mut other[(0, 0)]);
            let wanted = other.clone();
            assert!(!shown.settle(&mut other, now));
            assert_eq!(other, wanted);
            shown.settle(&mut frame(100), now);
        }
        // On another size, and after the terminal was cleared, all of it is.
        shown.forget();
        let mut again = frame(101);
        shown.settle(&mut again, now);
        assert_eq!(again, frame(101));
    }
}
