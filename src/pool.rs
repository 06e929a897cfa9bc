//! A crew of threads that works through a fixed list of blocks.
//!
//! What a block is never depends on the number of threads, and its result is
//! kept at its own place: so whatever is computed has the same bits for any
//! `--threads`. The pool knows nothing of what it runs.
//!
//! Work comes in bursts of microseconds (the layers of a training step), so the
//! crew watches for the next job for a short while before it sleeps. Every
//! thread has its own share of the blocks, always the same one, and so finds
//! what it touched last time in its own cache; a thread that is through helps
//! the others, and one that the system keeps waiting delays nobody.

mod board;
#[cfg(debug_assertions)]
mod fault;
mod start;
mod sync;

use std::{
    fmt,
    num::NonZeroUsize,
    panic::resume_unwind,
    sync::{Arc, Mutex, TryLockError},
    thread::{self, JoinHandle},
};

use crossbeam_channel::bounded;

use board::Board;
pub use start::{NoThread, piece_of_work, start};

/// The most threads that a pool has: more than any machine that this was written
/// for has cores.
pub const MOST_THREADS: usize = 256;

/// Threads that a pool leaves for others where the system allows few: for signals,
/// training, watching and measuring.
const LEFT_FOR_OTHERS: usize = 4;

/// A crew of threads; a clone is another handle to the same crew.
#[derive(Clone)]
pub struct Pool {
    crew: Arc<Crew>,
}

/// The threads beside the caller's. They end with the last handle.
struct Crew {
    board: Arc<Board>,
    /// Held by the one caller whose job the crew works on.
    in_use: Mutex<()>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// A pool of this many threads, the caller's own among them, but of no more than
    /// [`MOST_THREADS`], and of fewer where the system starts no more: so few that
    /// some can still be started for others.
    pub fn new(threads: NonZeroUsize) -> Self {
        let wanted = threads.get().min(MOST_THREADS);
        let crew = Crew::of(wanted);
        let got = crew.workers.len() + 1;
        if wanted == 1 || (got == wanted && others_have_room()) {
            return Self {
                crew: Arc::new(crew),
            };
        }
        // Its threads have ended when it is dropped, and fewer are asked for each time.
        drop(crew);
        let fewer = got.saturating_sub(LEFT_FOR_OTHERS);
        Self::new(NonZeroUsize::new(fewer).unwrap_or(NonZeroUsize::MIN))
    }

    /// As many threads as the machine has cores for this process.
    pub fn of_the_machine() -> Self {
        Self::new(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// Its threads, the caller's own among them.
    pub fn threads(&self) -> usize {
        self.crew.workers.len() + 1
    }

    /// Runs `work` on the blocks `0..blocks`, each once, and returns when all are done.
    ///
    /// The caller works too. When the crew is busy with somebody else's job, or
    /// there is nothing to share, it does all blocks alone.
    ///
    /// # Panics
    ///
    /// With the panic of a block, once no thread works on this job any more.
    pub fn run(&self, blocks: usize, work: impl Fn(usize) + Sync) {
        let shared = blocks > 1 && !self.crew.workers.is_empty();
        let in_use = shared.then(|| match self.crew.in_use.try_lock() {
            Ok(guard) => Some(guard),
            // Whoever panicked had taken the job off the board first.
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        });
        match in_use.flatten() {
            Some(_guard) => {
                let panic = self.crew.board.share(blocks, &work, &self.crew.workers);
                if let Some(panic) = panic {
                    resume_unwind(panic);
                }
            }
            None => (0..blocks).for_each(work),
        }
    }

    /// Runs `work` on every item, with its index.
    ///
    /// # Panics
    ///
    /// As [`run`](Self::run).
    pub fn for_each<T: Send>(&self, items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
        let count = items.len();
        let items = Items(items.as_mut_ptr());
        self.run(count, |index| {
            assert!(index < count, "blocks are numbered from 0");
            // SAFETY: the index is within the slice, whose borrow outlives `run`, and
            // `run` gives each index to one call, so nobody else has this item.
            #[expect(unsafe_code, reason = "disjoint items of one slice go to threads")]
            let item = unsafe { &mut *items.at(index) };
            work(index, item);
        });
    }

    /// Runs `work` on the blocks `0..blocks` and returns its results in that order.
    ///
    /// # Panics
    ///
    /// As [`run`](Self::run).
    pub fn map<T: Send>(&self, blocks: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let mut results: Vec<Option<T>> = (0..blocks).map(|_| None).collect();
        self.for_each(&mut results, |block, result| *result = Some(work(block)));
        results.into_iter().flatten().collect()
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("threads", &self.threads())
            .finish()
    }
}

/// Whether the system starts as many threads as others need; it is tried, for no
/// system tells.
fn others_have_room() -> bool {
    let (end, told) = bounded::<()>(0);
    let stay = |_| {
        let told = told.clone();
        start("visitor", move || told.recv().is_ok()).ok()
    };
    let visitors: Vec<_> = (0..LEFT_FOR_OTHERS).map_while(stay).collect();
    drop(end);
    let room = visitors.len() == LEFT_FOR_OTHERS;
    for visitor in visitors {
        // They only wait.
        let _ = visitor.join();
    }
    room
}

impl Crew {
    /// A crew that is to have so many threads with its caller's, or as many of
    /// them as the system starts.
    fn of(threads: usize) -> Self {
        let board = Arc::new(Board::new(threads));
        let worker = |own| {
            let board = Arc::clone(&board);
            start("crew", move || board.work_until_closed(own)).ok()
        };
        let workers = (1..threads).map_while(worker).collect();
        Self {
            board,
            in_use: Mutex::new(()),
            workers,
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.board.close(&self.workers);
        for worker in self.workers.drain(..) {
            // Panics of blocks were caught and passed on to their callers.
            let _ = worker.join();
        }
    }
}

/// The start of a slice whose items go to several threads.
struct Items<T>(*mut T);

impl<T> Items<T> {
    fn at(&self, index: usize) -> *mut T {
        self.0.wrapping_add(index)
    }
}

// SAFETY: threads get no more than `&mut` to items of their own, which is what `T: Send` allows.
#[expect(unsafe_code, reason = "a pointer to items that may be sent")]
unsafe impl<T: Send> Sync for Items<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// Miri takes ten thousand times as long.
    const ROUNDS: usize = if cfg!(miri) { 20 } else { 10_000 };

    fn pool(threads: usize) -> Pool {
        Pool::new(NonZeroUsize::new(threads).unwrap())
    }

    #[test]
    fn results_come_in_the_order_of_the_blocks_for_any_number_of_threads() {
        let expected: Vec<_> = (0..100).map(|block| block * block).collect();
        let most = if cfg!(miri) { 9 } else { 200 };
        for threads in [1, 2, 3, 8, most] {
            assert_eq!(pool(threads).map(100, |block| block * block), expected);
        }
    }

    #[test]
    fn no_blocks_give_no_results() {
        assert!(pool(4).map(0, |block| block).is_empty());
    }

    #[test]
    fn every_item_is_worked_on_once_job_after_job() {
        let pool = pool(3);
        let mut items = [0; 7];
        // Many short jobs, so that workers meet the gate in every state.
        for _ in 0..ROUNDS {
            pool.for_each(&mut items, |index, item| *item += index);
        }
        assert_eq!(items, std::array::from_fn(|index| index * ROUNDS));
    }

    #[test]
    fn a_crew_that_has_gone_to_sleep_still_comes() {
        let pool = pool(2);
        for _ in 0..20 {
            thread::sleep(std::time::Duration::from_millis(2));
            assert_eq!(pool.map(5, |block| block), [0, 1, 2, 3, 4]);
        }
    }

    #[test]
    fn two_callers_at_a_time_both_get_their_results() {
        let pool = pool(2);
        thread::scope(|scope| {
            for caller in 0..2 {
                let pool = pool.clone();
                scope.spawn(move || {
                    for round in 0..ROUNDS / 10 {
                        let expected: Vec<_> = (0..6).map(|block| block + caller + round).collect();
                        assert_eq!(pool.map(6, |block| block + caller + round), expected);
                    }
                });
            }
        });
    }

    #[test]
    fn a_job_within_a_job_is_done_by_its_caller() {
        let pool = pool(2);
        let sums: Vec<usize> = pool.map(4, |outer| pool.map(4, |inner| outer * inner).iter().sum());
        assert_eq!(sums, [0, 6, 12, 18]);
    }

    #[test]
    #[should_panic(expected = "block 7")]
    fn a_panic_in_a_block_reaches_the_caller() {
        pool(2).run(10, |block| assert!(block != 7, "block {block}"));
    }

    #[test]
    fn a_crew_goes_on_after_a_panic() {
        let pool = pool(2);
        let panic = catch_unwind(AssertUnwindSafe(|| pool.run(4, |_| panic!("once"))));
        assert!(panic.is_err());
        assert_eq!(pool.map(3, |block| block), [0, 1, 2]);
    }
}
