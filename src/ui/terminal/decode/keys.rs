//! The keys themselves: which bytes, and which ends of sequences, are which key.
//! What is not listed here is a report, and no key.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The key of a single byte below 0x80.
pub(super) fn plain(byte: u8) -> KeyEvent {
    let control = |character| KeyEvent::new(KeyCode::Char(character), KeyModifiers::CONTROL);
    match byte {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x1b => KeyCode::Esc.into(),
        0x7f => KeyCode::Backspace.into(),
        0x00 => control(' '),
        0x01..=0x1a => control(char::from(byte - 1 + b'a')),
        0x1c..=0x1f => control(char::from(byte - 0x1c + b'4')),
        _ => KeyCode::Char(char::from(byte)).into(),
    }
}

/// The key of `ESC O` and this byte.
pub(super) fn single(end: u8) -> Option<KeyEvent> {
    match end {
        b'M' => Some(KeyCode::Enter),
        _ => named(end),
    }
    .map(KeyEvent::from)
}

/// The key of `ESC [`, these parameters and this end, if it is one.
pub(super) fn sequence(parameters: &[u8], end: u8) -> Option<KeyEvent> {
    // Signs in a sequence mark reports; keys have numbers alone.
    let text = std::str::from_utf8(parameters).ok()?;
    let mut numbers = text.split(';').map(|number| {
        let mut parts = number.split(':').map(|part| part.parse::<u32>().ok());
        (parts.next().flatten(), parts.next().flatten())
    });
    let first = numbers.next().and_then(|(number, _)| number);
    let (modifiers, kind) = numbers.next().unwrap_or_default();
    let is_key = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':'));
    let is_release = kind == Some(3);
    if !is_key || is_release {
        return None;
    }
    let code = match (end, first) {
        // A letter's number says nothing, if it is there; of `R` it is a row.
        (b'R', _) => None,
        (b'Z', None) => Some(KeyCode::BackTab),
        (b'A'..=b'Z', None | Some(1)) => named(end),
        (b'~', Some(number)) => numbered(number),
        (b'u', Some(number)) => coded(number),
        _ => None,
    }?;
    let shifted = if code == KeyCode::BackTab { 2 } else { 1 };
    Some(KeyEvent::new(code, held(modifiers.unwrap_or(shifted))))
}

fn named(end: u8) -> Option<KeyCode> {
    Some(match end {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(end - b'P' + 1),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    let function = |before: u32| KeyCode::F((number - before) as u8);
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => function(10),
        17..=21 => function(11),
        23..=26 => function(12),
        28..=29 => function(15),
        31..=34 => function(17),
        _ => return None,
    })
}

/// A key by its character, as terminals send it that were asked to tell keys apart.
fn coded(number: u32) -> Option<KeyCode> {
    match char::from_u32(number)? {
        character @ ('\0'..='\x1f' | '\x7f') => match plain(character as u8).code {
            KeyCode::Char(_) => None,
            code => Some(code),
        },
        // Where terminals put keys without a character.
        '\u{e000}'..='\u{f8ff}' => None,
        character => Some(KeyCode::Char(character)),
    }
}

/// The keys held meanwhile, from a terminal's number for them: their bits, and one.
fn held(number: u32) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .map(|(_, modifier)| modifier)
    .collect()
}
