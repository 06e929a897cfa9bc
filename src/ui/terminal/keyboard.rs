//! The line from the terminal: waits for what it sends, and for a window of
//! another size.
//!
//! crossterm has a reader of its own, but it takes the strings of a terminal's late
//! answers for keys, and others make it deaf; [`decode`](super::decode) does not.

use std::{
    collections::VecDeque,
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use signal_hook::{SigId, consts::SIGWINCH, low_level};

use super::{
    decode::{Decoder, Sent},
    output::opened_anew,
};
use crate::ui::pointer::{Button, Pointer};

/// What happens at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// It sent something.
    Sent(Sent),
    /// The window has, or had for a moment, another size.
    Resized,
}

/// Reads standard input, which is the terminal.
#[derive(Debug)]
pub struct Keyboard {
    decoder: Decoder,
    /// The terminal, so that reading never blocks: what was there when it was asked may be
    /// gone, if the program was stopped between, for then the shell reads it.
    unblocked: Option<File>,
    /// What was read and not asked for yet.
    waiting: VecDeque<Input>,
    /// Gets a byte when the window has another size.
    resized: UnixStream,
    registration: SigId,
}

impl Keyboard {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// When the system refuses to tell of another size.
    pub fn listen() -> io::Result<Self> {
        let (wake, resized) = UnixStream::pair()?;
        resized.set_nonblocking(true)?;
        Ok(Self {
            decoder: Decoder::new(Instant::now()),
            unblocked: opened_anew(io::stdin(), OpenOptions::new().read(true)),
            waiting: VecDeque::new(),
            registration: low_level::pipe::register(SIGWINCH, wake)?,
            resized,
        })
    }

    /// The next thing that happens within `patience`, if anything does.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be read. One that has hung up is silent: it is told
    /// of by a signal.
    pub fn next(&mut self, patience: Duration) -> io::Result<Option<Input>> {
        let until = Instant::now() + patience;
        loop {
            if let Some(input) = self.waiting.pop_front() {
                return Ok(Some(input));
            }
            let now = Instant::now();
            let wake = self.decoder.deadline().map_or(until, |at| at.min(until));
            let heard = self.hear(wake.saturating_duration_since(now))?;
            let now = Instant::now();
            if !heard {
                let mut sent = Vec::new();
                self.decoder.expire(now, &mut sent);
                self.gather(sent);
            }
            if now >= until && self.waiting.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Waits until the terminal has told what `wanted` picks, or for so long. All that
    /// happens meanwhile is kept for later, and that too.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be read.
    pub(super) fn wait_for<T>(
        &mut self,
        wanted: impl Fn(&Sent) -> Option<T>,
        patience: Duration,
    ) -> io::Result<Option<T>> {
        let until = Instant::now() + patience;
        let mut others = VecDeque::new();
        let found = loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.next(left)? {
                Some(Input::Sent(sent)) => {
                    let found = wanted(&sent);
                    others.push_back(Input::Sent(sent));
                    if found.is_some() {
                        break found;
                    }
                }
                Some(other) => others.push_back(other),
                None => break None,
            }
        };
        others.append(&mut self.waiting);
        self.waiting = others;
        Ok(found)
    }

    /// Takes what arrives within `patience`; whether anything did.
    fn hear(&mut self, patience: Duration) -> io::Result<bool> {
        let timeout = Timespec {
            tv_sec: patience.as_secs().cast_signed(),
            tv_nsec: i64::from(patience.subsec_nanos()),
        };
        let stdin = io::stdin();
        let mut watched = [
            PollFd::from_borrowed_fd(self.terminal(&stdin), PollFlags::IN),
            PollFd::new(&self.resized, PollFlags::IN),
        ];
        match poll(&mut watched, Some(&timeout)) {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(true),
            Err(errno) => return Err(errno.into()),
        }
        let [keys, size] = watched.map(|watched| watched.revents());
        if !size.is_empty() {
            self.drain_resized();
            self.waiting.push_back(Input::Resized);
        }
        if !keys.is_empty() && !self.read()? {
            // It has hung up. The wait is had all the same, lest the caller spin.
            thread::sleep(patience);
            return Ok(false);
        }
        Ok(true)
    }

    fn terminal<'a>(&'a self, stdin: &'a io::Stdin) -> BorrowedFd<'a> {
        self.unblocked
            .as_ref()
            .map_or_else(|| stdin.as_fd(), AsFd::as_fd)
    }

    /// Reads what is there; whether the terminal is.
    fn read(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 1024];
        let stdin = io::stdin();
        let count = match rustix::io::read(self.terminal(&stdin), &mut bytes) {
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => return Ok(true),
            Err(errno) => return Err(errno.into()),
        };
        let mut sent = Vec::new();
        self.decoder
            .feed(&bytes[..count], Instant::now(), &mut sent);
        self.gather(sent);
        Ok(count > 0)
    }

    fn gather(&mut self, sent: Vec<Sent>) {
        for sent in sent {
            gather(&mut self.waiting, Input::Sent(sent));
        }
    }

    fn drain_resized(&mut self) {
        let mut bytes = [0; 64];
        loop {
            match self.resized.read(&mut bytes) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(64) => {}
                _ => return,
            }
        }
    }
}

/// Puts it behind the others. Of a mouse that is drawn along, the last place counts.
fn gather(waiting: &mut VecDeque<Input>, input: Input) {
    let is_drag = |input: &Input| {
        let dragged = |pointer: &Pointer| pointer.button == Button::Dragged;
        matches!(input, Input::Sent(Sent::Mouse(pointer)) if dragged(pointer))
    };
    if is_drag(&input) && waiting.back().is_some_and(is_drag) {
        waiting.pop_back();
    }
    waiting.push_back(input);
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        low_level::unregister(self.registration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pointer::Side;
    use crossterm::event::KeyCode;

    #[test]
    fn of_a_mouse_drawn_along_the_last_place_counts_and_nothing_else_is_lost() {
        let mouse = |button, column| {
            Input::Sent(Sent::Mouse(Pointer {
                button,
                side: Side::Left,
                column,
                row: 7,
            }))
        };
        let key = || Input::Sent(Sent::Key(KeyCode::Left.into()));
        let arrived = [
            mouse(Button::Pressed, 1),
            mouse(Button::Dragged, 2),
            mouse(Button::Dragged, 3),
            key(),
            key(),
            mouse(Button::Dragged, 4),
            Input::Resized,
            mouse(Button::Dragged, 5),
            mouse(Button::Dragged, 6),
            mouse(Button::Released, 6),
            mouse(Button::Pressed, 8),
            mouse(Button::Pressed, 9),
        ];
        let mut waiting = VecDeque::new();
        for input in arrived.clone() {
            gather(&mut waiting, input);
        }
        let gathered = [1, 7].map(|place| arrived[place].clone());
        let kept: Vec<Input> = arrived
            .into_iter()
            .filter(|input| !gathered.contains(input))
            .collect();
        assert_eq!(Vec::from(waiting), kept);
    }
}
