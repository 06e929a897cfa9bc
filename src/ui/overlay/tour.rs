//! The tour's card: what a chapter says, asks and answers, and the way; the rest of the screen
//! steps back, but for what it points at.

mod widths;

use ratatui::{buffer::Buffer, layout::Rect};

use super::sheet::{self, Row};
use crate::{
    message::{Observation, Pane, TriedWidth},
    ui::{
        app::App,
        chrome::keys::in_glyphs,
        frame::{Body, Frame, MARGIN},
        theme::{Depth, Glyphs, Theme},
        tour::{CHAPTERS, Leg, Tour, Widths},
        update::tour::ROOM,
        views,
        widget::text,
    },
};

/// Rows of the card where it lies across the whole screen.
const ACROSS: u16 = 6;
/// Rows of the card on a narrow screen.
const LOW: u16 = 7;
/// Columns of the list of chapters, and the gap behind it.
const WAY: u16 = 28;

/// Draws it over all but what lies over the view.
pub(in crate::ui) fn render(
    app: &App,
    tour: &Tour,
    seen: &Observation,
    theme: Theme,
    frame: &Frame,
    buf: &mut Buffer,
) {
    if frame.screen.width < ROOM.0 || frame.screen.height < ROOM.1 {
        return no_room(theme, frame, buf);
    }
    if tour.leg == Leg::There
        && tour.chapter().panes.is_empty()
        && let Widths::Tried(widths) = &tour.widths
    {
        return beside_widths(app, tour, seen, widths, theme, frame, buf);
    }
    let cards = cards(tour, frame);
    step_back(app, tour, theme, frame, &cards, buf);
    let [left, right] = cards;
    let under = left.union(right);
    if matches!(frame.body, Body::Wide(_)) {
        sheet::clear(under, frame.screen, buf);
        draw_card(app, tour, seen, theme, left, true, buf);
        way(tour, theme, right, buf);
    } else {
        sheet::clear(left, frame.screen, buf);
        draw_card(app, tour, seen, theme, left, false, buf);
    }
}

/// What is said where the card has no room.
fn no_room(theme: Theme, frame: &Frame, buf: &mut Buffer) {
    let Some(at) = frame.narrow_teaching() else {
        return;
    };
    sheet::clear(at.narrator, frame.screen, buf);
    let words = "The tour needs 80x24; Esc leaves it.";
    text::left(buf, at.narrator, &[(words, theme.warning())]);
}

/// The card across the whole screen, under the pictures that it speaks of.
fn beside_widths(
    app: &App,
    tour: &Tour,
    seen: &Observation,
    widths: &[TriedWidth],
    theme: Theme,
    frame: &Frame,
    buf: &mut Buffer,
) {
    let whole = Rect {
        x: frame.screen.x + MARGIN,
        y: frame.header.bottom(),
        width: frame.screen.width.saturating_sub(2 * MARGIN),
        height: frame.tape.y.saturating_sub(frame.header.bottom()),
    };
    let card = Rect {
        y: whole.bottom() - ACROSS.min(whole.height),
        height: ACROSS.min(whole.height),
        ..whole
    };
    sheet::clear(whole, frame.screen, buf);
    // On a narrow screen pictures stand beside the tape too.
    let beside_tape = Rect {
        width: frame.tape.x.saturating_sub(frame.screen.x),
        ..Rect {
            x: frame.screen.x,
            ..frame.tape
        }
    };
    sheet::clear(beside_tape, frame.screen, buf);
    let pictures = Rect {
        height: card.y - whole.y,
        ..whole
    };
    widths::render(app, widths, theme, pictures, buf);
    draw_card(app, tour, seen, theme, card, false, buf);
}

/// Where it stands; on a narrow screen the second is the first.
fn cards(tour: &Tour, frame: &Frame) -> [Rect; 2] {
    let Some(at) = frame.narrow_teaching() else {
        return frame.teaching();
    };
    let place = at.whole;
    // Where the loss is pointed at the map gives way.
    let speaks_of_loss = tour.chapter().panes.contains(&Pane::Loss);
    let y = if speaks_of_loss {
        place.y
    } else {
        at.narrator.bottom().saturating_sub(LOW)
    };
    let card = Rect {
        y,
        height: LOW,
        ..place
    };
    [card, card]
}

fn draw_card(
    app: &App,
    tour: &Tour,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    is_wide: bool,
    buf: &mut Buffer,
) {
    let chapter = tour.chapter();
    let place = tour.chapter + 1;
    let small = chapter.title.to_lowercase();
    let title = format!("tour {place} of {}: {small}", CHAPTERS.len());
    let says = if is_wide {
        "Esc leaves, you stay here"
    } else {
        "Esc leaves"
    };
    let mut rows = vec![Row::Title(title, vec![(says.into(), theme.dim())])];
    let line = |words: &str, style| sheet::paragraph(&text::plain(words, theme), style, area.width);
    if tour.leg == Leg::Going {
        rows.extend(line(
            "The film plays to the next stop. f plays it at full speed.",
            theme.dim(),
        ));
        sheet::draw(rows, theme, area, buf);
        return;
    }
    let text = (chapter.text)(app, seen);
    let answer = (chapter.answer)(app, tour, seen);
    let (keys, what) = (chapter.asks)(seen);
    let keys = arrows(&keys, theme);
    let asks = || {
        Row::Words(
            vec![
                ("Press ".into(), theme.dim()),
                (keys.clone(), theme.accent().bold()),
                (format!(" {what}"), theme.dim()),
            ],
            vec![],
        )
    };
    let goes_on = |right: bool| {
        let last = place == CHAPTERS.len();
        let words = vec![
            ("Space".into(), theme.accent().bold()),
            (
                if last { " ends the tour" } else { " goes on" }.into(),
                theme.dim(),
            ),
        ];
        if right {
            Row::Words(vec![], words)
        } else {
            Row::Words(
                words,
                vec![("every other key still works".into(), theme.dim())],
            )
        }
    };
    if is_wide {
        rows.extend(line(&text, theme.text()));
        rows.push(Row::Blank);
        match answer {
            Some(answer) => rows.extend(line(&answer, theme.text())),
            None => rows.push(asks()),
        }
        rows.push(Row::Blank);
        rows.push(goes_on(false));
    } else if let Some(answer) = answer {
        rows.extend(line(&answer, theme.text()));
        rows.push(Row::Blank);
        rows.push(goes_on(true));
    } else {
        rows.extend(line(&text, theme.text()));
        let Row::Words(words, _) = asks() else { return };
        let Row::Words(_, on) = goes_on(true) else {
            return;
        };
        rows.push(Row::Words(words, on));
    }
    sheet::draw(rows, theme, area, buf);
}

/// The chapters, and which one this is.
fn way(tour: &Tour, theme: Theme, area: Rect, buf: &mut Buffer) {
    let says = vec![("backspace goes back".into(), theme.dim())];
    let mut rows = vec![Row::Title("the way".into(), says)];
    for (place, chapter) in CHAPTERS.iter().enumerate() {
        let (mark, style) = if place == tour.chapter {
            (theme.symbols().chosen, theme.text())
        } else {
            (' ', theme.dim())
        };
        let number = format!("{mark} {:>2} ", place + 1);
        rows.push(Row::Words(
            vec![(number, style), (chapter.title.into(), style)],
            vec![],
        ));
    }
    let list = Rect {
        width: area.width.max(WAY),
        ..area
    };
    sheet::draw(rows, theme, list.intersection(area), buf);
}

/// All but what is pointed at, the cards, the tape and the keys are at a quarter of their
/// strength; where there is no colour a sign stands before what is pointed at.
fn step_back(
    app: &App,
    tour: &Tour,
    theme: Theme,
    frame: &Frame,
    cards: &[Rect; 2],
    buf: &mut Buffer,
) {
    let chapter = tour.chapter();
    let mut kept: Vec<Rect> = chapter
        .panes
        .iter()
        .filter_map(|pane| views::pane(app, &views::frame(app, *frame), *pane))
        .collect();
    if kept.is_empty() || tour.leg == Leg::Going {
        return;
    }
    if theme.depth == Depth::None {
        for pane in &kept {
            let sign = Rect {
                x: pane.x.saturating_sub(1),
                width: 1,
                height: 1,
                ..*pane
            };
            let chosen = theme.symbols().chosen.to_string();
            text::left(buf, sign, &[(&chosen, theme.text())]);
        }
        return;
    }
    kept.extend(cards);
    kept.extend([frame.tape, frame.keys]);
    for position in frame.screen.positions() {
        if kept.iter().any(|rect| rect.contains(position)) {
            continue;
        }
        let cell = &mut buf[position];
        let (fg, bg) = (
            theme.stepped_back(cell.fg),
            theme.ground_stepped_back(cell.bg),
        );
        cell.set_fg(fg).set_bg(bg);
    }
}

fn arrows(keys: &str, theme: Theme) -> String {
    match theme.glyphs {
        Glyphs::Blocks => keys.into(),
        Glyphs::Ascii => in_glyphs(keys, theme.glyphs).replace('→', "right"),
    }
}
