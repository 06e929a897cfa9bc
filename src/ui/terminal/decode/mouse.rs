//! What the mouse reports, in the form of SGR: `ESC [ < button ; column ; row` and `M`, or
//! `m` where a button goes up. What is neither left, right nor wheel is nothing here.

use crate::ui::pointer::{Button, Pointer, Side};

/// The bits of the first number: which button, keys held meanwhile, and that it moves.
const WHICH: u16 = 0b1100_0011;
const MOVES: u16 = 32;
const LEFT: u16 = 0;
const RIGHT: u16 = 2;
const WHEEL_UP: u16 = 64;
const WHEEL_DOWN: u16 = 65;

/// What a report of these numbers and this end tells.
pub(super) fn pointer(numbers: &[u8], end: u8) -> Option<Pointer> {
    let text = std::str::from_utf8(numbers).ok()?;
    // A sign is part of a number elsewhere.
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split(';').map(|part| {
        let part = Some(part).filter(|part| digits(part))?;
        part.parse::<u16>().ok()
    });
    let mut next = || parts.next().flatten();
    let (button, column, row) = (next()?, next()?, next()?);
    if parts.next().is_some() {
        return None;
    }
    let button_does = match (end, button & MOVES) {
        (b'm', _) => Button::Released,
        (_, 0) => Button::Pressed,
        _ => Button::Dragged,
    };
    let (button, side) = match button & WHICH {
        LEFT => (button_does, Side::Left),
        RIGHT => (button_does, Side::Right),
        WHEEL_UP if button_does == Button::Pressed => (Button::WheelUp, Side::Left),
        WHEEL_DOWN if button_does == Button::Pressed => (Button::WheelDown, Side::Left),
        _ => return None,
    };
    Some(Pointer {
        button,
        side,
        // Terminals count from one.
        column: column.checked_sub(1)?,
        row: row.checked_sub(1)?,
    })
}
