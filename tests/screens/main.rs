//! The dashboard as it is drawn, without a terminal and without a trainer.
//!
//! `cargo insta review`, or `INSTA_UPDATE=always cargo test --test screens`,
//! takes a changed screen as the new one; look at the difference first.

mod chrome;
mod colours;
mod compare;
mod curves;
mod drawing;
mod export;
mod find;
mod fine;
mod fixture;
mod glyphs;
mod hostile;
mod images;
mod inside;
mod latent;
mod lesson;
mod observed;
mod past;
mod samples;
mod snapshots;
mod states;
mod sweep;
mod taught;
mod whole;
mod words;

use ae_tui::ui::{
    app::App,
    theme::{Depth, Glyphs, Theme, Tone},
    view,
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

/// The sizes that are promised, from the smallest that shows a run.
const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 36), (200, 60)];

const fn theme(depth: Depth, glyphs: Glyphs) -> Theme {
    Theme {
        depth,
        tone: Tone::Dark,
        glyphs,
    }
}

/// Text alone: what a snapshot can hold.
const PLAIN: Theme = theme(Depth::None, Glyphs::Blocks);
const ASCII: Theme = theme(Depth::None, Glyphs::Ascii);

/// The screen on a buffer of exactly its size: a write outside would panic.
fn drawn(app: &App, theme: Theme, (width, height): (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    view::render(app, theme, area, &mut buf);
    buf
}

/// The rows of a buffer as they would be read.
fn rows(buf: &Buffer) -> Vec<String> {
    let width = usize::from(buf.area.width).max(1);
    let row = |cells: &[Cell]| cells.iter().map(Cell::symbol).collect();
    buf.content().chunks(width).map(row).collect()
}
