//! The screen of a run of which only numbers are known: from event files, a log, or a line.
//!
//! It is one view, the curves by their names; what the others would show needs weights, and
//! their keys say so. The loop here is the dashboard's, with less to do.

pub mod board;
mod draw;

use std::{io, time::Duration};

use crossbeam_channel::{Receiver, TryRecvError};
use ratatui::layout::{Position, Rect};

use super::{
    Dashboard, FRAME, Held, QUIET_FRAME,
    app::Exit,
    terminal::{self, Input, Sent},
};
use crate::message::Scalars;
use board::{Board, Wish};

/// So much is taken in between two frames, however fast more comes.
const AT_ONCE: usize = 4;

/// What the screen is connected to.
pub struct ScalarSession<'a> {
    /// Whoever reads the numbers.
    pub events: &'a Receiver<Scalars>,
    /// The number of a signal that has arrived.
    pub signal: &'a dyn Fn() -> Option<i32>,
}

impl Dashboard {
    /// Shows numbers until the user leaves them or a signal arrives.
    ///
    /// # Errors
    ///
    /// When the terminal can be neither read nor written any more.
    pub fn show_scalars(self, session: &ScalarSession, board: &mut Board) -> io::Result<Exit> {
        let mut held = Held::take(self.manner)?;
        let mut is_drawn = false;
        loop {
            let mut changed = false;
            for _ in 0..AT_ONCE {
                match session.events.try_recv() {
                    Ok(told) => board.hear(told),
                    Err(TryRecvError::Disconnected) if !board.is_unread => board.lose_reader(),
                    Err(_) => break,
                }
                changed = true;
            }
            if held.guard.retake_if_continued()? {
                held.redraw()?;
                changed = true;
            }
            let patience = match (is_drawn, changed) {
                (false, _) => Duration::ZERO,
                (true, true) => FRAME,
                (true, false) => QUIET_FRAME,
            };
            let wish = held.listen_for_scalars(board, patience, &mut changed)?;
            if let Some(number) = (session.signal)() {
                return Ok(Exit::Signal(number));
            }
            match wish {
                Some(Wish::Leave) => {
                    held.guard.leave(held.keyboard);
                    return Ok(Exit::Quit);
                }
                Some(Wish::Suspend) => {
                    held.guard.suspend(&mut held.keyboard)?;
                    held.redraw()?;
                }
                Some(Wish::Redraw) => held.redraw()?,
                None => {}
            }
            if changed || !is_drawn {
                held.draw_scalars(board)?;
                is_drawn = true;
            }
        }
    }
}

impl Held {
    /// Takes all keys that come within `patience`; the last wish counts.
    fn listen_for_scalars(
        &mut self,
        board: &mut Board,
        patience: Duration,
        changed: &mut bool,
    ) -> io::Result<Option<Wish>> {
        let (mut wish, mut wait) = (None, patience);
        while let Some(input) = self.keyboard.next(wait)? {
            *changed = true;
            wait = Duration::ZERO;
            match input {
                Input::Sent(Sent::Key(key)) => wish = board.press(key).or(wish),
                Input::Sent(Sent::Background(color)) => self.tell_ground(&color),
                Input::Sent(Sent::Attributes { .. }) => terminal::settle(),
                Input::Sent(_) => {}
                Input::Resized => wish = wish.or(Some(Wish::Redraw)),
            }
        }
        Ok(wish)
    }

    fn draw_scalars(&mut self, board: &Board) -> io::Result<()> {
        let theme = self.theme;
        let size = self.screen.size()?;
        let area = Rect::from((Position::ORIGIN, size));
        terminal::whole_frame(&mut self.screen, |screen| {
            screen.draw(|frame| draw::render(board, theme, area, frame.buffer_mut()))?;
            Ok(())
        })
    }
}
