//! The Samples view, used with keys and mouse in a real terminal.

use crate::watched;

#[test]
fn the_wall_is_sorted_walked_and_pointed_at() {
    let mut session = watched(&["--digits", "0-8", "--max-steps", "60", "--pace", "full"]);
    session.wait_for_words("finished");
    session.send("gs");
    // What it was not trained on is held against what it was.
    session.wait_for_words("of unseen");
    session.wait_for_words("8,991 test images");
    session.send("o");
    session.wait_for_words("worst first");
    session.wait_for_words("1-20 of 8,991");
    // The order is asked for before it is there, with empty tiles: arrows walk what is on the wall.
    session.wait_for("the worst on the wall", |screen| {
        let row = screen.lines().nth(2).unwrap_or_default();
        row.contains('.') && !row.contains("100─")
    });
    session.send("\x1b[C");
    session.wait_for_words("worst of 8,991");
    // The first pair is marked; a click marks the fourth.
    let marked = |column: usize| {
        move |screen: &str| {
            let row = screen.lines().nth(2).unwrap_or_default();
            row.chars().nth(column) == Some('▸')
        }
    };
    session.wait_for("the mark of the first", marked(1));
    session.send("\x1b[<0;40;6M\x1b[<0;40;6m");
    session.wait_for("the mark of the fourth", marked(37));
    session.wait_for_words("4th worst of 8,991");
    // The wheel turns a row, and the line is drawn with the mouse.
    session.send("\x1b[<65;40;6M");
    session.wait_for_words("11-30 of 8,991");
    session.send("\x1b[<0;5;29M\x1b[<32;99;2M\x1b[<0;99;2m\r");
    session.wait_for_words("no image costs more than");
    session.send("\x1b");
    session.wait_for_words("1-20 of 8,991");
    // Training images, then those that it has never seen.
    session.send("t");
    session.wait_for_words("of 54,051 training images");
    session.send("t");
    session.wait_for_words("of 1,009 images never seen");
    session.send("t");
    session.wait_for_words("of 8,991 test images");
    session.send("i");
    session.wait_for_words("▸ never seen");
    session.send("j");
    session.wait_for_words("of turned");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
