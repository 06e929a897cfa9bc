//! Where the crew's caller hangs up a job, and how the crew comes by it.
//!
//! It synchronises by nothing but what [`sync`](super::sync) brings, so that the same lines can be
//! tried under a model checker, with every order of events that the memory model allows:
//! `tests/crew`.

use std::{
    any::Any,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::PoisonError,
};

use super::sync::{
    AtomicBool, AtomicUsize, JoinHandle, LOOKS, Mutex, Ordering, Place, fence, hint, thread,
};

/// Where a job hangs while it is worked on.
///
/// The gate's low bits count the workers inside the job, one bit says whether
/// more may enter, and the rest number the jobs. A worker touches the job only
/// between entering and leaving, and the caller takes it down only when the gate
/// is shut and nobody is inside.
pub(super) struct Board {
    gate: Alone<AtomicUsize>,
    job: Place<Job>,
    /// The next block of every thread's share.
    next: Vec<Alone<AtomicUsize>>,
    asleep: Vec<AtomicBool>,
    closed: AtomicBool,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// A value with its cache lines to itself (two, as processors fetch pairs).
#[repr(align(128))]
struct Alone<T>(T);

/// A job's lifetime is forgotten here; the gate stands in for it.
#[derive(Clone, Copy)]
struct Job {
    blocks: usize,
    work: &'static (dyn Fn(usize) + Sync),
}

// SAFETY: `job` is written only while the gate is shut and nobody is inside, and read only inside.
#[expect(unsafe_code, reason = "the gate orders all access to the job")]
unsafe impl Sync for Board {}

const OPEN: usize = 1 << 15;
const INSIDE: usize = OPEN - 1;
const NUMBER: usize = 1 << 16;

impl Board {
    /// For so many threads, of which number 0 is the caller's.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            gate: Alone(AtomicUsize::new(0)),
            job: Place::new(Job {
                blocks: 0,
                work: &|_| {},
            }),
            next: (0..threads).map(|_| Alone(AtomicUsize::new(0))).collect(),
            asleep: (0..threads).map(|_| AtomicBool::new(false)).collect(),
            closed: AtomicBool::new(false),
            panic: Mutex::new(None),
        }
    }

    /// Hangs the job up, works on it with whoever comes, and takes it down.
    /// To be called by one thread at a time.
    pub(super) fn share(
        &self,
        blocks: usize,
        work: &(dyn Fn(usize) + Sync),
        workers: &[JoinHandle<()>],
    ) -> Option<Box<dyn Any + Send>> {
        // SAFETY: only the lifetime changes. Workers call it between entering and leaving the
        // gate, and this function returns (it cannot unwind) after the last of them has left.
        #[expect(unsafe_code, reason = "threads that outlive the call borrow from it")]
        let work: &'static (dyn Fn(usize) + Sync) = unsafe { std::mem::transmute(work) };
        for (thread, next) in self.next.iter().enumerate() {
            let first = self.part(thread, blocks).start;
            next.0.store(first, Ordering::Relaxed);
        }
        self.job.with_mut(|job| {
            // SAFETY: the gate is shut with nobody inside, and this is the one caller.
            #[expect(unsafe_code, reason = "the job is this caller's to write")]
            unsafe {
                *job = Job { blocks, work };
            }
        });
        let number = (self.gate.0.load(Ordering::Relaxed) & !(OPEN | INSIDE)).wrapping_add(NUMBER);
        self.gate.0.store(number | OPEN, Ordering::Release);
        // One of two fences: either a worker sees the gate or this sees it asleep.
        fence(Ordering::SeqCst);
        for (worker, asleep) in workers.iter().zip(&self.asleep[1..]) {
            if asleep.load(Ordering::Relaxed) {
                worker.thread().unpark();
            }
        }
        self.take_blocks(0, Job { blocks, work });
        self.gate.0.fetch_and(!OPEN, Ordering::AcqRel);
        let mut looks = 0;
        while self.gate.0.load(Ordering::Acquire) & INSIDE > 0 {
            look_again(&mut looks);
        }
        self.panic
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// The life of one thread of the crew.
    pub(super) fn work_until_closed(&self, own: usize) {
        let mut last = 0;
        let mut looks = 0;
        while !self.closed.load(Ordering::Acquire) {
            let gate = self.gate.0.load(Ordering::Acquire);
            if gate & OPEN == 0 || gate & !(OPEN | INSIDE) == last {
                looks += 1;
                if looks < LOOKS {
                    hint::spin_loop();
                } else {
                    self.sleep(own, last);
                    looks = 0;
                }
                continue;
            }
            let entered =
                self.gate
                    .0
                    .compare_exchange(gate, gate + 1, Ordering::AcqRel, Ordering::Relaxed);
            if entered.is_ok() {
                last = gate & !(OPEN | INSIDE);
                // SAFETY: inside the gate the job stands.
                #[expect(unsafe_code, reason = "the gate orders all access to the job")]
                let job = self.job.with(|job| unsafe { *job });
                self.take_blocks(own, job);
                self.gate.0.fetch_sub(1, Ordering::AcqRel);
                looks = 0;
            }
        }
    }

    /// Ends the workers' lives.
    pub(super) fn close(&self, workers: &[JoinHandle<()>]) {
        self.closed.store(true, Ordering::Release);
        // Who is about to sleep wakes at once.
        for worker in workers {
            worker.thread().unpark();
        }
    }

    /// Sleeps until there may be a job that is not the last one.
    fn sleep(&self, own: usize, last: usize) {
        self.asleep[own].store(true, Ordering::Relaxed);
        // The other.
        fence(Ordering::SeqCst);
        let gate = self.gate.0.load(Ordering::Relaxed);
        let idle = gate & OPEN == 0 || gate & !(OPEN | INSIDE) == last;
        if idle && !self.closed.load(Ordering::Acquire) {
            thread::park();
        }
        self.asleep[own].store(false, Ordering::Relaxed);
    }

    /// The own share first, then what the others have left.
    fn take_blocks(&self, own: usize, job: Job) {
        let threads = self.next.len();
        for thread in (own..threads).chain(0..own) {
            let end = self.part(thread, job.blocks).end;
            let next = &self.next[thread].0;
            while next.load(Ordering::Relaxed) < end {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= end {
                    break;
                }
                let done = catch_unwind(AssertUnwindSafe(|| (job.work)(block)));
                if let Err(panic) = done {
                    let mut first = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
                    first.get_or_insert(panic);
                }
            }
        }
    }

    /// The share of a thread.
    fn part(&self, thread: usize, blocks: usize) -> Range<usize> {
        let threads = self.next.len();
        thread * blocks / threads..(thread + 1) * blocks / threads
    }
}

/// Waits a moment; when it has been many, lets another thread run.
fn look_again(looks: &mut usize) {
    *looks += 1;
    if *looks < LOOKS {
        hint::spin_loop();
    } else {
        thread::yield_now();
    }
}
