//! Bytes to the terminal, past every buffer and lock of the standard library.
//!
//! `std::io::stdout` keeps a buffer that is flushed at exit, after the terminal
//! was given back, and a lock that a thread stuck in drawing would hold for ever.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicI32, Ordering},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use super::HELD;

/// How long a terminal may take to accept the farewell.
const PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 300_000_000,
};

/// What the system said when the terminal last refused bytes; 0 for nothing.
static REFUSAL: AtomicI32 = AtomicI32::new(0);

/// The terminal as a writer, for as long as it is ours and takes bytes; what
/// comes later is thrown away.
///
/// A refusal is told by [`check`] and not by the write: ratatui shows the cursor
/// when it is dropped, and would print, and so panic, on a terminal that has gone.
#[derive(Debug, Clone, Copy)]
pub struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !HELD.load(Ordering::SeqCst) || REFUSAL.load(Ordering::SeqCst) != 0 {
            return Ok(bytes.len());
        }
        match rustix::io::write(io::stdout(), bytes) {
            Ok(written) => Ok(written),
            Err(Errno::INTR) => Err(io::ErrorKind::Interrupted.into()),
            Err(errno) => {
                REFUSAL.store(errno.raw_os_error(), Ordering::SeqCst);
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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

/// Writes all of it to a terminal that can take it, whoever holds it.
pub(super) fn write_if_ready(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = io::stdout();
    while !bytes.is_empty() {
        let mut ready = [PollFd::new(&stdout, PollFlags::OUT)];
        match poll(&mut ready, Some(&PATIENCE)) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
        match rustix::io::write(&stdout, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}
