//! `src/pool/board.rs`, line by line, with loom's atomics and threads: every order of events that
//! the memory model allows, up to a number of interruptions, not the few that a machine happens to
//! take.
//!
//!     cargo test --manifest-path tests/crew/Cargo.toml
//!
//! Loom finds two threads at one [`Place`](sync::Place), a sleep that nobody ends, and whatever the
//! tests assert.

#![cfg(test)]

#[path = "../../../src/pool/board.rs"]
mod board;
mod sync;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use loom::{
    model::Builder,
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, JoinHandle, spawn},
};

use board::Board;
use sync::Place;

/// A number that everybody may reach for: if two do without an order between them, loom says so.
struct Count(Place<usize>);

// SAFETY: loom fails a test in which two threads are at it at a time.
unsafe impl Sync for Count {}

impl Count {
    fn new() -> Self {
        Self(Place::new(0))
    }

    fn add_one(&self) {
        // SAFETY: loom watches over it.
        self.0.with_mut(|count| unsafe { *count += 1 });
    }

    fn get(&self) -> usize {
        // SAFETY: loom watches over it.
        self.0.with(|count| unsafe { *count })
    }
}

/// A board, and so many workers at it.
fn crew(workers: usize) -> (Arc<Board>, Vec<JoinHandle<()>>) {
    let board = Arc::new(Board::new(workers + 1));
    let worker = |own| {
        let board = Arc::clone(&board);
        spawn(move || board.work_until_closed(own))
    };
    let workers = (1..=workers).map(worker).collect();
    (board, workers)
}

fn end(board: &Board, workers: Vec<JoinHandle<()>>) {
    board.close(&workers);
    for worker in workers {
        worker.join().unwrap();
    }
}

/// Every order with at most so many interruptions of a thread that could have gone on.
fn try_all(interruptions: Option<usize>, order: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = interruptions;
    builder.check(order);
}

/// Jobs one after the other, each of so many blocks.
fn each_block_is_done_once(workers: usize, jobs: &[usize]) {
    let (board, handles) = crew(workers);
    for &blocks in jobs {
        let counts: Vec<Count> = (0..blocks).map(|_| Count::new()).collect();
        let panic = board.share(blocks, &|block| counts[block].add_one(), &handles);
        assert!(panic.is_none());
        for count in &counts {
            assert_eq!(count.get(), 1, "what was done is done once, and seen");
        }
    }
    end(&board, handles);
}

#[test]
fn a_job_is_done_once_whenever_its_worker_comes() {
    try_all(Some(4), || each_block_is_done_once(1, &[2]));
}

#[test]
fn jobs_follow_one_another() {
    try_all(Some(3), || each_block_is_done_once(1, &[2, 3]));
}

/// Twice, so that the worker has slept, or is about to.
#[test]
fn nobody_sleeps_through_a_job() {
    try_all(Some(3), || {
        let (board, handles) = crew(1);
        for _ in 0..2 {
            let has_come = AtomicBool::new(false);
            let work = |block| match block {
                0 => {
                    while !has_come.load(Ordering::Acquire) {
                        thread::yield_now();
                    }
                }
                _ => has_come.store(true, Ordering::Release),
            };
            board.share(2, &work, &handles);
        }
        end(&board, handles);
    });
}

#[test]
fn three_at_a_board_do_no_block_twice() {
    try_all(Some(1), || each_block_is_done_once(2, &[3, 2]));
}

#[test]
fn a_crew_that_has_nothing_to_do_ends() {
    try_all(None, || each_block_is_done_once(1, &[]));
}

#[test]
fn a_panic_is_handed_to_the_caller_and_the_crew_goes_on() {
    // It is the tests' own; its words would be printed for every order.
    std::panic::set_hook(Box::new(|_| {}));
    try_all(Some(2), || {
        let (board, handles) = crew(1);
        let fails = |block| assert!(block != 1, "block 1");
        let panic = board.share(2, &fails, &handles);
        assert!(panic.is_some());
        let panic = board.share(2, &|_| {}, &handles);
        assert!(panic.is_none(), "it belongs to the job before");
        end(&board, handles);
    });
    drop(std::panic::take_hook());
}

/// Whether loom finds what is wrong: two threads at a number, in no order.
#[test]
fn what_is_wrong_is_found() {
    let wrong = || {
        try_all(None, || {
            let count = Arc::new(Count::new());
            let other = Arc::clone(&count);
            let thread = spawn(move || other.add_one());
            count.add_one();
            thread.join().unwrap();
        });
    };
    assert!(catch_unwind(AssertUnwindSafe(wrong)).is_err());
}
