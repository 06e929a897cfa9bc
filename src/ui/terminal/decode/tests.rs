//! Whatever a terminal reports, whole or in pieces, late or never ended, is no key;
//! and every key is one.

use proptest::prelude::*;

use super::*;
use crate::ui::pointer::{Button, Side};

/// What terminals answer to questions, ours and those of programs before us.
const REPORTS: &[&[u8]] = &[
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    b"\x1b]11;rgb:ffff/ffff/dddd\x07",
    b"\x1b]11;rgba:0000/0000/0000/ffff\x1b\\",
    b"\x1b]10;rgb:d7d7/dada/e0e0\x07\x1b[?62;22c",
    b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\\x1b[?65;1;9c",
    b"\x1b]52;c;cXEgcXE=\x07",
    b"\x1b]l a title, q \xc3\xa4 \xe2\x80\x9c\x1b\\",
    b"\x1b]unheard of; q\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1bP>|XTerm(390)\x1b\\",
    b"\x1bP!|00000000\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private q\x1b\\",
    b"\x1bXanything q\x1b\\",
    b"\x1b[?62;22c",
    b"\x1b[>41;390;0c",
    b"\x1b[=1;2c",
    b"\x1b[24;80R",
    b"\x1b[1;2R",
    b"\x1b[?1;1R",
    b"\x1b[0n",
    b"\x1b[?997;1n",
    b"\x1b[?2026;2$y",
    b"\x1b[4;2$y",
    b"\x1b[8;24;80t",
    b"\x1b[?0u",
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[<0;10;10M",
    b"\x1b[<0;10;10m",
    b"\x1b[<32;223;1M",
    b"\x1b[<64;1;1M",
    b"\x1b[<0;99999999;q",
    b"\x1b[<;;M",
    b"\x1b[32;10;10M",
    b"\x1b[M q!",
    b"\x1b[[A",
    b"\x1b[9999;q",
    b"\x9d11;rgb:1e1e/1e1e/1e1e\x9c",
    b"\x9b?62;22c",
    b"\x90>|q\x9c",
];

fn key(code: KeyCode) -> Sent {
    press(code, false)
}

fn key_with(code: KeyCode, modifiers: KeyModifiers) -> Sent {
    Sent::Key(KeyEvent::new(code, modifiers))
}

/// What the pieces tell, each after so long a silence.
fn told(pieces: &[&[u8]], silence: Duration) -> Vec<Sent> {
    let mut now = Instant::now();
    let mut decoder = Decoder::new(now);
    let mut sent = Vec::new();
    for piece in pieces {
        now += silence;
        decoder.expire(now, &mut sent);
        decoder.feed(piece, now, &mut sent);
    }
    decoder.expire(now + UNENDED, &mut sent);
    sent
}

fn whole(bytes: &[u8]) -> Vec<Sent> {
    told(&[bytes], Duration::ZERO)
}

fn keys_of(sent: &[Sent]) -> Vec<&Sent> {
    sent.iter()
        .filter(|sent| matches!(sent, Sent::Key(_) | Sent::Paste(_)))
        .collect()
}

#[test]
fn a_report_is_no_key_and_the_key_after_it_is_one() {
    for report in REPORTS {
        let name = report.escape_ascii();
        assert!(keys_of(&whole(report)).is_empty(), "{name}");
        let with_key = [report, b"q".as_slice()].concat();
        let sent = whole(&with_key);
        assert_eq!(keys_of(&sent), [&key(KeyCode::Char('q'))], "{name}");
    }
}

#[test]
fn a_report_split_anywhere_is_no_key() {
    for report in REPORTS {
        let pieces: Vec<&[u8]> = report.chunks(1).collect();
        let sent = told(&pieces, LONE_ESCAPE / 2);
        assert!(keys_of(&sent).is_empty(), "{}", report.escape_ascii());
        for at in 1..report.len() {
            let (one, other) = report.split_at(at);
            for silence in [Duration::ZERO, LONE_ESCAPE / 2] {
                let sent = told(&[one, other, b"q"], silence);
                assert_eq!(
                    keys_of(&sent),
                    [&key(KeyCode::Char('q'))],
                    "{} and {} after {silence:?}",
                    one.escape_ascii(),
                    other.escape_ascii()
                );
            }
        }
    }
}

#[test]
fn a_report_that_stalls_between_any_two_bytes_is_no_key() {
    // As long as a connection that drops a packet stalls. A cut right after an escape
    // is then the key Esc, which nothing can tell from it, but no more than that. A
    // few reports go on there as a person might; of those nobody is asked.
    let stalled = UNENDED / 4;
    for report in REPORTS {
        for at in 1..report.len() {
            let (one, other) = report.split_at(at);
            if one == [ESC] && !continues_a_report(other) {
                continue;
            }
            let sent = told(&[one, other], stalled);
            let told = keys_of(&sent);
            assert!(
                told.iter().all(|&sent| *sent == key(KeyCode::Esc)),
                "{} and {}: {told:?}",
                one.escape_ascii(),
                other.escape_ascii()
            );
        }
    }
}

#[test]
fn the_answers_to_our_questions_are_heard() {
    let sent = whole(b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[?62;22c");
    let color = b"rgb:1e1e/1e1e/1e1e".to_vec();
    assert_eq!(
        sent,
        [Sent::Background(color), Sent::Attributes { sixel: false }]
    );
    assert_eq!(whole(b"\x1b]10;rgb:1e1e/1e1e/1e1e\x07"), []);
}

#[test]
fn a_terminal_tells_of_its_pictures() {
    let told = |bytes: &[u8]| {
        let mut sent = Vec::new();
        let now = Instant::now();
        Decoder::new(now).feed(bytes, now, &mut sent);
        sent
    };
    let kind = |sixel| [Sent::Attributes { sixel }];
    assert_eq!(told(b"\x1b[?62;4;22c"), kind(true));
    assert_eq!(told(b"\x1b[?64;1;2;4c"), kind(true));
    // The first is what it is, and not what it has.
    assert_eq!(told(b"\x1b[?4;6c"), kind(false));
    assert_eq!(told(b"\x1b[?62;14;44c"), kind(false));
    let graphics = |bytes: &[u8], taken| assert_eq!(told(bytes), [Sent::Graphics(taken)]);
    graphics(b"\x1b_Gi=44861;OK\x1b\\", true);
    graphics(b"\x9fGi=44861;OK\x9c", true);
    graphics(b"\x1b_Gi=44861;ENOTSUPPORTED:no\x1b\\", false);
    assert_eq!(told(b"\x1b_Hi=44861;OK\x1b\\"), []);
    assert_eq!(told(b"\x1b[6;20;10t"), [Sent::CellSize([10, 20])]);
    let others: [&[u8]; 6] = [
        b"\x1b[8;24;80t",
        b"\x1b[4;480;800t",
        b"\x1b[6;0;10t",
        b"\x1b[6;20t",
        b"\x1b[6;20;9999t",
        b"\x1b[6;;t",
    ];
    for report in others {
        assert_eq!(told(report), [], "{report:?}");
    }
}

#[test]
fn a_report_that_never_ends_swallows_keys_for_a_while_and_never_ctrl_c() {
    let start = Instant::now();
    for opening in [
        "\x1b]11;rgb:",
        "\x1bP1$r",
        "\x1b_G",
        "\x1b[?62;",
        "\x1bO",
        "\x1b[",
    ] {
        let ctrl_c = [opening.as_bytes(), b"\x03"].concat();
        let interrupt = key_with(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(whole(&ctrl_c), [interrupt], "{opening:?}");

        let (mut decoder, mut sent) = (Decoder::new(start), Vec::new());
        decoder.feed(opening.as_bytes(), start, &mut sent);
        // Typed without a pause, so that no silence ends it.
        decoder.feed(b"5", start + UNENDED / 2, &mut sent);
        assert_eq!(sent, [], "{opening:?}");
        decoder.feed(b"q", start + UNENDED, &mut sent);
        assert_eq!(sent, [key(KeyCode::Char('q'))], "{opening:?}");
    }
}

#[test]
fn an_escape_is_a_key_after_a_silence_and_not_because_the_program_was_busy() {
    let start = Instant::now();
    let (mut decoder, mut sent) = (Decoder::new(start), Vec::new());
    decoder.feed(b"\x1b", start, &mut sent);
    decoder.expire(start + LONE_ESCAPE / 2, &mut sent);
    assert_eq!(sent, []);
    assert_eq!(decoder.deadline(), Some(start + LONE_ESCAPE));
    decoder.expire(start + LONE_ESCAPE, &mut sent);
    assert_eq!(sent, [key(KeyCode::Esc)]);
    assert_eq!(decoder.deadline(), None);

    // The rest was there, only not read yet.
    let (mut decoder, mut sent) = (Decoder::new(start), Vec::new());
    decoder.feed(b"\x1b", start, &mut sent);
    decoder.feed(b"[C", start + UNENDED / 2, &mut sent);
    assert_eq!(sent, [key(KeyCode::Right)]);
    assert_eq!(whole(b"\x1b\x1b"), [key(KeyCode::Esc), key(KeyCode::Esc)]);
    assert_eq!(
        whole(b"\x1b\x1b[C"),
        [key(KeyCode::Esc), key(KeyCode::Right)]
    );
}

#[test]
fn keys_typed_after_esc_are_keys() {
    let silence = LONE_ESCAPE;
    let typed: Vec<Sent> = ['g', '1', '2', ']', '[', '?']
        .map(|character| key(KeyCode::Char(character)))
        .into();
    let pieces: [&[u8]; 7] = [b"\x1b", b"g", b"1", b"2", b"]", b"[", b"?"];
    let sent = told(&pieces, silence);
    assert_eq!(sent[0], key(KeyCode::Esc));
    assert_eq!(sent[1..], typed);
    for bracket in [b"]".as_slice(), b"["] {
        let sent = told(&[b"\x1b", bracket], silence);
        let bracket = KeyCode::Char(char::from(bracket[0]));
        assert_eq!(sent, [key(KeyCode::Esc), key(bracket)]);
    }
}

#[test]
fn every_key_of_the_table_arrives() {
    let (none, shift, alt, control) = (
        KeyModifiers::NONE,
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
    );
    let cases: &[(&[u8], KeyCode, KeyModifiers)] = &[
        (b"q", KeyCode::Char('q'), none),
        (b"R", KeyCode::Char('R'), none),
        (b" ", KeyCode::Char(' '), none),
        ("ä".as_bytes(), KeyCode::Char('ä'), none),
        ("█".as_bytes(), KeyCode::Char('█'), none),
        ("\u{1f600}".as_bytes(), KeyCode::Char('\u{1f600}'), none),
        (b"\r", KeyCode::Enter, none),
        (b"\t", KeyCode::Tab, none),
        (b"\x7f", KeyCode::Backspace, none),
        (b"\x03", KeyCode::Char('c'), control),
        (b"\x1a", KeyCode::Char('z'), control),
        (b"\x0c", KeyCode::Char('l'), control),
        (b"\x1c", KeyCode::Char('4'), control),
        (b"\0", KeyCode::Char(' '), control),
        (b"\x1bq", KeyCode::Char('q'), alt),
        ("\x1bä".as_bytes(), KeyCode::Char('ä'), alt),
        (b"\x1b[A", KeyCode::Up, none),
        (b"\x1b[B", KeyCode::Down, none),
        (b"\x1b[C", KeyCode::Right, none),
        (b"\x1b[D", KeyCode::Left, none),
        (b"\x1bOA", KeyCode::Up, none),
        (b"\x1bOD", KeyCode::Left, none),
        (b"\x1bOP", KeyCode::F(1), none),
        (b"\x9bA", KeyCode::Up, none),
        (b"\x1b[H", KeyCode::Home, none),
        (b"\x1b[F", KeyCode::End, none),
        (b"\x1b[1~", KeyCode::Home, none),
        (b"\x1b[8~", KeyCode::End, none),
        (b"\x1b[5~", KeyCode::PageUp, none),
        (b"\x1b[15~", KeyCode::F(5), none),
        (b"\x1b[24~", KeyCode::F(12), none),
        (b"\x1b[Z", KeyCode::BackTab, shift),
        (b"\x1b[1;2C", KeyCode::Right, shift),
        (b"\x1b[1;2:1C", KeyCode::Right, shift),
        (b"\x1b[1;5D", KeyCode::Left, control),
        (b"\x1b[3;2~", KeyCode::Delete, shift),
        (b"\x1b[113u", KeyCode::Char('q'), none),
        (b"\x1b[99;5u", KeyCode::Char('c'), control),
        (b"\x1b[27u", KeyCode::Esc, none),
        (b"\x1b[13;1:1u", KeyCode::Enter, none),
    ];
    for &(bytes, code, modifiers) in cases {
        let wanted = [key_with(code, modifiers)];
        assert_eq!(whole(bytes), wanted, "{}", bytes.escape_ascii());
        let pieces: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(
            told(&pieces, LONE_ESCAPE / 2),
            wanted,
            "{}",
            bytes.escape_ascii()
        );
    }
    // The key goes up: nobody pressed it.
    assert_eq!(whole(b"\x1b[1;1:3C"), []);
    assert_eq!(whole(b"\x1b[113;1:3u"), []);
}

fn mouse(button: Button, column: u16, row: u16) -> Sent {
    Sent::Mouse(Pointer {
        button,
        side: Side::Left,
        column,
        row,
    })
}

#[test]
fn the_left_and_the_right_button_and_the_wheel_are_heard_and_nothing_else_of_the_mouse() {
    for (bytes, wanted) in [
        (&b"\x1b[<0;1;1M"[..], Some((Button::Pressed, 0, 0))),
        (b"\x1b[<0;120;36M", Some((Button::Pressed, 119, 35))),
        (b"\x1b[<32;300;7M", Some((Button::Dragged, 299, 6))),
        (b"\x1b[<0;5;6m", Some((Button::Released, 4, 5))),
        // In eight bits, and with Shift, Alt or Control held.
        (b"\x9b<0;5;6M", Some((Button::Pressed, 4, 5))),
        (b"\x1b[<28;5;6M", Some((Button::Pressed, 4, 5))),
        (b"\x1b[<64;5;6M", Some((Button::WheelUp, 4, 5))),
        (b"\x1b[<65;5;6M", Some((Button::WheelDown, 4, 5))),
        // The one in the middle, the wheel sideways, others, a move without a button.
        (b"\x1b[<1;5;6M", None),
        (b"\x1b[<66;5;6M", None),
        (b"\x1b[<96;5;6M", None),
        (b"\x1b[<64;5;6m", None),
        (b"\x1b[<35;5;6M", None),
        (b"\x1b[<128;5;6M", None),
        // No places, and no numbers.
        (b"\x1b[<0;0;6M", None),
        (b"\x1b[<0;5;0M", None),
        (b"\x1b[<0;5M", None),
        (b"\x1b[<0;5;6;7M", None),
        (b"\x1b[<0;+5;6M", None),
        (b"\x1b[<0;70000;6M", None),
        (b"\x1b[<M", None),
        // As terminals report that know no better form.
        (b"\x1b[M !!", None),
        (b"\x1b[M\xff\xff\xff", None),
        (b"\x1b[32;5;6M", None),
    ] {
        let wanted: Vec<Sent> = wanted
            .map(|(button, column, row)| mouse(button, column, row))
            .into_iter()
            .collect();
        assert_eq!(whole(bytes), wanted, "{}", bytes.escape_ascii());
        for at in 1..bytes.len() {
            let (one, other) = bytes.split_at(at);
            let sent = told(&[one, other], LONE_ESCAPE / 2);
            assert_eq!(sent, wanted, "{} at {at}", bytes.escape_ascii());
        }
    }
}

#[test]
fn an_old_report_that_was_cut_off_swallows_no_ctrl_c() {
    let interrupt = key_with(KeyCode::Char('c'), KeyModifiers::CONTROL);
    for bytes in [
        &b"\x1b[M\x03"[..],
        b"\x1b[M \x03",
        b"\x1b[M  \x03",
        b"\x1b[[\x03",
    ] {
        assert_eq!(
            whole(bytes),
            std::slice::from_ref(&interrupt),
            "{}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn a_pasted_text_is_one_whatever_is_in_it() {
    let paste = |text: &str| Sent::Paste(text.into());
    for text in [
        "",
        " qs",
        "12\r3",
        "a\x03b",
        "\x1b[C\x1b]11;q",
        "\x1b[20",
        "ä█",
    ] {
        let bytes = format!("\x1b[200~{text}\x1b[201~q");
        let wanted = [paste(text), key(KeyCode::Char('q'))];
        assert_eq!(whole(bytes.as_bytes()), wanted, "{text:?}");
        let pieces: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
        assert_eq!(told(&pieces, LONE_ESCAPE / 2), wanted, "{text:?}");
    }
    // No end in sight: only what is left of it is lost.
    let sent = told(&[b"\x1b[200~12", b"q"], UNENDED);
    assert_eq!(sent, [key(KeyCode::Char('q'))]);
    let long = format!("\x1b[200~{}\x1b[201~q", "7".repeat(100_000));
    let sent = whole(long.as_bytes());
    assert!(matches!(&sent[..], [Sent::Paste(text), _] if text.len() == PASTED));
}

proptest! {
    /// Bytes cut into pieces tell what they tell in one.
    #[test]
    fn pieces_tell_what_the_whole_tells(
        bytes in proptest::collection::vec(
            prop_oneof![Just(ESC), Just(b'['), Just(b']'), Just(b'\\'), any::<u8>()],
            0..80,
        ),
        cuts in proptest::collection::vec(1_usize..9, 1..40),
    ) {
        let (mut rest, mut pieces) = (bytes.as_slice(), Vec::new());
        for cut in cuts {
            let (piece, more) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = more;
        }
        pieces.push(rest);
        prop_assert_eq!(told(&pieces, Duration::ZERO), whole(&bytes));
    }

    /// A report of the mouse, whatever its numbers, is no key; cut anywhere, it tells
    /// what it tells in one.
    #[test]
    fn no_mouse_types(
        numbers in proptest::collection::vec(any::<u32>(), 0..5),
        end in prop_oneof![Just('M'), Just('m')],
        cut in any::<prop::sample::Index>(),
    ) {
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let report = format!("\x1b[<{}{end}", numbers.join(";"));
        let sent = whole(report.as_bytes());
        prop_assert!(keys_of(&sent).is_empty() && sent.len() <= 1, "{:?}", sent);
        let (one, other) = report.as_bytes().split_at(cut.index(report.len()));
        prop_assert_eq!(told(&[one, other], LONE_ESCAPE / 2), sent);
    }

    /// Whatever a string holds, and whoever it is for, it types nothing.
    #[test]
    fn no_string_types(
        opener in prop_oneof![Just("]"), Just("P"), Just("_"), Just("^"), Just("X")],
        body in "[ -~\u{a0}-\u{2fff}]{0,300}",
        bell in any::<bool>(),
    ) {
        let end = if bell { "\x07" } else { "\x1b\\" };
        let sent = whole(format!("\x1b{opener}{body}{end}").as_bytes());
        prop_assert!(keys_of(&sent).is_empty(), "{:?}", sent);
    }
}

#[test]
fn the_right_button_is_another_than_the_left() {
    for (bytes, button) in [
        (&b"\x1b[<2;5;6M"[..], Button::Pressed),
        (b"\x1b[<34;5;6M", Button::Dragged),
        (b"\x1b[<2;5;6m", Button::Released),
    ] {
        let right = Sent::Mouse(Pointer {
            button,
            side: Side::Right,
            column: 4,
            row: 5,
        });
        assert_eq!(whole(bytes), [right]);
    }
}
