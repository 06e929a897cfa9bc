//! The tour in a real terminal: on, back, away and into it again.

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
