//! The latent space walked through with keys and mouse, in a real terminal.

use tempfile::TempDir;

use crate::{WINDOW, session::Session};

/// The view of a run that is at its end, once what it asked is answered.
fn walked(size: (u16, u16)) -> Session {
    let mut session = Session::start(&["--max-steps", "40", "--pace", "full"], size);
    session.wait_for_words("finished");
    session.send("gl");
    session.wait_for("the nearest image", is_answered);
    session
}

fn is_answered(screen: &str) -> bool {
    screen.contains("nearest") && screen.contains(": a") && screen.contains("real ones")
}

/// The row that tells the code.
fn code(screen: &str) -> String {
    let row = screen.lines().find(|line| line.starts_with(" code "));
    row.unwrap_or_default().chars().take(29).collect()
}

/// Sends something and waits until the code is another.
fn moves(session: &mut Session, keys: &str) -> String {
    let before = code(&session.screen());
    session.send(keys);
    let screen = session.wait_for(&format!("another code after {keys:?}"), |screen| {
        let now = code(screen);
        !now.is_empty() && now != before
    });
    code(&screen)
}

#[test]
fn the_latent_space_is_walked_through_with_keys_and_mouse() {
    let mut session = walked(WINDOW);
    let start = code(&session.screen());
    let right = moves(&mut session, "L");
    assert_ne!(start, right);
    moves(&mut session, "K");
    // The mouse: a click on the map, and a drag that leaves it.
    moves(&mut session, "\x1b[<0;90;10M");
    moves(&mut session, "\x1b[<32;60;20M");
    moves(&mut session, "\x1b[<32;119;36M\x1b[<0;119;36m");
    // A pinned end, and off again.
    session.send("a");
    session.wait_for_words("path: pinned a to the cursor");
    session.send("\x1b");
    session.wait_for("no pinned end", |screen| {
        screen.contains("path: the chosen")
    });
    // A walk moves by itself.
    moves(&mut session, "\x1b[<0;50;12M\x1b[<0;50;12m");
    session.send("w");
    session.wait_for_words("w stops");
    moves(&mut session, "");
    session.send("w");
    session.wait_for_words("straight in the code");
    // The plane as pictures.
    session.send("v");
    session.wait_for_words("12 x 8");
    moves(&mut session, "l");
    session.send("z");
    session.wait_for_words("6 x 4");
    session.send("v");
    session.wait_for_words("path: the chosen");
    // The nearest image is taken, and the cursor put on it.
    session.send("c\r");
    session.wait_for_words("path: the chosen");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

#[test]
fn saved_weights_of_many_values_have_sliders() {
    let folder = TempDir::new().expect("there is room for a folder");
    let file = folder.path().join("wide.safetensors");
    let name = file.to_str().expect("a plain name");
    let trains = ["--encoder", "16,5", "--max-steps", "20", "--save", name];
    let mut session = Session::start(&trains, WINDOW);
    session.wait_for_words("finished");
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);

    let mut session = Session::start(&["explore", name], WINDOW);
    session.wait_for_words("784 p");
    session.send("gl");
    session.wait_for("the sliders", |screen| {
        screen.contains("code: 5 values") && screen.contains("in use")
    });
    session.send("i");
    moves(&mut session, "L");
    // Two of the values as axes, by key and by a click on a name.
    session.send("i");
    session.wait_for_words("2 principal components of 5");
    session.send("o");
    session.wait_for("a plane of values", |screen| {
        screen.contains("across, value") && !screen.contains("principal")
    });
    moves(&mut session, "H");
    session.send("o");
    session.wait_for_words("2 principal components of 5");
    session.send("i");
    // On the smallest screen the sliders take the map's place.
    session.resize(60, 20);
    session.wait_for("a small list", |screen| {
        screen.contains("code: 5 values") && !screen.contains("latent space")
    });
    session.send("\x1b");
    session.wait_for_words("latent space");
    session.send("q");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
