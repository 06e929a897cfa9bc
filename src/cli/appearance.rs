//! How the dashboard is to look: `--theme`, `--color`, `--ascii`.

use clap::{Args, ValueEnum};

use crate::ui::{
    terminal,
    theme::{ColorChoice, Depth, Glyphs, Theme, Tone},
};

#[derive(Debug, Args)]
#[command(next_help_heading = "Appearance")]
pub(super) struct Appearance {
    /// Colours for a dark or a light background; auto asks the terminal
    #[arg(long, value_name = "THEME", default_value = "auto")]
    theme: ThemeChoice,
    /// Colours, or glyphs alone; auto heeds `NO_COLOR`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
    /// Letters and signs alone, for fonts without block elements
    #[arg(long)]
    ascii: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ThemeChoice {
    Auto,
    Dark,
    Light,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

impl Appearance {
    /// The theme for this terminal. May ask it, so it comes before the dashboard.
    pub(super) fn theme(&self) -> Theme {
        let choice = match self.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        let depth = Depth::detect(choice, &|name| std::env::var(name).ok());
        let tone = match self.theme {
            ThemeChoice::Dark => Tone::Dark,
            ThemeChoice::Light => Tone::Light,
            // Without colours there is nothing to choose.
            ThemeChoice::Auto if depth == Depth::None => Tone::Dark,
            ThemeChoice::Auto => terminal::background().unwrap_or_default(),
        };
        let glyphs = if self.ascii {
            Glyphs::Ascii
        } else {
            Glyphs::Blocks
        };
        Theme {
            depth,
            tone,
            glyphs,
        }
    }
}
