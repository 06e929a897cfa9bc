//! What watching costs: a frame of each view, the cursor's picture, the start, the training's
//! speed, an idle screen, and what goes over the line. `cargo bench --bench screen`; behind `--`, one part alone
//! (`frames`, `cursor`, `start`, `bytes`, `idle`, `views`, `watching`) or presets, for the training's speed with them.
//! Figures are in `docs/PERFORMANCE.md`.
//!
//! These are not loops of one function but runs of the whole program, so they
//! have no harness: each prints a row. What an idle screen takes, and what a thread does, only
//! Linux tells.

#![expect(clippy::print_stdout, reason = "the rows are what a bench is for")]

mod live;
mod looking;
mod program;

use std::time::Duration;

use ae_tui::recipe::Preset;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// As often as the dashboard draws.
const FRAME: Duration = Duration::from_millis(33);

/// The views, each with the keys that lead to it; the last is Latent's plane as pictures.
const VIEWS: [(&str, &str); 7] = [
    ("Train", ""),
    ("Curves", "gc"),
    ("Latent", "gl"),
    ("Samples", "gs"),
    ("Inside", "gi"),
    ("Draw", "gd"),
    ("Latent, decoded", "glv"),
];

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named: Vec<Preset> = words
        .iter()
        .filter_map(|word| Preset::named(word))
        .collect();
    let parts = [
        "frames", "cursor", "start", "bytes", "idle", "views", "watching",
    ];
    let all = named.is_empty() && !words.iter().any(|word| parts.contains(&word.as_str()));
    let wants = |part: &str| all || words.iter().any(|word| word == part);
    let presets = if named.is_empty() {
        Preset::ALL.to_vec()
    } else {
        named.clone()
    };
    if wants("frames") {
        for view in VIEWS {
            looking::frames(view, (120, 36))?;
            looking::frames(view, (200, 60))?;
        }
    }
    if wants("cursor") {
        for preset in [Preset::Article, Preset::Deep, Preset::Conv] {
            looking::cursor(preset)?;
        }
    }
    if wants("start") {
        program::start()?;
    }
    if wants("bytes") {
        program::bytes()?;
    }
    if wants("idle") {
        program::idle()?;
    }
    if wants("views") {
        for view in VIEWS {
            program::watching(Preset::Article, view)?;
        }
    }
    if wants("watching") || !named.is_empty() {
        for preset in presets {
            program::watching(preset, VIEWS[0])?;
        }
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
