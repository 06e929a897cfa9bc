//! The code of the chosen sample: a bar for each value, or its maps as tiles.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use super::layout::{tile, tiles_width};
use crate::{
    image::ImageSize,
    message::Observation,
    nn::CodeShape,
    ui::{
        theme::Theme,
        widget::text,
        widget::{
            chart::{BarPaint, Bars, Scale},
            fit::{Image, Pixels},
            picture::{Paint, Picture},
        },
    },
};

/// The widest bar of a value, with the blank beside it.
const WIDEST_BAR: u16 = 4;

/// Draws the pane: title and code, scaled to its own largest value.
pub(in crate::ui) fn render(
    seen: &Observation,
    shape: CodeShape,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let code = &seen.row.sample().code;
    let used = code.iter().filter(|value| **value != 0.0).count();
    let width = code.len().to_string().len();
    let says = format!("{used:>width$} in use");
    let body = text::body(area);
    let largest = code
        .iter()
        .map(|value| value.abs())
        .filter(|size| size.is_finite())
        .fold(0.0, f32::max);
    let name = match shape {
        CodeShape::Values(count) => bars(code, count, largest, theme, body, buf),
        CodeShape::Maps { count, size } => tiles(code, count, size, largest, theme, body, buf),
    };
    text::title(buf, area, theme, &name, &[(&says, theme.dim())]);
}

/// A bar for each value; those below zero step back. A value of zero, which most
/// of a sparse code has, is a mark in its place.
fn bars(
    code: &[f32],
    count: usize,
    largest: f32,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) -> String {
    let step = usize::from(area.width) / count.max(1);
    let step = step.clamp(1, usize::from(WIDEST_BAR));
    let shown = count.min(usize::from(area.width) / step);
    let of_sign = |paint, wanted: fn(f32) -> bool| {
        let values = code.iter().take(shown).flat_map(|&value| {
            let size = Some(value.abs()).filter(|_| wanted(value));
            // Bars of one column stand side by side; wider ones are set apart.
            let filled = step.max(2) - 1;
            (0..step).map(move |column| size.filter(|_| column < filled))
        });
        (paint, values.collect::<Vec<_>>())
    };
    for (paint, values) in [
        of_sign(BarPaint::Network, |value| value > 0.0),
        of_sign(BarPaint::Dim, |value| value < 0.0),
    ] {
        Bars {
            values: &values,
            scale: Scale::linear(0.0, largest),
            paint,
            theme,
        }
        .render(area, buf);
    }
    let floor = Rect {
        y: area.bottom().saturating_sub(1),
        height: area.height.min(1),
        ..area
    };
    for (value, x) in code.iter().take(shown).zip(floor.columns().step_by(step)) {
        if *value == 0.0 && !x.is_empty() {
            buf[(x.x, x.y)]
                .set_char(theme.symbols().few)
                .set_style(theme.dim());
        }
    }
    if shown < count {
        format!("code first {shown} of {count} values")
    } else {
        format!("code {count} values")
    }
}

/// The maps side by side, twice as large where there is room for it.
fn tiles(
    code: &[f32],
    count: usize,
    size: ImageSize,
    largest: f32,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) -> String {
    let shape = CodeShape::Maps { count, size };
    let fits = |scale| {
        tiles_width(shape, scale) <= area.width + scale && tile(size, scale).1 <= area.height
    };
    let scale = if fits(2) { 2 } else { 1 };
    let (columns, rows) = tile(size, scale);
    let shown = count.min(usize::from(
        (area.width + scale) / columns.saturating_add(scale).max(1),
    ));
    // A code of zeros stays one.
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let scaled: Vec<f32> = code.iter().map(|value| value / unit).collect();
    for (place, values) in (0u16..).zip(scaled.chunks(size.pixels().max(1)).take(shown)) {
        let tile = Rect {
            x: area.x + place * (columns + scale),
            width: columns,
            height: rows.min(area.height),
            ..area
        };
        Picture {
            pixels: &Pixels::magnified(Image { size, values }, scale.into()),
            paint: Paint::Network,
            theme,
        }
        .render(tile, buf);
    }
    if shown < count {
        format!("code first {shown} of {count} maps {size}")
    } else {
        format!("code {count} maps {size}")
    }
}
