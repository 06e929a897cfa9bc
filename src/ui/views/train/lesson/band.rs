//! The narrator's sentence, on the only ground of the screen.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::ui::{chrome::narrator, lesson::Lesson, theme::Depth, views::Stage, widget::text};

/// What stands at the right while the film waits.
const SPACE: &str = " space ";
/// Columns at each side of the sentence, for the sign and for that.
const SIDE: u16 = 12;

pub(super) fn render(stage: &Stage, lesson: &Lesson, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let ground = theme.ground();
    for place in area.intersection(buf.area).positions() {
        buf[place].reset();
        buf[place].set_style(ground);
    }
    let row = Rect {
        y: area.y + area.height / 2,
        height: 1,
        ..area
    };
    let room = row.width.saturating_sub(2 * SIDE);
    let (told, style) = match lesson.waits_at() {
        Some(note) => narrator::told(note, theme, room),
        None => narrator::sentence(stage.app, stage.seen, theme, room),
    };
    let (sign, words) = told.split_once(' ').unwrap_or(("", &told));
    let sign_at = Rect {
        x: row.x + 3,
        width: 2,
        ..row
    };
    text::left(buf, sign_at, &[(sign, theme.accent().patch(ground))]);
    let width = text::width(words).min(room);
    let middle = Rect {
        x: row.x + (row.width - width) / 2,
        width,
        ..row
    };
    text::left(buf, middle, &[(words, style.patch(ground).bold())]);
    if lesson.waits() && !stage.app.moves() {
        let chip = match theme.depth {
            Depth::None => "[space]",
            _ => SPACE,
        };
        let right = Rect {
            width: row.width.saturating_sub(2),
            ..row
        };
        text::right(buf, right, &[(chip, theme.active_tab())]);
    }
}
