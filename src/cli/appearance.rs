//! How the dashboard is to look, and who has the mouse: `--theme`, `--color`, `--ascii`,
//! `--no-ascii`, `--no-mouse`.

use clap::{Args, ValueEnum};

use crate::ui::{
    Ground, Manner,
    terminal::Mouse,
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
    /// Letters and signs alone, for fonts without block elements [default: by terminal and locale]
    #[arg(long, overrides_with = "no_ascii")]
    ascii: bool,
    /// Block elements and lines, whatever the terminal is called
    #[arg(long, overrides_with = "ascii")]
    no_ascii: bool,
    /// Leave the mouse to the terminal, to select text with
    #[arg(long)]
    no_mouse: bool,
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
    /// What is to be done with this terminal.
    pub(super) fn manner(&self) -> Manner {
        let choice = match self.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        let env = |name: &str| std::env::var(name).ok();
        let depth = Depth::detect(choice, &env);
        let (tone, ground) = match self.theme {
            ThemeChoice::Dark => (Tone::Dark, Ground::Chosen),
            ThemeChoice::Light => (Tone::Light, Ground::Chosen),
            // Without colours there is nothing to choose.
            ThemeChoice::Auto if depth == Depth::None => (Tone::Dark, Ground::Chosen),
            ThemeChoice::Auto => (Tone::default(), Ground::Asked),
        };
        let glyphs = match (self.ascii, self.no_ascii) {
            (true, _) => Glyphs::Ascii,
            (_, true) => Glyphs::Blocks,
            _ => Glyphs::detect(&env),
        };
        let theme = Theme {
            depth,
            tone,
            glyphs,
        };
        let mouse = if self.no_mouse {
            Mouse::Left
        } else {
            Mouse::Heard
        };
        Manner {
            theme,
            ground,
            mouse,
        }
    }
}
