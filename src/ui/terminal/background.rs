//! Asks the terminal whether its background is dark or light.

use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use crate::ui::theme::Tone;

/// Longer than any terminal at hand takes, and short enough not to be noticed.
const PATIENCE: Duration = Duration::from_millis(100);

/// The background of the terminal, if it tells. To be asked before it is taken.
pub fn background() -> Option<Tone> {
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match theme_mode(options) {
        Ok(ThemeMode::Light) => Some(Tone::Light),
        Ok(ThemeMode::Dark) => Some(Tone::Dark),
        Err(_) => None,
    }
}
