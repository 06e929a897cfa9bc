//! The plane as pictures: what the network makes of places in even steps on the map's axes.
//!
//! Pictures are means of the whole image, 4 by 4 pixels to one or 2 by 2, without gutters: a
//! digit's own margin separates them. One where no data lives is at a quarter of its strength.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    ground::{Grid, Ground, cursor_at},
    plane,
};
use crate::{
    measure::Verdict,
    message::LatentAnswer,
    ui::{
        frame::Body,
        theme::{Depth, Glyphs, Theme},
        views::Stage,
        widget::{
            bitmap::{self, Bitmap},
            picture::{Paint, pair},
            text,
        },
    },
};

/// What is left of a picture where no data lives.
const VOID: f32 = 0.25;
/// Pixels of a corner's arm, among all of a picture.
const CORNER: usize = 6;
/// Pixels of a whole picture, on a side.
const WHOLE: usize = 28;

/// Draws the pane.
pub(super) fn render(stage: &Stage, ground: &Ground, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let Some(grid) = ground.grid else { return };
    let larger = if grid.side < 14 {
        "z larger"
    } else {
        "Z smaller"
    };
    let says = format!("{} x {}  {larger}", grid.columns, grid.rows);
    let names = names(stage, grid);
    let fits = |name: &&String| text::width(name) + 3 + text::width(&says) <= area.width;
    let name = names.iter().find(fits).unwrap_or(&names[1]);
    text::title(buf, area, theme, name, &[(&says, theme.dim())]);
    let Some(answer) = &stage.seen.answers.latent else {
        return;
    };
    let answered = answer.grid.len() == usize::from(grid.columns * grid.rows);
    if answered {
        pictures(answer, grid, theme, buf);
    }
    let cursor = grid.cell_of(cursor_at(stage.app, stage.seen), ground.axes);
    values(ground, grid, cursor, theme, area, buf);
    if let Some(cell) = cursor {
        corners(grid, cell, theme, buf);
    }
    if answered {
        let bitmap = || finely(answer, grid, cursor, theme);
        stage.fine.declare(grid.area, buf, bitmap);
    }
    // On a narrow screen the narrator says it.
    let wide = matches!(stage.frame.body, Body::Wide(_));
    let below = grid.area.bottom() + 2;
    if wide && below + 2 <= area.bottom() {
        let words = "Each picture is one place, decoded; dim ones lie where no real image does. \
                     The corners are the cursor.";
        let width = area.right() - grid.area.x;
        for (y, line) in (below..area.bottom()).zip(text::wrapped(words, width)) {
            let row = Rect {
                x: grid.area.x,
                y,
                width,
                height: 1,
            };
            text::left(buf, row, &[(&line, theme.dim())]);
        }
    }
}

/// What is decoded, at two lengths.
fn names(stage: &Stage, grid: Grid) -> [String; 2] {
    let plain = if grid.line {
        "the line, decoded"
    } else {
        "the plane, decoded"
    };
    match plane::shown(stage.seen) {
        None => [format!("manifold: {plain}"), plain.into()],
        Some(pair) => {
            let shape = stage.app.plan.kind.code;
            let [across, up] = pair.map(|value| plane::name(shape, value));
            [
                format!("decoded: {across} across, {up} up"),
                format!("{across}, {up}"),
            ]
        }
    }
}

fn pictures(answer: &LatentAnswer, grid: Grid, theme: Theme, buf: &mut Buffer) {
    let side = usize::from(grid.side);
    let pixel = |x: usize, y: usize| {
        let place = [x / side, y / side];
        picture_at(answer, grid, place).map_or(0.0, |(picture, strength)| {
            strength * mean(picture, x % side, y % side, WHOLE / side)
        })
    };
    for y in 0..grid.area.height {
        for x in 0..grid.area.width {
            let place = (grid.area.x + x, grid.area.y + y);
            if let Some(cell) = buf.cell_mut(place) {
                let (x, y) = (usize::from(x), usize::from(2 * y));
                pair(cell, [pixel(x, y), pixel(x, y + 1)], Paint::Network, theme);
            }
        }
    }
}

/// The picture of a column and row of the grid, and how much of it is shown.
fn picture_at(
    answer: &LatentAnswer,
    grid: Grid,
    [column, row]: [usize; 2],
) -> Option<(&[f32], f32)> {
    if row >= usize::from(grid.rows) {
        return None;
    }
    let (picture, verdict) = &answer.grid[row * usize::from(grid.columns) + column];
    let void = *verdict == Some(Verdict::Void);
    Some((picture, if void { VOID } else { 1.0 }))
}

/// All pixels of all pictures, with the corners around the cursor's.
fn finely(answer: &LatentAnswer, grid: Grid, cursor: Option<(u16, u16)>, theme: Theme) -> Bitmap {
    let pixels = |cells: u16| usize::from(cells) * WHOLE / usize::from(grid.side);
    let size = [pixels(grid.area.width), pixels(2 * grid.area.height)];
    let mut bitmap = Bitmap::of(size, Paint::Network, theme, |x, y| {
        let place = [x / WHOLE, y / WHOLE];
        picture_at(answer, grid, place).map_or(0.0, |(picture, strength)| {
            let pixel = picture.get(y % WHOLE * WHOLE + x % WHOLE);
            strength * pixel.copied().unwrap_or(0.0)
        })
    });
    let ink = bitmap::in_full(theme).original(1.0);
    if let Some((column, row)) = cursor {
        let [left, top] = [column, row].map(|place| usize::from(place) * WHOLE);
        for along in (0..CORNER).chain(WHOLE - CORNER..WHOLE) {
            for edge in [0, WHOLE - 1] {
                bitmap.mark([left + along, top + edge], ink);
                bitmap.mark([left + edge, top + along], ink);
            }
        }
    }
    bitmap
}

/// The mean of a square of a picture's pixels.
fn mean(picture: &[f32], x: usize, y: usize, scale: usize) -> f32 {
    let rows = y * scale..(y + 1) * scale;
    let sum: f32 = rows
        .flat_map(|row| (x * scale..(x + 1) * scale).map(move |column| row * WHOLE + column))
        .map(|pixel| picture.get(pixel).copied().unwrap_or(0.0))
        .sum();
    sum / (scale * scale) as f32
}

/// The values of the rows at the left and of the columns below, the cursor's in accent.
fn values(
    ground: &Ground,
    grid: Grid,
    cursor: Option<(u16, u16)>,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let style = |own: bool| if own { theme.accent() } else { theme.dim() };
    let below = grid.area.bottom();
    for column in 0..grid.columns {
        let row = if grid.line { grid.rows - 1 } else { 0 };
        let Some(at) = ground.axes.point(grid.part(column, row)) else {
            return;
        };
        let words = short(at[0]);
        let x =
            grid.area.x + column * grid.side + grid.side.saturating_sub(text::width(&words)) / 2;
        let place = Rect {
            x,
            y: below,
            width: grid.side.min(area.right().saturating_sub(x)),
            height: u16::from(below < area.bottom()),
        };
        let own = cursor.is_some_and(|cursor| cursor.0 == column && !grid.line);
        text::left(buf, place, &[(&words, style(own))]);
    }
    for row in 0..grid.rows {
        let Some(at) = ground.axes.point(grid.part(0, row)) else {
            return;
        };
        let words = short(if grid.line { at[0] } else { at[1] });
        let place = Rect {
            x: area.x,
            y: grid.area.y + (2 * row + 1) * grid.side / 4,
            width: grid.area.x - area.x,
            height: 1,
        };
        let own = cursor.is_some_and(|cursor| cursor.1 == row);
        text::right(buf, place, &[(&words, style(own))]);
    }
}

/// A value in four columns.
fn short(value: f32) -> String {
    let forms = [format!("{value:.1}"), format!("{value:.0}")];
    let short = forms.into_iter().find(|words| words.len() <= 4);
    short.unwrap_or_else(|| format!("{value:.0e}"))
}

/// A frame of corners around a picture.
fn corners(grid: Grid, (column, row): (u16, u16), theme: Theme, buf: &mut Buffer) {
    let (left, right) = (
        grid.area.x + column * grid.side,
        grid.area.x + (column + 1) * grid.side - 1,
    );
    let top = grid.area.y + row * grid.side / 2;
    let bottom = (grid.area.y + ((row + 1) * grid.side - 1) / 2).min(grid.area.bottom() - 1);
    let ink = Style::new().fg(theme.original(1.0)).bg(theme.original(0.0));
    let style = if theme.depth == Depth::None {
        Style::new()
    } else {
        ink
    };
    let [ul, ur, ll, lr] = match theme.glyphs {
        Glyphs::Blocks => ['┌', '┐', '└', '┘'],
        Glyphs::Ascii => ['+'; 4],
    };
    for (place, character) in [
        ((left, top), ul),
        ((right, top), ur),
        ((left, bottom), ll),
        ((right, bottom), lr),
    ] {
        if let Some(cell) = buf.cell_mut(place) {
            cell.reset();
            cell.set_char(character).set_style(style);
        }
    }
}
