//! The terminal's own pictures: which it has, and what of them is on it.
//!
//! Cells are drawn first and are complete; a picture that can be shown whole takes the place of
//! its cells, which are blank beneath it, and is put there after them. What becomes of it is
//! decided by its place alone: when no picture is declared there any more, it is taken off, and
//! the cells are drawn again.

#[cfg(test)]
mod decoded;
mod encode;
mod means;
mod sixel;
mod wall;

use std::{
    io::{self, Write},
    mem,
    sync::atomic::{AtomicU8, Ordering},
};

use ratatui::buffer::Buffer;

use super::{
    background,
    decode::Sent,
    wish::{Protocol, Wish},
};
use crate::ui::widget::fine::FinePicture;
use means::Means;
use wall::Wall;

/// How large a cell is in pixels; the kind of terminal, as the last that it answers.
const MEASURE: &[u8] = b"\x1b[16t\x1b[c";

/// Ends a picture that was cut off, whatever the protocol.
const CUT_OFF: &[u8] = b"\x1b\\";

/// What has to be said of pictures before the terminal is given back.
static ON_TERMINAL: AtomicU8 = AtomicU8::new(NOTHING);
const NOTHING: u8 = 0;
/// They go with the screen they are on.
const CELLS: u8 = 1;
/// They are above the screen, and stay if nobody takes them off.
const ABOVE: u8 = 2;

/// The pictures of a terminal.
#[derive(Debug)]
pub struct Pictures {
    means: Means,
    wall: Wall,
    /// What is to be written after the frame's cells.
    bytes: Vec<u8>,
    /// Whether the size of a cell may have changed.
    stale: bool,
}

impl Pictures {
    /// None yet.
    pub fn new(wish: Wish) -> Self {
        Self {
            means: Means::new(wish, &|name| std::env::var(name).ok()),
            wall: Wall::default(),
            bytes: Vec::new(),
            stale: false,
        }
    }

    /// What is to be asked before the kind of terminal, on a screen with nothing on it.
    pub fn questions(&self) -> &'static [u8] {
        self.means.questions()
    }

    /// Takes in an answer, if it is one to these questions.
    pub fn hear(&mut self, sent: &Sent) {
        self.means.hear(sent);
    }

    /// Whether any can be shown.
    pub fn are_wanted(&self) -> bool {
        self.means.protocol().is_some()
    }

    /// Whether some are still to be put, though nothing changes any more.
    pub fn are_owed(&self) -> bool {
        self.are_wanted() && self.wall.owes()
    }

    /// Nothing is on the terminal any more, and its cells may have another size.
    pub fn forget(&mut self) {
        self.wall.forget();
        self.means.measure();
        self.stale = true;
    }

    /// Asks again how large a cell is, if that may have changed and no answer is owed.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be written.
    pub fn measure_again(&mut self) -> io::Result<()> {
        if self.stale && self.are_wanted() && !background::is_owed() {
            self.stale = false;
            background::ask(MEASURE)?;
        }
        Ok(())
    }

    /// Decides which pictures are on the terminal after this frame, and blanks their cells.
    pub fn hang(&mut self, pictures: Vec<FinePicture>, buf: &mut Buffer) {
        if let Some(protocol) = self.means.protocol() {
            let easel = encode::Easel {
                protocol,
                cell: self.means.cell(),
            };
            self.bytes = self.wall.hang(pictures, easel, buf);
        }
    }

    /// Writes what follows from that.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be written.
    pub fn put(&mut self, terminal: &mut impl Write) -> io::Result<()> {
        let bytes = mem::take(&mut self.bytes);
        if bytes.is_empty() {
            return Ok(());
        }
        let is_above = self.means.protocol() == Some(Protocol::Kitty);
        let where_they_are = if is_above { ABOVE } else { CELLS };
        ON_TERMINAL.fetch_max(where_they_are, Ordering::SeqCst);
        terminal.write_all(&bytes)
    }
}

/// What takes the pictures off before the terminal is given back; nothing, where it has none.
pub(super) fn farewell() -> Vec<u8> {
    match ON_TERMINAL.swap(NOTHING, Ordering::SeqCst) {
        NOTHING => Vec::new(),
        ABOVE => [CUT_OFF, encode::SWEEP].concat(),
        _ => CUT_OFF.to_vec(),
    }
}
