//! Lets tests kill any thread of the real program. Not in release builds.

/// `AE_TUI_FAULT=panic:thread:NAME` has the threads of that name panic as they begin.
pub(super) fn injected(name: &str) {
    let fault = std::env::var("AE_TUI_FAULT").unwrap_or_default();
    let fatal = fault.strip_prefix("panic:thread:") == Some(name);
    assert!(!fatal, "a fault was injected into the {name}");
}
