//! A thread that something depends on, and the words for the system's refusal.

use std::{
    io,
    thread::{self, JoinHandle},
};

use thiserror::Error;

/// The system starts no further thread, for this one or any other.
#[derive(Debug, Error)]
#[error(
    "no thread could be started for the {name} ({cause}); raise the limit on processes (ulimit -u) \
     or on memory (ulimit -v), or end some programs"
)]
pub struct NoThread {
    name: &'static str,
    cause: io::Error,
}

/// Starts a thread that does `work`.
///
/// # Errors
///
/// When the system refuses; `work` is dropped then.
pub fn start<T: Send + 'static>(
    name: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, NoThread> {
    thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            #[cfg(debug_assertions)]
            super::fault::as_it_begins(name);
            work()
        })
        .map_err(|cause| NoThread { name, cause })
}

/// Said by a thread that [`start`] has begun at each piece of its work: tests have it die there.
#[inline]
pub fn piece_of_work() {
    #[cfg(debug_assertions)]
    super::fault::piece_of_work();
}
