//! Names and messages come from files and systems; whatever they hold, a
//! screen stays a screen.

use std::{path::PathBuf, sync::Arc};

use ae_tui::{
    data::{Classes, Dataset},
    message::{Failure, News, Note},
    ui::{app::App, theme::Glyphs},
};
use ratatui::{buffer::Buffer, text::Span};

use crate::{
    ASCII, PLAIN, SIZES, drawn,
    fixture::{data, hear, training},
    rows,
    states::{exploring, failed},
};

/// Names that have broken terminals.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "\x1b[2J\x1b]0;title\x07cleared",
        "tab\tand\nline\r\nend",
        "\u{9b}31m eight bits \u{0}",
        "family 👨‍👩‍👧‍👦 and 日本語.safetensors",
        "\u{202e}txt.exe \u{2066}inside\u{2069} עברית",
        "e\u{301}\u{301}\u{301} a\u{200b}\u{feff}b",
        "",
    ]
    .map(String::from)
    .to_vec();
    names.extend(["x".repeat(4096), "漢".repeat(2000), "y".repeat(70_000)]);
    names.push("z ".repeat(40_000));
    names
}

/// The screens on which a name appears.
fn screens(name: &str) -> Vec<(&'static str, App)> {
    let mut titled = exploring();
    titled.plan.title = name.into();
    let mut of_data = training();
    let named = Dataset {
        name: name.into(),
        classes: Classes::numbered(10),
        ..(*data()).clone()
    };
    hear(&mut of_data, News::Loaded(Arc::new(named)));
    let mut saved = training();
    hear(
        &mut saved,
        News::Saved {
            path: PathBuf::from(name),
            step: 1,
        },
    );
    let mut refused = training();
    hear(&mut refused, News::NotSaved(name.into()));
    let noted = crate::states::changed(|seen| {
        Arc::make_mut(&mut seen.curve).note = Some(Note {
            step: 1,
            words: name.into(),
            warning: true,
            why: Arc::default(),
        });
    });
    let small = failed(Failure::Died(name.into()));
    vec![
        ("title", titled),
        ("data", of_data),
        ("saved", saved),
        ("not saved", refused),
        ("note", noted),
        ("died", failed(Failure::Died(name.into()))),
        ("no data", failed(Failure::NoData(name.into()))),
        ("architecture", small),
    ]
}

/// Characters that move the cursor, change the order of others, or take no place.
fn is_wild(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// That each row is as wide as the screen: a wide glyph is followed by a blank
/// that it covers.
fn check(screen: &Buffer, whose: &str) {
    let width = usize::from(screen.area.width);
    for row in screen.content().chunks(width) {
        let mut column = 0;
        while column < width {
            let symbol = row[column].symbol();
            assert!(!symbol.chars().any(is_wild), "{symbol:?} for {whose}");
            let columns = Span::raw(symbol).width();
            assert!(columns > 0, "{symbol:?} takes no place for {whose}");
            column += columns;
        }
        assert_eq!(column, width, "a row too wide for {whose}");
    }
}

#[test]
fn no_name_and_no_message_breaks_a_screen() {
    for name in names() {
        let start: String = name.chars().take(20).collect();
        for (place, app) in screens(&name) {
            for size in SIZES.into_iter().chain([(40, 10), (1, 1)]) {
                for theme in [PLAIN, ASCII] {
                    let screen = drawn(&app, theme, size);
                    check(&screen, &format!("{place} {start:?} at {size:?}"));
                    let text = rows(&screen).concat();
                    assert!(
                        theme.glyphs == Glyphs::Blocks || text.is_ascii(),
                        "{place} {start:?} in ASCII"
                    );
                }
            }
        }
    }
}

#[test]
fn the_state_and_the_way_out_survive_any_name() {
    for name in names() {
        for (place, app) in screens(&name) {
            for size in SIZES {
                let screen = rows(&drawn(&app, PLAIN, size));
                let header = &screen[0];
                let state = ["training", "exploring", "failed"];
                assert!(
                    state.iter().any(|word| header.trim_end().ends_with(word)),
                    "{place} at {size:?}: {header}"
                );
                if app.failure.is_some() {
                    let text = screen.join("\n");
                    assert!(text.contains("q quit"), "{place} at {size:?}");
                    assert!(
                        text.contains("s save last good weights   Esc look around"),
                        "{place} at {size:?}\n{text}"
                    );
                }
            }
        }
    }
}
