//! Lets tests kill any thread of the real program. Not in release builds.

use std::{cell::Cell, env, fs, sync::LazyLock, thread};

/// What follows `AE_TUI_FAULT=panic:thread:`.
static FATED: LazyLock<Option<String>> = LazyLock::new(|| {
    let fault = env::var("AE_TUI_FAULT").ok()?;
    fault.strip_prefix("panic:thread:").map(str::to_owned)
});

/// `AE_TUI_FAULT=panic:thread:NAME` has the threads of that name panic as they begin.
pub(super) fn as_it_begins(name: &str) {
    if FATED.as_deref() == Some(name) {
        die(name);
    }
}

/// `AE_TUI_FAULT=panic:thread:NAME@N` has them panic at their Nth piece of work.
pub(super) fn piece_of_work() {
    thread_local! {
        static PIECES: Cell<u64> = const { Cell::new(0) };
    }
    let Some((fated, at)) = FATED.as_deref().and_then(|fated| fated.split_once('@')) else {
        return;
    };
    if thread::current().name() == Some(fated) {
        PIECES.set(PIECES.get() + 1);
        if at.parse() == Ok(PIECES.get()) {
            die(fated);
        }
    }
}

/// Leaves a file where `AE_TUI_FAULT_TOLD` says: the screen may have no words for it.
fn die(name: &str) -> ! {
    if let Ok(path) = env::var("AE_TUI_FAULT_TOLD") {
        fs::write(path, name).expect("a test names a file that can be written");
    }
    panic!("a fault was injected into the {name}");
}
