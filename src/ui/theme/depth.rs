//! How many colours a terminal has, from what it says about itself.

/// What `--color` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// As the environment says.
    #[default]
    Auto,
    /// Colours, even where `NO_COLOR` is set.
    Always,
    /// None.
    Never,
}

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None: glyphs alone, in the terminal's own colour.
    None,
    /// The sixteen that users choose for themselves.
    Sixteen,
    /// The fixed table of 256.
    Indexed,
    /// 24 bits.
    True,
}

impl Depth {
    /// The depth that `choice` and the environment ask for. `NO_COLOR` counts
    /// when it is present and not empty (no-color.org).
    pub fn detect(choice: ColorChoice, env: &impl Fn(&str) -> Option<String>) -> Self {
        let refused = env("NO_COLOR").is_some_and(|value| !value.is_empty());
        match choice {
            ColorChoice::Never => Self::None,
            ColorChoice::Auto if refused => Self::None,
            ColorChoice::Auto => Self::of_terminal(env),
            ColorChoice::Always => match Self::of_terminal(env) {
                Self::None => Self::Sixteen,
                depth => depth,
            },
        }
    }

    fn of_terminal(env: &impl Fn(&str) -> Option<String>) -> Self {
        let term = env("TERM").unwrap_or_default();
        let colorterm = env("COLORTERM").unwrap_or_default();
        let says_true = matches!(colorterm.as_str(), "truecolor" | "24bit");
        let has = |words: &[&str]| words.iter().any(|word| term.contains(word));
        // Terminals with green or amber screens, whatever was inherited from elsewhere.
        if term.is_empty() || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") {
            Self::None
        } else if has(&["linux"]) {
            // The console knows 16, whatever was inherited from elsewhere.
            Self::Sixteen
        } else if term.starts_with("screen") {
            // GNU screen passes COLORTERM on without understanding 24 bits.
            Self::Indexed
        } else if says_true || has(&["direct", "kitty", "alacritty", "ghostty", "wezterm", "foot"])
        {
            Self::True
        } else if has(&["256color"]) || !colorterm.is_empty() {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}
