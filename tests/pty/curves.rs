//! Curves in a real terminal: the ruler by keys and by the mouse, and the way from it to the
//! moment; and the palette.

use crate::watched;

/// What the readings say of their step.
fn step(screen: &str) -> Option<u64> {
    let row = screen
        .lines()
        .map(str::trim_start)
        .find(|row| row.starts_with("step  "))?;
    let words = row.split_whitespace().nth(1)?;
    words.replace(',', "").parse().ok()
}

#[test]
fn the_ruler_reads_the_curve_and_leads_to_its_moment() {
    let mut session = watched(&["--max-steps", "200", "--pace", "full"]);
    session.wait_for_words("finished");
    session.send("gc");
    session.wait_for("the whole run", |screen| {
        screen.contains("each digit, held out") && step(screen) == Some(200)
    });
    session.send("H");
    let back = session.wait_for("the ruler", |screen| {
        step(screen).is_some_and(|step| step < 200)
    });
    let before = step(&back).unwrap_or_default();
    // Columns and rows count from 1 in a report.
    session.send("\x1b[<0;40;6M\x1b[<0;40;6m");
    session.wait_for("the ruler under the mouse", |screen| {
        step(screen).is_some_and(|step| step > 0 && step < before)
    });
    session.send("\r");
    session.wait_for("the moment", |screen| screen.contains("◂ step"));
    session.send("v");
    session.wait_for_words("linear axis");
    session.send("}");
    session.wait_for("now again", |screen| !screen.contains("◂ step"));
    session.send("\x10");
    session.wait_for_words("before you press it");
    session.send("measures");
    session.wait_for("what was typed", |screen| screen.contains("/ measures"));
    session.send("\x1b");
    session.wait_for("the view", |screen| !screen.contains("/ measures"));
    session.send("/latent\r");
    session.wait_for("the other view", |screen| !screen.contains("linear axis"));
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}
