//! Lets tests kill any thread of the real program. Not in release builds.

use std::{cell::Cell, sync::LazyLock, thread};

/// What follows `AE_TUI_FAULT=panic:thread:`.
static FATED: LazyLock<Option<String>> = LazyLock::new(|| {
    let fault = std::env::var("AE_TUI_FAULT").ok()?;
    fault.strip_prefix("panic:thread:").map(str::to_owned)
});

/// `AE_TUI_FAULT=panic:thread:NAME` has the threads of that name panic as they begin.
pub(super) fn as_it_begins(name: &str) {
    let fatal = FATED.as_deref() == Some(name);
    assert!(!fatal, "a fault was injected into the {name}");
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
        let fatal = at.parse() == Ok(PIECES.get());
        assert!(
            !fatal,
            "a fault was injected into the {fated} at piece {at}"
        );
    }
}
