//! Which pictures a terminal has, from what was wished for, what it answers and how it is called.

use crossterm::terminal;

use crate::ui::terminal::{
    decode::{LARGEST_CELL, Sent},
    wish::{Protocol, Wish, within_multiplexer},
};

/// Whether a picture of one pixel would be taken (Kitty's graphics), and how large a cell is. A
/// terminal that knows no such question may write it down: the screen is emptied after it.
const KITTY_AND_MEASURE: &[u8] =
    b"\x1b_Gi=44861,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[2J\x1b[H\x1b[16t";
/// How large a cell is.
const MEASURE: &[u8] = b"\x1b[16t";

/// Pixels of a cell where nobody tells: those of DEC's terminals, which many that show Sixel
/// count in whatever their letters. The others fit a picture to its cells by themselves.
const CELL: [u16; 2] = [10, 20];

/// What is known of a terminal.
#[derive(Debug)]
pub(super) struct Means {
    wish: Wish,
    /// Whether another program keeps the screen.
    within_multiplexer: bool,
    /// Whether it calls itself one that has iTerm2's images.
    iterm2: bool,
    /// Whether it has answered that it would take Kitty's.
    kitty: bool,
    /// Whether it has answered that it has Sixel; nothing, as long as it has not answered.
    sixel: Option<bool>,
    /// Columns and rows of pixels in a cell, as it has answered.
    told: Option<[u16; 2]>,
    /// The same, as the system tells.
    counted: Option<[u16; 2]>,
}

impl Means {
    pub(super) fn new(wish: Wish, env: &impl Fn(&str) -> Option<String>) -> Self {
        let mut means = Self {
            wish,
            within_multiplexer: within_multiplexer(env),
            iterm2: has_iterm2(env),
            kitty: false,
            sixel: None,
            told: None,
            counted: None,
        };
        means.measure();
        means
    }

    pub(super) fn questions(&self) -> &'static [u8] {
        match self.wish {
            Wish::Blocks => &[],
            // tmux takes the question about Kitty's for the title of its pane.
            Wish::Best if !self.within_multiplexer => KITTY_AND_MEASURE,
            Wish::Best | Wish::With(_) => MEASURE,
        }
    }

    pub(super) fn hear(&mut self, sent: &Sent) {
        match *sent {
            // Asked once, before the kind of terminal: what comes later is no answer.
            Sent::Graphics(taken) if self.sixel.is_none() => self.kitty = taken,
            Sent::CellSize(size) => self.told = Some(size),
            Sent::Attributes { sixel } => self.sixel = Some(sixel),
            _ => {}
        }
    }

    /// Takes the size of a cell from that of the window, where the system tells that.
    pub(super) fn measure(&mut self) {
        if self.wish == Wish::Blocks {
            return;
        }
        let size = terminal::window_size().ok();
        self.counted = size.and_then(|size| {
            let believed = 1..=LARGEST_CELL;
            let [width, height] =
                [(size.width, size.columns), (size.height, size.rows)].map(|(pixels, cells)| {
                    pixels.checked_div(cells).filter(|of| believed.contains(of))
                });
            Some([width?, height?])
        });
    }

    /// Columns and rows of pixels in a cell.
    pub(super) fn cell(&self) -> [u16; 2] {
        self.told.or(self.counted).unwrap_or(CELL)
    }

    /// How pictures are shown, if they are. Whatever is best is known with the last answer.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        let sixel = self.sixel == Some(true);
        match self.wish {
            Wish::Blocks => None,
            Wish::Best | Wish::With(_) if self.within_multiplexer => {
                let wished = self.wish == Wish::Best || self.wish == Wish::With(Protocol::Sixel);
                (wished && sixel).then_some(Protocol::Sixel)
            }
            Wish::With(protocol) => Some(protocol),
            Wish::Best if self.sixel.is_none() => None,
            Wish::Best if self.kitty => Some(Protocol::Kitty),
            Wish::Best if self.iterm2 => Some(Protocol::Iterm2),
            Wish::Best => sixel.then_some(Protocol::Sixel),
        }
    }
}

/// Whether the terminal calls itself one that has iTerm2's images; iTerm2's own second name
/// passes an ssh.
fn has_iterm2(env: &impl Fn(&str) -> Option<String>) -> bool {
    let called =
        |name: &str, names: &[&str]| env(name).is_some_and(|value| names.contains(&value.as_str()));
    called("TERM_PROGRAM", &["iTerm.app", "WezTerm", "mintty"])
        || called("LC_TERMINAL", &["iTerm2"])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal with this environment, after these answers.
    fn after(wish: Wish, env: &[(&str, &str)], answers: &[Sent]) -> Means {
        let mut means = Means::new(wish, &|name: &str| {
            let found = env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        for answer in answers {
            means.hear(answer);
        }
        means
    }

    const LAST: Sent = Sent::Attributes { sixel: false };
    const SIXEL: Sent = Sent::Attributes { sixel: true };
    const KITTY: Sent = Sent::Graphics(true);
    const ITERM2: &[(&str, &str)] = &[("TERM_PROGRAM", "iTerm.app")];
    const TMUX: &[(&str, &str)] = &[("TMUX", "x"), ("TERM_PROGRAM", "iTerm.app")];

    #[test]
    fn the_best_that_a_terminal_has_is_known_with_its_last_answer() {
        let best =
            |env: &[(&str, &str)], answers: &[Sent]| after(Wish::Best, env, answers).protocol();
        assert_eq!(best(&[], &[]), None);
        assert_eq!(best(&[], &[KITTY]), None);
        assert_eq!(best(&[], &[LAST]), None);
        assert_eq!(best(&[], &[KITTY, LAST]), Some(Protocol::Kitty));
        assert_eq!(best(&[], &[Sent::Graphics(false), LAST]), None);
        // What comes after the last is no answer.
        assert_eq!(best(&[], &[SIXEL, KITTY]), Some(Protocol::Sixel));
        assert_eq!(best(&[], &[SIXEL]), Some(Protocol::Sixel));
        assert_eq!(best(&[], &[KITTY, SIXEL]), Some(Protocol::Kitty));
        assert_eq!(best(ITERM2, &[]), None);
        assert_eq!(best(ITERM2, &[SIXEL]), Some(Protocol::Iterm2));
        assert_eq!(best(ITERM2, &[KITTY, SIXEL]), Some(Protocol::Kitty));
    }

    #[test]
    fn within_tmux_there_is_what_tmux_shows_by_itself() {
        for wish in [Wish::Best, Wish::With(Protocol::Sixel)] {
            let protocol = |answers: &[Sent]| after(wish, TMUX, answers).protocol();
            assert_eq!(protocol(&[]), None);
            assert_eq!(protocol(&[KITTY, LAST]), None);
            assert_eq!(protocol(&[SIXEL]), Some(Protocol::Sixel));
        }
        for wished in [Protocol::Kitty, Protocol::Iterm2] {
            let means = after(Wish::With(wished), TMUX, &[KITTY, SIXEL]);
            assert_eq!(means.protocol(), None);
        }
        let asks_kitty = |env| {
            let means = after(Wish::Best, env, &[]);
            means.questions().starts_with(b"\x1b_G")
        };
        assert!(asks_kitty(&[]) && asks_kitty(ITERM2) && !asks_kitty(TMUX));
    }

    #[test]
    fn what_is_wished_for_by_name_needs_no_answer_and_nothing_is_asked_for_blocks() {
        for wished in [Protocol::Kitty, Protocol::Iterm2, Protocol::Sixel] {
            let means = after(Wish::With(wished), &[], &[]);
            assert_eq!(means.protocol(), Some(wished));
            assert_eq!(means.questions(), MEASURE);
        }
        let means = after(Wish::Blocks, ITERM2, &[KITTY, SIXEL]);
        assert_eq!((means.protocol(), means.questions()), (None, &[][..]));
    }

    #[test]
    fn a_cell_is_as_large_as_the_terminal_says() {
        let mut means = after(Wish::Best, &[], &[]);
        means.counted = None;
        assert_eq!(means.cell(), CELL);
        means.counted = Some([7, 15]);
        assert_eq!(means.cell(), [7, 15]);
        means.hear(&Sent::CellSize([9, 18]));
        assert_eq!(means.cell(), [9, 18]);
    }
}
