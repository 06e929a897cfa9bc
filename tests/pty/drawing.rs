//! The Draw view in a real terminal: with keys, and with the mouse.

use crate::watched;

/// A mouse report: a button, and where, counted from one.
fn mouse(button: u8, column: u16, row: u16, end: char) -> String {
    format!("\x1b[<{button};{column};{row}{end}")
}

#[test]
fn a_digit_is_drawn_with_the_mouse_and_with_keys_and_the_network_answers() {
    let mut session = watched(&["--max-steps", "300", "--pace", "full"]);
    session.wait_for_words("finished");
    session.send("gd");
    session.wait_for_words("draw here");
    session.wait_for_words("from 110: an 8");
    session.wait_for_words("of 100 are");
    // Another sample comes to the canvas.
    session.send("\x1b[C");
    session.wait_for_words("from 111: a 7");
    // Cleared, and a stroke down the middle.
    session.send("\x7f");
    session.wait_for_words("this is what it makes of nothing");
    session.send(&mouse(0, 29, 10, 'M'));
    session.send(&mouse(32, 29, 22, 'M'));
    session.send(&mouse(0, 29, 22, 'm'));
    session.wait_for_words("your drawing");
    session.wait_for_words("pixel 13,19");
    session.wait_for_words("of 100 are");
    session.send("il");
    session.wait_for_words("your drawing, noisy");
    session.send("\x1b");
    session.send("\x1b");
    session.wait_for("a clean drawing", |screen| !screen.contains("noisy"));
    // A click on a tab leads away, and the drawing is there when one comes back.
    session.send(&mouse(0, 11, 1, 'M'));
    session.wait_for_words("784 p");
    session.send("gd");
    session.wait_for_words("your drawing");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
