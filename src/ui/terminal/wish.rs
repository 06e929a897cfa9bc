//! How pictures are wished for on this terminal, in the words of the command line.

/// The ways in which terminals show pictures of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Kitty's graphics, as Ghostty, Konsole and `WezTerm` have them too.
    Kitty,
    /// iTerm2's inline images.
    Iterm2,
    /// DEC's Sixel, as xterm, foot, mlterm and Windows Terminal have it.
    Sixel,
}

/// How pictures are to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// In half blocks, which every terminal has.
    #[default]
    Blocks,
    /// As well as the terminal says that it can.
    Best,
    /// In this way, whatever it says.
    With(Protocol),
}

/// Whether a program between this one and the terminal keeps the screen (tmux, GNU screen,
/// Zellij): pictures do not pass it, unless it shows them by itself.
pub fn within_multiplexer(env: &impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    let named = |term: &str| term.starts_with("tmux") || term.starts_with("screen");
    ["TMUX", "STY", "ZELLIJ"].into_iter().any(set) || env("TERM").is_some_and(|term| named(&term))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiplexer_is_told_by_its_variables_and_its_name() {
        let within = |name: &str, value: &str| {
            within_multiplexer(&|asked: &str| (asked == name).then(|| value.to_owned()))
        };
        assert!(within("TMUX", "/tmp/tmux-0/default,1,0") && within("STY", "12.pts"));
        assert!(within("ZELLIJ", "0"));
        assert!(within("TERM", "tmux-256color") && within("TERM", "screen.xterm"));
        assert!(!within("TERM", "xterm-kitty") && !within("TMUX", ""));
        assert!(!within_multiplexer(&|_| None));
    }
}
