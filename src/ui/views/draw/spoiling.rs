//! The sliders that spoil the picture, drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout::Layout, place, sliders::Slider};
use crate::ui::{theme::Theme, views::Stage, widget::text};

/// Draws their title and all of them.
pub(super) fn render(stage: &Stage, at: &Layout, buf: &mut Buffer) {
    for slider in Slider::ALL {
        sliders(stage, slider, at, buf);
    }
}

/// One slider, and before the first their title.
fn sliders(stage: &Stage, slider: Slider, at: &Layout, buf: &mut Buffer) {
    let (theme, place) = (stage.theme, &stage.app.places.draw);
    if let (Some(area), Slider::Noise) = (at.sliders, slider) {
        let says = [("i  h l", theme.dim())];
        text::title(buf, area, theme, "spoil it", &says);
    }
    let (Some(row), Some(track)) = (at.row_of(slider), at.track_of(slider)) else {
        return;
    };
    let symbols = theme.symbols();
    let active = place.slider == Some(slider);
    let style = if active {
        theme.accent()
    } else if slider.is_on(&place.spoil) {
        theme.text()
    } else {
        theme.dim()
    };
    let indent = if at.scale > 1 { 2 } else { 0 };
    let named = Rect {
        x: row.x + indent,
        width: row.width - indent,
        ..row
    };
    if active {
        let mark = row.x + indent - if at.scale > 1 { 2 } else { 1 };
        buf[(mark, row.y)].set_char(symbols.chosen).set_style(style);
    }
    text::left(buf, named, &[(slider.name(), style)]);
    line(slider, place, theme, track, buf);
    let words = slider.words(&place.spoil, theme.glyphs);
    text::right(buf, row, &[(&words, style)]);
}

/// A slider's line, green from where it does nothing.
fn line(slider: Slider, place: &place::Place, theme: Theme, track: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    let last = f32::from(track.width - 1);
    let [here, nothing] = slider
        .along(&place.spoil)
        .map(|part| (part * last).round() as u16);
    for column in 0..track.width {
        let between = (here.min(nothing)..=here.max(nothing)).contains(&column) && here != nothing;
        let (symbol, style) = match (column == here, between) {
            (true, _) if here == nothing => (symbols.now, theme.dim()),
            (true, _) => (symbols.now, theme.accent()),
            (false, true) => (symbols.played, theme.accent()),
            (false, false) => (symbols.rule, theme.faint()),
        };
        buf[(track.x + column, track.y)]
            .set_char(symbol)
            .set_style(style);
    }
}
