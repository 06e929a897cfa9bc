//! Bytes to the terminal, past every buffer and lock of the standard library.
//!
//! `std::io::stdout` keeps a buffer that is flushed at exit, after the terminal
//! was given back, and a lock that a thread stuck in drawing would hold for ever.

use std::{
    io::{self, Write},
    sync::atomic::Ordering,
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

/// The terminal as a writer, for as long as it is ours: bytes that come later
/// are thrown away.
#[derive(Debug, Clone, Copy)]
pub struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !HELD.load(Ordering::SeqCst) {
            return Ok(bytes.len());
        }
        match rustix::io::write(io::stdout(), bytes) {
            Ok(written) => Ok(written),
            Err(Errno::INTR) => Err(io::ErrorKind::Interrupted.into()),
            Err(errno) => Err(errno.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes all of it, and waits for a slow terminal.
pub(super) fn write_directly(bytes: &[u8]) -> io::Result<()> {
    Output.write_all(bytes)
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
