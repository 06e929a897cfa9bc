//! The canvas as it is drawn, with the pen on it, and what is said of both.

use ratatui::{buffer::Buffer, layout::Rect, style::Color, widgets::Widget};

use super::{
    canvas::{Canvas, Tool},
    layout::Layout,
    place,
    sliders::Slider,
};
use crate::image::ImageSize;
use crate::ui::{
    theme::{Depth, Glyphs, Theme},
    views::Stage,
    widget::{
        bitmap::{self, Bitmap},
        cut::{Cut, Window},
        picture::{Paint, Picture},
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
    let paper = at.paper();
    let ImageSize { height, width } = canvas.size();
    let scale = usize::from(at.scale.max(1));
    let whole = Rect {
        width: (width * scale) as u16,
        height: (height * scale / 2) as u16,
        ..paper
    };
    let fine = |buf: &Buffer| {
        if paper.intersection(whole) == whole {
            let bitmap = || finely(canvas, shown, pen, theme);
            stage.fine.declare(whole, buf, bitmap);
        }
    };
    if at.scale > 1 {
        large(canvas, shown, pen, at.scale, theme, paper, buf);
        fine(buf);
        return;
    }
    let pixels = Cut::Full.of(shown, Window::Frame);
    let picture = Picture {
        pixels: &pixels,
        paint: Paint::Original,
        theme,
    };
    picture.render(paper, buf);
    half_block_pen(shown, canvas, pen, theme, paper, buf);
    fine(buf);
}

/// All pixels, the pen's in its colour.
fn finely(canvas: &Canvas, shown: &[f32], [x, y]: [usize; 2], theme: Theme) -> Bitmap {
    let ImageSize { height, width } = canvas.size();
    let value = |x: usize, y: usize| shown[y * width + x];
    let mut bitmap = Bitmap::of([width, height], Paint::Original, theme, value);
    bitmap.mark([x, y], bitmap::in_full(theme).pen(value(x, y)));
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
            app.classes()
                .one(split.label(sample.index.min(split.len() - 1)))
        });
        format!("from {}: {}", sample.index, label.unwrap_or_default())
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

/// Pixels as large as that: so many columns, and as many half rows.
fn large(
    canvas: &Canvas,
    shown: &[f32],
    [pen_x, pen_y]: [usize; 2],
    scale: u16,
    theme: Theme,
    paper: Rect,
    buf: &mut Buffer,
) {
    let (width, scale) = (canvas.size().width, usize::from(scale));
    let ink = |column: usize, half_row: usize| {
        let place = half_row / scale * width + column / scale;
        shown.get(place).copied().unwrap_or(0.0)
    };
    for (row, y) in (paper.top()..paper.bottom()).enumerate() {
        for (column, x) in (paper.left()..paper.right()).enumerate() {
            if column / scale >= width {
                continue;
            }
            let halves = [2 * row, 2 * row + 1].map(|half| ink(column, half));
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
    let row = (2 * pen_y + 1) * scale / 4;
    for (column, bracket) in [(pen_x * scale, '['), ((pen_x + 1) * scale - 1, ']')] {
        let place = (paper.x + column as u16, paper.y + row as u16);
        if paper.contains(place.into()) {
            let colour = pen_colour(shown[pen_y * width + pen_x], theme);
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
    shown: &[f32],
    canvas: &Canvas,
    [x, y]: [usize; 2],
    theme: Theme,
    paper: Rect,
    buf: &mut Buffer,
) {
    let (Ok(column), Ok(row)) = (u16::try_from(x), u16::try_from(y / 2)) else {
        return;
    };
    let place = (paper.x + column, paper.y + row);
    if !paper.contains(place.into()) {
        return;
    }
    if theme.depth == Depth::None {
        buf[place].set_char('+');
    } else if theme.glyphs == Glyphs::Blocks {
        let ink = shown[y * canvas.size().width + x];
        let accent = theme.pen(ink);
        if y.is_multiple_of(2) {
            buf[place].set_fg(accent);
        } else {
            buf[place].set_bg(accent);
        }
    } else {
        buf[place].set_char('+').set_style(theme.accent());
    }
    if let Some(cell) = buf.cell_mut((paper.right(), place.1)) {
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
