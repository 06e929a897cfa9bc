//! What the narrator's sentence means, what to look at and what to press; and all that was told
//! so far. It stands where nothing that it speaks of is covered.

use ratatui::{buffer::Buffer, layout::Rect};

use super::sheet::{self, Row, Words};
use crate::{
    message::{Note, Observation, Pane, Press},
    ui::{
        chrome::keys::in_glyphs,
        frame::{Body, Frame},
        theme::{Glyphs, Theme},
        told,
        widget::text,
    },
};

/// Columns that a line may have and still be read from end to end.
const READ: u16 = 118;

/// Columns of a sentence's second of film.
const SECOND: usize = 7;

/// Draws it.
pub(in crate::ui) fn render(
    seen: &Observation,
    chosen: Option<usize>,
    theme: Theme,
    is_lesson: bool,
    frame: &Frame,
    buf: &mut Buffer,
) {
    let Some(note) = told::note(seen, chosen) else {
        return;
    };
    match frame.body {
        Body::Wide(body) if is_lesson => across(seen, chosen, note, theme, body, frame, buf),
        Body::Wide(_) => wide(seen, chosen, note, theme, frame, buf),
        Body::Narrow(_) => narrow(seen, chosen, note, theme, frame, buf),
    }
}

fn wide(
    seen: &Observation,
    chosen: Option<usize>,
    note: &Note,
    theme: Theme,
    frame: &Frame,
    buf: &mut Buffer,
) {
    let [left, right] = frame.teaching();
    sheet::clear(
        Rect {
            width: right.right() - left.x,
            ..left
        },
        frame.screen,
        buf,
    );
    let says = vec![("Esc closes".into(), theme.dim())];
    let mut rows = vec![Row::Title("why?".into(), says), Row::Blank];
    rows.extend(sheet::paragraph(
        &plain(note, theme),
        theme.text(),
        left.width,
    ));
    rows.push(Row::Blank);
    rows.push(look(note, theme));
    rows.push(press(note, theme));
    sheet::draw(rows, theme, left, buf);
    list(seen, chosen, theme, right, buf);
}

/// Over the last rows of a lesson's pictures, above its sentence: as wide as can be read, so that
/// as little of them as can be is covered.
fn across(
    seen: &Observation,
    chosen: Option<usize>,
    note: &Note,
    theme: Theme,
    body: Rect,
    frame: &Frame,
    buf: &mut Buffer,
) {
    let mut rows = vec![title(seen, chosen, theme)];
    let lines = text::wrapped(&plain(note, theme), body.width.min(READ));
    rows.extend(lines.into_iter().map(|line| {
        let words = vec![(line, theme.text())];
        Row::Words(words, vec![])
    }));
    rows.extend([look(note, theme), press(note, theme)]);
    let height = body.height.min(rows.len() as u16);
    let area = Rect {
        y: body.bottom() - height,
        height,
        ..body
    };
    sheet::clear(area, frame.screen, buf);
    sheet::draw(rows, theme, area, buf);
}

/// Which sentence it is, where the others are not listed.
fn title(seen: &Observation, chosen: Option<usize>, theme: Theme) -> Row {
    let (place, count) = (told::marked(seen, chosen) + 1, seen.curve.told.len());
    let says = in_glyphs("↑↓ others   Esc closes", theme.glyphs);
    let title = format!("why? {place} of {count}");
    Row::Title(title, vec![(says, theme.dim())])
}

/// All that was told, as far as there is room, the newest last.
fn list(seen: &Observation, chosen: Option<usize>, theme: Theme, area: Rect, buf: &mut Buffer) {
    let notes = &seen.curve.told;
    let marked = told::marked(seen, chosen);
    let says = in_glyphs("↑↓ choose, enter goes there", theme.glyphs);
    let says = vec![(says, theme.dim())];
    let mut rows = vec![Row::Title("told so far".into(), says)];
    let room = usize::from(area.height.saturating_sub(1));
    // The last ones, unless an earlier one is chosen.
    let first = notes.len().saturating_sub(room).min(marked);
    for (place, note) in notes.iter().enumerate().skip(first).take(room) {
        let second = seen.moment.film.time_of(note.step);
        let (mark, style) = if place == marked {
            (theme.symbols().chosen, theme.text())
        } else {
            (' ', theme.dim())
        };
        let words = text::plain(&note.words, theme);
        let row: Words = vec![
            (
                format!("{mark}{second:>width$.1} s ", width = SECOND - 3),
                theme.dim(),
            ),
            (words, style),
        ];
        rows.push(Row::Words(row, vec![]));
    }
    sheet::draw(rows, theme, area, buf);
}

/// Over the loss, or where that is spoken of over the map; the sentence has the narrator's row.
fn narrow(
    seen: &Observation,
    chosen: Option<usize>,
    note: &Note,
    theme: Theme,
    frame: &Frame,
    buf: &mut Buffer,
) {
    let Some(at) = frame.narrow_teaching() else {
        return;
    };
    let mut rows = vec![title(seen, chosen, theme)];
    rows.extend(sheet::paragraph(
        &plain(note, theme),
        theme.text(),
        at.whole.width,
    ));
    if at.has_room {
        rows.extend([Row::Blank, look(note, theme)]);
    }
    rows.push(press(note, theme));
    let height = if at.has_room {
        at.whole.height
    } else {
        at.whole.height.min(rows.len() as u16)
    };
    let top = if note.why.at == Pane::Loss {
        at.whole.y
    } else {
        at.whole.bottom() - height
    };
    let area = Rect {
        y: top,
        height,
        ..at.whole
    };
    sheet::clear(area, frame.screen, buf);
    sheet::draw(rows, theme, area, buf);
    let sign = if note.warning {
        '!'
    } else {
        theme.symbols().milestone
    };
    let style = if note.warning {
        theme.warning()
    } else {
        theme.text()
    };
    let sentence = format!("{sign} {}", text::plain(&note.words, theme));
    sheet::clear(at.narrator, frame.screen, buf);
    text::left(buf, at.narrator, &[(&sentence, style)]);
}

fn plain(note: &Note, theme: Theme) -> String {
    text::plain(&note.why.paragraph, theme)
}

fn look(note: &Note, theme: Theme) -> Row {
    let words = vec![
        ("look  ".into(), theme.dim()),
        (note.why.look.into(), theme.text()),
    ];
    Row::Words(words, vec![])
}

fn press(note: &Note, theme: Theme) -> Row {
    let mut words: Words = vec![("press ".into(), theme.dim())];
    for Press { keys, words: does } in &note.why.press {
        words.push((arrows(keys, theme), theme.accent().bold()));
        words.push((format!(" {does}   "), theme.dim()));
    }
    Row::Words(words, vec![])
}

/// Keys as they are written where the font may have no arrows.
fn arrows(keys: &str, theme: Theme) -> String {
    match theme.glyphs {
        Glyphs::Blocks => keys.into(),
        Glyphs::Ascii => keys
            .replace('→', "right")
            .replace('←', "left")
            .replace('↓', "down"),
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;
    use crate::{
        observe::every_why,
        ui::{keymap, views::View},
    };

    /// What keys mean that are pressed one after the other in Train.
    fn is_known(keys: &str) -> bool {
        if let Some(letter) = keys.strip_prefix("g ").and_then(|rest| rest.chars().next()) {
            return View::of_letter(letter).is_some() || letter.is_ascii_digit();
        }
        keys.split(' ').all(|key| {
            let code = match key {
                "→" => KeyCode::Right,
                "←" => KeyCode::Left,
                "↓" => KeyCode::Down,
                "enter" => KeyCode::Enter,
                "space" => KeyCode::Char(' '),
                key => KeyCode::Char(key.chars().next().unwrap_or('\0')),
            };
            // Enter does what was typed or chosen.
            key == "enter" || keymap::action(code.into(), View::Train).is_some()
        })
    }

    #[test]
    fn every_key_that_a_sentence_names_is_a_key() {
        for why in every_why() {
            for Press { keys, .. } in &why.press {
                assert!(is_known(keys), "{keys}");
            }
        }
    }

    #[test]
    fn what_to_look_at_and_what_to_press_fit_their_lines() {
        let theme = Theme {
            depth: crate::ui::theme::Depth::None,
            tone: crate::ui::theme::Tone::Dark,
            glyphs: Glyphs::Blocks,
        };
        for words in every_why() {
            let note = Note {
                step: 0,
                words: String::new(),
                warning: false,
                why: words.into(),
            };
            for row in [look(&note, theme), press(&note, theme)] {
                let Row::Words(words, _) = row else { panic!() };
                let line: String = words.iter().map(|(words, _)| words.as_str()).collect();
                assert!(text::width(line.trim_end()) <= 56, "{line}");
            }
        }
    }
}
