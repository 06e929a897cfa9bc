//! Signals that ask the program to end, and a terminal that has gone.
//!
//! The handler itself only notes the number; whoever runs the program looks at
//! it and ends in order, with its files written. A thread stands by for the
//! case that it does not: it gives the terminal back and ends the process.

use std::{
    io::{self, IsTerminal, Read, Stdin},
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
    flag,
    low_level::{self, pipe},
};

use crate::{pool::start, ui::terminal};

/// The signals that ask for an end.
const ENDING: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];
/// Signals closer than this are one: a closing terminal sends several.
const SAME_WISH: Duration = Duration::from_millis(250);

/// The signal that has arrived, if one has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ending(Arc<AtomicUsize>);

impl Ending {
    /// Its number.
    pub(crate) fn signal(&self) -> Option<i32> {
        let number = self.0.load(Ordering::SeqCst);
        i32::try_from(number).ok().filter(|&number| number != 0)
    }
}

/// Begins to listen. From now on the signals end the program in order, within
/// `grace`; a second one ends it at once.
///
/// # Errors
///
/// When the system refuses the handlers or the thread.
pub(crate) fn listen(grace: Duration) -> anyhow::Result<Ending> {
    let ending = Ending::default();
    let (wake, woken) = UnixStream::pair()?;
    woken.set_nonblocking(true)?;
    let ignored = ignored_from_the_start();
    for signal in ENDING
        .into_iter()
        .filter(|&signal| !ignored.contains(signal))
    {
        // In this order: whoever is woken finds the number.
        flag::register_usize(signal, Arc::clone(&ending.0), signal as usize)?;
        pipe::register(signal, wake.try_clone()?)?;
    }
    let stdin = io::stdin();
    let standby = Standby {
        ending: ending.clone(),
        _wake: wake,
        woken,
        terminal: stdin.is_terminal().then_some(stdin),
        grace,
        asked: None,
    };
    start("signals", move || standby.wait())?;
    Ok(ending)
}

/// The thread that ends the process when nobody else does.
struct Standby {
    ending: Ending,
    /// Keeps the pipe open when every signal is ignored.
    _wake: UnixStream,
    woken: UnixStream,
    /// To notice a hang-up for which no signal comes: the shell that leads the
    /// session may ignore it.
    terminal: Option<Stdin>,
    grace: Duration,
    /// When the end was first asked for.
    asked: Option<Instant>,
}

impl Standby {
    fn wait(mut self) {
        loop {
            self.sleep();
            let signalled = self.woken.read(&mut [0; 64]).is_ok();
            if signalled || self.ending.signal().is_some() {
                match self.asked {
                    None => {
                        self.asked = Some(Instant::now());
                        terminal::wait_no_more();
                    }
                    Some(asked) if signalled && asked.elapsed() > SAME_WISH => self.end_now(),
                    Some(asked) if asked.elapsed() >= self.grace => self.end_now(),
                    Some(_) => {}
                }
            }
        }
    }

    /// Until a signal, a hang-up, or the end of the grace.
    fn sleep(&mut self) {
        let left = self
            .asked
            .map(|asked| self.grace.saturating_sub(asked.elapsed()));
        let timeout = left.map(|left| Timespec {
            tv_sec: left.as_secs().cast_signed(),
            tv_nsec: i64::from(left.subsec_nanos()),
        });
        let mut watched = vec![PollFd::new(&self.woken, PollFlags::IN)];
        if let (Some(terminal), None) = (&self.terminal, self.asked) {
            // No events asked for: a hang-up is told anyway.
            watched.push(PollFd::new(terminal, PollFlags::empty()));
        }
        // Interrupted or not, the caller looks at what has happened.
        let _ = poll(&mut watched, timeout.as_ref());
        let told = watched.get(1).map_or(PollFlags::empty(), PollFd::revents);
        if told.contains(PollFlags::HUP) {
            let hung_up = SIGHUP as usize;
            let _ = self
                .ending
                .0
                .compare_exchange(0, hung_up, Ordering::SeqCst, Ordering::SeqCst);
        } else if !told.is_empty() {
            // A system that cannot watch this terminal says so for ever.
            self.terminal = None;
        }
    }

    fn end_now(&self) -> ! {
        terminal::restore();
        low_level::exit(128 + self.ending.signal().unwrap_or(SIGTERM))
    }
}

/// The signals that whoever started the program had it ignore, as `nohup` does.
struct Ignored(u64);

impl Ignored {
    fn contains(&self, signal: i32) -> bool {
        self.0 >> (signal - 1) & 1 == 1
    }
}

/// Linux tells it in a file; elsewhere every signal is heard.
fn ignored_from_the_start() -> Ignored {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    Ignored(ignored_in(&status))
}

fn ignored_in(status: &str) -> u64 {
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_ignored_by_nohup_is_found_in_the_mask() {
        let ignored = Ignored(ignored_in(
            "Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0\n",
        ));
        assert!(ignored.contains(SIGHUP));
        assert!(!ignored.contains(SIGINT));
        assert!(!Ignored(ignored_in("")).contains(SIGHUP));
    }
}
