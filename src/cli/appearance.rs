//! How the dashboard is to look, and who has the mouse: `--theme`, `--color`, `--ascii`,
//! `--no-ascii`, `--graphics`, `--no-mouse`.

use clap::{Args, ValueEnum};

use super::Misuse;
use crate::ui::{
    Ground, Manner,
    terminal::{self, Mouse, Protocol, Wish},
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
    /// Digits and the manifold as the terminal's own pictures, with all their pixels
    #[arg(long, value_name = "HOW", default_value = "blocks")]
    graphics: Graphics,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Graphics {
    #[value(help = "Half blocks, which every terminal has")]
    Blocks,
    #[value(help = "The best that the terminal says it has, else half blocks")]
    Auto,
    #[value(help = "Kitty's: Kitty, Ghostty, Konsole")]
    Kitty,
    #[value(help = "iTerm2's: iTerm2, WezTerm, mintty")]
    Iterm2,
    #[value(help = "Sixel: xterm -ti vt340, foot, mlterm, Windows Terminal; tmux built with it")]
    Sixel,
}

impl Graphics {
    /// What that is to the terminal, unless no picture could be shown so.
    fn wish(self, env: &impl Fn(&str) -> Option<String>) -> Result<Wish, Misuse> {
        let name = self
            .to_possible_value()
            .map(|value| value.get_name().to_owned());
        let option = format!("--graphics {}", name.unwrap_or_default());
        let with = |protocol| {
            // tmux may show Sixel by itself.
            if protocol != Protocol::Sixel && terminal::within_multiplexer(env) {
                return Err(Misuse(format!(
                    "{option}: such pictures pass neither tmux nor screen; start it outside of \
                     them, or with --graphics auto"
                )));
            }
            Ok(Wish::With(protocol))
        };
        if self != Self::Blocks && !cfg!(feature = "graphics") {
            return Err(Misuse(format!(
                "{option}: this program was built without pictures of the terminal's own; build \
                 it with cargo build --release --features graphics, or leave the option out"
            )));
        }
        match self {
            Self::Blocks => Ok(Wish::Blocks),
            Self::Auto => Ok(Wish::Best),
            Self::Kitty => with(Protocol::Kitty),
            Self::Iterm2 => with(Protocol::Iterm2),
            Self::Sixel => with(Protocol::Sixel),
        }
    }
}

impl Appearance {
    /// What is to be done with this terminal, if that can be done with it.
    pub(super) fn manner(&self) -> Result<Manner, Misuse> {
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
        let pictures = match self.graphics.wish(&env)? {
            // Pictures would have colours.
            _ if depth == Depth::None => Wish::Blocks,
            wish => wish,
        };
        Ok(Manner {
            theme,
            ground,
            mouse,
            pictures,
        })
    }
}
