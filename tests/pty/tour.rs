//! The tour in a real terminal: on, back, away and into it again.

#[cfg(debug_assertions)]
use portable_pty::CommandBuilder;

use crate::{WINDOW, session::Session};

#[test]
fn the_tour_is_taken_and_left_where_one_likes() {
    let mut session = Session::start(&["tour"], WINDOW);
    session.wait_for_words("tour 1 of 10: what it sees");
    // It asks once the film stands.
    session.wait_for_words("another image");
    session.send("\x1b[C");
    session.wait_for_words("A seven, one of 10,000");
    session.send(" ");
    session.wait_for_words("tour 2 of 10: what it makes of it");
    session.wait_for_words("It has learned nothing yet.");
    session.send("\x7f");
    session.wait_for_words("tour 1 of 10: what it sees");
    session.send("\x1b");
    session.wait_for_words("F1 leads back to the tour.");
    session.send("\x1bOP");
    session.wait_for_words("tour 1 of 10: what it sees");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

/// Each as its thread begins and at a step on the way.
#[test]
#[cfg(debug_assertions)]
fn widths_that_will_not_be_done_are_told_and_the_tour_goes_on() {
    for death in ["ae-tui widths", "ae-tui widths@20"] {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
        command.args(["tour"]);
        command.env("AE_TUI_FAULT", format!("panic:thread:{death}"));
        let mut session = Session::run(command, WINDOW);
        session.wait_for_words("tour 1 of 10: what it sees");
        session.wait_for_words("4 of the four short runs of other widths will not be done");
        session.wait_for_words("another image");
        session.send("\x1b[C");
        session.wait_for_words("A seven, one of 10,000");
        session.send("\x03");
        // A panic is told once the screen is the shell's again.
        assert_eq!(session.wait_exit().exit_code(), 1);
        session.assert_clean();
    }
}

#[test]
fn why_explains_what_was_just_said() {
    let mut session = Session::start(&["--max-steps", "3"], WINDOW);
    session.wait_for_words("finished");
    session.send("w");
    session.wait_for_words("told so far");
    session.wait_for_words("It knows nothing; every pixel is half grey.");
    session.send("\x1b");
    session.wait_for("the strip again", |screen| !screen.contains("told so far"));
    session.send("\x03");
    session.wait_exit();
    session.assert_clean();
}
