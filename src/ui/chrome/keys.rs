//! The last row: hints, or the answer to the last key.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    message::Phase,
    ui::{
        app::{App, Overlay, Prompt},
        find,
        keymap::{Action, BINDINGS, Binding, Scene},
        lesson::{Lesson, Scene as LessonScene},
        past::{self, Past},
        runs::{self, Choice},
        settings::words,
        theme::{Glyphs, Theme},
        tour::Leg,
        views::{Entry, TABLE},
        widget::text::{self, Span},
    },
};

/// Draws the row.
pub(in crate::ui) fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    if let Overlay::Typing(prompt, typed) = &app.overlay {
        let ways = match (prompt, &**typed) {
            (Prompt::Sample, "") => format!("  or a view: {}  Esc stays", letters(row.width)),
            _ => "  Enter goes, Esc stays".into(),
        };
        let spans: [Span; 5] = [
            (prompt.words(), theme.text()),
            (" ", theme.text()),
            (typed, theme.accent().bold()),
            ("_", theme.accent()),
            (&ways, theme.dim()),
        ];
        text::left(buf, row, &spans);
    } else if let Some(status) = &app.status {
        let style = if status.warning {
            theme.warning()
        } else {
            theme.text()
        };
        let plain = text::plain(&status.words, theme);
        text::left(buf, row, &[(&plain, style)]);
    } else if let Overlay::Settings(sheet) = &app.overlay {
        let verb = words::verb(&sheet.intent(app));
        let keys = [
            ("↑↓", "line", 6),
            ("←→", "value", 7),
            ("0-9", "type it", 5),
            ("backspace", "as it was", 3),
            ("enter", verb, 9),
            ("esc", "leave", 8),
            ("space", space(app), 4),
            ("?", "help", 1),
            ("q", "quit", 8),
        ];
        draw(of_a_sheet(&keys, theme), theme, row, buf);
    } else if let Overlay::Find(find) = &app.overlay {
        let found = find.found(app);
        let verb = found
            .get(find.marked(&found))
            .map_or("nothing", |found| find::verb(&found.entry));
        let keys = [
            ("↑↓", "choose", 6),
            ("enter", verb, 9),
            ("tab", "complete", 4),
            ("backspace", "take back", 3),
            ("esc", "leave", 8),
        ];
        draw(of_a_sheet(&keys, theme), theme, row, buf);
    } else if let Overlay::Branches(at) = app.overlay {
        let verb = match runs::choice(app, at) {
            Choice::Here(_) => "branch here",
            Choice::Visit(..) => "look at it",
            Choice::Stay => "close",
        };
        let keys = [
            ("↑↓", "choose", 6),
            ("enter", verb, 9),
            ("backspace", "forget", 3),
            ("esc", "leave", 8),
            ("←→", "sample", 5),
            ("space", space(app), 4),
            ("?", "help", 1),
            ("q", "quit", 8),
        ];
        draw(of_a_sheet(&keys, theme), theme, row, buf);
    } else if let Overlay::Beside(_) = app.overlay {
        let keys = [
            ("↑↓", "choose", 6),
            ("enter", "train both", 9),
            ("esc", "leave", 8),
            ("←→", "sample", 5),
            ("space", space(app), 4),
            ("?", "help", 1),
            ("q", "quit", 8),
        ];
        draw(of_a_sheet(&keys, theme), theme, row, buf);
    } else if let Some(hints) = of_what_teaches(app, theme) {
        draw(hints, theme, row, buf);
    } else if let Overlay::ConfirmForget(_) = app.overlay {
        let keys = [("enter", "forget it", 1), ("esc", "keep it", 1)];
        draw(of_a_sheet(&keys, theme), theme, row, buf);
    } else if let Some(lesson) = app.shown_lesson() {
        draw(
            of_a_sheet(&of_a_lesson(app, lesson), theme),
            theme,
            row,
            buf,
        );
    } else {
        draw(hints(app, theme), theme, row, buf);
    }
}

/// The keys of a lesson.
fn of_a_lesson(app: &App, lesson: &Lesson) -> [(&'static str, &'static str, u8); 10] {
    let on = if lesson.waits() { "on   " } else { space(app) };
    let scene = match lesson.scene {
        LessonScene::Pictures => "map     ",
        LessonScene::Map => "pictures",
    };
    let stops = if lesson.flows { "stops   " } else { "no stops" };
    [
        ("space", on, 9),
        ("tab", scene, 8),
        ("w", "why?", 6),
        ("←→", "sample", 7),
        ("0-9", "digit", 3),
        ("f", stops, 4),
        ("p", "settings", 2),
        ("esc", "all panes", 6),
        ("?", "help", 1),
        ("q", "quit", 5),
    ]
}

/// The keys while the tour is taken, or a sentence of the narrator explained.
fn of_what_teaches(app: &App, theme: Theme) -> Option<Vec<Hint>> {
    let (of_why, asked);
    let mut before = None;
    let keys = [
        ("←→", "sample", 4),
        ("0-9", "digit", 3),
        ("?", "help", 7),
        ("q", "quit", 9),
    ];
    let first: &[(&str, &str, u8)] = match (&app.overlay, &app.tour, &app.seen) {
        (Overlay::Why(_), ..) => {
            of_why = [
                ("esc", "close", 9),
                ("↑↓", "others", 8),
                ("enter", "go there", 8),
                ("n", "next of its kind", 2),
                ("space", space(app), 6),
            ];
            &of_why
        }
        (Overlay::None, Some(tour), Some(seen)) => {
            if tour.leg == Leg::There {
                asked = (tour.chapter().asks)(seen).0;
                before = Some((asked.as_str(), "asked for", 6));
            }
            &[
                ("space", "on", 9),
                ("backspace", "back", 8),
                ("esc", "stay here", 9),
                ("w", "why?", 5),
            ]
        }
        _ => return None,
    };
    let all = before.into_iter().chain(first.iter().copied()).chain(keys);
    let all: Vec<_> = all.collect();
    Some(of_a_sheet(&all, theme))
}

/// What leads to each view, as long as there is room: `t Train  c Curves`, or the letters.
fn letters(columns: u16) -> String {
    let long = |entry: &Entry| format!("{} {}", entry.letter, entry.name);
    let short = |entry: &Entry| entry.letter.to_string();
    let words = |of: &dyn Fn(&Entry) -> String, gap: &str| {
        let words: Vec<String> = TABLE.iter().map(of).collect();
        words.join(gap)
    };
    if columns >= LETTERS_WITH_NAMES {
        words(&long, "  ")
    } else {
        words(&short, " ")
    }
}

/// From this width on the names stand beside the letters.
const LETTERS_WITH_NAMES: u16 = 100;

/// A key, what it does, and how long that stays when the line gets short.
struct Hint {
    keys: String,
    words: String,
    weight: u8,
}

/// A line of such keys alone, as many as fit.
pub(in crate::ui) fn line(keys: &[(&str, &str, u8)], theme: Theme, row: Rect, buf: &mut Buffer) {
    draw(of_a_sheet(keys, theme), theme, row, buf);
}

/// The keys of a sheet, each with what it does there and how long that stays.
fn of_a_sheet(keys: &[(&str, &str, u8)], theme: Theme) -> Vec<Hint> {
    let hint = |&(keys, words, weight): &(&str, &str, u8)| Hint {
        keys: in_glyphs(keys, theme.glyphs),
        words: words.into(),
        weight,
    };
    keys.iter().map(hint).collect()
}

/// The keys that have something to do.
fn hints(app: &App, theme: Theme) -> Vec<Hint> {
    let scene = Scene {
        trains: app.plan.trains && app.failure.is_none(),
        ..app.scene()
    };
    let past = app.seen.as_deref().and_then(Past::of);
    let weight = |binding: &Binding| binding.weight_in(app.view, past.is_some());
    BINDINGS
        .iter()
        .filter(|binding| weight(binding) > 0)
        .filter(|binding| binding.serves(scene))
        .filter(|binding| app.paired || !binding.pair)
        // Of a pair nothing else follows.
        .filter(|binding| !(app.paired && binding.means(Action::Settings)))
        // Nobody here can stop what somebody else trains.
        .filter(|binding| {
            app.writer.is_none() || past.is_some() || !binding.means(Action::PlayPause)
        })
        .map(|binding| Hint {
            keys: written(binding, theme.glyphs),
            words: app.classes().said(words_of(app, binding, theme.glyphs)),
            weight: weight(binding),
        })
        .collect()
}

/// As many hints as fit; the lightest go first.
fn draw(mut shown: Vec<Hint>, theme: Theme, row: Rect, buf: &mut Buffer) {
    let columns = |shown: &[Hint]| {
        shown
            .iter()
            .map(|hint| text::width(&hint.keys) + text::width(&hint.words) + 3)
            .sum::<u16>()
    };
    while columns(&shown) > row.width + 2 {
        let lightest = (0..shown.len()).min_by_key(|&place| shown[place].weight);
        match lightest {
            Some(place) if shown.len() > 2 => shown.remove(place),
            _ => break,
        };
    }
    let mut x = row.x;
    for hint in &shown {
        let free = Rect {
            x: x.min(row.right()),
            width: row.right().saturating_sub(x),
            ..row
        };
        let spans: [Span; 3] = [
            (&hint.keys, theme.accent().bold()),
            (" ", theme.text()),
            (&hint.words, theme.dim()),
        ];
        x = text::left(buf, free, &spans) + 2;
    }
}

/// Arrows by their names where the font may have none.
pub(in crate::ui) fn written(binding: &Binding, glyphs: Glyphs) -> String {
    in_glyphs(binding.keys, glyphs)
}

pub(in crate::ui) fn in_glyphs(keys: &str, glyphs: Glyphs) -> String {
    match glyphs {
        Glyphs::Blocks => keys.into(),
        Glyphs::Ascii => keys.replace("←→", "<- ->").replace("↑↓", "up down"),
    }
}

/// What the key would do now; every wording of a key has the same width or less
/// than the widest, so its neighbours stand still.
fn words_of(app: &App, binding: &Binding, glyphs: Glyphs) -> &'static str {
    match binding.means(Action::PlayPause) {
        true => space(app),
        _ if binding.means(Action::Save) => past::save(app),
        // Going back, a step is from one moment that is kept to the next.
        _ if binding.means(Action::Step) && is_past(app) => "moment",
        _ if glyphs == Glyphs::Ascii && binding.hint == "±10" => "ten",
        _ => binding.hint,
    }
}

fn is_past(app: &App) -> bool {
    app.seen.as_deref().and_then(Past::of).is_some()
}

/// What Space does.
fn space(app: &App) -> &'static str {
    if let Some(past) = app.seen.as_deref().and_then(Past::of) {
        return if past.plays() { "stop " } else { "play " };
    }
    match app.phase() {
        Some(Phase::Paused) => "train",
        // As wide as the others.
        Some(Phase::Finished) => "more ",
        _ => "pause",
    }
}
