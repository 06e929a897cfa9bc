//! What a terminal sends, told apart: keys, pasted text, and its own reports.
//!
//! A terminal answers questions on the line that carries the keys, sometimes long
//! after they were asked, in pieces, and to programs that have left since. So every
//! byte is read by the grammar of ECMA-48: whatever opens as a sequence or a string
//! is swallowed to its end, known or not, and only the rest is a key. No clock and
//! no file here: bytes and moments are handed in.

mod keys;
mod mouse;

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::ui::pointer::Pointer;

/// After a silence of this length an escape was the key Esc. Longer than the gap
/// between two pieces of one sequence, too short to be felt.
const LONE_ESCAPE: Duration = Duration::from_millis(50);
/// A sequence or string that has not ended by now never will: keys are keys again.
/// It bounds what a broken report can swallow to what is typed meanwhile.
const UNENDED: Duration = Duration::from_secs(2);
/// So much of a sequence or string is remembered; every known one is far shorter.
const KEPT: usize = 256;
/// So much of a pasted text is remembered: more than any prompt takes.
const PASTED: usize = 4096;
/// No cell has more pixels on a side; what tells of more tells of something else.
pub(super) const LARGEST_CELL: u16 = 256;
/// What ends a pasted text.
const PASTE_END: &[u8] = b"\x1b[201~";

const BEL: u8 = 0x07;
const ESC: u8 = 0x1b;

/// What a terminal has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(Pointer),
    /// The colour of the background, as the terminal words it.
    Background(Vec<u8>),
    /// Whether it would take pictures of Kitty's kind.
    Graphics(bool),
    /// Columns and rows of pixels in a cell.
    CellSize([u16; 2]),
    /// That it is well, and has come as far as the question.
    Well,
    /// What the terminal is: the answer that every terminal gives, and so the last
    /// to what was asked before.
    Attributes {
        /// Whether it shows Sixel.
        sixel: bool,
    },
}

/// Where in the grammar the next byte falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between two things.
    Ground,
    /// In a character of several bytes.
    Character,
    /// After an escape.
    Escape,
    /// After `ESC [`.
    Sequence,
    /// After `ESC O`, in a key.
    Single,
    /// In something whose length alone is known: so many bytes are left.
    Counted(u8),
    /// In an OSC, DCS, SOS, PM or APC string, which nobody ends who types.
    Body,
    /// After an escape in such a string.
    BodyEscape,
    /// In a pasted text; so many bytes of its end were seen.
    Paste(usize),
}

/// Reads what a terminal sends, in pieces of any size.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    /// When the state left the ground, or the newest byte of a paste came.
    since: Instant,
    /// Whether an escape went before the character.
    alt: bool,
    /// The bytes of the state so far, as many as are worth keeping.
    held: Vec<u8>,
    /// The byte that opened the string.
    opener: u8,
    /// When a silence made the last thing sent the key Esc.
    escaped: Option<Instant>,
}

impl Decoder {
    /// At the beginning of everything.
    pub fn new(now: Instant) -> Self {
        Self {
            state: State::Ground,
            since: now,
            alt: false,
            held: Vec::new(),
            opener: 0,
            escaped: None,
        }
    }

    /// Takes bytes that arrived together; what they tell is added to `sent`.
    pub fn feed(&mut self, bytes: &[u8], now: Instant, sent: &mut Vec<Sent>) {
        // A lone escape is made out by silence only: bytes that waited to be read
        // while the program was busy were not silent.
        if self.state != State::Escape {
            self.expire(now, sent);
        }
        if let Some(escaped) = self.escaped.take()
            && now.saturating_duration_since(escaped) < UNENDED
            && continues_a_report(bytes)
        {
            self.enter(State::Escape, now);
        }
        for &byte in bytes {
            self.take(byte, now, sent);
        }
    }

    /// Nothing has arrived up to now: what does not go on is over.
    pub fn expire(&mut self, now: Instant, sent: &mut Vec<Sent>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        if self.state == State::Escape {
            self.escaped = Some(now);
            sent.push(press(KeyCode::Esc, self.alt));
        }
        self.ground();
    }

    /// When a silence would mean something.
    pub fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Ground => None,
            State::Escape => Some(self.since + LONE_ESCAPE),
            _ => Some(self.since + UNENDED),
        }
    }

    fn ground(&mut self) {
        self.state = State::Ground;
        self.alt = false;
        self.held.clear();
    }

    fn enter(&mut self, state: State, now: Instant) {
        self.state = state;
        self.since = now;
        self.held.clear();
    }

    fn keep(&mut self, byte: u8, at_most: usize) {
        if self.held.len() < at_most {
            self.held.push(byte);
        }
    }

    fn take(&mut self, byte: u8, now: Instant, sent: &mut Vec<Sent>) {
        match self.state {
            State::Ground => self.begin(byte, now, sent),
            State::Character => self.character(byte, now, sent),
            State::Escape => self.escape(byte, now, sent),
            State::Sequence => match byte {
                0x20..=0x3f => self.keep(byte, KEPT),
                0x40..=0x7e => self.sequence(byte, now, sent),
                0x7f => {}
                _ => self.broken_off(byte, now, sent),
            },
            State::Single => match byte {
                // Parameters, as some terminals put them here.
                0x30..=0x3b => {}
                0x20..=0x7e => {
                    self.ground();
                    sent.extend(keys::single(byte).map(Sent::Key));
                }
                _ => self.broken_off(byte, now, sent),
            },
            // Neither of them has such a byte: Ctrl-C ends the program even here.
            State::Counted(_) if byte < 0x20 => self.broken_off(byte, now, sent),
            State::Counted(left) if left <= 1 => self.ground(),
            State::Counted(left) => self.state = State::Counted(left - 1),
            State::Body => match byte {
                BEL => self.end_body(sent),
                // In eight bits, where the string was opened so.
                0x9c if self.opener >= 0x80 => self.end_body(sent),
                ESC => self.state = State::BodyEscape,
                // No string holds such a byte: Ctrl-C ends the program even here.
                0x00..=0x06 | 0x0e..=0x1f => self.broken_off(byte, now, sent),
                _ => self.keep(byte, KEPT),
            },
            State::BodyEscape if byte == b'\\' => self.end_body(sent),
            State::BodyEscape => {
                self.enter(State::Escape, now);
                self.escape(byte, now, sent);
            }
            State::Paste(seen) => self.paste(seen, byte, now, sent),
        }
    }

    /// The first byte of anything.
    fn begin(&mut self, byte: u8, now: Instant, sent: &mut Vec<Sent>) {
        match byte {
            ESC => {
                self.alt = false;
                self.enter(State::Escape, now);
            }
            0x00..=0x7f => {
                let key = keys::plain(byte);
                sent.push(press_with(key.code, key.modifiers, self.alt));
                self.ground();
            }
            0xc2..=0xf4 => {
                self.enter(State::Character, now);
                self.held.push(byte);
            }
            // Introducers in one byte of eight bits, where no character begins.
            0x8f => self.enter(State::Single, now),
            0x9b => self.enter(State::Sequence, now),
            0x90 | 0x98 | 0x9d | 0x9e | 0x9f => self.open(byte, now),
            _ => self.ground(),
        }
    }

    /// A byte that what is under way cannot hold: that was cut off.
    fn broken_off(&mut self, byte: u8, now: Instant, sent: &mut Vec<Sent>) {
        self.ground();
        self.begin(byte, now, sent);
    }

    fn character(&mut self, byte: u8, now: Instant, sent: &mut Vec<Sent>) {
        self.held.push(byte);
        match std::str::from_utf8(&self.held) {
            Ok(text) => {
                let character = text.chars().next().map(KeyCode::Char);
                sent.extend(character.map(|code| press(code, self.alt)));
                self.ground();
            }
            Err(error) if error.error_len().is_none() => {}
            Err(_) => self.broken_off(byte, now, sent),
        }
    }

    fn escape(&mut self, byte: u8, now: Instant, sent: &mut Vec<Sent>) {
        match byte {
            ESC => {
                sent.push(press(KeyCode::Esc, false));
                self.enter(State::Escape, now);
            }
            b'[' => self.enter(State::Sequence, now),
            b'O' => self.enter(State::Single, now),
            b']' | b'P' | b'X' | b'^' | b'_' => self.open(byte, now),
            _ => {
                self.alt = true;
                self.begin(byte, now, sent);
            }
        }
    }

    fn open(&mut self, opener: u8, now: Instant) {
        self.opener = opener;
        self.enter(State::Body, now);
    }

    fn end_body(&mut self, sent: &mut Vec<Sent>) {
        let is_osc = matches!(self.opener, b']' | 0x9d);
        let is_apc = matches!(self.opener, b'_' | 0x9f);
        if is_osc && let Some(color) = self.held.strip_prefix(b"11;") {
            sent.push(Sent::Background(color.to_vec()));
        } else if is_apc && let Some(answer) = self.held.strip_prefix(b"G") {
            sent.push(Sent::Graphics(answer.ends_with(b";OK")));
        }
        self.ground();
    }

    /// The last byte of a sequence.
    fn sequence(&mut self, end: u8, now: Instant, sent: &mut Vec<Sent>) {
        match (self.held.as_slice(), end) {
            (b"200", b'~') => return self.enter(State::Paste(0), now),
            // A function key of the Linux console has a letter more, and the oldest
            // mouse reports have three bytes.
            (b"", b'[') => return self.enter(State::Counted(1), now),
            (b"", b'M') => return self.enter(State::Counted(3), now),
            ([b'?', attributes @ ..], b'c') => {
                let sixel = numbers(attributes).skip(1).any(|number| number == Some(4));
                sent.push(Sent::Attributes { sixel });
            }
            (b"0", b'n') => sent.push(Sent::Well),
            (parameters, b't') => sent.extend(cell_size(parameters).map(Sent::CellSize)),
            ([b'<', report @ ..], b'M' | b'm') => {
                sent.extend(mouse::pointer(report, end).map(Sent::Mouse));
            }
            (parameters, end) => sent.extend(keys::sequence(parameters, end).map(Sent::Key)),
        }
        self.ground();
    }

    fn paste(&mut self, seen: usize, byte: u8, now: Instant, sent: &mut Vec<Sent>) {
        self.since = now;
        self.keep(byte, PASTED);
        let seen = match byte {
            _ if byte == PASTE_END[seen] => seen + 1,
            ESC => 1,
            _ => 0,
        };
        self.state = State::Paste(seen);
        if seen == PASTE_END.len() {
            let text = self.held.strip_suffix(PASTE_END).unwrap_or(&self.held);
            sent.push(Sent::Paste(String::from_utf8_lossy(text).into_owned()));
            self.ground();
        }
    }
}

/// The numbers of a report, as far as they are such.
fn numbers(parameters: &[u8]) -> impl Iterator<Item = Option<u16>> {
    let parts = parameters.split(|byte| *byte == b';');
    parts.map(|part| std::str::from_utf8(part).ok()?.parse().ok())
}

/// Columns and rows of pixels in a cell, if that is what is told of the window: with 6, height
/// and width.
fn cell_size(parameters: &[u8]) -> Option<[u16; 2]> {
    let mut numbers = numbers(parameters);
    let mut next = || numbers.next().flatten();
    let (kind, height, width) = (next()?, next()?, next()?);
    let is_size = |side: u16| (1..=LARGEST_CELL).contains(&side);
    (kind == 6 && is_size(width) && is_size(height)).then_some([width, height])
}

/// Whether bytes that came together after a lone escape are the rest of a report
/// that was cut there, and held up for longer than an escape is waited for: fingers
/// do not type these in one go.
fn continues_a_report(bytes: &[u8]) -> bool {
    match bytes {
        [b']', second, _, ..] => second.is_ascii_digit(),
        [b'_', b'G', _, ..] => true,
        [b'P', second, _, ..] => matches!(second, b'!'..=b'?'),
        [b'[', second, _, ..] => matches!(second, b'0'..=b'9' | b'<'..=b'?'),
        _ => false,
    }
}

fn press(code: KeyCode, alt: bool) -> Sent {
    press_with(code, KeyModifiers::NONE, alt)
}

fn press_with(code: KeyCode, mut modifiers: KeyModifiers, alt: bool) -> Sent {
    modifiers.set(KeyModifiers::ALT, alt);
    Sent::Key(KeyEvent::new(code, modifiers))
}

#[cfg(test)]
mod tests;
