//! Bytes to the terminal, past every buffer and lock of the standard library.
//!
//! `std::io::stdout` keeps a buffer that is flushed at exit, after the terminal
//! was given back, and a lock that a thread stuck in drawing would hold for ever.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::{fd::AsFd, unix::fs::OpenOptionsExt},
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::OFlags,
    io::Errno,
};

use super::HELD;

/// How long a terminal may take to accept the farewell.
const PATIENCE: Timespec = milliseconds(300);
/// How often a terminal that does not read is asked whether to wait on.
const LOOK_UP: Timespec = milliseconds(50);

const fn milliseconds(count: i64) -> Timespec {
    Timespec {
        tv_sec: 0,
        tv_nsec: count * 1_000_000,
    }
}

/// What the system said when the terminal last refused bytes; 0 for nothing.
static REFUSAL: AtomicI32 = AtomicI32::new(0);

/// Whether the program is ending, and a terminal that does not read must not
/// keep it.
static ENDING: AtomicBool = AtomicBool::new(false);

/// The terminal opened anew, so that writing to it never blocks: a mode of this
/// opening alone, and not of the one that is shared with the shell.
static UNBLOCKED: LazyLock<Option<File>> =
    LazyLock::new(|| opened_anew(io::stdout(), OpenOptions::new().write(true)));

/// The terminal that this is, opened once more, so that nothing blocks on it.
pub(super) fn opened_anew(terminal: impl AsFd, options: &mut OpenOptions) -> Option<File> {
    let name = rustix::termios::ttyname(terminal, Vec::new()).ok()?;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options
        .custom_flags(flags.bits().cast_signed())
        .open(PathBuf::from(name.into_string().ok()?))
        .ok()
}

/// From now on, what a terminal does not take at once is thrown away: the
/// program is ending, and a stopped terminal must not keep it from that.
pub fn wait_no_more() {
    ENDING.store(true, Ordering::SeqCst);
}

/// The terminal as a writer, for as long as it is ours and takes bytes; what
/// comes later is thrown away.
///
/// A refusal is told by `check` and not by the write: ratatui shows the cursor
/// when it is dropped, and would print, and so panic, on a terminal that has gone.
#[derive(Debug, Clone, Copy)]
pub struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        while HELD.load(Ordering::SeqCst) && REFUSAL.load(Ordering::SeqCst) == 0 {
            match write_within(bytes, &LOOK_UP) {
                Ok(written) => return Ok(written),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if !ENDING.load(Ordering::SeqCst) => {}
                Err(errno) => REFUSAL.store(errno.raw_os_error(), Ordering::SeqCst),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what the terminal takes; `AGAIN` when it takes nothing for so long.
fn write_within(bytes: &[u8], patience: &Timespec) -> Result<usize, Errno> {
    let stdout = io::stdout();
    let terminal = UNBLOCKED.as_ref().map_or(stdout.as_fd(), AsFd::as_fd);
    let mut ready = [PollFd::from_borrowed_fd(terminal, PollFlags::OUT)];
    match poll(&mut ready, Some(patience))? {
        0 => Err(Errno::AGAIN),
        _ => rustix::io::write(terminal, bytes),
    }
}

/// Whether the terminal has taken everything since it was taken.
pub(super) fn check() -> io::Result<()> {
    match REFUSAL.load(Ordering::SeqCst) {
        0 => Ok(()),
        errno => Err(io::Error::from_raw_os_error(errno)),
    }
}

/// Begins anew, with these bytes.
pub(super) fn begin(bytes: &[u8]) -> io::Result<()> {
    REFUSAL.store(0, Ordering::SeqCst);
    Output.write_all(bytes)?;
    check()
}

/// Writes all of it, whoever holds the terminal, unless that does not read.
pub(super) fn write_if_ready(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match write_within(bytes, &PATIENCE) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}
