//! Who does the measuring, and what is asked of them between two pieces of it.
//!
//! Measures are long work that nobody waits for: whoever has them made beside a
//! training run lets them rest, and may call them off.

use crate::pool::Pool;

/// Nobody wants the result any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalledOff;

/// Threads to work on, and a question asked before each piece of some milliseconds,
/// which may take its time.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    pool: &'a Pool,
    go_on: &'a (dyn Fn() -> Result<(), CalledOff> + Sync),
}

impl<'a> Effort<'a> {
    /// Everything at once.
    pub fn full(pool: &'a Pool) -> Self {
        Self {
            pool,
            go_on: &|| Ok(()),
        }
    }

    /// As fast, and as far, as `go_on` lets it.
    pub fn asking(pool: &'a Pool, go_on: &'a (dyn Fn() -> Result<(), CalledOff> + Sync)) -> Self {
        Self { pool, go_on }
    }

    pub(super) fn pool(&self) -> &'a Pool {
        self.pool
    }

    /// Asks whether to go on.
    pub(super) fn go_on(&self) -> Result<(), CalledOff> {
        (self.go_on)()
    }

    /// The results of the pieces `0..pieces`, in order.
    pub(super) fn map<T: Send>(
        &self,
        pieces: usize,
        work: impl Fn(usize) -> Result<T, CalledOff> + Sync,
    ) -> Result<Vec<T>, CalledOff> {
        let results = self.pool.map(pieces, |piece| {
            self.go_on()?;
            work(piece)
        });
        results.into_iter().collect()
    }
}
