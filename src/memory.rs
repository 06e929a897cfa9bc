//! Memory that cannot be had, in words.
//!
//! Rust ends a program that gets no memory with an abort and a number. Here the
//! allocator itself says what is wrong and what helps, gives the terminal back,
//! and ends the program with the exit code of a failure. It knows nobody who asks.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    io::{self, Write},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::low_level;

/// The exit code of what failed.
const FAILED: i32 = 1;

/// What is to be done before the last words.
static FAREWELL: OnceLock<fn()> = OnceLock::new();
/// Whether the last words are being said: what is allocated for them may fail too.
static ENDING: AtomicBool = AtomicBool::new(false);

/// The system's allocator, which ends the program in order when it has no more.
#[derive(Debug, Clone, Copy)]
pub struct OrLastWords;

/// Longer than the last words take: whoever else gets no memory meanwhile waits so long.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Has this done before the last words, once for the whole program.
pub fn before_last_words(farewell: fn()) {
    // Whoever came first has said the same.
    let _ = FAREWELL.set(farewell);
}

// SAFETY: every call goes to the system's allocator as it came, and its answer back,
// unless that is null; then nothing comes back.
#[expect(unsafe_code, reason = "an allocator cannot be made otherwise")]
unsafe impl GlobalAlloc for OrLastWords {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that the system's asks for.
        had(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        had(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        had(unsafe { System.realloc(block, layout, size) }, size)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

fn had(block: *mut u8, bytes: usize) -> *mut u8 {
    if block.is_null() {
        end(bytes);
    }
    block
}

#[cold]
fn end(bytes: usize) -> ! {
    if ENDING.swap(true, Ordering::SeqCst) {
        // Another thread speaks, and ends this one too; or it is this one, which has
        // to go on.
        thread::sleep(LAST_WORDS);
    } else if let Some(farewell) = FAREWELL.get() {
        farewell();
    }
    // Written piece by piece where it stands: nothing of this is allocated.
    let _ = writeln!(
        io::stderr(),
        "error: there is not enough memory: {} KiB more were wanted; raise the limit (ulimit -v) or \
         end some programs; training wants less with smaller layers, a smaller --batch-size or fewer --threads",
        bytes.div_ceil(1024)
    );
    low_level::exit(FAILED)
}
