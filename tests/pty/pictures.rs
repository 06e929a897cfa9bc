//! The terminal's own pictures: which terminal gets them, that they are what the network made,
//! and that none is left.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use ae_tui::{
    data::PIXELS,
    store::weights,
    ui::theme::{Depth, Glyphs, Theme, Tone},
};
use ndarray::ArrayView2;
use portable_pty::CommandBuilder;
use ratatui::style::Color;
use rustix::process::Signal;
use tempfile::TempDir;

use super::{
    WINDOW,
    session::{Session, Terminal},
    shell_on, wait_for_sample,
};
use decoded::{Shown, shown};

#[path = "../../src/ui/terminal/pictures/decoded.rs"]
mod decoded;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ae-tui");
/// Where Train has the original and the reconstruction on a window of this size, and on one of
/// 80x24.
const ORIGINAL: [u16; 2] = [1, 2];
const RECONSTRUCTION: [u16; 2] = [31, 2];
const SMALL_RECONSTRUCTION: [u16; 2] = [1, 13];
/// The images 110 to 119, behind a head of sixteen bytes.
const IMAGES: &[u8] = include_bytes!("../fixtures/digits/test-110-to-119.idx3-ubyte");
/// A question that only terminals with Kitty's pictures answer.
const KITTY_ASKED: &str = "\x1b_Gi=44861,s=1,v=1,a=q";
/// Takes all of Kitty's pictures off, and gives the terminal back.
const FAREWELL: &str = "\x1b\\\x1b_Ga=d,d=A,q=2\x1b\\\x1b[?2026l";

fn started(terminal: Terminal, arguments: &[&str], folder: &TempDir) -> Session {
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(["--graphics", "auto"]);
    command.args(arguments);
    command.cwd(folder.path());
    Session::run_on(terminal, command, WINDOW)
}

/// The picture at a place, if the terminal shows one there.
fn picture_at(session: &Session, place: [u16; 2]) -> Option<Shown> {
    let mut pictures = shown(&session.bytes()).into_iter();
    pictures.find(|picture| picture.place == place)
}

fn words(session: &Session) -> String {
    String::from_utf8_lossy(&session.bytes()).into_owned()
}

fn leave(session: &mut Session) {
    session.send("\x03");
    assert_eq!(session.wait_exit().exit_code(), 0);
    session.assert_clean();
}

/// What the weights that the run saved make of the first image.
fn reconstruction(folder: &TempDir) -> Vec<f32> {
    let mut files = fs::read_dir(folder.path()).unwrap();
    let file = files.next().unwrap().unwrap().path();
    let net = weights::load(&file, None).unwrap().net;
    let image: Vec<f32> = IMAGES[16..][..PIXELS]
        .iter()
        .map(|byte| f32::from(*byte) / 255.0)
        .collect();
    let made = net.reconstruct(ArrayView2::from_shape((1, PIXELS), &image).unwrap());
    made.into_raw_vec_and_offset().0
}

/// Whether every pixel of a picture is a square of the network's colour for it, but for so much
/// of 255.
fn shows(picture: &Shown, made: &[f32], at_most: u8) -> bool {
    let theme = Theme {
        depth: Depth::True,
        tone: Tone::Dark,
        glyphs: Glyphs::Blocks,
    };
    made.iter().enumerate().all(|(place, value)| {
        let Color::Rgb(red, green, blue) = theme.network(*value) else {
            return false;
        };
        [0.2, 0.5, 0.8].into_iter().all(|part| {
            let [across, down] = [place % 28, place / 28].map(|side| (side as f64 + part) / 28.0);
            let drawn = picture.at(across, down);
            let mut apart = [red, green, blue].into_iter().zip(drawn);
            apart.all(|(own, drawn)| own.abs_diff(drawn) <= at_most)
        })
    })
}

/// A run of five steps that is over, with what its weights make of the first image.
fn finished(terminal: Terminal, folder: &TempDir) -> (Session, Vec<f32>) {
    let mut session = started(terminal, &["--max-steps", "5"], folder);
    session.wait_for_words("finished");
    session.send("s");
    session.wait_for_words(".safetensors");
    let made = reconstruction(folder);
    (session, made)
}

#[test]
fn kitty_gets_every_pixel_that_the_network_made_and_keeps_none() {
    let folder = TempDir::new().unwrap();
    let (mut session, made) = finished(Terminal::KITTY, &folder);
    // A level of the picture is less than two of 255, and the network is asked in another order
    // of sums.
    let exact = |session: &Session| {
        let picture = picture_at(session, RECONSTRUCTION);
        picture.is_some_and(|picture| picture.width == 280 && shows(&picture, &made, 3))
    };
    session.wait_until("what the network made", exact);
    assert!(picture_at(&session, ORIGINAL).is_some());
    // No half blocks beneath: only what cannot be a picture is drawn with them.
    let screen = session.screen();
    let row = screen.lines().nth(9).unwrap();
    assert_eq!(row.chars().take(59).collect::<String>().trim(), "", "{row}");

    // What lies over a picture takes it off, and so does another view.
    let gone = |session: &Session| picture_at(session, RECONSTRUCTION).is_none();
    session.send("?");
    session.wait_until("no picture beneath the help", gone);
    session.send("\x1b");
    session.wait_until("it again", exact);
    session.send("gl");
    session.wait_for_words("decoded here");
    session.wait_until("no picture of another view", gone);
    session.send("gt");
    session.wait_until("it again", exact);
    session.resize(80, 24);
    session.wait_until("a place on the small window", |session| {
        gone(session) && picture_at(session, SMALL_RECONSTRUCTION).is_some()
    });
    leave(&mut session);
    assert_eq!(shown(&session.bytes()), []);
    assert!(words(&session).contains(FAREWELL));
}

#[test]
fn an_answer_that_comes_late_brings_pictures_and_no_key_is_lost_meanwhile() {
    let folder = TempDir::new().unwrap();
    let mut session = started(Terminal::SLOW, &["--max-steps", "5"], &folder);
    session.wait_until("the question", |session| {
        words(session).contains(KITTY_ASKED)
    });
    // From view to view, before, between and after the answers.
    session.send("\t");
    session.send("\x1b_Gi=44861;OK\x1b\\\t\x1b[6;15;7t\t\x1b[?62;22c\t\t");
    session.wait_for_words("draw here");
    session.wait_until("a picture as large as its cells", |session| {
        let pictures = shown(&session.bytes());
        pictures.iter().any(|picture| picture.width == 28 * 7)
    });
    leave(&mut session);
    assert_eq!(shown(&session.bytes()), []);
}

#[test]
fn a_terminal_that_tells_of_no_pictures_gets_none_and_none_is_asked_of_itself() {
    let folder = TempDir::new().unwrap();
    for terminal in [Terminal::USUAL, Terminal::SLOW] {
        let mut session = started(terminal, &["--max-steps", "5"], &folder);
        wait_for_sample(&mut session, 110);
        session.wait_for_words("▀");
        // Whatever it made of the question is wiped away before anything is drawn.
        assert!(words(&session).contains("AAAA\x1b\\\x1b[2J\x1b[H"));
        leave(&mut session);
        let words = words(&session);
        assert_eq!(shown(&session.bytes()), []);
        for sign in ["a=T", "a=d", "\x1b]1337", "\x1bP"] {
            assert!(!words.contains(sign), "{sign:?}");
        }
    }
    // One that would have them is not asked where nobody wished for them.
    let mut session = Session::run_on(Terminal::KITTY, CommandBuilder::new(PROGRAM), WINDOW);
    session.wait_for_words("▀");
    leave(&mut session);
    let words = words(&session);
    assert!(!words.contains("\x1b_G") && !words.contains("\x1b[16t"));
}

#[test]
fn sixel_gets_the_pixels_too() {
    let folder = TempDir::new().unwrap();
    let (mut session, made) = finished(Terminal::SIXEL, &folder);
    session.wait_until("what the network made", |session| {
        // As with Kitty, and colours within two percent, which are rounded.
        let picture = picture_at(session, RECONSTRUCTION);
        picture.is_some_and(|picture| picture.width == 280 && shows(&picture, &made, 10))
    });
    leave(&mut session);
    // What was cut off is ended before anything else is said.
    assert!(words(&session).contains("\x1b\\\x1b[?2026l\x1b[?1006l"));
}

#[test]
fn no_picture_outlives_a_signal() {
    let folder = TempDir::new().unwrap();
    let mut session = started(Terminal::KITTY, &["--pace", "film"], &folder);
    session.wait_until("pictures", |session| !shown(&session.bytes()).is_empty());
    session.signal(Signal::TERM);
    assert_eq!(session.wait_exit().exit_code(), 143);
    session.assert_clean();
    assert_eq!(shown(&session.bytes()), []);
}

#[test]
#[cfg(debug_assertions)]
fn no_picture_outlives_a_panic() {
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(["--graphics", "auto"]);
    command.env("AE_TUI_FAULT", "panic:ui@50");
    let mut session = Session::run_on(Terminal::KITTY, command, WINDOW);
    assert_eq!(session.wait_exit().exit_code(), 101);
    session.assert_clean();
    assert!(words(&session).contains("a=T"), "there were pictures");
    assert_eq!(shown(&session.bytes()), []);
}

#[test]
fn a_stopped_program_takes_its_pictures_off_and_puts_them_again() {
    let mut session = shell_on(Terminal::KITTY);
    session.send(&format!("{PROGRAM} --graphics auto\n"));
    let there = |session: &Session| picture_at(session, RECONSTRUCTION).is_some();
    session.wait_until("pictures", there);
    session.send("\x1a");
    session.wait_for_words("Stopped");
    assert_eq!(shown(&session.bytes()), []);
    session.send("clear; fg\n");
    session.wait_until("pictures again", there);
    session.send("\x03");
    session.wait_for_words("ready>");
    assert_eq!(shown(&session.bytes()), []);
    session.send("exit\n");
    session.wait_exit();
    session.assert_clean();
}
