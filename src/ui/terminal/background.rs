//! Asks the terminal whether its background is dark or light.
//!
//! The answer comes where the keys come, when it likes: within milliseconds from a
//! window on the desk, after a second over a slow line, or never. So the question
//! is asked once, the answer is waited for shortly, and heard whenever it comes.

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use rustix::{
    process::getpgrp,
    termios::{QueueSelector, tcflush, tcgetpgrp},
};

use super::{decode::Sent, keyboard::Keyboard, line, output};
use crate::ui::theme::Tone;

/// Longer than any terminal at hand takes, and short enough not to be noticed.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long the end waits for an answer that is still under way. Over a slow line
/// that is a second; a terminal that has not answered by then answers nothing.
const PATIENCE_AT_THE_END: Duration = Duration::from_millis(300);

/// The background's colour (OSC 11). The bell ends the question, for old versions of rxvt end
/// their answer as they were asked, but wrongly if asked properly.
pub(super) const QUESTION: &[u8] = b"\x1b]11;?\x07";
/// What kind of terminal it is (DA1). Every terminal answers that, so that after its answer
/// nothing more will come.
pub(super) const LAST_QUESTION: &[u8] = b"\x1b[c";

/// Whether the terminal was asked and has not answered all of it.
static OWED: AtomicBool = AtomicBool::new(false);

/// Asks, if an answer would come to us: to whoever is in the foreground, that is.
/// The terminal must have been taken, or it would echo the answer.
/// Of the questions the last is [`LAST_QUESTION`].
pub(super) fn ask(questions: &[u8]) -> io::Result<()> {
    if !can_be_asked() {
        return Ok(());
    }
    OWED.store(true, Ordering::SeqCst);
    output::write_if_ready(questions)
}

/// Whether it would answer, and to us.
pub(super) fn can_be_asked() -> bool {
    let is_ours = tcgetpgrp(io::stdin()).is_ok_and(|foreground| foreground == getpgrp());
    is_ours && answers(std::env::var("TERM").ok().as_deref())
}

/// Whether a terminal of this name can be asked. GNU screen answers for the terminal
/// around it, late and in another order; Eterm does not answer at all.
fn answers(term: Option<&str>) -> bool {
    term.is_some_and(|term| {
        term != "Eterm" && term != "dumb" && term != "screen" && !term.starts_with("screen.")
    })
}

/// Waits for the answer as long as nobody notices.
pub(super) fn wait_for_answer(keyboard: &mut Keyboard) -> io::Result<Option<Tone>> {
    if !OWED.load(Ordering::SeqCst) {
        return Ok(None);
    }
    let answer = |sent: &Sent| match sent {
        Sent::Background(color) => Some(tone(color)),
        Sent::Attributes { .. } => {
            settle();
            Some(None)
        }
        _ => None,
    };
    Ok(keyboard.wait_for(answer, PATIENCE)?.flatten())
}

/// Whether an answer is still to come.
#[cfg(feature = "graphics")]
pub(super) fn is_owed() -> bool {
    OWED.load(Ordering::SeqCst)
}

/// The last of the answers has come.
pub fn settle() {
    OWED.store(false, Ordering::SeqCst);
}

/// Before the shell has the terminal again: takes in what the terminal still owes, so that
/// the shell does not get it for a command.
pub(super) fn collect(keyboard: &mut Keyboard) {
    if OWED.load(Ordering::SeqCst) {
        let last = |sent: &Sent| matches!(sent, Sent::Attributes { .. }).then(settle);
        // A terminal that cannot be read owes nothing.
        let _ = keyboard.wait_for(last, PATIENCE_AT_THE_END);
    }
    if line::is_owed() {
        let last = |sent: &Sent| matches!(sent, Sent::Well).then(line::settle);
        let _ = keyboard.wait_for(last, PATIENCE_AT_THE_END);
    }
}

/// Throws away what has arrived and nobody will read, if it may be an answer.
pub(super) fn discard() {
    if OWED.swap(false, Ordering::SeqCst) | line::settle() {
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

/// Whether a background of this colour is dark or light, if it is a colour.
pub fn tone(color: &[u8]) -> Option<Tone> {
    // The parser cuts between bytes, also in the middle of a character, and no colour has such.
    let color = color.is_ascii().then_some(color)?;
    let color = xterm_color::Color::parse(color).ok()?;
    Some(if color.perceived_lightness() < 0.5 {
        Tone::Dark
    } else {
        Tone::Light
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_dark_or_light_as_terminals_word_it() {
        let cases = [
            ("rgb:0000/0000/0000", Some(Tone::Dark)),
            ("rgb:1e1e/1e1e/1e1e", Some(Tone::Dark)),
            // Solarized, dark and light.
            ("rgb:0000/2b2b/3636", Some(Tone::Dark)),
            ("rgb:fdfd/f6f6/e3e3", Some(Tone::Light)),
            ("rgb:ff/ff/ff", Some(Tone::Light)),
            ("#ffffff", Some(Tone::Light)),
            ("rgba:ffff/ffff/ffff/8000", Some(Tone::Light)),
            ("?", None),
            ("#f1f\u{3d9}1", None),
            ("", None),
        ];
        for (color, wanted) in cases {
            assert_eq!(tone(color.as_bytes()), wanted, "{color}");
        }
    }

    #[test]
    fn terminals_that_answer_wrongly_are_not_asked() {
        assert!(answers(Some("xterm-256color")) && answers(Some("screen-256color")));
        for term in [
            None,
            Some("dumb"),
            Some("screen"),
            Some("screen.xterm"),
            Some("Eterm"),
        ] {
            assert!(!answers(term), "{term:?}");
        }
    }
}
