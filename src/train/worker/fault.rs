//! Lets tests kill the trainer of the real program. Not in release builds.

use std::sync::LazyLock;

/// `AE_TUI_FAULT=panic:trainer@STEP` panics after that step.
pub(super) fn injected(step: u64) {
    static AT: LazyLock<Option<u64>> = LazyLock::new(|| {
        let fault = std::env::var("AE_TUI_FAULT").ok()?;
        fault.strip_prefix("panic:trainer@")?.parse().ok()
    });
    assert!(*AT != Some(step), "a fault was injected after step {step}");
}
