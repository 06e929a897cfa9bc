//! How far long work has come: on standard error, and only where that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is taken away at its end, however that comes.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Of so many of these things, one after the other: `frame 3/40`.
    pub(super) fn counting(what: &str, count: usize) -> Self {
        Self::new(
            count,
            &format!("{{wide_bar}} {what} {{pos}}/{{len}}  {{eta}} left"),
        )
    }

    /// Of so many parts, which have a name each.
    pub(super) fn of_parts(count: usize) -> Self {
        Self::new(count, "{wide_bar} {msg}, {elapsed}")
    }

    fn new(count: usize, template: &str) -> Self {
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        Self(ProgressBar::new(count as u64).with_style(style))
    }

    /// So many are done.
    pub(super) fn is_at(&self, done: usize) {
        self.0.set_position(done as u64);
    }

    /// So many more are done.
    pub(super) fn add(&self, more: usize) {
        self.0.inc(more as u64);
    }

    /// The part before is done, and this one begins.
    pub(super) fn next_part(&self, name: &'static str) {
        if !self.0.message().is_empty() {
            self.0.inc(1);
        }
        self.0.set_message(name);
    }

    /// Draws what time alone changes. The library would start a thread for it, and panic where
    /// none can be had.
    pub(super) fn tick(&self) {
        self.0.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
