//! Which characters a terminal can show, from what it says about itself.

/// Which characters the font can be trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Block elements, box drawing, arrows; braille where it is asked for.
    #[default]
    Blocks,
    /// ASCII alone.
    Ascii,
}

/// How the names of terminals begin that have a font of 256 or 512 characters of
/// somebody's choice, or none that can be chosen: consoles, and what stood on desks.
const PLAIN: [&str; 12] = [
    "linux", "vt", "ansi", "pcansi", "cons", "sun", "wsvt", "pccon", "cygwin", "hurd", "mach", "wy",
];

impl Glyphs {
    /// What the terminal and the locale of this environment can show.
    pub fn detect(env: &impl Fn(&str) -> Option<String>) -> Self {
        let term = env("TERM").unwrap_or_default();
        let is_plain = PLAIN.iter().any(|name| term.starts_with(name));
        if is_plain || !speaks_utf_8(env) {
            Self::Ascii
        } else {
            Self::Blocks
        }
    }
}

/// Whether text is UTF-8 here. The first of the variables that is set decides, as in
/// the C library; where none is, as in containers, terminals are UTF-8 all the same.
fn speaks_utf_8(env: &impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(env)
        .find(|locale| !locale.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_follow_the_terminal_and_the_locale() {
        let detect = |set: &[(&str, &str)]| {
            Glyphs::detect(&|name| {
                let (_, value) = set.iter().find(|(key, _)| *key == name)?;
                Some((*value).to_owned())
            })
        };
        let xterm = ("TERM", "xterm-256color");
        let utf_8 = ("LANG", "en_GB.UTF-8");
        for term in [
            "linux",
            "linux-16color",
            "vt100",
            "vt220",
            "ansi",
            "cons25",
            "sun-color",
        ] {
            assert_eq!(detect(&[("TERM", term), utf_8]), Glyphs::Ascii, "{term}");
        }
        for term in [
            "xterm",
            "xterm-kitty",
            "tmux-256color",
            "screen",
            "alacritty",
            "vscode",
        ] {
            assert_eq!(detect(&[("TERM", term), utf_8]), Glyphs::Blocks, "{term}");
        }
        let locales: [(&[(&str, &str)], Glyphs); 9] = [
            (&[], Glyphs::Blocks),
            (&[("LANG", "")], Glyphs::Blocks),
            (&[("LANG", "C")], Glyphs::Ascii),
            (&[("LANG", "POSIX")], Glyphs::Ascii),
            (&[("LANG", "de_DE.ISO-8859-1")], Glyphs::Ascii),
            (&[("LANG", "C.utf8")], Glyphs::Blocks),
            // macOS names the encoding alone.
            (&[("LC_CTYPE", "UTF-8")], Glyphs::Blocks),
            (&[utf_8, ("LC_ALL", "C")], Glyphs::Ascii),
            (
                &[("LANG", "C"), ("LC_CTYPE", "en_GB.UTF-8")],
                Glyphs::Blocks,
            ),
        ];
        for (set, wanted) in locales {
            let set = [&[xterm], set].concat();
            assert_eq!(detect(&set), wanted, "{set:?}");
        }
    }
}
