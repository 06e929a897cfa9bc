//! What comes from a terminal and was not typed: its answers, however late, pasted
//! text; and a log that is told to go where the dashboard is.

use std::os::unix::fs::symlink;

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use super::{
    WINDOW,
    session::{Session, Terminal},
    shell_on, wait_for_sample,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ae-tui");
const BACKGROUND: &str = "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\";
const KIND: &str = "\x1b[?62;22c";

/// The dashboard once it waits for no answer any more, and has had none.
fn unanswered() -> Session {
    let mut session = Session::run_on(Terminal::SLOW, CommandBuilder::new(PROGRAM), WINDOW);
    wait_for_sample(&mut session, 110);
    session
}

fn asks(session: &Session) -> bool {
    String::from_utf8_lossy(&session.bytes()).contains("\x1b]11;?")
}

/// That nothing was pressed: the next key does what it does at the beginning.
fn assert_untouched(session: &mut Session) {
    session.send("\x1b[C");
    wait_for_sample(session, 111);
    let screen = session.screen();
    for opened in ["go to sample", "paused", "leave?", "train for", "finished"] {
        assert!(!screen.contains(opened), "{opened}:\n{screen}");
    }
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn an_answer_that_comes_late_types_nothing() {
    let both = format!("{BACKGROUND}{KIND}");
    for answer in [
        both.clone(),
        // In the order of GNU screen, and with what else terminals may say.
        format!("{KIND}{BACKGROUND}\x1b[>41;390;0c\x1b[?2026;2$y\x1bP>|tmux 3.4 q\x1b\\"),
        "\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[24;80R\x1b[?997;1n".into(),
    ] {
        let mut session = unanswered();
        assert!(asks(&session));
        session.send(&answer);
        assert_untouched(&mut session);
    }
    // In two pieces, between which the program is seen to have done other things.
    for at in [1, 2, 9, both.len() - KIND.len() - 1, both.len() - 1] {
        let mut session = unanswered();
        let (one, other) = both.split_at(at);
        session.send(one);
        let drawn = session.bytes().len();
        session.wait_until("another frame", |session| session.bytes().len() > drawn);
        session.send(other);
        assert_untouched(&mut session);
    }
}

/// The program under a shell, on a terminal that has yet to answer.
fn unanswered_in_a_shell() -> Session {
    let mut session = shell_on(Terminal::SLOW);
    session.send(&format!("{PROGRAM}\n"));
    wait_for_sample(&mut session, 110);
    session
}

/// That the answer, which comes only now, is not typed into the shell that waits for the
/// program to leave with this code.
fn assert_not_typed(session: &mut Session, code: u8) {
    session.send(BACKGROUND);
    session.send(KIND);
    session.wait_for_words("ready>");
    session.send("echo code-$?\n");
    let screen = session.wait_for_words(&format!("code-{code}"));
    assert!(
        !screen.contains("rgb") && !screen.contains("62;"),
        "{screen}"
    );
}

fn leave_the_shell(mut session: Session) {
    session.send("exit\n");
    session.wait_exit();
    session.assert_clean();
}

#[test]
fn an_answer_that_comes_with_the_end_does_not_reach_the_shell() {
    let mut session = unanswered_in_a_shell();
    session.send("\x03");
    assert_not_typed(&mut session, 0);
    leave_the_shell(session);
}

#[test]
fn an_answer_that_comes_with_a_stop_does_not_reach_the_shell() {
    let mut session = unanswered_in_a_shell();
    session.send("\x1a");
    // Stopped by the signal of Ctrl-Z.
    assert_not_typed(&mut session, 148);
    session.send("fg\n");
    wait_for_sample(&mut session, 110);
    session.send("\x03");
    session.wait_for_words("ready>");
    leave_the_shell(session);
}

/// The light theme's accent in 256 colours, which the dark theme has no use for.
const LIGHT_ACCENT: &str = "8;5;29";

#[test]
fn an_answer_changes_the_theme_unless_that_was_chosen() {
    for (arguments, changes) in [(&[][..], true), (&["--theme", "dark"], false)] {
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        let mut session = Session::run_on(Terminal::SLOW, command, WINDOW);
        wait_for_sample(&mut session, 110);
        session.send("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
        session.send(KIND);
        session.send("\x1b[C");
        wait_for_sample(&mut session, 111);
        session.send("\x03");
        assert_eq!(session.wait_exit().exit_code(), 0);
        let bytes = session.bytes();
        let drawn = String::from_utf8_lossy(&bytes);
        assert_eq!(drawn.contains(LIGHT_ACCENT), changes, "{arguments:?}");
    }
}

#[test]
fn a_dashboard_in_the_background_asks_nothing() {
    let mut session = shell_on(Terminal::SLOW);
    session.send(&format!("{PROGRAM} &\n"));
    session.send("until jobs | grep -q Stopped; do sleep 0.05; done; echo was-$((1+1))\n");
    session.wait_for_words("was-2");
    assert!(!asks(&session));
    // In the foreground it does.
    session.send("fg\n");
    wait_for_sample(&mut session, 110);
    assert!(asks(&session));
    session.send(&format!("{BACKGROUND}{KIND}\x03"));
    session.wait_for_words("ready>");
    session.send("exit\n");
    session.wait_exit();
    session.assert_clean();
}

#[test]
fn a_pasted_text_presses_no_key_and_a_prompt_takes_its_digits() {
    let mut session = unanswered();
    session.send("\x1b[200~ sgqRp:?\r\x03\x1b[201~");
    session.send("g\x1b[200~12\r\n\x1b[201~");
    session.wait_for_words("go to sample 12_");
    session.send("\r");
    wait_for_sample(&mut session, 12);
    session.send("g110\r");
    wait_for_sample(&mut session, 110);
    assert_untouched(&mut session);
}

#[test]
fn the_mouse_presses_no_key() {
    for report in [
        // Beside the tape: pressed, drawn along, let go; other buttons and the wheel.
        "\x1b[<0;9;9M\x1b[<32;10;9M\x1b[<32;99;30M\x1b[<0;99;30m",
        "\x1b[<2;9;9M\x1b[<2;9;9m\x1b[<64;9;9M\x1b[<35;9;9M",
        // As terminals report that were not asked for better.
        "\x1b[M  !\x1b[M#qq\x1b[32;9;9M",
        "\x1b[<0;9;",
    ] {
        let mut session = unanswered();
        assert!(session.hears_mouse());
        session.send(report);
        if report.ends_with(';') {
            let drawn = session.bytes().len();
            session.wait_until("another frame", |session| session.bytes().len() > drawn);
            session.send("9M");
        }
        assert_untouched(&mut session);
    }
}

#[test]
fn the_mouse_is_given_back_with_the_terminal_and_left_to_it_where_that_is_asked() {
    let mut session = unanswered_in_a_shell();
    session.send(KIND);
    for _ in 0..2 {
        assert!(session.hears_mouse());
        session.send("\x1a");
        session.wait_for_words("Stopped");
        session.wait_until("the mouse", |session| !session.hears_mouse());
        session.send("clear; fg\n");
        wait_for_sample(&mut session, 110);
    }
    session.send("\x03");
    session.wait_for_words("ready>");
    leave_the_shell(session);

    let mut session = Session::start(&["--no-mouse"], WINDOW);
    wait_for_sample(&mut session, 110);
    assert!(!session.hears_mouse());
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    let bytes = session.bytes();
    let drawn = String::from_utf8_lossy(&bytes);
    assert!(!drawn.contains("\x1b[?1002h") && !drawn.contains("\x1b[?1006h"));
    session.assert_clean();
}

#[test]
fn a_log_that_goes_to_the_terminal_leaves_no_dashboard_to_paint_over() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    symlink("/dev/tty", &link).unwrap();
    for name in [
        "/dev/stdout",
        "/dev/tty",
        "/dev/fd/1",
        link.to_str().unwrap(),
    ] {
        let arguments = ["--max-steps", "5", "--metrics", name];
        let mut session = Session::start(&arguments, WINDOW);
        assert_eq!(session.wait_exit().exit_code(), 0, "{name}");
        let screen = session.screen();
        assert!(screen.contains(r#""event":"end""#), "{name}:\n{screen}");
        let bytes = session.bytes();
        let words = String::from_utf8_lossy(&bytes);
        assert!(!words.contains("\x1b[?1049h"), "{name}");
    }
}

#[test]
fn letters_are_those_that_the_terminal_can_show() {
    let blocks = |name: &'static str, arguments: &[&str]| {
        let terminal = Terminal {
            name,
            ..Terminal::USUAL
        };
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        let mut session = Session::run_on(terminal, command, WINDOW);
        wait_for_sample(&mut session, 110);
        session.send("\x03");
        assert_eq!(session.wait_exit().exit_code(), 0);
        // The farewell is plain words.
        !session.bytes().is_ascii()
    };
    assert!(blocks("xterm", &[]));
    assert!(!blocks("xterm", &["--no-ascii", "--ascii"]));
    assert!(!blocks("linux", &[]));
    assert!(!blocks("vt220", &[]));
    assert!(blocks("linux", &["--ascii", "--no-ascii"]));
}
