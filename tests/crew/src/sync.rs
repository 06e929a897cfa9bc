//! What the board synchronises by, as loom has it.

pub(super) use loom::{
    cell::UnsafeCell as Place,
    hint,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering, fence},
    },
    thread::{self, JoinHandle},
};

/// A look, and then sleep: what comes of more is no new order.
pub(super) const LOOKS: usize = 1;
