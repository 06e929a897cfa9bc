//! The values of a code as sliders, beside the picture that they decode to. Of a code of maps, the
//! pixels of one map, below all maps as tiles.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    widgets::Widget,
};

use super::{layout::Layout, plane, words};
use crate::{
    message::{LatentAnswer, Scale},
    nn::CodeShape,
    ui::{
        app::App,
        frame::Frame,
        views::Stage,
        widget::{
            fit::{Image, Pixels},
            picture::{Paint, Picture},
            text::{self, Span},
        },
    },
};

/// Columns of a mark and a value's name, and of its number.
const NAME: u16 = 5;
const NUMBER: u16 = 7;

/// Where the sliders of an area are.
#[derive(Debug, Clone, Copy)]
struct Rows {
    /// One row a slider.
    area: Rect,
    /// The first value shown, and how many there are of its page.
    first: usize,
    count: usize,
    /// Above them, of a code of maps.
    tiles: Option<Tiles>,
}

/// The maps of a code.
#[derive(Debug, Clone, Copy)]
struct Tiles {
    area: Rect,
    /// How many pixels a value has on a side.
    scale: u16,
    across: u16,
    shown: u16,
}

impl Rows {
    fn of(area: Rect, shape: CodeShape, value: usize) -> Self {
        let body = text::body(area);
        match shape {
            CodeShape::Values(count) => {
                let page = usize::from(body.height).max(1);
                let first = value.min(count.saturating_sub(1)) / page * page;
                Self {
                    area: body,
                    first,
                    count: count.saturating_sub(first).min(page),
                    tiles: None,
                }
            }
            CodeShape::Maps { count, size } => {
                let pixels = size.pixels().max(1);
                let all = count.saturating_mul(pixels);
                let value = value.min(all.saturating_sub(1));
                let tiles = Tiles::within(body, count, size);
                let above = tiles.map_or(0, |tiles| tiles.area.height);
                let rows = Rect {
                    y: body.y + above + 1,
                    height: body.height.saturating_sub(above + 1),
                    ..body
                };
                let page = usize::from(rows.height).clamp(1, pixels);
                let within = value % pixels / page * page;
                Self {
                    area: rows,
                    first: value / pixels * pixels + within,
                    count: (pixels - within).min(page),
                    tiles,
                }
            }
        }
    }

    /// The track of each row.
    fn track(&self) -> Rect {
        Rect {
            x: self.area.x + NAME.min(self.area.width),
            width: self.area.width.saturating_sub(NAME + NUMBER),
            ..self.area
        }
    }
}

impl Tiles {
    fn within(body: Rect, count: usize, size: crate::image::ImageSize) -> Option<Self> {
        let width = u16::try_from(size.width).ok()?;
        let height = u16::try_from(size.height).ok()?;
        let fit = |scale: u16| {
            let columns = width.checked_mul(scale)?;
            let rows = height.checked_mul(scale)?.div_ceil(2) + 1;
            let across = (body.width + 2) / columns.checked_add(2)?.max(1);
            let most = body.height / 2 / rows.max(1);
            let shown = across.checked_mul(most)?;
            let needed = u16::try_from(count).ok()?.div_ceil(across.max(1));
            (shown > 0 && needed <= most).then_some(Self {
                area: Rect {
                    height: needed * rows,
                    ..body
                },
                scale,
                across,
                shown: u16::try_from(count).ok()?,
            })
        };
        [2, 1].into_iter().find_map(fit)
    }
}

fn rows(app: &App, area: Rect) -> Rows {
    Rows::of(area, app.plan.kind.code, app.places.latent.value)
}

fn area(app: &App, frame: &Frame) -> Option<Rect> {
    Layout::of(frame, app.plan.kind.code, &app.places.latent).sliders
}

/// Values of a page.
pub(super) fn page(app: &App, frame: &Frame) -> usize {
    match app.plan.kind.code {
        CodeShape::Maps { size, .. } => size.pixels().max(1),
        CodeShape::Values(_) => {
            area(app, frame).map_or(1, |area| usize::from(text::body(area).height).max(1))
        }
    }
}

/// The value whose slider is at a place.
pub(super) fn at(app: &App, frame: &Frame, spot: Position) -> Option<usize> {
    let rows = rows(app, area(app, frame)?);
    let row = usize::from(spot.y.checked_sub(rows.area.y)?);
    (rows.area.contains(spot) && row < rows.count).then_some(rows.first + row)
}

/// The value whose name is at a place.
pub(super) fn named_at(app: &App, frame: &Frame, spot: Position) -> Option<usize> {
    let names = rows(app, area(app, frame)?).track().x;
    at(app, frame, spot).filter(|_| spot.x < names)
}

/// How far along the sliders a column is.
pub(super) fn part(app: &App, frame: &Frame, spot: Position) -> Option<f32> {
    area(app, frame).map(|area| along(rows(app, area).track(), spot))
}

fn along(track: Rect, spot: Position) -> f32 {
    let last = f32::from(track.width.saturating_sub(1).max(1));
    (f32::from(spot.x.saturating_sub(track.x)) / last).min(1.0)
}

/// Draws the list.
pub(super) fn render(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let &Stage { app, theme, .. } = stage;
    let shape = app.plan.kind.code;
    let name = match shape {
        CodeShape::Values(count) => format!("code: {count} values"),
        CodeShape::Maps { count, size } => format!("code: {count} maps {size}"),
    };
    let Some(answer) = &stage.seen.answers.latent else {
        return text::title(buf, area, theme, &name, &[]);
    };
    let live = answer.scales.iter().filter(|scale| !scale.dead).count();
    let says = format!("{live} in use");
    let known = !answer.scales.is_empty();
    let says: &[Span] = if known { &[(&says, theme.dim())] } else { &[] };
    text::title(buf, area, theme, &name, says);
    let rows = rows(app, area);
    if let (Some(tiles), CodeShape::Maps { size, .. }) = (rows.tiles, shape) {
        draw_tiles(stage, answer, tiles, size, buf);
    }
    if let CodeShape::Maps { size, .. } = shape {
        let pixels = size.pixels().max(1);
        let name = format!("map {}, row by row", rows.first / pixels + 1);
        let title = Rect {
            y: rows.area.y.saturating_sub(1),
            height: u16::from(rows.area.height > 0),
            ..rows.area
        };
        let keys = if app.places.latent.holds_values {
            "j k  h l"
        } else {
            "i  h l"
        };
        text::title(buf, title, theme, &name, &[(keys, theme.dim())]);
    }
    for (row, value) in rows.area.rows().zip(rows.first..rows.first + rows.count) {
        slider(stage, answer, rows.track(), row, value, buf);
    }
}

fn slider(
    stage: &Stage,
    answer: &LatentAnswer,
    track: Rect,
    row: Rect,
    value: usize,
    buf: &mut Buffer,
) {
    let &Stage { app, theme, .. } = stage;
    let symbols = theme.symbols();
    let place = &app.places.latent;
    let chosen = value == place.value.min(answer.cursor.code.len().saturating_sub(1));
    let mark = if chosen { symbols.chosen } else { ' ' };
    let name = format!("{mark}{:>3}", plane::pixel(app.plan.kind.code, value));
    let style = match (chosen, place.holds_values) {
        (true, true) => theme.accent(),
        (true, false) => theme.text(),
        _ => theme.dim(),
    };
    let axis = match plane::wanted(app) {
        Some([across, _]) if across == value => symbols.across.to_string(),
        Some([_, up]) if up == value => symbols.above.to_string(),
        _ => String::new(),
    };
    text::left(buf, row, &[(&name, style), (&axis, theme.accent())]);
    let (Some(scale), Some(&here)) = (answer.scales.get(value), answer.cursor.code.get(value))
    else {
        return;
    };
    let track = Rect {
        y: row.y,
        height: 1,
        ..track
    };
    if scale.dead && here == 0.0 {
        text::left(buf, track, &[("dead", theme.warning())]);
        return;
    }
    let number = words::value(here);
    let style = if here == 0.0 {
        theme.dim()
    } else {
        theme.text()
    };
    text::right(buf, row, &[(&number, style)]);
    let other = answer.chosen.get(value).copied();
    draw_track(stage, *scale, [Some(here), other], track, buf);
}

/// The reach of a value: thicker where most images lie, a dot at the cursor's value and a ring at
/// the chosen sample's.
fn draw_track(stage: &Stage, scale: Scale, marks: [Option<f32>; 2], track: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let symbols = theme.symbols();
    let last = f32::from(track.width.saturating_sub(1));
    let column = |value: f32| {
        let part = (value - scale.low) / (scale.high - scale.low);
        let part = if part.is_finite() {
            part.clamp(0.0, 1.0)
        } else {
            0.0
        };
        track.x + (part * last).round() as u16
    };
    let most = scale.most.map(column);
    for x in track.left()..track.right() {
        let (character, style) = if (most[0]..=most[1]).contains(&x) {
            (symbols.played, theme.dim())
        } else {
            (symbols.rule, theme.faint())
        };
        put(buf, (x, track.y), character, style);
    }
    if track.is_empty() {
        return;
    }
    let [here, other] = marks;
    if let Some(other) = other {
        put(buf, (column(other), track.y), symbols.ring, theme.text());
    }
    if let Some(here) = here {
        put(buf, (column(here), track.y), symbols.now, theme.accent());
    }
}

fn put(buf: &mut Buffer, place: (u16, u16), character: char, style: ratatui::style::Style) {
    if let Some(cell) = buf.cell_mut(place) {
        cell.reset();
        cell.set_char(character).set_style(style);
    }
}

fn draw_tiles(
    stage: &Stage,
    answer: &LatentAnswer,
    tiles: Tiles,
    size: crate::image::ImageSize,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let largest = answer.cursor.code.iter().chain(&answer.chosen).copied();
    let largest = largest
        .filter(|value| value.is_finite())
        .fold(0.0_f32, f32::max);
    let unit = if largest > 0.0 { largest } else { 1.0 };
    let pixels = size.pixels().max(1);
    let chosen = stage.app.places.latent.value / pixels;
    let columns = size.width as u16 * tiles.scale;
    let rows = (size.height as u16 * tiles.scale).div_ceil(2) + 1;
    for (number, values) in answer
        .cursor
        .code
        .chunks(pixels)
        .take(tiles.shown.into())
        .enumerate()
    {
        let (across, down) = (number as u16 % tiles.across, number as u16 / tiles.across);
        let tile = Rect {
            x: tiles.area.x + across * (columns + 2),
            y: tiles.area.y + down * rows,
            width: columns,
            height: rows,
        };
        let mark = if number == chosen {
            theme.symbols().chosen
        } else {
            ' '
        };
        let name = format!("map {}", number + 1);
        let name = if number == chosen {
            format!("{mark}{name}")
        } else {
            name
        };
        let style = if number == chosen {
            theme.accent()
        } else {
            theme.dim()
        };
        text::left(buf, tile, &[(&name, style)]);
        let scaled: Vec<f32> = values.iter().map(|value| value / unit).collect();
        let image = Image {
            size,
            values: &scaled,
        };
        Picture {
            pixels: &Pixels::magnified(image, tiles.scale.into()),
            paint: Paint::Network,
            theme,
        }
        .render(text::body(tile), buf);
    }
}
