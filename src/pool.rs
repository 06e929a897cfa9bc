//! A crew of threads that works through a fixed list of blocks.
//!
//! Results come back in the order of the blocks, and what a block is never
//! depends on the number of threads: so sums over blocks have the same bits
//! for any `--threads`. The pool knows nothing of what it runs.

use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// How many threads may work at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    threads: NonZeroUsize,
}

impl Pool {
    /// A pool of this many threads, the caller's own among them.
    pub const fn new(threads: NonZeroUsize) -> Self {
        Self { threads }
    }

    /// As many threads as the machine has cores for this process.
    pub fn of_the_machine() -> Self {
        Self::new(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// Runs `work` on the blocks `0..blocks` and returns its results in that order.
    ///
    /// A panic in a block is passed on to the caller.
    pub fn map<T: Send>(self, blocks: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let take_blocks = || {
            let mut done = Vec::new();
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= blocks {
                    return done;
                }
                done.push((block, work(block)));
            }
        };
        let mut results = thread::scope(|scope| {
            let others: Vec<_> = (1..self.threads.get().min(blocks))
                .map(|_| scope.spawn(take_blocks))
                .collect();
            let mut results = take_blocks();
            for other in others {
                match other.join() {
                    Ok(done) => results.extend(done),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            results
        });
        results.sort_unstable_by_key(|&(block, _)| block);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize) -> Pool {
        Pool::new(NonZeroUsize::new(threads).unwrap())
    }

    #[test]
    fn results_come_in_the_order_of_the_blocks_for_any_number_of_threads() {
        let expected: Vec<_> = (0..100).map(|block| block * block).collect();
        for threads in [1, 2, 3, 8, 200] {
            assert_eq!(pool(threads).map(100, |block| block * block), expected);
        }
    }

    #[test]
    fn no_blocks_give_no_results() {
        assert!(pool(4).map(0, |block| block).is_empty());
    }

    #[test]
    #[should_panic(expected = "block 7")]
    fn a_panic_in_a_block_reaches_the_caller() {
        pool(2).map(10, |block| assert!(block != 7, "block {block}"));
    }
}
