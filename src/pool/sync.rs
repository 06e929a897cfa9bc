//! What the board synchronises by: the standard library's. `tests/crew` puts a model checker's in
//! its place.

use std::cell::UnsafeCell;

pub(super) use std::{
    hint,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering, fence},
    },
    thread::{self, JoinHandle},
};

/// How often an idle thread looks for work before it sleeps: some 50 µs, many
/// times the pause between two jobs of a training step.
pub(super) const LOOKS: usize = 2000;

/// A value that its users have to order all access to.
pub(super) struct Place<T>(UnsafeCell<T>);

impl<T> Place<T> {
    pub(super) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Hands out where it is, to be read.
    pub(super) fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        read(self.0.get())
    }

    /// Hands out where it is, to be written.
    pub(super) fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        write(self.0.get())
    }
}
