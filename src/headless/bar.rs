//! The progress bar: on standard error, and only where that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Redrawn so often a second.
const REDRAWS: u8 = 10;

pub(super) struct Bar(ProgressBar);

impl Bar {
    /// Hidden where there is no terminal to draw it on.
    pub(super) fn new() -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(REDRAWS);
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template("{wide_bar} step {pos}/{len}  {eta} left")
            .expect("the template is well formed");
        bar.set_style(style);
        Self(bar)
    }

    /// So many steps are done, of so many.
    pub(super) fn move_to(&self, step: u64, end: u64) {
        self.0.set_length(end);
        self.0.set_position(step);
    }

    /// Draws what time alone changes. The library would start a thread for it,
    /// and panic where none can be had.
    pub(super) fn tick(&self) {
        self.0.tick();
    }

    /// Writes lines where the bar is, and puts the bar below them.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
