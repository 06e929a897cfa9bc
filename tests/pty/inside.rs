//! The view Inside in a real terminal, with keys and with the reports of a mouse.

use crate::watched;

/// A press of the left button, and its release, at a column and a row from 1.
fn click(column: u16, row: u16) -> String {
    format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
}

#[test]
fn units_are_chosen_with_keys_and_mouse_and_show_what_excites_them() {
    let mut session = watched(&["--max-steps", "60", "--pace", "full"]);
    session.wait_for_words("finished");
    session.send("gi");
    session.wait_for_words("unit 0 looks for");
    // All images were asked: some of them excite it.
    session.wait_for("the study", |screen| {
        screen.contains("% of images") && screen.contains("784 to 32")
    });
    session.send("l");
    session.wait_for_words("unit 1 looks for");
    session.send("J");
    session.wait_for_words("unit 0 likes");
    // The third tile of the lower gallery.
    session.send(&click(55, 27));
    session.wait_for_words("unit 2 paints");
    // To the first moment that is kept, and back.
    session.send("{");
    session.wait_for_words("step 0");
    session.wait_for_words("unit 2 paints");
    session.send("}");
    session.wait_for("now", |screen| !screen.contains("step 0"));
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
