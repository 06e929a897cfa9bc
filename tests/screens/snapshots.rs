//! The screens that somebody will read: each state once or twice, at the size where there
//! is most to see of it or least room for it. What holds for all of them at every size is
//! said by properties, in the files beside this one.

use ae_tui::ui::{app::App, theme::Theme};

use crate::{
    ASCII, PLAIN, drawn,
    fixture::training,
    rows,
    states::{STATES, help},
};

const SMALLEST: (u16, u16) = (60, 20);
const SMALL: (u16, u16) = (80, 24);
const WHOLE: (u16, u16) = (120, 36);
const LARGE: (u16, u16) = (200, 60);

const KEPT: [(&str, (u16, u16)); 43] = [
    ("loading", WHOLE),
    ("no-data", WHOLE),
    ("training", SMALLEST),
    ("training", SMALL),
    ("training", WHOLE),
    ("training", LARGE),
    ("paused", WHOLE),
    ("finished", SMALL),
    ("finished", WHOLE),
    ("failed", SMALL),
    ("failed", WHOLE),
    ("exploring", WHOLE),
    ("quit", SMALLEST),
    ("saving-elsewhere", SMALLEST),
    ("typing-a-sample", SMALLEST),
    ("restart-unsaved", SMALL),
    ("branches", WHOLE),
    ("branch-to-forget", SMALL),
    ("beside-a-run", SMALLEST),
    ("beside-a-run", WHOLE),
    ("quit-with-others", SMALLEST),
    ("settings", SMALL),
    ("settings", WHOLE),
    ("three-digits", WHOLE),
    ("measures", SMALL),
    ("measures", LARGE),
    ("measures-of-noise", WHOLE),
    ("dead-unit", WHOLE),
    ("denoising", WHOLE),
    ("denoising", LARGE),
    ("code-of-1", WHOLE),
    ("code-of-32", SMALL),
    ("code-of-maps", WHOLE),
    ("vae", SMALLEST),
    ("vae", WHOLE),
    ("draw", SMALLEST),
    ("draw-spoilt", SMALL),
    ("draw-spoilt", WHOLE),
    ("draw-spoilt", LARGE),
    ("past", SMALLEST),
    ("past", SMALL),
    ("past", WHOLE),
    ("past-changed-on-the-way", WHOLE),
];

pub(crate) fn keep(name: &str, app: &App, theme: Theme, size: (u16, u16)) {
    let screen = drawn(app, theme, size);
    let text: Vec<String> = rows(&screen)
        .iter()
        .map(|row| row.trim_end().to_owned())
        .collect();
    let name = format!("{name}-{}x{}", size.0, size.1);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text.join("\n"));
    });
}

fn state(name: &str) -> App {
    let (_, state) = STATES
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("there is no state {name}"));
    state()
}

#[test]
fn the_screens_that_are_kept_look_as_they_did() {
    for (name, size) in KEPT {
        keep(name, &state(name), PLAIN, size);
    }
    keep("ascii-training", &training(), ASCII, WHOLE);
    keep("ascii-vae", &state("vae"), ASCII, WHOLE);
}

#[test]
fn the_first_page_of_the_help_looks_as_it_did() {
    for size in [SMALL, WHOLE] {
        keep("help-1", &help(0), PLAIN, size);
    }
}

#[test]
fn a_window_too_small_says_so_calmly() {
    keep("too-small", &training(), PLAIN, (54, 18));
}
