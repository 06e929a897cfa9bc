//! The terminal, borrowed and given back as it was, however the program ends.
//!
//! There is one way in, [`TerminalGuard::enter`], and one way out, [`restore`],
//! which the guard's drop, the panic hook and the signal thread all take; only
//! the first of them does anything. What is still written after that is thrown
//! away, so that half a frame never lands on the shell's screen. This module
//! knows cells and pictures, and nothing of what they show.

mod background;
mod decode;
mod keyboard;
mod line;
mod output;
mod panic;
#[cfg(feature = "graphics")]
mod pictures;
#[cfg(not(feature = "graphics"))]
#[path = "terminal/no_pictures.rs"]
mod pictures;
mod shown;
mod window;
mod wish;

use std::{
    io::{self, BufWriter},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crossterm::{
    execute, queue,
    terminal::{self, BeginSynchronizedUpdate, EndSynchronizedUpdate},
};
use ratatui::Terminal;
use rustix::process::{Signal, kill_current_process_group};
use signal_hook::{SigId, consts::SIGCONT, flag, low_level};

pub use background::{settle, tone};
pub use decode::{Decoder, Sent};
pub use keyboard::{Input, Keyboard};
pub use line::Line;
pub use output::{Output, wait_no_more};
pub use panic::{install_hook, take_message};
pub use pictures::Pictures;
pub use shown::Shown;
pub use window::Window;
pub use wish::{Protocol, Wish, within_multiplexer};

use super::theme::Tone;

/// The terminal as ratatui sees it: a frame is gathered and written in one piece.
pub type Screen = Terminal<Window>;

/// Alternate screen, no cursor, pasted text told from typed, empty.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J\x1b[H";
/// The mouse's buttons, and where it is drawn along while one is down (1002), in numbers
/// of any size (1006).
const HEAR_MOUSE: &[u8] = b"\x1b[?1002h\x1b[?1006h";
/// Ends a frame that was cut off, then mouse, pastes, colours, alternate screen, cursor.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[?1006l\x1b[?1002l\x1b[?2004l\x1b[0m\x1b[?1049l\x1b[?25h";

/// Room for the largest frame of most terminals.
const FRAME_BYTES: usize = 64 * 1024;
/// How often is looked, each 5 ms, until a stop that was asked for has come.
const LOOKS_UNTIL_STOPPED: usize = 40;

/// Whether the terminal is ours, to draw on and to give back.
static HELD: AtomicBool = AtomicBool::new(false);

/// Holds the terminal in the state a dashboard needs; gives it back when dropped.
#[derive(Debug)]
pub struct TerminalGuard {
    /// Set when the process goes on after having been stopped.
    continued: Arc<AtomicBool>,
    registration: SigId,
    mouse: Mouse,
}

/// Who has the mouse while the terminal is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The dashboard.
    Heard,
    /// The terminal, to select text with.
    Left,
}

impl TerminalGuard {
    /// Takes the terminal: keys come singly and unechoed, the shell's screen is
    /// put aside.
    ///
    /// # Errors
    ///
    /// When there is no terminal, or it refuses.
    pub fn enter(mouse: Mouse) -> io::Result<Self> {
        let continued = Arc::new(AtomicBool::new(false));
        let registration = flag::register(SIGCONT, Arc::clone(&continued))?;
        let guard = Self {
            continued,
            registration,
            mouse,
        };
        take(mouse)?;
        // Started in the background, it was stopped before it had the terminal.
        guard.continued.store(false, Ordering::SeqCst);
        Ok(guard)
    }

    /// What comes from the terminal, and whether it is dark or light, if that is
    /// asked and it tells at once. What is asked besides is answered when it is.
    ///
    /// # Errors
    ///
    /// When the terminal can be neither read nor written.
    pub fn keyboard(&self, ask: bool, besides: &[u8]) -> io::Result<(Keyboard, Option<Tone>)> {
        let mut keyboard = Keyboard::listen()?;
        let ground = if ask { background::QUESTION } else { &[] };
        if ground.is_empty() && besides.is_empty() {
            return Ok((keyboard, None));
        }
        background::ask(&[ground, besides, background::LAST_QUESTION].concat())?;
        let tone = if ask {
            background::wait_for_answer(&mut keyboard)?
        } else {
            None
        };
        Ok((keyboard, tone))
    }

    /// Gives the terminal back when nothing more is to come from it, as far as that
    /// can be waited for.
    pub fn leave(self, mut keyboard: Keyboard) {
        background::collect(&mut keyboard);
    }

    /// The line that frames are sent over.
    pub fn line(&self) -> Line {
        Line::new(background::can_be_asked())
    }

    /// What frames are drawn on.
    ///
    /// # Errors
    ///
    /// When the terminal does not tell its size.
    pub fn screen(&self) -> io::Result<Screen> {
        Terminal::new(Window::new(BufWriter::with_capacity(FRAME_BYTES, Output)))
    }

    /// Gives the terminal back and stops the whole job, as Ctrl-Z does in a
    /// shell; returns when the job is continued, with the terminal taken again
    /// and empty.
    ///
    /// Where no shell could continue it the system does not stop it, and this
    /// returns at once. As at the end, what is still to come from the terminal is
    /// waited for.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be taken again.
    pub fn suspend(&mut self, keyboard: &mut Keyboard) -> io::Result<()> {
        background::collect(keyboard);
        restore();
        self.continued.store(false, Ordering::SeqCst);
        // The job, and not this process alone: a script around it stops too.
        kill_current_process_group(Signal::TSTP)?;
        // The signal may be taken by another thread a moment later; by then this one must not
        // have taken the terminal. Looks are counted, as a clock goes on while all is stopped.
        for _ in 0..LOOKS_UNTIL_STOPPED {
            if self.continued.load(Ordering::SeqCst) {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.continued.store(false, Ordering::SeqCst);
        take(self.mouse)
    }

    /// Whether somebody else stopped and continued the process. Then the
    /// terminal has been taken anew, is empty, and wants a full drawing.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be taken again.
    pub fn retake_if_continued(&mut self) -> io::Result<bool> {
        if !self.continued.swap(false, Ordering::SeqCst) {
            return Ok(false);
        }
        // Whoever had the terminal may have left it in any mode; crossterm
        // believes it is still raw until it is told to leave that.
        terminal::disable_raw_mode()?;
        take(self.mouse)?;
        Ok(true)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        low_level::unregister(self.registration);
        restore();
    }
}

fn take(mouse: Mouse) -> io::Result<()> {
    terminal::enable_raw_mode()?;
    HELD.store(true, Ordering::SeqCst);
    let modes = match mouse {
        Mouse::Heard => [ENTER, HEAR_MOUSE].concat(),
        Mouse::Left => ENTER.to_vec(),
    };
    output::begin(&modes).inspect_err(|_| restore())
}

/// Gives the terminal back as it was. Whoever comes second does nothing.
///
/// It takes no lock that drawing takes, and waits only shortly for a terminal
/// that reads no more.
pub fn restore() {
    if !HELD.swap(false, Ordering::SeqCst) {
        return;
    }
    background::discard();
    // A terminal that has gone has no state to give back.
    let _ = terminal::disable_raw_mode();
    let _ = output::write_if_ready(&[&pictures::farewell(), LEAVE].concat());
}

/// Draws in one piece: the terminal shows the frame when it has all of it.
///
/// # Errors
///
/// When the terminal can no longer be written.
pub fn whole_frame(
    screen: &mut Screen,
    draw: impl FnOnce(&mut Screen) -> io::Result<()>,
) -> io::Result<()> {
    queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
    let drawn = draw(screen);
    // Flushes; a frame that failed half way must not leave the terminal waiting.
    execute!(screen.backend_mut(), EndSynchronizedUpdate)?;
    drawn?;
    output::check()
}
