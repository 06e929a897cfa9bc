//! Every state at every promised size, one file each, to be read by eye.

use ae_tui::ui::{app::App, theme::Theme};

use crate::{
    ASCII, PLAIN, SIZES, drawn,
    fixture::training,
    rows,
    states::{STATES, help},
};

fn keep(name: &str, app: &App, theme: Theme, size: (u16, u16)) {
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

#[test]
fn every_state_at_every_size_looks_as_it_did() {
    for (name, state) in STATES {
        for size in SIZES {
            keep(name, &state(), PLAIN, size);
        }
    }
}

#[test]
fn every_page_of_the_help_looks_as_it_did() {
    for size in SIZES {
        let pages = pages_of_help(size);
        for page in 0..pages {
            keep(&format!("help-{}", page + 1), &help(page), PLAIN, size);
        }
    }
}

/// As many as the first page says; one if it says nothing.
fn pages_of_help(size: (u16, u16)) -> usize {
    let text = rows(&drawn(&help(0), PLAIN, size)).concat();
    let of = text.split("page 1 of ").nth(1);
    of.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(1)
}

#[test]
fn a_window_too_small_says_so_calmly() {
    keep("too-small", &training(), PLAIN, (54, 18));
    keep(
        "too-small-and-quitting",
        &crate::states::pressed("q"),
        PLAIN,
        (54, 18),
    );
    let (_, restarting) = STATES
        .iter()
        .find(|(name, _)| *name == "restart-unsaved")
        .expect("a state of that name");
    keep("too-small-and-restarting", &restarting(), PLAIN, (54, 18));
    keep("too-small-to-read", &training(), PLAIN, (9, 3));
}

#[test]
fn ascii_screens_look_as_they_did() {
    for (name, state) in STATES {
        let ascii = [
            "training",
            "failed",
            "dots",
            "typing-a-run",
            "measures-of-noise",
            "presets",
            "denoising",
            "code-of-maps",
            "vae",
        ];
        if ascii.contains(name) {
            keep(&format!("ascii-{name}"), &state(), ASCII, (120, 36));
        }
        // The third picture, on a screen that is not much wider than it needs.
        if *name == "denoising" {
            keep(name, &state(), PLAIN, (160, 45));
        }
    }
    keep("ascii-training", &training(), ASCII, (60, 20));
    keep("ascii-help-1", &help(0), ASCII, (120, 36));
}
