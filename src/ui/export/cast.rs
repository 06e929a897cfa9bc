//! Screens as an asciicast: what a terminal would have been sent, and when.
//!
//! The format is version 2 of <https://docs.asciinema.org/manual/asciicast/v2/>: a line of JSON
//! about the whole, and one for each time something is written. Only cells that have changed
//! are.

use std::fmt::Write;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use serde_json::json;

/// A film that is being written.
pub struct Cast {
    lines: String,
    seconds: f64,
    before: Option<Buffer>,
}

impl Cast {
    /// A film of screens of so many columns and rows, by this name.
    pub fn new((width, height): (u16, u16), title: &str) -> Self {
        let about = json!({"version": 2, "width": width, "height": height, "title": title});
        Self {
            lines: format!("{about}\n"),
            seconds: 0.0,
            before: None,
        }
    }

    /// A screen, for so many seconds.
    pub fn show(&mut self, screen: Buffer, seconds: f64) {
        let mut written = String::new();
        if self.before.is_none() {
            // Nothing of before, and no cursor.
            written += "\x1b[2J\x1b[?25l";
        }
        self.write_changes(&screen, &mut written);
        self.line(&written);
        self.seconds += seconds;
        self.before = Some(screen);
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        // The last screen stands until then.
        self.line("\x1b[0m");
        self.lines.into_bytes()
    }

    fn line(&mut self, written: &str) {
        let seconds = (self.seconds * 1000.0).round() / 1000.0;
        let _ = writeln!(self.lines, "{}", json!([seconds, "o", written]));
    }

    fn write_changes(&self, screen: &Buffer, written: &mut String) {
        let mut style = None;
        for row in 0..screen.area.height {
            // Where the terminal's cursor is, if it is in this row.
            let mut cursor = None;
            for column in 0..screen.area.width {
                let cell = &screen[(column, row)];
                let same = |before: &Buffer| &before[(column, row)] == cell;
                if self.before.as_ref().is_some_and(same) {
                    continue;
                }
                if cursor != Some(column) {
                    let _ = write!(written, "\x1b[{};{}H", row + 1, column + 1);
                }
                let own = (cell.fg, cell.bg, cell.modifier);
                if style != Some(own) {
                    style = Some(own);
                    written.push_str(&rendition(cell));
                }
                written.push_str(cell.symbol());
                cursor = Some(column + 1);
            }
        }
    }
}

/// What makes a terminal write in the style of a cell.
fn rendition(cell: &Cell) -> String {
    let mut codes = String::from("\x1b[0");
    for (modifier, code) in [(Modifier::BOLD, ";1"), (Modifier::REVERSED, ";7")] {
        if cell.modifier.contains(modifier) {
            codes += code;
        }
    }
    for (color, ground) in [(cell.fg, 38), (cell.bg, 48)] {
        match color {
            Color::Rgb(red, green, blue) => {
                let _ = write!(codes, ";{ground};2;{red};{green};{blue}");
            }
            Color::Indexed(index) => {
                let _ = write!(codes, ";{ground};5;{index}");
            }
            _ => {}
        }
    }
    codes + "m"
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use ratatui::{layout::Rect, style::Style};
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_terminal_that_plays_it_shows_each_screen_at_its_time() {
        let size = (10_u16, 3_u16);
        let screen = |words: &str, at: u16| {
            let mut screen = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            let style = Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Indexed(7));
            screen.set_string(at, 1, words, style);
            screen
        };
        let mut film = Cast::new(size, "a \"run\"");
        film.show(screen("one", 2), 0.5);
        film.show(screen("two▀", 4), 1.25);
        let file = String::from_utf8(film.finish()).unwrap();
        let lines: Vec<Value> = file
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["width"], 10);
        assert_eq!(lines[0]["title"], "a \"run\"");
        let mut terminal = vt100::Parser::new(
            NonZeroU16::new(size.1).unwrap(),
            NonZeroU16::new(size.0).unwrap(),
            0,
        );
        let mut rows = Vec::new();
        for (line, seconds) in lines[1..].iter().zip([0.0, 0.5, 1.75]) {
            assert_eq!(line[0], seconds);
            assert_eq!(line[1], "o");
            terminal.process(line[2].as_str().unwrap().as_bytes());
            let row = terminal.screen().contents_between(1, 0, 1, size.0);
            rows.push(row.trim_end().to_owned());
        }
        assert_eq!(rows, ["  one", "    two▀", "    two▀"]);
        let cell = terminal.screen().cell(1, 5).unwrap();
        assert_eq!(cell.fgcolor(), vt100::Color::Rgb(1, 2, 3));
        assert_eq!(cell.bgcolor(), vt100::Color::Idx(7));
    }
}
