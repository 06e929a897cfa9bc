//! The last row: hints, or the answer to the last key.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    past::{self, Past},
    text::{self, Span},
};
use crate::{
    message::Phase,
    ui::{
        app::{App, Overlay},
        keymap::{Action, BINDINGS, Binding, Scene},
        theme::{Glyphs, Theme},
    },
};

/// Draws the row.
pub(super) fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    if let Overlay::Typing(prompt, typed) = &app.overlay {
        let spans: [Span; 5] = [
            (prompt.words(), theme.text()),
            (" ", theme.text()),
            (typed, theme.accent().bold()),
            ("_", theme.accent()),
            ("  Enter goes, Esc stays", theme.dim()),
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
    } else {
        hints(app, theme, row, buf);
    }
}

/// As many hints as fit; the lightest go first, help and quit never.
fn hints(app: &App, theme: Theme, row: Rect, buf: &mut Buffer) {
    let scene = Scene {
        trains: app.plan.trains && app.failure.is_none(),
        ..app.scene()
    };
    let past = app.seen.as_deref().and_then(Past::of);
    let weight = |binding: &Binding| binding.weight_in(past.is_some());
    let mut shown: Vec<(&Binding, String, String)> = BINDINGS
        .iter()
        .filter(|binding| weight(binding) > 0)
        .filter(|binding| binding.serves(scene))
        .map(|binding| {
            let words = words(app, binding, theme.glyphs);
            (
                binding,
                written(binding, theme.glyphs),
                app.classes().said(words),
            )
        })
        .collect();
    let columns = |shown: &[(&Binding, String, String)]| {
        shown
            .iter()
            .map(|(_, keys, words)| text::width(keys) + text::width(words) + 3)
            .sum::<u16>()
    };
    while columns(&shown) > row.width + 2 {
        let lightest = (0..shown.len()).min_by_key(|&place| weight(shown[place].0));
        match lightest {
            Some(place) if shown.len() > 2 => shown.remove(place),
            _ => break,
        };
    }
    let mut x = row.x;
    for (_, keys, words) in &shown {
        let free = Rect {
            x: x.min(row.right()),
            width: row.right().saturating_sub(x),
            ..row
        };
        let spans: [Span; 3] = [
            (keys, theme.accent().bold()),
            (" ", theme.text()),
            (words, theme.dim()),
        ];
        x = text::left(buf, free, &spans) + 2;
    }
}

/// Arrows by their names where the font may have none.
pub(super) fn written(binding: &Binding, glyphs: Glyphs) -> String {
    match glyphs {
        Glyphs::Blocks => binding.keys.into(),
        Glyphs::Ascii => binding.keys.replace("←→", "<- ->").replace("↑↓", "up down"),
    }
}

/// What the key would do now; every wording of a key has the same width or less
/// than the widest, so its neighbours stand still.
fn words(app: &App, binding: &Binding, glyphs: Glyphs) -> &'static str {
    let past = app.seen.as_deref().and_then(Past::of);
    if let (true, Some(past)) = (binding.means(Action::PlayPause), past) {
        return if past.plays() { "stop " } else { "play " };
    }
    if binding.means(Action::Save) {
        return past::save(app);
    }
    match (binding.means(Action::PlayPause), app.phase()) {
        (true, Some(Phase::Paused)) => "train",
        // As wide as the others.
        (true, Some(Phase::Finished)) => "more ",
        _ if glyphs == Glyphs::Ascii && binding.hint == "±10" => "ten",
        _ => binding.hint,
    }
}
