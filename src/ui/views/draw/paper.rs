//! The canvas as it is drawn, with the pen on it, and what is said of both.

use ratatui::{buffer::Buffer, layout::Rect, style::Color};

use super::{
    canvas::{Canvas, Tool},
    layout::{Layout, Paper},
    place,
    sliders::Slider,
};
use crate::ui::{
    theme::{Depth, Glyphs, Theme},
    views::Stage,
    widget::{
        bitmap::{self, Bitmap},
        fit::{Fit, Image},
        picture::{Paint, pair},
        text::{self, Span},
    },
};

/// The canvas under its title.
pub(super) fn drawing(
    stage: &Stage,
    canvas: &Canvas,
    shown: &[f32],
    at: &Layout,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let name = "draw here";
    let origin = origin(stage, at.canvas.width.saturating_sub(text::width(name) + 3));
    text::title(buf, at.canvas, theme, name, &[(&origin, theme.dim())]);
    let pen = stage.app.places.draw.pen_at(canvas);
    let image = Image {
        size: canvas.size(),
        values: shown,
    };
    let paper = at.paper(image.size);
    if paper.fit.place_of(pen).1 > 1 {
        large(image, pen, paper, theme, buf);
    } else {
        half_blocks(image, paper, Paint::Original, theme, buf);
        half_block_pen(image, pen, paper, theme, buf);
    }
    let bitmap = || finely(image, pen, paper.fit, theme);
    stage.fine.declare(paper.area, buf, bitmap);
}

/// Two pixels of an image in each cell.
pub(super) fn half_blocks(
    image: Image,
    Paper { area, fit }: Paper,
    paint: Paint,
    theme: Theme,
    buf: &mut Buffer,
) {
    for (row, y) in (area.top()..area.bottom()).enumerate() {
        for (column, x) in (area.left()..area.right()).enumerate() {
            let halves = [2 * row, 2 * row + 1].map(|half| fit.value(image, column, half));
            if let Some(cell) = buf.cell_mut((x, y)) {
                pair(cell, halves, paint, theme);
            }
        }
    }
}

/// All pixels, the pen's in its colour.
fn finely(image: Image, [x, y]: [usize; 2], fit: Fit, theme: Theme) -> Bitmap {
    let size = fit.fine_size();
    let value = |x: usize, y: usize| fit.fine_value(image, x, y);
    let mut bitmap = Bitmap::of(size, Paint::Original, theme, value);
    let color = bitmap::in_full(theme).pen(image.at(x, y));
    let times = (size[0] / image.size.width).max(1);
    for (right, down) in (0..times).flat_map(|down| (0..times).map(move |right| (right, down))) {
        bitmap.mark([times * x + right, times * y + down], color);
    }
    bitmap
}

/// Where the picture on the canvas is from, and what was done to it: the longest wording that
/// fits.
fn origin(stage: &Stage, columns: u16) -> String {
    let (app, place) = (stage.app, &stage.app.places.draw);
    let from = if place::is_drawn(app) {
        "your drawing".to_owned()
    } else {
        let sample = app.sample;
        let label = app.data.as_ref().map(|data| {
            let split = sample.split.of(data);
            split.label(sample.index.min(split.len() - 1))
        });
        let index = sample.index.to_string();
        let image = label.map(|label| text::image(&index, &app.classes(), label));
        format!("from {}", image.unwrap_or(index))
    };
    let mut did: Vec<&str> = Slider::ALL
        .into_iter()
        .filter(|slider| slider.is_on(&place.spoil))
        .map(Slider::did)
        .collect();
    did.dedup();
    let did = match &did[..] {
        [] => String::new(),
        [one] => format!(", {one}"),
        [first @ .., last] => format!(", {} and {last}", first.join(", ")),
    };
    let spoilt = if did.is_empty() { "" } else { ", spoilt" };
    let short = from.split_once(':').map_or(&*from, |(short, _)| short);
    let wordings = [
        format!("{from}{did}"),
        format!("{short}{spoilt}"),
        short.to_owned(),
    ];
    let fits = |words: &String| text::width(words) <= columns;
    wordings.into_iter().find(fits).unwrap_or_default()
}

/// Pixels of some columns, and as many half rows.
fn large(image: Image, pen: [usize; 2], paper: Paper, theme: Theme, buf: &mut Buffer) {
    let Paper { area, fit } = paper;
    for (row, y) in (area.top()..area.bottom()).enumerate() {
        for (column, x) in (area.left()..area.right()).enumerate() {
            let halves = [2 * row, 2 * row + 1].map(|half| fit.value(image, column, half));
            let cell = &mut buf[(x, y)];
            cell.reset();
            match (theme.depth, theme.glyphs, halves) {
                (Depth::None, ..) => {
                    let mean = f32::midpoint(halves[0], halves[1]);
                    cell.set_char(shade(mean, theme.glyphs));
                }
                (_, Glyphs::Blocks, [upper, lower]) if upper.to_bits() != lower.to_bits() => {
                    let [upper, lower] = halves.map(|ink| theme.original(ink));
                    cell.set_char('▀').set_fg(upper).set_bg(lower);
                }
                (.., [upper, _]) => {
                    cell.set_char(' ').set_bg(theme.original(upper));
                }
            }
        }
    }
    // The row that the pen's pixel has alone.
    let ([left, top], times) = fit.place_of(pen);
    let row = (2 * top + times) / 4;
    for (column, bracket) in [(left, '['), (left + times - 1, ']')] {
        let place = (area.x + column as u16, area.y + row as u16);
        if area.contains(place.into()) {
            let colour = pen_colour(image.at(pen[0], pen[1]), theme);
            buf[place].set_char(bracket).set_fg(colour);
        }
    }
}

/// The pen's colour on so much ink: it must be seen on any.
fn pen_colour(ink: f32, theme: Theme) -> Color {
    match theme.depth {
        Depth::None => Color::Reset,
        _ if ink > 0.5 => theme.original(0.0),
        _ => theme.accent().fg.unwrap_or_default(),
    }
}

/// Characters by the ink they put on a cell.
fn shade(ink: f32, glyphs: Glyphs) -> char {
    let shades = match glyphs {
        Glyphs::Blocks => [' ', '░', '▒', '▓', '█'],
        Glyphs::Ascii => [' ', '.', '+', '*', '#'],
    };
    // The faintest ink shows.
    let shade = (ink * 4.0).ceil().clamp(0.0, 4.0);
    shades[shade as usize]
}

/// On half blocks the pen colours its pixel, and a mark beside the picture names its row.
fn half_block_pen(
    image: Image,
    pen: [usize; 2],
    Paper { area, fit }: Paper,
    theme: Theme,
    buf: &mut Buffer,
) {
    let ([x, y], _) = fit.place_of(pen);
    let place = (area.x + x as u16, area.y + (y / 2) as u16);
    if !area.intersection(buf.area).contains(place.into()) {
        return;
    }
    if theme.depth == Depth::None {
        buf[place].set_char('+');
    } else if theme.glyphs == Glyphs::Blocks {
        let accent = theme.pen(image.at(pen[0], pen[1]));
        if y.is_multiple_of(2) {
            buf[place].set_fg(accent);
        } else {
            buf[place].set_bg(accent);
        }
    } else {
        buf[place].set_char('+').set_style(theme.accent());
    }
    if let Some(cell) = buf.cell_mut((area.right(), place.1)) {
        cell.set_char(theme.symbols().stands)
            .set_style(theme.accent());
    }
}

/// What the pen does, and the pixel under it.
pub(super) fn pen(stage: &Stage, canvas: &Canvas, area: Rect, buf: &mut Buffer) {
    let (theme, place) = (stage.theme, &stage.app.places.draw);
    let symbols = theme.symbols();
    let tool = match place.tool {
        Tool::Pen => "pen ",
        Tool::Eraser => "eraser ",
    };
    let sign = symbols.now.to_string();
    let [x, y] = place.pen_at(canvas);
    let ink = canvas.pixels()[y * canvas.size().width + x];
    let wide = area.width >= 40;
    let (down, up) = if wide { (" down", " up  ") } else { ("", "") };
    let (state, style) = if place.down {
        (down, theme.accent())
    } else {
        (up, theme.dim())
    };
    let gap = if wide { "   " } else { " " };
    let breadth = place.pen.words();
    let short = breadth.trim_end_matches(" px");
    let breadth = if wide { breadth } else { short };
    let left: [Span; 5] = [
        (tool, theme.dim()),
        (&sign, style),
        (state, style),
        (gap, theme.dim()),
        (breadth, theme.text()),
    ];
    let end = text::left(buf, area, &left);
    let right = if wide {
        format!("pixel {x:>2},{y:<2} {ink:.2}")
    } else {
        format!("{x},{y}")
    };
    let free = Rect {
        x: end + 1,
        width: area.right().saturating_sub(end + 1),
        ..area
    };
    text::right(buf, free, &[(&right, theme.dim())]);
}
