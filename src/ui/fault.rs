//! Lets tests kill the screen of the real program. Not in release builds.

use super::app::App;

/// `AE_TUI_FAULT=panic:ui@STEP` panics once that step is on the screen.
pub(super) fn injected(app: &App) {
    use std::sync::LazyLock;
    static AT: LazyLock<Option<u64>> = LazyLock::new(|| {
        let fault = std::env::var("AE_TUI_FAULT").ok()?;
        fault.strip_prefix("panic:ui@")?.parse().ok()
    });
    let shown = app.seen.as_ref().map(|seen| seen.moment.step);
    let fatal = AT.is_some_and(|at| shown.is_some_and(|step| step >= at));
    assert!(!fatal, "a fault was injected at step {shown:?}");
}
